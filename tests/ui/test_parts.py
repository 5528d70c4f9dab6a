"""What others call themselves and their notebooks is shown letter for letter, and never read as HTML."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from notesapp.ui.faces.avatar import Avatar, AvatarStack, Face
from notesapp.ui.note_pane import Crumbs
from notesapp.ui.parts import Elided, button, plain_tip
from notesapp.ui.places import AllNotes
from notesapp.ui.style.theme import Theme

pytestmark = pytest.mark.gui
UI = Path(__file__).resolve().parents[2] / "notesapp" / "ui"


def test_a_name_fetches_no_picture_into_a_tool_tip(qapp: QApplication, theme: Theme, tmp_path: Path) -> None:
    picture = tmp_path / "bait.png"
    QImage(400, 300, QImage.Format.Format_RGB32).save(str(picture))
    name = f'<img src="{picture}">Ana & Bo'
    crumbs, stack, elided = Crumbs(theme), AvatarStack(theme), Elided()
    crumbs.show_path([(name, AllNotes())], "x")
    stack.show_faces([Face(bytes([number]), name, 1) for number in range(6)], None)
    elided.resize(20, 20)
    elided.show_text(name)
    avatar = Avatar(theme, Face(b"a", name, 1))
    tips = [one.toolTip() for top in (crumbs, stack, elided, avatar) for one in (top, *top.findChildren(QWidget))]
    told = [tip for tip in tips if tip]
    assert len(told) >= 8
    for tip in told:
        document = QTextDocument()
        document.setHtml(tip)
        assert name in document.toPlainText(), "all of it is to be read"
    over = QWidget()
    over.show()
    QToolTip.showText(QPoint(5, 5), told[0], over)
    shown = [one for one in qapp.topLevelWidgets() if one.inherits("QTipLabel")]
    assert shown
    assert all(one.height() < 200 for one in shown), "the picture was fetched"
    QToolTip.hideText()


def test_a_tool_tip_of_plain_words_stays_as_it_is() -> None:
    assert plain_tip("Ana & Bo\nare here") == "Ana & Bo\nare here"
    assert plain_tip("a < b\nc") == "<span>a &lt; b<br>c</span>"


def test_an_ampersand_in_a_name_is_seen_on_a_button(qapp: QApplication) -> None:
    assert button("R&D").text() == "R&&D"


def test_tool_tips_are_made_of_our_own_words_or_plain() -> None:
    odd = [
        f"{path.relative_to(UI)}:{node.lineno}"
        for path in sorted(UI.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "setToolTip"
        and not is_ours(node.args[0])
    ]
    assert odd == [], "somebody else's words: plain_tip"


def is_ours(text: ast.expr) -> bool:
    match text:
        case ast.IfExp(body=one, orelse=other):
            return is_ours(one) and is_ours(other)
        case ast.Call(func=ast.Name(id="plain_tip")) | ast.Constant():
            return True
        case ast.Call(func=ast.Attribute(attr="tr"), args=[ast.Constant()]):
            return True
        case _:
            return False
