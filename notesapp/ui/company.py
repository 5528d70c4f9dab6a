"""Hears what happens among people and says it: who joined or was removed, who knocks, what was set aside.

One place for toasts and notices about people; it changes nothing by itself.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Signal

from notesapp.identity.roles import Role
from notesapp.node.events import (
    Event,
    JoinChanged,
    PeopleChanged,
    PersonJoined,
    PersonRemoved,
    RecoveredChanged,
    RequestsChanged,
)
from notesapp.node.people_views import JoinRequest, JoinStage, JoinView, PeopleView
from notesapp.ui.acts.people import PeopleActs, owner_of
from notesapp.ui.desk import Desk
from notesapp.ui.faces.phrases import asks_for, offered_by
from notesapp.ui.note_pane import Notice
from notesapp.ui.places import InNotebook
from notesapp.ui.sayings import said
from notesapp.ui.window import Window


class CompanyNews(QObject):
    """News about people for one window. `autostart_chosen` when the offer to run at login was taken."""

    autostart_chosen = Signal()

    def __init__(self, desk: Desk, window: Window, acts: PeopleActs) -> None:
        super().__init__(window)
        self._desk, self._window, self._acts = desk, window, acts
        self._stages: dict[bytes, JoinStage] = {}
        self._offers: set[bytes] = set()  # notebooks that are offered to me, as was said
        self._rights: dict[bytes, tuple[bool, bool]] = {}
        self._owners: dict[bytes, bytes] = {}  # whose a notebook was when it was looked at last
        desk.node_event.connect(self._heard)
        desk.note_changed.connect(lambda _: self.show_notices())
        desk.note_facts_changed.connect(self.show_notices)
        acts.shared.connect(self._offer_autostart)

    def _heard(self, event: Event) -> None:
        match event:
            case PersonJoined(notebook_id, name):
                sentence = self.tr("%1 joined “%2”").replace("%1", name).replace("%2", self._name(notebook_id))
                self._desk.say(sentence, self.tr("Look"), lambda: self._acts.share(notebook_id))
            case PersonRemoved(notebook_id, name, me):
                said = self.tr("You were removed from “%2”") if me else self.tr("%1 was removed from “%2”")
                self._desk.say(said.replace("%1", name).replace("%2", self._name(notebook_id)))
                self._tell_right(self._desk.people.of(notebook_id))
                self.show_notices()
            case PeopleChanged(notebook_id) if notebook_id is not None:
                self._tell_offer(view := self._desk.people.of(notebook_id))
                self._tell_owner(view)
                self._tell_right(view)
            case RequestsChanged() | RecoveredChanged():
                self.show_notices()
            case JoinChanged(join_id):
                found = next((one for one in self._desk.people.joins() if one.join_id == join_id), None)
                if found is not None:
                    self._joining(found)
            case _:
                pass

    def _name(self, notebook_id: bytes) -> str:
        return self._desk.people.of(notebook_id).name

    # -- joins that nobody watches

    def _joining(self, join: JoinView) -> None:
        before = self._stages.get(join.join_id)
        self._stages[join.join_id] = join.stage
        if before is join.stage or self._acts.is_watched(join):
            return
        match join.stage:
            case JoinStage.MATCHING:
                self._acts.watch_join(join)  # somebody nearby invites: it opens by itself, and waits for a yes
            case JoinStage.DONE if join.notebook_id is not None and before is not None:
                self._acts.arrived(join.notebook_id)
            case JoinStage.FAILED if before is not None:
                cause = said(join.cause) if join.cause else self.tr("Joining didn’t work.")
                self._desk.say(f"{offered_by(join.offer)}: {cause}", self.tr("Try again"), self._acts.join)
            case _:
                pass

    # -- notices above the note

    def show_notices(self) -> None:
        """Who knocks, that I am no member any more, what was set aside."""
        self._requests()
        notebook_id = self._acts.notebook()
        view = self._desk.people.of(notebook_id) if notebook_id is not None else None
        self._removed(view)
        self._reader(view)
        self._recovered(view)
        self._offered(view)

    def _tell_offer(self, view: PeopleView) -> None:
        """Once for each offer; after that the notice above its notes stays until I agree."""
        if not view.offered:
            self._offers.discard(view.notebook_id)
        elif view.notebook_id not in self._offers:
            self._offers.add(view.notebook_id)
            self._desk.say(_offer(view), self.tr("Look"), lambda: self._desk.go(InNotebook(view.notebook_id)))
            self.show_notices()

    def _tell_owner(self, view: PeopleView) -> None:
        """A notebook changed hands: all of its people hear of it."""
        owner = next((one for one in view.members if one.role is Role.OWNER), None)
        if owner is None:
            return
        before = self._owners.get(view.notebook_id)
        self._owners[view.notebook_id] = owner.person_id
        if before not in (None, owner.person_id):
            sentence = self.tr("“%2” is yours now.") if owner.me else self.tr("“%2” belongs to %1 now.")
            self._desk.say(sentence.replace("%1", owner.name).replace("%2", view.name))

    def _tell_right(self, view: PeopleView) -> None:
        """The right to write came or went: the editor is locked or opened, and what stands above it follows."""
        before = self._rights.get(view.notebook_id)
        self._rights[view.notebook_id] = now = (view.may_write, view.removed)
        if before != now:
            self._desk.note_facts_changed.emit()

    def _offered(self, view: PeopleView | None) -> None:
        banner = self._window.note.banner
        if view is None or not view.offered or view.removed:
            banner.clear("offered")
            return
        sentence = _offer(view) + " " + self.tr("You would decide who is in it and what they may do.")
        act = (self.tr("Take it over"), lambda: self._acts.take_over(view.notebook_id))
        banner.say("offered", Notice(sentence, (act,)))

    def _requests(self) -> None:
        banner, requests = self._window.note.banner, self._desk.people.requests()
        if not requests:
            banner.clear("request")
            return
        first = requests[0]
        sentence = asks_for(first)
        if len(requests) > 1:
            sentence += " " + self.tr("And %n more.", "", len(requests) - 1)
        act = (self.tr("Compare words and let in…"), lambda: self._answer(first))
        banner.say("request", Notice(sentence, (act,)))

    def _answer(self, request: JoinRequest) -> None:
        if request.notebook_id:
            self._acts.share(request.notebook_id)
        else:
            self._acts.command_asked.emit("settings.devices")

    def _removed(self, view: PeopleView | None) -> None:
        banner = self._window.note.banner
        if view is None or not view.removed:
            banner.clear("removed")
            return
        sentence = self.tr(
            "You are no longer a member of “%1”. You keep what you have and can read, copy and export it; changes of "
            "others no longer arrive, and nothing can be written here any more."
        )
        if any(one.this and not one.active for one in self._desk.people.me().devices):
            sentence = self.tr(
                "Another device of yours has shut this computer out. You keep what you have and can read, copy and "
                "export it; changes no longer arrive, and nothing can be written here any more."
            )
        copy = (self.tr("Copy this note into my own"), lambda: self._acts.keep_copy())
        banner.say("removed", Notice(sentence.replace("%1", view.name), (copy,), "warn"))

    def _reader(self, view: PeopleView | None) -> None:
        banner = self._window.note.banner
        if view is None or view.removed or view.may_write:
            banner.clear("reader")
            return
        sentence = self.tr("You can read “%1”, but not write in it. Its owner can give you the right to write.")
        copy = (self.tr("Copy this note into my own"), lambda: self._acts.keep_copy())
        banner.say("reader", Notice(sentence.replace("%1", view.name), (copy,)))

    def _recovered(self, view: PeopleView | None) -> None:
        banner = self._window.note.banner
        if view is None or not view.recovered or view.removed:
            banner.clear("recovered")
            return
        sentence = self.tr("%n edits were set aside in “%1”.", "", view.recovered).replace("%1", view.name)
        act = (self.tr("Look at them…"), lambda: self._acts.recovered(view.notebook_id))
        banner.say("recovered", Notice(sentence, (act,)))

    # -- after the first share

    def _offer_autostart(self) -> None:
        now = self._desk.settings.now
        if now.autostart or now.autostart_offered:
            return
        now.autostart_offered = True
        self._desk.settings.save()
        sentence = self.tr("Others get your changes only while Notesapp runs. Start it with the computer?")
        self._desk.say(sentence, self.tr("Start with the computer"), self.autostart_chosen.emit)


def _offer(view: PeopleView) -> str:
    sentence = QCoreApplication.translate("CompanyNews", "%1 wants to make you the owner of “%2”.")
    return sentence.replace("%1", owner_of(view)).replace("%2", view.name)
