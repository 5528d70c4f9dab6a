"""Keeps the pictures of a note at the size they are shown in. Asks for them; never reads files or waits.

The provider is called with a name and a function to deliver the picture now or later: None if there is no such file, a
null picture if it can't be read as one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QObject, QSizeF, Qt, Signal
from PySide6.QtGui import QImage

Deliver = Callable[[QImage | None], None]
Provider = Callable[[str, Deliver], None]

KEPT = 48
WIDEST_PX = 1600
TALLEST_SHARE = 1.1  # of the column's width: a tall picture must not fill three screens


class Pictures(QObject):
    """The pictures that notes show, by the name written in the text. `arrived` carries that name."""

    arrived = Signal(str)

    def __init__(self, provider: Provider | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._provider = provider
        self._images: OrderedDict[str, QImage | None] = OrderedDict()
        self._sizes: dict[str, QSizeF] = {}
        self._asked: set[str] = set()

    def image(self, name: str) -> QImage | None:
        """The picture if it is here; asks for it otherwise."""
        if name in self._images:
            self._images.move_to_end(name)
            kept = self._images[name]
            return None if kept is None or kept.isNull() else kept
        if self._provider is not None and name not in self._asked:
            self._asked.add(name)
            self._provider(name, lambda image: self._deliver(name, image))
            return self.image(name) if name in self._images else None
        return None

    def missing(self, name: str) -> bool:
        """Whether it is known that there is no such picture."""
        return self._provider is None or (name in self._images and self._images[name] is None)

    def unreadable(self, name: str) -> bool:
        """Whether the file is here and is no picture that can be shown."""
        kept = self._images.get(name)
        return kept is not None and kept.isNull()

    def size(self, name: str, column: float) -> QSizeF | None:
        """The size at which the picture is shown in a column that wide; None while it isn't known."""
        if name not in self._sizes:
            self.image(name)
        natural = self._sizes.get(name)
        if natural is None or natural.isEmpty():
            return None
        limit = QSizeF(column, column * TALLEST_SHARE)
        if natural.width() <= limit.width() and natural.height() <= limit.height():
            return natural
        return natural.scaled(limit, Qt.AspectRatioMode.KeepAspectRatio)

    def forget(self, name: str) -> None:
        """Asks anew next time, because the attachment of that name has changed."""
        self._images.pop(name, None)
        self._sizes.pop(name, None)
        self._asked.discard(name)

    def _deliver(self, name: str, image: QImage | None) -> None:
        self._asked.discard(name)
        if image is not None and not image.isNull():
            self._sizes[name] = QSizeF(image.size()) / image.devicePixelRatio()
            if image.width() > WIDEST_PX:
                image = image.scaledToWidth(WIDEST_PX, Qt.TransformationMode.SmoothTransformation)
            self._images[name] = image
        else:
            self._images[name] = image
        while len(self._images) > KEPT:
            self._images.popitem(last=False)
        self.arrived.emit(name)
