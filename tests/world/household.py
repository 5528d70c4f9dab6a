"""Who is who in a simulated world: one notebook, its founder and the devices that take part."""

from __future__ import annotations

from notesapp.identity.epoch import EpochKeys
from notesapp.identity.genesis import Genesis
from notesapp.identity.keys import Device, PersonId, Root
from notesapp.identity.person import PersonLog, offer_device
from notesapp.identity.record import Record
from notesapp.identity.roster import found_notebook
from tests.world.time import Clock

NOON = 1_790_000_000_000


class Household:
    """One person with a device for each name."""

    def __init__(self, clock: Clock, names: list[str]) -> None:
        self.clock = clock
        self.root = Root.generate(clock.entropy)
        self.devices = {name: Device.generate(clock.entropy) for name in names}
        self.unlucky: set[str] = set()  # whose edits may be lost by right: removed, forked
        persons: list[Record] = []
        log = PersonLog.judge(self.root.person_id, persons)
        for device in self.devices.values():
            offer = offer_device(device, self.root.person_id)
            persons.append(log.add(offer, self.root, now_ms=NOON))
            log = PersonLog.judge(self.root.person_id, persons)
        self.genesis = Genesis.make(self.root.person_id, now_ms=NOON, entropy=clock.entropy)
        keys = EpochKeys.generate(clock.entropy)
        first = self.devices[names[0]]
        roster = found_notebook(self.genesis, log, first, keys, now_ms=NOON, entropy=clock.entropy)
        self._persons, self._rosters = persons, list(roster.records)

    def person(self, name: str) -> PersonId:
        """Whose device it is."""
        return self.root.person_id

    def is_member(self, name: str) -> bool:
        """Whether a device takes part now."""
        return name in self.devices

    def records(self) -> tuple[list[Record], list[Record]]:
        """(person logs, roster) as they were at the beginning."""
        return self._persons, self._rosters
