"""Colours fenced code with Pygments. Knows lexers and token names; draws nothing.

A lexer is given little text and little time, because it runs between two keys; what it doesn't reach stays uncoloured.
"""

from __future__ import annotations

import time
from functools import lru_cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType
from pygments.util import ClassNotFound

from notesapp.ui.editor.inline import units

LONGEST_BYTES = 60_000
DEADLINE_S = 0.04

Colour = tuple[int, int, str]  # start, end in UTF-16 units of a line; the name of a colour token

_COLOURS = {
    Comment: "syn_com",
    Keyword.Type: "syn_type",
    Keyword: "syn_kw",
    Operator.Word: "syn_kw",
    String: "syn_str",
    Number: "syn_num",
    Name.Function: "syn_fn",
    Name.Class: "syn_type",
    Name.Builtin: "syn_type",
    Name.Decorator: "syn_fn",
    Name.Tag: "syn_kw",
    Name.Attribute: "syn_fn",
}


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language.strip("{}.").lower(), stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=512)
def _colour(kind: _TokenType) -> str:
    asked: _TokenType | None = kind
    while asked is not None:
        if asked in _COLOURS:
            return _COLOURS[asked]
        asked = asked.parent
    return ""


def known(language: str) -> bool:
    """Whether there is a lexer of that name."""
    return bool(language) and _lexer(language) is not None


def coloured(lines: list[str], language: str) -> list[list[Colour]]:
    """The coloured stretches of each line of code."""
    found: list[list[Colour]] = [[] for _ in lines]
    lexer = _lexer(language) if language else None
    if lexer is None or sum(map(len, lines)) > LONGEST_BYTES:
        return found
    until = time.thread_time() + DEADLINE_S
    row, column = 0, 0
    for _at, kind, value in lexer.get_tokens_unprocessed(units("\n".join(lines))):
        name = _colour(kind)
        for number, part in enumerate(value.split("\n")):
            if number:
                row, column = row + 1, 0
            if name and part and row < len(found):
                found[row].append((column, column + len(part), name))
            column += len(part)
        if time.thread_time() > until:
            break
    return found
