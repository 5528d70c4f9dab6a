"""Who owned the notebook when. Decides the chain of hand-overs; an owner there always is, and only one.

A hand-over counts if a device of the owner of that very term signed it and a device of the heir consented. If one owner
handed the same term to two heirs without either knowing, the smaller (lamport, id) counts: only a lying or a
doubled owner does that, and `contested` names what lost, so that people are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from notesapp.identity.genesis import Genesis
from notesapp.identity.graph import Graph
from notesapp.identity.keys import PersonId
from notesapp.identity.primitives import verify
from notesapp.identity.record import Record
from notesapp.identity.roles import Role
from notesapp.identity.roster_bodies import Body, HandOver, hand_over_message
from notesapp.identity.voices import Voices


@dataclass(frozen=True, slots=True)
class Term:
    """One person's time as the owner: from the record `since` (None: the genesis) until `until` (None: now)."""

    owner: PersonId
    since: bytes | None
    until: bytes | None
    keeps: Role | None  # the role of the owner afterwards


class Ownership:
    """The terms, in order."""

    def __init__(self, genesis: Genesis, graph: Graph[Record], bodies: Mapping[bytes, Body], voices: Voices) -> None:
        self._graph = graph
        self._notebook = genesis.notebook_id
        self._voices = voices
        self._offers: dict[bytes, list[tuple[Record, HandOver]]] = {}  # by term
        for record in graph.order:
            if isinstance(body := bodies[record.id], HandOver):
                self._offers.setdefault(body.term, []).append((record, body))
        self.terms: list[Term] = []
        self.contested: tuple[bytes, ...] = ()
        owner, since = genesis.owner, None
        while offers := self._valid(owner, since):
            record, body = offers[0]
            self.contested += tuple(other.id for other, _ in offers[1:] if not graph.follows(other.id, record.id))
            self.terms.append(Term(owner, since, record.id, body.keeps))
            owner, since = PersonId(body.person), record.id
        self.terms.append(Term(owner, since, None, None))

    @property
    def owner(self) -> PersonId:
        """The owner now."""
        return self.terms[-1].owner

    def owner_at(self, mask: int) -> PersonId:
        """The owner in the state that this set of records makes."""
        for term in reversed(self.terms):
            if term.since is None or self._graph.holds(mask, term.since):
                return term.owner
        return self.terms[0].owner

    def handed(self, record_id: bytes) -> bool:
        """Whether this is one of the hand-overs that count."""
        return any(term.until == record_id for term in self.terms)

    def _valid(self, owner: PersonId, since: bytes | None) -> list[tuple[Record, HandOver]]:
        """The valid hand-overs of one term, the one that counts first."""
        offers = self._offers.get(since or self._notebook, [])
        return [(record, body) for record, body in offers if self._agreed(record, body, owner, since)]

    def _agreed(self, record: Record, body: HandOver, owner: PersonId, since: bytes | None) -> bool:
        if self._voices.person(record.author) != owner or body.person == owner or self._voices.fault(record):
            return False
        if since is not None and not self._graph.follows(record.id, since):
            return False
        if self._voices.person(body.device) != body.person:
            return False
        return verify(hand_over_message(self._notebook, body.term, body.person), body.consent, body.device)
