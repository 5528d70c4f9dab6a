"""The three words of the share card: made when asked for, said aloud or over the phone, gone after ten minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from notesapp.node.people_views import CodeView
from notesapp.ui.parts import button, words
from notesapp.ui.people.word_panel import ThreeWords
from notesapp.ui.sayings import said
from notesapp.ui.style.tokens import SMALL_PX


class WordsPart(QWidget):
    """`make_asked`, `end_asked(code_id)`."""

    make_asked = Signal()
    end_asked = Signal(bytes)

    def __init__(self, sentence: str, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._now_ms = now_ms
        self._code: CodeView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(words(sentence, 13, tone="2", wrap=True))
        self.panel = ThreeWords()
        column.addWidget(self.panel)
        self._over = words("", SMALL_PX, tone="warn", wrap=True)
        column.addWidget(self._over)
        line = QHBoxLayout()
        self.make = button(self.tr("Make three words"), "primary", self.make_asked.emit)
        self._end = button(self.tr("End this code"), "link", self._ended)
        line.addWidget(self.make)
        line.addStretch()
        line.addWidget(self._end)
        column.addLayout(line)
        self.show_code(None)

    @property
    def code(self) -> CodeView | None:
        """The code that is shown."""
        return self._code

    def show_codes(self, codes: Sequence[CodeView]) -> None:
        """Keeps showing the code that this card made, as the node tells it now."""
        if self._code is not None:
            found = next((one for one in codes if one.code_id == self._code.code_id), None)
            if found is not None:
                self.show_code(found)

    def show_code(self, code: CodeView | None) -> None:
        """Shows a code, or the button that makes one."""
        self._code = code
        live = code is not None and code.over is None and code.ends_ms > self._now_ms()
        self.panel.setVisible(live)
        self._end.setVisible(live)
        self.make.setVisible(not live)
        over = ""
        if code is not None and not live:
            over = said(code.over) if code.over else self.tr("The time for these words is over; make new ones.")
        self._over.setText(over)
        self._over.setVisible(bool(over))
        if live and code is not None:
            self.panel.show_code(code.words, self._note(code))

    def _note(self, code: CodeView) -> str:
        minutes = max(1, -(-(code.ends_ms - self._now_ms()) // 60_000))
        left = self.tr("They work for %n min more", "", minutes)
        return left + " · " + self.tr("%n tries left", "", code.tries_left)

    def _ended(self) -> None:
        if self._code is not None:
            self.end_asked.emit(self._code.code_id)
            self.show_code(None)
