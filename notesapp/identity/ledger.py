"""Who had which role in which state. Decides it from the acts that count; judges no act itself.

A state is a set of records closed under "follows". There a person's role is the lowest of those that his newest acts
give (no role is lower than all), so the lower of two concurrent changes wins, and a removal wins over a grant.
The owner of that state is the owner whatever the acts say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from notesapp.identity.graph import Graph
from notesapp.identity.ownership import Ownership
from notesapp.identity.record import Record
from notesapp.identity.roles import Role, below, lowest


@dataclass(frozen=True, slots=True)
class Act:
    """A record that gives a person a role, or takes his last one."""

    record: Record
    person: bytes
    role: Role | None
    by: Role | None  # the right by which it was said; None: his own departure


class Ledger:
    """Acts by person, in the order of the graph."""

    def __init__(self, graph: Graph[Record], ownership: Ownership, acts: Iterable[Act] = ()) -> None:
        self._graph = graph
        self._ownership = ownership
        self._acts: dict[bytes, list[Act]] = {}
        for act in acts:
            self.add(act)

    def add(self, act: Act) -> None:
        """Adds an act; acts must come in the order of the graph."""
        self._acts.setdefault(act.person, []).append(act)

    def persons(self) -> Iterable[bytes]:
        """All whom an act concerned."""
        return self._acts.keys()

    def acts(self, person: bytes) -> list[Act]:
        """The acts about this person."""
        return self._acts.get(person, [])

    def role_at(self, person: bytes, mask: int) -> Role | None:
        """The role of this person in the state that this set of records makes."""
        if self._ownership.owner_at(mask) == person:
            return Role.OWNER
        acts = {act.record.id: act.role for act in self.acts(person)}
        return lowest(acts[record_id] for record_id in self._graph.newest(list(acts), mask))

    def lowered(self, person: bytes, record: Record, role: Role | None) -> Role | None:
        """What is left of `role` once those acts of a higher rank are heard that are concurrent with `record`."""
        for act in self.acts(person):
            higher = act.by is not None and below(role, act.by)
            if (higher or act.by is Role.OWNER) and self._graph.concurrent(act.record.id, record.id):
                role = lowest((role, act.role))
        return role
