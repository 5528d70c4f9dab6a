"""What two members tell each other of how it stands with their networks. Decides the bytes; believes nothing.

Said in one sealed probe over a validated way: the wall clock, what mirrors say of the router, the DHT, and some of its
nodes. It makes the nodes of a few the nodes of all, and a two-ended look at a connection possible.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final

import msgspec

from notesapp.identity.record import MAX_TIME_MS, Form
from notesapp.net.address import PACKED_BYTES, Address
from notesapp.net.candidate import NatClass
from notesapp.net.dht import DhtState

NODES: Final = 14  # that one word may name
LIMIT: Final = 400  # bytes; a long probe holds 412
_Place = Annotated[bytes, msgspec.Meta(max_length=PACKED_BYTES)]


class Tidings(msgspec.Struct, array_like=True, frozen=True):
    """`asks`: answer with yours. `private`: the nodes are of a DHT of one's own. Fields of later versions follow."""

    asks: bool
    unix_ms: Annotated[int, msgspec.Meta(ge=0, le=MAX_TIME_MS)]
    nat: NatClass = NatClass.UNKNOWN
    outside: _Place = b""
    opened: _Place = b""
    relays: bool = False
    dht: DhtState = DhtState.OFF
    answering: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    private: bool = False
    packed_nodes: Annotated[bytes, msgspec.Meta(max_length=NODES * PACKED_BYTES)] = b""

    @property
    def external(self) -> Address | None:
        """Where mirrors see the sender's port."""
        return _address(self.outside)

    @property
    def mapped(self) -> Address | None:
        """What the sender's router keeps open for it."""
        return _address(self.opened)

    @property
    def nodes(self) -> tuple[Address, ...]:
        """Nodes of the DHT, as the sender says."""
        pieces = [self.packed_nodes[at : at + PACKED_BYTES] for at in range(0, len(self.packed_nodes), PACKED_BYTES)]
        found = [_address(piece) for piece in pieces]
        return tuple(it for it in found if it is not None)


TIDINGS: Form[Tidings] = Form(Tidings, LIMIT, "tidings")


def packed(address: Address | None) -> bytes:
    """An address as it stands in tidings."""
    return b"" if address is None else address.packed()


def packed_nodes(nodes: Iterable[Address]) -> bytes:
    """Nodes as they stand in tidings."""
    return b"".join(it.packed() for it in list(nodes)[:NODES])


def _address(raw: bytes) -> Address | None:
    found = Address.unpacked(raw)
    return found if found is not None and found.usable else None
