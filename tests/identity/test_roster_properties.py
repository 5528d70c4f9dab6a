"""Random companies of honest and hostile members, in any order and subset: one state, one owner, no way back in."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notesapp.errors import BadRequest
from notesapp.identity.record import Record
from notesapp.identity.roles import Role
from notesapp.identity.roster import Counted, Roster
from notesapp.identity.roster_bodies import (
    CHANGE,
    DEVICE,
    HAND_OVER,
    INVITE,
    LEAVE,
    ROTATE,
    WITHDRAW,
    Cut,
    Devices,
    HandOver,
    Invitation,
    Leaving,
    NewRole,
    Rotate,
    Withdrawal,
)
from notesapp.identity.scribe import Scribe, consent_to_own
from tests.identity.company import Company, Somebody, forge, granting, removing
from tests.identity.people import NOON

GIVEN = [Role.ADMIN, Role.WRITER, Role.READER, Role.KEEPER, Role.COMMENTER, Role.OWNER]
FEEDS = [bytes([n]) * 16 for n in range(1, 4)]


class History:
    """What random people say, each knowing what he happened to hear."""

    def __init__(self, seed: int, steps: int = 12) -> None:
        self.chance = random.Random(seed)
        self.it = Company(devices=2)
        self.people = self.it.everybody
        first = list(self.it.roster.records)
        self.heard = {who.root.person_id: list(first) for who in self.people}
        self.records = list(first)
        self.owners = {self.it.alice.id}
        with_roles = (self.it.ada, Role.ADMIN), (self.it.will, Role.WRITER), (self.it.rita, Role.READER)
        for who, role in with_roles:
            self.say(self.it.scribe(self.it.alice, self.view(self.it.alice)).grant(who.id, role), self.it.alice)
        for who in self.people:
            self.heard[who.id] = list(self.records)
        for _ in range(steps):
            self.step()

    def view(self, who: Somebody) -> Roster:
        logs = [other.log for other in self.people]
        return Roster.judge(self.it.roster.genesis, logs, self.heard[who.id])

    def say(self, record: Record, who: Somebody) -> None:
        self.records.append(record)
        self.heard[who.id].append(record)

    def step(self) -> None:
        who, chance = self.chance.choice(self.people), self.chance
        if chance.random() < 0.4:
            self.heard[who.id] += chance.sample(self.records, chance.randrange(len(self.records)))
        if chance.random() < 0.08 and len(who.log.active) == 2:
            scribe = Scribe(self.view(who), who.devices[1], now_ms=NOON)
            lost = who.devices[0]
            if chance.random() < 0.5:
                who.revoke(lost, who.root)
            else:
                who.records.append(who.log.suspend(lost.device_id, who.devices[1], now_ms=NOON))
            with suppress(BadRequest):
                self.say(scribe.devices(who.log, {FEEDS[0]: (1, bytes(32))}), who)
        elif chance.random() < 0.5:
            with suppress(BadRequest):
                self.honest(who)
        else:
            self.say(self.hostile(who), who)

    def honest(self, who: Somebody) -> None:
        chance, view = self.chance, self.view(who)
        scribe = Scribe(view, chance.choice(who.devices), now_ms=NOON)
        target = chance.choice(self.people)
        role = chance.choice(GIVEN[:3])
        have = {feed: (chance.randrange(9), bytes(32)) for feed in FEEDS[: chance.randrange(4)]}
        match chance.randrange(6):
            case 0:
                scribe.grant(target.id, role)
            case 1:
                scribe.change(target.id, role, have)
            case 2:
                scribe.remove(target.id, have)
            case 3:
                scribe.leave(have)
            case 4:
                consent = consent_to_own(view, target.id, target.device)
                scribe.hand_over(target.id, target.device.device_id, consent, role, have)
                self.owners.add(target.id)
            case _:
                scribe.invite(chance.randbytes(32), Role.READER, uses=1, ends_ms=0, approval=False)
        for record in scribe.records:
            self.say(record, who)

    def hostile(self, who: Somebody, kinds: int = 9) -> Record:
        """Any kind, any target, behind any records that exist."""
        chance, target = self.chance, self.chance.choice(self.people)
        roster = Roster.judge(self.it.roster.genesis, [], self.records)
        cut = Cut(tuple((feed, chance.randrange(9), bytes(32)) for feed in FEEDS))
        role, heir = chance.choice(GIVEN), chance.choice(self.people)
        handing = HandOver(
            heir.id,
            Role.ADMIN,
            roster.term,
            heir.device.device_id,
            consent_to_own(roster, heir.id, heir.device),
            cut,
        )
        bodies = [
            ("grant", granting(target.id, role)),
            ("change", CHANGE.encode(NewRole(target.id, role, cut))),
            ("revoke", removing(target.id)),
            ("leave", LEAVE.encode(Leaving(cut))),
            ("invite", INVITE.encode(Invitation(bytes(32), Role.WRITER, 2, 0, True))),
            ("withdraw", WITHDRAW.encode(Withdrawal(bytes(32)))),
            ("rotate", ROTATE.encode(Rotate(bytes(32), ()))),
            ("device", DEVICE.encode(Devices(tuple(sorted(who.log.heads)), cut))),
            ("hand-over", HAND_OVER.encode(handing)),
        ]
        kind, body = chance.choice(bodies[:kinds])
        prev = chance.sample(self.records, min(len(self.records), chance.randint(1, 3)))
        return forge_among(self, who, kind, body, prev)

    def judge(self, records: list[Record]) -> Roster:
        return Roster.judge(self.it.roster.genesis, [who.log for who in self.people], records)


def forge_among(it: History, who: Somebody, kind: str, body: bytes, prev: list[Record]) -> Record:
    return forge(it.it.roster, it.chance.choice(who.devices), kind, body, prev)


def check_order(seed: int) -> None:
    it = History(seed)
    expected = it.judge(it.records)
    for _ in range(3):
        shuffled = it.chance.sample(it.records, len(it.records)) + it.chance.choices(it.records, k=4)
        assert it.judge(shuffled) == expected
    one_by_one = it.judge([])
    for record in it.chance.sample(it.records, len(it.records)):
        one_by_one = one_by_one.joined([record])
    assert one_by_one == expected
    subset = it.chance.sample(it.records, it.chance.randrange(len(it.records)))
    some = it.judge(subset)
    assert it.judge(subset[::-1]) == some
    for roster in (expected, some):
        assert [member.role for member in roster.members.values()].count(Role.OWNER) == 1
        assert roster.members[roster.owner].role is Role.OWNER
        passed_on = it.judge(list(roster.records))
        assert (passed_on.members, passed_on.heads, passed_on.epochs) == (roster.members, roster.heads, roster.epochs)


def check_removed(seed: int) -> None:
    """Somebody is removed by the owner, who knows everything; whatever he signs then changes nobody's role."""
    it = History(seed)
    before = it.judge(it.records)
    owner = next(who for who in it.people if who.id == before.owner)
    victims = [who for who in it.people if who.id in before.members and who is not owner]
    active = [own for own in owner.devices if before.right(own.device_id)]
    if not victims or not active:
        return
    victim = it.chance.choice(victims)
    scribe = Scribe(before, active[0], now_ms=NOON)
    scribe.remove(victim.id, {FEEDS[0]: (3, bytes(32))})
    it.records += scribe.records
    fair = it.judge(it.records)
    assert victim.id not in fair.members
    # A former owner can contest his own hand-over, by another one or by revoking the device that signed it. Nothing but
    # having seen the first one can tell the two apart: `contests` keeps such records out where it was seen.
    kinds = 7 if victim.id in it.owners else 9
    for _ in range(5):
        it.records.append(it.hostile(victim, kinds))
    attacked = it.judge(it.records)
    assert attacked.members == fair.members
    assert all(attacked.right(own.device_id) is None for own in victim.devices)
    for feed in FEEDS:
        for heads in (fair.heads, before.heads, attacked.heads):
            now = attacked.counts(victim.device.device_id, feed, 4, heads)
            assert now is not Counted.COUNTS


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_roster_is_a_function_of_the_set_of_records(seed: int) -> None:
    check_order(seed)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_removed_member_regains_nothing_without_a_new_grant(seed: int) -> None:
    check_removed(seed)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_thousand_companies() -> None:
    for seed in range(1000):
        check_order(seed)
        check_removed(seed)
