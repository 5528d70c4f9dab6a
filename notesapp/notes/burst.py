"""Folds a burst of splices into the fewest that do the same: what was typed and taken back at once never happened."""

from __future__ import annotations

from collections.abc import Iterable

from notesapp.errors import LocalError
from notesapp.text import Splice, between


def fold(splices: Iterable[Splice]) -> tuple[Splice, ...]:
    """Splices that don't touch, in ascending order, all positions in the text before the burst.

    LocalError if a splice removes something other than what the burst itself inserted there.
    """
    regions: list[Splice] = []  # disjoint, ascending, in the old text
    for splice in splices:
        _add(regions, splice)
    smallest = []
    for region in regions:
        core = between(region.removed, region.inserted)
        if core is not None:
            smallest.append(Splice(region.at + core.at, core.removed, core.inserted))
    return tuple(smallest)


def _add(regions: list[Splice], new: Splice) -> None:
    growth = 0
    first = 0
    while first < len(regions):  # skip what lies wholly before the new splice
        region = regions[first]
        if region.inserted_end + growth >= new.at:
            break
        growth += region.growth
        first += 1
    last = first
    before, old, grown = [], [], growth
    at = new.at  # how far `new.removed` has been accounted for, in the text as it stands now
    begin = new.at - growth
    while last < len(regions):
        region = regions[last]
        here = region.at + grown
        if here > new.removed_end:
            break
        if here > at:
            gap = new.removed[at - new.at : here - new.at]
            before.append(gap)
            old.append(gap)
            at = here
        if last == first:
            begin = min(begin, region.at)
        before.append(region.inserted)
        old.append(region.removed)
        at = max(at, here + len(region.inserted))
        grown += region.growth
        last += 1
    if last == first:
        regions.insert(first, Splice(new.at - growth, new.removed, new.inserted))
        return
    if at < new.removed_end:
        gap = new.removed[at - new.at :]
        before.append(gap)
        old.append(gap)
    stood = "".join(before)
    inside = new.at - growth - begin
    if stood[inside : inside + len(new.removed)] != new.removed:
        raise LocalError(what=f"a splice at {new.at} doesn't fit the burst before it")
    now = stood[:inside] + new.inserted + stood[inside + len(new.removed) :]
    regions[first:last] = [Splice(begin, "".join(old), now)]
