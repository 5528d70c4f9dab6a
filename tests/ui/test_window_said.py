"""What is said where the person looks: names, empty places, cards over the settings, missing fonts, a full disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QKeySequenceEdit, QLabel, QPushButton

from notesapp.errors import DiskFull
from notesapp.ui.dialogs.pages.shortcuts import types_text
from notesapp.ui.dialogs.report import Report
from notesapp.ui.parts import Empty, button
from notesapp.ui.shell import Shell
from notesapp.ui.style import fonts
from notesapp.ui.style.theme import Theme
from tests.store.test_disk_full import fill, small_disk
from tests.ui.driving import click, settle, story, type_in, until
from tests.ui.window_parts import press, write

__all__ = ["small_disk"]  # a fixture

pytestmark = pytest.mark.gui


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.mark.parametrize("width", [180, 240, 304, 420, 700, 2400])
def test_an_empty_place_cuts_no_word_at_any_width(theme: Theme, qapp: QApplication, width: int) -> None:
    empty = Empty(theme)
    empty.say(
        "star", "Nothing is here at all, yet", "A sentence that is long enough to be broken. " * 2, button("Do it")
    )
    empty.resize(width, 420)
    empty.show()
    qapp.processEvents()
    for label in empty.findChildren(QLabel):
        if label.text():
            assert label.width() <= width
            assert label.height() >= label.heightForWidth(label.width()), label.text()
    assert empty.width() == width, "it does not get as narrow as it should"
    empty.close()


def test_a_name_given_elsewhere_stands_above_the_sidebar(qapp: QApplication, home: Path) -> None:
    async def first(shell: Shell) -> None:
        shown = shell.window.sidebar._name
        assert shown.text() == "My notes"
        await shell.node.people.set_me("Ana")  # what `notesapp me` does
        await until(lambda: shown.text() == "Ana’s notes", "the name does not come")
        await shell.node.people.set_me("A very long name that has no room in any sidebar")
        await until(lambda: shown.text().endswith("…"), "a long name is not cut")
        assert shell.window.sidebar.width() <= 320
        await shell.node.people.set_me("Ana")

    async def second(shell: Shell) -> None:
        assert shell.window.sidebar._name.text() == "Ana’s notes"

    story(qapp, home, first)
    story(qapp, home, second)


def test_over_the_settings_sentences_and_reports_are_shown_there(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        shell.show_settings("safety")
        window = shell.settings_window
        assert window is not None
        window.activateWindow()
        await until(window.isActiveWindow, "the settings are not active")
        shell.desk.say("The two were not the same.")
        assert "The two were not the same." in [label.text() for label in window.findChildren(QLabel)]
        click(next(one for one in window.findChildren(QPushButton) if one.text() == "Check now"))
        await until(lambda: window.findChildren(Report), "the report is behind the settings")
        window.findChildren(Report)[0].finish(None)
        remove = next(one for one in window.findChildren(QPushButton) if one.text() == "Remove…")
        assert not remove.isEnabled(), "there is no passphrase to be removed"

    story(qapp, home, tell)


def test_a_key_that_writes_becomes_no_shortcut(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        shell.show_settings("shortcuts")
        window = shell.settings_window
        assert window is not None
        keys = window.findChild(QKeySequenceEdit)
        assert keys is not None
        await settle()

        before = shell.commands.keys("note.new")
        press(keys, Qt.Key.Key_J)
        await settle()
        assert shell.commands.keys("note.new") == before
        assert "That key writes; take it together with Ctrl or Alt." in [x.text() for x in window.findChildren(QLabel)]
        press(keys, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
        await settle()
        assert shell.commands.keys("note.new") == ("Ctrl+J",)

    story(qapp, home, tell)
    assert [types_text(keys) for keys in ("A", "Shift+A", "Return", "Left", "F5", "Shift+F5", "Alt+A")] == [
        True, True, True, True, False, False, False,
    ]  # fmt: skip


def test_a_missing_font_is_said_and_the_window_opens(
    qapp: QApplication, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Loaded fonts stay: what was asked for is another one, which no computer has.
    monkeypatch.setitem(fonts._FALLBACK, "No Such Family", QFont.StyleHint.SansSerif)
    monkeypatch.setattr(fonts, "UI_FAMILY", "No Such Family")

    async def tell(shell: Shell) -> None:
        await until(lambda: "fonts are missing" in shell.window.toast.sentence, "nothing is said")
        type_in(shell.editor, "It can be written in")
        assert shell.writing.text == "It can be written in"

    story(qapp, home, tell)


def test_a_new_note_can_be_written_in_while_the_disk_is_full(qapp: QApplication, small_disk: Path) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "# Old\n\nwords")
        film = small_disk / "film"
        fill(film)
        for _ in range(60):
            if shell.node.refused is not None:
                break
            type_in(shell.editor, "more ")
            shell.writing.rewrite(shell.writing.text + "words and words " * 4_000)
            await settle(200)
            fill(film)
        await until(lambda: isinstance(shell.node.refused, DiskFull), "the disk is never full")
        old = shell.desk.note_id
        shell.commands.run("note.new")
        await until(lambda: shell.desk.note_id != old, "no new note while the disk is full")
        await until(lambda: shell.writing.is_loaded and not shell.editor.isReadOnly(), "it can't be written in")
        type_in(shell.editor, "kept in memory")
        assert "is full" in shell.window.note.banner.sentence
        shell.desk.start(shell.node.pin(old or b""), "pin")
        await until(lambda: "is not on the disk yet" in shell.window.toast.sentence, "an act waits without a word")
        film.unlink()
        await until(lambda: not shell.window.note.banner.sentence, "it is not saved when there is room")
        await shell.node.saved()

    async def again(shell: Shell) -> None:
        await until(lambda: shell.writing.is_loaded, "the note is not there")
        assert shell.writing.text == "kept in memory"

    story(qapp, small_disk / "home", tell)
    story(qapp, small_disk / "home", again)
