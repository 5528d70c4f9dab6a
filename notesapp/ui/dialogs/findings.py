"""What the doctor found, as rows: a sign for well or not well, and the sentence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from notesapp.control.rows import FindingRow
from notesapp.ui.parts import IconLabel, rule, words
from notesapp.ui.sayings import said
from notesapp.ui.style.theme import Theme

MARKS = {"ok": "✓", "warn": "!", "bad": "✗"}
_SIGNS = {"ok": ("circle-check", "ok"), "warn": ("triangle-alert", "warn"), "bad": ("triangle-alert", "err")}
WIDE_PX, HIGH_PX = 500, 380  # a window of the least height has room for it, and for what is around it


def as_text(findings: Sequence[FindingRow]) -> str:
    """The findings for the clipboard, what is not well first."""
    return "\n".join(f"{MARKS[row.state]} {in_words(row)}" for row in _gravest_first(findings))


def in_words(row: FindingRow) -> str:
    """A finding and what to do about it, in the window's language."""
    parts = (row.sentence.removesuffix(row.remedy).strip(), row.remedy)
    return " ".join(said(part) for part in parts if part)


def _gravest_first(findings: Sequence[FindingRow]) -> list[FindingRow]:
    return sorted(findings, key=lambda row: ("bad", "warn", "ok").index(row.state))


class Findings(QScrollArea):
    """The rows, what is not well first; as high as they need, up to a limit."""

    def __init__(self, theme: Theme, findings: Sequence[FindingRow] = ()) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("group")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(QCoreApplication.translate("Report", "Details"))
        self.show_findings(findings)

    def show_findings(self, findings: Sequence[FindingRow], first: Sequence[FindingRow] = ()) -> None:
        """Shows these; `first` stand above the others, whatever their state is."""
        inside = QWidget()
        self._column = column = QVBoxLayout(inside)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        for row in _gravest_first(first):
            column.addLayout(self._line(row))
        if first and findings:
            column.addWidget(rule())
        for row in _gravest_first(findings):
            column.addLayout(self._line(row))
        column.addStretch()
        self.setWidget(inside)
        self._fit()

    def _line(self, row: FindingRow) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(10)
        icon, token = _SIGNS[row.state]
        sign = IconLabel(self._theme, icon, token=token)
        sign.setContentsMargins(0, 1, 0, 0)
        line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(words(in_words(row), tone="" if row.state != "ok" else "2", wrap=True), 1)
        return line

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        width = self.width() - 2 * self.frameWidth() if self.isVisible() else WIDE_PX
        self.setFixedHeight(min(HIGH_PX, self._column.totalHeightForWidth(width) + 2 * self.frameWidth()))
