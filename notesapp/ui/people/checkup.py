"""The card that looks at the connections: this computer, its network, each person; and with a person from both ends.

Decides what is shown when; what is found, and in which words, is the node's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from notesapp.control import calls_people
from notesapp.control.acts_internet import finding_rows
from notesapp.control.rows import FindingRow
from notesapp.errors import NotesError
from notesapp.node.both_ends import closer_findings
from notesapp.node.people_views import MemberView
from notesapp.ui.announce import announce
from notesapp.ui.dialogs.findings import Findings, as_text
from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.parts import button, menu, words
from notesapp.ui.style.theme import Theme

if TYPE_CHECKING:
    from notesapp.ui.desk import Desk


class Checkup(Sheet[None]):
    """Opens at once and looks; each look from both ends is put above what was found before."""

    def __init__(self, theme: Theme, over: QWidget, desk: Desk) -> None:
        super().__init__(theme, over, width=560)
        self._desk = desk
        self._found: Sequence[FindingRow] = ()
        self._closer: Sequence[FindingRow] = ()
        self._title = words("", 16, 600, wrap=True)
        self.column.addWidget(self._title)
        self.say = words("", tone="2", wrap=True)
        self.column.addWidget(self.say)
        self.findings = Findings(theme)
        self.findings.hide()
        self.column.addWidget(self.findings)
        self.column.addSpacing(4)
        self.column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self.copy = button(self.tr("Copy"), pressed=self._copied)
        self.with_whom = button("", pressed=self._choose)
        self.again = button(self.tr("Look again"), pressed=self.look)
        self.close_button = button(self.tr("Close"), "primary", lambda: self.finish(None))
        for one in (self.copy, self.with_whom, self.again):
            line.addWidget(one)
        line.addStretch()
        line.addWidget(self.close_button)
        return line

    def open(self, focus: QWidget | None = None) -> None:
        self.look()
        super().open(focus or self.close_button)

    # -- looking

    def look(self) -> None:
        """Looks at everything that a connection needs."""
        self._busy(self.tr("Checking the connections"), self.tr("Asking what others see of this computer…"))
        self._desk.start(self._look(), "check the connections")

    async def _look(self) -> None:
        found = (await self._desk.door.call(calls_people.NetworkDoctor())).findings
        if not self.has_ended:
            self._found, self._closer = found, ()
            self._show()

    def look_closer(self, member: MemberView) -> None:
        """Looks at the connection with a person from both ends."""
        telling = self.tr("Sending some probes to %1, and asking how it stands there…").replace("%1", member.name)
        self._busy(self.tr("Testing with %1").replace("%1", member.name), telling)
        self._desk.start(self._look_closer(member), "test a connection")

    async def _look_closer(self, member: MemberView) -> None:
        try:
            views = await self._desk.node.people.look_closer(member)
            closer = tuple(row for view in views for row in finding_rows(closer_findings(view)))
        except NotesError as error:
            closer = (FindingRow("warn", error.sentence),)
        if not self.has_ended:
            self._closer = closer
            self._show()

    def _choose(self) -> None:
        others = self._others()
        if len(others) == 1:
            self.look_closer(others[0])
            return
        opened = menu(self)
        opened.aboutToHide.connect(opened.deleteLater)
        for member in others:
            opened.addAction(member.name).triggered.connect(lambda _=False, one=member: self.look_closer(one))
        opened.popup(self.with_whom.mapToGlobal(self.with_whom.rect().bottomLeft()))

    def _others(self) -> list[MemberView]:
        """Whose connection can be looked at: others, and myself if there are more devices of mine."""
        return [one for one in self._desk.people.everyone() if not one.me or len(one.devices) > 1]

    # -- what it shows

    def _busy(self, title: str, telling: str) -> None:
        self._head(title)
        self.say.setText(telling)
        self.say.show()
        for one in (self.copy, self.with_whom, self.again):
            one.setEnabled(False)
        self._name_test()
        self.close_button.setFocus()  # what was pressed takes no second press meanwhile
        announce(self, telling)

    def _show(self) -> None:
        bad = sum(row.state != "ok" for row in (*self._closer, *self._found))
        self._head(self.tr("%n things need attention", "", bad) if bad else self.tr("Everything is well"))
        self.say.hide()
        self.findings.show_findings(self._found, self._closer)
        self.findings.show()
        for one in (self.copy, self.with_whom, self.again):
            one.setEnabled(True)
        self.copy.setText(self.tr("Copy"))
        self._name_test()
        announce(self, self._title.text())

    def _head(self, title: str) -> None:
        self._title.setText(title)
        self.setAccessibleName(title)

    def _name_test(self) -> None:
        others = self._others()
        self.with_whom.setVisible(bool(others))
        name = self.tr("Test with %1").replace("%1", others[0].name) if len(others) == 1 else self.tr("Test with…")
        self.with_whom.setText(name)

    def _copied(self) -> None:
        parts = [as_text(rows) for rows in (self._closer, self._found) if rows]
        QGuiApplication.clipboard().setText("\n\n".join(parts))
        self.copy.setText(self.tr("Copied"))
