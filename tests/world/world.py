"""A small world: people's devices, a network that comes and goes, and the promises that hold whatever happens.

1. Equal frontiers, equal texts. 2. No edit that the screen once called saved is missing anywhere (unless its author had
lost the right to make it). 3. Which entries count doesn't depend on the order in which anything came.
"""

from __future__ import annotations

import copy
from itertools import combinations

from notesapp.identity.roles import Role
from notesapp.identity.roster import Roster
from notesapp.identity.scribe import Scribe
from notesapp.sync.head import Fork
from tests.world.disk import Disk
from tests.world.household import Household
from tests.world.net import Weather, link
from tests.world.replica import Replica
from tests.world.time import Clock

DIAL_MS = 1500


class World:
    """Replicas by name, and who reaches whom."""

    def __init__(
        self,
        seed: int | str,
        names: list[str],
        weather: Weather | None = None,
        roles: dict[str, Role] | None = None,
    ) -> None:
        self.clock = Clock(seed)
        self.weather = weather or Weather()
        self.household = Household(self.clock, names, roles)
        self.unlucky: set[str] = set()  # whose edits may be lost by right, or whose feed was forked
        self.replicas: dict[str, Replica] = {}
        self.reach: set[frozenset[str]] = {frozenset(pair) for pair in combinations(names, 2)}
        for name in names:
            self.replicas[name] = self.add(name)
        founder = self.replicas[names[0]]
        founder.start()
        founder.create_index()
        for name in names[1:]:
            self.replicas[name].start()
        self.clock.after(0, self._dial)

    def __getitem__(self, name: str) -> Replica:
        return self.replicas[name]

    def add(self, name: str, roster: Roster | None = None) -> Replica:
        """A device that has been let in, with an empty disk but for records; it isn't started."""
        disk = Disk(self.clock)
        disk.put_records(*self.household.records(roster))
        device = self.household.devices[name]
        self.replicas[name] = Replica(
            self.clock, name, self.household.person(name), device, self.household.genesis, disk
        )
        return self.replicas[name]

    def welcome(self, name: str, role: Role, by: str) -> Replica:
        """Somebody new, let in by a member: with the records of that moment, and nothing else."""
        self.household.meet(name)
        somebody, host = self.household.people[name], self.replicas[by]
        scribes: list[Scribe] = []

        def act(scribe: Scribe) -> None:
            scribe.hear(somebody.log)
            scribe.grant(somebody.id, role)
            scribe.give_keys(host.roster.keys_for(host.device), entropy=self.clock.entropy)
            scribes.append(scribe)

        host.rule(act, somebody.records)
        self.run(1000)
        return self._arrive(name, scribes[0].roster)

    def link_device(self, name: str, by: str) -> Replica:
        """Another device of somebody, whose person log reaches a ruler, who brings it the keys."""
        self.household.meet(name)
        somebody, host = self.household.people[name.partition("/")[0]], self.replicas[by]
        scribes: list[Scribe] = []

        def act(scribe: Scribe) -> None:
            scribe.hear(somebody.log)
            scribe.give_keys(host.roster.keys_for(host.device), entropy=self.clock.entropy)
            scribes.append(scribe)

        host.rule(act, somebody.records)
        self.run(1000)
        return self._arrive(name, scribes[0].roster)

    def clone(self, name: str, copy_name: str) -> Replica:
        """A copy of a whole profile on another machine; it starts later, so it is the younger run."""
        original = self.replicas[name]
        self.household.devices[copy_name] = original.device
        disk = Disk(self.clock)
        for part in ("feeds", "persons", "rosters", "states", "forks", "arrival"):
            setattr(disk, part, copy.deepcopy(getattr(original.disk, part)))
        twin = Replica(self.clock, copy_name, original.person, original.device, original.genesis, disk)
        return self._start(copy_name, twin)

    def _arrive(self, name: str, roster: Roster) -> Replica:
        return self._start(name, self.add(name, roster))

    def _start(self, name: str, replica: Replica) -> Replica:
        for other in self.replicas:
            if other != name:
                self.join(name, other)
        self.replicas[name] = replica
        replica.start()
        return replica

    # -- what happens -------------------------------------------------------------------------------------------------

    def run(self, duration_ms: int) -> None:
        """Lets time pass."""
        self.clock.run(duration_ms)

    def sleep(self, duration_ms: int) -> None:
        """Everybody's computers are off for so long."""
        self.run(2000)
        for replica in self.running:
            replica.crash()
        self.clock.now_ms += duration_ms
        for replica in self.replicas.values():
            replica.start()
        self.run(3000)

    def part(self, one: str, other: str) -> None:
        """Two devices don't reach each other any more."""
        self.reach.discard(frozenset((one, other)))
        a, b = self.replicas[one], self.replicas[other]
        if a.up and b.up:
            theirs = b.calls.ends()
            for end in a.calls.ends():
                if end.other in theirs:
                    end.cut()

    def join(self, one: str, other: str) -> None:
        """They do again."""
        self.reach.add(frozenset((one, other)))

    def part_all(self) -> None:
        """Nobody reaches anybody."""
        for pair in list(self.reach):
            self.part(*sorted(pair))

    def join_all(self) -> None:
        """Everybody reaches everybody."""
        for one, other in combinations(self.replicas, 2):
            self.join(one, other)

    def crash(self, name: str) -> None:
        """A device loses power and starts again."""
        replica = self.replicas[name]
        if replica.up:
            replica.crash()
            replica.start()

    def _dial(self) -> None:
        for pair in sorted(self.reach, key=sorted):
            one, other = sorted(pair)
            if self.clock.chance.random() < 0.5:
                one, other = other, one
            self.dial(one, other)
        self.clock.after(DIAL_MS + self.clock.chance.randrange(500), self._dial)

    def dial(self, one: str, other: str) -> None:
        """A link from one device to another, if both run and don't talk already."""
        a, b = self.replicas.get(one), self.replicas.get(other)
        if a is None or b is None or not (a.up and b.up) or frozenset((one, other)) not in self.reach:
            return
        if b.device.device_id in a.calls.peers():
            return
        there, here = link(self.clock, self.weather)
        b.calls.listen(here)
        a.calls.dial(there, b.device.device_id)

    def is_member(self, name: str) -> bool:
        """Whether a device takes part, as the founder sees it."""
        founder = next(iter(self.replicas.values()))
        return founder.roster.right(self.replicas[name].device.device_id) is not None

    # -- what must hold -----------------------------------------------------------------------------------------------

    @property
    def running(self) -> list[Replica]:
        """The replicas that run."""
        return [replica for replica in self.replicas.values() if replica.up]

    def settled(self) -> bool:
        """Whether all members that run have the same frontier and records."""
        members = [r for r in self.running if self.is_member(r.name)]
        spans = {(r.book.frontier.span().digest, r.book.records.span().digest) for r in members}
        return len(spans) <= 1

    def settle(self, deadline_ms: int = 120_000) -> None:
        """Heals the network and waits until all are equal; fails if they never are."""
        self.join_all()
        self.weather.loss = min(self.weather.loss, 0.05)
        self.clock.run(3000)
        assert self.clock.run(deadline_ms, self.settled), self.differences()
        self.clock.run(500)
        self.check()
        assert self.settled(), self.differences()

    def differences(self) -> str:
        """For people who look for a fault."""
        lines = []
        for replica in self.running:
            marks = {feed.hex()[:6]: mark.index for feed, mark in replica.book.frontier.marks().items()}
            talks = {session.peer.device_id.hex()[:4]: session.state for session in replica.calls.sessions()}
            lines.append(f"{replica.name}: {marks} records {len(replica.book.records)} {talks}")
        return "\n".join(lines)

    def check(self) -> None:
        """The promises that hold at any moment, and those that hold once all are equal."""
        by_frontier: dict[bytes, dict[bytes, str]] = {}
        for replica in self.running:
            if not self.is_member(replica.name) or replica.unsaved:
                continue
            key = replica.book.frontier.span().digest
            texts = replica.texts()
            assert by_frontier.setdefault(key, texts) == texts, f"{replica.name} reads other texts than its equals"
        members = [r for r in self.running if self.is_member(r.name)]
        for author in self.replicas.values():
            if not self.is_member(author.name) or author.name in self.unlucky:
                continue
            for note_id, token in author.saved:
                for reader in members:
                    if self.unlucky and reader.waits(note_id):
                        continue  # it follows an edit that lies beyond a cut
                    if reader is author or self.settled():
                        assert token in reader.texts().get(note_id, ""), f"{reader.name} lacks {token} of {author.name}"


def forks_of(world: World) -> list[Fork]:
    """All proofs of two histories that anybody holds."""
    return [fork for replica in world.running for fork in replica.disk.forks]
