"""The join card: an invitation comes in, is shown for what it claims, and is accepted or not; then its progress.

A link that was clicked somewhere only ever opens this card: nothing happens before “Join” is pressed.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from notesapp.errors import NotesError
from notesapp.identity.roles import Role
from notesapp.node.events import Event, JoinChanged, NearbyChanged
from notesapp.node.people_views import JoinStage, JoinView, OfferView
from notesapp.ui.announce import announce
from notesapp.ui.dialogs.ask import confirm
from notesapp.ui.dialogs.files import open_files
from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.faces.phrases import offer_gives, offered_by, role_name, stage
from notesapp.ui.parts import button, words
from notesapp.ui.people.far_page import FarHint
from notesapp.ui.people.join_entry import EntryPage, text_of_file, three_words
from notesapp.ui.people.join_steps import StepsPage
from notesapp.ui.people.roll import Roll
from notesapp.ui.sayings import said as in_words
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import SMALL_PX

if TYPE_CHECKING:
    from notesapp.ui.desk import Desk
    from notesapp.ui.faces.source import People

ENDED = (JoinStage.DONE, JoinStage.FAILED)


class JoinSheet(Sheet[bytes]):
    """Ends with the id of the notebook that was joined; None when it was left, and then a join that runs goes on."""

    def __init__(self, theme: Theme, over: QWidget, desk: Desk, *, device: bool = False) -> None:
        """`device`: three words make this computer one of a person's own instead of a member."""
        super().__init__(theme, over, width=460)
        self._desk, self._device = desk, device
        self._given: str | tuple[str, str, str] = ""
        self._offer: OfferView | None = None
        self._join_id: bytes | None = None
        self._said: tuple[JoinStage, str | None] | None = None
        self.setAcceptDrops(True)
        self.column.setContentsMargins(24, 20, 12, 18)
        self._title = words("", 20, 700, wrap=True)
        self.column.addWidget(self._title)
        self.roll = Roll(self.tr("Join a notebook"))
        self.roll.column.setContentsMargins(0, 0, 12, 0)
        self.column.addWidget(self.roll, 1)
        self.far = FarHint(desk)
        self.column.addWidget(self.far)
        self.entry = EntryPage(theme)
        self.entry.given.connect(self.take)
        self.entry.picture_asked.connect(lambda: desk.start(self._picture(), "read a QR code"))
        self._gives = words("", wrap=True)
        self._claims = words("", SMALL_PX, tone="2", wrap=True)
        self.offer_page = QWidget()
        offered = QVBoxLayout(self.offer_page)
        offered.setContentsMargins(0, 0, 0, 0)
        offered.addWidget(self._gives)
        offered.addWidget(self._claims)
        self.steps = StepsPage(theme)
        self.steps.fits.connect(self.roll.updateGeometry)
        for page in (self.entry, self.offer_page, self.steps):
            self.roll.column.addWidget(page)
        self._buttons()
        desk.node_event.connect(self._heard)
        self._show_entry()

    @property
    def people(self) -> People:
        """Whom the card asks."""
        return self._desk.people

    def _buttons(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(0, 6, 12, 0)
        self.stop = button(self.tr("Don’t join"), "link", self._cancel)
        self.leave = button(self.tr("Cancel"), pressed=lambda: self.finish(None))
        self.differ = button(self.tr("They differ"), "danger", lambda: self._confirm(False))
        self.again = button(self.tr("Try again"), "primary", self._again)
        self.join = button(self.tr("Join"), "primary", self._join)
        self.same = button(self.tr("They are the same"), "primary", lambda: self._confirm(True))
        line.addWidget(self.stop)
        line.addStretch()
        for one in (self.leave, self.differ, self.again, self.join, self.same):
            line.addWidget(one)
        self.column.addLayout(line)

    def _show_buttons(self, *shown: QWidget) -> None:
        for one in (self.stop, self.leave, self.differ, self.again, self.join, self.same):
            one.setVisible(one in shown)

    # -- the three pages

    def _show_page(self, page: QWidget, title: str) -> None:
        self.far.offer(page is self.entry)  # first: it would take the focus of what is hidden
        for one in (self.entry, self.offer_page, self.steps):
            one.setVisible(one is page)
        self._title.setText(title)
        self.setAccessibleName(title)
        self.roll.updateGeometry()

    def _show_entry(self) -> None:
        self._join_id = None
        self._said = None
        title = self.tr("Make this computer one of yours") if self._device else self.tr("Join a notebook")
        self._show_page(self.entry, title)
        self.leave.setText(self.tr("Cancel"))
        self._show_buttons(self.leave)
        self.entry.show_nearby(self.people.nearby())

    def take(self, text: str) -> None:
        """Looks at an invitation: three words go straight on, a link is shown for what it claims."""
        try:
            listed = three_words(text)
            if listed is not None:
                self._given = listed
                self._join()
                return
            self._offer = self.people.look(text)
        except NotesError as error:
            self._show_entry()
            self.entry.refuse(error.sentence)
            return
        self._given = text
        self._show_offer(self._offer)

    def _show_offer(self, offer: OfferView) -> None:
        title = offered_by(offer)
        self._gives.setText(offer_gives(offer))
        claims = self.tr("The link says so; both computers prove who they are before anything is shared.")
        if offer.approval:
            claims += " " + self.tr("You are let in by a person.")
        self._claims.setText(claims)
        self._show_page(self.offer_page, title)
        self._show_buttons(self.leave, self.join)
        self.join.setFocus()
        announce(self, f"{title}. {role_name(offer.role)}")

    def show_join(self, join: JoinView) -> None:
        """Shows an attempt that runs, e.g. one that began with an invitation from nearby."""
        self._join_id = join.join_id
        offer = join.offer
        known = bool(offer.inviter or offer.notebook_name)
        title = offered_by(offer) if known else self.tr("Joining")
        who, named = offer.inviter or self.tr("the other person"), bool(offer.inviter)
        if self._device or offer.role is Role.OWNER:  # nobody is invited to own a notebook: it is a device of mine
            title, who = self.tr("Make this computer one of yours"), self.tr("your other computer")
            named = False
        self._show_page(self.steps, title)
        self.steps.show_join(join, who, named=named)
        match join.stage:
            case JoinStage.MATCHING:
                self._show_buttons(self.differ, self.same)
            case JoinStage.FAILED:
                self.leave.setText(self.tr("Close"))
                self._show_buttons(self.leave, self.again)
                self.again.setFocus()
            case JoinStage.DONE:
                self.finish(join.notebook_id)
                return
            case _:
                self.leave.setText(self.tr("Go on in the background"))
                self._show_buttons(self.stop, self.leave)
        if (join.stage, join.cause) != self._said:
            self._said = join.stage, join.cause
            said = stage(join.stage, who, seen=join.seen, named=named)
            if join.stage is JoinStage.MATCHING:
                said += " " + ", ".join(join.words)
                self.same.setFocus()
            elif join.stage is not JoinStage.FAILED:
                self.leave.setFocus()  # what was pressed last is gone, and a second press must not break it off
            announce(self, in_words(join.cause or "") or said)

    # -- life

    def open(self, focus: QWidget | None = None) -> None:
        self._desk.start(self.people.show_nearby(True), "show myself nearby")
        super().open(focus or self.entry.field)

    def finish(self, result: bytes | None) -> None:
        if not self._ended:
            self._desk.start(self.people.show_nearby(False), "hide myself again")
            self._desk.node_event.disconnect(self._heard)
        super().finish(result)

    def _heard(self, event: Event) -> None:
        match event:
            case NearbyChanged():
                self.entry.show_nearby(self.people.nearby())
            case JoinChanged(join_id):
                found = next((one for one in self.people.joins() if one.join_id == join_id), None)
                if found is None:
                    return
                # An invitation from nearby comes to whoever waits for one.
                if join_id == self._join_id or (self._join_id is None and found.stage is JoinStage.MATCHING):
                    self.show_join(found)
            case _:
                pass

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if self.entry.isVisible() and (data.hasUrls() or data.hasText() or data.hasImage()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.entry.take(event.mimeData())

    # -- acts

    def _do(self, work: Coroutine[Any, Any, object], doing: str) -> None:
        self._desk.start(self._try(work), doing)

    async def _try(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except NotesError as error:
            if self._ended:
                self._desk.say(error.sentence)
                return
            self._show_entry()
            self.entry.field.setFocus()  # the button that was pressed is gone, and the next one would cancel
            self.entry.refuse(error.sentence)

    def _join(self) -> None:
        async def work() -> None:
            given = self._given
            if self._device and not isinstance(given, str):
                bring = self.people.own_notes() > 0
                if bring and not await self._brings():
                    if not self._ended:
                        self._show_entry()
                    return
                join_id = await self.people.join_as_device(given, bring=bring)
            else:
                join_id = await self.people.join(given)
            self._join_id = join_id
            found = next((one for one in self.people.joins() if one.join_id == join_id), None)
            if found is not None and not self._ended:
                self.show_join(found)

        self._show_buttons(self.leave)
        self._do(work(), "join")

    async def _brings(self) -> bool:
        """Whether what was written on this computer shall come along."""
        return await confirm(
            self._theme,
            self,
            self.tr("Bring %n notes of this computer along?", "", self.people.own_notes()),
            self.tr(
                "They become notes of yours on all your devices, in notebooks of their own. Folders, attachments and "
                "the trash come along; earlier versions of the notes don’t."
            ),
            self.tr("Bring them along"),
        )

    def _again(self) -> None:
        if isinstance(self._given, str) and self._given:
            self._join()
            return
        self._show_entry()
        self.entry.field.setText(" ".join(self._given))  # words that were wrong would only use up one try more
        self.entry.field.setFocus()

    def _confirm(self, yes: bool) -> None:
        if self._join_id is not None:
            self._do(self.people.confirm(self._join_id, yes), "compare the words")

    def _cancel(self) -> None:
        if self._join_id is not None:
            self._do(self.people.cancel(self._join_id), "stop joining")
        self.finish(None)

    async def _picture(self) -> None:
        kinds = self.tr("Pictures and invitations") + " (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.notesapp *.txt)"
        chosen = await open_files(self, self.tr("Choose the picture of the QR code"), kinds)
        if not chosen or self._ended:
            return
        try:
            text = text_of_file(chosen[0])
        except NotesError as error:
            self.entry.refuse(error.sentence)
            return
        self.entry.field.setText(" ".join(text.split()))
        self.take(text)
