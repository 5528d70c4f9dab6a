"""What a repair set aside, brought back: into the feeds once their holes are filled, else as new notes to be looked at.

A salvage ends a feed before its first hole and sets aside what lies behind (`store.chains`). Such changes can't go on
in their note: whoever gets that feed lacks the hole, and another device may still bring all of it, which would then be
there twice. So a note that reads differently with them gets a copy beside it, in the folder “Recovered” of a notebook
that nobody else has, made once; the person decides what of it goes back. Nothing set aside is ever thrown away here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from hashlib import blake2b

from notesapp.errors import LocalError, NotesError
from notesapp.node.acts import Acts
from notesapp.node.core import Core
from notesapp.node.held import Held
from notesapp.node.indexes import Indexes
from notesapp.node.loading import load
from notesapp.node.outbox import STALE_TEXT, Deed, joined
from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind
from notesapp.notes.versions import typed_text
from notesapp.store import aftermath, chains
from notesapp.store.rows import Batch, EntryRow, PendingRow
from notesapp.store.store import Store
from notesapp.sync.body import Changed

logger = logging.getLogger(__name__)

FOLDER = "Recovered"
_OFFERED = b"recovered"  # scope of the pending rows that name notes whose copy was made, and from what
_HASH_BYTES = 32


async def recover(core: Core, indexes: Indexes, acts: Acts) -> None:
    """Does both; to be called before texts are read. Cheap where nothing was set aside."""
    if not await core.journal.read(lambda store: next(chains.aside(store.db), None) is not None):
        return
    back = await core.journal.write_with(_put_back)
    for row in back:
        logger.info("= entry %d of feed %s is back in its place", row.index, row.feed.hex()[:8])
    copies: list[bytes] = []
    for note_id, rows in (await core.journal.read(_not_offered)).items():
        try:
            copies += await _offer(core, indexes, acts, note_id, rows)
        except NotesError as error:
            logger.error("! what was set aside of %s can't be read: %s", note_id.hex()[:8], error)
    if copies:
        sentence = (
            f"Of {len(copies):,} notes, changes behind a gap that the damage left could be read: what the notes say"
            f" with them is in new notes in the folder “{FOLDER}”."
        )
        core.untold = (*core.untold, sentence)
        now_ms = core.clock()
        await core.journal.write_with(lambda store: aftermath.remember(store, (sentence,), now_ms))


def _put_back(store: Store) -> tuple[EntryRow, ...]:
    """What follows its feed's end again; its documents' stored texts are overtaken by that. Blocking."""
    with store.whole():
        back = chains.put_back(store.db, lambda row, before: row.header[:_HASH_BYTES] == before)
        docs = {row.note_id for row in back if row.note_id is not None}
        store.put(Batch(pending=tuple(PendingRow(STALE_TEXT, doc_id, b"") for doc_id in docs)))
    return back


def _not_offered(store: Store) -> dict[bytes, list[EntryRow]]:
    """Notes and what is set aside of them, without those whose copy was made of the very same. Blocking."""
    found: dict[bytes, list[EntryRow]] = {}
    for row in chains.aside(store.db):
        if row.note_id is not None:
            found.setdefault(row.note_id, []).append(row)
    offered = {row.id: row.data for row in store.pending(_OFFERED)}
    return {note_id: rows for note_id, rows in found.items() if offered.get(note_id) != _name(rows)}


def _name(rows: Iterable[EntryRow]) -> bytes:
    return blake2b(b"".join(row.hash for row in rows), digest_size=16).digest()


async def _offer(core: Core, indexes: Indexes, acts: Acts, note_id: bytes, rows: list[EntryRow]) -> list[bytes]:
    """The copy of one note, if it would say anything new."""
    held = core.held.get(rows[0].notebook)
    if held is None or note_id == held.index_id:
        return []
    openings = await core.journal.read(lambda store: [store.entry(feed, 0) for feed in {row.feed for row in rows}])
    core.openings.learn(row for row in openings if row is not None)
    before, after, loose = await _with_them(core, held, note_id, rows)
    done = Batch(pending=(PendingRow(_OFFERED, note_id, _name(rows)),))
    if after == before and not loose:
        await core.outbox.put(Deed(rows=done))
        return []
    text = after + ("\n\n" if after and loose else "") + "\n\n".join(loose)
    view = core.library.get(note_id)
    name = (view.file_name if view is not None else "") or "Recovered note"
    index = await indexes.open(await private_notebook(core, acts))
    copy, deed = await acts.made_note(index, text, FOLDER, name, keep_open=False)
    deed.rows = joined([deed.rows, done])
    await core.outbox.put(deed)
    return [copy]


async def _with_them(core: Core, held: Held, note_id: bytes, rows: list[EntryRow]) -> tuple[str, str, list[str]]:
    """(the text without them, with them, what was typed in those that have no place without what is missing)."""
    try:
        replica = (await load(core, held, note_id, Kind.NOTE)).replica
    except LocalError:
        replica = Replica.empty(Kind.NOTE, held.feed.actor)  # its creating change is among the lost
    before = replica.text if replica.created else ""
    changes = [(row.feed, body.raw) for row in rows if isinstance(body := held.read(row), Changed)]
    received = replica.receive([raw for _, raw in changes], feeds=[feed for feed, _ in changes])
    there = {change.hash for change in received.applied} if replica.created else set()
    loose = [] if len(there) == len(changes) else [typed_text(raw) for _, raw in changes]
    after = replica.text if replica.created else ""
    return before, after, [text for text in loose if text.strip() and text not in after]


async def private_notebook(core: Core, acts: Acts) -> bytes:
    """The first notebook that nobody else has, or a new one."""
    held = ((key, core.held[key]) for key in core.library.names())
    own = [key for key, one in held if len(one.roster.members) == 1 and one.refusal is None]
    if own:
        return min(own, key=lambda key: (core.held[key].time_made_ms, key))
    return await acts.create_notebook(FOLDER)
