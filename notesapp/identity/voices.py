"""Which device speaks for whom, and what a revoked one said in time. Decides it from logs and `device` records.

1. A device speaks for the person in whose log it is (for the smallest id, if it consented to several).
2. A `device` record *reports* whatever its author's own log, up to the heads that it names, revokes or suspends.
3. What a revoked or suspended device said counts only if every such report follows it. So it can't be back-dated.
4. As long as nobody reported it, what it said counts: whoever revokes a device reports it in each notebook at once.
5. Who was removed or demoted by an owner reports nothing that doesn't follow it: else he could void his own old deeds.
6. Reports of active devices count; those of revoked ones by rule 3, the senior ones decided first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from notesapp.identity.graph import Graph
from notesapp.identity.keys import PersonId
from notesapp.identity.person import OwnDevice, PersonLog
from notesapp.identity.record import Record
from notesapp.identity.roster_bodies import Body, Cut, Devices, Marks


@dataclass(frozen=True, slots=True)
class Report:
    """A `device` record that counts: all devices that it reports, and those that no report before it had named."""

    record: Record
    person: PersonId
    devices: frozenset[bytes]
    newly: frozenset[bytes]
    cut: Cut


class Voices:
    """The devices of all known persons, as far as this set of records lets them speak."""

    def __init__(
        self,
        logs: Mapping[PersonId, PersonLog],
        graph: Graph[Record],
        bodies: Mapping[bytes, Body],
        unheard: frozenset[bytes] = frozenset(),
    ) -> None:
        """Hears all `device` records but those whose ids are `unheard`."""
        self._graph = graph
        self._bodies = bodies
        self._authors = {record.id: record.author for record in graph.order}
        self._own: dict[bytes, tuple[PersonId, OwnDevice]] = {}
        for person_id in sorted(logs):
            for device in logs[person_id].devices:
                self._own.setdefault(device.device_id, (person_id, device))
        self._by_device: dict[bytes, list[Report]] = {}
        said: dict[PersonId, list[tuple[Record, Devices]]] = {}
        for record in graph.order:
            body = bodies[record.id]
            person = self.person(record.author)
            if isinstance(body, Devices) and person and record.id not in unheard and not self.cut_fault(record):
                said.setdefault(person, []).append((record, body))
        self.reports: tuple[Report, ...] = tuple(
            report for person, words in said.items() for report in self._reports(logs[person], words)
        )

    def person(self, device_id: bytes) -> PersonId | None:
        """Whose device this is; None for a stranger's."""
        own = self._own.get(device_id)
        return own[0] if own else None

    def active(self, device_id: bytes) -> bool:
        """Whether this is a known device that is neither revoked nor suspended."""
        own = self._own.get(device_id)
        return own is not None and own[1].active

    def fault(self, record: Record) -> str:
        """Why a known device's record doesn't count whatever its right; empty if nothing is against it."""
        _, device = self._own[record.author]
        if device.active:
            return ""
        for report in self._by_device.get(record.author, ()):
            if report.record.id != record.id and not self._graph.follows(report.record.id, record.id):
                return "its device was revoked, and those who said so didn't know of it"
        return ""

    def cut_fault(self, record: Record) -> str:
        """Why the cut of a record can't be read: it names others' records, or none that it follows; empty if it can."""
        cut = getattr(self._bodies[record.id], "cut", None)
        for part in cut.records if isinstance(cut, Cut) else ():
            if not isinstance(self._bodies.get(part), Marks) or part not in self._graph:
                return "its cut names what is no cut"
            if not self._graph.follows(record.id, part):
                return "its cut names a record that it doesn't follow"
            if self.person(self._authors[part]) != self.person(record.author):
                return "its cut names somebody else's record"
        return ""

    def _reports(self, log: PersonLog, words: list[tuple[Record, Devices]]) -> Iterator[Report]:
        """The reports of one person's devices that count, decided device by device (rule 6)."""
        gone = {d.device_id: (*d.revoked_by, *d.suspended_by) for d in log.devices if not d.active}
        if not gone:
            return
        history = Graph.of(log.records)
        turns = sorted(log.devices, key=lambda device: not device.active)  # stable: seniors first on both sides
        found: list[Report] = []
        for device in turns:
            for record, body in words:
                if record.author != device.device_id or self.fault(record):
                    continue
                mask = history.closure(head for head in body.heads if head in history) or 0
                named = frozenset(d for d, ids in gone.items() if any(history.holds(mask, i) for i in ids))
                report = Report(record, log.person_id, named, named, body.cut)
                found.append(report)
                for revoked in named:
                    self._by_device.setdefault(revoked, []).append(report)
        for report in found:
            earlier = self._earlier(report, found)
            yield Report(report.record, report.person, report.devices, report.devices - earlier, report.cut)

    def _earlier(self, report: Report, others: Iterable[Report]) -> frozenset[bytes]:
        """All devices that reports in the past of this one had named."""
        past = (o for o in others if o is not report and self._graph.follows(report.record.id, o.record.id))
        return frozenset().union(*(other.devices for other in past))
