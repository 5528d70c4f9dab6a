"""What a search result shows below its title: the found piece as plain words, and where in them the hits are.

The piece is cut from a note anywhere and its lines are joined, so marks of lines can stand in its middle.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from notesapp.notes.plain import plain

Range = tuple[int, int]

# What begins a line in Markdown, met inside the joined piece: quotes, callouts, tasks, bullets, headings, rules.
_LINE_MARKS = re.compile(
    r"(?<!\S)(?:>|\[![\w-]+\][+-]?|[-*+](?:[ \t]+\[[^\]]\])?|#{1,6}|-{3,}|={3,}|\|[-:| ]*)(?=\s|$)"
)


def plain_snippet(text: str, hits: Sequence[Range]) -> tuple[str, tuple[Range, ...]]:
    """The piece without marks, and the same hits in it (code points); hits that were in a mark are gone."""
    shown = plain(_LINE_MARKS.sub(" ", text))
    if not shown:
        return text, tuple(hits)
    pattern = "|".join(sorted({_as_found(text, hit) for hit in hits}, key=len, reverse=True))
    return shown, tuple(found.span() for found in re.finditer(pattern, shown)) if pattern else ()


def _as_found(text: str, hit: Range) -> str:
    """The words of a hit, at a word's beginning or end only if they were so in the text."""
    begin, end = hit
    words = r"\s+".join(re.escape(word) for word in text[begin:end].split())
    before = r"(?<!\w)" if not text[max(begin - 1, 0) : begin].isalnum() else ""
    after = r"(?!\w)" if not text[end : end + 1].isalnum() else ""
    return f"{before}{words}{after}"
