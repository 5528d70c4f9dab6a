"""Measures tables: where the columns stand and how each cell is moved there. Also re-aligns a table's source text.

Cells are set in the text's own font. A cell begins where its column begins because the pipe before it gets just that
much room after it (letter spacing); the source is not touched for that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from notesapp.ui.editor.blocks import Kind, Line, cells

PAD = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's shown text, from `start` to `end` in its line, and its width in pixels."""

    start: int
    end: int
    width: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's columns: `edges` are the x of the vertical lines in pixels from the table's left."""

    edges: tuple[float, ...]
    aligned: tuple[str, ...]  # "left", "centre" or "right" of each column
    too_wide: bool = False
    pad: float = PAD  # the room at both sides of a cell's text, in pixels

    @property
    def width(self) -> float:
        return self.edges[-1]


@dataclass(frozen=True, slots=True)
class Gap:
    """Characters between two cells: all without width, but `pixels` of room after the one at `at`."""

    start: int
    end: int
    at: int
    pixels: float


def shown_cells(text: str, caret: int | None, measure: Callable[[int, int], float]) -> list[Cell]:
    """The cells of a row without their padding; white space up to the caret counts as text, for typing on."""
    found = []
    for start, end in cells(text):
        inner = text[start:end]
        low = start + len(inner) - len(inner.lstrip())
        high = start + len(inner.rstrip())
        if low > high:  # nothing but white space: stay one space behind the pipe
            low = high = min(start + 1, end)
        if caret is not None and high < caret <= end and caret > low:
            high = caret
        found.append(Cell(low, high, measure(low, high)))
    return found


def alignments(text: str) -> tuple[str, ...]:
    """How the columns are aligned, from the line of dashes."""
    result = []
    for start, end in cells(text):
        dashes = text[start:end].strip()
        left, right = dashes.startswith(":"), dashes.endswith(":")
        result.append("centre" if left and right else "right" if right else "left")
    return tuple(result)


def grid(rows: Sequence[Sequence[Cell]], aligned: tuple[str, ...], room: float, pad: float) -> Grid:
    """The columns that hold the widest cells; `room` is the width that there is. Where it is short, `pad` is halved."""
    made = _grid(rows, aligned, room, pad)
    return _grid(rows, aligned, room, pad / 2) if made.too_wide else made


def _grid(rows: Sequence[Sequence[Cell]], aligned: tuple[str, ...], room: float, pad: float) -> Grid:
    count = len(aligned)
    widths = [pad] * count
    for row in rows:
        for column, cell in enumerate(row[:count]):
            widths[column] = max(widths[column], cell.width)
    edges = [0.0]
    for width in widths:
        edges.append(edges[-1] + round(width + 2 * pad))
    return Grid(tuple(edges), aligned, too_wide=edges[-1] > room, pad=pad)


def lead(row: Sequence[Cell], table: Grid) -> float:
    """The room before a row's first cell where no character is that could keep it: the row begins without a pipe."""
    if not row or row[0].start or not table.aligned:
        return 0.0
    return _target(row[0], table, 0)


def _target(cell: Cell, table: Grid, column: int) -> float:
    left, right = table.edges[column], table.edges[column + 1]
    match table.aligned[column]:
        case "right":
            return right - table.pad - cell.width
        case "centre":
            return (left + right - cell.width) / 2
        case _:
            return left + table.pad


def gaps(text: str, row: Sequence[Cell], table: Grid) -> list[Gap]:
    """What stands between the cells of one row, and how much room it takes so that the cells meet their columns."""
    found = []
    x, at = lead(row, table), 0
    for column, cell in enumerate(row[: len(table.aligned)]):
        target = _target(cell, table, column)
        if at < cell.start:
            found.append(Gap(at, cell.start, cell.start - 1, target - x))
            x = target
        x += cell.width
        at = cell.end
    if at < len(text):
        found.append(Gap(at, len(text), len(text) - 1, 0))
    return found


def columns_wide(text: str) -> int:
    """The columns that text takes in a fixed-width font (Unicode Annex 11: wide characters take two)."""
    wide = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return wide - sum(1 for char in text if unicodedata.combining(char))


def columns_of(lines: Sequence[str]) -> int:
    """The columns that a table needs to hold every cell in which something is written."""
    needed = len(cells(lines[0]))
    for line in lines:
        written = [number for number, (start, end) in enumerate(cells(line)) if line[start:end].strip()]
        needed = max(needed, written[-1] + 1 if written else 0)
    return needed


def realigned(lines: Sequence[str]) -> list[str]:
    """A table's source with pipes below each other; the second line is the line of dashes.

    A row that says more than the table has columns makes the table wider: no cell's text is dropped.
    """
    rows = [[line[start:end].strip() for start, end in cells(line)] for line in lines]
    count = columns_of(lines)
    aligned = alignments(lines[1])
    rows = [(row + [""] * count)[:count] for row in rows]
    widths = [
        max(3, *(columns_wide(row[column]) for number, row in enumerate(rows) if number != 1))
        for column in range(count)
    ]
    made = []
    for number, row in enumerate(rows):
        parts = []
        for column, cell in enumerate(row):
            how = aligned[column] if column < len(aligned) else "left"
            if number == 1:
                parts.append(_dashes(cell, widths[column]))
                continue
            free = widths[column] - columns_wide(cell)
            before = free if how == "right" else free // 2 if how == "centre" else 0
            parts.append(" " * before + cell + " " * (free - before))
        made.append("| " + " | ".join(parts) + " |")
    return made


def _dashes(cell: str, wide: int) -> str:
    left, right = cell.startswith(":"), cell.endswith(":")
    return (":" if left else "-") + "-" * (wide - 2) + (":" if right else "-")


def is_row(line: Line) -> bool:
    """Whether the line has cells that people read."""
    return line.kind in (Kind.TABLE_HEAD, Kind.TABLE_ROW)
