"""What a router makes of our port, concluded from what mirrors say. Pure; asks nobody.

A mirror is anybody who tells us under which address he sees us: DHT nodes, members, a STUN server. One may lie, so a
host counts if two networks of mirrors agree on it, and the class if three do: consistent if most of them see the same
port, else random; sequential if the ports follow each other in the order in which the mirrors answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from notesapp.net.address import Address
from notesapp.net.candidate import NatClass

FOR_A_HOST = 2
FOR_A_CLASS = 3
ASKED_IN_VAIN = 5  # mirrors that don't answer, until this network counts as blocked
STEP = 16  # the most by which a sequential router goes on between two of our questions


@dataclass(frozen=True, slots=True)
class Seen:
    """What one mirror said."""

    mirror: Address
    us: Address


@dataclass(frozen=True, slots=True)
class NatReport:
    """The class, where we are seen from outside, and the answers behind it; `asked` counts the mirrors asked."""

    nat: NatClass = NatClass.UNKNOWN
    external: Address | None = None
    answers: tuple[Seen, ...] = ()
    asked: int = 0


def classified(answers: Iterable[Seen], ours: Iterable[Address], asked: int) -> NatReport:
    """The report of these answers, oldest first; `ours` are the addresses of this computer, with the port."""
    all_of_them = tuple(answers)
    asked = max(asked, len(all_of_them))  # members tell without being asked
    heard = list({network_of(it.mirror): it for it in all_of_them if ":" not in it.us.host}.values())
    if not heard:
        nat = NatClass.BLOCKED if asked >= ASKED_IN_VAIN and not all_of_them else NatClass.UNKNOWN
        return NatReport(nat, None, all_of_them, asked)
    host, agree = Counter(it.us.host for it in heard).most_common(1)[0]
    if agree < FOR_A_HOST or 2 * agree <= len(heard):
        return NatReport(NatClass.UNKNOWN, None, all_of_them, asked)
    ports = [it.us.port for it in heard if it.us.host == host]
    nat, port = _class_of(ports, {it.port for it in ours if it.host == host})
    return NatReport(nat, Address(host, port), all_of_them, asked)


def network_of(address: Address) -> bytes:
    """Who may be one and the same: a /16 of IPv4, a /32 of IPv6."""
    return address.ip.packed[: 2 if address.ip.version == 4 else 4]


def _class_of(ports: list[int], own: set[int]) -> tuple[NatClass, int]:
    port, same = Counter(ports).most_common(1)[0]
    if len(ports) < FOR_A_CLASS:
        return NatClass.UNKNOWN, port
    if same >= FOR_A_CLASS and 2 * same > len(ports):
        return (NatClass.OPEN if port in own else NatClass.CONSISTENT), port
    if len(set(ports)) < FOR_A_CLASS:
        return NatClass.UNKNOWN, port
    if all(0 < after - before <= STEP for before, after in pairwise(ports)):
        return NatClass.SEQUENTIAL, max(ports)
    return NatClass.RANDOM, ports[-1]
