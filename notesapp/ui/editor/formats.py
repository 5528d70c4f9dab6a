"""Turns what a line is into Qt formats: fonts, colours, margins, line heights. Finds no constructs, paints nothing.

Lines get a fixed height, so that a fallback font, an emoji or a revealed marker can't move the text below. Markers that
are hidden stand in a font without width; markers of blocks keep their width and hang to the left of the text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QTextBlockFormat, QTextCharFormat

from notesapp.ui.editor.blocks import CODE, FRONT_MATTER, ITEMS, Kind, Line
from notesapp.ui.editor.runs import (
    AIR,
    BASE_CODE,
    EM,
    GHOST,
    HIDE,
    LINK,
    MARKER,
    MONO,
    QUIET,
    ROOM,
    SEMIBOLD,
    STRIKE,
    STRONG,
    TAG,
    WIKI,
)
from notesapp.ui.style.fonts import body_font, code_font, load_fonts
from notesapp.ui.style.tokens import BODY_PX, COLUMN_PX, LIGHT, Tokens

HIDDEN_FAMILY = "Notesapp Hidden"

# Inter's features that turn typed signs into others, `<=>` into an arrow: a note shows what was typed.
SIGNS_REPLACED = ("calt", "liga", "dlig")

HEAD_SHIFT = 16  # the heading's level, 1–6, stands above a style's other bits

HEADING_PX = {1: 28, 2: 22, 3: 19, 4: 17, 5: 16, 6: 15}
HEADING_WEIGHT = {1: 700, 2: 700, 3: 600, 4: 600, 5: 600, 6: 600}
HEADING_HEIGHT = {1: 40, 2: 32, 3: 28, 4: 27, 5: 27, 6: 27}
HEADING_ABOVE = {1: 22, 2: 20, 3: 16, 4: 10, 5: 8, 6: 8}

TEXT_HEIGHT, BLANK_HEIGHT, CODE_HEIGHT, FENCE_HEIGHT, ROW_HEIGHT = 29, 22, 22, 26, 37
CHIP_ROOM, AIR_PX = 20, 4
ITEM_INDENT, NEST_INDENT, QUOTE_INDENT, CODE_INDENT, CALLOUT_INDENT = 28, 26, 20, 16, 18


class Markers(StrEnum):
    """When markers are seen."""

    NEAR_CARET = "caret"
    ALWAYS = "always"
    SOURCE = "source"


@dataclass(frozen=True)
class Look:
    """Everything that the look of a text depends on."""

    tokens: Tokens = LIGHT
    px: int = BODY_PX
    markers: Markers = Markers.NEAR_CARET

    def scaled(self, pixels: float) -> float:
        """A measure given for body text of 16 px, at this size."""
        return pixels * self.px / BODY_PX

    @property
    def column(self) -> float:
        """The width of a line of text in pixels."""
        return self.scaled(COLUMN_PX)

    @property
    def source(self) -> bool:
        return self.markers is Markers.SOURCE

    def printed(self) -> Look:
        """The look on paper: light, no marker seen."""
        return replace(self, tokens=LIGHT, markers=Markers.NEAR_CARET)


class Box(NamedTuple):
    """A block's measures in pixels; equal boxes need no new format."""

    height: float
    left: float = 0
    indent: float = 0
    above: float = 0
    below: float = 0
    rtl: bool = False
    unbroken: bool = False


