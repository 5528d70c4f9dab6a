"""Who has what, truthfully. Decides it from what devices told us themselves or signed; never from what was sent.

"Ana has everything up to 14:02; 3 edits wait for Ben": one of Ana's devices is enough. The time is ours: the last
moment at which she was known to have all that counted here. A person of whom nothing was heard has an unknown state,
not none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from notesapp.errors import RemoteError
from notesapp.identity.keys import PeerId
from notesapp.identity.primitives import HASH_BYTES
from notesapp.identity.record import Bytes32, Form, TimeMs
from notesapp.sync.frontier import FEED_BYTES, Frontier, Mark, read_frontier
from notesapp.sync.messages import RECEIPT_LIMIT
from notesapp.sync.receipt import Receipt

KEPT_LIMIT = 1024 * 1024  # bytes of one device's line on the disk
UNSEEN_LIMIT = 4096  # feeds of which only a device's own word is known: what is on its way here; a liar names more
_ROW_BYTES = FEED_BYTES + 8 + HASH_BYTES
_ROWS = (KEPT_LIMIT - RECEIPT_LIMIT - 1024) // _ROW_BYTES  # of a line: beside the receipt and the rest


@dataclass(slots=True)
class Known:
    """What one device has, as far as we know: how we know it, and since when it has all."""

    marks: dict[bytes, int] = field(default_factory=dict)
    complete_ms: int = 0  # when it last was known to have all that we had; 0: never
    number: int = -1  # of its newest receipt
    receipt: bytes = b""


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's state: `waiting` entries are not known to be with any device; `device` is the one that has most."""

    device: PeerId | None
    waiting: int
    complete_ms: int

    @property
    def has_all(self) -> bool:
        """Whether one of the devices has all that counts here."""
        return self.device is not None and self.waiting == 0


class _Line(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    device: Bytes32
    complete_ms: TimeMs
    table: bytes
    receipt: bytes


_LINE: Form[_Line] = Form(_Line, KEPT_LIMIT, "a remembered device")


class Ledger:
    """What the devices of one notebook have."""

    def __init__(self, frontier: Frontier) -> None:
        """`frontier` is the notebook's own, shared: it grows while we look."""
        self._frontier = frontier
        self._known: dict[bytes, Known] = {}

    def told(self, device: PeerId, marks: Mapping[bytes, int], now_ms: int) -> None:
        """A device's own word, over a session; `now_ms` is the wall clock's, for the sentence only."""
        known = self._known.setdefault(device, Known())
        room = len(self._frontier) + UNSEEN_LIMIT
        for feed, index in marks.items():
            named = feed in known.marks or self._frontier.mark(feed) is not None or len(known.marks) < room
            if named and index > known.marks.get(feed, -1):
                known.marks[feed] = index
        self._look(known, now_ms)

    def receipt(self, receipt: Receipt, now_ms: int) -> bool:
        """A device's signed word, by anybody; whether it was news (then pass it on)."""
        known = self._known.setdefault(receipt.device, Known())
        if receipt.number <= known.number:
            return False
        known.number, known.receipt = receipt.number, receipt.data
        self.told(PeerId(receipt.device), {feed: mark.index for feed, mark in receipt.frontier.marks().items()}, now_ms)
        return True

    def next_number(self, device: bytes, now_ms: int) -> int:
        """The number of this device's next receipt: above all before it, also once its clock was set back."""
        known = self._known.get(device)
        return max(now_ms, known.number + 1 if known is not None else 0)

    def receipts(self) -> tuple[bytes, ...]:
        """The newest signed word of each device, to be passed on to a peer that was away."""
        return tuple(known.receipt for known in self._known.values() if known.receipt)

    def grown(self, now_ms: int) -> None:
        """We have more than before: whoever had all until now had it until now."""
        for known in self._known.values():
            self._look(known, now_ms)

    def waiting(self, device: bytes) -> int:
        """How many entries that count here are not known to be there."""
        known = self._known.get(device)
        marks = self._frontier.marks()
        return _lacking(marks, known.marks if known else {})

    def standing(self, devices: Iterable[PeerId]) -> Standing:
        """A person's state, by those of his devices that are active."""
        best: Standing | None = None
        for device in devices:
            known = self._known.get(device)
            if known is None:
                continue
            now = Standing(device, self.waiting(device), known.complete_ms)
            if best is None or (now.waiting, -now.complete_ms) < (best.waiting, -best.complete_ms):
                best = now
        return best or Standing(None, _lacking(self._frontier.marks(), {}), 0)

    def write(self, device: bytes) -> bytes:
        """One device's line, for the disk."""
        known = self._known.get(device, Known())
        feeds = sorted((feed for feed in known.marks if known.marks[feed] >= 0), key=self._is_unseen)[:_ROWS]
        table = Frontier({feed: Mark(known.marks[feed], bytes(HASH_BYTES)) for feed in feeds}).write()
        return _LINE.encode(_Line(device, known.complete_ms, table, known.receipt))

    def load(self, data: bytes) -> None:
        """A line that was written before; `RemoteError` if it isn't one."""
        line = _LINE.decode(data)
        marks = {feed: mark.index for feed, mark in read_frontier(line.table, KEPT_LIMIT).marks().items()}
        known = Known(marks, line.complete_ms)
        if line.receipt:
            receipt = Receipt.read(line.receipt)
            if receipt.device != line.device:
                raise RemoteError(reason="a remembered receipt is another device's")
            known.number, known.receipt = receipt.number, receipt.data
        self._known[line.device] = known

    def _is_unseen(self, feed: bytes) -> bool:
        return self._frontier.mark(feed) is None

    def _look(self, known: Known, now_ms: int) -> None:
        if not _lacking(self._frontier.marks(), known.marks):
            known.complete_ms = max(known.complete_ms, now_ms)


def _lacking(ours: Mapping[bytes, Mark], theirs: Mapping[bytes, int]) -> int:
    return sum(max(0, mark.index - theirs.get(feed, -1)) for feed, mark in ours.items())
