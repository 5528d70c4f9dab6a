"""A junior device locks out a stolen senior one; who may undo it; and how a thief can't use it."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notesapp.errors import BadRequest
from notesapp.identity.keys import Device, Root
from notesapp.identity.person import PersonLog
from notesapp.identity.person_bodies import ADD, LIFT, REVOKE, SUSPEND, Lifted, Revoked, Suspended, offer_device
from notesapp.identity.record import Record
from tests.identity.people import NOON, Person, alice_with, device
from tests.identity.test_person import forge

LAPTOP, PHONE, TABLET, THIEF = device("laptop"), device("phone"), device("tablet"), device("thief")


def suspend(alice: Person, target: Device, by: Device) -> Record:
    record = alice.log.suspend(target.device_id, by, now_ms=NOON)
    alice.records.append(record)
    return record


def lift(alice: Person, suspension: Record, by: Device | Root) -> Record:
    record = alice.log.lift(suspension.id, by, now_ms=NOON)
    alice.records.append(record)
    return record


def active(alice: Person, *more: Record) -> list[Device]:
    log = PersonLog.judge(alice.root.person_id, [*alice.records, *more])
    known = {own.device_id: own for own in (LAPTOP, PHONE, TABLET, THIEF)}
    return [known[own.device_id] for own in log.active]


def test_junior_device_suspends_a_stolen_senior_and_the_root_confirms() -> None:
    alice = alice_with(LAPTOP, PHONE)
    suspend(alice, LAPTOP, PHONE)
    assert active(alice) == [PHONE]
    with pytest.raises(BadRequest, match="suspended"):
        alice.revoke(PHONE, LAPTOP)
    with pytest.raises(BadRequest, match="suspended"):
        alice.add(THIEF, LAPTOP)
    alice.revoke(LAPTOP, alice.root)
    assert active(alice) == [PHONE]
    assert alice.log.devices[0].revoked_by


def test_suspended_device_back_dates_no_accomplice() -> None:
    alice = alice_with(LAPTOP, PHONE)
    before = list(alice.records)
    suspend(alice, LAPTOP, PHONE)
    person = alice.root.person_id
    accomplice = forge(LAPTOP, "add", person, before, ADD.encode(offer_device(THIEF, person)))
    assert active(alice, accomplice) == [PHONE]


def test_root_suspender_and_his_senior_lift_but_not_the_suspended_nor_a_junior() -> None:
    for by, may in ((LAPTOP, True), (PHONE, False), (TABLET, True), (THIEF, False)):
        alice = alice_with(LAPTOP, PHONE, TABLET, THIEF)
        suspension = suspend(alice, PHONE, TABLET)
        if may:
            lift(alice, suspension, by)
            assert active(alice) == [LAPTOP, PHONE, TABLET, THIEF]
        else:
            with pytest.raises(BadRequest):
                lift(alice, suspension, by)
    alice = alice_with(LAPTOP, PHONE)
    lift(alice, suspend(alice, LAPTOP, PHONE), alice.root)
    assert active(alice) == [LAPTOP, PHONE]
    again = suspend(alice, LAPTOP, PHONE)  # a lifted suspension doesn't stop a later one
    assert active(alice) == [PHONE]
    with pytest.raises(BadRequest, match="doesn't follow"):
        alice.log.lift(bytes(32), alice.root, now_ms=NOON)
    assert again.id in alice.log.devices[0].suspended_by


def test_senior_wins_when_two_devices_act_against_each_other_at_once() -> None:
    person = alice_with(LAPTOP, PHONE).root.person_id
    for body, kind in (
        (SUSPEND.encode(Suspended(PHONE.device_id)), "suspend"),
        (REVOKE.encode(Revoked(PHONE.device_id)), "revoke"),
    ):
        alice = alice_with(LAPTOP, PHONE)
        base = alice.records[-1:]
        seniors = forge(LAPTOP, kind, person, base, body)
        juniors = forge(PHONE, "suspend", person, base, SUSPEND.encode(Suspended(LAPTOP.device_id)))
        assert active(alice, juniors, seniors) == [LAPTOP]
        assert active(alice, seniors, juniors) == [LAPTOP]


def test_thief_of_a_junior_device_takes_no_root_and_loses_to_the_senior() -> None:
    alice = alice_with(LAPTOP, PHONE)
    suspend(alice, LAPTOP, PHONE)  # the thief has the phone
    lift_ = alice.log.lift(alice.records[-1].id, alice.root, now_ms=NOON)
    alice.records.append(lift_)
    alice.revoke(PHONE, LAPTOP)
    assert active(alice) == [LAPTOP]


def test_nobody_suspends_himself_or_a_stranger() -> None:
    alice = alice_with(LAPTOP)
    for target in (LAPTOP, THIEF):
        with pytest.raises(BadRequest):
            suspend(alice, target, LAPTOP)


def test_suspended_device_still_fills_its_place_among_sixteen() -> None:
    many = [device(f"many {n}") for n in range(16)]
    alice = alice_with(*many)
    alice.records.append(alice.log.suspend(many[3].device_id, many[4], now_ms=NOON))
    with pytest.raises(BadRequest, match="at most 16"):
        alice.add(THIEF, alice.root)


POOL = [device(f"pool {n}") for n in range(5)]


def random_log(chance: random.Random) -> tuple[Person, list[Record]]:
    alice = Person("Alice")
    records = [alice.add(own, alice.root) for own in POOL[:4]]
    person = alice.root.person_id
    for _ in range(chance.randint(2, 12)):
        prev = chance.sample(records, min(len(records), chance.randint(1, 3)))
        by: Device | Root = alice.root if chance.random() < 0.15 else chance.choice(POOL)
        target = chance.choice(POOL)
        kind, body = chance.choice(
            [
                ("suspend", SUSPEND.encode(Suspended(target.device_id))),
                ("suspend", SUSPEND.encode(Suspended(target.device_id))),
                ("lift", LIFT.encode(Lifted(chance.choice(records).id))),
                ("revoke", REVOKE.encode(Revoked(target.device_id))),
                ("add", ADD.encode(offer_device(target, person))),
            ]
        )
        records.append(forge(by, kind, person, prev, body))
    return alice, records


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
@example(33131933)  # lifts a suspension that was refused
def test_log_with_suspensions_is_a_function_of_the_set(seed: int) -> None:
    chance = random.Random(seed)
    alice, records = random_log(chance)
    expected = PersonLog.judge(alice.root.person_id, records)
    for _ in range(4):
        shuffled = chance.sample(records, len(records)) + chance.choices(records, k=3)
        assert PersonLog.judge(alice.root.person_id, shuffled) == expected
    assert PersonLog.judge(alice.root.person_id, expected.records).devices == expected.devices


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
@example(4143)
def test_whatever_a_device_suspended_by_the_root_says_changes_nothing(seed: int) -> None:
    chance = random.Random(seed)
    alice, records = random_log(chance)
    person = alice.root.person_id
    villain = chance.choice(POOL[:4])
    log = PersonLog.judge(person, records)
    if (own := log.device(villain.device_id)) is None or not own.active:
        return
    heads = [record for record in log.records if record.id in log.heads]
    stop = forge(alice.root, "suspend", person, heads, SUSPEND.encode(Suspended(villain.device_id)))
    fair = PersonLog.judge(person, [*records, stop])
    forged = []
    for _ in range(5):
        prev = chance.sample([*records, stop], chance.randint(1, 3))
        target = chance.choice(POOL)
        kind, body = chance.choice(
            [
                ("suspend", SUSPEND.encode(Suspended(target.device_id))),
                ("lift", LIFT.encode(Lifted(stop.id))),
                ("revoke", REVOKE.encode(Revoked(target.device_id))),
                ("add", ADD.encode(offer_device(device("accomplice"), person))),
            ]
        )
        forged.append(forge(villain, kind, person, prev, body))
    attacked = PersonLog.judge(person, [*records, stop, *forged])
    assert [d.device_id for d in attacked.active] == [d.device_id for d in fair.active]
