"""The design's table, twenty runs of each pair: success rate, p50 and p95, as they stand in docs/figures.md."""

from __future__ import annotations

import pytest

from tests.lab.kinds import Kind
from tests.lab.pair import run_pair
from tests.lab.table import PAIRS, is_as_expected, summary
from tests.net.lab import need_lab

pytestmark = [pytest.mark.lab, pytest.mark.soak]

RUNS = 20
GOOD = 19  # of twenty: a birthday may fail


@pytest.mark.parametrize(("a", "b", "helper"), PAIRS)
def test_twenty_runs_of_a_pair_come_to_what_the_table_says(a: Kind, b: Kind, helper: Kind | None) -> None:
    need_lab("nft", "miniupnpd")
    results = [(run_pair(a, b, helper=helper), helper) for _ in range(RUNS)]
    print(summary(results))
    assert sum(is_as_expected(result, third) for result, third in results) >= GOOD
