"""The real window's shape: narrow panes, keys, settings, trouble, names for screen readers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from notesapp.errors import DiskFull
from notesapp.ui.dialogs import files
from notesapp.ui.shell import Shell
from notesapp.ui.style.theme import Theme
from notesapp.ui.window import Pane, Width
from tests.ui.driving import click, settle, story, type_in, until
from tests.ui.window_parts import press, write

pytestmark = pytest.mark.gui


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_narrow_windows_show_one_pane_with_a_way_back(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "One")
        window = shell.window
        window.resize(1000, 700)
        await settle()
        assert window.width_class is Width.MEDIUM
        assert not window.sidebar.isVisible()
        shell.commands.run("view.sidebar")
        assert window.sidebar.isVisible()
        window.resize(600, 700)
        await settle()
        visible = [w for w in (window.sidebar, window.list, window.note) if w.isVisible()]
        assert visible == [window.note]
        click(window.note._back)
        assert window.list.isVisible()
        assert not window.note.isVisible()
        press(window.list.view, Qt.Key.Key_Return)
        assert window.note.isVisible()
        window.resize(1400, 900)
        await settle()
        assert all(w.isVisible() for w in (window.sidebar, window.list, window.note))

    story(qapp, home, tell)


def test_f6_goes_round_the_panes(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "One")
        shell.editor.setFocus()
        went = []
        for _ in range(3):
            shell.commands.run("go.pane")
            went.append(QApplication.focusWidget())
        assert went == [shell.window.sidebar.tree, shell.window.list.view, shell.editor]
        shell.commands.run("go.pane.back")
        assert QApplication.focusWidget() is shell.window.list.view

    story(qapp, home, tell)


def test_settings_take_effect_at_once_and_last(qapp: QApplication, home: Path) -> None:
    async def first(shell: Shell) -> None:
        for page in ("general", "editor", "appearance", "sync", "devices", "shortcuts", "safety", "about"):
            shell.show_settings(page)
            await settle(40)
        window = shell.settings_window
        assert window is not None
        name = next(line for line in window.findChildren(QLineEdit) if line.accessibleName() == "Your name")
        name.setText("Ana")
        name.editingFinished.emit()
        assert shell.window.sidebar._name.text() == "Ana’s notes"
        shell.commands.run("view.dark")
        assert shell.theme.tokens.dark
        shell.commands.run("view.larger")
        shell.commands.remap("note.new", "Ctrl+Alt+J")
        shell._changed("shortcuts")

    async def second(shell: Shell) -> None:
        assert shell.settings.now.name == "Ana"
        assert shell.settings.now.appearance == "dark"
        assert shell.settings.now.body_px == 17
        assert shell.commands.keys("note.new") == ("Ctrl+Alt+J",)

    story(qapp, home, first)
    story(qapp, home, second)


def test_the_recovery_kit_is_shown_and_can_be_copied(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        shell.show_settings("safety")
        await settle()
        window = shell.settings_window
        assert window is not None
        click(next(b for b in window.findChildren(QPushButton) if b.text() == "Show the words"))
        await until(lambda: any(b.text() == "Copy" for b in window.findChildren(QPushButton)), "no kit")
        click(next(b for b in window.findChildren(QPushButton) if b.text() == "Copy"))
        assert len(QGuiApplication.clipboard().text().split()) == 24
        click(next(b for b in window.findChildren(QPushButton) if b.text() == "Done"))
        await settle()

    story(qapp, home, tell)


def test_trouble_is_red_with_a_cause_and_a_button_and_goes_again(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        shell.node._core.trouble("disk", "The disk is full.")
        await settle()
        assert shell.window.sidebar._status.text() == "Needs help"
        assert shell.window.note.banner.sentence == "The disk is full."
        assert "disk" not in shell.window.sidebar._detail.text()
        shell.node._core.over("disk")
        await settle()
        assert shell.window.sidebar._status.text() == "Just you"
        assert shell.window.note.banner.sentence == ""

    story(qapp, home, tell)


def test_a_disk_that_was_full_leaves_no_word_behind_when_it_takes_again(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        note_id = await write(shell, "Before")
        full = DiskFull(path="/some/where")
        type_in(shell.editor, " and after")
        shell.node._disk(full)
        shell.node._failed("backup", full)
        await until(lambda: shell.window.note.banner.sentence == full.sentence, "the banner says nothing")
        assert shell.window.sidebar._status.text() == "Needs help"
        for short in (shell.window.sidebar._detail, shell.window.note.foot._status):
            assert "/some/where" not in short.text()
        shell.node._disk(None)
        await shell.node.saved(note_id)
        await until(lambda: shell.window.note.banner.sentence == "", "the banner stays")
        assert shell.window.sidebar._status.text() == "Just you"
        assert shell.window.note.foot._status.text() == "Saved on this computer"

    story(qapp, home, tell)


def test_a_bug_in_an_act_is_told_and_the_window_goes_on(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        broke: list[Exception] = []
        shell.desk.broke.disconnect()
        shell.desk.broke.connect(broke.append)

        async def bug() -> None:
            raise ZeroDivisionError

        shell.desk.start(bug(), "a bug")
        await settle()
        assert [type(error) for error in broke] == [ZeroDivisionError]
        await write(shell, "still here")

    story(qapp, home, tell)


def test_every_command_has_a_name_and_no_two_share_a_key(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        keys: dict[str, str] = {}
        for command in shell.commands:
            assert command.title
            for key in command.keys:
                assert key not in keys, (key, command.name, keys[key])
                keys[key] = command.name
        wanted = {
            "Ctrl+N",
            "Ctrl+Shift+N",
            "Ctrl+K",
            "Ctrl+O",
            "Ctrl+Shift+P",
            "Ctrl+F",
            "Ctrl+H",
            "F3",
            "Ctrl+Shift+F",
        }
        wanted |= {
            "Ctrl+B",
            "Ctrl+I",
            "Ctrl+E",
            "Ctrl+L",
            "Ctrl+Shift+L",
            "Ctrl+Shift+O",
            "Ctrl+Shift+T",
            "Ctrl+1",
            "Ctrl+4",
        }
        wanted |= {"Ctrl+0", "Ctrl+Return", "Alt+Up", "Alt+Down", "Ctrl+Shift+Y", "Alt+Left", "Alt+Right", "F6", "F11"}
        wanted |= {"Ctrl+\\", "Ctrl+,", "F1"}
        assert wanted <= set(keys)

    story(qapp, home, tell)


def test_every_control_has_a_name_for_a_screen_reader(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        shell.window.panel.show_page("outline")
        for page in ("general", "editor", "appearance", "sync", "devices", "shortcuts", "safety", "about"):
            shell.show_settings(page)
        await settle()
        nameless = []
        for top in (shell.window, shell.settings_window):
            assert top is not None
            for widget in top.findChildren(QWidget):
                focusable = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(top)
                text = getattr(widget, "text", lambda: "")
                if focusable and not widget.accessibleName() and not (callable(text) and text()):
                    nameless.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
        assert nameless == []

    story(qapp, home, tell)


def test_a_narrow_pane_is_remembered_as_the_place_to_write(qapp: QApplication, home: Path, theme: Theme) -> None:
    async def tell(shell: Shell) -> None:
        shell.window.show_alone(Pane.LIST)
        shell.window.resize(600, 600)
        await settle()
        shell.editor.setFocus()
        assert files.open_files is not None
        await write(shell, "typed in a narrow window")
        assert shell.window.note.isVisible()

    story(qapp, home, tell, size=(600, 700))


def test_the_text_keeps_its_room_beside_an_open_panel(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell) -> None:
        window = shell.window
        window.panel.show_page("outline")
        for width, with_list in ((900, True), (860, False), (1360, True)):
            window.resize(width, 560)
            await settle(200)
            assert window.note.width() >= 420, width
            assert window.list.isVisible() is with_list, width

    story(qapp, tmp_path / "home", tell)
