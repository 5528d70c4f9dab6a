"""QR codes: shows a link as one, and reads the text of one out of a picture (PNG, photo, screenshot)."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from notesapp.ui.style.theme import Theme

QUIET = 2  # modules of white around it: the white card it lies on gives the rest of the four that ISO/IEC 18004 wants
LARGEST_PX = 2_400  # a photo of 12 megapixels is read in 60 ms at this size, and needs no more
# Dark on white in both themes: many phones don't read a code with its colours reversed.
_INK, _PAPER = QColor("#1B1C1F"), QColor("#FFFFFF")


def qr_rows(text: str) -> tuple[tuple[bool, ...], ...]:
    """The modules of the smallest code that holds a text, from the top down; True is dark."""
    import segno  # here, since few starts show a code

    return tuple(tuple(bool(cell) for cell in row) for row in segno.make_qr(text, error="l", boost_error=True).matrix)


def read_qr(image: QImage) -> str | None:
    """The text of the first QR code in a picture; None if there is none that can be read."""
    if image.isNull():
        return None
    import zxingcpp  # here, since few starts read a code

    if max(image.width(), image.height()) > LARGEST_PX:
        image = image.scaled(
            LARGEST_PX, LARGEST_PX, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    if image.hasAlphaChannel():  # a code on no ground at all was drawn for white paper
        ground = QImage(image.size(), QImage.Format.Format_RGB32)
        ground.fill(Qt.GlobalColor.white)
        painter = QPainter(ground)
        painter.drawImage(0, 0, image)
        painter.end()
        image = ground
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    width, height, stride = grey.width(), grey.height(), grey.bytesPerLine()
    data = bytes(grey.constBits())
    rows = b"".join(data[row * stride : row * stride + width] for row in range(height))
    pixels = memoryview(rows).cast("B", shape=[height, width])
    found = zxingcpp.read_barcodes(pixels, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return next((one.text for one in found if one.text), None)


class QrCode(QWidget):
    """A code on its white card; an empty text shows an empty card."""

    def __init__(self, theme: Theme, side: int = 224) -> None:
        super().__init__()
        self._theme = theme
        self._rows: tuple[tuple[bool, ...], ...] = ()
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(side, side)
        self.setAccessibleName(self.tr("QR code of the link"))
        theme.changed.connect(self.update)

    def show_text(self, text: str) -> None:
        """Shows a text as a code."""
        self._rows = qr_rows(text) if text else ()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.tokens.line)
        painter.setBrush(_PAPER if self._rows else self._theme.tokens.list_bg)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
        if self._rows:
            self._modules(painter)
        painter.end()

    def _modules(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_INK)
        count = len(self._rows) + 2 * QUIET
        ratio = self.devicePixelRatioF()
        # Whole device pixels per module keep the edges sharp; what is left over is white.
        module = max(1, int((self._side - 8) * ratio / count)) / ratio
        left = round((self._side - module * len(self._rows)) / 2 * ratio) / ratio
        for y, row in enumerate(self._rows):
            x = 0
            while x < len(row):
                end = x
                while end < len(row) and row[end]:
                    end += 1
                if end > x:
                    painter.drawRect(QRectF(left + x * module, left + y * module, (end - x) * module, module))
                x = max(end, x + 1)
