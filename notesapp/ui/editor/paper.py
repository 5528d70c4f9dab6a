"""Puts a note on paper: PDF and printers, with the same formats and the same decorations as on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter

from notesapp.errors import CannotWrite
from notesapp.ui.editor.blocks import TABLE, Kind
from notesapp.ui.editor.decorations import Decorations
from notesapp.ui.editor.formats import Formats, Look
from notesapp.ui.editor.geometry import baseline, lay_out, line_cell
from notesapp.ui.editor.margins import BOTTOM_PX, TOP_PX
from notesapp.ui.editor.pictures import Pictures
from notesapp.ui.editor.screen import draw_text
from notesapp.ui.editor.sheet import Sheet
from notesapp.ui.style.fonts import ui_font

MARGIN_MM = 20.0
RESOLUTION = 1200
FOOT_PX = 34  # below the text, for the page's number


@dataclass(frozen=True)
class Page:
    """What of the document stands on one page: from `top` to `bottom`, in document pixels."""

    top: float
    bottom: float


def write_pdf(path: Path, text: str, pictures: Pictures, *, title: str = "", look: Look | None = None) -> int:
    """Writes a note as an A4 PDF; returns the number of pages. CannotWrite if the file can't be written."""
    try:
        with path.open("wb"):
            pass
    except OSError as error:
        raise CannotWrite(path=path, why=error.strerror or str(error)) from error
    writer = QPdfWriter(str(path))
    writer.setResolution(RESOLUTION)
    writer.setTitle(title)
    writer.setCreator("Notesapp")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM), QPageLayout.Unit.Millimeter)
    return print_note(writer, text, pictures, look=look)


def print_note(device: QPagedPaintDevice, text: str, pictures: Pictures, *, look: Look | None = None) -> int:
    """Paints a note on a printer or PDF writer whose page is set up; returns the number of pages."""
    look = (look or Look()).printed()
    sheet = Sheet(text, Formats(look), pictures, paper=True)
    sheet.prepare(len(sheet.rows))
    sheet.dressing = True
    sheet.document.setTextWidth(sheet.gutter + look.column + sheet.right)
    sheet.document.documentLayout()
    sheet.dressing = False
    area = QSizeF(device.pageLayout().paintRectPixels(device.logicalDpiX()).size())
    scale = area.width() / look.column
    found = pages(sheet, area.height() / scale - FOOT_PX)
    painter = QPainter(device)
    if not painter.isActive():
        raise CannotWrite(path="the printer", why="it can't be painted on")
    try:
        for number, page in enumerate(found):
            if number:
                device.newPage()
            _paint(painter, sheet, page, scale, (number + 1, len(found)), area)
    finally:
        painter.end()
    return len(found)


def _paint(painter: QPainter, sheet: Sheet, page: Page, scale: float, number: tuple[int, int], area: QSizeF) -> None:
    look = sheet.formats.look
    rect = QRectF(0, page.top, sheet.document.textWidth(), page.bottom - page.top)
    painter.save()
    painter.scale(scale, scale)
    painter.translate(-sheet.gutter, -page.top)
    painter.setClipRect(rect)
    Decorations(sheet).paint(painter, rect)
    draw_text(painter, sheet, rect)
    painter.restore()
    painter.save()
    painter.scale(scale, scale)
    painter.setFont(ui_font(look.scaled(12)))
    painter.setPen(look.tokens.text3)
    foot = QRectF(0, area.height() / scale - FOOT_PX, look.column, FOOT_PX)
    painter.drawText(
        foot, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom), f"{number[0]} / {number[1]}"
    )
    painter.restore()


def _atoms(sheet: Sheet) -> list[tuple[float, float, bool]]:
    """What must not be cut, from top to bottom: (top, bottom, stays with the next one)."""
    found: list[tuple[float, float, bool]] = []
    block = sheet.document.begin()
    for row in sheet.rows:
        layout = block.layout()
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            cell = line_cell(block, line, row)
            bottom = cell.bottom()
            if row.line.kind is Kind.PICTURE and row.box is not None and number == layout.lineCount() - 1:
                bottom += row.box.below
            if row.line.kind in TABLE:
                bottom += sheet.formats.look.scaled(6)
            stays = row.line.kind in (Kind.HEADING, Kind.TABLE_HEAD, Kind.TABLE_LINE, Kind.FENCE, Kind.CALLOUT)
            if row.box is not None and row.box.height > 1:
                found.append((min(cell.top(), baseline(block, line)), bottom, stays))
        block = block.next()
    return found


def pages(sheet: Sheet, height: float) -> list[Page]:
    """Cuts the document between lines; a heading never stands alone at the end of a page."""
    look = sheet.formats.look
    lay_out(sheet.document)
    top = look.scaled(TOP_PX)
    end = sheet.document.size().height() - look.scaled(BOTTOM_PX)
    cuts = [top]
    good = top  # the last place where a cut is fine
    for low, bottom, stays in _atoms(sheet):
        if low > cuts[-1] + 1 and bottom - cuts[-1] > height:
            cuts.append(good if good > cuts[-1] + height / 3 else low)
        if not stays:
            good = bottom
    cuts.append(max(end, cuts[-1] + 1))
    return [Page(low, min(high, low + height)) for low, high in pairwise(cuts)]
