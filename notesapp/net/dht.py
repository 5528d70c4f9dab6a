"""The internet's own phone book (BitTorrent's Mainline DHT): what an engine must do, and how it stands with it.

An engine announces, looks up, puts and gets opaque bytes; what they mean is `topics`', when to do it is `dht_plan`'s.
Every wait in it ends. Where there is no engine (switched off, no wheel for this system) `NoDht` says so, and everything
else keeps working.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from notesapp.identity.blinding import BlindedKey
from notesapp.net.address import Address

LOOK_UP_S: Final = 12.0  # answers come in a stream that has no end: this is ours
GET_S: Final = 6.0  # whoever holds it answers within this; the end may wait 15 s for a dead node
PUT_S: Final = 30.0
ENOUGH: Final = 8  # nodes with which a lookup is worth beginning; one dead node may stall the bootstrap for 15 s
VALUE_BYTES: Final = 996  # BEP 44: 1,000 with the bencoding around
SAVED: Final = 200  # nodes worth keeping for the next start
ALONE_S: Final = 20.0  # without any node: then a person reads it

# Asked for a first list of nodes, and never again once there is a saved one. None of them learns what is looked up.
PUBLIC_BOOTSTRAP: Final = (
    "dht.libtorrent.org:25401",
    "router.bittorrent.com:6881",
    "dht.transmissionbt.com:6881",
    "router.utorrent.com:6881",
)


class DhtState(StrEnum):
    """How it stands with the DHT."""

    OFF = "off"
    MISSING = "missing"  # no engine on this system
    JOINING = "joining"
    READY = "ready"
    ALONE = "alone"  # no node answers


@dataclass(frozen=True, slots=True)
class DhtHealth:
    """What a person may read: `nodes` that answer, and what is wrong, as a sentence with what would help."""

    state: DhtState
    nodes: int = 0
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class DhtOptions:
    """`bootstrap`: "host:port" of nodes to ask first. `private`: a network of one's own, small and in one place.

    `reachable`: the engine's port can be reached from outside, so it may serve others (BEP 43). `listen`: local
    addresses. `saved`: nodes of earlier runs, or told by members.
    """

    bootstrap: tuple[str, ...] = ()
    saved: tuple[Address, ...] = ()
    private: bool = False
    reachable: bool = False
    listen: tuple[str, ...] = ("0.0.0.0:0", "[::]:0")


@dataclass(frozen=True, slots=True)
class Item:
    """A BEP 44 value that its key has signed, and the number under which."""

    value: bytes
    seq: int


class DhtEngine(Protocol):
    """One node of the DHT. Make it, `start`, then the rest."""

    @property
    def health(self) -> DhtHealth:
        """How it stands now."""

    async def start(self, on_change: Callable[[], None]) -> None:
        """Begins to join; `on_change` is called on the loop when `health.state` is another one."""

    @property
    def can_walk(self) -> bool:
        """Whether it is of use to ask for anything now."""

    def add_nodes(self, addresses: Iterable[Address]) -> None:
        """Nodes that somebody knows of."""

    def new_network(self) -> None:
        """This is another network: nodes are asked anew."""

    def nodes(self) -> tuple[Address, ...]:
        """Nodes that answered, for the next start, for members and for mirrors; at most 200."""

    def announce(self, info_hash: bytes, port: int) -> None:
        """Says that we are reached on this outside port; unheard if there is no node."""

    async def look_up(self, info_hash: bytes, on_peers: Callable[[tuple[Address, ...]], None]) -> None:
        """Tells of announced addresses as they come in, for 12 s. Anybody may have announced anything."""

    async def put(self, key: BlindedKey, salt: bytes, value: bytes) -> bool:
        """Whether the value lies there now, as a reading back shows."""

    async def get(self, public: bytes, salt: bytes) -> Item | None:
        """The newest value found under a key within 6 s."""

    async def aclose(self) -> None:
        """Leaves."""


class NoDht:
    """An engine that is not there: finds nothing, and says why."""

    def __init__(self, state: DhtState = DhtState.OFF, trouble: str | None = None) -> None:
        self.health = DhtHealth(state, 0, trouble)

    async def start(self, on_change: Callable[[], None]) -> None:
        """See `DhtEngine.start`."""

    can_walk = False

    def add_nodes(self, addresses: Iterable[Address]) -> None:
        """See `DhtEngine.add_nodes`."""

    def new_network(self) -> None:
        """See `DhtEngine.new_network`."""

    def nodes(self) -> tuple[Address, ...]:
        """See `DhtEngine.nodes`."""
        return ()

    def announce(self, info_hash: bytes, port: int) -> None:
        """See `DhtEngine.announce`."""

    async def look_up(self, info_hash: bytes, on_peers: Callable[[tuple[Address, ...]], None]) -> None:
        """See `DhtEngine.look_up`."""

    async def put(self, key: BlindedKey, salt: bytes, value: bytes) -> bool:
        """See `DhtEngine.put`."""
        return False

    async def get(self, public: bytes, salt: bytes) -> Item | None:
        """See `DhtEngine.get`."""
        return None

    async def aclose(self) -> None:
        """See `DhtEngine.aclose`."""
