"""The design's table on real routers: one run of each pair that says something of its own. Needs root and nft."""

from __future__ import annotations

import pytest

from tests.lab.kinds import Kind
from tests.lab.pair import run_pair
from tests.lab.table import is_as_expected
from tests.net.lab import need_lab

pytestmark = pytest.mark.lab

SOME = [
    (Kind.LAN, Kind.LAN, None),
    (Kind.OPEN, Kind.PORT, None),
    (Kind.FULL, Kind.ADDRESS, None),
    (Kind.PORT, Kind.PORT, None),
    (Kind.PORT, Kind.SYMMETRIC, None),
    (Kind.PORT, Kind.SEQUENTIAL, None),
    (Kind.CARRIER, Kind.FULL, None),
    (Kind.NATPMP, Kind.SYMMETRIC, None),
    (Kind.UPNP, Kind.SYMMETRIC, None),
    (Kind.HAIRPIN, Kind.HAIRPIN, None),
    (Kind.V6, Kind.V6, None),
    (Kind.V6ONLY, Kind.V6, None),
    (Kind.V6ONLY, Kind.PORT, None),
    (Kind.V6ONLY, Kind.PORT, Kind.V6),
    (Kind.NODROP, Kind.NODROP, None),
    (Kind.SYMMETRIC, Kind.SYMMETRIC, Kind.FULL),
    (Kind.SYMMETRIC, Kind.SYMMETRIC, None),
    (Kind.BLOCKED, Kind.PORT, None),
]


@pytest.mark.parametrize(("a", "b", "helper"), SOME)
def test_a_pair_comes_to_what_the_table_says(a: Kind, b: Kind, helper: Kind | None) -> None:
    need_lab("nft", "miniupnpd")
    result = run_pair(a, b, helper=helper)
    print(result)
    assert is_as_expected(result, helper), result.json()


def test_delay_and_loss_slow_two_ends_down_and_keep_nobody_apart() -> None:
    need_lab("nft")
    result = run_pair(Kind.PORT, Kind.PORT, delay_ms=100, loss=1)
    print(result)
    assert result.path == "v4"
    assert result.connected_s is not None
    assert 0.2 < result.connected_s < 15
