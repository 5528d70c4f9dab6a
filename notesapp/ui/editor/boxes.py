"""Decides the measures of each row of a sheet: what its kind asks for, plus folding, pictures and writing direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QTextBlock

from notesapp.ui.editor.blocks import FRONT_MATTER, Kind
from notesapp.ui.editor.formats import Box
from notesapp.ui.editor.rows import Row
from notesapp.ui.editor.tables import is_row, lead

if TYPE_CHECKING:
    from notesapp.ui.editor.sheet import Sheet

PICTURE_MARGIN, PICTURE_EMPTY = 14, 44
FOLDED = Box(0.01)


def box_of(sheet: Sheet, row: Row, block: QTextBlock, number: int) -> Box:
    """The measures of a row."""
    line = row.line
    text = block.text()
    rtl = not text.isascii() and block.textDirection().name == "RightToLeft"
    front = line.kind in FRONT_MATTER and (line.kind is not Kind.FRONT or sheet.paper)
    if front and sheet.folded and not sheet.formats.look.source:
        return FOLDED
    room = picture_room(sheet, row, text) if line.kind is Kind.PICTURE else 0.0
    box = sheet.formats.box(line, text, room=room, rtl=rtl, first=number == 0)
    if row.grid is None:
        return box
    if row.grid.too_wide:
        return box._replace(height=sheet.formats.look.scaled(29), unbroken=False)
    return box._replace(indent=lead(row.cells, row.grid)) if is_row(line) else box


def picture_room(sheet: Sheet, row: Row, text: str) -> float:
    """The height that is kept free below a picture's line."""
    name = sheet.picture_name(row.line, text)
    size = sheet.pictures.size(name, sheet.margins.column)
    scaled = sheet.formats.look.scaled
    return (size.height() if size else scaled(PICTURE_EMPTY)) + scaled(PICTURE_MARGIN)
