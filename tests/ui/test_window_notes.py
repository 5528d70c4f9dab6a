"""Notes in the real window over a real node: written, kept, moved, trashed, brought back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from notesapp.node.views import NoteFilter
from notesapp.ui.dialogs.ask import TextSheet
from notesapp.ui.dialogs.report import Report
from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.places import AllNotes, Favourites, InNotebook, Tagged, Trash
from notesapp.ui.shell import Shell
from tests.ui.driving import click, settle, story, type_in, until
from tests.ui.window_parts import answer, press, sheet, titles, write

pytestmark = pytest.mark.gui


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_the_first_start_is_a_caret_in_a_new_note(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        await until(lambda: not shell.editor.isReadOnly(), "the note can't be written in")
        assert len(shell.node.notes()) == 1
        assert shell.writing.text == ""
        assert shell.window.note.foot._status.text() == "Saved on this computer"
        assert shell.window.focusWidget() is shell.editor
        assert not shell.window.findChildren(Report)

    story(qapp, home, tell)


def test_what_was_written_is_there_after_closing_with_caret_and_place(qapp: QApplication, home: Path) -> None:
    async def first(shell: Shell) -> bytes:
        note_id = await write(shell, "# Broad beans\n\nSow in March. #garden")
        shell.desk.go(Tagged("garden"))
        cursor = shell.editor.textCursor()
        cursor.setPosition(5)
        shell.editor.setTextCursor(cursor)
        return note_id

    async def second(shell: Shell) -> None:
        assert shell.desk.place == Tagged("garden")
        assert shell.desk.note_id == written
        await until(lambda: shell.writing.text, "no text")
        assert shell.writing.text == "# Broad beans\n\nSow in March. #garden"
        assert shell.editor.textCursor().position() == 5
        assert titles(shell) == ["Broad beans"]

    written = story(qapp, home, first)
    story(qapp, home, second)


def test_new_notes_go_where_the_person_is_and_a_blank_one_is_not_doubled(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        shell.commands.run("notebook.new")
        await answer(shell, "Garden")
        place = shell.desk.place
        assert isinstance(place, InNotebook)
        note_id = await write(shell, "Beans")
        assert shell.node.note(note_id).notebook_id == place.notebook_id
        shell.commands.run("note.new")
        await settle()
        shell.commands.run("note.new")
        await settle()
        assert len(shell.node.notes(NoteFilter(notebook_id=place.notebook_id))) == 2
        shell.window.menuBar()  # the window answers
        assert shell.window.sidebar.tree.currentIndex().data() == "Garden"

    story(qapp, home, tell)


def test_trash_undo_restore_and_delete_for_ever(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "One")
        two = await write(shell, "Two")
        shell.commands.run("note.trash")
        await until(lambda: shell.node.note(two).trashed_ms is not None, "not in the trash")
        await until(lambda: "trash" in shell.window.toast.sentence, "nothing was said")
        assert shell.desk.note_id != two
        shell.window.toast.act()
        await until(lambda: shell.node.note(two).trashed_ms is None, "undo did nothing")
        await until(lambda: shell.desk.note_id == two, "it is not open again")
        shell.commands.run("note.trash")
        await until(lambda: shell.desk.note_id != two, "not in the trash")
        shell.desk.go(Trash())
        await until(lambda: titles(shell) == ["Two"], "the trash does not show it")
        await until(lambda: shell.writing.text == "Two", "the text is not shown")
        assert shell.editor.isReadOnly()
        assert shell.window.note.banner.sentence == "This note is in the trash."
        shell.commands.run("note.delete")
        await until(lambda: any(one.isVisible() for one in shell.window.findChildren(Sheet)), "it did not ask")
        yes = next(b for b in sheet(shell, Sheet).findChildren(QPushButton) if b.property("kind") == "danger")
        click(yes)
        await until(lambda: titles(shell) == [], "it is still there")
        await until(lambda: shell.window.list.empty.isVisible(), "the empty trash says nothing")

    story(qapp, home, tell)


def test_favourite_pin_duplicate_rename_and_move(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        one = await write(shell, "# One")
        linking = await write(shell, "# Two\n\n[[One]]")
        shell.desk.open(one)
        shell.commands.run("note.favourite")
        await settle()
        shell.desk.go(Favourites())
        assert titles(shell) == ["One"]
        shell.desk.go(AllNotes())
        shell.desk.open(one)
        shell.commands.run("note.pin")
        await until(lambda: titles(shell)[0] == "One", "not pinned")
        shell.commands.run("note.rename")
        await answer(shell, "Uno")
        await until(lambda: shell.node.note(one).title == "Uno", "not renamed")
        assert await shell.node.stored_text(linking) == "# Two\n\n[[Uno]]"
        await until(lambda: shell.writing.text == "# Uno", "the editor did not hear of it")
        shell.commands.run("note.duplicate")
        await until(lambda: shell.desk.note_id not in (one, linking), "no copy")
        assert len(shell.node.notes()) == 3
        shell.desk.open(one)
        other = await shell.node.create_notebook("Other")
        await settle()
        shell.acts.notes.drop([one], InNotebook(other, "deep/er"))
        await until(lambda: any(v.notebook_id == other for v in shell.node.notes()), "not moved")
        moved = next(v for v in shell.node.notes() if v.notebook_id == other)
        assert (moved.title, moved.folder) == ("Uno", "deep/er")
        await until(lambda: shell.desk.note_id == moved.note_id, "the table did not follow")
        assert shell.desk.is_favourite(moved.note_id)
        assert not shell.desk.is_favourite(one)

    story(qapp, home, tell)


def test_several_notes_are_chosen_and_trashed_at_once(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        for text in ("One", "Two", "Three"):
            await write(shell, text)
        view = shell.window.list.view
        view.setFocus()
        view.selectAll()
        assert len(shell.window.list.selected_ids()) == 3
        press(view, Qt.Key.Key_Delete)
        await until(lambda: titles(shell) == [], "they are still there")
        await until(lambda: "3 notes" in shell.window.toast.sentence, "nothing was said")
        shell.window.toast.act()
        await until(lambda: len(titles(shell)) == 3, "undo did not bring all back")

    story(qapp, home, tell)


def test_control_shift_and_all_choose_notes_without_opening_them(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        made = [await write(shell, f"Note {number}") for number in range(5)]
        pane, view = shell.window.list, shell.window.list.view

        def pick(row: int, held: Qt.KeyboardModifier) -> None:
            at = view.visualRect(pane.rows.index(row)).center()
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, held, at)

        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        shown = [row.note.note_id for row in pane.rows.rows]
        pick(0, Qt.KeyboardModifier.NoModifier)
        pick(2, control)
        pick(3, control)
        assert pane.selected_ids() == [shown[0], shown[2], shown[3]]
        pick(0, control)
        shell.desk.refresh()
        await settle(200)
        assert pane.selected_ids() == [shown[2], shown[3]], "the open note came back into the choice"
        assert {view.note_id for view in shell.acts.notes.chosen()} == {shown[2], shown[3]}
        assert shell.desk.note_id == shown[0]
        pick(1, Qt.KeyboardModifier.NoModifier)
        assert (shell.desk.note_id, pane.selected_ids()) == (shown[1], [shown[1]])
        pick(4, shift)
        assert pane.selected_ids() == shown[1:]
        press(view, Qt.Key.Key_A, control)
        assert len(pane.selected_ids()) == len(made)
        assert shell.desk.note_id == shown[1]

    story(qapp, home, tell)


def names(shell: Shell, note_id: bytes) -> set[str]:
    """What the note is called everywhere in the window."""
    window = shell.window
    row = next(row for row in window.list.rows.rows if row.note.note_id == note_id)
    return {row.note.title, window.note.crumbs._title.text(), window.windowTitle().removesuffix(" – Notesapp")}


def test_a_note_is_called_by_what_is_typed_at_once(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        note_id = await write(shell, "First")
        type_in(shell.editor, " name\n\nBody")
        await settle(150)
        assert names(shell, note_id) == {"First name"}

    story(qapp, home, tell)


@pytest.mark.parametrize("text", ["# Old name\n\nBody", "Old name\n\nBody"])
def test_renaming_says_so_and_shows_the_new_name_everywhere_at_once(qapp: QApplication, home: Path, text: str) -> None:
    async def tell(shell: Shell) -> None:
        note_id = await write(shell, text)
        shell.commands.run("note.rename")
        await until(lambda: shell.window.findChildren(TextSheet), "no question")
        assert sheet(shell, TextSheet).line.text() == "Old name"
        await answer(shell, "New name")
        await until(lambda: shell.window.toast.sentence == "Renamed to “New name”", "nothing was said")
        await settle(150)
        assert names(shell, note_id) == {"New name"}
        await settle(400)
        assert names(shell, note_id) == {"New name"}
        other = await shell.node.create_note(None, "see [[New name]]")
        shell.desk.open(note_id)
        shell.commands.run("note.rename")
        await answer(shell, "Third")
        await until(lambda: "1 link" in shell.window.toast.sentence, "the link was not told")
        assert await shell.node.stored_text(other) == "see [[Third]]"

    story(qapp, home, tell)


def test_what_is_typed_while_a_note_is_still_being_read_goes_into_it(
    qapp: QApplication, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tell(shell: Shell) -> None:
        before = await write(shell, "# Before")
        later = await shell.node.create_note(text="# Later\n")
        go_on, read = asyncio.Event(), shell.node.stored_text

        async def slowly(note_id: bytes) -> str:
            await go_on.wait()
            return await read(note_id)

        monkeypatch.setattr(shell.node, "stored_text", slowly)
        shell.desk.open(later)
        type_in(shell.editor, "typed early")
        QTest.keyClick(shell.editor, Qt.Key.Key_Backspace)
        await settle()
        assert shell.writing.text == "# Before"
        go_on.set()
        await until(lambda: shell.writing.is_loaded, "the note did not come")
        await until(lambda: "typed earl" in shell.writing.text, "what was typed is gone")
        type_in(shell.editor, "ier")
        assert shell.writing.text == "typed earlier# Later\n"
        await shell.node.saved()
        assert await shell.node.stored_text(before) == "# Before"

    story(qapp, home, tell)
