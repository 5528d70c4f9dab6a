"""Folders in the real window: made, shown though empty, renamed, removed, there again after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.places import AllNotes, InNotebook
from notesapp.ui.shell import Shell
from tests.ui.driving import settle, story, until
from tests.ui.window_parts import answer

pytestmark = pytest.mark.gui


def rows(shell: Shell) -> list[str]:
    return [index.data() for index in shell.window.sidebar.model.walk()]


def action(shell: Shell, place: InNotebook, name: str) -> None:
    """Chooses one row of the sidebar's menu."""
    menu = shell.menus.for_place(place)
    next(one for one in menu.actions() if one.text() == name).trigger()
    menu.deleteLater()


def test_an_empty_folder_is_shown_chosen_and_there_after_a_restart(qapp: QApplication, tmp_path: Path) -> None:
    async def first(shell: Shell) -> None:
        book = InNotebook(shell.node.default_notebook)
        action(shell, book, "New folder…")
        await answer(shell, "Beds")
        beds = InNotebook(book.notebook_id, "Beds")
        await until(lambda: shell.desk.place == beds, "it is not chosen")
        await until(lambda: "Beds" in rows(shell), "it is not shown")
        assert shell.window.sidebar.tree.currentIndex().data() == "Beds"
        action(shell, beds, "New folder…")
        await answer(shell, "North")
        await until(lambda: "North" in rows(shell), "a folder in a folder is not shown")
        action(shell, InNotebook(book.notebook_id, "Beds/North"), "Rename…")
        await answer(shell, "South")
        await until(lambda: "South" in rows(shell) and "North" not in rows(shell), "not renamed")
        assert shell.desk.place == InNotebook(book.notebook_id, "Beds/South")

    async def second(shell: Shell) -> None:
        assert {"Beds", "South"} <= set(rows(shell))
        assert shell.window.sidebar.tree.currentIndex().data() == "South"
        beds = InNotebook(shell.node.default_notebook, "Beds")
        action(shell, beds, "Remove the folder, keep its notes")
        await until(lambda: "Beds" not in rows(shell), "not removed")

    async def third(shell: Shell) -> None:
        await settle()
        assert "Beds" not in rows(shell)

    home = tmp_path / "home"
    story(qapp, home, first)
    story(qapp, home, second)
    story(qapp, home, third)


def test_a_notebook_is_removed_after_a_question_and_brought_back_with_undo(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell) -> None:
        only = InNotebook(shell.node.default_notebook)
        assert not shell.acts.notebooks.can_remove(only), "something must be left to write in"
        garden = InNotebook(await shell.node.create_notebook("Garden"))
        beans = await shell.node.create_note(garden.notebook_id, "# Beans")
        shell.desk.go(garden)
        await until(lambda: "Garden" in rows(shell), "it is not shown")
        action(shell, garden, "Remove the notebook…")
        await until(lambda: shell.window.findChildren(Sheet), "no question came")
        asked = shell.window.findChildren(Sheet)[0]
        said = [label.text() for label in asked.findChildren(QLabel)]
        assert said[0] == "Remove “Garden”?"
        assert "to the trash. Restore" in said[1]
        next(one for one in asked.findChildren(QPushButton) if one.text() == "Remove the notebook").click()
        await until(lambda: "Garden" not in rows(shell), "it is still shown")
        await until(lambda: shell.desk.place == AllNotes(), "it still shows what is gone")
        assert shell.node.note(beans).trashed_ms is not None
        await until(lambda: shell.window.toast.sentence == "“Garden” is removed.", "it isn't said")
        shell.window.toast.act()
        await until(lambda: "Garden" in rows(shell), "it is not back")
        assert shell.node.note(beans).trashed_ms is None

    story(qapp, tmp_path / "home", tell)
