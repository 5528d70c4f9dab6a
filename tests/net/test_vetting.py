"""Nodes of the DHT that members name are rumours until they answer: few are asked, once, and fewer are kept."""

from __future__ import annotations

import itertools
import os

from notesapp.net.address import Address
from notesapp.net.nat import network_of
from notesapp.net.vetting import ASKED, EACH, KEPT, PER_NETWORK, WINDOW_S, Vetting

VICTIM = Address("198.51.100.66", 6881)


def vetting(*, private: bool = False) -> Vetting:
    return Vetting(os.urandom, private=private)


def far(count: int, first: int = 1) -> list[Address]:
    """Addresses in as many networks."""
    return [Address(f"{8 + n // 250}.{n % 250}.1.1", 6881) for n in range(first, first + count)]


def test_of_a_thousand_addresses_a_few_are_asked() -> None:
    it = vetting()
    assert len(it.told(b"ana", far(1_000), (), 0.0)) == EACH
    assert it.told(b"ana", far(1_000), (), 1.0) == []  # the same member again
    asked = [len(it.told(b"member %d" % n, far(1_000), (), 2.0)) for n in range(20)]
    assert sum(asked) == ASKED - EACH


def test_a_victims_address_is_asked_once_whoever_names_it() -> None:
    it = vetting()
    asked = [it.told(b"member %d" % n, [VICTIM] * 50, (), n * WINDOW_S) for n in range(100)]
    assert asked == [[VICTIM], *[[]] * 99]
    assert not it.kept  # it never answered


def test_one_network_gets_no_more_than_its_share_of_what_is_kept() -> None:
    it = vetting()
    mine = [Address(f"198.51.{n}.1", 6881) for n in range(200)]
    for n in range(50):
        now = n * WINDOW_S
        for node in it.told(b"wicked", mine, (), now):
            transaction = os.urandom(8)
            it.asked(transaction, node, now)
            assert it.answered(transaction, node, now + 0.1) == node
    assert len(it.kept) == PER_NETWORK
    assert {network_of(node) for node in it.kept} == {network_of(VICTIM)}


def test_what_is_kept_is_bounded() -> None:
    it, numbers = vetting(), itertools.count()
    for round_ in range(40):
        now = round_ * WINDOW_S
        for node in it.told(b"ana", far(8, first=8 * round_), (), now):
            transaction = next(numbers).to_bytes(8, "big")
            it.asked(transaction, node, now)
            it.answered(transaction, node, now)
    assert len(it.kept) == KEPT


def test_only_the_answer_that_is_waited_for_counts() -> None:
    it = vetting()
    (node,) = it.told(b"ana", [VICTIM], (), 0.0)
    it.asked(b"12345678", node, 0.0)
    assert it.answered(b"87654321", node, 1.0) is None
    assert it.answered(b"12345678", Address("198.51.100.67", 6881), 1.0) is None
    assert it.answered(b"12345678", node, 6.0) is None  # too late
    it.asked(b"abcdefgh", node, 7.0)
    assert it.answered(b"abcdefgh", node, 8.0) == node


def test_addresses_of_a_home_network_are_asked_in_a_network_of_ones_own_only() -> None:
    inside = Address("192.168.1.1", 6881)
    assert vetting().told(b"ana", [inside, Address("127.0.0.1", 6881), Address("2001:db8::1", 6881)], (), 0.0) == []
    assert vetting(private=True).told(b"ana", [inside], (), 0.0) == [inside]
    assert vetting().told(b"ana", [VICTIM], [VICTIM], 0.0) == []  # known already
