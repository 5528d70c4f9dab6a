"""A node that keeps everything in memory: what the window is tested with before and beside the real one."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace

import msgspec

from notesapp.errors import NoSuchNote
from notesapp.node.events import Event, NoteListChanged, Saved, Status
from notesapp.node.views import NotebookView, NoteFilter, NoteView

NOW_MS = 1_795_348_800_000  # 22 Nov 2026, 12:00 UTC
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


@dataclass(frozen=True)
class FakeHit:
    note: NoteView
    snippet: str
    ranges: tuple[tuple[int, int], ...]


class FakeNode:
    """Answers what the desk asks, from a dictionary."""

    def __init__(self, notes: Iterable[NoteView] = (), names: Mapping[bytes, str] | None = None) -> None:
        self.views = {note.note_id: note for note in notes}
        self.names = dict(names or {bytes(32): "Notes"})
        self.texts: dict[bytes, str] = {}
        self.waiting, self.refused = 0, None
        # nobody but this person: `so_far` answers what else is asked
        self.people = SimpleNamespace(looking=SimpleNamespace(is_unread=lambda note_id: False))
        self._callbacks: list[Callable[[Event], None]] = []
        self._numbers = itertools.count(5_000_000)

    def subscribe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def tell(self, event: Event) -> None:
        for callback in tuple(self._callbacks):
            callback(event)

    def notebooks(self) -> tuple[NotebookView, ...]:
        made = []
        for notebook_id, name in self.names.items():
            here = [view for view in self.views.values() if view.notebook_id == notebook_id]
            trashed = sum(view.trashed_ms is not None for view in here)
            folders = tuple(sorted({view.folder for view in here if view.folder}))
            made.append(NotebookView(notebook_id, name, len(here) - trashed, trashed, False, folders))
        return tuple(made)

    def notes(self, wanted: NoteFilter) -> list[NoteView]:
        return [view for view in self.views.values() if wanted.admits(view)]

    def notes_of(self, notebook_id: bytes) -> list[NoteView]:
        """The notes of one notebook, as they were put in."""
        return [view for view in self.views.values() if view.notebook_id == notebook_id]

    def note(self, note_id: bytes) -> NoteView:
        if note_id not in self.views:
            raise NoSuchNote(name=note_id.hex())
        return self.views[note_id]

    def tags(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for view in self.views.values():
            for tag in view.tags if view.trashed_ms is None else ():
                counts[tag] = counts.get(tag, 0) + 1
        return counts

    def status(self, note_id: bytes) -> Status:
        return Saved()

    async def search(self, query: str, limit: int = 50) -> list[FakeHit]:
        found = []
        for view in self.views.values():
            at = view.snippet.casefold().find(query.casefold())
            if at >= 0:
                found.append(FakeHit(view, view.snippet, ((at, at + len(query)),)))
        return found[:limit]

    def change(self, note_id: bytes, **fields: object) -> None:
        """Another state of one note, told like the node tells it."""
        self.views[note_id] = msgspec.structs.replace(self.views[note_id], **fields)
        self.tell(NoteListChanged(frozenset({note_id})))

    async def trash(self, note_id: bytes) -> None:
        self.change(note_id, trashed_ms=NOW_MS)

    async def untrash(self, note_id: bytes) -> None:
        self.change(note_id, trashed_ms=None)

    async def pin(self, note_id: bytes, pinned: bool) -> None:
        self.change(note_id, pinned=pinned)

    async def move(self, note_id: bytes, folder: str | None = None, notebook_id: bytes | None = None) -> bytes:
        self.change(note_id, folder=folder or "", notebook_id=notebook_id or self.views[note_id].notebook_id)
        return note_id

    async def create_note(
        self, notebook_id: bytes | None = None, text: str = "", folder: str = "", file_name: str | None = None
    ) -> bytes:
        note_id = next(self._numbers).to_bytes(16, "big")
        title = text.lstrip("# ").split("\n")[0]
        home = notebook_id or next(iter(self.names))
        self.views[note_id] = NoteView(note_id, home, title, folder=folder, created_ms=NOW_MS, edited_ms=NOW_MS)
        self.texts[note_id] = text
        self.tell(NoteListChanged(frozenset({note_id})))
        return note_id


def many(count: int) -> list[NoteView]:
    """That many notes with names and snippets of ordinary length."""
    names = "garden meeting plan river apple notes winter sync letter mountain recipe idea book travel"
    words = names.split()
    made = []
    for number in range(count):
        title = " ".join(words[(number * step + step) % len(words)] for step in (1, 3, 5)).capitalize() + f" {number}"
        made.append(
            NoteView(
                number.to_bytes(16, "big"),
                bytes(32),
                title,
                f"The {words[number % len(words)]} was longer than expected, and we wrote down what "
                f"everybody said about {words[(number * 7) % len(words)]} before lunch.",
                (words[number % len(words)],),
                created_ms=NOW_MS - number * HOUR,
                edited_ms=NOW_MS - number * HOUR,
            )
        )
    return made


def sample() -> FakeNode:
    """The notes of the pictures: a garden, some research, a weekly."""
    garden, research, weekly = b"g" * 32, b"r" * 32, b"w" * 32
    guide = "Open with the last time they shared a note with somebody and what went wrong then."
    memo = "We want notes that are offline first, quick, and bold where it counts. See the design memo or more."
    beds = "Beds 3 and 4 need compost before the end of March. Broad beans first, then the early potatoes."
    sync = "Each change carries the hashes of the changes that it depends on, so peers can check them."
    dal = "Red lentils, turmeric, cumin, a tin of tomatoes, spinach at the end."
    reading = "Local-first software: you own your data, in spite of the cloud. Peritext."
    rows: list[tuple[bytes, str, str, tuple[str, ...], str, int]] = [
        (garden, "Field notes: working together", memo, ("research",), "", 20_000),
        (garden, "Garden plan, spring", beds, ("garden",), "", 12 * MINUTE),
        (garden, "Interview guide v2", guide, ("research",), "", HOUR + 60_000),
        (garden, "Reading list", reading, ("to-read",), "", DAY),
        (garden, "Weekly 47", "Ship the importer. Write up the numbers for the memo", ("weekly",), "", 5 * DAY),
        (garden, "Sync protocol", sync, ("ui",), "", 8 * DAY),
        (garden, "Recipe: dal", dal, (), "", 30 * DAY),
        (research, "Notes on Etherpad", "A time slider is a nice history.", ("ui/editor",), "Interviews", 40 * DAY),
        (research, "People to ask", "Ana, Maya, Jonas", ("research",), "Interviews", 41 * DAY),
        (weekly, "Weekly 46", "Less, but better.", ("weekly",), "", 12 * DAY),
    ]
    notes = [
        NoteView(number.to_bytes(16, "big"), notebook, title, snippet, tags, folder, title, NOW_MS - ago, NOW_MS - ago)
        for number, (notebook, title, snippet, tags, folder, ago) in enumerate(rows, 1)
    ]
    return FakeNode(notes, {garden: "Garden", research: "Field research", weekly: "Weekly"})
