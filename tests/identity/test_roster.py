"""A roster with one owner: his devices, rotations, key boxes, and what is refused or kept aside."""

from __future__ import annotations

import random

import pytest

from notesapp.errors import LocalError
from notesapp.identity.epoch import EpochKeys
from notesapp.identity.keys import Device
from notesapp.identity.person import PersonLog
from notesapp.identity.record import Payload, Record, write
from notesapp.identity.roster import DOMAIN, Role, Roster, read_record
from notesapp.identity.scribe import Scribe
from tests.identity.people import NOON, Person, alice_with, device, dice, notebook_of

LAPTOP, PHONE, STRANGER = device("laptop"), device("phone"), device("stranger")


def say(
    roster: Roster, by: Device, kind: str, body: bytes = b"\x90", after: tuple[Record, ...] | None = None
) -> Record:
    named = after if after is not None else tuple(r for r in roster.records if r.id in roster.heads)
    lamport = 1 + max((record.lamport for record in named), default=0)
    prev = tuple(sorted(record.id for record in named))
    payload = Payload(kind, roster.genesis.notebook_id, by.device_id, prev, lamport, body, NOON)
    return write(DOMAIN, payload, by.sign)


def again(roster: Roster, log: PersonLog, *more: Record) -> Roster:
    return Roster.judge(roster.genesis, [log], [*roster.records, *more])


def test_new_notebook_has_an_owner_and_one_epoch_that_each_of_his_devices_can_open() -> None:
    alice = alice_with(LAPTOP, PHONE)
    roster, keys = notebook_of(alice, LAPTOP)
    assert roster.epoch is not None
    assert roster.keys_for(LAPTOP) == roster.keys_for(PHONE) == {roster.epoch.epoch_id: keys}
    assert roster.keys_for(STRANGER) == {}
    assert (roster.right(LAPTOP.device_id), roster.right(STRANGER.device_id)) == (Role.OWNER, None)
    assert (roster.refused, roster.unjudged, roster.waiting) == ({}, {}, ())


def test_records_survive_their_bytes_and_fit_4_kb() -> None:
    roster, _ = notebook_of(alice_with(LAPTOP), LAPTOP)
    assert [read_record(record.data) for record in roster.records] == list(roster.records)
    with pytest.raises(LocalError, match="4096"):
        say(roster, LAPTOP, "grant", bytes(4096))


def test_roster_is_a_function_of_the_set() -> None:
    alice = alice_with(LAPTOP, PHONE)
    roster, _ = notebook_of(alice, LAPTOP)
    records = list(roster.records)
    for n in range(8):
        epoch = roster.epoch
        assert epoch is not None
        fresh = EpochKeys.generate(dice(f"epoch {n}"))
        by = (LAPTOP, PHONE)[n % 2]
        record = roster.rotate(by, fresh, roster.keys_for(LAPTOP), now_ms=NOON, entropy=dice(f"r{n}"))
        records += [record, say(roster, STRANGER, "rotate"), say(roster, by, "grant", after=())]
        roster = again(roster, alice.log, record)
        records.append(roster.key_box(by, record.id, fresh, alice.log.devices[0], now_ms=NOON, entropy=dice(f"b{n}")))
        roster = again(roster, alice.log, records[-1])
    expected = Roster.judge(roster.genesis, [alice.log], records)
    for seed in range(10):
        shuffled = random.Random(seed).sample(records, len(records))
        assert Roster.judge(roster.genesis, [alice.log], shuffled + shuffled[:4]) == expected
    assert len(expected.epochs) == 9
    assert len(expected.keys_for(LAPTOP)) == 9


def test_newest_key_box_opens_all_earlier_epochs() -> None:
    alice = alice_with(LAPTOP, PHONE)
    roster, first = notebook_of(alice, LAPTOP)
    old = roster.epoch
    second = EpochKeys.generate(dice("epoch 1"))
    rotation = roster.rotate(LAPTOP, second, roster.keys_for(LAPTOP), now_ms=NOON, entropy=dice("r"))
    roster = again(roster, alice.log, rotation)
    tablet = device("tablet")
    alice.add(tablet, LAPTOP)
    own = alice.log.device(tablet.device_id)
    assert own is not None
    box = roster.key_box(LAPTOP, rotation.id, second, own, now_ms=NOON, entropy=dice("b"))
    roster = again(roster, alice.log, box)
    assert old is not None
    assert roster.epoch is not None
    assert roster.epoch.epoch_id == rotation.id
    assert roster.keys_for(tablet) == {rotation.id: second, old.epoch_id: first}


