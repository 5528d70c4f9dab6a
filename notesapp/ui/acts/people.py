"""What a person can do with other people: share, join, answer who knocks, change roles, name, remove, leave, hide."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from notesapp.identity.roles import WRITERS, Role
from notesapp.node.people_views import JoinStage, JoinView, MemberView, PeopleView
from notesapp.node.views import NoteView
from notesapp.ui.desk import Desk
from notesapp.ui.dialogs.ask import ask_text, confirm
from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.faces.phrases import you_are_in
from notesapp.ui.parts import button, words
from notesapp.ui.people.join_sheet import JoinSheet
from notesapp.ui.people.popover import Popover
from notesapp.ui.people.recovered import RecoveredSheet
from notesapp.ui.people.share_sheet import ShareSheet
from notesapp.ui.people.word_panel import MatchingWords
from notesapp.ui.places import InNotebook
from notesapp.ui.window import Pane, Window


def owner_of(view: PeopleView) -> str:
    """What the owner of a notebook is called."""
    return next((one.name for one in view.members if one.role is Role.OWNER), "")


class PeopleActs(QObject):
    """The acts. `shared` fires when something was given away; `hidden` when the person hides or shows himself.

    `follow_asked` and `command_asked(name)` are for whoever can follow and run commands.
    """

    shared = Signal()
    came_in = Signal(bytes)
    follow_asked = Signal()
    command_asked = Signal(str)
    hidden = Signal(bool)

    def __init__(self, desk: Desk, window: Window) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window
        self._joining: JoinSheet | None = None
        self.is_hidden = False

    # -- sharing

    def notebook(self) -> bytes | None:
        """The notebook that “Share” means: that of the open note, else of the place."""
        note = self._desk.note()
        if note is not None and note.trashed_ms is None:
            return note.notebook_id
        place = self._desk.place
        return place.notebook_id if isinstance(place, InNotebook) else None

    def can_share(self) -> bool:
        """Whether there is something to share."""
        return self.notebook() is not None

    def share(self, notebook_id: bytes | None = None) -> None:
        """Opens the share card of a notebook."""
        wanted = notebook_id or self.notebook()
        if wanted is None or self._open_already(ShareSheet):
            return
        sheet = ShareSheet(self._window.theme, self._window, self._desk, wanted)
        sheet.member_act.connect(lambda what, person: self.member(wanted, what, person))
        given: list[bool] = []
        sheet.shared.connect(lambda: given.append(True))
        sheet.ended.connect(lambda: self.shared.emit() if given else None)
        sheet.open()

    def _open_already(self, kind: type[Sheet[None]] | type[Sheet[bytes]]) -> bool:
        return any(one.isVisible() for one in self._window.findChildren(kind))

    def share_note(self) -> None:
        """Puts the open note into a notebook of its own, to be shared alone."""
        note = self._desk.note()
        if note is not None:
            self._desk.start(self._share_note(note), "share one note")

    async def _share_note(self, note: NoteView) -> None:
        title = note.title or note.file_name or self.tr("Untitled")
        name = await ask_text(
            self._window.theme,
            self._window,
            self.tr("Share only this note: it moves into a notebook of this name"),
            self.tr("Continue"),
            title,
        )
        if name is None:
            return
        notebook_id = await self._desk.people.share_note(note.note_id, name)
        self._desk.census_changed.emit()
        self._desk.go(InNotebook(notebook_id))
        self.share(notebook_id)

    # -- members

    def member(self, notebook_id: bytes, what: str, person_id: bytes) -> None:
        """Does what was chosen behind a member's role."""
        self._desk.start(self._member(notebook_id, what, person_id), "change a member")

    async def _member(self, notebook_id: bytes, what: str, person_id: bytes) -> None:
        view = self._desk.people.of(notebook_id)
        member = next((one for one in view.members if one.person_id == person_id), None)
        if member is None:
            return
        match what:
            case "remove":
                await self._remove(view, member)
            case "leave":
                await self._leave(view)
            case "hand-over":
                await self._hand_over(view, member)
            case "petname":
                await self._petname(member)
            case "words":
                await self._words(member)
            case _ if what.startswith("role:"):
                await self._desk.people.set_role(notebook_id, person_id, Role(what.removeprefix("role:")))

    async def _sure(self, title: str, sentence: str, yes: str) -> bool:
        return await confirm(self._window.theme, self._window, title, sentence, yes, danger=True)

    async def _remove(self, view: PeopleView, member: MemberView) -> None:
        title = self.tr("Remove %1 from “%2”?").replace("%1", member.name).replace("%2", view.name)
        sentence = self.tr("Removing %1 stops future access. %1 keeps what %1 already has.").replace("%1", member.name)
        if await self._sure(title, sentence, self.tr("Remove")):
            await self._desk.people.remove(view.notebook_id, member.person_id)

    async def _leave(self, view: PeopleView) -> None:
        title = self.tr("Leave “%1”?").replace("%1", view.name)
        sentence = self.tr("You get no more changes and can’t write in it any more. You keep what you already have.")
        if await self._sure(title, sentence, self.tr("Leave")):
            await self._desk.people.leave(view.notebook_id)

    async def _hand_over(self, view: PeopleView, member: MemberView) -> None:
        title = self.tr("Make %1 the owner of “%2”?").replace("%1", member.name).replace("%2", view.name)
        sentence = self.tr(
            "There is one owner, and %1 is asked first. You stay and can manage it, until the new owner decides "
            "otherwise."
        )
        if await self._sure(title, sentence.replace("%1", member.name), self.tr("Hand over")):
            await self._desk.people.hand_over(view.notebook_id, member.person_id)
            self._desk.say(self.tr("%1 is asked, and owns it as soon as %1 agrees.").replace("%1", member.name))

    def take_over(self, notebook_id: bytes) -> None:
        """I agree to own a notebook that is offered to me."""
        self._desk.start(self._take_over(self._desk.people.of(notebook_id)), "take a notebook over")

    async def _take_over(self, view: PeopleView) -> None:
        await self._desk.people.take_over(view.notebook_id)
        sentence = self.tr("“%1” is yours as soon as the computer of %2 hears of it.")
        self._desk.say(sentence.replace("%1", view.name).replace("%2", owner_of(view)))

    async def _petname(self, member: MemberView) -> None:
        title = self.tr("What do you call %1? Only you see it.").replace("%1", member.claimed_name or member.name)
        name = await ask_text(self._window.theme, self._window, title, self.tr("Save"), member.name)
        if name is not None and name != member.name:
            await self._desk.people.petname(member.person_id, name)

    async def _words(self, member: MemberView) -> None:
        mine = self._desk.people.me()
        sheet: Sheet[None] = Sheet(self._window.theme, self._window, width=460)
        title = self.tr("Is this really %1?").replace("%1", member.name)
        sheet.setAccessibleName(title)
        sheet.column.addWidget(words(title, 16, 600, wrap=True))
        tell = self.tr("Call %1 and compare: these words must stand on the other screen, and yours here.")
        sheet.column.addWidget(words(tell.replace("%1", member.name), tone="2", wrap=True))
        sheet.column.addWidget(words(self.tr("The words of %1").replace("%1", member.name), 12, 600))
        sheet.column.addWidget(MatchingWords(member.words))
        sheet.column.addWidget(words(self.tr("Your words"), 12, 600))
        sheet.column.addWidget(MatchingWords(mine.words))
        done = button(self.tr("Done"), "primary", lambda: sheet.finish(None))
        sheet.column.addWidget(done)
        await sheet.ask(done)

    # -- joining

    def join(self, text: str = "", *, device: bool = False) -> None:
        """Opens the join card; with a text (a link that was clicked) it is shown for what it claims."""
        if (shown := self._shown_join()) is not None:
            if text:
                shown.take(text)
            return
        self._desk.start(self._join(text, None, device), "join a notebook")

    def watch_join(self, join: JoinView) -> None:
        """Shows an attempt that somebody else began, e.g. an invitation from nearby."""
        if self._shown_join() is None:
            self._desk.start(self._join("", join, False), "join a notebook")

    async def _join(self, text: str, join: JoinView | None, device: bool) -> None:
        sheet = self._joining = JoinSheet(self._window.theme, self._window, self._desk, device=device)
        if text:
            sheet.take(text)
        if join is not None:
            sheet.show_join(join)
        notebook_id = await sheet.ask(sheet.entry.field if not text and join is None else None)
        if notebook_id:
            self.arrived(notebook_id)

    def arrived(self, notebook_id: bytes) -> None:
        """A notebook was joined: it is shown."""
        self.came_in.emit(notebook_id)
        self._desk.census_changed.emit()
        name = next((one.name for one in self._desk.notebooks() if one.notebook_id == notebook_id), "")
        if not name:
            return
        self._desk.go(InNotebook(notebook_id))
        self._window.show_alone(Pane.NOTE if self._desk.note_id is not None else Pane.LIST)
        self._window.editor.setFocus()
        view = self._desk.people.of(notebook_id)
        self._desk.say(you_are_in(name, view.my_role))

    def is_watched(self, join: JoinView) -> bool:
        """Whether the join card shows this attempt."""
        return self._shown_join() is not None and join.stage is not JoinStage.DONE

    def _shown_join(self) -> JoinSheet | None:
        """The join card that stands on the screen; one that was left is gone for Qt, too, and can't be asked."""
        card = self._joining
        return card if card is not None and not card.has_ended and card.isVisible() else None

    # -- who is here

    def popover(self) -> None:
        """Opens the people popover at the sidebar's foot."""
        foot = self._window.sidebar.status
        over = Popover(self._window.theme, foot if foot.isVisible() else self._window.note, self._desk)
        over.asked.connect(self.command_asked)
        over.open()

    def follow(self) -> None:
        """Follows the next of those who are in the note, or nobody any more."""
        self.follow_asked.emit()

    # -- edits that were set aside, hiding

    def recovered(self, notebook_id: bytes | None = None) -> None:
        """Shows the edits of a notebook that were set aside."""
        wanted = notebook_id or self.notebook()
        if wanted is not None:
            RecoveredSheet(self._window.theme, self._window, self._desk, wanted).open()

    def keep_copy(self) -> None:
        """Copies the open note into a notebook of my own."""
        note = self._desk.note()
        if note is not None:
            self._desk.start(self._keep_copy(note), "copy a note")

    async def _keep_copy(self, note: NoteView) -> None:
        text = await self._desk.node.stored_text(note.note_id)
        made = await self._desk.node.create_note(self._own(), text, "", note.file_name)
        self._desk.find_and_open(made)
        self._desk.say(self.tr("This is your own copy now."))

    def _own(self) -> bytes:
        """A notebook that is mine alone, else any in which I may write."""
        views = [self._desk.people.of(one.notebook_id) for one in self._desk.notebooks()]
        mine = [view for view in views if not view.removed and view.my_role in WRITERS]
        return min(mine, key=lambda view: len(view.members)).notebook_id

    def has_recovered(self) -> bool:
        """Whether the notebook has edits that were set aside."""
        wanted = self.notebook()
        return wanted is not None and self._desk.people.of(wanted).recovered > 0

    def hide(self) -> None:
        """Shows nobody where my caret is, or shows it again."""
        self.is_hidden = not self.is_hidden
        self._desk.people.hide_me(self.is_hidden)
        self._desk.say(
            self.tr("Nobody sees where you are now.") if self.is_hidden else self.tr("Others see where you are again.")
        )
        self.hidden.emit(self.is_hidden)
