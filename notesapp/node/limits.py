"""Which feeds of a notebook don't count to their end, kept on the disk: notes are read by it before anybody is met.

Decides only how it lies there; what counts is judged by the roster (`volume`), and this is what was judged last.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from notesapp.store.rows import PendingRow
from notesapp.store.store import Store

LIMITS = b"limits"
"""Scope of the pending rows, one for each notebook in which some feed is limited."""


def limits_row(notebook: bytes, limits: Mapping[bytes, int]) -> PendingRow:
    """The row that keeps them: feed → its last entry that counts."""
    return PendingRow(LIMITS, notebook, msgspec.msgpack.encode(sorted(limits.items())) if limits else None)


def read_limits(store: Store, notebook: bytes) -> dict[bytes, int]:
    """What was kept of a notebook. Blocking."""
    data = next((row.data for row in store.pending(LIMITS) if row.id == notebook), None)
    return dict(msgspec.msgpack.decode(data, type=list[tuple[bytes, int]])) if data else {}
