"""The judgement of a person log. Decides which records count by the eight rules of `person`; keeps nothing.

Suspensions are weighed one by one, those of senior authors first: each that counts and isn't lifted stands, and the log
is judged again with it, because what the suspended device signed may have changed everything after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from notesapp.identity.graph import Graph
from notesapp.identity.keys import PeerId, PersonId
from notesapp.identity.person_bodies import (
    Body,
    DeviceOffer,
    Lifted,
    OwnDevice,
    Revoked,
    Suspended,
    bodies_of,
)
from notesapp.identity.record import Record

DEVICES_LIMIT = 16
_SUSPENSIONS_LIMIT = 64  # that stand at once: each costs one more judgement


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a set of records makes of a person's devices."""

    graph: Graph[Record]
    devices: tuple[OwnDevice, ...]
    standing: tuple[Record, ...]
    refused: Mapping[bytes, str]


def judge(person_id: PersonId, records: Iterable[Record]) -> Verdict:
    """The verdict, the same for every order of `records` and with doubles."""
    known = {record.id: record for record in records}
    bodies, refused = bodies_of(person_id, known.values())
    graph = Graph.of(known[record_id] for record_id in bodies)
    refused.update(graph.refused)
    suspensions: dict[bytes, list[bytes]] = {}
    run = _Run(person_id, graph, bodies, suspensions)
    weighed: set[bytes] = set()
    while len(weighed) < _SUSPENSIONS_LIMIT and (found := _next_suspension(run, bodies, weighed)):
        weighed.add(found.id)
        body = bodies[found.id]
        if isinstance(body, Suspended):
            suspensions.setdefault(body.device_id, []).append(found.id)
        run = _Run(person_id, graph, bodies, suspensions)
    return Verdict(graph, tuple(run.devices), tuple(run.standing), {**refused, **run.refused})


def _next_suspension(run: _Run, bodies: Mapping[bytes, Body], weighed: set[bytes]) -> Record | None:
    """The suspension of the most senior author that counts, isn't lifted and wasn't weighed before."""
    lifted = {body.suspension for record in run.standing if isinstance(body := bodies[record.id], Lifted)}
    open_ = [
        record
        for record in run.standing
        if isinstance(bodies[record.id], Suspended) and record.id not in weighed and record.id not in lifted
    ]
    return min(open_, key=lambda record: (run.rank(record.author), record.lamport, record.id), default=None)


class _Run:
    """One run over the records in order of (lamport, id), so that whoever is senior has been decided before.

    `suspensions` are those that stand, by device.
    """

    def __init__(
        self,
        person_id: PersonId,
        graph: Graph[Record],
        bodies: Mapping[bytes, Body],
        suspensions: Mapping[bytes, Sequence[bytes]],
    ) -> None:
        self._person_id = person_id
        self._bodies = bodies
        self._graph = graph
        self._suspensions = suspensions
        self._rank: dict[bytes, int] = {}
        self._revocations: dict[bytes, list[Record]] = {}
        self.devices: list[OwnDevice] = []
        self.refused: dict[bytes, str] = {}
        self.standing: list[Record] = []
        self._judge()

    def rank(self, author: bytes) -> int:
        """The seniority of an author that counts: the root -1, the eldest device 0."""
        return -1 if author == self._person_id else self._rank[author]

    def _judge(self) -> None:
        for record in self._graph.order:
            body = self._bodies[record.id]
            if isinstance(body, Revoked):
                self._revocations.setdefault(body.device_id, []).append(record)
        for record in self._graph.order:
            body = self._bodies[record.id]
            if isinstance(body, DeviceOffer):
                self._judge_add(record, body)
        for record in self._graph.order:
            if fault := self.refused.get(record.id) or self._fault(record):
                self.refused[record.id] = fault
            else:
                self.standing.append(record)

    def _judge_add(self, record: Record, offer: DeviceOffer) -> None:
        fault = self._author_fault(record)
        if not fault and offer.device_id in self._rank:
            fault = "that device was added before"
        if not fault and sum(not device.revoked_by for device in self.devices) >= DEVICES_LIMIT:
            fault = f"a person has at most {DEVICES_LIMIT} devices"
        if fault:
            self.refused[record.id] = fault
            return
        self._rank[offer.device_id] = len(self.devices)
        suspended = tuple(sorted(self._suspensions.get(offer.device_id, ())))
        added = OwnDevice(PeerId(offer.device_id), offer.box, record.author, record.id, (), suspended)
        self.devices.append(added)
        # Every senior has been ranked by now, so their revocations of this device are already decided.
        revocations = self._revocations.get(offer.device_id, [])
        seniors = [r for r in revocations if self._senior_revocation(r, offer.device_id)]
        self.devices[-1] = _revoked(added, seniors)
        own = [r for r in revocations if r.author == offer.device_id and not self._author_fault(r)]
        self.devices[-1] = _revoked(added, seniors + own)

    def _senior_revocation(self, record: Record, target: bytes) -> bool:
        if record.author == self._person_id:
            return True
        rank = self._rank.get(record.author)
        return rank is not None and rank < self._rank[target] and not self._author_fault(record)

    def _author_fault(self, record: Record) -> str:
        """Why the author had no voice when this was signed; empty if he had one (rules 1 and 4)."""
        if record.author == self._person_id:
            return ""
        rank = self._rank.get(record.author)
        if rank is None:
            return "its author is no device of this person"
        author = self.devices[rank]
        if not self._graph.follows(record.id, author.record):
            return "it doesn't follow the record that added its author"
        for revocation in author.revoked_by:
            if revocation != record.id and not self._graph.follows(revocation, record.id):
                return "its author was revoked"
        for suspension in author.suspended_by:
            if not self._graph.follows(suspension, record.id):
                return "its author was suspended"
        return ""

    def _fault(self, record: Record) -> str:
        """Why a record that adds nothing doesn't count; adds were judged before."""
        body = self._bodies[record.id]
        match body:
            case DeviceOffer():
                return ""
            case Suspended():
                return self._author_fault(record) or self._target_fault(record, body.device_id)
            case Lifted():
                return self._author_fault(record) or self._lift_fault(record, body.suspension)
            case None:
                return self._author_fault(record)
            case Revoked():
                pass
        rank = self._rank.get(body.device_id)
        if rank is None:
            return "the device that it revokes is not in the log"
        if record.id in self.devices[rank].revoked_by:
            return ""
        return self._author_fault(record) or "its author is junior to the device that it revokes"

    def _target_fault(self, record: Record, target: bytes) -> str:
        rank = self._rank.get(target)
        if rank is None or not self._graph.follows(record.id, self.devices[rank].record):
            return "the device that it suspends is not in the log"
        return ""

    def _lift_fault(self, record: Record, suspension: bytes) -> str:
        said = self._bodies.get(suspension)
        if not isinstance(said, Suspended) or suspension not in self._graph:  # it may wait, or have been refused
            return "it lifts a suspension that it doesn't follow"
        if not self._graph.follows(record.id, suspension):
            return "it lifts a suspension that it doesn't follow"
        suspender = next(r.author for r in self._graph.order if r.id == suspension)
        if record.author == said.device_id:
            return "a suspended device lifts its own suspension"
        if record.author == suspender or suspender not in (self._person_id, *self._rank):
            return ""
        return "" if self.rank(record.author) < self.rank(suspender) else "its author is junior to the suspender"


def _revoked(device: OwnDevice, by: list[Record]) -> OwnDevice:
    ids = tuple(sorted(record.id for record in by))
    return replace(device, revoked_by=ids)
