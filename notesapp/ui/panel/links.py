"""Who speaks of the open note: linked mentions, and places where its name stands without a link, with context."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from notesapp.ui.parts import Empty, button, words
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import META_PX, SMALL_PX


@dataclass(frozen=True, slots=True)
class Mention:
    """One place in another note: which note, where (code points), and the line around it. `linked`: it is a link."""

    note_id: bytes
    title: str
    at: int
    length: int
    context: str
    linked: bool


def breakable(text: str) -> str:
    """The text with places inside its long words where a line may end: an address must not be wider than the panel."""
    return re.sub(r"(\S{16})(?=\S{4})", "\\1\u200b", text)


class _Row(QFrame):
    def __init__(self, mention: Mention, panel: Links) -> None:
        super().__init__()
        self.setObjectName("group")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 7, 12, 9)
        column.setSpacing(3)
        title = button(mention.title, pressed=lambda: panel.mention_chosen.emit(mention.note_id, mention.at))
        title.setObjectName("mention")
        title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        column.addWidget(title)
        column.addWidget(words(breakable(mention.context), SMALL_PX, tone="2", wrap=True))
        if not mention.linked:
            column.addSpacing(3)
            link = button(panel.tr("Make it a link"), "small", lambda: panel.link_asked.emit(mention))
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)


class Links(QStackedWidget):
    """Both lists. `link_asked(mention)`: turn an unlinked mention into a link."""

    mention_chosen = Signal(bytes, int)
    link_asked = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        empty = Empty(theme)
        empty.say("link", self.tr("Nothing links here yet"), self.tr("Write [[ in another note to link to this one."))
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.addWidget(self._area)
        self.addWidget(empty)
        self.setCurrentIndex(1)

    def show_mentions(self, mentions: Sequence[Mention]) -> None:
        """Shows linked mentions first; at most 200 of each kind."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 4, 12, 12)
        column.setSpacing(8)
        for linked, title in ((True, self.tr("Linked mentions")), (False, self.tr("Unlinked mentions"))):
            here = [mention for mention in mentions if mention.linked is linked]
            if here:
                column.addSpacing(0 if column.isEmpty() else 8)
                column.addWidget(words(f"{title}  {len(here)}".upper(), META_PX, 600, "3"))
            for mention in here[:200]:
                column.addWidget(_Row(mention, self))
        column.addStretch()
        self._area.setWidget(inside)
        self.setCurrentIndex(0 if mentions else 1)
