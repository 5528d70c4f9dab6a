"""Decides whether a stored text is what a note's entries say, and reads it from them where it isn't.

A stored text names the entries that it holds; if the store has others of its note, they count, and the text doesn't.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from notesapp.node.core import Core
from notesapp.node.entries import Stored
from notesapp.node.loading import Covered, advance, newest_snapshot, raws_beyond, unpack_frontier
from notesapp.store.rows import SnapshotRow, TextRow
from notesapp.store.store import Store

_REACH = "SELECT e.note_id, f.feed, max(e.idx) FROM entries e JOIN feeds f ON f.no = e.feed"


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note's text, which entries it holds, and when the newest of those was made that had to be read (else 0)."""

    text: str
    covered: Covered
    edited_ms: int = 0


async def read_text(core: Core, note_id: bytes) -> NoteText | None:
    """The text of a note that is not open, as all its durable entries make it; None if there is none here."""
    row, way = await core.journal.read(lambda store: _look(store, note_id))
    if way is None:
        return None if row is None else NoteText(row.text, unpack_frontier(row.frontier))
    snapshot, beyond = way
    if snapshot is None and not beyond.rows:
        return None
    held = core.notebook(core.library.note(note_id).notebook_id)
    base = snapshot.data if snapshot is not None else None
    text = await core.workers.run("read_text", base=base, changes=raws_beyond(core, held, beyond))
    covered = unpack_frontier(snapshot.frontier) if snapshot is not None else {}
    advance(covered, beyond.rows)
    return NoteText(text, covered, max((held.time_ms(entry) for entry in beyond.rows), default=0))


def stored_texts(store: Store, notebook_id: bytes) -> tuple[dict[bytes, str], set[bytes]]:
    """The stored texts of a notebook, and the documents whose entries (of any notebook) are beyond theirs. Blocking."""
    return {row.note_id: row.text for row in store.texts(notebook_id)}, behind(store)


def behind(store: Store) -> set[bytes]:
    """The documents that have an entry which their stored text doesn't hold, or no text at all. Blocking."""
    frontiers = dict(store.db.execute("SELECT note_id, frontier FROM texts"))
    reach = store.db.execute(f"{_REACH} WHERE e.note_id IS NOT NULL GROUP BY e.note_id, e.feed")
    return {
        doc_id for doc_id, feed, index in reach if unpack_frontier(frontiers.get(doc_id, b"")).get(feed, -1) < index
    }


def _look(store: Store, note_id: bytes) -> tuple[TextRow | None, tuple[SnapshotRow | None, Stored] | None]:
    """The stored text and, if it is not the newest, the way to that."""
    row = store.text(note_id)
    if row is not None:
        covered = unpack_frontier(row.frontier)
        reach: list[Any] = store.db.execute(f"{_REACH} WHERE e.note_id = ? GROUP BY e.feed", (note_id,)).fetchall()
        if all(covered.get(feed, -1) >= index for _, feed, index in reach):
            return row, None
    return row, newest_snapshot(store, note_id)
