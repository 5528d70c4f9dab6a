"""Decides how text changes: the splice, its algebra, and the way between code points and UTF-16.

Pure string algebra: it knows no documents, no screens and no clocks. Positions (`at`) count Unicode code points;
`qt_at` counts UTF-16 code units, as Qt does.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from notesapp.errors import LocalError

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
# What no note may hold: NUL, lone surrogates, Qt's private document characters (U+FDD0, U+FDD1, U+FFFC) and the
# other noncharacters (Unicode 15, section 23.7).
_UNWANTED = re.compile(
    "[\x00\ud800-\udfff\ufdd0-\ufdef\ufffc\ufffe\uffff"
    + "".join(f"{chr(p + 0xFFFE)}{chr(p + 0xFFFF)}" for p in range(0x10000, 0x110000, 0x10000))
    + "]"
)


@dataclass(frozen=True, slots=True)
class Splice:
    """The one way text changes: at `at` (code points) the text `removed` stands and gives way to `inserted`."""

    at: int
    removed: str
    inserted: str

    @property
    def removed_end(self) -> int:
        """The end of what is removed, in the text before the splice."""
        return self.at + len(self.removed)

    @property
    def inserted_end(self) -> int:
        """The end of what is inserted, in the text after the splice."""
        return self.at + len(self.inserted)

    @property
    def growth(self) -> int:
        """How many code points longer the text becomes (negative: shorter)."""
        return len(self.inserted) - len(self.removed)


def between(before: str, after: str, *, caret: int | None = None) -> Splice | None:
    """The smallest single splice that turns `before` into `after`, or None if they are equal.

    Where several are as small (typing an `a` beside an `a`), the one that ends its insertion at `caret`, a position in
    `after`, is taken if there is one.
    """
    if before == after:
        return None
    room = min(len(before), len(after))
    tail_room = room if caret is None else min(room, max(0, len(after) - caret))
    tail = _common_tail(before, after, tail_room) if caret is not None else 0
    head = _common_head(before, after, room - tail)
    if caret is None or head + tail < room:
        tail = _common_tail(before, after, room - head)
    return Splice(head, before[head : len(before) - tail], after[head : len(after) - tail])


def _common_head(a: str, b: str, limit: int) -> int:
    """Length of the common prefix, at most `limit`: bisecting slices is a memcmp a step, a loop would be Python."""
    low, high = 0, limit
    if a[:limit] == b[:limit]:
        return limit
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_tail(a: str, b: str, limit: int) -> int:
    low, high = 0, limit
    end_a, end_b = len(a), len(b)
    while low < high:
        middle = (low + high + 1) // 2
        if a[end_a - middle : end_a - low] == b[end_b - middle : end_b - low]:
            low = middle
        else:
            high = middle - 1
    return low


def apply(text: str, splice: Splice) -> str:
    """The text after the splice; LocalError if what it removes doesn't stand where it says."""
    if splice.at < 0 or text[splice.at : splice.removed_end] != splice.removed or splice.at > len(text):
        raise LocalError(what=f"a splice at {splice.at} doesn't fit a text of {len(text)} characters")
    return text[: splice.at] + splice.inserted + text[splice.removed_end :]


def inverse(splice: Splice) -> Splice:
    """The splice that takes this one back."""
    return Splice(splice.at, splice.inserted, splice.removed)


def shift(at: int, splice: Splice, *, stays_before: bool = False) -> int:
    """Where a caret at `at` stands after the splice; `stays_before` keeps it before what is inserted right there."""
    if at < splice.at or (at == splice.at and (stays_before or splice.removed)):
        return at
    if at < splice.removed_end:
        return splice.at if stays_before else splice.inserted_end
    return at + splice.growth


def transform(splice: Splice, over: Splice, *, first: bool = False) -> tuple[Splice, ...]:
    """The splice rewritten to be applied after `over`, both made from the same text; to be applied in order.

    What `over` has removed already is not removed again; what it inserted is never removed, so that the answer can be
    two splices, or none. Where both insert at one point, `first` puts this splice's text before the other's.
    `transform(a, b, first=True)` after b equals `transform(b, a)` after a.
    """
    at, gap_at = splice.at, over.at
    gap_end, landing = over.removed_end, over.inserted_end
    if at < gap_at:
        left = splice.removed[: gap_at - at]
        right = splice.removed[max(0, gap_end - at) :]
        if not over.inserted:
            return _unless_empty(Splice(at, left + right, splice.inserted))
        rest = Splice(landing - len(left) + len(splice.inserted), right, "")
        return _unless_empty(Splice(at, left, splice.inserted), rest)
    right = splice.removed[max(0, gap_end - at) :]
    if at == gap_at and first and over.inserted:
        rest = Splice(landing + len(splice.inserted), right, "")
        return _unless_empty(Splice(at, "", splice.inserted), rest)
    new_at = landing if at <= gap_end else at + over.growth
    return _unless_empty(Splice(new_at, right, splice.inserted))


Run = tuple[Splice, ...]
"""Splices to be applied in order, each made from the text after the one before."""


def cross(mine: Iterable[Splice], theirs: Iterable[Splice]) -> tuple[Run, Run]:
    """Two runs made from one text: mine to be applied after theirs, theirs to be applied after mine.

    Where both insert at one point, mine comes first.
    """
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


def _unless_empty(*splices: Splice) -> tuple[Splice, ...]:
    return tuple(s for s in splices if s.removed or s.inserted)


def clean(text: str) -> str:
    """The text as a note may hold it: line ends as \\n, and no NUL, lone surrogate, or noncharacter."""
    if _LINE_ENDS.search(text):
        text = _LINE_ENDS.sub("\n", text)
    if _UNWANTED.search(text):
        text = _UNWANTED.sub("", text)
    return text


class AstralIndex:
    """The sorted positions of all characters that take two UTF-16 units; turns `at` into `qt_at` and back."""

    def __init__(self, text: str) -> None:
        self._ats = _astral_ats(text, 0)

    def to_qt(self, at: int) -> int:
        """UTF-16 units before the code point position `at`."""
        return at + bisect_left(self._ats, at)

    def to_at(self, qt_at: int) -> int:
        """Code points before the UTF-16 position `qt_at`; the middle of a pair counts as its start."""
        ats = self._ats
        if not ats:
            return qt_at
        return qt_at - bisect_left(range(len(ats)), qt_at, key=lambda i: ats[i] + i)

    def apply(self, splice: Splice) -> None:
        """Follow the text through a splice."""
        first = bisect_left(self._ats, splice.at)
        after = bisect_left(self._ats, splice.removed_end)
        growth = splice.growth
        tail = self._ats[after:]
        if growth and tail:
            tail = [at + growth for at in tail]
        self._ats[first:] = _astral_ats(splice.inserted, splice.at) + tail


def _astral_ats(text: str, offset: int) -> list[int]:
    if text.isascii():
        return []
    return [match.start() + offset for match in _ASTRAL.finditer(text)]
