"""Reads entries in pages. Decides that no query is left open while somebody looks at what it found.

A query that runs while another one is stepped through makes apsw 3.54 keep the other for ever, and with it the moment
of the database that it sees: a reader would never hear of anything newer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apsw

from notesapp.store.rows import EntryRow

ENTRY = (
    "SELECT f.notebook, f.feed, e.idx, e.hash, e.header, e.body, e.note_id FROM entries e JOIN feeds f ON f.no = e.feed"
)
_PAGE = 64  # entries


def entries(db: apsw.Connection, feed: bytes, first: int, last: int) -> Iterator[EntryRow]:
    """The stored entries of a feed from `first` to `last`, both included, in order."""
    while True:
        page: list[Any] = db.execute(
            f"{ENTRY} WHERE f.feed = ? AND e.idx BETWEEN ? AND ? ORDER BY e.idx LIMIT ?", (feed, first, last, _PAGE)
        ).fetchall()
        rows = [EntryRow(*row) for row in page]
        yield from rows
        if len(rows) < _PAGE:
            return
        first = rows[-1].index + 1
