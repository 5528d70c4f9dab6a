"""Whom this node would talk to, and by which secrets it looks for them. Pure: from rosters and doors to a circle.

A *way* is a secret that somebody not yet known may come by: an invite, a code, a card shown nearby. The host of a way
answers, the other end dials.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from notesapp.errors import BadAddress, RemoteError
from notesapp.identity.invite import InviteKeys, JoinLink
from notesapp.identity.keys import PersonId
from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.topics import Meet, Topic
from notesapp.node.held import Held
from notesapp.node.persona import Persona
from notesapp.sync.hello import Acquaintance, Circle, Door, Run

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Way:
    """A door and the secret by which it is found; `name` (32 bytes) names both."""

    name: bytes
    secret: bytes = field(repr=False)
    hello: bytes = field(repr=False)
    host: bool
    topic: Topic | None = None  # where it is looked for on the internet; None: only nearby

    @property
    def bond(self) -> Bond:
        """What the swarm looks for."""
        return Bond(self.name, self.secret, Side.FIRST if self.host else Side.SECOND, many=True)

    @property
    def door(self) -> Door:
        """What the handshake knows it by."""
        return Door(self.name, self.hello)


def way_of(keys: InviteKeys, *, host: bool) -> Way:
    """The way of an invite."""
    return Way(keys.public, keys.disco, keys.hello, host, Topic(Meet.INVITE, keys.topic))


def circle(
    persona: Persona, run: Run, held: Mapping[bytes, Held], ways: Iterable[Way], like: Circle | None = None
) -> Circle:
    """All devices with which a notebook is shared, own ones too, and the doors."""
    found: dict[bytes, Acquaintance] = {}
    for notebook_id, one in held.items():
        if one.role is None:
            continue
        for member in one.roster.members.values():
            for device in member.devices:
                if device.device_id == persona.device.device_id:
                    continue
                active = device.active and one.roster.right(device.device_id) is not None
                before = found.get(device.device_id)
                shared = (before.notebooks if before is not None else frozenset()) | {notebook_id}
                was = before is not None and before.active
                found[device.device_id] = Acquaintance(
                    device.device_id, device.box, PersonId(member.person_id), shared, active or was
                )
    log = persona.log.digest
    return Circle(persona.device, run, persona.person_id, log, found.values(), [way.door for way in ways], like=like)


def bonds(known: Circle, ways: Iterable[Way]) -> list[Bond]:
    """What to look for: a bond for each active device, one for each way."""
    found: list[Bond] = []
    for one in known.people.values():
        if not one.active or not one.notebooks:
            continue
        try:
            secret = known.of_device(one.device_id, one.box).secret
        except RemoteError:
            continue  # a device that named an unusable key can't be met
        side = Side.FIRST if known.me.device_id < one.device_id else Side.SECOND
        found.append(Bond(one.device_id, secret, side))
    return found + [way.bond for way in ways]


def addresses_in(link: JoinLink) -> list[Address]:
    """Where a link says that its maker may be."""
    found: list[Address] = []
    for hint in link.hints:
        try:
            found.append(Address.parse(hint))
        except BadAddress:
            logger.info("! an invite names an address that is none")
    return found
