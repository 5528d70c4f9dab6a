"""What the window keeps and shows by itself: place and caret before a kill, toasts beside the caret, fresh settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox

from notesapp.ui.places import InNotebook
from notesapp.ui.settings import SettingsFile
from notesapp.ui.shell import Shell
from tests.ui.driving import settle, story, until
from tests.ui.window_parts import write

pytestmark = pytest.mark.gui


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_place_note_and_caret_are_on_disk_within_seconds(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        note_id = await write(shell, "Beans and peas")
        shell.desk.go(InNotebook(shell.node.default_notebook))
        shell.editor.place_caret(5, 5)

        def kept() -> bool:
            now = SettingsFile(home / "window.json").now
            spot = now.spots.get(note_id.hex())
            return now.note == note_id.hex() and now.place != "all" and spot is not None and spot.caret == 5

        await until(kept, "a kill now would forget it", 4)

    story(qapp, home, tell)


def test_a_toast_stands_in_the_note_pane_and_never_on_the_line_being_written(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        window = shell.window

        await write(shell, "Short")
        window.toast.say("One sentence", "Undo", lambda: None)
        room = window._toast_room()
        assert room.contains(window.toast.geometry())
        assert window.toast.geometry().bottom() > room.bottom() - 40
        assert not window.toast.geometry().intersects(window._caret())
        await write(shell, "\n".join(f"line {number}" for number in range(60)))
        window.toast.say("A long sentence that goes on and on. " * 6, "Undo", lambda: None)
        await settle()
        assert window._caret().isValid()
        assert not window.toast.geometry().intersects(window._caret())
        assert window._toast_room().contains(window.toast.geometry())
        assert window.toast.height() > 60, "it does not wrap"
        window.resize(600, 700)
        await until(lambda: window.rect().contains(window.toast.geometry()), "it is cut by a window made narrow")
        shell.commands.run("view.list")
        await until(lambda: window._toast_room().contains(window.toast.geometry()), "it does not follow the pane")

    story(qapp, home, tell)


def test_moved_notes_go_back_with_undo(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        note_id = await write(shell, "Beans")
        book = shell.node.default_notebook
        shell.acts.notes.drop([note_id], InNotebook(book, "beds"))
        await until(lambda: shell.node.note(note_id).folder == "beds", "not moved")
        await until(lambda: "moved" in shell.window.toast.sentence, "nothing was said")
        shell.window.toast.act()
        await until(lambda: shell.node.note(note_id).folder == "", "not moved back")

    story(qapp, home, tell)


def test_the_settings_show_what_commands_changed(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        def colours() -> str:
            window = shell.settings_window
            assert window is not None
            boxes = window.findChildren(QComboBox)
            return next(
                str(box.currentData()) for box in boxes if box.isVisible() and box.accessibleName() == "Colours"
            )

        shell.show_settings("appearance")
        await settle()
        assert colours() == "system"
        shell.commands.run("view.dark")
        await settle()
        assert colours() == "dark"
        assert shell.settings_window is not None
        shell.settings_window.hide()
        shell.commands.run("view.dark")
        shell.show_settings("appearance")
        await settle()
        assert colours() == "light"
        assert shell.settings_window.windowTitle() == "Settings – Notesapp"

    story(qapp, home, tell)


def test_menus_say_what_they_would_do_and_a_tag_counts_what_is_below_it(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "Beans #garden/beds #garden/seeds")

        def said() -> set[str]:
            return {action.text() for action in shell.menus.for_notes().actions()}

        assert {"Pin to the top", "Add to favourites"} <= said()
        shell.commands.run("note.pin")
        shell.commands.run("note.favourite")
        await until(lambda: {"Unpin", "Remove from favourites"} <= said(), "the menu does not follow")
        assert shell.desk.census().tags == {"garden": 1, "garden/beds": 1, "garden/seeds": 1}

    story(qapp, home, tell)


def test_no_tray_is_said_and_the_list_of_keys_begins_in_its_filter(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        shell.show_settings("general")
        await settle()
        window = shell.settings_window
        assert window is not None
        box = next(one for one in window.findChildren(QCheckBox) if "clock" in one.accessibleName())
        assert not box.isEnabled()
        assert box.accessibleDescription() == "This desktop has no place for one."
        shell.commands.run("help.shortcuts")
        await settle()
        here = window.focusWidget()
        assert here is not None
        assert here.accessibleName() == "Find a command"

    story(qapp, home, tell)


def test_what_moves_while_a_window_is_taken_down_is_not_remembered_later(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "Beans")
        await shell.close()
        shell.desk.place_changed.emit(shell.desk.place)
        assert not shell._soon.isActive(), "it would write down a window that is gone"

    story(qapp, home, tell)
