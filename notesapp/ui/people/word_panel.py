"""Words that two people read to each other: the matching words on both screens, and a code of three."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout

from notesapp.ui.parts import words
from notesapp.ui.style.tokens import META_PX, SMALL_PX

PER_ROW = 3


class MatchingWords(QFrame):
    """The words that must be the same on both screens, numbered so that they can be read aloud in order."""

    def __init__(self, listed: Sequence[str] = ()) -> None:
        super().__init__()
        self.setObjectName("words")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 12, 16, 12)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(8)
        for column in range(PER_ROW):
            self._grid.setColumnStretch(column, 1)
        self.shown: tuple[str, ...] = ()
        self.show_words(listed)

    def show_words(self, listed: Sequence[str]) -> None:
        """Shows other words."""
        if tuple(listed) == self.shown:
            return
        self.shown = tuple(listed)
        while (item := self._grid.takeAt(0)) is not None:
            if (inner := item.layout()) is not None:
                while (part := inner.takeAt(0)) is not None:
                    if (old := part.widget()) is not None:
                        old.hide()
                        old.deleteLater()
        for at, word in enumerate(self.shown):
            cell = QHBoxLayout()
            cell.setSpacing(6)
            cell.addWidget(words(f"{at + 1}", META_PX, tone="3"))
            cell.addWidget(words(word, 15, 600), 1)
            self._grid.addLayout(cell, at // PER_ROW, at % PER_ROW)
        self.setAccessibleName(self.tr("Words to compare: %1").replace("%1", ", ".join(self.shown)))


class ThreeWords(QFrame):
    """A code of three words, large enough to be read across a table, and how long it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("words")
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 18, 18, 14)
        column.setSpacing(10)
        self._code = words("", 22, 600)
        self._code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._note = words("", SMALL_PX, tone="2", wrap=True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._code)
        column.addWidget(self._note)

    @property
    def text(self) -> str:
        """The words with spaces between them, as they are typed."""
        return self._code.text().replace(" · ", " ")

    def show_code(self, listed: Sequence[str], note: str) -> None:
        """Shows the words and a sentence below them."""
        self._code.setText(" · ".join(listed))
        self._code.setAccessibleName(self.tr("The code: %1").replace("%1", " ".join(listed)))
        self._note.setText(note)
