"""What a device keeps of the DHT from run to run: nodes, its own record's number, the numbers heard of others.

Numbers are kept and never taken from a clock: a clock that was wrong once would make all later records look old. Ours
is reserved in blocks before it is used, so that a crash costs numbers, not their order.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Annotated, Final

import msgspec

from notesapp.errors import LocalError
from notesapp.net.address import PACKED_BYTES, Address
from notesapp.net.candidate import NUMBERS
from notesapp.net.dht import SAVED

BLOCK: Final = 64
HEARD: Final = 1_024
_Number = Annotated[int, msgspec.Meta(ge=0, le=NUMBERS - 1)]


class _Kept(msgspec.Struct, array_like=True, frozen=True):
    reserved: _Number = 0
    heard: list[tuple[bytes, _Number]] = []
    nodes: list[bytes] = []


class DhtMemory:
    """Made from the bytes of the last run (none at first); `save` is called with new bytes to keep."""

    def __init__(self, kept: bytes | None = None, save: Callable[[bytes], None] = lambda data: None) -> None:
        try:
            was = _Kept() if kept is None else msgspec.msgpack.decode(kept, type=_Kept)
        except msgspec.MsgspecError as error:
            raise LocalError(what=f"what was kept of the DHT can't be read: {error}") from None
        self._save = save
        self._number = self._reserved = was.reserved
        self._heard: OrderedDict[bytes, int] = OrderedDict(was.heard)
        addresses = [Address.unpacked(raw) for raw in was.nodes if len(raw) == PACKED_BYTES]
        self.nodes: tuple[Address, ...] = tuple(it for it in addresses if it is not None)
        self.told: tuple[Address, ...] = ()  # by members in this run, and looked at: saved behind our own

    def next_number(self) -> int:
        """A number greater than all before it, in this run and all earlier ones."""
        self._number += 1
        if self._number > self._reserved:
            self._reserved = self._number + BLOCK
            self.keep()
        return self._number

    def at_least(self, number: int) -> None:
        """Our own record was seen with this number: go on behind it (after a restored backup)."""
        self._number = max(self._number, number)

    def hear(self, device: bytes, number: int) -> bool | None:
        """Whether a device's number is greater than all heard before; None if it is smaller: a replay."""
        before = self._heard.get(device, -1)
        if number < before:
            return None
        if number > before:
            self._heard.pop(device, None)
            self._heard[device] = number
            while len(self._heard) > HEARD:
                self._heard.popitem(last=False)
        return number > before

    def keep(self, nodes: Iterable[Address] | None = None) -> None:
        """Saves it all; `nodes`: those that answer now."""
        if nodes is not None and (found := tuple(dict.fromkeys((*tuple(nodes)[: SAVED - len(self.told)], *self.told)))):
            self.nodes = found
        kept = _Kept(self._reserved, list(self._heard.items()), [it.packed() for it in self.nodes])
        self._save(msgspec.msgpack.encode(kept))
