"""The people popover over the sidebar's foot: how it stands, why, who is here, who has what, and what is only here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from notesapp.node.events import Event, NearbyChanged, NetworkChanged, PeopleChanged
from notesapp.node.people_views import Company, MemberView, PeopleView, Step
from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.faces.phrases import has, lag, only_here, seen
from notesapp.ui.note_list.pane import wall_ms
from notesapp.ui.parts import IconLabel, button, retone, rule, words
from notesapp.ui.people.member_row import PersonRow
from notesapp.ui.people.roll import LEAST_PX, Roll, Rows, section
from notesapp.ui.people.share_people import face_of
from notesapp.ui.places import InNotebook
from notesapp.ui.sayings import said as in_words
from notesapp.ui.status import Standing, standing
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import SMALL_PX

if TYPE_CHECKING:
    from notesapp.ui.desk import Desk


class Popover(Sheet[None]):
    """`asked(command)` when a button is pressed. Stands above the foot and dims nothing."""

    asked = Signal(str)

    def __init__(self, theme: Theme, over: QWidget, desk: Desk, now_ms: Callable[[], int] = wall_ms) -> None:
        """`over`: the foot that was pressed."""
        super().__init__(theme, over, width=340)
        self._foot, self._desk, self._now_ms = over, desk, now_ms
        self.column.setContentsMargins(18, 14, 8, 12)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 10, 0)
        head.setSpacing(9)
        self._icon = IconLabel(theme, "circle-check", token="ok")
        self._title = words("", 14, 600, wrap=True)
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        self.column.addLayout(head)
        self._cause, self._remedy = words("", tone="2", wrap=True), words("", SMALL_PX, tone="2", wrap=True)
        self._kept = words("", SMALL_PX, tone="warn", wrap=True)
        self._act = button("", "small", self._press)
        for label in (self._cause, self._remedy, self._kept):
            self.column.addWidget(label)
        acted = QHBoxLayout()
        acted.addWidget(self._act)
        acted.addStretch()
        self.column.addLayout(acted)
        self.roll = Roll(self.tr("People"))
        self.roll.column.setContentsMargins(0, 0, 10, 0)
        self.roll.column.setSpacing(2)
        self.rows, self.near = Rows(), Rows()
        self._near_title = section(self.tr("Nearby"))
        for part in (self.rows, self._near_title, self.near):
            self.roll.column.addWidget(part)
        self.column.addWidget(self.roll, 1)
        self.column.addWidget(rule())
        self.column.addLayout(self._buttons())
        desk.node_event.connect(self._heard)
        self.refresh()

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(0, 2, 8, 0)
        self.share = button(self.tr("Share…"), "link", lambda: self._ask("people.share"))
        join = button(self.tr("Join a notebook…"), "link", lambda: self._ask("people.join"))
        line.addWidget(self.share)
        line.addWidget(join)
        line.addStretch()
        return line

    def _ask(self, command: str) -> None:
        self.finish(None)
        self.asked.emit(command)

    def _press(self) -> None:
        """The one press that does what would help."""
        view = self._desk.people.company()
        step = self._step(view)
        match step:
            case Step.LOOK:
                self._desk.start(self._desk.people.look_again(), "look for everybody again")
            case Step.ALLOW:
                QGuiApplication.clipboard().setText((view.remedy or "").partition(": ")[2])
                self._desk.say(self.tr("Copied. Paste it into a terminal; everybody is found by itself then."))
            case Step.SETTINGS:
                self._ask("settings.sync")
            case Step.NOTEBOOK:
                gone = next((it for it in self._desk.notebooks() if self._desk.people.of(it.notebook_id).removed), None)
                self.finish(None)
                if gone is not None:
                    self._desk.go(InNotebook(gone.notebook_id))
            case Step.NONE:
                pass
            case _:
                assert_never(step)

    def _step(self, view: PeopleView) -> Step:
        """What the button does: whoever can't be reached may always be looked for again."""
        if view.step is Step.NONE and view.company in (Company.OFFLINE, Company.NEEDS_HELP):
            return Step.LOOK
        return view.step

    def _label(self, step: Step) -> str:
        match step:
            case Step.LOOK:
                return self.tr("Look again")
            case Step.ALLOW:
                return self.tr("Copy the command")
            case Step.SETTINGS:
                return self.tr("Open the settings")
            case Step.NOTEBOOK:
                return self.tr("Show the notebook")
            case Step.NONE:
                return ""
            case _:
                assert_never(step)

    # -- what it shows

    def refresh(self) -> None:
        """Shows what is true now."""
        people = self._desk.people
        view = people.company()
        everyone = [one for one in people.everyone() if not one.me]
        online = [one.name for one in everyone if one.online]
        self._show_standing(standing(self._desk.troubles, view, online), view)
        if self.rows.differs(tuple((one, seen(one, self._now_ms())) for one in everyone)):
            self._fill(everyone)
        near = people.nearby()
        self._near_title.setVisible(bool(near))
        self.near.setVisible(bool(near))
        if self.near.differs(near):
            for one in near:
                self.near.column.addWidget(PersonRow(self._theme, face_of(one), one.name, self.tr("In this network")))
        self.roll.updateGeometry()

    def _show_standing(self, said: Standing, view: PeopleView) -> None:
        self._icon.show_icon(said.icon, said.tone)
        self._title.setText(said.title)
        self.setAccessibleName(f"{said.title}. {said.detail}")
        self._cause.setText(in_words(view.cause or "") or said.detail)
        self._remedy.setText(in_words(view.remedy or ""))
        self._remedy.setVisible(bool(view.remedy))
        kept = only_here(view.only_here, view.files_only_here)
        if kept:
            kept += ". " + self.tr("Keep it running until somebody has them.")
        elif view.company is Company.SHARING:
            kept = self.tr("Safe to close: nothing is on this computer only.")
        self._kept.setText(kept)
        self._kept.setVisible(bool(kept))
        retone(self._kept, "warn" if view.only_here or view.files_only_here else "ok")
        self._act.setText(self._label(self._step(view)))
        self._act.setVisible(self._step(view) is not Step.NONE and not self._desk.troubles)

    def _fill(self, everyone: Sequence[MemberView]) -> None:
        if not everyone:
            hint = self.tr("Nobody yet. Share a notebook, and you write in it together.")
            self.rows.column.addWidget(words(hint, tone="2", wrap=True))
        for one in everyone:
            delay = lag(next((device for device in one.devices if device.linked), None))
            where = " · ".join(part for part in (seen(one, self._now_ms()), delay) if part)
            self.rows.column.addWidget(
                PersonRow(self._theme, face_of(one), one.name, where, has(one), away=not one.online)
            )
            if one.cause and self._desk.people.company().cause is None:  # else it stands above
                told = " ".join(in_words(part) for part in (one.cause, one.remedy) if part)
                why = words(told, SMALL_PX, tone="warn", wrap=True)
                why.setContentsMargins(38, 0, 0, 4)
                self.rows.column.addWidget(why)

    # -- life

    def finish(self, result: None) -> None:
        if not self._ended:
            self._desk.node_event.disconnect(self._heard)
        super().finish(result)

    def open(self, focus: QWidget | None = None) -> None:
        super().open(focus or self.share)

    def _heard(self, event: Event) -> None:
        if isinstance(event, PeopleChanged | NearbyChanged | NetworkChanged):
            self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_shadow(painter)
        painter.end()

    def _place(self) -> None:
        super()._place()
        corner = self._foot.mapTo(self.window(), QPoint(8, -8))
        left = max(8, min(corner.x(), self.width() - self.card.width() - 8))
        height = min(self.card.height(), max(LEAST_PX, corner.y() - 16))  # what was pressed stays in sight
        self.card.setGeometry(left, max(16, corner.y() - height), self.card.width(), height)
