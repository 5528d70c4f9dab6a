"""Which records of a roster count. Decides it for a set of records, the same in whatever order they came.

Every record is judged by the right that its author had in the record's own causal past. Then strong removal: what a
person said without knowing that a higher rank had removed or demoted him counts only as far as his lower role allows.
That is no circle, because nobody's right hangs on a lower rank: owners follow from hand-overs alone, admins from
owners' records alone, all others from owners' and admins' records. Hence the stages below. A record is

- *standing* if it counts; *void* if its author had the right, but it lost against a concurrent record or its device was
  revoked: kept and passed on; *refused* if it is malformed or its author had no such right; *unjudged* if its kind is
  of a later version: it says nothing here, but may be followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from notesapp.identity.genesis import Genesis
from notesapp.identity.graph import Graph
from notesapp.identity.keys import PersonId
from notesapp.identity.ledger import Act, Ledger
from notesapp.identity.ownership import Ownership
from notesapp.identity.person import PersonLog
from notesapp.identity.record import Record
from notesapp.identity.roles import RULERS, Role, below, may_give, may_say
from notesapp.identity.roster_bodies import (
    Body,
    Grant,
    HandOver,
    Invitation,
    KeyBox,
    Leaving,
    NewRole,
    Removal,
    Rotate,
    Withdrawal,
    bodies_of,
)
from notesapp.identity.voices import Voices

_NOT_NOW = "its author was removed or demoted by somebody who didn't know of it"


class Judgement:
    """One run. What it finds stands in its public fields; nothing changes them afterwards."""

    def __init__(self, genesis: Genesis, logs: Mapping[PersonId, PersonLog], records: Iterable[Record]) -> None:
        self.known = {record.id: record for record in records}
        self.bodies, faults = bodies_of(genesis.notebook_id, self.known.values())
        self.graph = Graph.of(self.known.values(), faults)
        self.refused: dict[bytes, str] = dict(self.graph.refused)
        self.void: dict[bytes, str] = {}
        self.unjudged: dict[bytes, str] = {}
        self.standing: dict[bytes, Record] = {}
        self.invites: dict[bytes, Record] = {}  # by public key
        self.withdrawn: dict[bytes, list[Record]] = {}
        self.used: dict[bytes, list[bytes]] = {}  # the persons who came by an invite
        self.voices = Voices(logs, self.graph, self.bodies)
        self.ownership = Ownership(genesis, self.graph, self.bodies, self.voices)
        self._speakers = self._hear()
        self._high = self._raise()
        if late := self._late_reports():
            self.voices = Voices(logs, self.graph, self.bodies, late)
            self._speakers = self._hear()
            self._high = self._raise()
        self.ledger = Ledger(self.graph, self.ownership)
        self._judge_rulers()
        self._withdraw()
        self._judge_others()
        self._judge_epochs()

    def standing_in_order(self) -> Iterable[Record]:
        """The records that count, in the order of the graph."""
        return (record for record in self.graph.order if record.id in self.standing)

    # -- stage 0: who speaks; the owners' acts, which hang on nobody --------------------------------------------

    def _hear(self) -> list[tuple[Record, PersonId]]:
        """The records whose author is a device that may speak, with its person."""
        heard: list[tuple[Record, PersonId]] = []
        for record in self.graph.order:
            person = self.voices.person(record.author)
            if person is None:
                self.refused[record.id] = "its author is no known device"
            elif not self.voices.fault(record):
                heard.append((record, person))
        return heard

    def _raise(self) -> Ledger:
        """The ledger on which the right of owners and admins hangs."""
        acts = [act for record, person in self._speakers for act in self._high_acts(record, person)]
        return Ledger(self.graph, self.ownership, acts)

    def _late_reports(self) -> frozenset[bytes]:
        """The reports of persons whom an owner removed or demoted without either knowing of the other."""
        late: set[bytes] = set()
        for report in self.voices.reports:
            for act in self._high.acts(report.person):
                lowers = act.by is Role.OWNER and act.role not in RULERS
                own = self.voices.person(act.record.author) == report.person  # he handed over himself
                if lowers and not own and self.graph.concurrent(act.record.id, report.record.id):
                    late.add(report.record.id)
        return frozenset(late)

    def _high_acts(self, record: Record, person: PersonId) -> Iterable[Act]:
        """What an owner's record says about roles, and departures: everything on which the right of an admin hangs."""
        body = self.bodies[record.id]
        if self.voices.cut_fault(record):
            return
        if self.ownership.owner_at(self.graph.past(record.id)) != person:
            if isinstance(body, Leaving):
                yield Act(record, person, None, None)
            return
        if isinstance(body, HandOver) and self.ownership.handed(record.id):
            yield Act(record, person, body.keeps, Role.OWNER)
        elif not self._after_handing_over(record, person) and _is_high(body):
            yield from self._acts(record, person, Role.OWNER)

    def _after_handing_over(self, record: Record, person: PersonId) -> bool:
        """Whether an owner said this without knowing that he had handed over."""
        terms = [term for term in self.ownership.terms if term.owner == person and term.until]
        return any(self.graph.concurrent(record.id, term.until) for term in terms if term.until)

    def _acts(self, record: Record, person: bytes, by: Role) -> Iterable[Act]:
        body = self.bodies[record.id]
        match body:
            case Grant() | NewRole() if body.person != person:
                yield Act(record, body.person, body.role, by)
            case Removal() if body.person != person:
                yield Act(record, body.person, None, by)
            case _:
                return

    # -- stage 1: owners and admins -----------------------------------------------------------------------------

    def _judge_rulers(self) -> None:
        """The records of owners and admins, and all departures, in order; `ledger` grows as they stand."""
        for record, person in self._speakers:
            right = self._high.role_at(person, self.graph.past(record.id))
            left = self._high.lowered(person, record, right)
            leaves = isinstance(self.bodies[record.id], Leaving) and right is not Role.OWNER
            if leaves and not self.voices.cut_fault(record):
                self.ledger.add(Act(record, person, None, None))  # whatever he was: a departure only takes
            if left not in RULERS or not may_say(left, record.kind):
                continue  # he may still say it as a simple member: stage 3
            if fault := self._right_fault(record, person, left):
                (self.refused if left is right else self.void)[record.id] = fault
            elif fault := self._contest_fault(record, left):
                self.void[record.id] = fault
            else:
                self._obey(record, person, left)

    def _right_fault(self, record: Record, person: bytes, right: Role) -> str:
        """Why this is not for its author to say, in the record's own past."""
        past = self.graph.past(record.id)
        body = self.bodies[record.id]
        match body:
            case Grant() | NewRole() | Removal():
                present = self.ledger.role_at(body.person, past)
                role = None if isinstance(body, Removal) else body.role
                if present is Role.OWNER or not may_give(right, present) or not may_give(right, role):
                    return "it takes the owner to make or unmake an admin, and nobody unmakes the owner"
                if isinstance(body, Grant) and below(role, present):
                    return "it lowers a member's role without a cut"
                if isinstance(body, Grant):
                    return self._invite_fault(body, past)
            case Invitation() if body.public in self.invites:
                return "that invite exists already"
            case Withdrawal() if not self._invite_known(body.public, past):
                return "it withdraws an invite that it doesn't follow"
            case HandOver() if not self.ownership.handed(record.id):
                return "its heir didn't consent, or it is about another term"
            case _:
                pass
        return self.voices.cut_fault(record)

    def _invite_known(self, public: bytes, past: int) -> bool:
        return public in self.invites and self.graph.holds(past, self.invites[public].id)

    def _invite_fault(self, body: Grant, past: int) -> str:
        if body.invite is None:
            return ""
        if not self._invite_known(body.invite, past):
            return "it names an invite that it doesn't follow"
        invitation = self.bodies[self.invites[body.invite].id]
        if isinstance(invitation, Invitation) and below(invitation.role, body.role):
            return "it gives more than its invite"
        if any(self.graph.holds(past, withdrawal.id) for withdrawal in self.withdrawn.get(body.invite, ())):
            return "its invite was withdrawn"
        return ""

    def _contest_fault(self, record: Record, right: Role) -> str:
        """Why a rightful record lost against a concurrent one."""
        body = self.bodies[record.id]
        match body:
            case Grant() | NewRole() | Removal() if right is not Role.OWNER:
                if self._promoted_meanwhile(record, body.person):
                    return "the owner made that person an admin or owner at the same time"
            case _:
                pass
        if isinstance(body, Grant) and body.invite is not None:
            return self._overuse(body.invite, body.person)
        return ""

    def _promoted_meanwhile(self, record: Record, person: bytes) -> bool:
        acts = (a for a in self._high.acts(person) if a.role is Role.ADMIN and a.by is Role.OWNER)
        ids = [act.record.id for act in acts]
        ids += [term.since for term in self.ownership.terms if term.since and term.owner == person]
        return any(self.graph.concurrent(record.id, other) for other in ids)

    def _overuse(self, public: bytes, person: bytes) -> str:
        invitation = self.bodies[self.invites[public].id]
        used = self.used.setdefault(public, [])
        if person in used:
            return ""
        if isinstance(invitation, Invitation) and len(used) >= invitation.uses:
            return "its invite was used up"
        used.append(person)
        return ""

    def _obey(self, record: Record, person: bytes, right: Role) -> None:
        self.standing[record.id] = record
        for act in self._acts(record, person, right):
            self.ledger.add(act)
        body = self.bodies[record.id]
        match body:
            case HandOver():
                self.ledger.add(Act(record, person, body.keeps, Role.OWNER))
            case Invitation():
                self.invites[body.public] = record
            case Withdrawal():
                self.withdrawn.setdefault(body.public, []).append(record)
            case None:
                self.unjudged[record.id] = f"records of the unknown kind “{record.kind}” say nothing here"
            case _:
                pass

    # -- stage 2: withdrawals win over the grants that didn't know of them ------------------------------------------

    def _withdraw(self) -> None:
        for record in list(self.standing.values()):
            body = self.bodies[record.id]
            if not isinstance(body, Grant) or body.invite is None:
                continue
            if any(not self.graph.follows(w.id, record.id) for w in self.withdrawn.get(body.invite, ())):
                self.void[record.id] = "its invite was withdrawn at the same time"
                del self.standing[record.id]
        acts = [act for person in self.ledger.persons() for act in self.ledger.acts(person)]
        acts.sort(key=lambda act: (act.record.lamport, act.record.id))
        self.ledger = Ledger(self.graph, self.ownership, [act for act in acts if act.record.id not in self.void])

    # -- stage 3: everybody's own affairs ---------------------------------------------------------------------------

    def _judge_others(self) -> None:
        for record in self.graph.order:
            if record.id in self.refused or record.id in self.void or record.id in self.standing:
                continue
            person = self.voices.person(record.author)
            if person is None:
                continue  # `_hear` refused it
            right = self.ledger.role_at(person, self.graph.past(record.id))
            left = self.ledger.lowered(person, record, right)
            own = record.kind == "device" or (record.kind == "leave" and right is not Role.OWNER)
            if own and self.concerned(person):
                right = left = right or Role.KEEPER  # these only take, and only from himself
            if not may_say(right, record.kind):
                self.refused[record.id] = _lacking(right)
            elif fault := self.voices.fault(record):
                self.void[record.id] = fault
            elif left is None or not may_say(left, record.kind) or not may_say(Role.KEEPER, record.kind):
                self.void[record.id] = _NOT_NOW
            elif fault := self._member_fault(record, person):
                self.refused[record.id] = fault
            else:
                self._obey(record, person, left)

    def concerned(self, person: bytes) -> bool:
        """Whether this person was ever given anything, so that what he takes from himself can matter."""
        ruled = any(term.owner == person for term in self.ownership.terms)
        return ruled or any(act.by is not None for act in self.ledger.acts(person))

    def _member_fault(self, record: Record, person: bytes) -> str:
        body = self.bodies[record.id]
        if isinstance(body, KeyBox) and self.voices.person(body.device_id) != person:
            return "a simple member gives keys to somebody else's device"
        return self.voices.cut_fault(record)

    # -- stage 4: epochs, standing or void, stay readable -------------------------------------------------------------

    def _judge_epochs(self) -> None:
        """Refuses rotations and key boxes that speak of epochs which they don't follow."""
        epochs: set[bytes] = set()
        for record in self.graph.order:
            if record.id in self.refused:
                continue
            body = self.bodies[record.id]
            named = [body.epoch] if isinstance(body, KeyBox) else []
            if isinstance(body, Rotate):
                named = [old for old, _ in body.previous]
                epochs.add(record.id)
            if any(old not in epochs or not self.graph.follows(record.id, old) for old in named):
                epochs.discard(record.id)
                self.standing.pop(record.id, None)
                self.void.pop(record.id, None)
                self.refused[record.id] = "it speaks of an epoch that it doesn't follow"


def _is_high(body: Body) -> bool:
    """Whether an owner's record of this body can make or unmake an admin."""
    match body:
        case Removal():
            return True
        case NewRole():
            return body.role is not Role.OWNER
        case Grant():
            return body.role is Role.ADMIN and body.invite is None
        case _:
            return False


def _lacking(right: Role | None) -> str:
    return "its author is no member" if right is None else f"a member with the role {right} can't say that"
