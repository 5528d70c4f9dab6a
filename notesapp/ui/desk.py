"""Where the person is and what is on the table: place, open note, the way back. The one object between node and window.

It asks the node and tells the window by signals; it draws nothing and changes no note (that is what `acts` do).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from notesapp.errors import NoSuchNote
from notesapp.node.events import Event, Failed, NoteListChanged, SavedChanged, Status, Trouble, TroubleOver
from notesapp.node.views import NotebookView, NoteFilter, NoteView
from notesapp.ui.faces.avatar import Face
from notesapp.ui.faces.owners import told_apart
from notesapp.ui.note_list.rows import Row, sort_key
from notesapp.ui.owning import Owner
from notesapp.ui.places import AllNotes, Favourites, Found, InNotebook, Place, Shared, Tagged, Trash
from notesapp.ui.sayings import said as in_words
from notesapp.ui.searching import Searching
from notesapp.ui.settings import SettingsFile
from notesapp.ui.sidebar.tree import Census, census_of

if TYPE_CHECKING:
    from notesapp.control.door import Door
    from notesapp.node.node import Node
    from notesapp.ui.faces.source import People

REFRESH_MS = 60  # lists follow the node within this, and never more often
WAY_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Spot:
    """One step of the way: a place with the note that was open in it."""

    place: Place
    note_id: bytes | None


class Desk(QObject):
    """The state that the window shows."""

    place_changed = Signal(object)
    list_changed = Signal()
    census_changed = Signal()
    note_changed = Signal(object)
    note_facts_changed = Signal()
    title_changed = Signal(object)
    status_changed = Signal(bytes, object)
    trouble_changed = Signal()
    node_event = Signal(object)
    said = Signal(str, str, object)
    broke = Signal(object)

    def __init__(self, node: Node, settings: SettingsFile, door: Door) -> None:
        """`door`: the same node as a table of commands, for what takes long and tells its progress."""
        super().__init__()
        self.node = node
        self.door = door
        self.settings = settings
        self.people: People = node.people
        self.place: Place = AllNotes()
        self.note_id: bytes | None = None
        self.troubles: dict[str, str] = {}
        self.faces: dict[bytes, tuple[Face, ...]] = {}  # who else is in which note
        self._live: tuple[bytes, str] | None = None
        self._rows: dict[bytes, Row] = {}
        self._searching = Searching(self)
        self._searching.changed.connect(self.list_changed)
        self._owner = Owner(node, self.say, self.broke.emit)
        self._way: list[Spot] = []
        self._step = -1
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self._told)
        self._cancel = node.subscribe(self._heard)

    # -- work with an owner

    def start(self, work: Coroutine[Any, Any, object], doing: str) -> asyncio.Task[None]:
        """Runs an act; its failure is said in one sentence, a bug goes to the crash log as well."""
        return self._owner.start(work, doing)

    async def close(self) -> None:
        """Lets acts that run come to their end, ends those that don't, and stops listening to the node."""
        self._refresh.stop()
        self._cancel()
        await self._owner.close()

    def say(self, sentence: str, act: str = "", run: Callable[[], object] | None = None) -> None:
        """A sentence at the window's foot, with at most one button."""
        self.said.emit(in_words(sentence), act, run)

    @Slot(str)
    def say_sentence(self, sentence: str) -> None:
        """A sentence at the window's foot."""
        self.say(sentence)

    # -- people in notes

    def set_faces(self, note_id: bytes, faces: tuple[Face, ...]) -> None:
        """Who else is in a note now."""
        if faces == self.faces.get(note_id, ()):
            return
        if faces:
            self.faces[note_id] = faces
        else:
            self.faces.pop(note_id, None)
        self.list_changed.emit()

    # -- what is shown

    def notebooks(self) -> tuple[NotebookView, ...]:
        """All notebooks in the order of their names."""
        return tuple(sorted(self.node.notebooks(), key=lambda one: (one.name.casefold(), one.notebook_id)))

    def note(self) -> NoteView | None:
        """The open note's facts."""
        return self.view(self.note_id) if self.note_id is not None else None

    def view(self, note_id: bytes) -> NoteView | None:
        """A note's facts, None if it is gone."""
        try:
            return self._lively(self.node.note(note_id))
        except NoSuchNote:
            return None

    def retitle(self, note_id: bytes, title: str) -> None:
        """The open note is called this now, whatever the node has read so far."""
        before = self.view(note_id)
        self._live = (note_id, title)
        if before is not None and before.title != title:
            self.title_changed.emit(self.view(note_id))

    def _lively(self, view: NoteView) -> NoteView:
        if self._live is None or self._live[0] != view.note_id or self._live[1] == view.title:
            return view
        return msgspec.structs.replace(view, title=self._live[1])

    def is_favourite(self, note_id: bytes) -> bool:
        """Whether this person starred the note on this computer."""
        return note_id.hex() in self.settings.now.favourites

    def rows(self) -> list[Row]:
        """The notes of the place, in the chosen order."""
        if isinstance(self.place, Found):
            return self._searching.rows
        stars = {bytes.fromhex(word) for word in self.settings.now.favourites if _is_hex(word)}
        names = {notebook.notebook_id: notebook.name for notebook in self.node.notebooks()}
        tells_home = len(names) > 1 and not isinstance(self.place, InNotebook)
        # Most rows are what they were: making 10,000 anew at each edit would take a frame.
        known, self._rows = self._rows, {}
        rows = []
        for view in self._views(stars):
            view = self._lively(view)
            people, unread = self.faces.get(view.note_id, ()), self.node.people.looking.is_unread(view.note_id)
            star, home = view.note_id in stars, names.get(view.notebook_id, "") if tells_home else ""
            row = known.get(view.note_id)
            row_now = (star, home, people, unread)
            if row is None or row.note is not view or (row.favourite, row.home, row.people, row.unread) != row_now:
                row = Row(view, star, home=home, people=people, unread=unread)
            self._rows[view.note_id] = row
            rows.append(row)
        if isinstance(self.place, Trash):
            return sorted(rows, key=lambda row: -(row.note.trashed_ms or 0))
        return sorted(rows, key=sort_key(self.settings.now.sort))

    def _views(self, stars: set[bytes]) -> list[NoteView]:
        match self.place:
            case InNotebook(notebook_id, folder):
                return self.node.notes(NoteFilter(notebook_id=notebook_id, folder=folder or None))
            case Tagged(tag):
                return self.node.notes(NoteFilter(tag=tag))
            case Trash():
                return self.node.notes(NoteFilter(trashed=True))
            case Favourites():
                return [view for view in self.node.notes(NoteFilter()) if view.note_id in stars]
            case Shared():
                shared = {notebook.notebook_id for notebook in self.node.notebooks() if notebook.shared}
                return [view for view in self.node.notes(NoteFilter()) if view.notebook_id in shared]
            case _:
                return self.node.notes(NoteFilter())

    def census(self) -> Census:
        """All counts of the sidebar, from one pass over the notes."""
        notebooks = told_apart(self.notebooks(), self.people)
        return census_of(notebooks, self.node.notes(NoteFilter()), set(self.settings.now.favourites))

    def home(self) -> InNotebook:
        """Where a new note goes: the notebook and folder of the place, else of the open note, else the first one."""
        if isinstance(self.place, InNotebook):
            return self.place
        note = self.note()
        if note is not None and note.trashed_ms is None:
            return InNotebook(note.notebook_id)
        return InNotebook(self.notebooks()[0].notebook_id)

    # -- going

    def go(self, place: Place) -> None:
        """Shows another place; the open note stays open if it is there, else the first one is opened."""
        if place == self.place:
            return
        self.place = place
        if isinstance(place, Found):
            self._searching.rows = []
            self.search(place.query)
        self.place_changed.emit(place)
        self.list_changed.emit()
        if not isinstance(place, Found):
            ids = [row.note.note_id for row in self.rows()]
            if self.note_id not in ids:
                self.open(ids[0] if ids else None)
        self._stepped()

    def open(self, note_id: bytes | None) -> None:
        """Puts a note on the table, or clears it with None."""
        if note_id == self.note_id:
            return
        self.note_id = note_id
        self.note_changed.emit(note_id)
        self._stepped()

    def find_and_open(self, note_id: bytes) -> None:
        """Opens a note from anywhere; goes to its notebook if the place does not show it."""
        view = self.view(note_id)
        if view is None:
            self.say(self.tr("That note is no longer there."))
            return
        if all(row.note.note_id != note_id for row in self.rows()):
            self.place = Trash() if view.trashed_ms is not None else InNotebook(view.notebook_id)
            self.place_changed.emit(self.place)
            self.list_changed.emit()
        self.open(note_id)

    @property
    def can_go_back(self) -> bool:
        return self._step > 0

    @property
    def can_go_forward(self) -> bool:
        return self._step < len(self._way) - 1

    def back(self) -> None:
        """One step back on the way."""
        if self.can_go_back:
            self._return_to(self._step - 1)

    def forward(self) -> None:
        """One step forward on the way."""
        if self.can_go_forward:
            self._return_to(self._step + 1)

    def _stepped(self) -> None:
        spot = Spot(self.place, self.note_id)
        if isinstance(self.place, Found) or (self._way and self._way[self._step] == spot):
            return
        if self._way and self._way[self._step].place == spot.place and self._way[self._step].note_id is None:
            self._way[self._step] = spot
            return
        self._way = [*self._way[: self._step + 1], spot][-WAY_LIMIT:]
        self._step = len(self._way) - 1

    def _return_to(self, step: int) -> None:
        self._step = step
        spot = self._way[step]
        self.place = spot.place
        self.note_id = spot.note_id if spot.note_id is not None and self.view(spot.note_id) is not None else None
        self.place_changed.emit(self.place)
        self.list_changed.emit()
        self.note_changed.emit(self.note_id)

    # -- searching

    def search(self, query: str) -> None:
        """Looks for the query in all notes; the rows follow. A newer query ends an older one."""
        self.place = Found(query)
        self._searching.look(query)

    # -- hearing

    def refresh(self) -> None:
        """Reads lists and counts again soon."""
        if not self._refresh.isActive():
            self._refresh.start()

    def _told(self) -> None:
        if isinstance(self.place, Found):
            self.search(self.place.query)
        if self.note_id is not None and self.view(self.note_id) is None:
            self.open(None)
        self.census_changed.emit()
        self.list_changed.emit()
        self.note_facts_changed.emit()

    def _heard(self, event: Event) -> None:
        match event:
            case NoteListChanged():
                self.refresh()
            case SavedChanged(note_id, status):
                self.status_changed.emit(note_id, status)
            case Trouble(key, sentence):
                self.troubles[key] = sentence
                self.trouble_changed.emit()
            case TroubleOver(key):
                self.troubles.pop(key, None)
                self.trouble_changed.emit()
            case _:
                self.node_event.emit(event)


def failure(status: Status) -> str:
    """The sentence of a failed save, or an empty text."""
    return status.cause.sentence if isinstance(status, Failed) else ""


def _is_hex(word: str) -> bool:
    return len(word) == 32 and all(letter in "0123456789abcdef" for letter in word)
