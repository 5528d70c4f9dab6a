"""Meeting places and records in the DHT: found by insiders, written by their owner, unlinkable from day to day."""

from __future__ import annotations

import json
import os
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl import bindings

from notesapp.errors import LocalError, RemoteError
from notesapp.identity.keys import Device
from notesapp.identity.primitives import NONCE_BYTES, seal, verify
from notesapp.net.bond import Side
from notesapp.net.candidate import PeerRecord
from notesapp.net.topics import BOTH_DAYS_S, DAY_S, RECORD_BYTES, Meet, Topic, _beside, occasion
from tests.vectors.dht import DAY, FILE, RECORD, dht

TOPIC = Topic(Meet.NOTEBOOK, bytes(32))
ALICE = Device.from_seed(bytes(range(32)))


def frozen() -> dict[str, bytes]:
    values = json.loads(FILE.read_text(encoding="utf-8"))
    return {name: bytes.fromhex(value) for name, value in values.items() if name != "midnight_days"}


def test_what_lies_in_the_dht_today_lay_there_then() -> None:
    assert dht() == json.loads(FILE.read_text(encoding="utf-8"))


def test_the_description_alone_finds_and_opens_a_record() -> None:
    it = frozen()

    def keyed(data: bytes, key: bytes, size: int = 32) -> bytes:
        return blake2b(data, key=key, digest_size=size).digest()

    key = keyed(b"notesapp/dht-notebook/1\0", it["secret"])
    assert key == it["notebook_key"]
    assert keyed(b"notesapp/dht-topic/1\0" + it["day"], key, 20) == it["notebook_info_hash"]
    occasion = b"notesapp/dht-day/1\0" + it["day"]
    wide = keyed(b"notesapp/blind/1\0" + it["laptop_id"] + occasion, key, 64)
    factor = bindings.crypto_core_ed25519_scalar_reduce(wide)
    assert bindings.crypto_scalarmult_ed25519_noclamp(factor, it["laptop_id"]) == it["blinded"]
    record_key = keyed(b"notesapp/dht-record-key/1\0", key)
    beside = b"notesapp/dht-record/1\0" + it["blinded"] + it["day"]
    plain = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
        it["sealed"][24:], beside, it["sealed"][:24], keyed(beside, record_key)
    )
    length = int.from_bytes(plain[:2], "big")
    assert plain[2 : 2 + length] == it["record"]
    assert bindings.crypto_sign_open(it["signature"] + it["signed"], it["blinded"]) == b"hello"
    mark = keyed(b"notesapp/punch-slot/1\0" + b"\1" + (5).to_bytes(8, "big"), it["slot_secret"], 8)
    assert mark == it["slot_mark"]


def test_only_the_device_writes_and_only_members_find() -> None:
    key = ALICE.blinded(TOPIC.key, occasion(DAY))
    place = TOPIC.place_of(ALICE.device_id, DAY)
    assert place.public == key.public
    assert verify(b"hello", key.sign(b"hello"), key.public)
    assert not verify(b"hallo", key.sign(b"hello"), key.public)
    other = Topic(Meet.NOTEBOOK, bytes(31) + b"\1")
    assert other.place_of(ALICE.device_id, DAY).public != place.public
    with pytest.raises(RemoteError):
        other.opened(TOPIC.sealed(RECORD, place, os.urandom), place)


def test_no_two_days_kinds_or_devices_share_anything() -> None:
    bob = Device.from_seed(bytes(range(1, 33)))
    places = {TOPIC.place_of(one.device_id, day).public for one in (ALICE, bob) for day in range(3)}
    hashes = {Topic(kind, bytes(32)).info_hash(day) for kind in Meet for day in range(3)}
    slots = {Topic(Meet.INVITE, bytes(32)).slot(side, 0, day).public for side in Side for day in range(3)}
    assert (len(places), len(hashes), len(slots)) == (6, 12, 9)


def test_a_record_moved_to_another_place_or_day_is_refused() -> None:
    place, tomorrow = TOPIC.place_of(ALICE.device_id, DAY), TOPIC.place_of(ALICE.device_id, DAY + 1)
    value = TOPIC.sealed(RECORD, place, os.urandom)
    assert len(value) == RECORD_BYTES
    assert TOPIC.opened(value, place) == RECORD
    with pytest.raises(RemoteError):
        TOPIC.opened(value, tomorrow)


