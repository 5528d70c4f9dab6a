"""Gives one block its character formats, table cells and code colours included."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextLayout

from notesapp.ui.editor.blocks import FRONT_MATTER, TABLE, Kind
from notesapp.ui.editor.formats import Formats, Markers
from notesapp.ui.editor.inline import units
from notesapp.ui.editor.rows import Row
from notesapp.ui.editor.runs import GHOST, HIDE, MARKER, QUIET, STRIKE, Run, runs
from notesapp.ui.editor.tables import PAD, Cell, Grid, alignments, gaps, grid, is_row, shown_cells

if TYPE_CHECKING:
    from notesapp.ui.editor.sheet import Sheet

Piece = tuple[int, int, QTextCharFormat]


def dress(sheet: Sheet, block: QTextBlock, row: Row, caret: int | None, revealed: Collection[int]) -> None:
    """Sets the formats of a block; `caret` (UTF-16 units in the block) is None when the caret is elsewhere."""
    look = sheet.formats.look
    found = runs(
        row.line,
        caret,
        revealed,
        always=look.markers is Markers.ALWAYS,
        source=look.source,
    )
    if row.grid is not None and is_row(row.line) and not look.source and not row.grid.too_wide:
        pieces = _table_pieces(sheet.formats, row, units(block.text()), found)
    elif row.line.kind in FRONT_MATTER and sheet.folded and not look.source:
        bits = HIDE if row.line.kind is not Kind.FRONT else GHOST
        pieces = [(0, row.line.length, sheet.formats.char(bits))]
    else:
        pieces = _pieces(sheet.formats, row, found)
    layout = block.layout()
    if not pieces and not layout.formats():
        return  # plain before and now: nothing to lay out anew
    layout.setFormats(_ranges(layout, pieces))
    if not sheet.preparing:  # whoever prepares many lines has them laid out together
        sheet.document.markContentsDirty(block.position(), block.length())


def _pieces(formats: Formats, row: Row, found: list[Run]) -> list[Piece]:
    line = row.line
    base = formats.base(line)
    if row.colours:
        found = found + [(start, end, 0, name) for start, end, name in row.colours]
    pieces: list[Piece] = []
    at = 0
    for start, end, bits, name in found:
        if base and at < start:
            pieces.append((at, start, formats.char(base)))
        pieces.append((start, end, formats.char(_merged(base, bits), name)))
        at = end
    if base and at < line.length:
        pieces.append((at, line.length, formats.char(base)))
    return pieces


def _merged(base: int, bits: int) -> int:
    if bits & (MARKER | GHOST | HIDE):
        return (base & ~(STRIKE | QUIET)) | bits
    return base | bits


def _ranges(layout: QTextLayout, pieces: list[Piece]) -> list[QTextLayout.FormatRange]:
    """As format ranges; what an input method is composing keeps its own and moves the others."""
    preedit_at, preedit = layout.preeditAreaPosition(), len(units(layout.preeditAreaText()))
    ranges = []
    if preedit:
        for kept in layout.formats():
            if kept.start >= preedit_at and kept.start + kept.length <= preedit_at + preedit:
                ranges.append(kept)
    for start, end, style in pieces:
        if preedit:
            if start >= preedit_at:
                start, end = start + preedit, end + preedit
            elif end > preedit_at:
                end += preedit
        part = QTextLayout.FormatRange()
        part.start = start
        part.length = end - start
        part.format = style
        ranges.append(part)
    return ranges


def _table_pieces(formats: Formats, row: Row, text: str, found: list[Run]) -> list[Piece]:
    base = formats.base(row.line)
    styles: list[QTextCharFormat | None] = [formats.char(base) if base else None] * len(text)
    for start, end, bits, name in found:
        styles[start:end] = [formats.char(_merged(base, bits), name)] * (end - start)
    assert row.grid is not None  # the caller looked
    for gap in gaps(text, row.cells, row.grid):
        styles[gap.start : gap.end] = [formats.char(HIDE)] * (gap.end - gap.start)
        if gap.pixels > 0:
            styles[gap.at] = formats.spaced(HIDE, gap.pixels)
    pieces: list[Piece] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or styles[at] is not styles[start]:
            style = styles[start]
            if style is not None:
                pieces.append((start, at, style))
            start = at
    return pieces


def table_of(sheet: Sheet, number: int) -> range:
    """Measures the table that row `number` is in; returns its rows."""
    rows = sheet.rows
    first = last = number
    while first > 0 and rows[first].line.kind is not Kind.TABLE_HEAD and rows[first - 1].line.kind in TABLE:
        first -= 1
    while last + 1 < len(rows) and rows[last + 1].line.kind in (Kind.TABLE_LINE, Kind.TABLE_ROW):
        last += 1
    numbers = range(first, last + 1)
    aligned: tuple[str, ...] = ()
    texts: list[str] = []
    block = sheet.document.findBlockByNumber(first)
    for at in numbers:
        texts.append(units(block.text()))
        if rows[at].line.kind is Kind.TABLE_LINE:
            aligned = alignments(texts[-1])
        block = block.next()
    look, near = sheet.formats.look, sheet.near
    near_row = near.blockNumber() if near is not None else -1
    for at, text in zip(numbers, texts, strict=True):
        caret = near.positionInBlock() if near is not None and at == near_row else None
        rows[at].cells = _measured(sheet, rows[at], text, caret) if is_row(rows[at].line) else []
    room = sheet.margins.column + sheet.margins.right / 2 - sheet.formats.box(rows[first].line, texts[0]).left
    made: Grid | None = None
    if aligned and not look.source:
        made = grid([rows[at].cells for at in numbers], aligned, room, look.scaled(PAD))
        if any("\t" in text for text in texts):
            # Qt sets what follows a tab at a stop of the line, whatever room is given before: shown as it is written.
            made = replace(made, too_wide=True)
    for at in numbers:
        rows[at].grid = made
    return numbers


def _measured(sheet: Sheet, row: Row, text: str, caret: int | None) -> list[Cell]:
    formats = sheet.formats
    base = formats.base(row.line)
    revealed = sheet.revealed if caret is not None else frozenset()
    found = runs(row.line, caret, revealed, always=formats.look.markers is Markers.ALWAYS, source=False)

    def measure(low: int, high: int) -> float:
        wide, at = 0.0, low
        for start, end, bits, _name in found:
            start, end = max(start, low), min(end, high)
            if start >= end:
                continue
            wide += formats.advance(text[at:start], base) if at < start else 0.0
            hidden = (end - start) * formats.room(bits)
            wide += hidden if bits & HIDE else formats.advance(text[start:end], _merged(base, bits))
            at = end
        return wide + (formats.advance(text[at:high], base) if at < high else 0.0)

    return shown_cells(text, caret, measure)
