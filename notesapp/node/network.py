"""What a node wants of the network, as an interface: the swarm keeps it over real sockets, tests in memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Protocol

from notesapp.net.address import Address
from notesapp.net.bond import Bond
from notesapp.net.link import Link
from notesapp.net.standing import BondState, Event, Report
from notesapp.net.watch import Change

DISCOVERY = "NOTESAPP_DISCOVERY"
"""Set to “off”: nothing is announced nearby; devices find each other by addresses in invites and remembered ones."""


class Network(Protocol):
    """See `net.swarm.Swarm`."""

    generation: int

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Calls `listener` with what happens."""

    async def open(self, port: int | None = None) -> None:
        """Opens the port and begins to look."""

    def want(self, bonds: Iterable[Bond]) -> None:
        """Exactly these bonds from now on."""

    def hint(self, name: bytes, addresses: Iterable[Address]) -> None:
        """Where a bond's other end may be."""

    def show(self, card: bytes | None) -> None:
        """Shows a card to everybody in the network, or nothing any more."""

    def network_changed(self, change: Change) -> None:
        """All that was learned of ways may be void: asks everywhere at once."""

    @property
    def cards(self) -> dict[str, bytes]:
        """Who shows himself now."""

    def addresses(self) -> tuple[Address, ...]:
        """Where others may find us."""

    def good_addresses(self, name: bytes) -> tuple[Address, ...]:
        """Where a bond's other end answered."""

    def state(self, name: bytes) -> BondState:
        """How it stands with a bond."""

    @property
    def report(self) -> Report:
        """What the connection doctor asks about."""

    async def aclose(self) -> None:
        """Ends everything."""


Opener = Callable[[], Network]


def real_network() -> Network:
    """The network of this computer. QUIC and multicast are loaded only now: most commands never need them."""
    from notesapp.net.mdns import MdnsDiscovery
    from notesapp.net.swarm import Swarm
    from notesapp.net.watch import NetWatch

    return Swarm(None if is_quiet() else MdnsDiscovery(), NetWatch())


def is_quiet() -> bool:
    """Whether nothing is to be announced."""
    return os.environ.get(DISCOVERY, "").lower() == "off"


def hints_of(network: Network) -> tuple[Address, ...]:
    """The addresses that stand in an invite: those of this computer; its own inner one if nothing is announced."""
    here = Address("127.0.0.1", network.report.port)
    return (*network.addresses(), here) if is_quiet() else network.addresses()


__all__ = ["DISCOVERY", "Link", "Network", "Opener", "hints_of", "is_quiet", "real_network"]
