"""The small pieces that all screens are made of: labels, lines, icon buttons, buttons, empty states."""

from __future__ import annotations

import html
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from notesapp.ui.style.fonts import ui_font
from notesapp.ui.style.icons import icon_pixmap
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import UI_PX

SENTENCE_PX = 236


def plain_tip(text: str) -> str:
    """A text for a tool tip. Names come from others, and of one that looks like HTML Qt would fetch the pictures."""
    return f"<span>{html.escape(text)}</span>".replace("\n", "<br>") if "<" in text else text


def plain_label(text: str) -> str:
    """A text for a button or a menu, where “&” would underline the next letter and be gone."""
    return text.replace("&", "&&")


def words(text: str = "", px: float = UI_PX, weight: int = 400, tone: str = "", *, wrap: bool = False) -> QLabel:
    """A label of plain text; `tone` is 2, 3, ok, warn or err."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(ui_font(px, weight))
    label.setWordWrap(wrap)
    if tone:
        label.setProperty("tone", tone)
    return label


def retone(label: QLabel, tone: str) -> None:
    """Gives a label another tone."""
    label.setProperty("tone", tone)
    label.style().unpolish(label)
    label.style().polish(label)


class Elided(QLabel):
    """One line of plain text that ends in “…” where there is no room for all of it; the tool tip has all."""

    def __init__(self, px: float = UI_PX, weight: int = 400, tone: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(ui_font(px, weight))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        # A name in a script from the right stays beside its face.
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        if tone:
            self.setProperty("tone", tone)
        self._whole = ""

    def show_text(self, text: str) -> None:
        """Shows this text."""
        if text == self._whole:
            return  # it is told again with each letter that is written
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    @property
    def wanted_px(self) -> int:
        """The width that shows all of it."""
        margins = self.contentsMargins()
        return self.fontMetrics().horizontalAdvance(self._whole) + margins.left() + margins.right() + 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.contentsRect().width()
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        self.setText(shown)
        self.setToolTip(plain_tip(self._whole) if shown != self._whole else "")


def rule(*, vertical: bool = False) -> QFrame:
    """A line of one pixel."""
    line = QFrame()
    line.setObjectName("rule")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


class Button(QPushButton):
    """A push button that Return presses, as well as the space bar."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


def button(text: str, kind: str = "", pressed: Callable[[], object] | None = None) -> QPushButton:
    """A push button; `kind` is primary, danger or link."""
    made = Button(plain_label(text))
    made.setFont(ui_font(UI_PX, 600 if kind == "primary" else 500))
    made.setCursor(Qt.CursorShape.ArrowCursor)
    if kind:
        made.setProperty("kind", kind)
    if pressed is not None:
        made.clicked.connect(lambda: pressed())
    return made


def menu(parent: QWidget) -> QMenu:
    """An empty context menu with round corners."""
    made = QMenu(parent)
    made.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    made.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
    made.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
    return made


class IconButton(QToolButton):
    """A square button with one icon; `name` is its tool tip and what a screen reader says."""

    def __init__(self, theme: Theme, icon: str, name: str, *, token: str = "text2", side: int = 30) -> None:
        super().__init__()
        self._theme, self._icon, self._token, self._fill = theme, icon, token, False
        self.setIconSize(QSize(17, 17))
        self.setFixedSize(side, side)
        self.setToolTip(plain_tip(name))
        self.setAccessibleName(name)
        theme.changed.connect(self._colour)
        self._colour()

    def show_icon(self, icon: str, token: str = "text2", *, fill: bool = False) -> None:
        """Another drawing or colour for the same button."""
        self._icon, self._token, self._fill = icon, token, fill
        self._colour()

    def rename(self, name: str) -> None:
        """Another tool tip and spoken name."""
        self.setToolTip(plain_tip(name))
        self.setAccessibleName(name)

    def _colour(self) -> None:
        self.setIcon(self._theme.icon(self._icon, self._token, fill=self._fill))


class IconLabel(QLabel):
    """An icon that is only looked at."""

    def __init__(self, theme: Theme, icon: str, *, token: str = "text3", side: int = 16) -> None:
        super().__init__()
        self._theme, self._icon, self._token, self._side = theme, icon, token, side
        theme.changed.connect(self._colour)
        self._colour()

    def show_icon(self, icon: str, token: str) -> None:
        """Another drawing or colour."""
        self._icon, self._token = icon, token
        self._colour()

    def _colour(self) -> None:
        ink = self._theme.tokens.colour(self._token)
        self.setPixmap(icon_pixmap(self._icon, ink, self._side, self.devicePixelRatioF()))


class Empty(QWidget):
    """An empty state: one icon, one title, one sentence, up to two buttons."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._icon = IconLabel(theme, "file-text", side=32)
        self._title = words("", 15, 600, wrap=True)
        self._sentence = words("", UI_PX, tone="2", wrap=True)
        for label in (self._icon, self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        # In a box of its own, which is as wide as it may be: then the height of the words follows their width.
        said = QWidget()
        said.setMaximumWidth(SENTENCE_PX)
        lines = QVBoxLayout(said)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(8)
        lines.addWidget(self._icon)
        lines.addSpacing(4)
        lines.addWidget(self._title)
        lines.addWidget(self._sentence)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(said, 1000)
        across.addStretch(1)
        self._buttons = QHBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(8)
        column.addStretch(2)
        column.addLayout(across)
        column.addSpacing(6)
        column.addLayout(self._buttons)
        column.addStretch(3)

    def say(self, icon: str, title: str, sentence: str, *buttons: QPushButton) -> None:
        """Shows this state; earlier buttons go."""
        self._icon.show_icon(icon, "text3")
        self._title.setText(title)
        self._sentence.setText(sentence)
        while (item := self._buttons.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.deleteLater()
        self._buttons.addStretch()
        for one in buttons:
            self._buttons.addWidget(one)
        self._buttons.addStretch()
