"""Moves splices past others that were made from the same text (an edit made on an older version of a note)."""

from __future__ import annotations

from collections.abc import Iterable

from notesapp.text import Splice, transform

Run = tuple[Splice, ...]


def cross(mine: Iterable[Splice], theirs: Iterable[Splice]) -> tuple[Run, Run]:
    """Two runs made from one text: mine to be applied after theirs, theirs to be applied after mine."""
    later: Run = tuple(theirs)
    rewritten: list[Splice] = []
    for splice in mine:
        moving: Run = (splice,)
        sunk: list[Splice] = []
        for other in later:
            moving, rest = _cross_one(moving, other)
            sunk += rest
        rewritten += moving
        later = tuple(sunk)
    return tuple(rewritten), later


def _cross_one(mine: Run, other: Splice) -> tuple[Run, Run]:
    if not mine:
        return (), (other,)
    if len(mine) == 1:
        return transform(mine[0], other, first=True), transform(other, mine[0])
    return cross(mine, (other,))
