"""Rows of a settings page: a name, a sentence, a control. Keeps all pages alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from notesapp.ui.parts import rule, words
from notesapp.ui.style.tokens import META_PX, SMALL_PX


class Page(QScrollArea):
    """A page that scrolls, made of groups of rows."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setAccessibleName(title)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(28, 22, 28, 28)
        self.column.setSpacing(8)
        self.column.addWidget(words(title, 20, 700))
        self.column.addSpacing(6)
        self.column.addStretch()
        self.setWidget(inside)

    def add(self, widget: QWidget) -> None:
        """Puts a widget below what is there."""
        self.column.insertWidget(self.column.count() - 1, widget)

    def say(self, sentence: str, tone: str = "2") -> None:
        """A sentence between groups."""
        self.add(words(sentence, SMALL_PX, tone=tone, wrap=True))

    def group(self, title: str = "") -> Group:
        """A new group, with a title above it."""
        if title:
            label = words(title.upper(), META_PX, 600, "3")
            label.setContentsMargins(2, 10, 0, 0)
            self.add(label)
        made = Group()
        self.add(made)
        return made


class Group(QFrame):
    """Rows in one box, with lines between them."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("group")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 2, 0, 2)
        self._column.setSpacing(0)

    def row(self, name: str, control: QWidget, sentence: str = "") -> None:
        """A name with a control at the right, and what it means below the name."""
        if self._column.count():
            self._column.addWidget(rule())
        line = QWidget()
        across = QHBoxLayout(line)
        across.setContentsMargins(14, 9, 14, 9)
        across.setSpacing(16)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(words(name, wrap=True))
        if sentence:
            text.addWidget(words(sentence, SMALL_PX, tone="2", wrap=True))
        across.addLayout(text, 1)
        across.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        if not control.accessibleName():
            control.setAccessibleName(name)
        if sentence:
            control.setAccessibleDescription(sentence)
        self._column.addWidget(line)

    def switch(self, name: str, on: bool, changed: Callable[[bool], object], sentence: str = "") -> QCheckBox:
        """A row with a box to tick."""
        box = QCheckBox()
        box.setChecked(on)
        box.toggled.connect(changed)
        self.row(name, box, sentence)
        return box

    def choice(
        self,
        name: str,
        options: Sequence[tuple[str, str]],
        now: str,
        changed: Callable[[str], object],
        sentence: str = "",
    ) -> QComboBox:
        """A row with a list of (value, text) to choose from."""
        box = QComboBox()
        box.setMinimumWidth(180)
        for value, text in options:
            box.addItem(text, value)
        box.setCurrentIndex(max(0, box.findData(now)))
        box.currentIndexChanged.connect(lambda at: changed(box.itemData(at)))
        self.row(name, box, sentence)
        return box
