"""What is kept of each line beside Qt's block: what it is, its measures, its code colours, its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notesapp.ui.editor.blocks import CODE, START, Kind, Line
from notesapp.ui.editor.code_colours import Colour, coloured
from notesapp.ui.editor.formats import Box
from notesapp.ui.editor.tables import Cell, Grid

if TYPE_CHECKING:
    from notesapp.ui.editor.sheet import Sheet

NOTHING = Line(Kind.BLANK, START, 0)


class Row:
    """One line of a sheet."""

    __slots__ = ("box", "cells", "colours", "grid", "line", "words")

    def __init__(self) -> None:
        self.line: Line = NOTHING
        self.box: Box | None = None
        self.colours: list[Colour] = []
        self.grid: Grid | None = None
        self.cells: list[Cell] = []
        self.words = -1  # not counted yet


def code_around(rows: list[Row], number: int) -> range:
    """The fenced block that row `number` is in, fences included."""
    first = last = number
    while first > 0 and rows[first].line.kind is not Kind.FENCE and rows[first - 1].line.kind in CODE:
        if rows[first].line.kind is Kind.FENCE or rows[first - 1].line.kind is Kind.FENCE_END:
            break
        first -= 1
    while last + 1 < len(rows) and rows[last].line.kind is not Kind.FENCE_END:
        if rows[last + 1].line.kind not in (Kind.CODE, Kind.FENCE_END):
            break
        last += 1
    return range(first, last + 1)


def colour_code(sheet: Sheet, numbers: range) -> list[int]:
    """Colours a fenced block anew; returns the rows whose colours changed."""
    inside = [number for number in numbers if sheet.rows[number].line.kind is Kind.CODE]
    if not inside:
        return []
    block = sheet.document.findBlockByNumber(inside[0])
    texts = []
    for number in inside:
        texts.append(block.text()[sheet.rows[number].line.prefix :])  # a quote's markers are plain ASCII
        block = block.next()
    language = sheet.rows[inside[0]].line.info
    changed = []
    for number, colours in zip(inside, coloured(texts, language), strict=True):
        row = sheet.rows[number]
        if shift := row.line.prefix:
            colours = [(start + shift, end + shift, name) for start, end, name in colours]
        if row.colours != colours:
            row.colours = colours
            changed.append(number)
    return changed
