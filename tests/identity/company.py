"""Alice owns a notebook, Ada administers, Will writes, Rita reads, Stan is a stranger: hands to write records with."""

from __future__ import annotations

from collections.abc import Iterable

from notesapp.identity.epoch import EpochKeys
from notesapp.identity.keys import Device, PersonId
from notesapp.identity.person import PersonLog
from notesapp.identity.record import Payload, Record, write
from notesapp.identity.roles import Role
from notesapp.identity.roster import DOMAIN, Roster
from notesapp.identity.roster_bodies import GRANT, REVOKE, Cut, Grant, Removal
from notesapp.identity.scribe import Have, Scribe
from tests.identity.people import NOON, Person, device, dice, notebook_of


class Somebody(Person):
    """A person with one device, or more."""

    def __init__(self, name: str, devices: int = 1) -> None:
        super().__init__(name)
        self.devices = [device(f"{name}'s device {n}") for n in range(devices)]
        for own in self.devices:
            self.add(own, self.root)

    @property
    def id(self) -> PersonId:
        return self.root.person_id

    @property
    def device(self) -> Device:
        return self.devices[0]


class Company:
    """A notebook and everybody around it. `roster` is what somebody knows who knows everything."""

    def __init__(self, devices: int = 1) -> None:
        self.alice = Somebody("Alice", devices)
        self.ada, self.will, self.rita, self.stan = (Somebody(n, devices) for n in ("Ada", "Will", "Rita", "Stan"))
        self.everybody = [self.alice, self.ada, self.will, self.rita, self.stan]
        founded, self.keys = notebook_of(self.alice, self.alice.device)
        self.roster = founded.joined((), [somebody.log for somebody in self.everybody])

    def settle(self) -> Company:
        """Ada, Will and Rita get their roles."""
        for somebody, role in ((self.ada, Role.ADMIN), (self.will, Role.WRITER), (self.rita, Role.READER)):
            self.scribe(self.alice).grant(somebody.id, role)
        return self

    def scribe(self, somebody: Somebody, of: Roster | None = None, device: int = 0) -> CompanyScribe:
        return CompanyScribe(self, of or self.roster, somebody.devices[device], live=of is None)

    def hear(self, *records: Record, logs: Iterable[PersonLog] = ()) -> Roster:
        self.roster = self.roster.joined(records, logs)
        return self.roster

    def role(self, somebody: Somebody) -> Role | None:
        member = self.roster.members.get(somebody.id)
        return member.role if member else None


class CompanyScribe(Scribe):
    """Writes what everybody hears at once, or (with a roster of its own) what nobody has heard yet."""

    def __init__(self, company: Company, roster: Roster, device: Device, live: bool) -> None:
        super().__init__(roster, device, now_ms=NOON)
        self._company, self._live = company, live

    def _take(self, *records: Record) -> None:
        super()._take(*records)
        if self._live:
            self._company.hear(*records, logs=self._logs.values())


def forge(roster: Roster, by: Device, kind: str, body: bytes, prev: Iterable[Record | bytes] | None = None) -> Record:
    """A record with these heads (default: the present ones) by anybody, right or not."""
    known = {record.id: record for record in roster.records}
    ids = {r if isinstance(r, bytes) else r.id for r in (roster.heads if prev is None else prev)}
    extra = {r.id: r for r in (prev or ()) if isinstance(r, Record)}
    lamport = 1 + max(((extra.get(i) or known[i]).lamport for i in ids), default=0)
    payload = Payload(kind, roster.genesis.notebook_id, by.device_id, tuple(sorted(ids)), lamport, body, NOON)
    return write(DOMAIN, payload, by.sign)


def granting(person: PersonId, role: Role) -> bytes:
    return GRANT.encode(Grant(person, role, None))


def removing(person: PersonId, have: Have | None = None) -> bytes:
    return REVOKE.encode(Removal(person, Cut(tuple((f, i, h) for f, (i, h) in (have or {}).items()))))


def fresh_keys(name: str) -> EpochKeys:
    return EpochKeys.generate(dice(name))
