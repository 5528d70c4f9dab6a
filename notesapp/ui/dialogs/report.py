"""A card that tells what was done, with details that can be copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.parts import button, words
from notesapp.ui.style.fonts import code_font
from notesapp.ui.style.theme import Theme


def _tr(text: str) -> str:
    return QCoreApplication.translate("Report", text)


class Report(Sheet[None]):
    """A title, some sentences, and `details` in a field of their own if there are any."""

    def __init__(
        self,
        theme: Theme,
        over: QWidget,
        title: str,
        sentences: Sequence[str],
        details: str = "",
        *,
        shown: QWidget | None = None,
    ) -> None:
        """`details` can be copied; `shown`: what shows them instead of a field of text."""
        super().__init__(theme, over, width=560)
        self.setAccessibleName(title)
        self._details = details
        self.column.addWidget(words(title, 16, 600, wrap=True))
        for sentence in sentences:
            self.column.addWidget(words(sentence, tone="2", wrap=True))
        row = QHBoxLayout()
        if details:
            self.column.addWidget(shown or _field(details))
            self._copy = button(_tr("Copy"), pressed=self._copied)
            row.addWidget(self._copy)
        row.addStretch()
        self.close_button = button(_tr("Close"), "primary", lambda: self.finish(None))
        row.addWidget(self.close_button)
        self.column.addSpacing(4)
        self.column.addLayout(row)

    def _copied(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
        self._copy.setText(_tr("Copied"))


def _field(details: str) -> QPlainTextEdit:
    field = QPlainTextEdit(details)
    field.setReadOnly(True)
    field.setFont(code_font(12))
    field.setFixedHeight(200)
    field.setAccessibleName(_tr("Details"))
    return field


def show_report(theme: Theme, over: QWidget, title: str, sentences: Sequence[str], details: str = "") -> Report:
    """Shows the card; nobody needs to wait for it."""
    report = Report(theme, over, title, sentences, details)
    report.open(report.close_button)
    return report
