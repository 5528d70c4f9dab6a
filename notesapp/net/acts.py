"""What a plan says is to be done, as values; the swarm does it."""

from __future__ import annotations

from dataclasses import dataclass

from notesapp.net.address import Address
from notesapp.net.candidate import PunchSlot


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


@dataclass(frozen=True, slots=True)
class Probe:
    """Ask at an address that the peer vouched for; to live for `hops` routers (0: for all)."""

    bond: bytes
    address: Address
    hops: int = 0


@dataclass(frozen=True, slots=True)
class Scatter:
    """Ask at this address from so many ports of ours that were opened for it, the next ones or all again."""

    bond: bytes
    address: Address
    count: int


@dataclass(frozen=True, slots=True)
class Gather:
    """Close the ports that were opened for this bond and carry nothing."""

    bond: bytes


@dataclass(frozen=True, slots=True)
class Fresh:
    """Open one more port and tell `DialPlan.fresh` its name and its outside port."""

    bond: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """Publish this slot in our record, and tell it by members who know both."""

    bond: bytes
    slot: PunchSlot


PunchAct = Probe | Scatter | Gather | Fresh | Call
Act = Ping | Dial | Broadcast | Ask | Alight | PunchAct
