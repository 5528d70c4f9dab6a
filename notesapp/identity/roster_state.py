"""What a judged roster shows: members, epochs, key boxes, invites. Decides their shape; judges nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from notesapp.identity.judgement import Judgement
from notesapp.identity.keys import PersonId
from notesapp.identity.person import OwnDevice, PersonLog
from notesapp.identity.record import Record
from notesapp.identity.roles import Role
from notesapp.identity.roster_bodies import Invitation, KeyBox, Rotate


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pair of keys of the notebook, known by the id of its `rotate` record; `previous` are sealed under it.

    One that doesn't stand was made by somebody who was removed meanwhile: it is read, but nobody writes under it.
    """

    epoch_id: bytes
    lamport: int
    commitment: bytes
    previous: Mapping[bytes, bytes]
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Member:
    """A person on the roster, with his devices as his own log has them (none until it is known)."""

    person_id: PersonId
    role: Role
    devices: tuple[OwnDevice, ...]


@dataclass(frozen=True, slots=True)
class Invite:
    """An invite as the roster has it: its record, what it says, who came by it, and whether it was withdrawn."""

    record_id: bytes
    terms: Invitation
    used_by: tuple[bytes, ...]
    withdrawn: bool

    def open(self, now_ms: int) -> bool:
        """Whether somebody may still come by it at this (advisory) time."""
        ended = self.terms.ends_ms and now_ms >= self.terms.ends_ms
        return not self.withdrawn and not ended and len(self.used_by) < self.terms.uses


def kept(it: Judgement) -> tuple[Record, ...]:
    """What is kept and passed on: all that isn't refused, and what such a record follows."""
    wanted = [record for record in it.graph.order if record.id not in it.refused]
    needed = it.graph.before(wanted)
    return tuple(record for record in it.graph.order if record.id not in it.refused or record.id in needed)


def members(it: Judgement, logs: Mapping[PersonId, PersonLog]) -> dict[PersonId, Member]:
    """The members with their roles and devices."""
    everything = it.graph.closure(record.id for record in it.graph.order) or 0
    members: dict[PersonId, Member] = {}
    for person in sorted({it.ownership.owner, *it.ledger.persons()}):
        role = it.ledger.role_at(person, everything)
        if role is not None:
            person_id = PersonId(person)
            devices = logs[person_id].devices if person_id in logs else ()
            members[person_id] = Member(person_id, role, devices)
    return members


def epochs(it: Judgement) -> tuple[Epoch, ...]:
    """All epochs that may be read, oldest first."""
    found = [(record, it.bodies[record.id]) for record in it.graph.order if record.id not in it.refused]
    return tuple(
        Epoch(record.id, record.lamport, body.commitment, dict(body.previous), record.id in it.standing)
        for record, body in found
        if isinstance(body, Rotate)
    )


def boxes(it: Judgement) -> dict[tuple[bytes, bytes], tuple[bytes, ...]]:
    """The sealed keys by (epoch id, device id)."""
    boxes: dict[tuple[bytes, bytes], tuple[bytes, ...]] = {}
    for record in it.graph.order:
        body = it.bodies[record.id]
        if record.id not in it.refused and isinstance(body, KeyBox):
            whose = body.epoch, body.device_id
            boxes[whose] = (*boxes.get(whose, ()), body.sealed)
    return boxes


def invites(it: Judgement) -> dict[bytes, Invite]:
    """The invites that stand, by public key."""
    invites: dict[bytes, Invite] = {}
    for public, record in it.invites.items():
        body = it.bodies[record.id]
        if isinstance(body, Invitation):
            used = tuple(it.used.get(public, ()))
            invites[public] = Invite(record.id, body, used, public in it.withdrawn)
    return invites
