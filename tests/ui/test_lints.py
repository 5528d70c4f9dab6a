"""Rules that keep the window alive: no nested loops, no lost references of None, no untranslated words."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from notesapp.ui.style.resources import resource

UI = Path(__file__).resolve().parents[2] / "notesapp" / "ui"
MODULES = sorted(UI.rglob("*.py"))


def nested_loops(source: str) -> list[int]:
    """The lines that would start a nested loop: `.exec(`, `.exec_(`, or a static dialog that does it inside."""
    static = {"getText", "getItem", "getInt", "getOpenFileName", "getOpenFileNames", "getSaveFileName"}
    static |= {"getExistingDirectory", "getColor", "getFont", "question", "warning_box", "critical_box"}
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("exec", "exec_") or node.func.attr in static:
                found.append(node.lineno)
            if (
                node.func.attr == "quit"
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in ("app", "qApp")
            ):
                found.append(node.lineno)
    return found


def test_the_lint_finds_what_it_looks_for() -> None:
    assert nested_loops("async def f():\n    dialog.exec()\n    app.quit()\n") == [2, 3]
    assert nested_loops("QFileDialog.getSaveFileName(None)") == [1]
    assert nested_loops("dialog.open()\nprogram.quit()") == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(UI)))
def test_nothing_starts_a_nested_loop(path: Path) -> None:
    assert nested_loops(path.read_text(encoding="utf-8")) == []


@pytest.mark.gui
def test_a_thousand_void_calls_leave_none_as_it_was(qapp: QApplication) -> None:
    label = QLabel()
    for warm_up in ("a", "b"):
        label.setText(warm_up)
    before = sys.getrefcount(None)
    for _ in range(1_000):
        label.setText("x")
        label.update()
        label.setEnabled(True)
    assert abs(sys.getrefcount(None) - before) < 100


_SHOWS = {
    "setText",
    "setToolTip",
    "setPlaceholderText",
    "setAccessibleName",
    "setWindowTitle",
    "addAction",
    "words",
    "button",
}
_PLAIN = {"Notesapp", "—"}


def untranslated(source: str) -> list[tuple[int, str]]:
    """Words of a person's language that go straight to a widget."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        if name in _SHOWS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            text = first.value
            if text not in _PLAIN and any(letter.isalpha() for letter in text):
                found.append((node.lineno, text))
    return found


def test_the_translation_lint_finds_what_it_looks_for() -> None:
    assert untranslated('label.setText("Save")\nwords(self.tr("x"))\nlabel.setText("")') == [(1, "Save")]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(UI)))
def test_every_word_goes_through_tr(path: Path) -> None:
    assert untranslated(path.read_text(encoding="utf-8")) == []


_TAKES_ICON = {"icon": 0, "show_icon": 0, "icon_pixmap": 0, "icon_image": 0, "_button": 0, "_tool": 0}
_TAKES_ICON |= {"paint_icon": 1, "IconButton": 1, "IconLabel": 1}


def icons_named(source: str) -> set[str]:
    """Every literal that is used as an icon's name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            at = _TAKES_ICON.get(name, len(node.args))
            if at < len(node.args):
                literal = node.args[at]
                if isinstance(literal, ast.Constant) and isinstance(literal.value, str):
                    found.add(literal.value)
    return found


def test_every_icon_that_is_asked_for_is_shipped() -> None:
    missing = {
        (path.name, name)
        for path in MODULES
        for name in icons_named(path.read_text(encoding="utf-8"))
        if not resource("icons", f"{name}.svg").exists()
    }
    assert missing == set()
