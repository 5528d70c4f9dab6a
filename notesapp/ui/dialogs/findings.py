"""What the doctor found, as rows: a sign for well or not well, and the sentence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from notesapp.control.rows import FindingRow
from notesapp.ui.parts import IconLabel, words
from notesapp.ui.sayings import said
from notesapp.ui.style.theme import Theme

MARKS = {"ok": "✓", "warn": "!", "bad": "✗"}
_SIGNS = {"ok": ("circle-check", "ok"), "warn": ("triangle-alert", "warn"), "bad": ("triangle-alert", "err")}
HIGH_PX = 260


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
    """The rows, what is not well first."""

    def __init__(self, theme: Theme, findings: Sequence[FindingRow]) -> None:
        super().__init__()
        self.setObjectName("group")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(HIGH_PX)
        self.setAccessibleName(QCoreApplication.translate("Report", "Details"))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        for row in _gravest_first(findings):
            line = QHBoxLayout()
            line.setSpacing(10)
            icon, token = _SIGNS[row.state]
            sign = IconLabel(theme, icon, token=token)
            sign.setContentsMargins(0, 1, 0, 0)
            line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(words(in_words(row), tone="" if row.state != "ok" else "2", wrap=True), 1)
            column.addLayout(line)
        column.addStretch()
        self.setWidget(inside)
