"""A short sentence at the window's foot that goes by itself, with at most one button (mostly “Undo”)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from notesapp.ui.announce import announce
from notesapp.ui.parts import button, words

STAYS_MS = 6_000  # long enough to read a sentence twice and reach the button


class Toast(QFrame):
    """One at a time: a new sentence takes the place of the old."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._words = words("")
        self._act: Callable[[], object] | None = None
        self._button = button("", "link", self._pressed)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 6, 8, 6)
        line.addWidget(self._words)
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
        self.adjustSize()
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
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        over = self.parentWidget()
        if over is not None:
            width = min(self.sizeHint().width(), over.width() - 32)
            self.resize(width, self.sizeHint().height())
            self.move((over.width() - width) // 2, over.height() - self.height() - 46)
