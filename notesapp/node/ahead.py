"""After a repair: notes whose snapshot knows more than the log. Decides how what only it holds stays the note's text.

A snapshot may hold changes whose entries the damage took. Whoever edits on top of them builds on what nobody else can
get: the others would wait for it for ever. So such a snapshot goes, the note is made of its entries, and what it said
with the snapshot comes back as an edit of today: in its place if no other device can bring the lost entries (all would
then be there twice), else beside it, in the folder “Recovered”. An index stays as it is: its rows can't be typed again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import apsw

from notesapp.errors import NotesError
from notesapp.node.acts import Acts
from notesapp.node.core import Core
from notesapp.node.held import Held
from notesapp.node.indexes import Indexes
from notesapp.node.loading import Covered, load, unpack_frontier
from notesapp.node.outbox import Deed, joined
from notesapp.node.recovering import FOLDER, private_notebook
from notesapp.notes.schema import Kind
from notesapp.store.recovery import SALVAGED
from notesapp.store.rows import Batch, SnapshotRow
from notesapp.store.store import Store
from notesapp.text import between

logger = logging.getLogger(__name__)

_LOOKED = "snapshots_compared"  # the setting that names the repair after which this was done


async def bring_back(core: Core, indexes: Indexes, acts: Acts) -> None:
    """Does it, once after each repair; to be called before texts are read, and before anything is edited."""
    repaired, looked = await core.journal.read(lambda store: (store.fact(SALVAGED), store.setting(_LOOKED)))
    if repaired is None or repaired == looked:
        return
    ends, ahead = await core.journal.read(_ahead)
    for note_id in ahead:
        if (held := _holder(core, note_id)) is None:
            continue
        try:
            await _bring_back(core, indexes, acts, held, note_id, ends)
        except NotesError as error:
            logger.error("! the note %s stays as its snapshot has it: %s", note_id.hex()[:8], error)
    await core.outbox.put(Deed(rows=Batch(settings={_LOOKED: repaired})))


def _ahead(store: Store) -> tuple[Covered, list[bytes]]:
    """The last index of each feed, and the documents with a snapshot that goes further. Blocking."""
    ends = {bytes(feed): int(last) for feed, last in store.db.execute("SELECT feed, last FROM feeds")}
    rows = store.db.execute("SELECT note_id, frontier FROM snapshots ORDER BY note_id")
    return ends, list(dict.fromkeys(bytes(row[0]) for row in rows if not _within(unpack_frontier(row[1]), ends)))


def _within(covered: Covered, ends: Covered) -> bool:
    return all(index <= ends.get(feed, -1) for feed, index in covered.items())


def _holder(core: Core, note_id: bytes) -> Held | None:
    view = core.library.get(note_id)
    return None if view is None or view.deleted else core.held.get(view.notebook_id)


async def _bring_back(core: Core, indexes: Indexes, acts: Acts, held: Held, note_id: bytes, ends: Covered) -> None:
    def is_sound(snapshot: SnapshotRow) -> bool:
        return _within(unpack_frontier(snapshot.frontier), ends)

    shown = (await load(core, held, note_id, Kind.NOTE)).replica.text
    replica = (await load(core, held, note_id, Kind.NOTE, is_sound)).replica
    forget = Batch(also=(_forgetting(note_id, ends),))
    splice = between(replica.text, shown)
    if splice is None:
        await core.outbox.put(Deed(rows=forget, stale={note_id}))
    elif _is_alone(core, held):
        raws = tuple(change.raw for change in replica.edit([splice]))
        await core.outbox.put(Deed([(held.feed, note_id, raws)], rows=forget, stale={note_id}))
    else:
        index = await indexes.open(await private_notebook(core, acts))
        name = core.library.note(note_id).file_name or "Recovered note"
        _, deed = await acts.made_note(index, shown, FOLDER, name, keep_open=False)
        deed.rows, deed.stale = joined([deed.rows, forget]), {*deed.stale, note_id}
        await core.outbox.put(deed)


def _is_alone(core: Core, held: Held) -> bool:
    """Whether no other device can have the notebook's entries."""
    return len(held.roster.members) == 1 and len(core.persona.log.active) == 1


def _forgetting(note_id: bytes, ends: Covered) -> Callable[[apsw.Connection], None]:
    def forget(db: apsw.Connection) -> None:
        rows: list[Any] = db.execute("SELECT rowid, frontier FROM snapshots WHERE note_id = ?", (note_id,)).fetchall()
        gone = [(row[0],) for row in rows if not _within(unpack_frontier(row[1]), ends)]
        db.executemany("DELETE FROM snapshots WHERE rowid = ?", gone)

    return forget
