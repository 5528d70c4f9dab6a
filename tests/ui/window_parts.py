"""What the stories of the window share: pressing keys, answering questions, writing a note."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from notesapp.ui.dialogs.ask import TextSheet
from notesapp.ui.shell import Shell
from tests.ui.driving import settle, type_in, until

S = TypeVar("S", bound=QWidget)


def titles(shell: Shell) -> list[str]:
    return [row.note.title for row in shell.window.list.rows.rows]


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, modifiers)


def sheet(shell: Shell, kind: type[S]) -> S:
    return next(one for one in shell.window.findChildren(kind) if one.isVisible())


async def answer(shell: Shell, text: str) -> None:
    """Types into the small question that is open, and presses Return."""
    await until(lambda: any(one.isVisible() for one in shell.window.findChildren(TextSheet)), "no question came")
    asked = next(one for one in shell.window.findChildren(TextSheet) if one.isVisible())
    asked.line.clear()
    type_in(asked.line, text)
    press(asked.line, Qt.Key.Key_Return)
    await settle()


async def write(shell: Shell, text: str) -> bytes:
    """A new note with this text, typed."""
    before = shell.desk.note_id
    shell.commands.run("note.new")
    blank = shell.writing.text == ""
    await until(lambda: blank or shell.desk.note_id != before, "no new note")
    await until(lambda: not shell.editor.isReadOnly(), "the note can't be written in")
    type_in(shell.editor, text)
    note_id = shell.desk.note_id
    assert note_id is not None
    await shell.node.saved(note_id)
    wanted = text.split("\n")[0].lstrip("# ").split(" #")[0]
    await until(lambda: shell.node.note(note_id).title.startswith(wanted), "the list does not know it")
    await until(lambda: not shell.desk._refresh.isActive(), "the list is not shown anew")
    return note_id
