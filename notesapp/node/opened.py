"""The notes that are open: replicas, bursts and screens. Decides what stays in memory and when typing is a change.

`spread` is the one place where changes part: to the journal (and after it, one day, to sessions), to the screens, to
what is derived from texts.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec

from notesapp.errors import LocalError, NewerNote, NotesError, NotHereYet, StoreDamaged
from notesapp.node.bursts import Bursts
from notesapp.node.core import Core
from notesapp.node.events import NoteEdited, Origin, Saved, SavedChanged, Saving, Status
from notesapp.node.held import Held
from notesapp.node.indexes import Indexes
from notesapp.node.indexing import Indexing
from notesapp.node.kept import keep_if_edited
from notesapp.node.loading import Covered, advance, load
from notesapp.node.outbox import Deed
from notesapp.node.snapshots import Snapshots
from notesapp.notes.change import Change
from notesapp.notes.note import Note
from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind
from notesapp.store.rows import EntryRow
from notesapp.text import Splice

logger = logging.getLogger(__name__)

_KEPT_CLOSED = 24  # replicas of notes that no screen shows; a note costs about ten times its text


@dataclass(slots=True)
class Open:
    """One open note. `covered` is what of it is durable; the sizes are those beyond its last snapshot."""

    note: Note
    held: Held
    covered: Covered
    beyond: int = 0
    beyond_bytes: int = 0
    snapshot_bytes: int = 0
    users: int = 0


class Opened:
    """All open notes of a node."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._open: OrderedDict[bytes, Open] = OrderedDict()
        self._loading: dict[bytes, asyncio.Future[Open]] = {}
        self._bursts = Bursts(self._end_burst, lambda note_id: self.has_company(note_id))
        self.came: Callable[[bytes], None] = lambda note_id: None  # told by whoever follows notes that were moved
        self.has_company: Callable[[bytes], bool] = lambda note_id: False  # told by whoever knows who is in a note
        self._rereading: dict[bytes, asyncio.Future[None]] = {}  # their bursts go on until they are read
        self._status: dict[bytes, Status] = {}
        self.indexes: Indexes | None = None  # told by the node, which makes both
        self.indexing = Indexing(core, self._text)
        self.snapshots = Snapshots(core, self._replica, self._snapshot_made)

    async def open(self, note_id: bytes) -> Note:
        """The note, loaded if need be; one more screen uses it."""
        found = self._open.get(note_id)
        if found is None:
            found = await self._load_once(note_id)
        found.users += 1
        self._open.move_to_end(note_id)
        return found.note

    def close(self, note_id: bytes) -> None:
        """One screen less uses it; its burst ends."""
        self.flush(note_id)
        found = self._open.get(note_id)
        if found is not None:
            found.users = max(0, found.users - 1)
            self._let_go()

    def adopt(self, held: Held, replica: Replica, note_id: bytes) -> None:
        """A note that was just made; nobody shows it yet."""
        held.look_after(replica)
        self._open[note_id] = Open(Note(note_id, replica), held, {})
        self._let_go()

    def forget(self, note_id: bytes) -> None:
        """The note was deleted for ever."""
        self._bursts.end(note_id)
        self._open.pop(note_id, None)

    async def rebuild(self, note_id: bytes) -> None:
        """Other entries of the note count than before: it is read anew, and screens are told what that changes.

        What is typed meanwhile stays a burst: as a change it would follow what doesn't count any more, and not be read.
        """
        found = await self.get_loaded(note_id)
        if found is None:
            return
        self.flush(note_id)
        done = self._rereading[note_id] = asyncio.get_running_loop().create_future()
        try:
            await self._core.outbox.settled()
            if not found.users:
                self._open.pop(note_id, None)
                return
            again = await load(self._core, found.held, note_id, Kind.NOTE)
            splice = found.note.begin_again(again.replica)
        except (
            LocalError,
            NewerNote,
            NotHereYet,
        ) as error:  # nothing of it counts any more: it is shown as it was, and can't be edited
            logger.warning("! the note %s stays as it was read: %s", note_id.hex()[:8], error)
            return
        finally:
            del self._rereading[note_id]
            self._end_burst(note_id)
            done.set_result(None)
        found.covered, found.beyond, found.beyond_bytes = again.covered, again.beyond, again.beyond_bytes
        if splice is not None:
            self._core.hook.tell(NoteEdited(note_id, (splice,), Origin.LINK))
        self._edited(note_id)

    async def reread(self) -> None:
        """Returns when no note is being read anew: until then, what is typed into it can't be saved."""
        while self._rereading:
            await asyncio.wait(self._rereading.values())

    def set_actor(self, held: Held, actor: bytes) -> None:
        """From now on edits of this notebook's open notes are made in the name of this feed."""
        for found in self._open.values():
            if found.held is held:
                found.note.replica.actor = actor

    def get(self, note_id: bytes) -> Open | None:
        """The note if it is open."""
        return self._open.get(note_id)

    async def get_loaded(self, note_id: bytes) -> Open | None:
        """The note if it is open or on its way to be."""
        running = self._loading.get(note_id)
        return self._open.get(note_id) if running is None else await asyncio.shield(running)

    def edit(self, note_id: bytes, splice: Splice, screen: object) -> None:
        """One splice of a screen; raises TooLarge or LocalError before anything changes."""
        found = self._open.get(note_id)
        if found is None:
            raise LocalError(what="a note was edited that is not open")
        found.note.edit(splice)
        self._core.hook.tell(NoteEdited(note_id, (splice,), Origin.SCREEN, screen))
        self._bursts.typed(note_id, len(splice.removed) + len(splice.inserted))
        self.indexing.touch(note_id)
        self.status_changed(note_id)

    def flush(self, note_id: bytes) -> None:
        """Ends the note's burst now."""
        self._bursts.end(note_id)

    def flush_all(self) -> None:
        """Ends all bursts now."""
        self._bursts.end_all()

    def spread(
        self, note_id: bytes, changes: Iterable[Change], came_from: Origin, splices: tuple[Splice, ...] = ()
    ) -> asyncio.Future[None] | None:
        """Passes a note's changes to the doors by which they didn't come; the future is done when they are durable.

        What came by a link was durable before it was applied, so there is nothing to wait for.
        """
        found = self._open[note_id]
        done: asyncio.Future[None] | None = None
        raws = tuple(change.raw for change in changes)
        if came_from is Origin.SCREEN and raws:
            deed = Deed([(found.held.feed, note_id, raws)], stale={note_id})
            done = self._core.outbox.put(deed)
            if (view := self._core.library.get(note_id)) is not None and view.trashed_ms is not None:
                self._core.tasks.start(self.keep_if_edited(note_id), "looking after a note in the trash")
        if splices:
            self._core.hook.tell(NoteEdited(note_id, splices, came_from))
        self._edited(note_id)
        return done

    async def keep_if_edited(self, note_id: bytes) -> None:
        """A note in the trash comes back if somebody edited it who didn't know of that."""
        found = self._open.get(note_id)
        if self.indexes is not None:
            await keep_if_edited(self._core, self.indexes, note_id, found.note.replica if found else None)

    def status(self, note_id: bytes) -> Status:
        """Saved only when nothing typed so far could be lost."""
        status = self._core.outbox.status(note_id)
        found = self._open.get(note_id)
        return Saving() if found is not None and found.note.pending and status == _SAVED else status

    def status_changed(self, note_id: bytes) -> None:
        """Tells the screens if it did; what is no note (an index) is none of their business."""
        status = self.status(note_id)
        if self._status.get(note_id, _SAVED) != status and self._core.library.get(note_id) is not None:
            self._status[note_id] = status
            if status == _SAVED:
                del self._status[note_id]
            self._core.hook.tell(SavedChanged(note_id, status))

    def committed(self, rows: list[EntryRow]) -> None:
        """These entries are durable now."""
        for row in rows:
            found = self._open.get(row.note_id) if row.note_id is not None else None
            if found is not None and row.note_id is not None:
                advance(found.covered, [row])
                found.beyond += 1
                found.beyond_bytes += len(row.body or b"")
                self._consider(row.note_id, found)

    def _end_burst(self, note_id: bytes) -> None:
        found = self._open.get(note_id)
        if found is None or not found.note.pending or note_id in self._rereading:
            return
        try:
            changes = found.note.flush()
        except NotesError as error:  # called by timers too: nobody else would tell of it
            self._core.trouble(f"burst {note_id.hex()}", error)
            raise
        self.spread(note_id, changes, Origin.SCREEN)

    def _edited(self, note_id: bytes) -> None:
        view = self._core.library.get(note_id)
        if view is not None:
            self._core.library.put([msgspec.structs.replace(view, edited_ms=self._core.clock())])
            self._core.hook.list_changed({note_id})
        self.indexing.touch(note_id)
        self.status_changed(note_id)

    def _text(self, note_id: bytes) -> tuple[str, Covered] | None:
        self._bursts.end(note_id)  # what is not even on its way to the disk must not be written down as the text
        found = self._open.get(note_id)
        if found is None or note_id in self._rereading:
            return None
        return found.note.text, dict(found.covered)

    def _replica(self, doc_id: bytes) -> tuple[Replica, Covered] | None:
        found = self._open.get(doc_id)
        if found is None:
            return None if self.indexes is None else self.indexes.replica(doc_id)
        return (
            None
            if self._core.outbox.waits(doc_id) or doc_id in self._rereading
            else (found.note.replica, found.covered)
        )

    def _snapshot_made(self, doc_id: bytes, size: int) -> None:
        found = self._open.get(doc_id)
        if found is not None:
            found.beyond, found.beyond_bytes, found.snapshot_bytes = 0, 0, size
        elif self.indexes is not None:
            self.indexes.snapshot_made(doc_id, size)

    def _consider(self, note_id: bytes, found: Open) -> None:
        self.snapshots.consider(found.held, note_id, Kind.NOTE, found.beyond, found.beyond_bytes, found.snapshot_bytes)

    async def _load_once(self, note_id: bytes) -> Open:
        """Two screens that open a note at the same time get one replica."""
        if (running := self._loading.get(note_id)) is not None:
            return await asyncio.shield(running)
        waiting = self._loading[note_id] = asyncio.get_running_loop().create_future()
        waiting.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            found = await self._load(note_id)
            self._open[note_id] = found
            waiting.set_result(found)
        except BaseException as error:
            waiting.set_exception(error if isinstance(error, Exception) else LocalError(what="loading was given up"))
            raise
        finally:
            del self._loading[note_id]
        self._consider(note_id, found)
        self._let_go()
        return found

    async def _load(self, note_id: bytes) -> Open:
        view = self._core.library.note(note_id)
        held = self._core.notebook(view.notebook_id)
        try:
            loaded = await load(self._core, held, note_id, Kind.NOTE)
        except StoreDamaged as damage:
            self._core.damaged(damage)
            raise
        note = Note(note_id, loaded.replica)
        return Open(note, held, loaded.covered, loaded.beyond, loaded.beyond_bytes, loaded.snapshot_bytes)

    def _let_go(self) -> None:
        """The replicas that nobody has used for longest leave, if all of theirs is durable."""
        idle = [note_id for note_id, found in self._open.items() if not found.users]
        for note_id in idle[: max(0, len(idle) - _KEPT_CLOSED)]:
            found = self._open[note_id]
            if not found.note.pending and self._core.outbox.status(note_id) == _SAVED:
                del self._open[note_id]


_SAVED = Saved()
