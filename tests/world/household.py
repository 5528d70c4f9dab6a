"""Who is who in a simulated world: one notebook, its owner, and people with their devices."""

from __future__ import annotations

from notesapp.identity.epoch import EpochKeys
from notesapp.identity.genesis import Genesis
from notesapp.identity.keys import Device, PersonId, Root
from notesapp.identity.person import PersonLog
from notesapp.identity.person_bodies import offer_device
from notesapp.identity.record import Record
from notesapp.identity.roles import WRITERS, Role
from notesapp.identity.roster import Roster, found_notebook
from notesapp.identity.scribe import Scribe
from tests.world.time import Clock

NOON = 1_790_000_000_000


class Somebody:
    """A person: a root key, and a log that grows."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.root = Root.generate(clock.entropy)
        self.records: list[Record] = []

    @property
    def id(self) -> PersonId:
        """His id."""
        return self.root.person_id

    @property
    def log(self) -> PersonLog:
        """His log."""
        return PersonLog.judge(self.id, self.records)

    def add(self) -> Device:
        """A new device."""
        device = Device.generate(self._clock.entropy)
        self.records.append(self.log.add(offer_device(device, self.id), self.root, now_ms=NOON))
        return device


class Household:
    """The owner is the first; the others are writers unless `roles` says something else.

    A name such as "Bob/phone" is another device of Bob.
    """

    def __init__(self, clock: Clock, names: list[str], roles: dict[str, Role] | None = None) -> None:
        self.clock = clock
        self.people: dict[str, Somebody] = {}
        self.devices: dict[str, Device] = {}
        for name in names:
            self.meet(name)
        owner = self.people[names[0]]
        self.genesis = Genesis.make(owner.id, now_ms=NOON, entropy=clock.entropy)
        keys = EpochKeys.generate(clock.entropy)
        first = self.devices[names[0]]
        roster = found_notebook(self.genesis, owner.log, first, keys, now_ms=NOON, entropy=clock.entropy)
        roster = roster.joined((), [somebody.log for somebody in self.people.values()])
        scribe = Scribe(roster, first, now_ms=NOON)
        for name in self.people:
            if name != names[0]:
                scribe.grant(self.people[name].id, (roles or {}).get(name, Role.WRITER))
        scribe.give_keys(scribe.roster.keys_for(first), entropy=clock.entropy)
        self.roster = scribe.roster

    def meet(self, name: str) -> Device:
        """A person of this name, and a device."""
        person = name.partition("/")[0]
        if person not in self.people:
            self.people[person] = Somebody(self.clock)
        self.devices[name] = self.people[person].add()
        return self.devices[name]

    def person(self, name: str) -> PersonId:
        """Whose device it is."""
        return self.people[name.partition("/")[0]].id

    def records(self, roster: Roster | None = None) -> tuple[list[Record], list[Record]]:
        """(person logs, roster) as a newcomer gets them."""
        persons = [record for somebody in self.people.values() for record in somebody.records]
        return persons, list((roster or self.roster).records)


def writes(role: Role | None) -> bool:
    """Whether somebody of this role writes."""
    return role in WRITERS
