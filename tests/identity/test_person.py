"""The person log under orders, doubles, gaps, thieves and liars."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notesapp.errors import BadRequest, RemoteError
from notesapp.identity.keys import Device, Root
from notesapp.identity.person import DOMAIN, DeviceOffer, PersonLog, offer_device, read_record
from notesapp.identity.record import Payload, Record, write
from tests.identity.people import NOON, Person, alice_with, device, dice

LAPTOP, PHONE, TABLET, THIEF = device("laptop"), device("phone"), device("tablet"), device("thief")


def ids(log: PersonLog) -> list[bytes]:
    return [own.device_id for own in log.active]


def forge(by: Device | Root, kind: str, person: bytes, prev: list[Record], body: bytes, lamport: int = 0) -> Record:
    """A record signed by `by` that follows what the forger likes."""
    author = by.person_id if isinstance(by, Root) else by.device_id
    number = lamport or 1 + max((record.lamport for record in prev), default=0)
    payload = Payload(kind, person, author, tuple(sorted(r.id for r in prev)), number, body, NOON)
    return write(DOMAIN, payload, by.sign)


def test_root_adds_a_device_that_adds_another() -> None:
    alice = alice_with(LAPTOP)
    alice.add(PHONE, LAPTOP)
    assert ids(alice.log) == [LAPTOP.device_id, PHONE.device_id]
    assert not alice.log.refused


def test_record_survives_its_bytes() -> None:
    alice = alice_with(LAPTOP)
    assert [read_record(record.data) for record in alice.records] == alice.records


def test_junior_device_can_not_revoke_a_senior_one() -> None:
    alice = alice_with(LAPTOP)
    alice.add(PHONE, LAPTOP)
    with pytest.raises(BadRequest, match="junior"):
        alice.revoke(LAPTOP, PHONE)
    alice.revoke(PHONE, LAPTOP)
    assert ids(alice.log) == [LAPTOP.device_id]


def test_root_revokes_the_most_senior_device_and_a_device_retires_itself() -> None:
    alice = alice_with(LAPTOP, PHONE)
    alice.revoke(LAPTOP, alice.root)
    alice.revoke(PHONE, PHONE)
    assert ids(alice.log) == []
    assert [own.active for own in alice.log.devices] == [False, False]


def test_revoked_device_never_comes_back() -> None:
    alice = alice_with(LAPTOP)
    alice.revoke(LAPTOP, alice.root)
    with pytest.raises(BadRequest, match="added before"):
        alice.add(LAPTOP, alice.root)


def test_seventeenth_device_does_not_count_until_one_is_revoked() -> None:
    devices = [device(f"device {n}") for n in range(17)]
    alice = alice_with(*devices[:16])
    with pytest.raises(BadRequest, match="at most 16"):
        alice.add(devices[16], alice.root)
    extra = alice.log
    offer = offer_device(devices[16], alice.root.person_id)
    last = alice.records[-1]
    late = forge(alice.root, "add", alice.root.person_id, [last], _offer_body(alice.root, offer))
    assert (
        PersonLog.judge(extra.person_id, [*alice.records, late]).refused[late.id] == "a person has at most 16 devices"
    )
    alice.revoke(devices[3], alice.root)
    assert len(PersonLog.judge(extra.person_id, [*alice.records, late]).active) == 16


def _offer_body(root: Root, offer: DeviceOffer) -> bytes:
    log = PersonLog.judge(root.person_id, [])
    return log.add(offer, root, now_ms=NOON).body


def test_thief_back_dates_nothing_once_a_senior_revoked_him() -> None:
    alice = alice_with(LAPTOP)
    added = alice.add(THIEF, LAPTOP)
    alice.revoke(THIEF, LAPTOP)
    offer = offer_device(TABLET, alice.root.person_id)
    # He pretends never to have heard of the revocation.
    forged = forge(THIEF, "add", alice.root.person_id, [added], _offer_body(alice.root, offer))
    log = PersonLog.judge(alice.root.person_id, [*alice.records, forged])
    assert ids(log) == [LAPTOP.device_id]
    assert log.refused == {forged.id: "its author was revoked"}


def test_what_a_thief_did_before_the_revocation_knew_it_stays() -> None:
    alice = alice_with(LAPTOP)
    alice.add(PHONE, LAPTOP)
    alice.add(TABLET, PHONE)
    alice.revoke(PHONE, LAPTOP)
    assert ids(alice.log) == [LAPTOP.device_id, TABLET.device_id]


def test_two_devices_revoke_each_other_and_the_senior_wins() -> None:
    alice = alice_with(LAPTOP, PHONE)
    base = alice.records[-1]
    body = alice.log.revoke(PHONE.device_id, LAPTOP, now_ms=NOON).body
    other = alice.log.revoke(LAPTOP.device_id, alice.root, now_ms=NOON).body
    by_laptop = forge(LAPTOP, "revoke", alice.root.person_id, [base], body)
    by_phone = forge(PHONE, "revoke", alice.root.person_id, [base], other)
    log = PersonLog.judge(alice.root.person_id, [*alice.records, by_phone, by_laptop])
    assert ids(log) == [LAPTOP.device_id]
    assert list(log.refused) == [by_phone.id]


def test_nobody_claims_another_ones_device() -> None:
    mallory = Person("Mallory")
    stolen = offer_device(LAPTOP, alice_with().root.person_id)
    with pytest.raises(BadRequest, match="didn't agree"):
        mallory.log.add(stolen, mallory.root, now_ms=NOON)


def test_record_of_another_person_or_unknown_device_is_refused() -> None:
    alice, bob = alice_with(LAPTOP), Person("Bob")
    foreign = bob.add(PHONE, bob.root)
    body = _offer_body(alice.root, offer_device(TABLET, alice.root.person_id))
    stranger = forge(THIEF, "add", alice.root.person_id, [alice.records[0]], body)
    log = PersonLog.judge(alice.root.person_id, [*alice.records, foreign, stranger])
    assert set(log.refused) == {foreign.id, stranger.id}
    assert ids(log) == [LAPTOP.device_id]


def test_kind_is_small_letters_and_nothing_behind_them() -> None:
    alice = alice_with(LAPTOP)
    for kind in ("add\n", "Add", "", "-add", "add ", "a" * 17):
        strange = forge(LAPTOP, kind, alice.root.person_id, alice.records, b"\x90")
        with pytest.raises(RemoteError, match="malformed"):
            read_record(strange.data)
    assert read_record(forge(LAPTOP, "re-add", alice.root.person_id, alice.records, b"\x90").data).kind == "re-add"


def test_lying_about_the_number_or_the_heads_is_refused() -> None:
    alice = alice_with(LAPTOP)
    body = _offer_body(alice.root, offer_device(TABLET, alice.root.person_id))
    first = alice.records[0]
    high = forge(LAPTOP, "add", alice.root.person_id, [first], body, lamport=9)
    low = forge(LAPTOP, "add", alice.root.person_id, [first], body, lamport=1)
    after = forge(LAPTOP, "revoke", alice.root.person_id, [high], body)
    log = PersonLog.judge(alice.root.person_id, [first, high, low, after])
    assert set(log.refused) == {high.id, low.id, after.id}


def test_record_with_a_missing_past_waits_and_counts_when_it_comes() -> None:
    alice = alice_with(LAPTOP)
    alice.add(PHONE, LAPTOP)
    first, second = alice.records
    assert PersonLog.judge(alice.root.person_id, [second]).waiting == (second.id,)
    assert len(PersonLog.judge(alice.root.person_id, [second, first]).active) == 2


def test_kind_of_a_later_version_is_kept_and_may_be_followed() -> None:
    alice = alice_with(LAPTOP)
    later = forge(LAPTOP, "rename", alice.root.person_id, alice.records, b"\x90")
    alice.records.append(later)
    alice.add(PHONE, LAPTOP)
    assert later in alice.log.records
    assert len(alice.log.active) == 2


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_log_is_a_function_of_the_set_of_records(seed: int) -> None:
    chance = random.Random(seed)
    alice, records = random_history(chance)
    expected = PersonLog.judge(alice.root.person_id, records)
    for _ in range(4):
        shuffled = chance.sample(records, len(records)) + chance.choices(records, k=5)
        judged = PersonLog.judge(alice.root.person_id, shuffled)
        assert judged == expected
        assert judged.digest == expected.digest
    assert len(expected.active) <= 16
    # What is passed on says the same again.
    assert PersonLog.judge(alice.root.person_id, expected.records).devices == expected.devices


@settings(max_examples=40)
@given(st.integers(0, 2**32))
def test_nothing_that_a_revoked_device_adds_later_brings_it_back(seed: int) -> None:
    chance = random.Random(seed)
    alice, records = random_history(chance)
    before = PersonLog.judge(alice.root.person_id, records)
    if not before.active:
        return
    victim = chance.choice(before.active)
    revocation = before.revoke(victim.device_id, alice.root, now_ms=NOON)
    villain = next(d for d in POOL if d.device_id == victim.device_id)
    known = list(before.records)
    forged = []
    for _ in range(6):
        prev = chance.sample(known, min(len(known), chance.randint(1, 2)))
        body = _offer_body(alice.root, offer_device(chance.choice(POOL), alice.root.person_id))
        forged.append(forge(villain, "add", alice.root.person_id, prev, body))
    fair = PersonLog.judge(alice.root.person_id, [*records, revocation])
    attacked = PersonLog.judge(alice.root.person_id, [*records, revocation, *forged])
    assert attacked.devices == fair.devices


POOL = [device(f"pool {n}") for n in range(20)]


def random_history(chance: random.Random) -> tuple[Person, list[Record]]:
    """Root and devices add and revoke one another on partial knowledge, by the rules and against them."""
    alice = Person("Alice")
    records = [alice.add(POOL[0], alice.root)]
    for _ in range(chance.randint(1, 14)):
        prev = chance.sample(records, min(len(records), chance.randint(1, 3)))
        by: Device | Root = alice.root if chance.random() < 0.2 else chance.choice(POOL[:6])
        target = chance.choice(POOL[:8])
        if chance.random() < 0.6:
            body = _offer_body(alice.root, offer_device(target, alice.root.person_id))
            records.append(forge(by, "add", alice.root.person_id, prev, body))
        else:
            body = b"\x91\xc4\x20" + target.device_id
            records.append(forge(by, "revoke", alice.root.person_id, prev, body))
    return alice, records


def test_changed_record_is_refused_wherever_it_is_changed() -> None:
    data = alice_with(LAPTOP).records[0].data
    for at in range(len(data)):
        changed = bytearray(data)
        changed[at] ^= 1 << (at % 8)
        with pytest.raises(RemoteError):
            read_record(bytes(changed))
    with pytest.raises(RemoteError, match="limit"):
        read_record(data + dice("tail")(5000))
