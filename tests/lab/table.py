"""The design's table: which pairs there are, what each shall come to, and how a number of runs is summed up."""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from tests.lab.kinds import CONES, Kind
from tests.lab.pair import Result

Pair = tuple[Kind, Kind, Kind | None]

_CONE_PAIRS: Final[list[Pair]] = [(a, b, None) for at, a in enumerate(CONES) for b in CONES[at:]]
MAPPED: Final = {Kind.NATPMP, Kind.UPNP}
PAIRS: Final[list[Pair]] = [
    (Kind.LAN, Kind.LAN, None),
    *_CONE_PAIRS,
    (Kind.NATPMP, Kind.PORT, None),
    (Kind.NATPMP, Kind.SYMMETRIC, None),
    (Kind.NATPMP, Kind.CARRIER, None),
    (Kind.UPNP, Kind.SYMMETRIC, None),
    (Kind.PORT, Kind.SYMMETRIC, None),
    (Kind.PORT, Kind.SEQUENTIAL, None),
    (Kind.PORT, Kind.BLOCK, None),
    (Kind.FULL, Kind.SYMMETRIC, None),
    (Kind.CARRIER, Kind.FULL, None),
    (Kind.CARRIER, Kind.PORT, None),
    (Kind.HAIRPIN, Kind.HAIRPIN, None),
    (Kind.V6, Kind.V6, None),
    (Kind.V6ONLY, Kind.V6, None),
    (Kind.V6ONLY, Kind.PORT, None),
    (Kind.V6ONLY, Kind.PORT, Kind.V6),
    (Kind.NODROP, Kind.PORT, None),
    (Kind.NODROP, Kind.NODROP, None),
    (Kind.SYMMETRIC, Kind.SYMMETRIC, Kind.FULL),
    (Kind.SYMMETRIC, Kind.SYMMETRIC, None),
    (Kind.BLOCKED, Kind.PORT, None),
]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a pair shall come to: its path, and within how many seconds at the latest (95 % of all runs)."""

    paths: tuple[str, ...]
    within_s: float


def expected(a: Kind, b: Kind, helper: Kind | None) -> Expected:
    """The row of the table for a pair."""
    both = {a, b}
    if both == {Kind.LAN}:
        return Expected(("lan",), 4.0)
    if Kind.BLOCKED in both or (both == {Kind.SYMMETRIC} and helper is None):
        return Expected(("none",), 30.0)
    if both == {Kind.V6ONLY, Kind.PORT}:
        return Expected(("none",), 30.0) if helper is None else Expected(("relay",), 8.0)
    if both == {Kind.SYMMETRIC}:
        return Expected(("relay",), 8.0)
    if both <= {Kind.V6, Kind.V6ONLY}:
        return Expected(("v6",), 10.0)
    if Kind.CARRIER in both and not both & MAPPED:
        return Expected(("v4",), 25.0)
    if both & {Kind.SYMMETRIC, Kind.SEQUENTIAL, Kind.BLOCK} and not both & MAPPED:
        return Expected(("v4",), 20.0)
    if Kind.NODROP in both:
        return Expected(("v4",), 45.0)
    return Expected(("v4",), 10.0 if Kind.UPNP not in both else 15.0)


def is_as_expected(result: Result, helper: Kind | None) -> bool:
    """Whether one run came to what its row says."""
    row = expected(Kind(result.a), Kind(result.b), helper)
    if row.paths == ("none",):
        return result.path == "none" and result.cause_s is not None and result.cause_s <= row.within_s
    return result.path in row.paths and result.converged_s is not None and result.converged_s <= row.within_s


def summary(results: list[tuple[Result, Kind | None]]) -> str:
    """Success rate, half and 95 % of the times to connect, per pair."""
    by: dict[tuple[str, str, Kind | None], list[Result]] = defaultdict(list)
    for result, helper in results:
        by[(result.a, result.b, helper)].append(result)
    lines = ["", "| pair | runs | as expected | p50 | p95 |", "|---|---|---|---|---|"]
    for (a, b, helper), them in by.items():
        good = sum(1 for it in them if is_as_expected(it, helper))
        times = sorted(it.connected_s or it.cause_s or float("inf") for it in them)
        p95 = times[min(len(times) - 1, round(0.95 * (len(times) - 1)))]
        name = f"{a} × {b}" + (f" with {helper}" if helper is not None else "")
        lines.append(f"| {name} | {len(them)} | {good}/{len(them)} | {statistics.median(times):.2f} s | {p95:.2f} s |")
    return "\n".join(lines)
