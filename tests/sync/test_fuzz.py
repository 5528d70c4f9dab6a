"""Hostile bytes at every decoder of identity and sync: a value or a `RemoteError`, nothing else, and quickly.

Mutants come from frozen vectors: bits flipped, pieces cut, doubled, swapped, numbers set to their limits. Signatures
stop most mutants of signed records early, so their payloads are also mutated *before* they are signed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

import msgspec
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from notesapp.errors import RecoveryKitOther, RemoteError
from notesapp.identity.epoch import EpochKeys
from notesapp.identity.genesis import Genesis
from notesapp.identity.keys import Device, PersonId, Root
from notesapp.identity.person import DOMAIN as PERSON_DOMAIN
from notesapp.identity.person import PersonLog
from notesapp.identity.person import read_record as read_person
from notesapp.identity.primitives import box_open
from notesapp.identity.recovery import unwrap_store_key
from notesapp.identity.roster import DOMAIN as ROSTER_DOMAIN
from notesapp.identity.roster import Roster
from notesapp.identity.roster import read_record as read_roster
from notesapp.sync.attachment import read_manifest
from notesapp.sync.body import read_entry
from notesapp.sync.entry import Entry, Header, Kind, Tip, restore, unpack
from notesapp.sync.feed import FeedReader
from notesapp.sync.frontier import read_frontier
from notesapp.sync.head import Fork, SignedHead
from tests.fuzzing import mutant
from tests.sync.feeds import KEYS as TYPED_KEYS
from tests.sync.test_body import sealed
from tests.sync.test_vectors import frozen

ID, FEED = frozen("identity-1"), frozen("sync-1")
ROOT, LAPTOP = Root.from_seed(ID["root_seed"]), Device.from_seed(ID["laptop_seed"])
GENESIS = Genesis.read(ID["genesis"])
LOG = PersonLog.judge(ROOT.person_id, [read_person(ID["person_add_laptop_by_root"])])
START = Tip.before_first(FEED["notebook"], FEED["feed"])
BASE = Tip.at(Entry.of(FEED["open_header"], None))
KEYS = {FEED["epoch"]: FEED["content_key"]}


def judge_person(payload: bytes) -> object:
    """A payload that the (malicious) laptop signs, read and judged."""
    message = PERSON_DOMAIN + payload
    record = read_person(message + LAPTOP.sign(message))
    return PersonLog.judge(PersonId(ROOT.person_id), [*LOG.records, record])


def judge_roster(payload: bytes) -> object:
    message = ROSTER_DOMAIN + payload
    record = read_roster(message + LAPTOP.sign(message))
    return Roster.judge(GENESIS, [LOG], [record]).keys_for(LAPTOP)


def follow(packed: bytes) -> object:
    reader = FeedReader(START)
    reader.take(packed)
    return reader.vouch(FEED["head_of_close"])


def payload(record: bytes, prefix: bytes) -> bytes:
    return record[len(prefix) : -64]


Decoder = tuple[Callable[[bytes], object], list[bytes]]
DECODERS: dict[str, Decoder] = {
    "genesis": (Genesis.read, [ID["genesis"]]),
    "person record": (read_person, [ID["person_add_laptop_by_root"], ID["person_revoke_phone_by_laptop"]]),
    "signed person payload": (
        judge_person,
        [payload(ID[name], PERSON_DOMAIN) for name in ("person_add_phone_by_laptop", "person_revoke_phone_by_laptop")],
    ),
    "roster record": (read_roster, [ID["roster_rotate"], ID["roster_keybox"]]),
    "signed roster payload": (
        judge_roster,
        [payload(ID[name], ROSTER_DOMAIN) for name in ("roster_rotate", "roster_keybox", "roster_rotate_again")],
    ),
    "sealed box": (lambda data: box_open(data, ROOT.recovery_box, ROOT.seed), [ID["wrapped_store_key"]]),
    "key box": (lambda data: EpochKeys.from_box(data, LAPTOP, ID["commitment"]), [ID["roster_keybox"][-240:-64]]),
    "recovery slot": (lambda data: unwrap_store_key(data, ROOT), [ID["wrapped_store_key"]]),
    "header": (Header.read, [FEED["change_header"], FEED["open_header"]]),
    "entry": (
        lambda data: read_entry(Entry.of(data[:239], data[239:]), KEYS),
        [FEED["blob_header"] + FEED["blob_body"]],
    ),
    "compact header": (lambda data: restore(data, b"body", BASE), [FEED["compact_change_without_body"]]),
    "packed entries": (lambda data: unpack(data, START), [FEED["packed"]]),
    "followed feed": (follow, [FEED["packed"]]),
    "signed head": (lambda data: SignedHead.read(data, LAPTOP.device_id), [FEED["head_of_change"]]),
    "fork": (Fork.read, [FEED["fork"]]),
    "frontier": (read_frontier, [FEED["frontier"]]),
    "manifest": (read_manifest, [FEED["manifest"]]),
    "packed body": (
        lambda data: read_entry(sealed(data), TYPED_KEYS),
        [zstandard.compress(bytes(range(16)) + b"The same words. " * 40)],
    ),
    "blob body": (lambda data: read_entry(sealed(data, 0, Kind.BLOB), TYPED_KEYS), [FEED["manifest"]]),
}


def attack(name: str, count: int, seed: int) -> int:
    """How many of `count` mutants were let through; any escape but `RemoteError` fails."""
    decode, originals = DECODERS[name]
    chance = random.Random(f"{name} {seed}")
    let_through = 0
    for _ in range(count):
        hostile = mutant(chance.choice(originals), chance)
        try:
            decode(hostile)
            let_through += 1
        except RemoteError:
            pass
        except RecoveryKitOther:
            assert name == "recovery slot"  # a kit that doesn't fit is the person's own affair
        except BaseException as error:
            raise AssertionError(f"{name} let {error!r} escape for {hostile.hex()}") from error
    return let_through


@pytest.mark.parametrize("name", sorted(DECODERS))
def test_ten_thousand_mutants_end_in_a_value_or_a_remote_error(name: str) -> None:
    attack(name, 10_000, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(DECODERS))
def test_a_million_mutants(name: str) -> None:
    for seed in range(2, 102):
        attack(name, 10_000, seed)


@pytest.mark.parametrize("name", ["person record", "roster record", "signed head", "followed feed", "fork", "key box"])
def test_no_mutant_of_signed_or_sealed_bytes_is_let_through(name: str) -> None:
    decode, originals = DECODERS[name]
    chance = random.Random(7)
    for original in originals:
        for _ in range(300):
            hostile = mutant(original, chance)
            if hostile == original:
                continue
            with pytest.raises(RemoteError):
                decode(hostile)


@settings(max_examples=60)
@given(st.sampled_from(sorted(DECODERS)), st.binary(max_size=600))
def test_any_bytes_at_all(name: str, data: bytes) -> None:
    with suppress(RemoteError, RecoveryKitOther):  # a kit that doesn't fit is the person's own affair
        DECODERS[name][0](data)


@settings(max_examples=60)
@given(st.recursive(st.none() | st.integers() | st.binary(max_size=40) | st.text(max_size=9), st.lists, max_leaves=30))
def test_any_message_of_another_shape(value: object) -> None:
    try:
        data = msgspec.msgpack.encode(value)
    except OverflowError:
        return  # an integer that msgpack doesn't have
    for name in ("signed person payload", "signed roster payload", "manifest", "fork"):
        with pytest.raises(RemoteError):
            DECODERS[name][0](data)


def test_deep_nesting_and_huge_announcements_cost_nothing() -> None:
    for hostile in (
        b"\x91" * 4000,
        b"\xdd\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\x97" * 4000,
    ):
        for name in ("signed person payload", "signed roster payload", "manifest", "fork"):
            with pytest.raises(RemoteError):
                DECODERS[name][0](hostile[:3900])
