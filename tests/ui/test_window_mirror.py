"""A notebook kept as plain files: begun in its menu after a clear word, seen in the settings, ended."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QPushButton

from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.places import InNotebook
from notesapp.ui.shell import Shell
from tests.ui.driving import story, until

pytestmark = pytest.mark.gui


def menu_texts(shell: Shell, place: InNotebook) -> list[str]:
    menu = shell.menus.for_place(place)
    texts = [one.text() for one in menu.actions()]
    menu.deleteLater()
    return texts


def choose(shell: Shell, place: InNotebook, name: str) -> None:
    menu = shell.menus.for_place(place)
    next(one for one in menu.actions() if one.text() == name).trigger()
    menu.deleteLater()


def settings_say(shell: Shell) -> list[str]:
    shell.show_settings("safety")
    assert shell.settings_window is not None
    return [label.text() for label in shell.settings_window.findChildren(QLabel) if label.isVisible()]


def test_a_notebook_is_kept_as_files_until_it_is_not(qapp: QApplication, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()

    async def tell(shell: Shell) -> None:
        place = InNotebook(shell.node.default_notebook)
        await shell.node.create_note(place.notebook_id, "# Beans\n\nin rows", file_name="Beans")
        assert str(folder) not in settings_say(shell)
        choose(shell, place, "Keep as files, too…")
        await until(lambda: any(s.isVisible() for s in shell.window.findChildren(Sheet)), "no word about it")
        asked = next(s for s in shell.window.findChildren(Sheet) if s.isVisible())
        assert any("not encrypted" in label.text() for label in asked.findChildren(QLabel))
        next(b for b in asked.findChildren(QPushButton) if b.text() == "Choose a folder…").click()
        await until(lambda: shell.window.findChildren(QFileDialog), "no dialog came")
        dialog = shell.window.findChildren(QFileDialog)[0]
        dialog.findChildren(QLineEdit)[0].setText(str(folder))
        dialog.accept()
        await until(lambda: (folder / "Beans.md").exists(), "no file was written")
        await until(lambda: "as files" in shell.window.toast.sentence, "nobody said so")
        assert (folder / "Beans.md").read_text() == "# Beans\n\nin rows"
        assert str(folder) in settings_say(shell)
        texts = menu_texts(shell, place)
        assert "Open the folder of its files" in texts
        assert "Keep as files, too…" not in texts
        choose(shell, place, "Keep no files any more")
        await until(lambda: not shell.node.mirrors(), "it is still kept")
        await until(lambda: str(folder) not in settings_say(shell), "the settings say it is kept")
        assert (folder / "Beans.md").exists(), "what was written stays"

    story(qapp, tmp_path / "home", tell)
