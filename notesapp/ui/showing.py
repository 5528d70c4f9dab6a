"""Carries the desk's state into the widgets and the widgets' wishes to the desk. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from notesapp.node.events import Event, NetworkChanged, PeopleChanged, Saving, Status
from notesapp.node.people_views import Company, PeopleView
from notesapp.ui.commands import Commands
from notesapp.ui.desk import Desk, failure
from notesapp.ui.note_pane import Notice
from notesapp.ui.parts import button
from notesapp.ui.places import AllNotes, Favourites, Found, InNotebook, Place, Shared, Tagged, Trash
from notesapp.ui.sayings import said as in_words
from notesapp.ui.status import note_standing, standing
from notesapp.ui.window import Pane, Width, Window

PASSING_MS = 1_500  # what is typed is on its way for a moment; that is no news
SOON_MS = 100


class Showing(QObject):
    """Keeps one window true to one desk."""

    def __init__(self, desk: Desk, window: Window, commands: Commands) -> None:
        super().__init__(window)
        self._desk, self._window, self._commands = desk, window, commands
        desk.place_changed.connect(self._place)
        desk.list_changed.connect(self._list)
        desk.census_changed.connect(self._census)
        desk.note_changed.connect(self._note)
        desk.note_facts_changed.connect(self._facts)
        desk.title_changed.connect(window.list.rows.renew)
        desk.title_changed.connect(self._facts)
        desk.status_changed.connect(self._status)
        desk.trouble_changed.connect(self._trouble)
        desk.said.connect(window.toast.say)
        desk.node_event.connect(self._heard)
        window.sidebar.place_chosen.connect(self._go)
        window.sidebar.asked.connect(commands.run)
        window.note.place_chosen.connect(self._go)
        window.note.asked.connect(commands.run)
        window.list.asked.connect(commands.run)
        window.list.note_chosen.connect(self._open)
        window.list.note_entered.connect(self._enter)
        window.list.search_changed.connect(desk.search)
        window.list.search_left.connect(self.leave_search)
        self._before_search: Place = AllNotes()
        self._waiting = QElapsedTimer()
        self._soon, self._late = QTimer(self), QTimer(self)
        for timer, wait_ms in ((self._soon, SOON_MS), (self._late, PASSING_MS + 50)):
            timer.setSingleShot(True)
            timer.setInterval(wait_ms)
            timer.timeout.connect(self.show_company)

    def everything(self) -> None:
        """Shows the whole state, at the start."""
        self._window.sidebar.open_these(self._desk.settings.now.open_branches)
        self.show_person()
        self._window.sidebar.show_search_keys(self._commands.shown_keys("go.switcher"))
        self._census()
        self._place(self._desk.place)
        self._list()
        self._note(self._desk.note_id)
        self._trouble()

    def show_person(self) -> None:
        """The name above the sidebar: the one that was chosen here, or else where, e.g. on the command line."""
        now = self._desk.settings.now
        self._window.sidebar.show_person(self._desk.people.chosen_name or now.name, now.colour)

    # -- from the desk

    def _census(self) -> None:
        self._window.sidebar.show_census(self._desk.census())

    def _place(self, place: Place) -> None:
        self._window.sidebar.show_place(place)
        self._window.list.show_title(self.name_of(place))
        self._window.list.show_search(place.query if isinstance(place, Found) else None)
        if not isinstance(place, Found):
            self._before_search = place

    def _list(self) -> None:
        rows = self._desk.rows()
        self._window.list.show_rows(rows, self._desk.note_id)
        if not rows:
            self._empty_list(self._desk.place)

    def _note(self, note_id: bytes | None) -> None:
        if note_id is None:
            self._window.note.show_nothing()
            self._empty_note()
            self._trouble()
        else:
            self._window.note.show_note(self._window.body)
            self._status(note_id, self._desk.node.status(note_id))
        self._window.list.show_current(note_id)
        self._facts()

    def _facts(self, _: object = None) -> None:
        note = self._desk.note()
        if note is None:
            self._window.setWindowTitle("Notesapp")
            self._window.note.banner.clear("trash")
            return
        title = note.title or self.tr("Untitled")
        notebook = InNotebook(note.notebook_id)
        above: list[tuple[str, Place]] = [(self.name_of(notebook), notebook)]
        parts = [part for part in note.folder.split("/") if part]
        above += [
            (part, InNotebook(note.notebook_id, "/".join(parts[: depth + 1]))) for depth, part in enumerate(parts)
        ]
        if note.trashed_ms is not None:
            above = [(self.tr("Trash"), Trash())]
        self._window.note.crumbs.show_path(above, title)
        self._window.note.show_favourite(self._desk.is_favourite(note.note_id))
        self._window.setWindowTitle(f"{title} – Notesapp")
        if note.trashed_ms is None:
            self._window.note.banner.clear("trash")
            return
        acts = [(self.tr("Restore"), lambda: self._commands.run("note.restore"))]
        if self._commands["note.delete"].possible():
            acts.append((self.tr("Delete for ever"), lambda: self._commands.run("note.delete")))
        self._window.note.banner.say("trash", Notice(self.tr("This note is in the trash."), tuple(acts)))

    def _status(self, note_id: bytes, status: Status) -> None:
        if note_id != self._desk.note_id:
            return
        view, here = self._company(note_id)
        said = note_standing(status, view, here)
        if not isinstance(status, Saving):
            self._window.note.foot.show_status(said.icon, said.tone, said.detail)
        self._trouble()

    def _trouble(self) -> None:
        troubles = self._troubles()
        people = self._desk.people
        online = [one.name for one in people.everyone() if one.online and not one.me]
        said = standing(troubles, self._settled(people.company(), online), online)
        self._window.sidebar.show_status(said.tone, said.title, said.detail)
        if troubles:
            act = (self.tr("Look closer"), lambda: self._commands.run("help.doctor"))
            sentence = in_words(next(iter(troubles.values())))
            self._window.note.banner.say("trouble", Notice(sentence, (act,), "err"))
        else:
            self._window.note.banner.clear("trouble")

    def _company(self, note_id: bytes) -> tuple[PeopleView | None, list[str]]:
        """How it stands with the people of a note's notebook, and who else is in the note."""
        note = self._desk.view(note_id)
        here = [face.name for face in self._desk.faces.get(note_id, ())]
        return (self._desk.people.of(note.notebook_id) if note is not None else None), here

    def _heard(self, event: Event) -> None:
        # Each letter that somebody confirms changes what he has: a few looks a second are enough.
        if isinstance(event, PeopleChanged | NetworkChanged) and not self._soon.isActive():
            self._soon.start()

    def _settled(self, view: PeopleView, online: Sequence[str]) -> PeopleView:
        """The state without what is only on its way to somebody who is here: said once it lasts."""
        if view.company is not Company.WAITING or not online:
            self._waiting.invalidate()
            return view
        if not self._waiting.isValid():
            self._waiting.start()
        if self._waiting.elapsed() >= PASSING_MS:
            return view
        if not self._late.isActive():  # Qt's timers may come a twentieth too early, and then it is looked at once more
            self._late.start()
        return replace(view, company=Company.SHARING, only_here=0, cause=None, remedy=None, waiting_for=())

    def show_company(self) -> None:
        """Who I am and how it stands with people, in the sidebar and below the note."""
        self.show_person()
        if self._desk.note_id is not None:
            self._status(self._desk.note_id, self._desk.node.status(self._desk.note_id))
        else:
            self._trouble()

    def _troubles(self) -> dict[str, str]:
        """What is wrong, the open note's own trouble too: banner, sidebar and foot tell the same."""
        note_id = self._desk.note_id
        cause = failure(self._desk.node.status(note_id)) if note_id is not None else ""
        return {**self._desk.troubles, **({"note": cause} if cause else {})}

    # -- to the desk

    def _go(self, place: Place) -> None:
        self._desk.go(place)
        if self._window.width_class is Width.NARROW:
            self._window.show_alone(Pane.LIST)

    def _open(self, note_id: bytes) -> None:
        self._desk.open(note_id)

    def _enter(self) -> None:
        self._window.show_alone(Pane.NOTE)
        shown = [row.note.note_id for row in self._window.list.rows.rows]
        if shown and self._desk.note_id not in shown:
            self._desk.open(shown[0])
        self._window.editor.setFocus()

    def leave_search(self) -> None:
        """Back to where the person was before searching."""
        self._desk.go(self._before_search)
        self._window.list.view.setFocus()

    # -- words

    def name_of(self, place: Place) -> str:
        """The place's name as a person reads it."""
        match place:
            case AllNotes():
                return self.tr("All notes")
            case Shared():
                return self.tr("Shared")
            case Favourites():
                return self.tr("Favourites")
            case Trash():
                return self.tr("Trash")
            case Tagged(tag):
                return f"#{tag}"
            case Found():
                return self.tr("Search")
            case InNotebook(notebook_id, folder):
                if folder:
                    return folder.rsplit("/", 1)[-1]
                return next((n.name for n in self._desk.node.notebooks() if n.notebook_id == notebook_id), "")

    def _empty_list(self, place: Place) -> None:
        say = self._window.list.empty.say
        new = button(self.tr("New note"), "primary", lambda: self._commands.run("note.new"))
        match place:
            case Trash():
                say("trash-2", self.tr("The trash is empty"), self.tr("Deleted notes wait here until you empty it."))
            case Favourites():
                say("star", self.tr("No favourites yet"), self.tr("Star a note to keep it within reach."))
            case Shared():
                say(
                    "users", self.tr("Nothing shared yet"), self.tr("Notebooks that others share with you appear here.")
                )
            case Tagged(tag):
                say("hash", self.tr("No notes with this tag"), self.tr("Write #%1 in a note.").replace("%1", tag), new)
            case Found(query) if query.strip():
                say("search", self.tr("Nothing found"), self.tr("Try fewer or other words."))
            case Found():
                say("search", self.tr("Search all notes"), self.tr("Words, “phrases”, tag:name or -word."))
            case _:
                say("notebook-pen", self.tr("No notes yet"), self.tr("What you write is kept on this computer."), new)

    def _empty_note(self) -> None:
        self._window.note.empty.say(
            "file-text",
            self.tr("No note is open"),
            self.tr("Choose one from the list, or begin a new one."),
            button(self.tr("New note"), "primary", lambda: self._commands.run("note.new")),
        )
