"""Decides which piece of a note is shown under a search result and which letters in it are marked.

Calculates only: works on the text that the search hands in.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from notesapp.notes.plain import plain
from notesapp.store.query import Query, pattern_of

SNIPPET_POINTS = 160
LEAD_POINTS = 40  # shown before the first hit
SCAN_POINTS = 200_000  # a hit past 100 printed pages is still found, only not shown
HITS_LIMIT = 99

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A one-line piece of a note, in plain words; `ranges` are the hits in `text` as (start, end) in code points."""

    text: str
    ranges: tuple[Range, ...] = ()
    hits: int = 0


def marker(query: Query, inside: tuple[str, ...] = ()) -> re.Pattern[str] | None:
    """What finds hits in a text: the wanted terms, or the words of `inside` anywhere in a word."""
    patterns = [pattern_of(word) for word in inside] or [term.pattern for term in query.wanted]
    return re.compile("|".join(sorted(patterns, key=len, reverse=True))) if patterns else None


def ranges_in(text: str, marks: re.Pattern[str] | None, limit: int = HITS_LIMIT) -> tuple[Range, ...]:
    """Where `text` is hit, first to last, at most `limit` times."""
    if marks is None:
        return ()
    found: list[Range] = []
    for hit in marks.finditer(text, 0, SCAN_POINTS):
        if hit.end() > hit.start():
            found.append(hit.span())
        if len(found) >= limit:
            break
    return tuple(found)


def snippet(body: str, marks: re.Pattern[str] | None, *, after: int = 0) -> Snippet:
    """The piece of `body` with the most hits; those before `after` (the title's end) only if there are no others."""
    found = ranges_in(body, marks)
    shown = [span for span in found if span[0] >= after] or list(found)
    start = _window(body, shown) if shown else after
    start = next((at for at in range(start, min(len(body), start + 400)) if not body[at].isspace()), start)
    words = " ".join(filter(None, map(plain, body[start : start + 2 * SNIPPET_POINTS].splitlines())))[:SNIPPET_POINTS]
    words = _CONTROL.sub(" ", words)
    if not shown or (ranges := ranges_in(words, marks)):
        return Snippet(words, ranges if shown else (), len(found))
    # the hit is in what a person doesn't read, like the address of a link: that piece is shown as it was written
    text = _CONTROL.sub(" ", " ".join(body[start : start + SNIPPET_POINTS].splitlines()))
    ranges = tuple(
        (max(a, start) - start, min(b, start + len(text)) - start)
        for a, b in found
        if b > start and a < start + len(text)
    )
    return Snippet(text, ranges, len(found))


def _window(body: str, spans: list[Range]) -> int:
    """Where the piece begins: the window with the most hits, moved back to a word's or line's beginning."""
    starts = [a for a, _ in spans]
    room = SNIPPET_POINTS - LEAD_POINTS
    best = max(range(len(starts)), key=lambda i: (bisect_left(starts, starts[i] + room) - i, -i))
    earliest = max(0, starts[best] - LEAD_POINTS)
    line = body.rfind("\n", earliest, starts[best]) + 1
    if line:
        return line
    space = body.find(" ", earliest, starts[best])
    return earliest if earliest == 0 or space < 0 else space + 1
