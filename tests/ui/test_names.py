"""Everything that can be reached by keys has a name for screen readers, and keys reach every pane."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTextEdit,
    QWidget,
)

from notesapp.ui.shell import Shell
from tests.ui.driving import settle, story
from tests.ui.window_parts import press, write

pytestmark = pytest.mark.gui

KINDS = (QAbstractButton, QLineEdit, QTextEdit, QPlainTextEdit, QAbstractItemView, QComboBox, QAbstractSlider)
PAGES = ("general", "editor", "appearance", "sync", "devices", "shortcuts", "safety", "about")


def nameless(top: QWidget) -> list[str]:
    """What can be used in a window and says nothing to who doesn't see it."""
    found = []
    for widget in top.findChildren(QWidget):
        if not isinstance(widget, KINDS) or isinstance(widget, QScrollBar | QHeaderView) or widget.isHidden():
            continue
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        inner = widget.parent()
        built_in = widget.objectName().startswith("qt_") or isinstance(inner, QLineEdit | QComboBox)
        in_popup = inner is not None and inner.metaObject().className() == "QComboBoxPrivateContainer"
        if not built_in and not in_popup and not (widget.accessibleName() or text):
            found.append(f"{type(widget).__name__} {widget.objectName()} in {type(inner).__name__}")
    return found


def test_everything_in_the_window_and_the_settings_has_a_name(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "# One\n\nText #tag")
        for page in ("outline", "links", "history"):
            shell.acts.viewing.panel(page)
            await settle(60)
            assert nameless(shell.window) == []
        shell.commands.run("go.search")
        assert nameless(shell.window) == []
        for page in PAGES:
            shell.show_settings(page)
            await settle(40)
        window = shell.settings_window
        assert window is not None
        assert nameless(window) == []

    story(qapp, tmp_path / "home", tell)


def test_f6_and_tab_reach_every_pane(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "# One\n\nText")
        shell.acts.viewing.panel("outline")
        await settle()
        window = shell.window
        panes = (window.sidebar, window.list, window.note, window.panel)

        def here() -> QWidget | None:
            focus = QApplication.focusWidget()
            return next((pane for pane in panes if focus is not None and pane.isAncestorOf(focus)), None)

        by_f6 = set()
        for _ in panes:
            window.next_pane()
            by_f6.add(here())
        assert by_f6 == set(panes)
        by_tab = set()
        window.sidebar.tree.setFocus()
        for _ in range(40):
            focus = QApplication.focusWidget()
            assert focus is not None
            if focus is shell.editor:
                break  # Tab is a letter there; F6 leads on
            press(focus, Qt.Key.Key_Tab)
            by_tab.add(here())
        assert {window.sidebar, window.list, window.note} <= by_tab

    story(qapp, tmp_path / "home", tell)
