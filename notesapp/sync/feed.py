"""Writing one's own feed, and following another's. Decides what chains and what is vouched for; keeps nothing on disk.

Invariants of a reader: 1. each entry continues the one before it; 2. the first is an `open` whose device and nonce make
the feed's id; 3. nothing comes after `close`; 4. only a signed head of that device makes entries fit for the disk: what
is not vouched for is dropped when a head says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from notesapp.errors import LocalError, RemoteError
from notesapp.identity.keys import Device
from notesapp.identity.primitives import Entropy
from notesapp.identity.record import clamp_time
from notesapp.sync.attachment import Manifest, write_manifest
from notesapp.sync.body import (
    FEED_NONCE_BYTES,
    NOTE_ID_BYTES,
    Opened,
    Under,
    check_body,
    feed_id,
    read_entry,
    write_entry,
)
from notesapp.sync.entry import Entry, Header, Kind, Tip, unpack
from notesapp.sync.head import Fork, SignedHead, head_bytes
from notesapp.sync.wire import BATCH_LIMIT

PENDING_LIMIT = 2 * BATCH_LIMIT  # bytes that a reader holds in memory before a head vouches for them


class FeedWriter:
    """The one hand that writes a feed. It keeps nothing: the caller commits entries, then the head, then sends."""

    def __init__(self, device: Device, tip: Tip, under: Under) -> None:
        """Goes on with a feed at `tip`, which must be the newest that was ever written: see the high-water mark."""
        self._device = device
        self._tip = tip
        self._under = under

    @classmethod
    def begin(
        cls, notebook: bytes, device: Device, under: Under, *, now_ms: int, entropy: Entropy
    ) -> tuple[FeedWriter, Entry]:
        """A new feed of this device, and its `open` entry."""
        nonce = entropy(FEED_NONCE_BYTES)
        writer = cls(device, Tip.before_first(notebook, feed_id(notebook, device.device_id, nonce)), under)
        return writer, writer._append(Kind.OPEN, device.device_id + nonce, now_ms, entropy)

    @property
    def feed(self) -> bytes:
        """The feed's id (16 bytes), the actor of the changes that go into it."""
        return self._tip.feed

    @property
    def tip(self) -> Tip:
        """The last entry; a feed is resumed, or an unwritten batch taken back, from an earlier tip."""
        return self._tip

    def go_under(self, under: Under) -> None:
        """From now on seals under another epoch, or names a newer roster."""
        self._under = under

    def take_back(self, tip: Tip) -> None:
        """Forgets what was appended after `tip`, unless any of it was signed and left this program."""
        if tip.feed != self._tip.feed or tip.index > self._tip.index:
            raise LocalError(what="a feed was to be taken back to a place that it doesn't have")
        self._tip = tip

    def append_change(self, note_id: bytes, raw: bytes, *, now_ms: int, entropy: Entropy) -> Entry:
        """A change of a note, raw as the engine made it; `TooLarge` above 1 MiB."""
        if len(note_id) != NOTE_ID_BYTES or not raw:
            raise LocalError(what="a change without note or content was to be written")
        return self._append(Kind.CHANGE, note_id + raw, now_ms, entropy)

    def append_blob(self, manifest: Manifest, *, now_ms: int, entropy: Entropy) -> Entry:
        """The announcement of an attachment."""
        return self._append(Kind.BLOB, write_manifest(manifest), now_ms, entropy)

    def close(self, *, now_ms: int, entropy: Entropy) -> Entry:
        """The last entry: nothing may follow."""
        return self._append(Kind.CLOSE, b"", now_ms, entropy)

    def signed_head(self) -> SignedHead:
        """The device's signature over the last entry: one per group commit."""
        return SignedHead.make(self._tip, self._device)

    def _append(self, kind: Kind, plain: bytes, now_ms: int, entropy: Entropy) -> Entry:
        if self._tip.closed:
            raise LocalError(what="a closed feed was to be written")
        under, before, time_ms = self._under, self._tip, clamp_time(now_ms)
        entry = write_entry(before, kind, plain, under, time_ms, entropy)
        closed = kind is Kind.CLOSE
        index = before.index + 1
        self._tip = Tip(before.notebook, before.feed, index, entry.hash, under.epoch, under.roster, time_ms, closed)
        return entry


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a signed head made fit for the disk: the entries since the head before, in order."""

    head: SignedHead
    entries: tuple[Entry, ...]


class FeedReader:
    """Follows one feed of somebody's device, entry by entry, and says what may be stored."""

    def __init__(self, tip: Tip, opened: Opened | None = None, head: SignedHead | None = None) -> None:
        """Goes on after `tip`, which is stored and vouched for by `head`; or begins, with `Tip.before_first`."""
        if (tip.index >= 0) != (opened is not None):
            raise LocalError(what="a feed was resumed without knowing whose it is")
        self._tip = self._vouched_tip = tip
        self._opened = opened
        self._head = head
        self._pending: list[Entry] = []
        self._pending_bytes = 0

    @property
    def tip(self) -> Tip:
        """The last entry that chains, vouched for or not."""
        return self._tip

    @property
    def vouched(self) -> Tip:
        """The last entry that a signed head vouches for."""
        return self._vouched_tip

    @property
    def opened(self) -> Opened | None:
        """Whose feed it is, once its first entry came."""
        return self._opened

    def advance(self, entry: Entry) -> Tip:
        """Takes the next entry; `RemoteError` if it doesn't continue the chain, and then nothing has changed."""
        it = Header.read(entry.header)
        tip = self._tip
        if tip.closed:
            raise RemoteError(reason="a feed goes on after it was closed")
        if (it.notebook, it.feed, it.index, it.prev) != (tip.notebook, tip.feed, tip.index + 1, tip.hash):
            raise RemoteError(reason="an entry doesn't continue its feed")
        if (it.kind == Kind.OPEN) != (it.index == 0):
            raise RemoteError(reason="a feed begins twice, or without a beginning")
        entry = Entry.of(entry.header, entry.body)
        if entry.body is not None:
            check_body(it, entry.body)
        if self._pending_bytes + entry.size > PENDING_LIMIT:
            raise RemoteError(reason=f"more than {PENDING_LIMIT} bytes of a feed came without a signed head")
        if it.index == 0:
            self._opened = _owner_of(tip, entry)
        self._pending.append(entry)
        self._pending_bytes += entry.size
        self._tip = it.tip(entry.hash)
        return self._tip

    def take(self, packed: bytes) -> Tip:
        """Takes successive entries as `pack` sent them; all of them, or `RemoteError` and nothing has changed."""
        before, opened, count, size = self._tip, self._opened, len(self._pending), self._pending_bytes
        try:
            for entry in unpack(packed, before):
                self.advance(entry)
        except RemoteError:
            self._tip, self._opened, self._pending_bytes = before, opened, size
            del self._pending[count:]
            raise
        return self._tip

    def vouch(self, signed: bytes) -> Vouched | Fork | None:
        """Takes a signed head: what it makes fit for the disk, None if nothing new, or the proof of a second history.

        `RemoteError` if its signature fails, it is ahead of the entries, or they are others than it says; the entries
        that no head vouches for are then dropped (`tip` goes back to `vouched`).
        """
        if self._opened is None:
            raise RemoteError(reason="a signed head came before its feed")
        head = SignedHead.read(signed, self._opened.device)
        if (head.notebook, head.feed) != (self._tip.notebook, self._tip.feed):
            raise RemoteError(reason="a signed head is about another feed")
        if self._head is not None and head.index == self._head.index and head.hash != self._head.hash:
            return Fork(self._opened.device, self._opened.nonce, self._head.data, b"", head.data, b"")
        if head.index <= self._vouched_tip.index:
            return None
        count = head.index - self._vouched_tip.index
        if count > len(self._pending):
            raise RemoteError(reason="a signed head is ahead of its entries")
        if self._pending[count - 1].hash != head.hash:
            self.drop()
            raise RemoteError(reason="entries are others than their signed head says")
        fit = tuple(self._pending[:count])
        del self._pending[:count]
        self._pending_bytes -= sum(entry.size for entry in fit)
        self._vouched_tip = Tip.at(fit[-1])
        self._head = head
        return Vouched(head, fit)

    def vouch_tip(self, signature: bytes) -> Vouched | Fork | None:
        """The same for the bare signature (64 bytes) over the tip, as it travels behind packed entries."""
        return self.vouch(head_bytes(self._tip, signature))

    def drop(self) -> None:
        """Forgets the entries that no head vouches for."""
        self._tip = self._vouched_tip
        self._pending.clear()
        self._pending_bytes = 0
        if self._tip.index < 0:
            self._opened = None


def _owner_of(tip: Tip, entry: Entry) -> Opened:
    opened = read_entry(entry, {})
    if not isinstance(opened, Opened):
        raise RemoteError(reason="a feed's beginning doesn't say whose it is")
    if feed_id(tip.notebook, opened.device, opened.nonce) != tip.feed:
        raise RemoteError(reason="a feed's id is not made of its device and nonce")
    return opened
