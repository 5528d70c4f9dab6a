"""A network in memory for real nodes: the two ends of a bond are linked, unless the test keeps them apart."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.link import MemoryLink
from notesapp.net.standing import BondChanged, BondState, Event, LinkEnded, LinkOpened, NearbyChanged, Report, Stage
from notesapp.net.watch import Change
from notesapp.node.network import Network
from notesapp.node.node import Node
from notesapp.store.places import Home
from tests.node.conftest import OPEN

DEADLINE_S = 30.0


class Air:
    """All networks of a test."""

    def __init__(self) -> None:
        self.present: list[MemoryNetwork] = []
        self.apart: set[frozenset[str]] = set()
        self.silent: set[frozenset[str]] = set()

    def network(self, name: str) -> MemoryNetwork:
        """One more computer."""
        return MemoryNetwork(self, name)

    def part(self, one: str, other: str) -> None:
        """These two don't reach each other any more."""
        self.apart.add(frozenset((one, other)))
        for network in self.present:
            for (_, there), link in list(network.links.items()):
                if {network.name, there} == {one, other}:
                    link.die()

    def join(self, one: str, other: str) -> None:
        """They do again."""
        self.apart.discard(frozenset((one, other)))
        self.look()

    def hush(self, one: str, other: str, silent: bool = True) -> None:
        """Nothing is heard between them, or is again; their link is kept, as a real one is for a while."""
        (self.silent.add if silent else self.silent.discard)(frozenset((one, other)))
        for network in self.present:
            for bond, there in list(network.links):
                if {network.name, there} == {one, other}:
                    network.tell_state(bond)

    def look(self) -> None:
        """Links whoever can be."""
        asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        for one in self.present:
            for other in self.present:
                if one is not other and frozenset((one.name, other.name)) not in self.apart:
                    self._link(one, other)
        for network in self.present:
            network.cards_changed()

    def _link(self, one: MemoryNetwork, other: MemoryNetwork) -> None:
        for bond in list(one.bonds.values()):
            for their in list(other.bonds.values()):
                first = bond.side is Side.SECOND if bond.many else bond.side is Side.FIRST
                if bond.secret != their.secret or not first or their.side is not bond.side.other:
                    continue
                if (bond.name, other.name) in one.links:
                    continue
                dialer, listener = MemoryLink.pair(bond.name, os.urandom(32))
                listener.bond = their.name
                one.opened(bond.name, other.name, dialer)
                other.opened(their.name, one.name, listener)


class MemoryNetwork:
    """A `Network` of one computer."""

    def __init__(self, air: Air, name: str) -> None:
        self.name = name
        self.generation = 0
        self.bonds: dict[bytes, Bond] = {}
        self.links: dict[tuple[bytes, str], MemoryLink] = {}
        self.is_open = False
        self.card: bytes | None = None
        self._air = air
        self._listeners: list[Callable[[Event], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._seen: dict[str, bytes] = {}

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def open(self, port: int | None = None) -> None:
        self.is_open = True
        self._air.present.append(self)
        self._air.look()

    def want(self, bonds: Iterable[Bond]) -> None:
        self.bonds = {bond.name: bond for bond in bonds}
        for (name, _), link in list(self.links.items()):
            if name not in self.bonds:
                link.die()
        self._air.look()

    def hint(self, name: bytes, addresses: Iterable[Address]) -> None:
        pass

    def network_changed(self, change: Change) -> None:
        self._air.look()

    def show(self, card: bytes | None) -> None:
        self.card = card
        self._air.look()

    @property
    def cards(self) -> dict[str, bytes]:
        return {
            other.name: other.card
            for other in self._air.present
            if other is not self
            and other.card is not None
            and frozenset((self.name, other.name)) not in self._air.apart
        }

    def cards_changed(self) -> None:
        if self.cards != self._seen:
            self._seen = self.cards
            self._tell(NearbyChanged(self._seen))

    def addresses(self) -> tuple[Address, ...]:
        return (Address("192.0.2.1", 45654),)

    def good_addresses(self, name: bytes) -> tuple[Address, ...]:
        return ()

    def state(self, name: bytes) -> BondState:
        there = next((there for bond, there in self.links if bond == name), None)
        if there is None:
            return BondState(Stage.SEARCHING)
        return BondState(Stage.SILENT if frozenset((self.name, there)) in self._air.silent else Stage.DIRECT)

    def tell_state(self, name: bytes) -> None:
        """How it stands with a bond has changed."""
        self._tell(BondChanged(name, self.state(name)))

    @property
    def report(self) -> Report:
        return Report(45654, None, True, self.addresses(), None, {}, 0)

    async def aclose(self) -> None:
        self.is_open = False
        if self in self._air.present:
            self._air.present.remove(self)
        for link in list(self.links.values()):
            await link.aclose()
        self._air.look()

    def opened(self, bond: bytes, other: str, link: MemoryLink) -> None:
        self.links[bond, other] = link
        task = asyncio.get_running_loop().create_task(self._attend(bond, other, link))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._tell(LinkOpened(link))

    async def _attend(self, bond: bytes, other: str, link: MemoryLink) -> None:
        end = await link.wait_closed()
        if self.links.get((bond, other)) is link:
            del self.links[bond, other]
        self._tell(LinkEnded(link, end))
        if self.is_open:
            await asyncio.sleep(0.02)
        if self.is_open:  # and not closed meanwhile
            self._air.look()

    def _tell(self, event: Event) -> None:
        for listener in list(self._listeners):
            listener(event)


class Room:
    """People with real nodes in one air."""

    def __init__(self, folder: Path, stack: AsyncExitStack) -> None:
        self.air = Air()
        self._folder = folder
        self._stack = stack
        self._nodes: dict[str, Node] = {}

    def __getitem__(self, name: str) -> Node:
        return self._nodes[name]

    async def enter(self, name: str, *, online: bool = True) -> Node:
        """A person's node, new or as it was left."""
        node = self._nodes[name] = await Node.open(Home(self._folder / name), OPEN)
        self._stack.push_async_callback(node.close)
        await node.people.set_me(name)
        if online:
            await self.go_online(name)
        return node

    async def go_online(self, name: str) -> None:
        """Gives a node its network."""
        await self._nodes[name].people.go_online(lambda: self.network(name))

    def network(self, name: str) -> Network:
        """The network of a person's computer."""
        return self.air.network(name)

    async def leave(self, name: str) -> None:
        """The program ends."""
        await self._nodes[name].close()


@asynccontextmanager
async def room(folder: Path, *names: str) -> AsyncIterator[Room]:
    """A room with these people in it."""
    async with AsyncExitStack() as stack:
        found = Room(folder, stack)
        for name in names:
            await found.enter(name)
        yield found


async def until(what: Callable[[], object], deadline_s: float = DEADLINE_S) -> None:
    """Waits until something is true."""
    async with asyncio.timeout(deadline_s):
        while not what():  # noqa: ASYNC110 - what a node will have done is told by no single event
            await asyncio.sleep(0.01)


async def until_async(what: Callable[[], Awaitable[object]], deadline_s: float = DEADLINE_S) -> None:
    """The same for questions that must be awaited."""
    async with asyncio.timeout(deadline_s):
        while not await what():  # noqa: ASYNC110 - the same
            await asyncio.sleep(0.02)
