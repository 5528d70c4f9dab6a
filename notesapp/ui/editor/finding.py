"""Finds text in a note, plainly or by regular expression, within limits: a pattern can't hang the window.

Qt's expressions (PCRE2) are used because they can be limited: each match gives up after LIMIT steps, and the whole
search for a pattern after DEADLINE_MS. Positions are UTF-16.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from PySide6.QtCore import QRegularExpression

LIMIT_STEPS = 2_000_000
DEADLINE_MS = 150
MOST = 5_000


@dataclass(frozen=True)
class Query:
    """What is looked for."""

    text: str
    regex: bool = False
    case: bool = False
    word: bool = False


@dataclass(frozen=True)
class Search:
    """What was found: UTF-16 (start, end) in order; `trouble` says why it isn't all, or why there is nothing.

    `trouble` is "" (all well), "pattern" (not a regular expression; `detail` says why), "slow" or "many".
    """

    places: tuple[tuple[int, int], ...] = ()
    trouble: str = ""
    detail: str = ""


def expression(query: Query) -> QRegularExpression:
    """The expression that a query means."""
    pattern = query.text if query.regex else QRegularExpression.escape(query.text)
    if query.word:
        pattern = rf"\b(?:{pattern})\b"
    options = (
        QRegularExpression.PatternOption.UseUnicodePropertiesOption | QRegularExpression.PatternOption.MultilineOption
    )
    if not query.case:
        options |= QRegularExpression.PatternOption.CaseInsensitiveOption
    return QRegularExpression(f"(*LIMIT_MATCH={LIMIT_STEPS})(*LIMIT_DEPTH=5000){pattern}", options)


def search(text: str, query: Query) -> Search:
    """Every place in a text where the query matches, within the limits."""
    if not query.text:
        return Search()
    asked = expression(query)
    if not asked.isValid():
        return Search(trouble="pattern", detail=asked.errorString())
    until = time.thread_time() + DEADLINE_MS / 1e3  # own work: other programs make no pattern wicked
    found: list[tuple[int, int]] = []
    matches = asked.globalMatch(text)
    while matches.hasNext():
        match = matches.next()
        if match.capturedLength():
            found.append((match.capturedStart(), match.capturedEnd()))
        if len(found) >= MOST:
            return Search(tuple(found), "many")
        # A plain word costs the same at every place, and their number has an end: only a pattern can be wicked.
        if query.regex and time.thread_time() > until:
            return Search(tuple(found), "slow")
    # An iterator that gave up looks like one that is done; asking once more behind the last match tells them apart.
    last = asked.match(text, found[-1][1] if found else 0)
    if not last.isValid():
        return Search(tuple(found), "slow")
    return Search(tuple(found))


_GROUP = re.compile(r"\\(?:([1-9])|n|t|\\)|\$(?:([1-9])|\$)")


def unknown_group(query: Query, template: str) -> int:
    """The number of a group that the replacement names and the pattern doesn't have; 0 if all is well."""
    if not query.regex:
        return 0
    count = expression(query).captureCount()
    named = [int(match[1] or match[2]) for match in _GROUP.finditer(template) if match[1] or match[2]]
    return next((number for number in named if number > count), 0)


def replacement(text: str, place: tuple[int, int], query: Query, template: str) -> str:
    """What stands in the place of a match: `$1` and `\\1` are groups in a regular expression."""
    if not query.regex:
        return template
    match = expression(query).match(text, place[0])

    def group(found: re.Match[str]) -> str:
        number = found[1] or found[2]
        if number:
            return match.captured(int(number))
        return {"\\n": "\n", "\\t": "\t", "\\\\": "\\", "$$": "$"}.get(found[0], found[0])

    return _GROUP.sub(group, template)
