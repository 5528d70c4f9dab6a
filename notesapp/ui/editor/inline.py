"""Finds the inline constructs of one line: emphasis, code, links, tags. Pure; knows no colours and no documents.

Positions are indexes into the text as given. The editor passes a line as UTF-16 units (see `units`), so that they are
Qt's own positions. The rules are CommonMark 0.31 §6 within one line, plus ~~strike~~, ==highlight==, [[wiki links]],
#tags and bare addresses; a construct never crosses a line, so that a key restyles one block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import Enum, auto

# A line longer than this is shown as plain text: nobody reads it, and a pasted blob must not cost seconds.
LONGEST_STYLED = 20_000
ASTRAL_UNIT = "\ue000"
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Mark(Enum):
    """What an inline construct is."""

    STRONG = auto()
    EM = auto()
    STRIKE = auto()
    HIGHLIGHT = auto()
    CODE = auto()
    LINK = auto()
    FILE = auto()
    IMAGE = auto()
    WIKI = auto()
    EMBED = auto()
    TAG = auto()
    URL = auto()
    ESCAPE = auto()
    FOOTNOTE = auto()
    COMMENT = auto()


@dataclass(frozen=True, slots=True)
class Span:
    """A construct from `start` to `end`; `opening` and `closing` characters of it are markers, the rest is shown.

    `target` is the part (start, end) that says where a link leads.
    """

    mark: Mark
    start: int
    end: int
    opening: int
    closing: int
    target: tuple[int, int] = (0, 0)

    def moved(self, by: int) -> Span:
        """The same construct `by` further right."""
        target = (self.target[0] + by, self.target[1] + by)
        return replace(self, start=self.start + by, end=self.end + by, target=target)


def units(text: str) -> str:
    """The text with each astral character as two placeholders: as long as Qt says it is."""
    return text if text.isascii() else _ASTRAL.sub(ASTRAL_UNIT * 2, text)


_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|#|/{2}")


def is_attachment(target: str) -> bool:
    """Whether a link's target is a file kept with the notes: relative, and not another note."""
    bare = target.split("#")[0].split("?")[0]
    name = bare.rsplit("/", 1)[-1]
    return "." in name.strip(".") and not _ELSEWHERE.match(target) and not name.lower().endswith(".md")


_SPECIAL = re.compile(r"[*_~=`\[<#\\]|https?://")
_ESCAPABLE = r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]"
_LINK_TEXT = r"(?:[^\[\]\\]|\\.|\[[^\[\]]{0,400}\])*"
_TITLE = r"(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?"
# The rule of notes.markup, which finds the same tags in whole notes.
_BEFORE_TAG = r"(?<![^\s(\[{,;\"'“”‘’„«»*_~=|>–—、。，；：（「『])"
_NO_TAG = (
    r"\s\x00\x01\u2000-\u206f\u2e00-\u2e7f\u3000-\u3003\u3008-\u3011\uff01-\uff0f\uff1a-\uff20"
    r"'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\“”‘’„«»"
)
_ATOM = re.compile(
    rf"(?P<escape>\\{_ESCAPABLE})"
    r"|(?P<code>`+)"
    r"|(?P<comment><!--.*?-->)"
    r"|<(?P<auto>[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>"
    r"|(?P<wiki>!?\[\[(?P<goal>[^\[\]|\n]+)(?P<label>\|[^\[\]\n]*)?\]\])"
    r"|(?P<foot>\[\^[^\]\s\[]+\])"
    rf"|(?P<link>!?\[(?P<text>{_LINK_TEXT})\]"
    rf"\(\s*(?P<href><[^<>\n]*>|(?:[^\s()<>\\]|\\.|\([^\s()]*\))*){_TITLE}\s*\))"
    r"|(?P<url>(?<![\w/])https?://[^\s<>\[\]`]+)"
    rf"|(?P<tag>{_BEFORE_TAG}#(?=[\d/_-]*[^\d/_\-{_NO_TAG}])[^{_NO_TAG}]+)"
    r"|(?P<run>\*+|_+|~~+|==+)"
)
_TRAILING = ".,;:!?'\"*_~"


@dataclass(slots=True)
class _Run:
    """A run of emphasis delimiters (CommonMark §6.2) of which `left` are not used up yet."""

    char: str
    start: int
    end: int
    opens: bool
    closes: bool
    length: int
    spans: list[Span] = field(default_factory=list)

    @property
    def left(self) -> int:
        return self.end - self.start


def spans(text: str, start: int = 0) -> tuple[Span, ...]:
    """The constructs of a line from `start` on, outer ones before inner ones."""
    if len(text) > LONGEST_STYLED or not _SPECIAL.search(text, start):
        return ()
    found: list[Span] = []
    _scan(text, start, len(text), found, in_link=False)
    found.sort(key=lambda span: (span.start, -span.end))
    return tuple(found)


def _scan(text: str, start: int, end: int, found: list[Span], *, in_link: bool) -> None:
    runs: list[_Run] = []
    at = start
    while match := _ATOM.search(text, at, end):
        at = match.end()
        kind = match.lastgroup or ""
        if kind == "run":
            run = _run(text, match.start(), match.end(), start, end)
            if run:
                runs.append(run)
        elif kind == "code":
            at = _code(text, match, end, found)
        else:
            at = _atom(text, match, found, in_link=in_link)
    if runs:
        _emphasise(runs, found)


