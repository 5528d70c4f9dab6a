"""Announcements: recognised by whoever shares a bond, noise to all others, bounded whatever is said."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.errors import BadAddress
from notesapp.net.address import Address, Reach
from notesapp.net.bond import TAG_BYTES, Bond, Side
from notesapp.net.discovery import (
    ADDRESSES,
    CARDS_A_HOST,
    NOTICES,
    Announcement,
    Lookout,
    MemoryAir,
    MemoryDiscovery,
    Notice,
    read,
    written,
)
from notesapp.net.interfaces import Network, addresses

HERE = [Address("192.168.1.5", 4242)]


def pairs(count: int) -> tuple[list[Bond], list[Bond]]:
    secrets = [os.urandom(32) for _ in range(count)]
    ours = [Bond(b"%d" % n, secret, Side.FIRST) for n, secret in enumerate(secrets)]
    return ours, [Bond(b"%d" % n, secret, Side.SECOND) for n, secret in enumerate(secrets)]


def heard(bonds: list[Bond], card: bytes | None = None) -> Notice:
    notice = read("x", written(Announcement(4242, 4242, tuple(bonds), card), os.urandom), HERE)
    assert notice is not None
    return notice


@pytest.mark.parametrize("count", [0, 1, 16, 40, 93])
def test_members_recognise_each_other(count: int) -> None:
    ours, theirs = pairs(count)
    lookout = Lookout()
    lookout.know(theirs)
    sighting = lookout.saw(heard(ours))
    assert sighting is not None
    assert set(sighting.bonds) == {bond.name for bond in theirs}
    assert sighting.addresses == tuple(HERE)


def test_a_stranger_learns_neither_who_nor_how_many() -> None:
    ours, _ = pairs(3)
    first, second = heard(ours), heard(ours)
    assert first.tags.isdisjoint(second.tags)  # another nonce, other tags
    assert len(heard([]).tags) == len(first.tags) == 16
    lookout = Lookout()
    lookout.know(pairs(3)[1])
    sighting = lookout.saw(first)
    assert sighting is not None
    assert sighting.bonds == ()


@pytest.mark.parametrize(("count", "said"), [(0, 16), (1, 16), (16, 16), (17, 32), (33, 48), (81, 93), (200, 93)])
def test_how_many_bonds_there_are_is_told_in_steps_of_sixteen_only(count: int, said: int) -> None:
    assert len(heard(pairs(count)[0]).tags) == said


def test_what_fills_up_is_new_each_time_and_stands_among_the_tags_in_no_order_of_bonds() -> None:
    ours, _ = pairs(3)
    strings = written(Announcement(4242, None, tuple(ours)), os.urandom)
    tags = [strings[b"t0"][at : at + TAG_BYTES] for at in range(0, 16 * TAG_BYTES, TAG_BYTES)]
    assert tags == sorted(tags)
    assert {bond.sign_post(strings[b"n"]) for bond in ours} <= set(tags)
    assert len({*heard([]).tags, *heard([]).tags, *heard([]).tags}) == 3 * 16


def test_an_announcement_is_not_recognised_by_the_side_that_makes_it() -> None:
    ours, _ = pairs(1)
    lookout = Lookout()
    lookout.know(ours)
    sighting = lookout.saw(heard(ours))
    assert sighting is not None
    assert sighting.bonds == ()  # sent back by somebody: no reason to probe him


def test_each_string_of_the_record_fits_its_255_bytes() -> None:
    ours, _ = pairs(200)
    strings = written(Announcement(1, 1, tuple(ours), bytes(500)), os.urandom)
    assert all(len(key) + 1 + len(value) <= 255 for key, value in strings.items())
    assert sum(len(key) + 2 + len(value) for key, value in strings.items()) < 1_100  # one packet


def test_a_bond_made_later_is_found_in_what_was_heard_before() -> None:
    ours, theirs = pairs(1)
    lookout = Lookout()
    lookout.saw(heard(ours))
    [sighting] = lookout.know(theirs)
    assert sighting.bonds == (b"0",)


def test_a_flood_of_names_keeps_out_nobody_we_know() -> None:
    ours, theirs = pairs(1)
    lookout = Lookout()
    lookout.know(theirs)
    lookout.saw(heard(ours))
    for number in range(1_000):
        lookout.saw(Notice(f"rogue {number}", tuple(HERE), os.urandom(16), frozenset(), b"card"))
    assert len(lookout.know(theirs)) == 1
    assert len(lookout.cards) <= NOTICES


def test_a_card_is_shown_until_it_is_taken_back() -> None:
    lookout = Lookout()
    lookout.saw(heard([], b"key and name"))
    assert lookout.cards == {"x": b"key and name"}
    assert lookout.saw(Notice("x", gone=True)) is None
    assert lookout.cards == {}


@given(
    st.dictionaries(
        st.sampled_from([b"v", b"n", b"t0", b"t1", b"t2", b"c", b"x"]), st.none() | st.binary(max_size=255)
    ),
    st.lists(st.sampled_from([*HERE, Address("224.0.0.1", 1), Address("0.0.0.0", 1), Address("fe80::1", 5)])),
)
def test_whatever_a_record_says_is_bounded(strings: dict[bytes, bytes | None], places: list[Address]) -> None:
    notice = read("x", {b"v": b"1", b"n": bytes(16)} | strings, places)
    if notice is not None:
        assert len(notice.tags) <= 93
        assert len(notice.addresses) <= ADDRESSES
        assert set(notice.addresses) <= set(HERE)
        assert len(notice.card or b"") <= 200


async def test_a_room_in_memory() -> None:
    air, (ours, theirs), seen = MemoryAir(), pairs(1), list[str]()
    alice = MemoryDiscovery(air, "alice", "10.0.0.1", os.urandom)
    bob = MemoryDiscovery(air, "bob", "10.0.0.2", os.urandom)
    await alice.start(lambda notice: seen.append(f"alice hears {notice.instance} gone={notice.gone}"))
    alice.announce(Announcement(1, None, tuple(ours)))
    await bob.start(lambda notice: seen.append(f"bob hears {notice.instance} gone={notice.gone}"))
    bob.announce(Announcement(2, None, tuple(theirs)))
    await bob.aclose()
    assert seen == ["bob hears alice gone=False", "alice hears bob gone=False", "alice hears bob gone=True"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.168.1.7:4242", Address("192.168.1.7", 4242)),
        (" 192.168.1.7 ", Address("192.168.1.7", 45654)),
        ("[2001:db8::7]:4242", Address("2001:db8::7", 4242)),
        ("2001:db8::7", Address("2001:db8::7", 45654)),
        ("[fe80::1%3]:4242", Address("fe80::1", 4242, 3)),
        ("fe80::1%3", Address("fe80::1", 45654, 3)),
    ],
)
def test_addresses_as_people_type_them(text: str, expected: Address) -> None:
    assert Address.parse(text, 45654) == expected
    assert Address.parse(str(expected)) == expected


@given(st.text(max_size=60) | st.from_regex(r"\[?[0-9a-f:.%]{1,40}\]?(:[0-9]{1,6})?", fullmatch=True))
def test_any_text_is_an_address_or_a_clear_error(text: str) -> None:
    try:
        address = Address.parse(text, 45654)
    except BadAddress:
        return
    assert 0 < address.port < 65_536
    assert address.family


def test_addresses_travel_in_nineteen_bytes() -> None:
    for address in (Address("192.168.1.7", 4242), Address("2001:db8::7", 65_535)):
        assert Address.unpacked(address.packed()) == address
    assert Address.unpacked(bytes(19)) is None
    assert Address("192.168.1.7", 1).reach is Reach.LAN
    assert Address("2001:4860::1", 1).reach is Reach.V6
    assert Address("127.0.0.1", 1).reach is Reach.HERE


def test_real_interfaces_come_before_virtual_ones() -> None:
    lan, tunnel = Network("eth0", 2, "192.168.1.5", 24), Network("wg0", 3, "10.9.0.5", 32)
    assert (lan.is_virtual, tunnel.is_virtual) == (False, True)
    assert (lan.broadcast, tunnel.broadcast) == ("192.168.1.255", None)
    local = Network("eth0", 2, "fe80::5", 64)
    assert addresses(7, 7, [lan, local]) == (Address("192.168.1.5", 7), Address("fe80::5", 7, 2))
    assert addresses(7, None, [lan, local]) == (Address("192.168.1.5", 7),)


def test_one_computer_shows_few_people_and_pushes_out_nobody_elsewhere() -> None:
    lookout = Lookout()
    lookout.saw(Notice("bo", (Address("192.0.2.7", 1),), os.urandom(16), frozenset(), b"Bo"))
    for number in range(1_000):
        lookout.saw(Notice(f"rogue {number}", (Address("192.0.2.8", 1),), os.urandom(16), frozenset(), b"card"))
    assert "bo" in lookout.cards
    assert len(lookout.cards) == 1 + CARDS_A_HOST
