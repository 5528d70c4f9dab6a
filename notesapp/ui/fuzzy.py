"""Ranks many short names against a few typed letters. Pure; knows nothing of notes or windows.

The tiers, best first: the whole name, its beginning, a word's beginning, anywhere, the letters in order. Within a tier
the shorter name stands first, then the order of arrival (which the caller makes “newest first”).
"""

from __future__ import annotations

import heapq
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WHOLE, _BEGINNING, _WORD, _ANYWHERE, _LETTERS = range(5)


@dataclass(frozen=True, slots=True)
class Match:
    """One name that fits: its index in the list, and the code points to mark."""

    index: int
    marks: tuple[int, ...]


def fold(text: str) -> str:
    """Lower case without accents, of the same length wherever one character folds to one."""
    if text.isascii():
        return text.lower()
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base[0] if base else character


class Names:
    """A list of names prepared for matching; one per opening of a switcher."""

    def __init__(self, names: Iterable[str], *, in_order: bool = False) -> None:
        """`in_order`: within a tier the order of arrival counts, not the length."""
        self._in_order = in_order
        self._folded = [fold(name) for name in names]
        self._last: tuple[str, Sequence[int]] = ("", range(len(self._folded)))

    def __len__(self) -> int:
        return len(self._folded)

    def best(self, typed: str, limit: int = 50) -> list[Match]:
        """The `limit` best matches, best first; all names in their order when nothing is typed."""
        wanted = " ".join(fold(typed).split())
        if not wanted:
            return [Match(index, ()) for index in range(min(limit, len(self._folded)))]
        # Whatever fits “gard” also fits “gar”, so the next letter looks only at what is left.
        before, among = self._last
        candidates: Sequence[int] = among if before and wanted.startswith(before) else range(len(self._folded))
        letters = re.compile(".*?".join(map(re.escape, wanted.replace(" ", ""))), re.DOTALL)
        ranked: list[tuple[int, int, int]] = []
        left: list[int] = []
        for index in candidates:
            name = self._folded[index]
            tier = _tier(name, wanted, letters)
            if tier is not None:
                left.append(index)
                ranked.append((tier, 0 if self._in_order else len(name), index))
        self._last = (wanted, left)
        best = heapq.nsmallest(limit, ranked)
        return [Match(index, _marks(self._folded[index], wanted, tier)) for tier, _, index in best]


def _tier(name: str, wanted: str, letters: re.Pattern[str]) -> int | None:
    at = name.find(wanted)
    if at == 0:
        return _WHOLE if len(name) == len(wanted) else _BEGINNING
    if at > 0:
        if not name[at - 1].isalnum():
            return _WORD
        return _WORD if f" {wanted}" in name else _ANYWHERE
    return _LETTERS if letters.search(name) else None


def _marks(name: str, wanted: str, tier: int) -> tuple[int, ...]:
    if tier != _LETTERS:
        at = name.find(f" {wanted}") + 1 if tier == _WORD else name.find(wanted)
        at = name.find(wanted) if at <= 0 else at
        return tuple(range(at, at + len(wanted)))
    marks, at = [], 0
    for letter in wanted.replace(" ", ""):
        at = name.index(letter, at)
        marks.append(at)
        at += 1
    return tuple(marks)
