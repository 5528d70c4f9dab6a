"""Draws the shipped line icons (Lucide) in any colour, size and pixel ratio. Knows files; decides no colours."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from notesapp.ui.style.resources import resource

# Lucide is drawn for 24 px at 2; at 16–18 px that looks bold beside Inter 400.
STROKE = "1.75"


@lru_cache(maxsize=256)
def _svg(name: str) -> str:
    path = resource("icons", f"{name}.svg")
    text = path.read_text(encoding="utf-8")
    return text.replace('stroke-width="2"', f'stroke-width="{STROKE}"')


@lru_cache(maxsize=1024)
def _image(name: str, rgba: int, size: int, ratio_percent: int, fill: bool) -> QImage:
    colour = QColor.fromRgba(rgba)
    svg = _svg(name).replace("currentColor", colour.name())
    if fill:
        svg = svg.replace('fill="none"', f'fill="{colour.name()}"', 1)
    pixels = max(1, round(size * ratio_percent / 100))
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(colour.alphaF())
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    image.setDevicePixelRatio(ratio_percent / 100)
    return image


def icon_image(name: str, colour: QColor, size: int = 16, ratio: float = 1.0, *, fill: bool = False) -> QImage:
    """The icon as an image of `size` device-independent pixels at that pixel ratio."""
    return _image(name, colour.rgba(), size, round(ratio * 100), fill)


def paint_icon(
    painter: QPainter, name: str, at: QPointF, colour: QColor, size: int = 16, *, fill: bool = False
) -> None:
    """Paints the icon with its top left corner at `at`, sharp at the painter's pixel ratio."""
    painter.drawImage(at, icon_image(name, colour, size, painter.device().devicePixelRatioF(), fill=fill))


class _Engine(QIconEngine):
    """A QIcon that renders its SVG anew for every size and ratio."""

    def __init__(self, name: str, colour: QColor, off: QColor, fill: bool) -> None:
        super().__init__()
        self._name, self._colour, self._off, self._fill = name, colour, off, fill

    def _for(self, mode: QIcon.Mode) -> QColor:
        return self._off if mode == QIcon.Mode.Disabled else self._colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        size = min(rect.width(), rect.height())
        corner = QPointF(rect.x() + (rect.width() - size) / 2, rect.y() + (rect.height() - size) / 2)
        paint_icon(painter, self._name, corner, self._for(mode), size, fill=self._fill)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        # The size is in device-independent pixels (since Qt 6.8).
        side = max(1, min(size.width(), size.height()))
        return QPixmap.fromImage(icon_image(self._name, self._for(mode), side, scale, fill=self._fill))

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._colour, self._off, self._fill)


def icon(name: str, colour: QColor, disabled: QColor | None = None, *, fill: bool = False) -> QIcon:
    """A scalable QIcon of one shipped drawing; `disabled` is used where the widget is switched off."""
    return QIcon(_Engine(name, colour, disabled or colour, fill))


def icon_pixmap(name: str, colour: QColor, size: int = 16, ratio: float = 1.0) -> QPixmap:
    """The icon as a pixmap, for labels."""
    return QPixmap.fromImage(icon_image(name, colour, size, ratio))
