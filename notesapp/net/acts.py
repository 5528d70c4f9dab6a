"""What a plan says is to be done, as values; the swarm does it."""

from __future__ import annotations

from dataclasses import dataclass

from notesapp.net import punch
from notesapp.net.address import Address


@dataclass(frozen=True, slots=True)
class Ping:
    """Ask whether somebody is there."""

    bond: bytes
    address: Address
    vouched: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the member `via` (a bond's name) to carry us to this bond's other end."""

    bond: bytes
    via: bytes


@dataclass(frozen=True, slots=True)
class Alight:
    """The ride of this made-up address carries nothing: forget it."""

    bond: bytes
    address: Address


@dataclass(frozen=True, slots=True)
class Dial:
    """Open a link to a run."""

    bond: bytes
    run: bytes


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Ask all of each IPv4 network: perhaps multicast is filtered."""

    bond: bytes


Act = Ping | Dial | Broadcast | Ask | Alight | punch.Act
