"""Says what each line of a note is: heading, item, code, table row. Pure; one line at a time, with a state between.

`scan` needs the state after the line above and, for tables and underlined headings, the line below. That keeps a key
press at one or two lines of work. CommonMark 0.31 §4–5 and GFM §4.10, with these differences, meant so: indented text
is never code, HTML blocks are text, and an underline makes a heading of one line only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import pairwise

from notesapp.ui.editor.inline import Span, spans, units


class Kind(Enum):
    """What a line is."""

    PARAGRAPH = auto()
    BLANK = auto()
    HEADING = auto()
    UNDERLINE = auto()
    BULLET = auto()
    NUMBER = auto()
    TASK = auto()
    RULE = auto()
    PICTURE = auto()
    FENCE = auto()
    CODE = auto()
    FENCE_END = auto()
    TABLE_HEAD = auto()
    TABLE_LINE = auto()
    TABLE_ROW = auto()
    FRONT = auto()
    FRONT_MATTER = auto()
    FRONT_END = auto()
    CALLOUT = auto()


ITEMS = frozenset({Kind.BULLET, Kind.NUMBER, Kind.TASK})
TABLE = frozenset({Kind.TABLE_HEAD, Kind.TABLE_LINE, Kind.TABLE_ROW})
CODE = frozenset({Kind.FENCE, Kind.CODE, Kind.FENCE_END})
FRONT_MATTER = frozenset({Kind.FRONT, Kind.FRONT_MATTER, Kind.FRONT_END})


@dataclass(frozen=True, slots=True)
class State:
    """What a line must know of the lines above it."""

    first: bool = False
    front: bool = False
    fence: str = ""
    language: str = ""
    items: tuple[int, ...] = ()  # the columns where the text of the open list items begins
    paragraph: int = 0  # lines of the open paragraph
    columns: int = 0  # of the open table
    quote: int = 0
    callout: str = ""


START = State(first=True)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `prefix` characters of marker stand before the text; `level` is the heading's or the nesting depth.

    `info` is the language of a fence, the number of an item, the kind of a callout. All positions are UTF-16 units.
    """

    kind: Kind
    after: State
    length: int
    prefix: int = 0
    level: int = 0
    quote: int = 0
    quote_prefix: int = 0
    done: bool = False
    info: str = ""
    callout: str = ""
    spans: tuple[Span, ...] = field(default=())
    astral: bool = False


