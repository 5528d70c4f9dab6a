"""What one's own devices remember together, whatever the order; petnames; what a lost device may still say."""

from __future__ import annotations

import random

import pytest

from notesapp.errors import BadRequest, RemoteError
from notesapp.identity.home import HomeLog, Petname, read_record
from notesapp.identity.keys import Device
from notesapp.identity.record import Record
from tests.identity.people import NOON, Person, alice_with, device

LAPTOP, PHONE, STRANGER = device("laptop"), device("phone"), device("stranger")
HOME = b"h" * 32
BOB = Person("Bob").root.person_id


def home(alice: Person, records: list[Record]) -> HomeLog:
    return HomeLog.judge(HOME, alice.log, records)


def put(alice: Person, records: list[Record], key: str, value: bytes | None, by: Device = LAPTOP) -> Record:
    record = home(alice, records).set(key, value, by, now_ms=NOON)
    records.append(record)
    return record


def test_petname_is_given_changed_and_forgotten() -> None:
    alice, records = alice_with(LAPTOP, PHONE), list[Record]()
    records.append(home(alice, records).call(BOB, "Bobby", verified=False, by=LAPTOP, now_ms=NOON))
    records.append(home(alice, records).call(BOB, "Bob 🦊", verified=True, by=PHONE, now_ms=NOON))
    assert home(alice, records).petnames() == {BOB: Petname(BOB, "Bob 🦊", True)}
    assert [read_record(record.data) for record in records] == records
    records.append(home(alice, records).call(BOB, "", verified=False, by=PHONE, now_ms=NOON))
    assert home(alice, records).petnames() == {}
    with pytest.raises(BadRequest, match="60 letters"):
        home(alice, records).call(BOB, "x" * 61, verified=False, by=LAPTOP, now_ms=NOON)


def test_newest_value_counts_and_of_two_at_once_the_same_everywhere() -> None:
    alice, base = alice_with(LAPTOP, PHONE), list[Record]()
    put(alice, base, "theme", b"dark")
    apart = home(alice, base)
    one, two = (apart.set("theme", by.device_id, by, now_ms=NOON) for by in (LAPTOP, PHONE))
    records = [*base, one, two]
    expected = home(alice, records)
    assert expected.values["theme"] == max((one, two), key=lambda r: r.id).author
    for seed in range(6):
        assert home(alice, random.Random(seed).sample(records, 3)) == expected
    put(alice, records, "theme", None)
    assert "theme" not in home(alice, records).values
    assert home(alice, records[1:]).waiting


def test_strangers_are_not_heard_and_a_lost_device_only_as_far_as_followed() -> None:
    alice, records = alice_with(LAPTOP, PHONE), list[Record]()
    put(alice, records, "theme", b"dark", PHONE)
    put(alice, records, "size", b"12", LAPTOP)
    stolen = home(alice, records).set("theme", b"stolen", PHONE, now_ms=NOON)
    foreign = home(alice, records).set("theme", b"foreign", STRANGER, now_ms=NOON)
    alice.revoke(PHONE, LAPTOP)
    judged = home(alice, [*records, stolen, foreign])
    assert judged.values == {"theme": b"dark", "size": b"12"}
    assert "no own device" in judged.refused[foreign.id]
    assert judged.heads == (records[-1].id,)


def test_value_of_another_shape_or_key_gives_no_name() -> None:
    alice, records = alice_with(LAPTOP), list[Record]()
    put(alice, records, f"person/{BOB.hex()}", b"\xc1")
    assert home(alice, records).petnames() == {}
    for key, value in (("", b""), ("UPPER", b""), ("a", bytes(2049)), ("a\n", b"")):
        with pytest.raises(BadRequest):
            put(alice, records, key, value)
    with pytest.raises(RemoteError):
        read_record(b"notesapp/home/1\0")
