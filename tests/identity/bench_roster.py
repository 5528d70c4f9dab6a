"""What judging a roster costs: `python -m tests.identity.bench_roster`."""

from __future__ import annotations

import time

from notesapp.identity.record import Record
from notesapp.identity.roles import Role
from notesapp.identity.roster import Counted, Roster
from tests.identity.company import Company, Somebody, forge, fresh_keys, granting
from tests.identity.people import dice


def main() -> None:
    it = Company().settle()
    ruler = it.scribe(it.alice)
    people = [Somebody(f"Member {n}") for n in range(10)]
    for who in people:
        ruler.hear(who.log)
        ruler.grant(who.id, Role.WRITER)
    it.roster = ruler.roster
    for n in range(20):
        it.scribe(it.alice).rotate(fresh_keys(f"{n}"), it.roster.keys_for(it.alice.device), entropy=dice(f"{n}"))
    records = list(it.roster.records)
    show("10 people, 20 rotations", it.roster, records)
    roster, last = it.roster, records[-1]
    for n in range(5000 - len(records)):
        last = forge(roster, it.alice.device, "grant", granting(people[n % 10].id, Role.WRITER), [last])
        records.append(last)
    show("hostile", it.roster, records)


def show(name: str, roster: Roster, records: list[Record]) -> None:
    begun = time.perf_counter()
    judged = Roster.judge(roster.genesis, roster.logs.values(), records)
    spent = time.perf_counter() - begun
    device = next(iter(roster.members.values())).devices[0].device_id
    begun = time.perf_counter()
    for index in range(10_000):
        assert judged.counts(device, bytes(16), index, judged.heads) is Counted.COUNTS
    each = (time.perf_counter() - begun) / 10_000
    print(f"{name}: {len(records)} records judged in {spent * 1000:.0f} ms; an entry in {each * 1e6:.1f} µs")


if __name__ == "__main__":
    main()
