"""A short sentence at the window's foot that goes by itself, with at most one button (mostly “Undo”)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from notesapp.ui.announce import announce
from notesapp.ui.parts import button, words

GAP_PX, WIDEST_PX = 14, 520
STAYS_MS = 6_000  # long enough to read a sentence twice and reach the button


class Toast(QFrame):
    """One at a time: a new sentence takes the place of the old."""

    def __init__(self, over: QWidget, room: Callable[[], QRect], caret: Callable[[], QRect]) -> None:
        """`room`: where it may stand; `caret`: where is written, which it never covers. Both are seen from `over`."""
        super().__init__(over)
        self._room, self._caret = room, caret
        self.setObjectName("toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._words = words("", wrap=True)
        self._act: Callable[[], object] | None = None
        self._button = button("", "link", self._pressed)
        self._button.hide()
        line = self._line = QHBoxLayout(self)
        line.setContentsMargins(16, 10, 16, 10)
        line.setSpacing(12)
        line.addWidget(self._words, 1)
        line.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        over.installEventFilter(self)
        self.hide()

    @property
    def sentence(self) -> str:
        """What is shown now, or an empty text."""
        return self._words.text() if self.isVisible() else ""

    def say(self, sentence: str, act: str = "", run: Callable[[], object] | None = None) -> None:
        """Shows and announces the sentence, with a button named `act` if there is one."""
        self._words.setText(sentence)
        self._act = run
        self._button.setText(act)
        self._button.setVisible(bool(act))
        self._place()
        self.show()
        self.raise_()
        announce(self, f"{sentence} {act}".strip())
        self._timer.start(STAYS_MS)

    def act(self) -> None:
        """Presses the button, if there is one."""
        self._pressed()

    def _pressed(self) -> None:
        run, self._act = self._act, None
        self.hide()
        if run is not None:
            run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and self.isVisible():
            QTimer.singleShot(0, self, self._place)  # the panes take their new sizes first
        return False

    def _place(self) -> None:
        room = self._room().adjusted(GAP_PX, GAP_PX, -GAP_PX, -GAP_PX)
        beside = self._button.sizeHint().width() + 12 if self._button.text() else 0
        text = self._words.fontMetrics().horizontalAdvance(self._words.text()) + 4
        width = min(text + beside + 34, WIDEST_PX, room.width())
        self.setFixedWidth(width)
        height = self._line.totalHeightForWidth(width)
        place = QRect(room.center().x() - width // 2, room.bottom() - height, width, height)
        if place.adjusted(-width, -GAP_PX, width, GAP_PX).intersects(self._caret()):
            place.moveTopRight(room.topRight())
        self.setGeometry(place)
