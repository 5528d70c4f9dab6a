"""What keys do to the text: lists go on, tables align, words become bold, lines move, undo takes it back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QColor, QImage

from notesapp.errors import TooLarge
from notesapp.text import Splice
from notesapp.ui.editor.binding import EditorBinding
from notesapp.ui.editor.html_in import markdown_of
from tests.ui.editor.conftest import MakeDesk

pytestmark = pytest.mark.gui


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ("- one¦", "\ntwo", "- one\n- two¦"),
        ("- one\n- ¦", "\n", "- one\n¦"),
        ("- one\n  - ¦", "\n", "- one\n- ¦"),
        ("- [x] done¦", "\n", "- [x] done\n- [ ] ¦"),
        ("- [ ] ¦", "\b", "- ¦"),
        ("- ¦text", "\b", "¦text"),
        ("1. one¦\n2. two", "\nnew", "1. one\n2. new¦\n3. two"),
        ("9. nine¦\n10. ten", "\n", "9. nine\n10. ¦\n11. ten"),
        ("> said¦", "\nmore", "> said\n> more¦"),
        ("> said\n> ¦", "\n", "> said\n¦"),
        ("- a\n- ¦b", "\t", "- a\n  - ¦b"),
        ("1. a\n2. b¦\n3. c", "\t", "1. a\n   1. b¦\n2. c"),
        ("```\n    x¦\n```", "\ny", "```\n    x\n    y¦\n```"),
        ("plain¦", "\n", "plain\n¦"),
        ("sel ¦ected¦", "*", "sel *¦ected¦*"),
        ("| a | b |\n|---|---|\n| ¦1 | 2 |", "\t", "| a   | b   |\n| --- | --- |\n| 1   | ¦2¦   |"),
        (
            "| a | b |\n|---|---|\n| 1 | 2¦ |",
            "\tx",
            "| a   | b   |\n| --- | --- |\n| 1   | 2   |\n| x¦    |     |",
        ),
        ("| a | b |\n|:-:|--:|\n| 😀 | 2¦ |", "\n", "|  a  |   b |\n| :-: | --: |\n| 😀  |   2 |\n| ¦    |     |"),
        (
            "¦",
            "| Name | Count |\n|---|---|\n| apple | 3 |\n| pear | 4 |\n",
            "| Name  | Count |\n| ----- | ----- |\n| apple | 3     |\n| pear  | 4     |\n| ¦      |       |",
        ),
        (
            "¦",
            "a|b\n-|-\n1|2\n|3|4\n\nend",
            "| a   | b   |\n| --- | --- |\n| 1   | 2   |\n| 3   | 4   |\n\nend¦",
        ),
        ("| a | b |\n|---|---|\n| ¦  |  |", "| | 2 |", "| a | b |\n|---|---|\n|    |  2  |¦"),
        (
            "| a |\n|---|\n| 1 | b | ¦c | |",
            "\n",
            "| a   |     |     |\n| --- | --- | --- |\n| 1   | b   | c   |\n| ¦    |     |     |",
        ),
        ("> | a | b |\n> |---|---|\n> | 1 | 2 |¦", "\n", "> | a | b |\n> |---|---|\n> | 1 | 2 |\n> ¦"),
        ("| a |\n|---|\n| x\\¦ |", "|", "| a |\n|---|\n| x\\|¦ |"),
    ],
)
def test_typing(desk: MakeDesk, before: str, typed: str, after: str) -> None:
    one = desk(before)
    one.type(typed)
    assert one.marked == after


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("a ¦word¦ b", "Ctrl+B", "a **¦word¦** b"),
        ("a **¦word¦** b", "Ctrl+B", "a ¦word¦ b"),
        ("a wo¦rd b", "Ctrl+I", "a *wo¦rd* b"),
        ("a `co¦de`", "Ctrl+E", "a co¦de"),
        ("¦", "Ctrl+B", "**¦**"),
        ("¦- one\n- two¦", "Ctrl+B", "¦- **one**\n- **two**¦"),
        ("a ¦site¦", "Ctrl+L", "a [site](¦)"),
        ("tex¦t", "Ctrl+1", "# tex¦t"),
        ("# tex¦t", "Ctrl+2", "## tex¦t"),
        ("## tex¦t", "Ctrl+0", "tex¦t"),
        ("¦a\nb¦", "Ctrl+Shift+L", "¦- a\n- b¦"),
        ("¦- a\n- b¦", "Ctrl+Shift+O", "¦1. a\n2. b¦"),
        ("- a¦", "Ctrl+Shift+T", "- [ ] a¦"),
        ("- [ ] a¦", "Ctrl+Return", "- [x] a¦"),
        ("a\nb¦\nc", "Alt+Up", "b¦\na\nc"),
        ("a\nb¦\nc😀", "Alt+Down", "a\nc😀\nb¦"),
        ("a\nb¦c", "Ctrl+Shift+D", "a\nbc\nb¦c"),
        ("a\nb¦c\nde", "Ctrl+Shift+K", "a\nd¦e"),
        ("a\n😀b¦c", "Ctrl+Shift+K", "a¦"),
    ],
)
def test_commands(desk: MakeDesk, before: str, keys: str, after: str) -> None:
    one = desk(before)
    one.press(keys)
    assert one.marked == after


def test_undo_takes_back_words_and_not_what_others_wrote(desk: MakeDesk) -> None:
    one = desk("start ¦")
    one.type("hello world")
    theirs = Splice(0, "", "BOB ")
    one.model = "BOB " + one.model
    one.binding.apply([theirs])
    assert one.marked == "BOB start hello world¦"
    one.press("Ctrl+Z")
    one.press("Ctrl+Z")
    assert one.model == "BOB start "
    one.press("Ctrl+Y")
    assert one.model.startswith("BOB start hello")
    assert one.binding.text == one.binding.sheet.text()


def test_a_refused_edit_is_taken_back_and_said(desk: MakeDesk) -> None:
    one = desk("full¦")
    said: list[str] = []

    def refuse(splice: Splice) -> None:
        raise TooLarge(what="The note", size="2 MB", limit="2 MB")

    binding = EditorBinding(one.edit.make_sheet("full"), refuse)
    binding.trouble.connect(said.append)
    one.edit.show_binding(binding)
    one.type("x")
    assert binding.text == binding.sheet.text() == "full"
    assert said == ["The note has 2 MB, and the limit is 2 MB; nothing was changed."]


def _paste(one: object, **parts: object) -> None:
    data = QMimeData()
    if "text" in parts:
        data.setText(str(parts["text"]))
    if "html" in parts:
        data.setHtml(str(parts["html"]))
    if "image" in parts:
        data.setImageData(parts["image"])
    one.edit.insertFromMimeData(data)  # type: ignore[attr-defined] # a desk


def test_an_address_pasted_over_words_makes_a_link(desk: MakeDesk) -> None:
    one = desk("see ¦the memo¦ now")
    _paste(one, text="https://example.org/a(b)")
    assert one.marked == "see [the memo](<https://example.org/a(b)>)¦ now"


def test_html_becomes_markdown_and_dirt_is_left_out(desk: MakeDesk) -> None:
    one = desk("¦")
    _paste(one, html="<p>Hello <b>bold</b></p><ul><li>x</li></ul>", text="Hello bold x")
    assert one.model == "Hello **bold**\n\n- x"
    _paste(one, text="\r\na\u2028b\x00\ufffc\ud800c")
    assert one.model.endswith("- x\na\nbc")
    assert one.binding.text == one.binding.sheet.text() == one.model


def test_a_picture_is_asked_to_be_kept_and_what_only_claims_to_be_one_is_not(desk: MakeDesk) -> None:
    one = desk("¦")
    asked: list[list[object]] = []
    said: list[str] = []
    one.edit.attach_asked.connect(asked.append)
    one.edit.notice.connect(said.append)
    picture = QImage(4, 4, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    _paste(one, image=picture)
    _paste(one, image=QImage())
    assert len(asked) == 1
    assert len(said) == 1
    assert one.model == ""
    one.edit.insert_attachment("attachments/a b.png", "a b.png", picture=True)
    assert one.model == "![](<attachments/a b.png>)\n"


def test_five_megabytes_are_refused_with_a_sentence(desk: MakeDesk) -> None:
    one = desk("keep¦")
    said: list[str] = []
    one.edit.notice.connect(said.append)
    _paste(one, text="x" * 5_000_000)
    assert one.model == "keep"
    assert "2 MB" in said[0]


def test_html_says_in_markdown_what_it_said() -> None:
    page = """<!--StartFragment--><h2>T*t</h2><p>a <a href="http://x.y/z">link</a>, <i>it</i><br>next</p>
    <ol><li>one<ul><li>in</li></ul></li><li>two</li></ol><blockquote><p>q1</p><p>q2</p></blockquote>
    <pre>code  *x*
more</pre><table><tr><th>a</th><th>b|c</th></tr><tr><td>1</td><td>2</td></tr></table>
    <script>evil()</script><p><img src="data:xx"><img src="http://p/q.png" alt="p"></p><!--EndFragment-->"""
    assert markdown_of(page) == (
        "## T\\*t\n\na [link](http://x.y/z), *it*\nnext\n\n1. one\n   - in\n2. two\n\n> q1\n>\n> q2\n\n"
        "```\ncode  *x*\nmore\n```\n\n| a | b\\|c |\n| --- | --- |\n| 1 | 2 |\n\n![p](http://p/q.png)"
    )
