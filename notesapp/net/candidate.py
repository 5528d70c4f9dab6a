"""Where a device says that it may be reached. Decides the bytes of that and its limits; probes nobody.

A record is what one device says of itself: candidates, best first, the class of its NAT, whether it relays for members,
and perhaps a call to punch once more. It travels sealed (in the DHT, or from a member), so a stranger neither reads nor
makes one; a member may still lie, therefore everything is bounded. `number` counts up for as long as the device lives:
a smaller one is a replay. No time is in it, because clocks are wrong.

    version 1 | number u64 | NAT u8 | flags u8 | slot 18, if bit 1 | count u8 | per candidate: kind u8, address 19
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from hashlib import blake2b
from typing import Final

from notesapp.errors import LocalError, RemoteError
from notesapp.identity.primitives import domain
from notesapp.net.address import PACKED_BYTES, Address

CANDIDATES: Final = 16
MARK_BYTES: Final = 8
NUMBERS: Final = 2**63
_VERSION: Final = 1
_RELAY, _SLOT = 1, 2
_SLOT_BYTES: Final = MARK_BYTES + 8 + 2


class Kind(IntEnum):
    """Where an address is from, best first: the order of tries."""

    LAN = 0
    V6 = 1
    MAPPED = 2  # the router keeps a port open for us
    REFLEXIVE = 3  # as mirrors see it
    LAST = 4  # worked in an earlier run
    RUMOUR = 5  # somebody unknown announced it: probed last and least


class NatClass(StrEnum):
    """What a router makes of one port of ours (IPv4)."""

    OPEN = "open"
    CONSISTENT = "consistent"  # the same outside port whomever we talk to
    SEQUENTIAL = "sequential"  # another port for each, but they follow each other
    RANDOM = "random"
    BLOCKED = "blocked"  # nothing comes back
    UNKNOWN = "unknown"

    @property
    def is_random(self) -> bool:
        """Whether the outside port differs for each destination."""
        return self in (NatClass.SEQUENTIAL, NatClass.RANDOM)


_CLASSES: Final = tuple(NatClass)
_WRITTEN: Final = (Kind.LAN, Kind.V6, Kind.MAPPED, Kind.REFLEXIVE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One address and where it is from."""

    address: Address
    kind: Kind


@dataclass(frozen=True, slots=True)
class PunchSlot:
    """A call to punch once more: `meant` says to whom, `port` is the outside port of the retry (0: the old one)."""

    meant: bytes
    number: int
    port: int = 0


@dataclass(frozen=True, slots=True)
class PeerRecord:
    """What a device says of itself; at most 16 candidates, none of kind LAST or RUMOUR."""

    candidates: tuple[Candidate, ...] = ()
    nat: NatClass = NatClass.UNKNOWN
    relay: bool = False
    slot: PunchSlot | None = None
    number: int = 0

    def packed(self) -> bytes:
        """Its bytes (at most 350)."""
        if len(self.candidates) > CANDIDATES or any(it.kind not in _WRITTEN for it in self.candidates):
            raise LocalError(what="a record of addresses holds too many, or some that are only hearsay")
        flags = (_RELAY if self.relay else 0) | (_SLOT if self.slot is not None else 0)
        out = [bytes([_VERSION]), self.number.to_bytes(8, "big"), bytes([_CLASSES.index(self.nat), flags])]
        if self.slot is not None:
            out.append(self.slot.meant + self.slot.number.to_bytes(8, "big") + self.slot.port.to_bytes(2, "big"))
        out.append(bytes([len(self.candidates)]))
        out += [bytes([it.kind]) + it.address.packed() for it in self.candidates]
        return b"".join(out)

    @classmethod
    def unpacked(cls, data: bytes) -> PeerRecord:
        """The inverse; `RemoteError` for any other bytes. Addresses where nobody can be are left out."""
        take = _Reader(data)
        if (version := take(1)[0]) != _VERSION:
            raise RemoteError(reason=f"a record of addresses has version {version}")
        number = int.from_bytes(take(8), "big")
        nat, flags = take(2)
        if number >= NUMBERS or nat >= len(_CLASSES) or flags & ~(_RELAY | _SLOT):
            raise RemoteError(reason="a record of addresses says nothing known")
        slot = None
        if flags & _SLOT:
            meant, count, port = take(MARK_BYTES), int.from_bytes(take(8), "big"), int.from_bytes(take(2), "big")
            slot = PunchSlot(meant, count, port)
        found = [_candidate(take(1 + PACKED_BYTES)) for _ in range(_count(take(1)[0]))]
        take.end()
        known = tuple(dict.fromkeys(it for it in found if it.address.usable))
        return cls(known, _CLASSES[nat], bool(flags & _RELAY), slot, number)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody with this bond (its name) may be at these candidates, which are worth a try until `fresh_until`.

    `record` is what he says of himself, if that was found; the candidates hold its candidates too.
    """

    bond: bytes
    candidates: tuple[Candidate, ...]
    record: PeerRecord | None
    fresh_until: float


def slot_mark(secret: bytes, number: int, side: int) -> bytes:
    """8 bytes by which the other end of a bond knows that the slot of this number is meant for him.

    `side` is the writer's (`Bond.side`).
    """
    data = domain("punch-slot") + bytes([side]) + number.to_bytes(8, "big")
    return blake2b(data, key=secret, digest_size=MARK_BYTES).digest()


def _count(count: int) -> int:
    if count > CANDIDATES:
        raise RemoteError(reason=f"a record of addresses holds {count}")
    return count


def _candidate(data: bytes) -> Candidate:
    address = Address.unpacked(data[1:])
    if data[0] not in _WRITTEN or address is None or address.packed() != data[1:]:
        raise RemoteError(reason="a record of addresses holds something else")
    return Candidate(address, Kind(data[0]))


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def __call__(self, count: int) -> bytes:
        piece = self._data[self._at : self._at + count]
        if len(piece) != count:
            raise RemoteError(reason="a record of addresses ends too early")
        self._at += count
        return piece

    def end(self) -> None:
        if self._at != len(self._data):
            raise RemoteError(reason="a record of addresses goes on behind its end")