def _code(text: str, match: re.Match[str], end: int, found: list[Span]) -> int:
    ticks = match.end() - match.start()
    closing = re.compile(rf"(?<!`)`{{{ticks}}}(?!`)").search(text, match.end(), end)
    if closing is None:
        return match.end()
    found.append(Span(Mark.CODE, match.start(), closing.end(), ticks, ticks))
    return closing.end()


def _atom(text: str, match: re.Match[str], found: list[Span], *, in_link: bool) -> int:
    """Adds the span that `match` stands for; returns where to go on."""
    start, end = match.span()
    if match["escape"]:
        found.append(Span(Mark.ESCAPE, start, end, 1, 0))
    elif match["comment"]:
        found.append(Span(Mark.COMMENT, start, end, 0, 0))
    elif match["auto"]:
        found.append(Span(Mark.URL, start, end, 1, 1, match.span("auto")))
    elif match["wiki"]:
        bang = 1 if text[start] == "!" else 0
        opening = 2 + bang + (match.end("goal") + 1 - match.start("goal") if match["label"] else 0)
        if match["label"] == "|":
            opening = 2 + bang
        mark = Mark.EMBED if bang else Mark.WIKI
        closing = 3 if match["label"] == "|" else 2
        found.append(Span(mark, start, end, opening, closing, match.span("goal")))
    elif match["foot"]:
        found.append(Span(Mark.FOOTNOTE, start, end, 2, 1))
    elif match["link"]:
        _link(text, match, found, in_link=in_link)
    elif match["url"]:
        return _bare_url(text, start, end, found, in_link=in_link)
    elif match["tag"] and not in_link:
        found.append(Span(Mark.TAG, start, end, 0, 0, (start + 1, end)))
    return end


def _link(text: str, match: re.Match[str], found: list[Span], *, in_link: bool) -> None:
    start, end = match.span("link")
    inner_start, inner_end = match.span("text")
    target_start, target_end = match.span("href")
    if text[target_start:target_end].startswith("<"):
        target_start, target_end = target_start + 1, target_end - 1
    image = text[start] == "!"
    if in_link and not image:  # links don't nest (CommonMark §6.3)
        return
    kept = is_attachment(text[target_start:target_end])
    mark = Mark.IMAGE if image else Mark.FILE if kept else Mark.LINK
    found.append(Span(mark, start, end, inner_start - start, end - inner_end, (target_start, target_end)))
    if inner_start < inner_end and not image:
        _scan(text, inner_start, inner_end, found, in_link=True)


def _bare_url(text: str, start: int, end: int, found: list[Span], *, in_link: bool) -> int:
    url = text[start:end]
    while url and (url[-1] in _TRAILING or (url[-1] == ")" and url.count(")") > url.count("("))):
        url = url[:-1]
    if len(url) > 8 and not in_link:
        found.append(Span(Mark.URL, start, start + len(url), 0, 0, (start, start + len(url))))
    return start + max(len(url), 1)


def _is_punctuation(char: str) -> bool:
    return not (char.isalnum() or char.isspace() or char in "_" + ASTRAL_UNIT) or char == "_"


def _run(text: str, start: int, end: int, low: int, high: int) -> _Run | None:
    """Classifies a run as left- or right-flanking (CommonMark §6.2)."""
    char = text[start]
    before = text[start - 1] if start > low else " "
    after = text[end] if end < high else " "
    left = not after.isspace() and (not _is_punctuation(after) or before.isspace() or _is_punctuation(before))
    right = not before.isspace() and (not _is_punctuation(before) or after.isspace() or _is_punctuation(after))
    if char == "_":
        opens = left and (not right or _is_punctuation(before))
        closes = right and (not left or _is_punctuation(after))
    else:
        opens, closes = left, right
    if not (opens or closes):
        return None
    if char in "~=" and (end - start) % 2:  # an odd one too many stays text
        start += 1
    return _Run(char, start, end, opens, closes, end - start)


def _emphasise(runs: list[_Run], found: list[Span]) -> None:
    """Pairs delimiter runs (the procedure at the end of CommonMark §6.2)."""
    bottom: dict[tuple[str, bool, int], int] = {}
    position = 0
    while position < len(runs):
        closer = runs[position]
        if not closer.closes or not closer.left:
            position += 1
            continue
        key = (closer.char, closer.opens, closer.length % 3)
        floor = bottom.get(key, -1)
        partner = position - 1
        while partner > floor and not _fits(runs[partner], closer):
            partner -= 1
        if partner <= floor:
            bottom[key] = position - 1
            position += 1
            continue
        opener = runs[partner]
        size = 2 if closer.char in "~=" or (opener.left >= 2 and closer.left >= 2) else 1
        mark = {"~": Mark.STRIKE, "=": Mark.HIGHLIGHT}.get(closer.char, Mark.STRONG if size == 2 else Mark.EM)
        opener.end -= size
        closer.start += size
        found.append(Span(mark, opener.end, closer.start, size, size))
        for between in runs[partner + 1 : position]:
            between.start = between.end
    return


def _fits(opener: _Run, closer: _Run) -> bool:
    if opener.char != closer.char or not opener.opens or not opener.left:
        return False
    if closer.char in "~=":
        return opener.left >= 2 and closer.left >= 2
    both = opener.closes or closer.opens
    sum_of_three = (opener.length + closer.length) % 3 == 0
    return not (both and sum_of_three and (opener.length % 3 or closer.length % 3))
