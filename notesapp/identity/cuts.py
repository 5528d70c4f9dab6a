"""Which entries of a feed count. Decides it from roles, removals and their cuts; reads no entry.

An entry counts if its author had the right to write in the roster state that it names, and it lies within every cut
that concerns it: each removal or demotion below writer that the entry's state doesn't hold (who knows of his removal
and writes again was granted again, or has no right), and each report that the feed's device was revoked or suspended.
What doesn't count is kept aside as "recovered edits".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from notesapp.identity.judgement import Judgement
from notesapp.identity.roles import WRITERS, Role
from notesapp.identity.roster_bodies import Cut, HandOver, Leaving, Mark, Marks, NewRole, Removal


class Counted(Enum):
    """Whether an entry counts."""

    COUNTS = "counts"
    RECOVERED = "recovered"  # kept aside: its author had no right to it, or it lies beyond a cut
    WAITS = "waits"  # it names records that haven't come, or its device belongs to nobody known yet


@dataclass(frozen=True, slots=True)
class Taking:
    """A record that counts and takes something from a person, or from some of his devices: who, and what stays.

    `role` is what he is afterwards, `devices` which of them are meant (None: all), `marks` how far their feeds count.
    """

    record_id: bytes
    person: bytes
    role: Role | None
    devices: frozenset[bytes] | None
    marks: Mapping[bytes, tuple[int, bytes]]

    def limit(self, feed: bytes) -> int:
        """The last index of this feed that counts; -1 if nothing of it does."""
        return self.marks.get(feed, (-1, b""))[0]


class Takings:
    """All of them, by person, and the question that they answer."""

    def __init__(self, judgement: Judgement) -> None:
        self._it = judgement
        self.by_person: dict[bytes, list[Taking]] = {}
        for taking in (*self._of_roles(), *self._of_devices()):
            self.by_person.setdefault(taking.person, []).append(taking)
        self._rights: dict[tuple[bytes, tuple[bytes, ...]], Counted | int] = {}

    def counts(self, device_id: bytes, feed: bytes, index: int, named_heads: tuple[bytes, ...]) -> Counted:
        """Whether entry `index` of this device's feed counts, written under the roster with these heads."""
        key = device_id, named_heads
        if key not in self._rights:
            self._rights[key] = self._right(device_id, named_heads)
        mask = self._rights[key]
        if isinstance(mask, Counted):
            return mask
        for taking in self.concerning(device_id):
            known = taking.devices is None and self._it.graph.holds(mask, taking.record_id)
            if not known and index > taking.limit(feed):
                return Counted.RECOVERED
        return Counted.COUNTS

    def concerning(self, device_id: bytes) -> Iterable[Taking]:
        """The takings that limit the feeds of this device."""
        person = self._it.voices.person(device_id)
        for taking in self.by_person.get(person or b"", ()):
            meant = taking.role not in WRITERS if taking.devices is None else device_id in taking.devices
            if meant:
                yield taking

    def _right(self, device_id: bytes, named_heads: tuple[bytes, ...]) -> Counted | int:
        """The state with these heads as bits if the device's person may write there, else what to say."""
        person = self._it.voices.person(device_id)
        mask = self._it.graph.closure(named_heads)
        if person is None or mask is None:
            return Counted.WAITS
        return mask if self._it.ledger.role_at(person, mask) in WRITERS else Counted.RECOVERED

    def _of_roles(self) -> Iterable[Taking]:
        for record in self._it.standing.values():
            author = self._it.voices.person(record.author) or b""
            body = self._it.bodies[record.id]
            match body:
                case NewRole():
                    yield Taking(record.id, body.person, body.role, None, self._marks(body.cut))
                case Removal():
                    yield Taking(record.id, body.person, None, None, self._marks(body.cut))
                case Leaving():
                    yield Taking(record.id, author, None, None, self._marks(body.cut))
                case HandOver():
                    yield Taking(record.id, author, body.keeps, None, self._marks(body.cut))
                case _:
                    pass

    def _of_devices(self) -> Iterable[Taking]:
        for report in self._it.voices.reports:
            if report.newly:
                marks = self._marks(report.cut)
                yield Taking(report.record.id, report.person, None, report.newly, marks)

    def _marks(self, cut: Cut) -> dict[bytes, tuple[int, bytes]]:
        """The marks of a cut and of the records that it names; the lower of two marks for one feed."""
        marks: dict[bytes, tuple[int, bytes]] = {}
        parts = [self._it.bodies.get(part) for part in cut.records]
        named: list[Mark] = [mark for part in parts if isinstance(part, Marks) for mark in part.marks]
        for feed, index, hash_ in (*cut.marks, *named):
            if feed not in marks or (index, hash_) < marks[feed]:
                marks[feed] = (index, hash_)
        return marks