def test_two_rotations_at_once_stay_readable_and_the_next_replaces_both() -> None:
    alice = alice_with(LAPTOP, PHONE)
    roster, _ = notebook_of(alice, LAPTOP)
    held = roster.keys_for(LAPTOP)
    one, two = (EpochKeys.generate(dice(name)) for name in ("one", "two"))
    by_laptop = roster.rotate(LAPTOP, one, held, now_ms=NOON, entropy=dice("1"))
    by_phone = roster.rotate(PHONE, two, held, now_ms=NOON, entropy=dice("2"))
    both = again(roster, alice.log, by_laptop, by_phone)
    assert both.epoch is not None
    assert both.epoch.epoch_id == min(by_laptop.id, by_phone.id)
    # Whoever lacks the keys of one seals the others; the one that he lacks stays a tip.
    partly = both.rotate(LAPTOP, one, {**held, by_laptop.id: one}, now_ms=NOON, entropy=dice("3"))
    assert {epoch.epoch_id for epoch in again(both, alice.log, partly).tips} == {partly.id, by_phone.id}
    all_held = {**held, by_laptop.id: one, by_phone.id: two}
    third = both.rotate(LAPTOP, EpochKeys.generate(dice("three")), all_held, now_ms=NOON, entropy=dice("3"))
    last = again(both, alice.log, third).epoch
    assert last is not None
    assert set(last.previous) == {by_laptop.id, by_phone.id}


def test_kind_of_a_later_version_is_kept_says_nothing_and_may_be_followed() -> None:
    alice = alice_with(LAPTOP)
    roster, keys = notebook_of(alice, LAPTOP)
    record = say(roster, LAPTOP, "something-new")
    after = again(roster, alice.log, record)
    assert "unknown" in after.unjudged[record.id]
    assert after.heads == (record.id,)
    assert (after.members, after.epochs) == (roster.members, roster.epochs)
    rotation = say(after, LAPTOP, "rotate", b"\x92\xc4\x20" + keys.commitment + b"\x90")
    last = again(after, alice.log, rotation)
    assert last.epochs[-1].epoch_id == rotation.id


def test_strangers_and_other_notebooks_records_are_refused_with_a_reason() -> None:
    alice, bob = alice_with(LAPTOP), Person("Bob")
    bob.add(STRANGER, bob.root)
    roster, keys = notebook_of(alice, LAPTOP)
    body = b"\x92\xc4\x20" + keys.commitment + b"\x90"
    foreign = say(roster, STRANGER, "rotate", body)
    follower = say(roster, LAPTOP, "grant", after=(foreign,))
    elsewhere = write(DOMAIN, Payload("rotate", bytes(32), LAPTOP.device_id, (), 1, body, NOON), LAPTOP.sign)
    malformed = say(roster, LAPTOP, "rotate", b"\xc1")
    after_it = say(roster, LAPTOP, "rotate", body, after=(malformed,))
    records = [*roster.records, foreign, follower, elsewhere, malformed, after_it]
    judged = Roster.judge(roster.genesis, [alice.log, bob.log], records)
    assert judged.refused[foreign.id] == "its author is no member"
    assert "malformed" in judged.refused[follower.id]
    assert judged.refused[after_it.id] == "it follows a record that was refused"
    assert judged.refused[elsewhere.id] == "it belongs to another notebook"
    assert "malformed" in judged.refused[malformed.id]
    assert (judged.heads, judged.epochs) == (roster.heads, roster.epochs)


def test_rotation_and_key_box_must_follow_the_epochs_that_they_speak_of() -> None:
    alice = alice_with(LAPTOP)
    roster, keys = notebook_of(alice, LAPTOP)
    epoch = roster.epoch
    assert epoch is not None
    box = roster.key_box(LAPTOP, epoch.epoch_id, keys, alice.log.active[0], now_ms=NOON, entropy=dice("b"))
    blind = say(roster, LAPTOP, "keybox", box.body, after=())
    assert "doesn't follow" in again(roster, alice.log, blind).refused[blind.id]


def test_revoked_device_counts_as_far_as_its_persons_word_about_it() -> None:
    alice = alice_with(LAPTOP, PHONE)
    roster, _ = notebook_of(alice, LAPTOP)
    held = roster.keys_for(PHONE)
    mine = roster.rotate(PHONE, EpochKeys.generate(dice("phone's")), held, now_ms=NOON, entropy=dice("1"))
    stolen = roster.rotate(LAPTOP, EpochKeys.generate(dice("thief's")), held, now_ms=NOON, entropy=dice("2"))
    alice.revoke(LAPTOP, alice.root)
    scribe = Scribe(again(roster, alice.log, mine), PHONE, now_ms=NOON)
    word = scribe.devices(alice.log, {})
    judged = again(scribe.roster, alice.log, stolen)
    standing = [epoch.epoch_id for epoch in judged.epochs if epoch.stands]
    assert standing == [roster.epochs[0].epoch_id, mine.id]
    assert judged.epoch is not None
    assert judged.epoch.epoch_id == mine.id
    assert judged.void == {stolen.id: "its device was revoked, and those who said so didn't know of it"}
    assert judged.heads == (word.id,)
    assert stolen in judged.records


def test_digest_names_notebook_and_heads() -> None:
    alice = alice_with(LAPTOP)
    roster, _ = notebook_of(alice, LAPTOP)
    more = again(roster, alice.log, say(roster, LAPTOP, "something-new"))
    assert len({roster.digest, more.digest, Roster.judge(roster.genesis, [alice.log], ()).digest}) == 3
    assert again(roster, alice.log).digest == roster.digest