_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})[ \t]*([^`\n]*)$")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_ITEM = re.compile(r"([ \t]*)([-*+]|\d{1,9}[.)])([ \t]+|$)")
_TASK = re.compile(r"\[([ xX])\](?:[ \t]+|$)")
_QUOTE = re.compile(r" {0,3}>[ \t]?")
_CALLOUT = re.compile(r"\[!([A-Za-z][\w-]*)\][+-]?[ \t]*")
_PICTURE = re.compile(
    r"[ \t]*(?:!\[[^\[\]]*\]\([^()]*(?:\([^()]*\))?[^()]*\)"
    r"|!\[\[[^\[\]|]+\.(?i:png|jpe?g|gif|webp|svg|bmp|avif)(?:\|[^\[\]]*)?\]\])[ \t]*$"
)
_TABLE_LINE = re.compile(r" {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_CELL = re.compile(r"(?<!\\)\|")
TAB = 4


def width(space: str, start: int = 0) -> int:
    """The columns that leading white space takes, with tab stops every four (CommonMark §2.2)."""
    column = start
    for char in space:
        column += TAB - column % TAB if char == "\t" else 1
    return column - start


def scan(text: str, before: State, below: str | None = None) -> Line:
    """What the line is, given the state after the line above and the text of the line below (None at the end)."""
    line = units(text)
    length = len(line)
    astral = length != len(text)
    if before.front:
        ends = line in ("---", "...")
        return Line(Kind.FRONT_END if ends else Kind.FRONT_MATTER, State(front=not ends), length)
    if before.first and line == "---":
        return Line(Kind.FRONT, State(front=True), length)
    if before.fence:
        return _in_fence(line, before, astral)
    return _outside(line, before, below, astral)


def _in_fence(line: str, before: State, astral: bool) -> Line:
    start = 0
    for _ in range(before.quote):
        match = _QUOTE.match(line, start)
        if match is None:  # a quote that ends takes its code along (CommonMark §5.1)
            return _outside(line, State(), None, astral)
        start = match.end()
    body = line[start:].lstrip(" ") if before.items else line[start:]
    found = _FENCE.match(body)
    closes = (
        found is not None
        and not found[3].strip()
        and found[2][0] == before.fence[0]
        and len(found[2]) >= len(before.fence)
    )
    after = State(items=before.items, quote=before.quote, callout=before.callout) if closes else before
    return Line(
        Kind.FENCE_END if closes else Kind.CODE,
        after,
        len(line),
        prefix=start,
        level=len(before.items),
        quote=before.quote,
        quote_prefix=start,
        info=before.language,
        callout=before.callout,
        astral=astral,
    )


def _outside(line: str, before: State, below: str | None, astral: bool) -> Line:
    quote, quote_end = 0, 0
    while quote < 8 and (match := _QUOTE.match(line, quote_end)):
        quote, quote_end = quote + 1, match.end()
    body = line[quote_end:]
    if quote != before.quote and (quote or not body.strip() or not before.paragraph or _starts_block(body)):
        before = State(quote=quote)
    callout = before.callout if quote else ""
    if quote and not before.callout and not before.paragraph and (found := _CALLOUT.match(body)):
        name = found[1].lower()
        after = State(quote=quote, callout=name)
        return Line(
            Kind.CALLOUT,
            after,
            len(line),
            prefix=quote_end + found.end(),
            quote=quote,
            quote_prefix=quote_end,
            info=name,
            callout=name,
            spans=spans(line, quote_end + found.end()),
            astral=astral,
        )
    if quote and below is not None:
        match = _QUOTE.match(below)
        below = below[match.end() :] if match else None
    return _Body(line, quote_end, before, quote, callout, astral).scan(below)


def _starts_block(body: str) -> bool:
    return bool(_HEADING.match(body) or _FENCE.match(body) or _RULE.match(body) or _ITEM.match(body))


@dataclass(frozen=True, slots=True)
class _Body:
    """What stands behind a line's quote markers, from `start` on, and how to make a Line of it."""

    line: str
    start: int
    before: State
    quote: int
    callout: str
    astral: bool

    @property
    def space(self) -> str:
        body = self.line[self.start :]
        return body[: len(body) - len(body.lstrip(" \t"))]

    @property
    def inner(self) -> str:
        return self.line[self.start + len(self.space) :]

    def state(self, items: tuple[int, ...] = (), paragraph: int = 0, columns: int = 0) -> State:
        return State(items=items, paragraph=paragraph, columns=columns, quote=self.quote, callout=self.callout)

    def made(
        self, kind: Kind, after: State, *, prefix: int = 0, level: int = 0, done: bool = False, info: str = ""
    ) -> Line:
        """The Line; what stands behind the prefix is looked through for inline constructs."""
        plain = kind in (Kind.BLANK, Kind.FENCE, Kind.RULE, Kind.UNDERLINE, Kind.TABLE_LINE)
        return Line(
            kind,
            after,
            len(self.line),
            prefix=prefix,
            level=level,
            quote=self.quote,
            quote_prefix=self.start,
            done=done,
            info=info,
            callout=self.callout,
            spans=() if plain else spans(self.line, max(prefix, self.start)),
            astral=self.astral,
        )

    def scan(self, below: str | None) -> Line:
        """The Line, tried in CommonMark's order."""
        before, inner = self.before, self.inner
        if not inner:
            return self.made(Kind.BLANK, self.state(before.items), level=len(before.items))
        indent = width(self.space)
        items = tuple(column for column in before.items if column <= indent)
        lazy = bool(before.paragraph) and len(items) < len(before.items)
        marker = self.start + len(self.space)
        fence = _FENCE.match(inner)
        if fence and not (fence[2][0] == "`" and "`" in fence[3]):
            language = fence[3].split()[0] if fence[3].split() else ""
            after = State(fence=fence[2], language=language, items=items, quote=self.quote, callout=self.callout)
            return self.made(Kind.FENCE, after, prefix=self.start, level=len(items), info=language)
        if heading := _HEADING.match(inner):
            return self.made(Kind.HEADING, self.state(items), prefix=marker + heading.end(), level=len(heading[1]))
        if before.columns and "|" in inner and not _RULE.match(inner):
            kind = Kind.TABLE_LINE if before.columns < 0 else Kind.TABLE_ROW
            return self.made(kind, self.state(items, columns=abs(before.columns)), level=len(items))
        if before.paragraph == 1 and not lazy and before.items == items and _UNDERLINE.match(inner):
            return self.made(Kind.UNDERLINE, self.state(items), level=1 if "=" in inner else 2)
        if _RULE.match(inner):
            return self.made(Kind.RULE, self.state(items))
        if item := self._item(indent, items):
            return self._item_line(item, marker, indent, items)
        return self._paragraph(below, before.items if lazy else items, lazy=lazy)

    def _item(self, indent: int, items: tuple[int, ...]) -> re.Match[str] | None:
        match, before = _ITEM.match(self.inner), self.before
        if match is None:
            return None
        if before.paragraph and indent - (items[-1] if items else 0) >= 4:
            return None  # that far in, it goes on with the paragraph above (CommonMark §5.2)
        if before.paragraph and len(items) == len(before.items):
            if not self.inner[match.end() :].strip():
                return None  # an empty item can't interrupt a paragraph
            if match[2][0].isdigit() and int(match[2][:-1]) != 1:
                return None
        return match

    def _item_line(self, item: re.Match[str], marker: int, indent: int, items: tuple[int, ...]) -> Line:
        wide = indent + len(item[2])
        content = wide + (width(item[3], wide) if item[3] else 1)
        if content - wide > 4:
            content = wide + 1
        prefix = marker + item.end()
        kind = Kind.NUMBER if item[2][0].isdigit() else Kind.BULLET
        task = _TASK.match(self.line, prefix)
        done = False
        if task:
            kind, done, prefix = Kind.TASK, task[1] != " ", task.end()
        after = self.state((*items, content), 1 if self.inner[item.end() :].strip() else 0)
        return self.made(kind, after, prefix=prefix, level=len(items), done=done, info=item[2])

    def _paragraph(self, below: str | None, items: tuple[int, ...], *, lazy: bool) -> Line:
        prefix, level = self.start + len(self.space), len(items)
        if below is not None and not lazy:
            if "|" in self.line and _TABLE_LINE.match(below):
                columns = len(cells(self.line[self.start :]))
                if columns == len(cells(below)) and (columns > 1 or "|" in below):
                    return self.made(Kind.TABLE_HEAD, self.state(items, columns=-columns), level=level)
            if not self.before.paragraph and _underlines(below, items):
                after = self.state(items, 1)
                depth = 1 if "=" in below else 2
                return self.made(Kind.HEADING, after, prefix=prefix, level=depth, info="underlined")
        picture = _PICTURE.match(self.line, self.start) is not None
        after = self.state(items, min(self.before.paragraph + 1, 2))
        return self.made(Kind.PICTURE if picture else Kind.PARAGRAPH, after, prefix=prefix, level=level)


def _underlines(below: str, items: tuple[int, ...]) -> bool:
    body = below.lstrip(" ")
    indent = len(below) - len(body)
    return bool(_UNDERLINE.match(body)) and (not items or indent >= items[-1]) and indent < 4 + (items or (0,))[-1]


def cells(row: str) -> list[tuple[int, int]]:
    """The cells of a table row as (start, end) between the pipes, white space included (GFM §4.10)."""
    if not row.strip():
        return []
    cuts = [match.start() for match in _CELL.finditer(row)]
    first = len(row) - len(row.lstrip())
    last = len(row.rstrip())
    edges = [first - 1, *cuts, last]
    if cuts and cuts[0] == first:
        edges = edges[1:]
    if cuts and cuts[-1] == last - 1 and len(edges) > 2:
        edges = edges[:-1]
    return [(a + 1, b) for a, b in pairwise(edges)]
