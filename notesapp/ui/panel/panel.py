"""The frame of the right panel: which of its pages is shown, and the way to close it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from notesapp.ui.panel.links import Links
from notesapp.ui.panel.outline import Outline
from notesapp.ui.panel.versions import Versions
from notesapp.ui.parts import IconButton
from notesapp.ui.style.fonts import ui_font
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import SMALL_PX


class Panel(QWidget):
    """Outline, links and versions. `page_changed(name)`; an empty name: closed."""

    page_changed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.outline, self.links, self.versions = Outline(theme), Links(theme), Versions(theme)
        self._pages: dict[str, QWidget] = {
            "outline": self.outline,
            "links": self.links,
            "history": self.versions,
        }
        self._stack = QStackedWidget()
        header = QWidget()
        header.setFixedHeight(52)
        line = QHBoxLayout(header)
        line.setContentsMargins(12, 0, 10, 0)
        line.setSpacing(2)
        self._tabs: dict[str, QToolButton] = {}
        titles = {"outline": self.tr("Outline"), "links": self.tr("Links"), "history": self.tr("Versions")}
        for name, page in self._pages.items():
            self._stack.addWidget(page)
            tab = QToolButton()
            tab.setText(titles[name])
            tab.setFont(ui_font(SMALL_PX, 600))
            tab.setCheckable(True)
            tab.clicked.connect(lambda _=False, name=name: self.show_page(name))
            line.addWidget(tab)
            self._tabs[name] = tab
        line.addStretch()
        close = IconButton(theme, "x", self.tr("Close the panel"))
        close.clicked.connect(lambda: self.show_page(""))
        line.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self._stack, 1)
        self._name = ""
        self.hide()

    @property
    def page(self) -> str:
        """The page that is shown: outline, links, history, or an empty text."""
        return self._name

    def show_page(self, name: str) -> None:
        """Opens a page, or closes the panel with an empty name."""
        self._name = name
        if name:
            self._stack.setCurrentWidget(self._pages[name])
        for tab, control in self._tabs.items():
            control.setChecked(tab == name)
        self.setVisible(bool(name))
        self.page_changed.emit(name)

    def focus_page(self) -> None:
        """Puts the focus into the page."""
        if self._name:
            self._pages[self._name].setFocus(Qt.FocusReason.OtherFocusReason)
