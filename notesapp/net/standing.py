"""How it stands with each bond, and what a swarm tells. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from notesapp.net.address import Address, Reach
from notesapp.net.candidate import NatClass
from notesapp.net.diagnosis import Cause, Remedy, Wall
from notesapp.net.link import End, Link
from notesapp.net.watch import Change


class Stage(StrEnum):
    """How it stands with a bond."""

    OFFLINE = "offline"
    SEARCHING = "searching"
    PUNCHING = "punching"  # its record is known, and nothing came through yet
    RELAYED = "relayed"  # a member carries the link
    DIRECT = "direct"
    SILENT = "silent"  # there is a link, and nothing is heard


@dataclass(frozen=True, slots=True)
class BondState:
    """What a person may read about a bond. `lag_s`: round trip; `quiet_s`: since anything was heard.

    `through`: the bond of the member who carries it; `nats`: the classes of our NAT and theirs; `cause` and `remedy`:
    why there is no way and what would help, at the latest 30 s after a search began.
    """

    stage: Stage
    via: Reach | None = None
    address: Address | None = None
    lag_s: float | None = None
    quiet_s: float | None = None
    error: str | None = None
    through: bytes | None = None
    nats: tuple[NatClass, NatClass] = (NatClass.UNKNOWN, NatClass.UNKNOWN)
    cause: Cause | None = None
    remedy: Remedy | None = None

    @property
    def is_lost(self) -> bool:
        """Whether there is a link, and too long nothing is heard over it: to a person that is no link."""
        return self.stage is Stage.SILENT and self.cause is not None

    @property
    def essence(self) -> tuple[object, ...]:
        """What is worth telling when it changes."""
        return (self.stage, self.address, self.error, self.through, self.cause)


@dataclass(frozen=True, slots=True)
class LinkOpened:
    """A link that can be used; prove who is there before anything else."""

    link: Link


@dataclass(frozen=True, slots=True)
class LinkEnded:
    """A link is over; the search goes on by itself if its bond is still wanted."""

    link: Link
    end: End


@dataclass(frozen=True, slots=True)
class BondChanged:
    """It stands otherwise with this bond."""

    name: bytes
    state: BondState


@dataclass(frozen=True, slots=True)
class NearbyChanged:
    """Who shows himself to everybody in this network: announced name and card."""

    cards: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class NetworkChanged:
    """Another network, or the same after a sleep; all addresses are asked again. `generation` counts."""

    generation: int
    change: Change


@dataclass(frozen=True, slots=True)
class Report:
    """How it stands with this computer's network. `announcing_fails`: why nobody nearby can see us, or None."""

    port: int
    port_v6: int | None
    is_usual_port: bool  # else a broadcast probe of others can't find us
    addresses: tuple[Address, ...]
    announcing_fails: str | None
    dropped: dict[str, int]  # datagrams that were for nobody, by what they looked like
    unsent: int  # datagrams to where no way led
    wall: Wall = Wall.NONE  # what a firewall on this computer forbids


Event = LinkOpened | LinkEnded | BondChanged | NearbyChanged | NetworkChanged
