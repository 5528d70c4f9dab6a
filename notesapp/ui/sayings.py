"""Says in the window's language what the node says in English: causes, remedies, errors, each known by its pattern.

The node knows no languages, and its sentences come with names and numbers filled in. A sentence that is not in the
list stays as it is: better English than nothing.
"""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QCoreApplication

from notesapp.ui.sentences import SENTENCES

_HOLE = re.compile(r"\{(\w+)\}")
_ENDS = re.compile(r"\. ")


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each sentence with holes, as what matches it filled in; the longest first, since they say most."""
    made = []
    for text in sorted((one for one in SENTENCES if _HOLE.search(one)), key=len, reverse=True):
        parts = _HOLE.split(text)
        names = [f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)]
        made.append((text, re.compile("".join(names), re.DOTALL)))
    return tuple(made)


def said(sentence: str) -> str:
    """The sentence in the window's language; what is filled in is translated by itself where it is known."""
    whole = _translated(sentence)
    if whole != sentence or not _foreign():
        return whole
    for text, pattern in _patterns():
        found = pattern.fullmatch(sentence)
        if found is not None:
            filled = {name: said(value) for name, value in found.groupdict().items()}
            parts = _HOLE.split(_translated(text))
            return "".join(filled.get(part, "") if at % 2 else part for at, part in enumerate(parts))
    capital = sentence[:1].upper() + sentence[1:]
    if capital != sentence and (whole := _translated(capital)) != capital:
        return whole  # a cause within a sentence; German begins it with a capital or not, as it is written
    if (whole := _translated(f"{capital}.")) != f"{capital}.":
        return whole.removesuffix(".")  # a sentence of its own within another
    if sentence.endswith(".") and (cause := _translated(sentence[:-1])) != sentence[:-1]:
        return f"{cause}."  # a cause that stands by itself
    for found in _ENDS.finditer(sentence):  # two sentences, of which both are known
        head, tail = sentence[: found.end() - 1], sentence[found.end() :]
        if said(head) != head and said(tail) != tail:
            return f"{said(head)} {said(tail)}"
    return sentence


def _translated(text: str) -> str:
    return QCoreApplication.translate("Sayings", text)


def _foreign() -> bool:
    """Whether another language than the source's is spoken."""
    return _translated(SENTENCES[0]) != SENTENCES[0]
