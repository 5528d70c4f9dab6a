"""Lets this node be found and find others on the internet, if its person agreed. Decides what is kept of that.

Nothing leaves the local network before a person has said yes once; it can be taken back at any time. The choice, the
nodes of the DHT and the numbers of records lie in the store.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from notesapp.errors import BadBootstrap, BadRequest
from notesapp.net.dht import DhtEngine, DhtOptions
from notesapp.net.dht_engines import engine
from notesapp.net.dht_memory import DhtMemory
from notesapp.net.internet import Internet, InternetOptions, InternetReport
from notesapp.net.relay import RATE, SESSIONS
from notesapp.node.acquainted import Way
from notesapp.node.core import Core
from notesapp.node.events import NetworkChanged
from notesapp.node.meetings import meetings
from notesapp.node.network import Network
from notesapp.node.outbox import Deed
from notesapp.store.rows import Batch
from notesapp.sync.hello import Circle

BOOTSTRAP: Final = "NOTESAPP_BOOTSTRAP"
"""The nodes to ask first, instead of the public ones: “host:port”, several with commas."""

_CHOICE: Final = "internet"
_MEMORY: Final = "dht"
_NODE = re.compile(r"(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?):([0-9]{1,5})")
_NODES: Final = 16
RELAY_PAIRS: Final = 64
RELAY_KIB_S: Final = 4_096


if TYPE_CHECKING:
    from notesapp.net.grapevine import Grapevine
    from notesapp.net.swarm import Swarm


class Choice(msgspec.Struct, frozen=True):
    """What the person chose; `agreed` is None as long as nobody was asked."""

    agreed: bool | None = None
    be_found: bool = True
    mapping: bool = True
    relay: bool = True
    bootstrap: Annotated[tuple[str, ...], msgspec.Meta(max_length=_NODES)] = ()
    relay_pairs: Annotated[int, msgspec.Meta(ge=1, le=RELAY_PAIRS)] = SESSIONS
    relay_kib_s: Annotated[int, msgspec.Meta(ge=8, le=RELAY_KIB_S)] = RATE // 1024
    stun: Annotated[tuple[str, ...], msgspec.Meta(max_length=_NODES)] = ()


@dataclass(frozen=True, slots=True)
class InternetView:
    """How it stands with the internet. `agreed` None: ask the person first. `mirrors`: who sees us where."""

    choice: Choice
    on: bool
    report: InternetReport | None


class Faraway:
    """One node's. `Peering` calls `opened`, `want` and `closed`."""

    def __init__(self, core: Core, make_engine: Callable[[DhtOptions], DhtEngine] = engine) -> None:
        self.choice = Choice()
        self.make_engine = make_engine
        self._core = core
        self._swarm: Swarm | None = None
        self._internet: Internet | None = None
        self._memory = DhtMemory()
        self._wanted: tuple[Circle, tuple[Way, ...]] | None = None

    async def load(self) -> None:
        """Reads what was kept."""
        choice, memory = await self._core.journal.read(lambda store: (store.setting(_CHOICE), store.setting(_MEMORY)))
        if choice is not None:
            self.choice = msgspec.msgpack.decode(choice, type=Choice)
        self._memory = DhtMemory(memory, self._keep)

    async def choose(
        self,
        *,
        agreed: bool | None = None,
        be_found: bool | None = None,
        mapping: bool | None = None,
        relay: bool | None = None,
        bootstrap: Iterable[str] | None = None,
        relay_pairs: int | None = None,
        relay_kib_s: int | None = None,
        stun: Iterable[str] | None = None,
    ) -> None:
        """Changes what is given, and does as it says from now on; `BadBootstrap`, `BadRequest`."""
        was = self.choice
        pairs = was.relay_pairs if relay_pairs is None else relay_pairs
        kib_s = was.relay_kib_s if relay_kib_s is None else relay_kib_s
        if not 1 <= pairs <= RELAY_PAIRS or not 8 <= kib_s <= RELAY_KIB_S:
            raise BadRequest(what=f"Carry for 1 to {RELAY_PAIRS} pairs, with 8 to {RELAY_KIB_S} KiB a second each.")
        self.choice = Choice(
            was.agreed if agreed is None else agreed,
            was.be_found if be_found is None else be_found,
            was.mapping if mapping is None else mapping,
            was.relay if relay is None else relay,
            was.bootstrap if bootstrap is None else nodes_of(",".join(bootstrap)),
            pairs,
            kib_s,
            was.stun if stun is None else nodes_of(",".join(stun)),
        )
        if self.choice != was:
            kept = Batch(settings={_CHOICE: msgspec.msgpack.encode(self.choice)})
            await self._core.outbox.put(Deed(rows=kept))
            await self._stop()
            await self._start()
            self._core.hook.tell(NetworkChanged())

    @property
    def view(self) -> InternetView:
        """How it stands now."""
        report = self._internet.report if self._internet is not None else None
        return InternetView(self.choice, self._internet is not None, report)

    @property
    def grapevine(self) -> Grapevine | None:
        """What members tell of their networks; None without a network of our own."""
        return self._swarm.outreach.grapevine if self._swarm is not None else None

    # -- what peering calls -------------------------------------------------------------------------------------------

    async def opened(self, network: Network) -> None:
        """There is a port."""
        from notesapp.net.swarm import Swarm  # loaded by whoever has made one

        self._swarm = network if isinstance(network, Swarm) else None
        if self._swarm is not None:
            self._swarm.outreach.grapevine.unix_ms = self._core.clock
        await self._start()

    def want(self, known: Circle, ways: Iterable[Way]) -> None:
        """Exactly these are looked for from now on."""
        self._wanted = (known, tuple(ways))
        if self._internet is not None:
            self._internet.want(meetings(known, self._core.held, self._wanted[1]))

    async def closed(self) -> None:
        """The port is about to be closed."""
        await self._stop()
        self._swarm = None

    # -- inside -------------------------------------------------------------------------------------------------------

    async def _start(self) -> None:
        swarm, choice = self._swarm, self.choice
        if swarm is None:
            return
        carries = choice.relay and choice.agreed is True
        swarm.outreach.desk.limit(on=carries, sessions=choice.relay_pairs, rate=choice.relay_kib_s * 1024)
        if choice.agreed is not True or self._internet is not None:
            return
        options = InternetOptions(
            choice.bootstrap or nodes_of(os.environ.get(BOOTSTRAP, "")),
            choice.be_found,
            choice.mapping,
            choice.stun,
        )
        core = self._core
        self._internet = Internet(
            swarm, self._memory, core.persona.device.blinded, options, lambda: core.hook.tell(NetworkChanged()),
            core.entropy, lambda: core.clock() / 1000, self.make_engine,
        )  # fmt: skip
        await self._internet.start()
        if self._wanted is not None:
            self.want(*self._wanted)

    async def _stop(self) -> None:
        internet, self._internet = self._internet, None
        if internet is not None:
            await internet.aclose()

    def _keep(self, data: bytes) -> None:
        self._core.outbox.put(Deed(rows=Batch(settings={_MEMORY: data})))


def nodes_of(text: str) -> tuple[str, ...]:
    """The nodes that a person typed, separated by commas or spaces; `BadBootstrap` names the one that is none."""
    found = text.replace(",", " ").split()
    for one in found:
        match = _NODE.fullmatch(one)
        if match is None or not 0 < int(match[2]) < 65_536 or len(found) > _NODES:
            raise BadBootstrap(text=one[:80])
    return tuple(found)