class Formats:
    """Makes and keeps the formats of one look."""

    def __init__(self, look: Look) -> None:
        load_fonts()
        self.look = look
        self._chars: dict[tuple[int, str], QTextCharFormat] = {}
        self._spaced: dict[tuple[int, int], QTextCharFormat] = {}
        self._metrics: dict[int, QFontMetricsF] = {}
        self._widths: dict[tuple[str, int], float] = {}
        self._blocks: dict[Box, QTextBlockFormat] = {}

    def base(self, line: Line) -> int:
        """The style that all of a line's characters share."""
        if self.look.source:
            return BASE_CODE | MONO
        match line.kind:
            case Kind.HEADING:
                return line.level << HEAD_SHIFT
            case Kind.TASK if line.done:
                return STRIKE | QUIET
            case Kind.TABLE_HEAD:
                return SEMIBOLD
            case Kind.CALLOUT:
                return SEMIBOLD
            case Kind.UNDERLINE | Kind.RULE | Kind.TABLE_LINE:
                return MARKER
        if line.kind in CODE:
            return BASE_CODE | MONO
        if line.kind in FRONT_MATTER:
            return BASE_CODE | MONO | QUIET
        if line.quote and not line.callout:
            return QUIET
        return 0

    def font(self, bits: int) -> QFont:
        """The font of a style."""
        level = bits >> HEAD_SHIFT
        px = self.look.scaled(HEADING_PX.get(level, BODY_PX))
        weight = HEADING_WEIGHT.get(level, 400)
        if bits & STRONG:
            weight = 700
        elif bits & SEMIBOLD:
            weight = max(weight, 600)
        elif bits & TAG:
            weight = max(weight, 500)
        italic = bool(bits & EM)
        if bits & HIDE:
            font = QFont()
            font.setFamilies([HIDDEN_FAMILY])
            font.setPixelSize(round(px))
            font.setStyleStrategy(QFont.StyleStrategy.NoFontMerging)
            if room := self.room(bits):
                font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, room)
            return font
        if bits & MONO:
            font = code_font(px * 14 / 16, 700 if weight >= 600 and not bits & BASE_CODE else 400, italic=italic)
        else:
            font = body_font(px, weight, italic=italic)
            for feature in SIGNS_REPLACED:
                font.setFeature(QFont.Tag(feature), 0)
        if bits & STRIKE:
            font.setStrikeOut(True)
        if bits & AIR:
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, self.room(bits))
        return font

    def room(self, bits: int) -> float:
        """The room behind each character of a style in pixels, beside its own width."""
        return self.look.scaled(CHIP_ROOM if bits & ROOM else AIR_PX if bits & AIR else 0)

    def colour(self, bits: int, name: str = "") -> QColor:
        """The colour of a style; `name` is a token that wins."""
        tokens = self.look.tokens
        if bits & (GHOST | HIDE):
            return QColor(0, 0, 0, 0)
        if bits & MARKER:
            return tokens.marker
        if name:
            return tokens.colour(name)
        if bits & (LINK | WIKI):
            return tokens.link
        if bits & TAG:
            return tokens.tag
        if bits & STRIKE:
            return tokens.text3
        if bits & QUIET or bits >> HEAD_SHIFT == 6:
            return tokens.text2
        return tokens.code if bits & MONO else tokens.text

    def char(self, bits: int, name: str = "") -> QTextCharFormat:
        """The character format of a style."""
        found = self._chars.get((bits, name))
        if found is None:
            found = QTextCharFormat()
            found.setFont(self.font(bits))
            found.setForeground(QBrush(self.colour(bits, name)))
            self._chars[bits, name] = found
        return found

    def spaced(self, bits: int, pixels: float) -> QTextCharFormat:
        """The character format with that many pixels of room after each character."""
        key = (bits, round(pixels * 4))
        found = self._spaced.get(key)
        if found is None:
            if len(self._spaced) > 4000:
                self._spaced.clear()
            found = QTextCharFormat(self.char(bits))
            font = self.font(bits)
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, key[1] / 4)
            found.setFont(font)
            self._spaced[key] = found
        return found

    def advance(self, text: str, bits: int) -> float:
        """The width of text in a style, in pixels; tabs as the layout sets them."""
        key = (text, bits)
        found = self._widths.get(key)
        if found is None:
            if len(self._widths) > 20_000:
                self._widths.clear()
            metrics = self._metrics.get(bits)
            if metrics is None:
                metrics = self._metrics[bits] = QFontMetricsF(self.font(bits))
            found = 0.0
            parts = text.split("\t")
            for number, part in enumerate(parts):
                found += metrics.horizontalAdvance(part)
                if number < len(parts) - 1:
                    found = (math.floor(found / self.tab_px + 1e-6) + 1) * self.tab_px
            self._widths[key] = found
        return found

    @property
    def tab_px(self) -> float:
        """The distance of tab stops."""
        return self.look.scaled(32)

    def box(self, line: Line, text: str, *, room: float = 0, rtl: bool = False, first: bool = False) -> Box:
        """The measures of a line; `room` is kept free below it for a picture."""
        scaled = self.look.scaled
        if self.look.source:
            return Box(scaled(24), rtl=rtl)
        quote = line.quote * scaled(CALLOUT_INDENT if line.callout else QUOTE_INDENT)
        left = quote + self._nesting(line)
        prefix = text[: line.prefix]
        indent = -self.advance(prefix, self.base(line) & ~STRIKE) if prefix else 0.0
        match line.kind:
            case Kind.HEADING:
                height = HEADING_HEIGHT[line.level]
                above = 0 if first else HEADING_ABOVE[line.level]
                return Box(scaled(height), left, indent, scaled(above), scaled(2), rtl)
            case Kind.BLANK:
                return Box(scaled(BLANK_HEIGHT), left, 0, rtl=rtl)
            case Kind.FENCE | Kind.FENCE_END | Kind.FRONT | Kind.FRONT_END:
                return Box(scaled(FENCE_HEIGHT), left + scaled(CODE_INDENT))
            case Kind.CODE | Kind.FRONT_MATTER:
                return Box(scaled(CODE_HEIGHT), left + scaled(CODE_INDENT))
            case Kind.TABLE_HEAD | Kind.TABLE_ROW:
                return Box(scaled(ROW_HEIGHT), left, unbroken=True)
            case Kind.TABLE_LINE:
                return Box(scaled(2), left, unbroken=True)
            case Kind.PICTURE:
                return Box(scaled(TEXT_HEIGHT), left, indent, 0, room, rtl)
            case Kind.CALLOUT:
                return Box(scaled(TEXT_HEIGHT), left + scaled(24), indent, scaled(10), 0, rtl)
            case Kind.UNDERLINE:
                return Box(scaled(12), left)
        below = scaled(1) if line.kind in ITEMS else 0.0
        return Box(scaled(TEXT_HEIGHT), left, indent, 0, below, rtl)

    def _nesting(self, line: Line) -> float:
        scaled = self.look.scaled
        depth = line.level + 1 if line.kind in ITEMS else 0 if line.kind is Kind.HEADING else line.level
        return scaled(ITEM_INDENT + NEST_INDENT * (depth - 1)) if depth else 0.0

    def block(self, box: Box) -> QTextBlockFormat:
        """The block format with these measures."""
        found = self._blocks.get(box)
        if found is None:
            if len(self._blocks) > 2000:
                self._blocks.clear()
            found = QTextBlockFormat()
            found.setLineHeight(box.height, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
            if box.rtl:
                found.setRightMargin(box.left)
            else:
                found.setLeftMargin(box.left)
            found.setTextIndent(box.indent)
            found.setTopMargin(box.above)
            found.setBottomMargin(box.below)
            found.setNonBreakableLines(box.unbroken)
            self._blocks[box] = found
        return found
