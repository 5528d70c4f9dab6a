"""How entries lie in the store's rows. Decides the header's short form there, and checks hashes when it reads back.

A row's header is the hash of the entry before (32) and the compact header laid against the feed's opening, body length
and hash written out: about 95 bytes instead of 242, and whole again without its neighbours, also without its body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from notesapp.errors import LocalError, RemoteError
from notesapp.store.rows import EntryRow
from notesapp.store.store import Store
from notesapp.sync.body import Opened, read_entry
from notesapp.sync.entry import MAX_KIND, Entry, Header, Tip, compact, restore

_HASH_BYTES = 32
_NONCE_BYTES, _EPOCH_BIT, _ROSTER_BIT = 24, 0x10, 0x20  # of a compact header, see `sync.entry`


class Openings:
    """The first entry of each feed, against which its other rows are laid."""

    def __init__(self) -> None:
        self._tips: dict[bytes, Tip] = {}
        self._devices: dict[bytes, bytes] = {}

    def learn(self, rows: Iterable[EntryRow]) -> None:
        """Rows among which the openings of feeds may be."""
        for row in rows:
            if row.index == 0 and row.feed not in self._tips:
                self._learn(row.feed, self.entry(row))

    def device(self, feed: bytes) -> bytes | None:
        """Whose feed it is, by its opening; None if that is not known."""
        return self._devices.get(feed)

    def _learn(self, feed: bytes, opening: Entry) -> None:
        self._tips[feed] = Tip.at(opening)
        body = read_entry(opening, {})  # an opening is clear
        if isinstance(body, Opened):
            self._devices[feed] = body.device

    def row(self, entry: Entry, note_id: bytes | None) -> EntryRow:
        """The row of an entry; `note_id` is the document that it changes."""
        it = Header.read(entry.header)
        base = self._base(it.notebook, it.feed, it.index)
        if it.index == 0 and it.feed not in self._tips:
            self._learn(it.feed, entry)
        header = it.prev + compact(entry, base.moved(it.index - 1, it.prev), with_body=False)
        return EntryRow(it.notebook, it.feed, it.index, entry.hash, header, entry.body, note_id)

    def entry(self, row: EntryRow) -> Entry:
        """The entry in a row; LocalError if the disk changed it."""
        before = self._base(row.notebook, row.feed, row.index).moved(row.index - 1, row.header[:_HASH_BYTES])
        try:
            entry = restore(row.header[_HASH_BYTES:], row.body, before)
        except RemoteError as error:
            raise LocalError(what=f"a stored entry can't be read: {error.facts['reason']}") from None
        if entry.hash != row.hash:
            raise LocalError(what=f"entry {row.index} of feed {row.feed.hex()[:8]} isn't what was stored")
        return entry

    def _base(self, notebook: bytes, feed: bytes, index: int) -> Tip:
        if index == 0:
            return Tip.before_first(notebook, feed)
        tip = self._tips.get(feed)
        if tip is None:
            raise LocalError(what=f"the opening of feed {feed.hex()[:8]} is not known")
        return tip


def roster_named(header: bytes, base: bytes) -> bytes:
    """The roster digest that a stored row's header names; `base` is that of its feed's opening."""
    first, at = header[_HASH_BYTES], _HASH_BYTES + 1
    if not first & _ROSTER_BIT:
        return base
    while header[at] & 0x80:  # the time, LEB128
        at += 1
    at += 1 + _NONCE_BYTES + (32 if first & _EPOCH_BIT else 0)
    return header[at : at + 32]


def kind_of(header: bytes) -> int:
    """The kind of the entry whose stored row has this header."""
    return header[_HASH_BYTES] & MAX_KIND


class Stored(NamedTuple):
    """A document's entries, in order of arrival, and the openings of their feeds."""

    rows: list[EntryRow]
    openings: list[EntryRow]


def read_document(store: Store, doc_id: bytes, beyond: Mapping[bytes, int]) -> Stored:
    """A document's entries above an index per feed. Blocking."""
    rows = list(store.entries_of(doc_id, beyond))
    found = (store.entry(feed, 0) for feed in {row.feed for row in rows})
    return Stored(rows, [row for row in found if row is not None])


def judge() -> Callable[[EntryRow, bytes | None], bool]:
    """Whether a stored row is what was hashed, and continues the row before it: for salvage and the doctor."""
    openings = Openings()

    def verify(row: EntryRow, before: bytes | None) -> bool:
        try:
            openings.learn([row])
            openings.entry(row)
        except (LocalError, RemoteError):
            return False
        return row.header[:_HASH_BYTES] == (before or bytes(_HASH_BYTES))

    return verify
