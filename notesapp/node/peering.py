"""Joins the network to the notebooks: links become calls, calls speak of volumes, what happens is told to all.

Decides when there is a network at all (only while somebody is to be reached, or may come), and whom it looks for;
what sessions say is `sessions`'s matter.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping

from notesapp.errors import NotesError
from notesapp.identity.keys import PersonId
from notesapp.identity.roles import Role
from notesapp.net.address import Address
from notesapp.net.standing import BondChanged, LinkOpened
from notesapp.net.standing import Event as NetEvent
from notesapp.net.standing import NearbyChanged as CardsChanged
from notesapp.net.standing import NetworkChanged as NetChanged
from notesapp.net.watch import Change
from notesapp.node import acquainted
from notesapp.node.acquainted import Way
from notesapp.node.call import Call
from notesapp.node.core import Core
from notesapp.node.events import NearbyChanged, NetworkChanged, PeopleChanged
from notesapp.node.faraway import Faraway
from notesapp.node.held import Held
from notesapp.node.network import Link, Opener, real_network
from notesapp.node.receiving import Receiving
from notesapp.node.sessions import Sessions
from notesapp.sync.hello import Circle, Run
from notesapp.sync.roles import Dialer, Listener

AGAIN_S = 10.0  # after no port could be had at all: other programs end, systems recover

logger = logging.getLogger(__name__)


class Peering(Sessions):
    """See the module. `go_online` makes it begin; until then it only keeps what is told to it."""

    def __init__(self, core: Core, receiving: Receiving) -> None:
        super().__init__(core, receiving)
        self.ways: dict[bytes, Way] = {}
        self.port: int | None = None
        self.online = False
        self.shows_card: bytes | None = None
        self._opener: Opener = real_network
        self._circle: Circle | None = None
        self._run = Run(core.entropy(16), core.clock())
        self._opening = False
        self._hints: dict[bytes, tuple[Address, ...]] = {}
        self._cancel: Callable[[], None] = lambda: None
        self.faraway = Faraway(core)

    # -- on and off ---------------------------------------------------------------------------------------------------

    async def go_online(self, opener: Opener | None = None, port: int | None = None) -> None:
        """From now on others may be reached, if there are any."""
        self.online = True
        self.port = port if port is not None else self.port
        self._opener = opener or self._opener
        self._hints |= await self.memory.load()
        for held in list(self.core.held.values()):
            if is_shared(held):
                await self.open_volume(held)
        await self.refresh()

    async def go_offline(self) -> None:
        """Everybody is told goodbye; nothing is listened to any more."""
        self.online = False
        await self._shut()

    async def close(self) -> None:
        """The end of the program."""
        await self.go_offline()
        for hearing in self.volumes.values():
            hearing.close()

    async def refresh(self) -> None:
        """Rosters or ways have changed: looks for exactly those who are to be found now."""
        if not self.online:
            return
        self._circle = acquainted.circle(self.core.persona, self._run, self.core.held, self.ways.values(), self._circle)
        wanted = acquainted.bonds(self._circle, self.ways.values())
        if wanted or self.shows_card is not None:
            await self._begin()
        elif self.network is not None:
            await self._shut()
        if self.network is not None:
            self.network.want(wanted)
            for name, addresses in self._hints.items():
                self.network.hint(name, addresses)
            self.network.show(self.shows_card)
            self.faraway.want(self._circle, self.ways.values())

    async def look_again(self) -> None:
        """A person wants everybody to be looked for anew, now."""
        if self.network is not None:
            self.network.network_changed(Change.ASKED)
        await self.refresh()

    def hint(self, name: bytes, addresses: Iterable[Address]) -> None:
        """Where a bond's other end may be."""
        self._hints[name] = tuple(dict.fromkeys((*addresses, *self._hints.get(name, ()))))[:16]
        if self.network is not None:
            self.network.hint(name, self._hints[name])

    async def open_way(self, way: Way, hints: Iterable[Address] = ()) -> None:
        """Lets somebody come by this way, or looks for who does."""
        self.ways[way.name] = way
        self._hints[way.name] = tuple(hints)
        await self.refresh()

    async def close_way(self, name: bytes) -> None:
        """Nobody comes by it any more."""
        if self.ways.pop(name, None) is not None:
            self._hints.pop(name, None)
            await self.refresh()

    async def _begin(self) -> None:
        if self.network is not None or self._opening:
            return
        self._opening = True
        try:
            network = self._opener()
            self._cancel = network.subscribe(self._happened)
            await network.open(self.port or self.memory.port)
            self.network = network
            self.memory.listened(network.report.port)
            await self.faraway.opened(network)
            self.core.over("network")
        except NotesError as error:
            self.core.trouble("network", error)
            self._cancel()
            asyncio.get_running_loop().call_later(AGAIN_S, self._try_again)
        finally:
            self._opening = False
        self.core.hook.tell(NetworkChanged())

    def _try_again(self) -> None:
        if self.online and self.network is None and self.core.tasks.is_open:
            self.core.tasks.start(self.refresh(), "opening the network port again")

    async def _shut(self) -> None:
        network, self.network = self.network, None
        if network is None:
            return
        for call in list(self.calls):
            call.close("goodbye")
        self._cancel()
        await self.faraway.closed()
        await network.aclose()
        self.core.hook.tell(NetworkChanged())

    # -- what the network tells ---------------------------------------------------------------------------------------

    def _happened(self, event: NetEvent) -> None:
        match event:
            case LinkOpened(link):
                self._take_link(link)
            case CardsChanged():
                self.core.hook.tell(NearbyChanged())
            case NetChanged():
                self.core.hook.tell(NetworkChanged())
            case BondChanged(name, state):
                for hear in self.on_bond:
                    hear(name, state.is_lost)
                self.core.hook.tell(PeopleChanged(None))
            case _:
                pass

    def _take_link(self, link: Link) -> None:
        known = self._circle
        if known is None or not self.core.tasks.is_open:
            return
        binding, now_ms, entropy, me = link.binding, self._now_ms(), self.core.entropy, known.me.device_id
        if not link.is_dialer:
            call = Call(link, Listener(known, binding, now_ms, entropy), me, self)
        else:
            way, one = self.ways.get(link.bond), known.people.get(link.bond)  # type: ignore[call-overload]  # a bond's name is a device id
            if way is not None:
                key = known.of_door(way.door)
            elif one is not None:
                key = known.of_device(one.device_id, one.box)
            else:
                return
            call = Call(link, Dialer(known, [key], binding, now_ms, entropy), me, self)
        self.calls.append(call)
        self.core.tasks.start(call.run(self.core.tasks), "talking to a peer")

    def rejudged(self, notebook: bytes, before: Mapping[PersonId, Role]) -> None:
        """Records changed and were judged: perhaps others are to be looked for."""
        super().rejudged(notebook, before)
        self.core.tasks.start(self.refresh(), "looking for the people of a notebook")

    def _now_ms(self) -> int:
        return int(asyncio.get_running_loop().time() * 1000)


def is_shared(held: Held) -> bool:
    """Whether anybody else, or another device of mine, has a part in it; or ever may by an open invite."""
    devices = [device for member in held.roster.members.values() for device in member.devices]
    return len(held.roster.members) > 1 or len(devices) > 1
