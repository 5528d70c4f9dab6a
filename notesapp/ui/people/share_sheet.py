"""The share card of one notebook: people nearby, a link with its QR code, three words, and who is in it.

Follows the node while it is open, shows itself to people nearby for just as long, and decides nothing: what is asked
goes to the node, and what goes wrong is said in one sentence in the card.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget

from notesapp.errors import NotesError
from notesapp.identity.roles import RULERS, Role
from notesapp.node.events import (
    CodesChanged,
    Event,
    NearbyChanged,
    PeopleChanged,
    PersonJoined,
    PersonRemoved,
    PresenceChanged,
    RequestsChanged,
)
from notesapp.node.views import NoteFilter
from notesapp.ui.announce import announce
from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.note_list.pane import wall_ms
from notesapp.ui.parts import IconLabel, button, words
from notesapp.ui.people.far_page import FarHint
from notesapp.ui.people.roll import Roll, section
from notesapp.ui.people.share_link import LinkPart, Terms, made_sentence
from notesapp.ui.people.share_people import Asking, Members, Nearby, Requests, spoken_requests
from notesapp.ui.people.share_words import WordsPart
from notesapp.ui.sayings import said
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import SMALL_PX

if TYPE_CHECKING:
    from notesapp.ui.desk import Desk
    from notesapp.ui.faces.source import People

REFRESH_MS = 15_000  # “12 min ago” and “8 min more” grow old
_ABOUT_US = (CodesChanged, NearbyChanged, PeopleChanged, PersonJoined, PersonRemoved, PresenceChanged, RequestsChanged)


class ShareSheet(Sheet[None]):
    """`member_act(what, person_id)` is asked of whoever opened the card; `shared` when something was given away."""

    member_act = Signal(str, bytes)
    shared = Signal()

    def __init__(
        self, theme: Theme, over: QWidget, desk: Desk, notebook_id: bytes, now_ms: Callable[[], int] = wall_ms
    ) -> None:
        super().__init__(theme, over, width=480)
        self._desk, self._notebook_id, self._now_ms = desk, notebook_id, now_ms
        self._sent: frozenset[str] = frozenset()
        self._told: tuple[bytes, ...] = ()
        self._awaits = False  # somebody was invited from here just now, and words to compare are to come
        self.column.setContentsMargins(24, 20, 12, 18)
        self._name = self.people.of(notebook_id).name
        self._head()
        self.roll = Roll(self.tr("Sharing"))
        self.roll.column.setContentsMargins(0, 0, 12, 0)
        self.column.addWidget(self.roll, 1)
        self._wrong = words("", SMALL_PX, tone="err", wrap=True)
        self._wrong.hide()
        self.column.addWidget(self._wrong)
        self._body()
        self._foot()
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        desk.node_event.connect(self._heard)
        self.refresh()

    @property
    def people(self) -> People:
        """Whom the card asks."""
        return self._desk.people

    # -- parts

    def _head(self) -> None:
        title = self.tr("Share “%1”").replace("%1", self._name)
        self.setAccessibleName(title)
        self.column.addWidget(words(title, 20, 700, wrap=True))

    def _body(self) -> None:
        theme, column = self._theme, self.roll.column
        self.requests = Requests(theme)
        self.requests.answered.connect(self._answer)
        column.addWidget(self.requests)
        self.terms = Terms()
        self.terms.changed.connect(self.refresh)
        self.nearby = Nearby(theme)
        self.nearby.invited.connect(self._invite_nearby)
        self.link = LinkPart(theme, self.terms, self._now_ms)
        self.link.make_asked.connect(self._make_link)
        self.link.withdraw_asked.connect(self._withdraw)
        sentence = self.tr("Say these words to the other person, who types them under “Join a notebook”.")
        self.code = WordsPart(sentence, self._now_ms)
        self.code.make_asked.connect(self._make_code)
        self.code.end_asked.connect(self.people.end_code)
        self._way: QWidget = self.link
        self._tabs = self._ways()
        self._parts: list[QWidget] = [self._tabs, self.terms, self.link, self.code]
        self._nearby_title = section(self.tr("People nearby"))
        for part in (*self._parts, self._nearby_title, self.nearby):
            column.addWidget(part)
        self._no_right = self._explain()
        column.addWidget(self._no_right)
        column.addWidget(section(self.tr("People")))
        self.members = Members(theme, self._now_ms)
        self.members.asked.connect(self.member_act)
        column.addWidget(self.members)
        column.addWidget(FarHint(self._desk))  # last: whoever is nearby is the next stop after the link
        column.addStretch()

    def _ways(self) -> QWidget:
        """Link or words: two ways, one shown at a time."""
        bar = QFrame()
        bar.setObjectName("tabs")
        line = QHBoxLayout(bar)
        line.setContentsMargins(3, 3, 3, 3)
        line.setSpacing(3)
        group = QButtonGroup(bar)
        self.tabs: list[QPushButton] = []
        for name, part in ((self.tr("Link and QR code"), self.link), (self.tr("Three words"), self.code)):
            tab = button(name, "tab", partial(self._show_way, part))
            tab.setCheckable(True)
            group.addButton(tab)
            line.addWidget(tab, 1)
            self.tabs.append(tab)
        self.tabs[0].setChecked(True)
        return bar

    def _show_way(self, part: QWidget) -> None:
        self._way = part
        self.terms.show_more(part is self.link)
        self.refresh()

    def _explain(self) -> QWidget:
        box = QWidget()
        line = QHBoxLayout(box)
        line.setContentsMargins(0, 4, 0, 4)
        line.addWidget(IconLabel(self._theme, "info"))
        line.addWidget(words(self.tr("Only who manages this notebook can invite people."), tone="2", wrap=True), 1)
        return box

    def _foot(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(0, 4, 12, 0)
        line.addStretch()
        self.done = button(self.tr("Done"), pressed=lambda: self.finish(None))
        line.addWidget(self.done)
        self.column.addLayout(line)

    # -- life

    def open(self, focus: QWidget | None = None) -> None:
        self._timer.start()
        self._desk.start(self.people.show_nearby(True), "show myself nearby")
        answers = [one.yes for one in self.requests.findChildren(Asking)]  # whoever waits comes first
        ways = (*answers, self.link.make, self.link.copy, self.done)  # who may not invite has only the last
        super().open(focus or next(one for one in ways if one.isVisibleTo(self)))

    def finish(self, result: None) -> None:
        if not self._ended:
            self._timer.stop()
            self._desk.start(self.people.show_nearby(False), "hide myself again")
            self._desk.node_event.disconnect(self._heard)
        super().finish(result)

    def _heard(self, event: Event) -> None:
        if isinstance(event, _ABOUT_US):
            self.refresh()

    def refresh(self) -> None:
        """Shows what is true now; not under an open menu, which would lose its row."""
        if self._ended or QApplication.activePopupWidget() is not None:
            return
        view = self.people.of(self._notebook_id)
        may_invite = view.my_role in RULERS and not view.removed
        requests = [one for one in self.people.requests() if one.notebook_id == self._notebook_id]
        self.requests.show_requests(requests if may_invite else [])
        self._tell(tuple(one.request_id for one in requests), spoken_requests(requests))
        other_way = self.code if self._way is self.link else self.link
        for part in (*self._parts, self._nearby_title, self.nearby):
            part.setVisible(may_invite and part is not other_way)
        self._no_right.setVisible(not may_invite and not view.removed)
        members = frozenset(one.person_id for one in view.members)
        self.nearby.show_nearby(self.people.nearby(), self._sent, members)
        self.link.show_invites(view.invites)
        self.code.show_codes(self.people.codes())
        self.members.show_people(view, self._editing(members))

    def _tell(self, asked: tuple[bytes, ...], sentence: str) -> None:
        if asked and asked != self._told and self.isVisible():
            announce(self, sentence)
        self._told = asked
        if asked and self._awaits:
            self._look_at_words()

    def _editing(self, members: frozenset[bytes]) -> frozenset[bytes]:
        notes = self._desk.node.notes(NoteFilter(notebook_id=self._notebook_id)) if len(members) > 1 else []
        return frozenset(member.person_id for note in notes for member in self.people.who_is_in(note.note_id))

    # -- acts

    def do(self, work: Coroutine[Any, Any, object], doing: str) -> None:
        """Runs an act; what keeps it from being done stands in the card until the next one."""
        self._desk.start(self._try(work), doing)

    async def _try(self, work: Coroutine[Any, Any, object]) -> None:
        self._say("")
        try:
            await work
        except NotesError as error:
            self._say(error.sentence)
        self.refresh()

    def _say(self, wrong: str) -> None:
        if self._ended:
            if wrong:
                self._desk.say(wrong)
            return
        self._wrong.setText(told := said(wrong) if wrong else "")
        self._wrong.setVisible(bool(wrong))
        if wrong:
            announce(self, told, at_once=True)

    def _answer(self, request_id: bytes, yes: bool) -> None:
        self.done.setFocus()  # the answer goes, and a second press on it must do nothing else
        self.do(self._approve(request_id, yes), "answer a request")

    async def _approve(self, request_id: bytes, yes: bool) -> None:
        if told := await self.people.approve(request_id, yes):
            self._desk.say(told)

    def _invite_nearby(self, nearby_id: str) -> None:
        async def work() -> None:
            await self.people.invite_nearby(nearby_id, self._notebook_id, self.terms.role)
            self._sent |= {nearby_id}
            self._awaits = True
            self.refresh()
            self.shared.emit()

        self.do(work(), "invite somebody nearby")

    def _look_at_words(self) -> None:
        """Whoever invited has the words to compare before him, and the answer below his fingers."""
        self._awaits = False
        asking = self.requests.findChildren(Asking)
        if asking:
            asking[-1].yes.setFocus(Qt.FocusReason.OtherFocusReason)
            self.roll.ensureWidgetVisible(asking[-1])

    def _make_link(self) -> None:
        async def work() -> None:
            span = self.terms.span_ms
            await self.people.share(
                self._notebook_id,
                self.terms.role,
                uses=self.terms.uses,
                ends_ms=None if span is None else self._now_ms() + span,
                approval=None,
            )
            self.refresh()
            self.link.copy.setFocus()
            announce(self, made_sentence())
            self.shared.emit()

        self.do(work(), "make a link")

    def _withdraw(self, invite_id: bytes) -> None:
        self.do(self.people.withdraw(self._notebook_id, invite_id), "withdraw a link")

    def _make_code(self) -> None:
        async def work() -> None:
            code = await self.people.code(self._notebook_id, self.terms.role)
            self._awaits = True
            self.code.show_code(code)
            announce(self, self.code.panel.text)
            self.shared.emit()

        self.do(work(), "make three words")


def can_be_shared(role: Role) -> bool:
    """Whether a member of this role may let others in."""
    return role in RULERS
