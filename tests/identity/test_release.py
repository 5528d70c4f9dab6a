"""The announcement of a version: believed only from the makers, refused in any other form, ordered as Python orders."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.errors import NewerFormat, RemoteError
from notesapp.identity.primitives import sign, signing_pair
from notesapp.identity.release import FEED_LIMIT_BYTES, Release, ReleaseFile

SEED, OTHER = bytes(range(32)), bytes(range(1, 33))
KEYS = (signing_pair(SEED)[0],)
FILE = ReleaseFile("notesapp_0.2.0-1_amd64.deb", 46_000_000, bytes(32))
NEWEST = Release("0.2.0", 1_800_000_000_000, "https://notesapp.example/0.2.0", (FILE,))
ORDER = [
    "0.1.0.dev1",
    "0.1.0a1",
    "0.1.0b1",
    "0.1.0rc1.dev2",
    "0.1.0rc1",
    "0.1.0",
    "0.1.0.post1",
    "0.1.1",
    "0.10",
    "1.0.0",
]


def signed(payload: object, seed: bytes = SEED, head: bytes = b"notesapp/release/1\0") -> bytes:
    message = head + msgspec.msgpack.encode(payload)
    return message + sign(message, signing_pair(seed)[1])


def test_what_the_makers_sign_is_believed() -> None:
    assert Release.read(NEWEST.write(SEED), KEYS) == NEWEST
    assert Release.read(NEWEST.write(OTHER), (*KEYS, signing_pair(OTHER)[0])) == NEWEST
    assert NEWEST.is_newer_than("0.1.0")
    assert not NEWEST.is_newer_than("0.2.0")


def test_what_somebody_else_signs_is_not() -> None:
    feed = NEWEST.write(OTHER)
    for keys in (KEYS, ()):
        with pytest.raises(RemoteError, match="none of the makers"):
            Release.read(feed, keys)


def test_any_changed_byte_spoils_it() -> None:
    feed = NEWEST.write(SEED)
    for at in range(len(feed)):
        spoilt = feed[:at] + bytes([feed[at] ^ 1]) + feed[at + 1 :]
        with pytest.raises(RemoteError):
            Release.read(spoilt, KEYS)


def test_versions_are_ordered_as_python_orders_them() -> None:
    for older, newer in pairwise(ORDER):
        assert Release(newer, 0, NEWEST.page).is_newer_than(older), f"{older} {newer}"
        assert not Release(older, 0, NEWEST.page).is_newer_than(newer), f"{older} {newer}"
    assert not Release("1.0", 0, NEWEST.page).is_newer_than("1.0.0")


@pytest.mark.parametrize(
    "payload",
    [
        ["0.2.0", 0, "http://notesapp.example/"],
        ["0.2.0", 0, "https://a b"],
        ["0.2.0", 0, "javascript:alert(1)"],
        ["0.2.0", -1, NEWEST.page],
        ["0.2", 0, NEWEST.page, [["../evil", 1, bytes(32)]]],
        ["0.2", 0, NEWEST.page, [["a", 1, bytes(31)]]],
        ["0.2", 0, NEWEST.page, [], "more"],
        ["newest", 0, NEWEST.page],
        ["", 0, NEWEST.page],
        {"version": "0.2.0"},
        [b"\xff", 0, NEWEST.page],
        7,
    ],
)
def test_what_makes_no_sense_is_refused_even_from_the_makers(payload: object) -> None:
    with pytest.raises(RemoteError):
        Release.read(signed(payload), KEYS)


def test_too_long_and_too_new_announcements_say_so() -> None:
    with pytest.raises(RemoteError, match="more than"):
        Release.read(signed(["0.2.0", 0, NEWEST.page]) + bytes(FEED_LIMIT_BYTES), KEYS)
    with pytest.raises(NewerFormat):
        Release.read(signed(["0.2.0", 0, NEWEST.page], head=b"notesapp/release/2\0"), KEYS)


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, with_head: bool) -> None:
    message = (b"notesapp/release/1\0" if with_head else b"") + data
    for feed in (message, message + sign(message, signing_pair(SEED)[1])):
        try:
            Release.read(feed, KEYS)
        except RemoteError:
            continue


def test_announcement_is_the_one_of_the_vectors() -> None:
    told = json.loads((Path(__file__).parents[1] / "vectors" / "release-1.json").read_text())
    assert NEWEST.write(bytes.fromhex(told["seed"])).hex() == told["feed"]
    assert signing_pair(bytes.fromhex(told["seed"]))[0].hex() == told["key"]
    assert Release.read(bytes.fromhex(told["feed"]), (bytes.fromhex(told["key"]),)).version == told["version"]
