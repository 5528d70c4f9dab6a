"""What a person reads when there is no way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notesapp.net.address import Address
from notesapp.net.candidate import NatClass
from notesapp.net.chance import Chance
from notesapp.net.diagnosis import REMEDIES, TOLD_AFTER_S, Cause, Facts, Wall, cause, kinds

PLAIN = Facts(True, NatClass.CONSISTENT, NatClass.CONSISTENT, Chance.PROBES, False, 5.0)
ODD = replace(PLAIN, mine=NatClass.BLOCKED, chance=Chance.BLOCKED, kinds=(frozenset({6}), frozenset({4})))
BOTH = replace(PLAIN, mine=NatClass.RANDOM, theirs=NatClass.RANDOM, chance=Chance.NONE)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (PLAIN, None),
        (replace(PLAIN, has_network=False), Cause.NO_NETWORK),
        (replace(PLAIN, searched_s=25.0), Cause.NO_ANSWER),
        (replace(PLAIN, searched_s=25.0, chance=None), Cause.NOT_SEEN),
        (replace(PLAIN, mine=NatClass.BLOCKED, chance=Chance.BLOCKED), Cause.BLOCKED_HERE),
        (replace(PLAIN, theirs=NatClass.BLOCKED, chance=Chance.BLOCKED), Cause.BLOCKED_THERE),
        (replace(PLAIN, wall=Wall.OUT), Cause.WALL_OUT),
        (replace(PLAIN, wall=Wall.IN), None),
        (replace(PLAIN, wall=Wall.IN, searched_s=9.0), Cause.WALL_IN),
        (replace(PLAIN, wall=Wall.IN, searched_s=9.0, has_network=False), Cause.NO_NETWORK),
        (replace(PLAIN, wall=Wall.IN, searched_s=25.0, answered=True), Cause.SEEN_NO_LINK),
        (ODD, None),
        (replace(ODD, searched_s=9.0), Cause.V6_HERE),
        (replace(ODD, searched_s=9.0, kinds=ODD.kinds[::-1], mine=NatClass.CONSISTENT), Cause.V6_THERE),
        (replace(ODD, searched_s=9.0, kinds=(frozenset({6}), frozenset({4, 6}))), None),
        (replace(ODD, searched_s=25.0, kinds=(frozenset({6}), frozenset({4, 6}))), Cause.NO_ANSWER),
        (replace(ODD, searched_s=25.0, kinds=(frozenset({6}), frozenset()), chance=None), Cause.NOT_SEEN),
        (replace(ODD, searched_s=9.0, kinds=(frozenset({4, 6}), frozenset({4}))), Cause.BLOCKED_HERE),
        (replace(PLAIN, searched_s=25.0, kinds=(frozenset({4}), frozenset({4}))), Cause.NO_ANSWER),
        (replace(ODD, searched_s=60.0, answered=True), Cause.SEEN_NO_LINK),
        (BOTH, None),
        (replace(BOTH, searched_s=9.0), Cause.BOTH_RANDOM),
        (replace(BOTH, searched_s=60.0, answered=True), Cause.SEEN_NO_LINK),
    ],
)
def test_facts_and_their_cause(facts: Facts, told: Cause | None) -> None:
    assert cause(facts) is told


def test_only_ipv6_that_is_known_in_the_world_counts() -> None:
    at = [Address(host, 1, scope=scope) for host, scope in (("fe80::1", 2), ("fd00::1", 0))]
    assert kinds(at) == frozenset()
    assert kinds([*at, Address("192.168.1.2", 1)]) == {4}
    assert kinds([*at, Address("2001:db8::1", 1), Address("203.0.113.1", 1)]) == {4, 6}


def test_each_cause_has_a_remedy_and_comes_within_thirty_seconds() -> None:
    assert set(REMEDIES) == set(Cause)
    assert TOLD_AFTER_S < 30.0
    for chance in (None, *Chance):
        assert cause(replace(PLAIN, chance=chance, searched_s=29.0)) is not None
