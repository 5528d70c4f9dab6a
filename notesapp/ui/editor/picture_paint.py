"""Paints the picture that hangs below its line of Markdown."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTextBlock

from notesapp.ui.editor.boxes import PICTURE_EMPTY
from notesapp.ui.editor.geometry import block_bottom
from notesapp.ui.editor.pills import rounded
from notesapp.ui.editor.rows import Row
from notesapp.ui.editor.sheet import Sheet
from notesapp.ui.style.fonts import ui_font
from notesapp.ui.style.icons import icon_image


def picture_rect(sheet: Sheet, block: QTextBlock, row: Row) -> QRectF:
    """Where a picture is painted."""
    look = sheet.formats.look
    right = sheet.document.textWidth() - sheet.right
    name = sheet.picture_name(row.line, block.text())
    size = sheet.pictures.size(name, sheet.margins.column)
    top = block_bottom(block, row) + look.scaled(3)
    left = sheet.gutter + (row.box.left if row.box else 0)
    if size is None:
        return QRectF(left, top, right - left, look.scaled(PICTURE_EMPTY))
    wide = min(size.width(), right - left)
    return QRectF(left, top, wide, size.height() * wide / size.width())


def paint(painter: QPainter, sheet: Sheet, block: QTextBlock, row: Row) -> None:
    """Paints the picture below its line, or says that it isn't here."""
    look = sheet.formats.look
    text = block.text()
    name = sheet.picture_name(row.line, text)
    rect = picture_rect(sheet, block, row)
    image = sheet.pictures.image(name)
    radius = look.scaled(8)
    if image is not None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipPath(rounded(rect, radius), Qt.ClipOperation.IntersectClip)
        painter.drawImage(rect, image)
        painter.restore()
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.tokens.code_bg)
    painter.drawRoundedRect(rect, radius, radius)
    size = round(look.scaled(16))
    x = rect.left() + look.scaled(14)
    painter.drawImage(
        QPointF(x, rect.center().y() - size / 2),
        icon_image("image", look.tokens.text3, size, painter.device().devicePixelRatioF()),
    )
    if sheet.pictures.missing(name):
        words = sheet.tr("This picture isn't here: %1").replace("%1", name)
    elif sheet.pictures.unreadable(name):
        words = sheet.tr("This can’t be shown as a picture: %1").replace("%1", name)
    else:
        words = sheet.tr("Fetching the picture …")
    painter.setFont(ui_font(look.scaled(13)))
    painter.setPen(look.tokens.text3)
    painter.drawText(rect.adjusted(look.scaled(40), 0, -look.scaled(12), 0), int(Qt.AlignmentFlag.AlignVCenter), words)
