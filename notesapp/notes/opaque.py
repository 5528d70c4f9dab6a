"""Decides which parts of a Markdown text mean nothing: code, comments, mathematics, escaped characters.

`veil` gives a text of the same length in which those parts are replaced by fillers, so that whoever looks for tags,
links or headings needs no knowledge of code. Linear in the text's length, whatever the text.
What the rest means is left to `markup`.
"""

from __future__ import annotations

import re
from bisect import bisect_left

BLOCK = "\x00"  # stands for code blocks and comments: not part of what a reader sees as running text
INLINE = "\x01"  # stands for inline code, inline mathematics and escaped characters: visible text without meaning

_SPECIAL = re.compile(r"[\\`%<$]")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_FENCE = re.compile(r"((?:[ \t]*+>)*+)[ \t]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)*+(`{3,}+|~{3,}+)([^\n]*+)")
_QUOTED = re.compile(r"[ \t]*+>")
_INLINE_MATH = re.compile(r"\$(?![\s$])[^$\n]*+\$(?!\d)")
_TICKS = re.compile(r"`++")
# an inline code span ends with its block: a blank line, the next list item, heading, fence or table row
_BLOCK_END = re.compile(r"\n[ \t>]*+(?:\n|[-*+][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|```|~~~|\||\Z)")
_INDENTED = re.compile(r"(?:\A|\n[ \t]*+\n)(?: {4}|\t)[ \t]*+[^\s]")
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")


def veil(text: str, start: int = 0) -> str:
    """`text` with everything opaque from `start` on replaced by `BLOCK` and `INLINE`; same length, same line breaks."""
    walk = _Walk(text, start)
    veiled = walk.run()
    if _INDENTED.search(veiled, start) is not None:
        veiled = veiled[:start] + _veil_indented(veiled[start:])
    return veiled


class _Walk:
    """One pass over the text from left to right; each opaque part is found once and skipped as a whole."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.at = start
        self.pieces: list[str] = [text[:start]]
        self.fences = _fence_lines(text, start)
        self.next_fence = 0
        self.ticks: dict[int, list[int]] | None = None
        self.block_end = -1
        self.quote_end = -1
        self.exhausted: set[str] = set()  # closing marks that don't occur any more: never searched twice

    def run(self) -> str:
        text = self.text
        look_at = self.at
        special_at = -1
        while True:
            if special_at < look_at:  # it may lie far ahead: it is looked for once, not once per fence
                found = _SPECIAL.search(text, look_at)
                special_at = found.start() if found else len(text)
            fence = self._fence_before(special_at, look_at)
            if fence is not None:
                end, filler, begin = self._fence_end(*fence), BLOCK, fence[0]
            elif special_at == len(text):
                break
            else:
                begin = special_at
                end, filler = self._inline(begin)
            if filler:
                self.pieces.append(text[self.at : begin])
                self.pieces.append(_fill(text[begin:end], filler))
                self.at = end
            look_at = end
        self.pieces.append(text[self.at :])
        return "".join(self.pieces)

    def _fence_before(self, special_at: int, look_at: int) -> tuple[int, str, int, bool] | None:
        """The next line that opens a fence, if it comes before the special character: (at, char, length, quoted)."""
        while self.next_fence < len(self.fences):
            at, quoted, run, rest = self.fences[self.next_fence]
            if at > special_at:
                return None
            self.next_fence += 1
            if at >= look_at and not (run[0] == "`" and "`" in rest):
                return at, run[0], len(run), quoted
        return None

    def _fence_end(self, at: int, char: str, length: int, quoted: bool) -> int:
        """Where the fenced block that opens at `at` ends; an unclosed one ends with its quote or with the text."""
        if quoted and self.quote_end <= at:
            self.quote_end = _quote_end(self.text, at)
        limit = self.quote_end if quoted else len(self.text)
        while self.next_fence < len(self.fences):
            line_at, _, run, rest = self.fences[self.next_fence]
            if line_at >= limit:
                return limit
            self.next_fence += 1
            if run[0] == char and len(run) >= length and not rest.strip():
                return _line_end(self.text, line_at)
        return limit

    def _inline(self, at: int) -> tuple[int, str]:
        """Where the thing at `at` ends and what it is filled with ("" if it is plain text after all)."""
        text = self.text
        match text[at]:
            case "\\":
                if text[at + 1 : at + 2] in _PUNCTUATION and text[at + 1 : at + 2] != "|":
                    return at + 2, INLINE
            case "`":
                return self._code_span(at)
            case "%" if text.startswith("%%", at):
                return self._until("%%", at, 2, BLOCK)
            case "<" if text.startswith("<!--", at):
                return self._until("-->", at, 4, BLOCK)
            case "$" if text.startswith("$$", at):
                return self._until("$$", at, 2, BLOCK)
            case "$":
                found = _INLINE_MATH.match(text, at)
                if found and not text[found.end() - 2].isspace():
                    return found.end(), INLINE
        return at + 1, ""

    def _until(self, close: str, at: int, opening: int, filler: str) -> tuple[int, str]:
        end = -1 if close in self.exhausted else self.text.find(close, at + opening)
        if end < 0:
            self.exhausted.add(close)
            return at + opening, ""
        return end + len(close), filler

    def _code_span(self, at: int) -> tuple[int, str]:
        """CommonMark 6.1: a run of backticks closes at the next run of equal length in the same block."""
        text = self.text
        if self.ticks is None:
            self.ticks = {}
            for found in _TICKS.finditer(text, at):
                self.ticks.setdefault(found.end() - found.start(), []).append(found.start())
        run = _TICKS.match(text, at)
        after = run.end() if run else at + 1
        starts = self.ticks.get(after - at, [])
        index = bisect_left(starts, after)
        if index == len(starts):
            return after, ""
        if self.block_end < after:
            ended = _BLOCK_END.search(text, after)
            self.block_end = ended.start() if ended else len(text)
        if starts[index] > self.block_end:
            return after, ""
        return starts[index] + after - at, INLINE


def _fence_lines(text: str, start: int) -> list[tuple[int, bool, str, str]]:
    """All lines that look like the edge of a fenced block, in order: (at, quoted, run, rest of the line)."""
    lines: dict[int, tuple[int, bool, str, str]] = {}
    for mark in ("```", "~~~"):
        at = text.find(mark, start)
        while at >= 0:
            line_at = max(text.rfind("\n", start, at) + 1, start)
            found = _FENCE.match(text, line_at)
            if found:
                lines[line_at] = (line_at, bool(found[1]), found[2], found[3])
            at = text.find(mark, _line_end(text, at))
    return [lines[at] for at in sorted(lines)]


def _quote_end(text: str, at: int) -> int:
    at = _line_end(text, at)
    while at < len(text) and _QUOTED.match(text, at + 1):
        at = _line_end(text, at + 1)
    return at


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _fill(part: str, filler: str) -> str:
    return "\n".join([filler * len(line) for line in part.split("\n")])


def _veil_indented(veiled: str) -> str:
    """Code by indentation: four columns after a blank line, outside of lists (CommonMark 4.4)."""
    lines = veiled.split("\n")
    blank_before, in_list, in_code = True, False, False
    for index, line in enumerate(lines):
        if not line.strip():
            blank_before = True
            continue
        indented = line.startswith(("    ", "\t"))
        if not in_list and indented and (blank_before or in_code):
            lines[index] = BLOCK * len(line)
            in_code = True
        else:
            in_code = False
            if _LIST_ITEM.match(line):
                in_list = True
            elif blank_before and not line.startswith((" ", "\t")):
                in_list = False
        blank_before = False
    return "\n".join(lines)
