"""Devices, persons, sealed boxes, recovery words: what a person may type, and what she reads when it is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey, SealedBox

from notesapp.errors import (
    LocalError,
    NewerFormat,
    RecoveryKitOther,
    RecoveryWordCount,
    RecoveryWordsMixed,
    RecoveryWordUnknown,
    RemoteError,
)
from notesapp.identity.epoch import EpochKeys
from notesapp.identity.genesis import Genesis
from notesapp.identity.keys import Device, Root
from notesapp.identity.primitives import box_open, box_pair, box_seal, digest, domain, expect_domain, verify
from notesapp.identity.recovery import unwrap_store_key, wrap_store_key
from notesapp.identity.words import fingerprint, kit_words, nearest_words, parse_kit
from tests.identity.people import NOON, device, dice

seeds = st.binary(min_size=32, max_size=32)


def test_device_signs_and_only_its_own_key_verifies() -> None:
    laptop, phone = device("laptop"), device("phone")
    signature = laptop.sign(b"hello")
    assert verify(b"hello", signature, laptop.device_id)
    assert not verify(b"hello", signature, phone.device_id)
    assert not verify(b"hellp", signature, laptop.device_id)
    assert not verify(b"hello", signature[:-1], laptop.device_id)


def test_no_secret_is_printed() -> None:
    laptop, root, keys = device("laptop"), Root.generate(dice("r")), EpochKeys.generate(dice("k"))
    for secret, shown in ((laptop.seed, repr(laptop)), (root.seed, repr(root)), (keys.content, repr(keys))):
        assert secret.hex() not in shown
        assert repr(secret) not in shown


def test_sealed_box_is_the_one_of_libsodium() -> None:
    public, secret = box_pair(dice("box")(32))
    boxed = box_seal(b"keys", public, dice("passing"))
    assert SealedBox(PrivateKey(secret)).decrypt(boxed) == b"keys"
    assert box_open(SealedBox(PrivateKey(secret).public_key).encrypt(b"theirs"), public, secret) == b"theirs"
    with pytest.raises(RemoteError):
        box_open(boxed, *box_pair(dice("other")(32)))


def test_box_for_a_useless_key_is_refused() -> None:
    with pytest.raises(RemoteError):
        box_seal(b"keys", bytes(32), dice("passing"))


def test_seed_of_a_wrong_length_is_our_own_bug() -> None:
    for make in (Device.from_seed, Root.from_seed, kit_words):
        with pytest.raises(LocalError):
            make(b"short")


def test_newer_version_of_a_kind_is_named_as_such() -> None:
    with pytest.raises(NewerFormat, match="notesapp/roster/2"):
        expect_domain(domain("roster", 2) + b"whatever", domain("roster"))
    for other in (b"", domain("person"), b"notesapp/roster/x\0", b"notesapp/roster/1"):
        with pytest.raises(RemoteError) as caught:
            expect_domain(other, domain("roster"))
        assert not isinstance(caught.value, NewerFormat) or other == b"notesapp/roster/1"


@given(seeds)
def test_kit_words_say_the_seed_again(seed: bytes) -> None:
    words = kit_words(seed)
    assert len(words) == 24
    assert parse_kit(" ".join(words)) == seed
    assert parse_kit("\n".join(f"{n}. {word[:4].upper()}," for n, word in enumerate(words, 1))) == seed


def test_each_mistake_in_a_kit_has_its_own_sentence() -> None:
    words = list(kit_words(dice("seed")(32)))
    with pytest.raises(RecoveryWordCount, match="23 were typed"):
        parse_kit(" ".join(words[:-1]))
    with pytest.raises(RecoveryWordUnknown, match=r"Word 3 .*“qzzqzz”"):
        parse_kit(" ".join([*words[:2], "qzzqzz", *words[3:]]))
    with pytest.raises(RecoveryWordUnknown, match="did you mean “abandon”"):
        parse_kit(" ".join(["abandn", *words[1:]]))
    swapped = [words[1], words[0], *words[2:]]
    with pytest.raises(RecoveryWordsMixed, match="two changed places"):
        parse_kit(" ".join(swapped))
    with pytest.raises(RecoveryWordCount):
        parse_kit("")


@given(st.text(max_size=300))
def test_anything_typed_gets_one_of_three_answers(typed: str) -> None:
    with pytest.raises((RecoveryWordCount, RecoveryWordUnknown, RecoveryWordsMixed)):
        parse_kit(typed)


@given(st.lists(st.text(min_size=1, max_size=30), min_size=24, max_size=24))
def test_24_strange_words_are_answered_too(words: list[str]) -> None:
    with pytest.raises((RecoveryWordCount, RecoveryWordUnknown, RecoveryWordsMixed)):
        parse_kit(" ".join(words))


def test_nearest_words_begin_with_the_likeliest() -> None:
    assert nearest_words("acheive")[0] == "achieve"
    assert nearest_words("ж")  # something is always offered


@given(seeds, seeds)
def test_fingerprints_differ_where_persons_do(one: bytes, other: bytes) -> None:
    assert len(fingerprint(one)) == 6
    assert (fingerprint(one) == fingerprint(other)) == (one == other)


def test_kit_opens_the_store_and_another_kit_says_so() -> None:
    root, store_key = Root.generate(dice("root")), dice("store")(32)
    wrapped = wrap_store_key(store_key, root.recovery_box, dice("wrap"))
    assert unwrap_store_key(wrapped, Root.from_seed(parse_kit(" ".join(kit_words(root.seed))))) == store_key
    with pytest.raises(RecoveryKitOther):
        unwrap_store_key(wrapped, Root.generate(dice("Bob's")))
    for damaged in (b"", wrapped[:-1], wrapped + b"\0", b"x" + wrapped[1:]):
        with pytest.raises(RemoteError):
            unwrap_store_key(damaged, root)


def test_notebook_id_is_the_hash_of_its_genesis() -> None:
    owner = Root.generate(dice("root")).person_id
    genesis = Genesis.make(owner, now_ms=NOON, entropy=dice("genesis"))
    assert genesis.notebook_id == digest(genesis.data)
    assert Genesis.read(genesis.data) == genesis
    assert Genesis.make(owner, now_ms=NOON, entropy=dice("again")).notebook_id != genesis.notebook_id
    for hostile in (b"", genesis.data[:-1], genesis.data + b"\0", genesis.data[:-8] + b"\xff" * 8, bytes(10_000)):
        with pytest.raises(RemoteError):
            Genesis.read(hostile)


def test_epoch_keys_reach_a_device_and_nobody_swaps_them() -> None:
    laptop, phone = device("laptop"), device("phone")
    keys, others = EpochKeys.generate(dice("k")), EpochKeys.generate(dice("o"))
    sealed = keys.to_device(laptop.box, dice("b"))
    assert EpochKeys.from_box(sealed, laptop, keys.commitment) == keys
    with pytest.raises(RemoteError, match="other keys"):
        EpochKeys.from_box(sealed, laptop, others.commitment)
    with pytest.raises(RemoteError):
        EpochKeys.from_box(sealed, phone, keys.commitment)
    old = others.seal_previous(b"e" * 32, keys, dice("p"))
    assert others.open_previous(b"e" * 32, old, keys.commitment) == keys
    with pytest.raises(RemoteError):
        others.open_previous(b"f" * 32, old, keys.commitment)
