"""Edits that don't count any more (written by somebody who had no right by then): read, put back, or put away."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from notesapp.errors import NotesError
from notesapp.identity.roles import WRITERS
from notesapp.node.events import Event, PeopleChanged, RecoveredChanged
from notesapp.node.people_views import RecoveredView
from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.faces.phrases import ago
from notesapp.ui.note_list.pane import wall_ms
from notesapp.ui.parts import button, words
from notesapp.ui.people.roll import Roll, Rows
from notesapp.ui.sayings import said
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import SMALL_PX

if TYPE_CHECKING:
    from notesapp.ui.desk import Desk

PREVIEW_PX = 96
_PREVIEW_CHARS = 20_000


class RecoveredSheet(Sheet[None]):
    """The list of one notebook."""

    def __init__(
        self, theme: Theme, over: QWidget, desk: Desk, notebook_id: bytes, now_ms: Callable[[], int] = wall_ms
    ) -> None:
        super().__init__(theme, over, width=560)
        self._desk, self._notebook_id, self._now_ms = desk, notebook_id, now_ms
        title = self.tr("Edits that were set aside")
        self.setAccessibleName(title)
        self.column.setContentsMargins(24, 20, 12, 18)
        self.column.addWidget(words(title, 20, 700))
        tell = self.tr(
            "These were written by somebody who was no longer allowed to. They are in no note. "
            "Whoever may write can put them back as an edit of their own."
        )
        self.column.addWidget(words(tell, tone="2", wrap=True))
        self.only = words(self.tr("You can only read here now, so you can’t put them back."), tone="warn", wrap=True)
        self.only.hide()
        self.column.addWidget(self.only)
        roll = Roll(title)
        roll.column.setContentsMargins(0, 0, 12, 0)
        self.rows = Rows()
        self.rows.column.setSpacing(10)
        roll.column.addWidget(self.rows)
        roll.column.addStretch()
        self.column.addWidget(roll, 1)
        line = QHBoxLayout()
        line.setContentsMargins(0, 4, 12, 0)
        line.addStretch()
        self.done = button(self.tr("Done"), "primary", lambda: self.finish(None))
        line.addWidget(self.done)
        self.column.addLayout(line)
        desk.node_event.connect(self._heard)
        self._look()

    def open(self, focus: QWidget | None = None) -> None:
        super().open(focus or self.done)

    def finish(self, result: None) -> None:
        if not self._ended:
            self._desk.node_event.disconnect(self._heard)
        super().finish(result)

    def _heard(self, event: Event) -> None:
        if isinstance(event, RecoveredChanged | PeopleChanged):
            self._look()

    def _look(self) -> None:
        self._desk.start(self._show(), "read what was set aside")

    async def _show(self) -> None:
        found = await self._desk.people.recovered(self._notebook_id)
        if self._ended:
            return
        may = self._desk.people.of(self._notebook_id).my_role in WRITERS
        if not self.rows.differs((found, may)):
            return
        self.only.setVisible(bool(found) and not may)
        if not found:
            self.rows.column.addWidget(words(self.tr("Nothing is set aside here."), tone="2"))
        for one in found:
            self.rows.column.addWidget(self._row(one, may))

    def _row(self, one: RecoveredView, may: bool) -> QWidget:
        box = QFrame()
        box.setObjectName("group")
        column = QVBoxLayout(box)
        column.setContentsMargins(14, 12, 14, 12)
        note = self._desk.view(one.note_id)
        title = note.title if note is not None and note.title else self.tr("Untitled")
        head = self.tr("%1 in “%2”, %3").replace("%1", one.who).replace("%2", title)
        head = head.replace("%3", ago(one.when_ms, self._now_ms()))
        column.addWidget(words(head, 13, 600, wrap=True))
        column.addWidget(words(_sentence(said(one.why)), SMALL_PX, tone="2", wrap=True))
        text = QPlainTextEdit(one.text[:_PREVIEW_CHARS].strip("\n"))
        text.setReadOnly(True)
        text.setFixedHeight(PREVIEW_PX)
        text.setTabChangesFocus(True)
        text.setAccessibleName(self.tr("What was written"))
        column.addWidget(text)
        line = QHBoxLayout()
        line.addStretch()
        people = self._desk.people
        away = button(self.tr("Put away"), pressed=lambda: self._do(people.dismiss(one.recovered_id), "put away"))
        back = button(self.tr("Put back"), "primary", lambda: self._do(people.put_back(one.recovered_id), "put back"))
        back.setEnabled(may)
        line.addWidget(away)
        line.addWidget(back)
        column.addLayout(line)
        box.setAccessibleName(head)
        return box

    def _do(self, work: Coroutine[Any, Any, object], doing: str) -> None:
        self._desk.start(self._try(work), doing)

    async def _try(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except NotesError as error:
            self._desk.say(error.sentence)
        self._look()


def _sentence(cause: str) -> str:
    return f"{cause[:1].upper()}{cause[1:]}."
