"""The running program without a window: the composition root. Decides what is wired to what, and the order of the end.

Screens see only this class and the values of `events` and `views`. One thread, one event loop; nothing here knows Qt.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Self

from notesapp.errors import LocalError, NotesError, StoreDamaged
from notesapp.identity.primitives import Entropy
from notesapp.node.acts import Acts, Renamed
from notesapp.node.beginning import begin
from notesapp.node.core import Core
from notesapp.node.events import Event, Origin, ShowRequested, ShutdownRequested, Status
from notesapp.node.home import Unlock
from notesapp.node.indexes import Indexes
from notesapp.node.library import ALL
from notesapp.node.opened import Opened
from notesapp.node.outward import Outward
from notesapp.node.people import People
from notesapp.node.starting import Late, Started, Wires, start
from notesapp.node.views import NotebookView, NoteFilter, NoteView
from notesapp.notes.change import Change
from notesapp.notes.note import Note
from notesapp.store.places import Home
from notesapp.store.rows import EntryRow, HeadRow
from notesapp.store.search import Results
from notesapp.sync.entry import Entry
from notesapp.text import Splice

logger = logging.getLogger(__name__)

Sender = Callable[[list[tuple[EntryRow, Entry]], tuple[HeadRow, ...]], None]
"""Told of own entries (as stored, as sent) and the signed heads that vouch for them, after the commit."""

CLOSE_S = 10.0
_SNAPSHOTS_AT_CLOSE_S = 2.0


class Node(Outward):
    """All notebooks of one person on one computer. Made by `Node.open`, ended by `close`."""

    def __init__(self, started: Started, how: Unlock) -> None:
        core: Core = started.core
        self._lock = started.lock
        self._opened = Opened(core)
        self._indexes = Indexes(core, lambda: self._opened.snapshots, self._opened.indexing.touch)
        self._opened.indexes = self._indexes
        self._acts = Acts(core, self._opened, self._indexes)
        super().__init__(core, self._opened, self._indexes, self._acts, how)
        self.people = People(core, self._opened, self._indexes, self._files, self._acts, self._moves)
        self.senders: list[Sender] = [self.people.peering.committed]  # each is given what is durable of this device
        self._closed = False
        self.stays = False  # whoever keeps it running says so: a window, `notesapp peer`
        self.has_window = False
        self.report = started.report

    @classmethod
    async def open(
        cls,
        home: Home,
        unlock: Unlock | None = None,
        *,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        entropy: Entropy = os.urandom,
    ) -> Self:
        """The node of `home`, everything made at a first start.

        Raises AlreadyRunning, PassphraseNeeded, WrongPassphrase, KeyLost, StoreNewer, StoreDamaged, UnsafeHome, ….
        """
        late = Late()
        how = unlock or Unlock()
        started = await start(home, how, late.wires(), clock, entropy)
        node = cls(started, how)
        late.to = Wires(node._opened.status_changed, node._committed, node._failed, node._disk)
        await begin(started, node._opened, node._indexes, node._acts, node._upkeep, node._mirroring)
        await node.people.begin()
        # what the start made lives as long as the program: collections that walk all of it pause typing (0030)
        gc.freeze()
        return node

    # -- lists: from memory, at once ------------------------------------------------------------------------------

    @property
    def home(self) -> Home:
        """Where it keeps everything."""
        return self._core.home

    def notebooks(self) -> tuple[NotebookView, ...]:
        """All notebooks by name."""
        return self._core.library.notebooks()

    def notes(self, wanted: NoteFilter = ALL) -> list[NoteView]:
        """The notes that `wanted` admits: pinned first, then the newest edit."""
        return self._core.library.notes(wanted)

    def note(self, note_id: bytes) -> NoteView:
        """One note as lists show it; NoSuchNote."""
        return self._core.library.note(note_id)

    def find(self, selector: str, *, trashed: bool = False) -> NoteView:
        """The note that a person means; NoSuchNote, AmbiguousNote. `trashed`: rather one in the trash."""
        return self._core.library.find(selector, trashed=trashed)

    def find_notebook(self, selector: str) -> bytes:
        """The notebook that a person means, by name or id; NoSuchNotebook."""
        return self._core.library.notebook(selector)

    def notebook_name(self, notebook_id: bytes) -> str:
        """A notebook's name."""
        return self._core.library.name_of(notebook_id)

    def tags(self) -> Mapping[str, int]:
        """How many notes outside the trash carry each tag."""
        return self._core.library.tags()

    @property
    def default_notebook(self) -> bytes:
        """Where a note goes when nobody says where: the first notebook that was made; NotHereYet while none is here."""
        return self._core.first_notebook()

    @property
    def troubles(self) -> Mapping[str, str]:
        """What needs the person's eye now: key → sentence."""
        return dict(self._core.troubles)

    @property
    def disk_trouble(self) -> NotesError | None:
        """What keeps the disk from taking more, or None."""
        return self._core.outbox.trouble

    @property
    def unsaved(self) -> int:
        """How many documents have something that is not durable."""
        return self._core.outbox.unsaved

    # -- one note -------------------------------------------------------------------------------------------------

    async def stored_text(self, note_id: bytes) -> str:
        """The text as last written down: to be shown, read-only, until `open_note` returns."""
        if (found := self._opened.get(note_id)) is not None:
            return found.note.text
        self._core.library.note(note_id)
        row = await self._core.journal.read(lambda store: store.text(note_id))
        return "" if row is None else row.text

    async def open_note(self, note_id: bytes) -> Note:
        """The note to be edited; each call needs one `close_note`."""
        return await self._opened.open(note_id)

    def close_note(self, note_id: bytes) -> None:
        """A screen shows it no more; its burst ends."""
        self._opened.close(note_id)

    def edit(self, note_id: bytes, splice: Splice, screen: object = None) -> None:
        """One splice of an open note, made by `screen` (any object: its own NoteEdited carries it).

        Raises TooLarge or LocalError before anything changes.
        """
        self._opened.edit(note_id, splice, screen)

    def flush(self, note_id: bytes) -> None:
        """Ends the burst: the caret jumped, the window lost the focus, the note was switched."""
        self._opened.flush(note_id)

    def spread(
        self, note_id: bytes, changes: Iterable[Change], came_from: Origin, splices: tuple[Splice, ...] = ()
    ) -> None:
        """Passes changes of an open note to the doors by which they didn't come."""
        self._opened.spread(note_id, changes, came_from, splices)

    def status(self, note_id: bytes) -> Status:
        """Saved, Saving or Failed: never Saved while a kill could lose an edit."""
        return self._opened.status(note_id)

    async def saved(self, note_id: bytes | None = None, deadline_s: float | None = None) -> None:
        """Returns when all edits so far are durable; raises what keeps them from it, at the latest at the deadline."""
        try:
            async with asyncio.timeout(deadline_s):
                await self._opened.reread()
                if note_id is None:
                    self._opened.flush_all()
                else:
                    self._opened.flush(note_id)
                await self._core.outbox.settled()
        except TimeoutError:
            raise self._core.outbox.trouble or LocalError(what="saving took too long") from None
        if (failure := self._core.outbox.failure(note_id)) is not None:
            raise failure

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Calls `listener` with every event, on this thread, until the returned function is called."""
        return self._core.hook.subscribe(listener)

    # -- acts -----------------------------------------------------------------------------------------------------

    async def create_note(
        self, notebook_id: bytes | None = None, text: str = "", folder: str = "", file_name: str = ""
    ) -> bytes:
        """A new note, durable when it returns; its id."""
        return await self._acts.create_note(notebook_id or self.default_notebook, text, folder, file_name)

    async def change_text(self, note_id: bytes, splices: Iterable[Splice]) -> int:
        """Applies splices one after another as one burst; durable when it returns."""
        return await self._acts.change_text(note_id, splices)

    async def rename(self, note_id: bytes, name: str, update_links: bool = True) -> Renamed:
        """Gives a note another name and updates the links to it."""
        return await self._acts.rename(note_id, name, update_links)

    async def set_folder(self, note_id: bytes, folder: str) -> None:
        """Moves a note within its notebook."""
        await self._acts.set_folder(note_id, folder)

    async def pin(self, note_id: bytes, pinned: bool = True) -> None:
        """Pins a note to the top of lists, or lets go of it."""
        await self._acts.pin(note_id, pinned)

    async def tag(self, note_id: bytes, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Puts tags on a note and takes others away."""
        await self._acts.tag(note_id, add, remove)

    async def trash(self, note_id: bytes) -> None:
        """Puts a note into the trash."""
        await self._acts.trash(note_id)

    async def untrash(self, note_id: bytes) -> None:
        """Takes a note out of the trash."""
        await self._acts.untrash(note_id)

    async def delete(self, note_ids: Iterable[bytes]) -> int:
        """Deletes chosen notes of the trash for ever; how many."""
        return await self._acts.delete(note_ids)

    async def empty_trash(self, notebook_id: bytes | None = None) -> int:
        """Deletes for ever what is in the trash; how many notes."""
        gone = [view.note_id for view in self.notes(NoteFilter(notebook_id=notebook_id, trashed=True))]
        return await self._acts.delete(gone)

    async def add_folder(self, notebook_id: bytes, folder: str) -> None:
        """Makes a folder that stays though it is empty."""
        await self._acts.add_folder(notebook_id, folder)

    async def rename_folder(self, notebook_id: bytes, folder: str, new_path: str) -> None:
        """Gives a folder another path; what is in it goes with it."""
        await self._acts.rename_folder(notebook_id, folder, new_path)

    async def remove_folder(self, notebook_id: bytes, folder: str) -> None:
        """Forgets a folder; the notes in it move to the folder above."""
        await self._acts.remove_folder(notebook_id, folder)

    async def create_notebook(self, name: str) -> bytes:
        """A new notebook; its id."""
        return await self._acts.create_notebook(name)

    async def rename_notebook(self, notebook_id: bytes, name: str) -> None:
        """Calls a notebook something else."""
        await self._acts.rename_notebook(notebook_id, name)

    async def remove_notebook(self, notebook_id: bytes) -> tuple[bytes, ...]:
        """Takes an own, unshared notebook off the lists; its notes go to the trash, and these are they."""
        return await self._acts.remove_notebook(notebook_id)

    async def search(self, query: str, limit: int = 50, offset: int = 0) -> Results:
        """The notes that match, best first, as the texts are now."""
        return await self._opened.indexing.search(query, limit, offset)

    # -- the second start, the end --------------------------------------------------------------------------------

    def show(self, argument: str = "") -> None:
        """A second start asks for the window."""
        self._core.hook.tell(ShowRequested(argument))

    def ask_to_end(self) -> None:
        """Somebody asks this node to end; whoever opened it closes it."""
        self._core.hook.tell(ShutdownRequested())

    async def close(self, deadline_s: float = CLOSE_S) -> None:
        """Saves everything and lets go of the home, at the deadline at the latest; raises what could not be saved."""
        if self._closed:
            return
        self._closed = True
        cause: NotesError | None = None
        try:
            async with asyncio.timeout(deadline_s):
                await self._opened.reread()
                self._opened.flush_all()
                await self._core.outbox.settled()
                await self._follow()
                await self._opened.snapshots.drain(_SNAPSHOTS_AT_CLOSE_S)
        except TimeoutError:
            cause = self._core.outbox.trouble or LocalError(what="saving at the end took too long")
        except NotesError as error:
            cause = error
        except Exception as error:
            logger.exception("! the end of a run failed")
            cause = LocalError(what=f"the end of a run failed: {type(error).__name__}: {error}")
        finally:
            await self._let_go(deadline_s)
        if (cause := cause or self._core.outbox.failure()) is not None:
            raise cause

    async def _let_go(self, deadline_s: float) -> None:
        """Whatever came before: the helpers end, the journal drains, the home is free."""
        try:
            await self.people.close()
            self._core.workers.close()
            await self._core.tasks.close()
            self._core.hook.flush()
            await self._core.journal.close(deadline_s)
        finally:
            self._lock.release()

    # -- wiring ---------------------------------------------------------------------------------------------------

    def _committed(self, rows: list[EntryRow], heads: tuple[HeadRow, ...]) -> None:
        self._opened.committed(rows)
        self._indexes.committed(rows)
        if not self.senders or not rows:
            return
        sent = [(row, self._core.openings.entry(row)) for row in rows]
        for send in tuple(self.senders):
            try:
                send(sent, heads)
            except Exception:
                logger.exception("! a sender failed")  # what it was to send is durable, and is asked for again

    def _disk(self, error: NotesError | None) -> None:
        self._core.outbox.set_trouble(error)
        if error is None:
            # What failed for the same reason (a backup, a stored text) is tried again by itself.
            told = self._core.troubles.get("disk")
            for key in [key for key, sentence in self._core.troubles.items() if sentence == told]:
                self._core.over(key)
        else:
            self._core.trouble("disk", error)

    def _failed(self, doing: str, error: Exception) -> None:
        logger.error("! %s failed", doing, exc_info=error)
        if isinstance(error, StoreDamaged):
            self._core.damaged(error)
        told = error if isinstance(error, NotesError) else LocalError(what=f"{doing}: {type(error).__name__}")
        self._core.trouble(doing, told)
