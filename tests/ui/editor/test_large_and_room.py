"""Very long lines, large pastes, and the room around the text: nothing hangs, nothing moves."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication

from notesapp.errors import TooLarge
from notesapp.text import Splice
from notesapp.ui.editor.binding import EditorBinding
from notesapp.ui.editor.wrapping import ANYWHERE, LONGEST_WORD, WORDS
from tests.ui.editor.conftest import Desk, MakeDesk

pytestmark = pytest.mark.gui
MANY_LINES = "\n".join(f"This is line {n} of ordinary text, with nothing special in it." for n in range(20_000))


def paste(one: Desk, text: str) -> None:
    data = QMimeData()
    data.setText(text)
    one.edit.insertFromMimeData(data)
    QApplication.processEvents()


def test_a_line_of_half_a_million_characters_hangs_nothing(desk: MakeDesk) -> None:
    started = time.process_time()
    one = desk("top\n\n" + "x" * 500_000 + "\n\nend¦")
    one.type("!")
    one.edit.place_caret(250_000, 250_000)
    one.type("y")
    assert time.process_time() - started < 6  # 100 s and more if it is broken at words
    assert one.marked.index("¦") == 250_001


def test_a_word_that_grows_too_long_is_broken_anywhere(desk: MakeDesk) -> None:
    one = desk("¦\n\nshort words")
    for _ in range(3):
        assert one.edit.wordWrapMode() is WORDS
        paste(one, "x" * (LONGEST_WORD // 2))
    assert one.edit.wordWrapMode() is one.edit.document().defaultTextOption().wrapMode() is ANYWHERE
    assert len(one.model) == 3 * (LONGEST_WORD // 2) + 13
    other = EditorBinding(one.edit.make_sheet("words"), lambda splice: None)
    one.edit.show_binding(other)
    assert one.edit.document().defaultTextOption().wrapMode() is WORDS


def test_a_large_paste_is_one_edit_that_comes_at_once_and_can_be_undone(desk: MakeDesk) -> None:
    one = desk("one 😀 ¦two¦ three")
    started = time.process_time()
    paste(one, MANY_LINES)
    assert time.process_time() - started < 3
    assert one.splices == [Splice(6, "two", MANY_LINES)]
    assert one.marked == f"one 😀 {MANY_LINES}¦ three"
    one.press("Ctrl+Z")
    assert one.marked.replace("¦", "") == "one 😀 two three"
    one.press("Ctrl+Y")
    assert one.marked == f"one 😀 {MANY_LINES}¦ three"
    one.type("!")
    assert one.model == f"one 😀 {MANY_LINES}! three"


def test_a_large_paste_that_is_refused_changes_nothing(desk: MakeDesk) -> None:
    one = desk("full¦")
    said: list[str] = []

    def refuse(splice: Splice) -> None:
        raise TooLarge(what="The note", size="2 MB", limit="2 MB")

    binding = EditorBinding(one.edit.make_sheet("full"), refuse)
    binding.trouble.connect(said.append)
    one.edit.show_binding(binding)
    paste(one, MANY_LINES)
    assert binding.text == binding.sheet.text() == "full"
    assert len(said) == 1


def test_the_scroll_bar_moves_no_text_and_the_column_keeps_its_width(desk: MakeDesk) -> None:
    one = desk("word¦", width=830)  # what a window of 1360 leaves
    wide = one.edit.document().textWidth()
    assert wide - one.binding.sheet.gutter - one.binding.sheet.right == 720
    paste(one, "\nline" * 100)
    QApplication.processEvents()
    assert one.edit.verticalScrollBar().maximum() > 0
    assert one.edit.document().textWidth() == wide


def test_there_is_room_below_the_line_that_is_written(desk: MakeDesk) -> None:
    one = desk("¦")
    for _ in range(60):
        one.type("a\n")
        assert one.edit.cursorRect().bottom() <= one.edit.viewport().height() - 50
    bar = one.edit.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert one.edit.cursorRect().bottom() < one.edit.viewport().height() * 0.65
