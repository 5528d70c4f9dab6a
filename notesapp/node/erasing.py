"""Erases what deleted notes left on this disk. Decides when: at once where it was done, 30 days later elsewhere.

A deletion that somebody else's word brought is obeyed after 30 days, and only if it still counts then. Until then the
texts lie here, shown by no list: whoever deletes what isn't his to delete can be removed, and the notes are back.
"""

from __future__ import annotations

import logging

from notesapp.node.core import Core
from notesapp.store.blobs import KEPT_MS
from notesapp.store.rows import Batch, PendingRow
from notesapp.store.search import Search
from notesapp.store.store import Store

logger = logging.getLogger(__name__)

TO_ERASE = b"to-erase"
"""Scope of the pending rows that name notes which were deleted here, and whose bodies still lie on this disk."""

HEARD = b"heard-deleted"
"""Scope of those that others deleted; the row says when that was heard of (8 bytes, ms)."""

_TIME_BYTES = 8


async def erase_own(core: Core) -> None:
    """Erases what was deleted here; goes on where a kill stopped it."""
    rows = await core.journal.read(lambda store: list(store.pending(TO_ERASE)))
    if rows:
        await core.journal.write_with(lambda store: _erase(store, TO_ERASE, [row.id for row in rows]))


async def erase_heard(core: Core) -> int:
    """Notices what others deleted, and erases what has been so for 30 days. How many notes it erased."""
    now_ms = core.clock()
    deleted = {view.note_id for view in core.library if view.deleted}

    def notice(store: Store) -> list[bytes]:
        heard = {row.id: int.from_bytes(row.data or b"") for row in store.pending(HEARD)}
        due = [note_id for note_id, ms in heard.items() if note_id in deleted and ms + KEPT_MS <= now_ms]
        rows = [PendingRow(HEARD, note_id, None) for note_id in heard.keys() - deleted]  # it doesn't count any more
        late = [note_id for note_id, ms in heard.items() if ms > now_ms]  # by a clock that was wrong
        new = [note_id for note_id in deleted - heard.keys() if has_body(store, note_id)]
        rows += [PendingRow(HEARD, note_id, now_ms.to_bytes(_TIME_BYTES)) for note_id in (*late, *new)]
        store.put(Batch(pending=tuple(rows)))
        return due

    due = await core.journal.write_with(notice)
    due = [note_id for note_id in due if (view := core.library.get(note_id)) is not None and view.deleted]
    if due:
        await core.journal.write_with(lambda store: _erase(store, HEARD, due))
        logger.info("= erased %d notes that others deleted for ever", len(due))
    return len(due)


def has_body(store: Store, note_id: bytes) -> bool:
    """Whether anything of a note lies here that was not erased."""
    one = "SELECT EXISTS(SELECT 1 FROM entries WHERE note_id = ? AND body IS NOT NULL)"
    return bool(store.db.execute(one, (note_id,)).get)


def _erase(store: Store, scope: bytes, note_ids: list[bytes]) -> None:
    for note_id in note_ids:
        with store.whole():
            store.erase_note(note_id)
            Search(store.db).remove([note_id])
            store.put(Batch(pending=(PendingRow(scope, note_id, None),)))