def test_those_who_hold_an_invite_write_in_its_slots() -> None:
    invite = Topic(Meet.INVITE, os.urandom(32))
    host = invite.slot_key(Side.FIRST, DAY)
    for number in range(4):
        place = invite.slot(Side.FIRST, number, DAY)
        assert (place.public, place.salt) == (host.public, bytes([number]))
        assert invite.opened(invite.sealed(PeerRecord(number=number), place, os.urandom), place).number == number
    assert verify(b"x", host.sign(b"x"), host.public)


@given(st.floats(0, 4e9), st.binary(min_size=32, max_size=32), st.floats(-BOTH_DAYS_S, BOTH_DAYS_S))
def test_two_clocks_up_to_three_hours_apart_share_a_day(at: float, secret: bytes, wrong: float) -> None:
    topic = Topic(Meet.NOTEBOOK, secret)
    ours, theirs = topic.days(at), topic.days(max(0.0, at + wrong))
    assert set(ours) & set(theirs)
    assert 1 <= len(ours) <= 2


def test_not_all_meetings_change_their_names_at_once() -> None:
    starts = {next(s for s in range(0, DAY_S, 60) if Topic(Meet.PAIR, bytes([n]) * 32).days(s + DAY_S)[0] == 2)
              for n in range(20)}  # fmt: skip
    assert len(starts) == 20


@given(st.binary(max_size=700) | st.binary(min_size=640, max_size=640))
def test_any_bytes_are_refused_as_a_record(value: bytes) -> None:
    with pytest.raises(RemoteError):
        TOPIC.opened(value, TOPIC.place_of(ALICE.device_id, DAY))


def test_an_insider_writes_records_of_one_length_or_none() -> None:
    place = TOPIC.place_of(ALICE.device_id, DAY)
    plain = RECORD.packed()
    for length, taken in ((600, True), (599, False), (601, False)):  # beside nonce and tag
        padded = (len(plain).to_bytes(2, "big") + plain).ljust(length, b"\0")
        value = bytes(NONCE_BYTES) + seal(padded, TOPIC._record_key(place), bytes(NONCE_BYTES), _beside(place))
        assert (len(value) == RECORD_BYTES) is taken
        if taken:
            assert TOPIC.opened(value, place) == RECORD
        else:
            with pytest.raises(RemoteError, match="instead of 640"):
                TOPIC.opened(value, place)


@pytest.mark.parametrize("spoilt", ["padding", "length"])
def test_a_record_that_hides_something_in_its_padding_is_refused(spoilt: str) -> None:
    place, plain = TOPIC.place_of(ALICE.device_id, DAY), RECORD.packed()
    length = len(plain) if spoilt == "padding" else 599
    padded = (length.to_bytes(2, "big") + plain).ljust(600, b"\0")
    if spoilt == "padding":
        padded = padded[:-1] + b"x"
    value = bytes(NONCE_BYTES) + seal(padded, TOPIC._record_key(place), bytes(NONCE_BYTES), _beside(place))
    with pytest.raises(RemoteError, match="padded with something else"):
        TOPIC.opened(value, place)


@given(st.binary(min_size=32, max_size=32))
def test_any_device_id_is_a_place_or_refused(device: bytes) -> None:
    try:
        assert len(TOPIC.place_of(device, DAY).public) == 32
    except RemoteError:
        return


@pytest.mark.parametrize("key", [bytes(32), b"\1" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f", b"\xff" * 32])
def test_weak_keys_are_refused(key: bytes) -> None:
    with pytest.raises(RemoteError):
        TOPIC.place_of(key, DAY)


def test_the_expanded_key_is_a_scalar_of_the_public_one() -> None:
    key = ALICE.blinded(bytes(32), b"")
    assert bindings.crypto_scalarmult_ed25519_base_noclamp(key.expanded[:32]) == key.public


def test_a_topic_needs_a_whole_secret() -> None:
    with pytest.raises(LocalError):
        Topic(Meet.CODE, b"short")
