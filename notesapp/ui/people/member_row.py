"""One person in a list: face, name, a line about them, and what may be done, as a menu behind the role."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from notesapp.ui.faces.avatar import Avatar, Face
from notesapp.ui.parts import Elided, button, menu, words
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import SMALL_PX


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a row's menu; an empty text is a line between groups."""

    text: str
    run: Callable[[], object] = lambda: None
    icon: str = ""
    chosen: bool | None = None
    hint: str = ""


class PersonRow(QWidget):
    """Face, name and detail; what stands at the right is added by `put`."""

    def __init__(self, theme: Theme, face: Face, name: str, detail: str, more: str = "", *, away: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self.face = face
        line = self._line = QHBoxLayout(self)
        line.setContentsMargins(0, 3, 0, 3)
        line.setSpacing(10)
        line.addWidget(Avatar(theme, face, 28, away=away))
        lines = QVBoxLayout()
        lines.setSpacing(0)
        self.name, self.detail = Elided(13, 600), Elided(SMALL_PX, tone="2")
        shown = [(self.name, name), (self.detail, detail)]
        shown += [(Elided(SMALL_PX, tone="3"), more)] if more else []
        for label, text in shown:
            label.show_text(text)
            lines.addWidget(label)
        line.addLayout(lines, 1)
        self.setAccessibleName(", ".join(part for part in (name, detail, more) if part))

    def put(self, widget: QWidget) -> None:
        """Adds something at the right."""
        self._line.addWidget(widget)

    def put_word(self, text: str) -> None:
        """Adds a word that only tells."""
        self.put(words(text, SMALL_PX, tone="2"))

    def put_menu(self, text: str, spoken: str, choices: Callable[[], Sequence[Choice]]) -> QPushButton:
        """Adds a button that opens a menu; `spoken` tells a screen reader whose it is."""
        made = button(f"{text}  ▾", "link")
        made.setAccessibleName(spoken)
        made.clicked.connect(lambda: self._open(made, choices()))
        self.put(made)
        return made

    def _open(self, at: QPushButton, choices: Sequence[Choice]) -> None:
        opened = menu(self)
        opened.aboutToHide.connect(opened.deleteLater)
        for choice in choices:
            if not choice.text:
                opened.addSeparator()
                continue
            text = choice.text + (f"\t{choice.hint}" if choice.hint else "")
            action = opened.addAction(self._theme.icon(choice.icon), text) if choice.icon else opened.addAction(text)
            if choice.chosen is not None:
                action.setCheckable(True)
                action.setChecked(choice.chosen)
            action.triggered.connect(lambda _=False, choice=choice: choice.run())
        opened.popup(at.mapToGlobal(QPoint(at.width() - opened.sizeHint().width(), at.height() + 4)))
        first = next((action for action in opened.actions() if not action.isSeparator()), None)
        if first is not None and at.hasFocus():
            opened.setActiveAction(first)
        opened.setFocus(Qt.FocusReason.PopupFocusReason)
