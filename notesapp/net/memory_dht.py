"""A DHT in memory: the same promises as the real one, for tests and for simulated worlds.

It checks signatures and numbers as real nodes do, so that what it accepts the real one accepts as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from notesapp.errors import LocalError
from notesapp.identity.blinding import BlindedKey
from notesapp.identity.primitives import verify
from notesapp.net.address import Address
from notesapp.net.dht import VALUE_BYTES, DhtHealth, DhtState, Item
from notesapp.net.krpc import signed_part

PEERS = 500  # announced addresses kept under one hash


class MemoryNetwork:
    """What all nodes together hold. A test may put anything in it, as anybody in the world can."""

    def __init__(self) -> None:
        self.peers: dict[bytes, dict[Address, None]] = {}
        self.items: dict[tuple[bytes, bytes], Item] = {}
        self.is_silent = False  # no node answers
        self.changed = asyncio.Event()

    def announce(self, info_hash: bytes, address: Address) -> None:
        """Somebody says that he is there."""
        there = self.peers.setdefault(info_hash, {})
        there.pop(address, None)
        there[address] = None
        while len(there) > PEERS:
            del there[next(iter(there))]
        self.changed.set()

    def put(self, public: bytes, salt: bytes, item: Item, signature: bytes) -> bool:
        """Whether nodes take it: rightly signed (BEP 44) and no older than what lies there."""
        old = self.items.get((public, salt))
        if old is not None and old.seq > item.seq:
            return False
        if not verify(signed_part(salt, item), signature, public):
            return False
        self.items[(public, salt)] = item
        self.changed.set()
        return True


class MemoryDht:
    """A `DhtEngine` in a `MemoryNetwork`; `host` is the address that nodes see us under."""

    def __init__(self, network: MemoryNetwork, host: str, nodes: tuple[Address, ...] = ()) -> None:
        self.health = DhtHealth(DhtState.JOINING)
        self.asked: list[str] = []  # what was asked for, in order
        self._network, self._host, self._nodes = network, host, dict.fromkeys(nodes)
        self._on_change: Callable[[], None] = lambda: None

    async def start(self, on_change: Callable[[], None]) -> None:
        """See `DhtEngine.start`."""
        self._on_change = on_change
        self.refresh()

    def refresh(self) -> None:
        """The network fell silent or came back."""
        alone = DhtHealth(DhtState.ALONE, 0, "No node of the DHT answers")
        self.health = alone if self._network.is_silent else DhtHealth(DhtState.READY, 20)
        self._on_change()

    def add_nodes(self, addresses: Iterable[Address]) -> None:
        """See `DhtEngine.add_nodes`."""
        self._nodes |= dict.fromkeys(addresses)

    @property
    def can_walk(self) -> bool:
        """See `DhtEngine.can_walk`."""
        return self.health.state is DhtState.READY

    def new_network(self) -> None:
        """See `DhtEngine.new_network`."""

    def nodes(self) -> tuple[Address, ...]:
        """See `DhtEngine.nodes`."""
        return tuple(self._nodes)

    def announce(self, info_hash: bytes, port: int) -> None:
        """See `DhtEngine.announce`."""
        self.asked.append("announce")
        if self._is_there:
            self._network.announce(info_hash, Address(self._host, port))

    async def look_up(self, info_hash: bytes, on_peers: Callable[[tuple[Address, ...]], None]) -> None:
        """See `DhtEngine.look_up`."""
        self.asked.append("look up")
        peers = tuple(self._network.peers.get(info_hash, ())) if self._is_there else ()
        for at in range(0, len(peers), 100):
            await asyncio.sleep(0)
            on_peers(peers[at : at + 100])

    async def put(self, key: BlindedKey, salt: bytes, value: bytes) -> bool:
        """See `DhtEngine.put`."""
        self.asked.append("put")
        if len(value) > VALUE_BYTES:
            raise LocalError(what=f"a DHT value has {len(value)} bytes")
        await asyncio.sleep(0)
        old = self._network.items.get((key.public, salt))
        item = Item(value, 1 if old is None else old.seq + 1)
        return self._is_there and self._network.put(key.public, salt, item, key.sign(signed_part(salt, item)))

    async def get(self, public: bytes, salt: bytes) -> Item | None:
        """See `DhtEngine.get`."""
        self.asked.append("get")
        await asyncio.sleep(0)
        return self._network.items.get((public, salt)) if self._is_there else None

    async def aclose(self) -> None:
        """See `DhtEngine.aclose`."""
        self.health = DhtHealth(DhtState.OFF)

    @property
    def _is_there(self) -> bool:
        return self.health.state is DhtState.READY and not self._network.is_silent
