"""Decides what a typed search means. Knows words, phrases and filters; reads no database and never fails.

Whatever is typed is a search: an unclosed quote ends with the line, an unknown filter is two words, a lonely sign is
nothing. Words are found at the beginning of words (“note sear” finds “notes, searching”), all of them must be there.
Also decides how letters are folded (case and accents), so that what matches is also what is marked as a hit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import pairwise

TYPED_LIMIT = 512  # code points; nobody types more, a paste may
TERM_LIMIT = 24


class Field(Enum):
    TAG = "tag"
    NOTEBOOK = "notebook"
    FOLDER = "folder"
    IS = "is"
    HAS = "has"


FLAGS = {Field.IS: ("pinned", "trashed"), Field.HAS: ("task",)}

# Scripts without spaces, and pictures: each sign is its own token, so any run of them is found as a phrase of tokens.
_ALONE = (
    "\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\U00020000-\U0003ffff\u2190-\u2bff\U0001f000-\U0001faff"
)
_ALONE_SIGN = re.compile(f"([{_ALONE}])")
_HAS_TOKEN = re.compile(f"[^\\W_]|[{_ALONE}]")
_MARKS = "[\u0300-\u036f]*"
_QUOTES = '"“”„«»'
_PIECE = re.compile(
    rf"(?P<minus>-(?=\S))?"
    rf"(?:(?P<field>{'|'.join(f.value for f in Field)}):|(?P<hash>\#(?=[^\W_])))?"
    rf"(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}\n]*)[{_QUOTES}]?|(?P<plain>[^\s{_QUOTES}]+))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """Text to look for: a word (matched from its beginning) or an exact phrase; `negated` means it must be absent."""

    text: str
    exact: bool = False
    negated: bool = False

    @property
    def match(self) -> str:
        """This term as an FTS5 string: quoted, so nothing in it can be syntax."""
        spaced = spaced_out(self.text).replace('"', " ").strip()
        loose = not self.exact and not _ALONE_SIGN.match(self.text[-1:])
        return f'"{spaced}"' + (" *" if loose else "")

    @property
    def pattern(self) -> str:
        """This term as a regular expression, for marking hits in a text."""
        tokens = re.findall(f"[{_ALONE}]|[^\\W_{_ALONE}]+", fold(unicodedata.normalize("NFC", self.text)))
        inner = pattern_of(tokens[0])
        for before, token in pairwise(tokens):
            touching = _ALONE_SIGN.match(before) or _ALONE_SIGN.match(token)
            inner += (r"[\W_]*" if touching else r"[\W_]+") + pattern_of(token)
        begins = "" if _ALONE_SIGN.match(tokens[0]) else r"(?<![^\W_])"
        ends = r"(?![^\W_])" if self.exact and not _ALONE_SIGN.match(tokens[-1]) else ""
        return begins + inner + ends


@dataclass(frozen=True, slots=True)
class Filter:
    """A property that a note must have (or, `negated`, must not have); `value` is folded."""

    field: Field
    value: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. Empty (`not query`) means that nothing was asked."""

    terms: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms or self.filters)

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.negated)

    @property
    def unwanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.negated)

    @property
    def match(self) -> str:
        """The wanted terms as one FTS5 expression; empty if there are none."""
        return " AND ".join(term.match for term in self.wanted)

    @property
    def trashed_named(self) -> bool:
        """Whether the person speaks about the trash; otherwise what lies there is not shown."""
        return any(f.field is Field.IS and f.value == "trashed" for f in self.filters)


def parse(typed: str) -> Query:
    """What `typed` means; never raises, reads at most `TYPED_LIMIT` code points and `TERM_LIMIT` pieces."""
    typed = typed[:TYPED_LIMIT].encode("utf-8", "ignore").decode("utf-8").replace("\0", " ")
    terms: list[Term] = []
    filters: list[Filter] = []
    for piece in _pieces(typed):
        if len(terms) + len(filters) >= TERM_LIMIT:
            break
        match piece:
            case Filter():
                filters.append(piece)
            case Term() if _HAS_TOKEN.search(piece.text):
                terms.append(piece)
    return Query(tuple(dict.fromkeys(terms)), tuple(dict.fromkeys(filters)))


def _pieces(typed: str) -> Iterator[Term | Filter]:
    at = 0
    while at < len(typed):
        if typed[at].isspace():
            at += 1
            continue
        found = _PIECE.match(typed, at)
        if found is None or found.end() == at:  # a lonely sign
            at += 1
            continue
        at = found.end()
        negated = bool(found["minus"])
        value = found["quoted"] if found["quoted"] is not None else (found["plain"] or "")
        name = Field.TAG.value if found["hash"] else found["field"]
        if name is None:
            yield Term(value, exact=found["quoted"] is not None, negated=negated)
            continue
        field = Field(name.lower())
        value = fold(value).strip().strip("/#" if field in (Field.TAG, Field.FOLDER) else "")
        if not value:
            continue  # “tag:” while it is being typed filters nothing yet
        if field in FLAGS and value not in FLAGS[field]:
            yield Term(f"{name} {value}", exact=True, negated=negated)
            continue
        yield Filter(field, value, negated)


def spaced_out(text: str) -> str:
    """`text` with a space around each sign that is a token by itself (CJK, Thai, emoji …)."""
    return text if text.isascii() else _ALONE_SIGN.sub(r" \1 ", text)


class _Folding(dict[int, str]):
    """Code point → its letter without case and accents; always one to one, so that positions stay what they are."""

    def __missing__(self, point: int) -> str:
        sign = chr(point)
        parts = unicodedata.normalize("NFD", sign)
        accented = len(parts) > 1 and all(map(unicodedata.combining, parts[1:]))
        base = parts[0] if accented else sign
        lower = base.lower()
        self[point] = lower if len(lower) == 1 else base
        return self[point]


_FOLDING = _Folding()


def fold(text: str) -> str:
    """`text` without case and accents, of the same length in code points."""
    return text.lower() if text.isascii() else text.translate(_FOLDING)


@cache
def _alike() -> dict[str, str]:
    """Folded letter → a character class of all letters that fold to it (Latin, Greek, Cyrillic)."""
    found: dict[str, str] = {}
    for point in (*range(0x41, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000)):
        letter = fold(chr(point)) if chr(point).isalpha() else ""
        if letter:
            found[letter] = found.get(letter, "") + chr(point)
    return {letter: f"[{signs}]" for letter, signs in found.items() if len(signs) > 1}


def pattern_of(folded: str) -> str:
    """A regular expression that finds `folded` in an unfolded text; folding long texts would cost ten times more."""
    return _MARKS.join(_alike().get(sign) or re.escape(sign) for sign in folded)


def substring_words(query: Query) -> tuple[str, ...]:
    """The folded words to look for inside other words, or () where that makes no sense (phrases, under 3 letters)."""
    words = tuple(fold(unicodedata.normalize("NFC", term.text)) for term in query.wanted)
    fits = all(not t.exact for t in query.wanted) and all(len(word) >= 3 for word in words)
    return words if fits else ()
