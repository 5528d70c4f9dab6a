"""Every screen of the window, light and dark, left as pictures in out/pictures for people to look at."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from notesapp.ui.dialogs.ask import TextSheet
from notesapp.ui.dialogs.picker import Picker
from notesapp.ui.dialogs.report import Report
from notesapp.ui.languages import speak
from notesapp.ui.people.join_sheet import JoinSheet
from notesapp.ui.people.popover import Popover
from notesapp.ui.people.share_sheet import ShareSheet
from notesapp.ui.places import AllNotes, Favourites, InNotebook, Trash
from notesapp.ui.shell import Shell
from tests.ui.driving import settle, story, type_in

pytestmark = [pytest.mark.gui, pytest.mark.slow]
PICTURES = Path(__file__).resolve().parents[2] / "out" / "pictures"
PAGES = ("general", "editor", "appearance", "sync", "far", "devices", "shortcuts", "safety", "about")

MEMO = (Path(__file__).resolve().parents[1] / "ui" / "editor" / "demo.md").read_text("utf-8")
NOTES = (
    "# Recipe: dal\n\nRed lentils, turmeric, cumin, a tin of tomatoes, spinach at the end.",
    "# Sync protocol\n\nEach change carries the hashes of the changes that it depends on. #ui",
    "# Weekly 47\n\n- [x] Ship the importer\n- [ ] Write up the latency numbers for the memo\n\n#weekly",
    "# Reading list\n\nLocal-first software: you own your data, in spite of the cloud. See Sync protocol. #to-read",
    "# Interview guide v2\n\nOpen with the last time they shared a note. [[Sync protocol]] helps. #research",
    "# Garden plan, spring\n\nBeds 3 and 4 need compost before the end of March. #garden",
    MEMO,
)


class Album:
    """Keeps pictures of one look; each must show something."""

    def __init__(self, shell: Shell, look: str) -> None:
        self._shell, self._look, self.kept = shell, look, 0
        PICTURES.mkdir(parents=True, exist_ok=True)

    def keep(self, name: str, widget: QWidget | None = None) -> None:
        """One picture of the window, or of another widget."""
        picture = (widget or self._shell.window).grab()
        image = picture.toImage()
        grid = [(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 7)]
        assert len({image.pixel(x, y) for x, y in grid}) > 20, f"{name} is blank"
        assert picture.save(str(PICTURES / f"{name}-{self._look}.png"))
        self.kept += 1


async def fill(shell: Shell) -> None:
    """A person's notes, in three notebooks."""
    node = shell.node
    garden = node.default_notebook
    await node.rename_notebook(garden, "Garden")
    research = await node.create_notebook("Field research")
    weekly = await node.create_notebook("Weekly")
    for text in NOTES:
        await node.create_note(garden, text)
        await asyncio.sleep(0.002)
    await node.create_note(research, "# People to ask\n\nAna, Maya, Jonas #research", "Interviews")
    await node.create_note(weekly, "# Weekly 46\n\nLess, but better. #weekly")
    for view in node.notes():
        if not view.title:
            await node.trash(view.note_id)
    await settle(300)
    shell.desk.go(InNotebook(garden))
    await settle(300)


def opened(shell: Shell, title: str) -> bytes:
    """Opens the note that begins so."""
    note_id = next(view.note_id for view in shell.node.notes() if view.title.startswith(title))
    shell.desk.open(note_id)
    return note_id


async def pictures_of_notes(shell: Shell, album: Album) -> None:
    opened(shell, "Field notes")
    await settle(600)
    album.keep("window")
    shell.commands.run("view.outline")
    await settle(300)
    album.keep("outline")
    opened(shell, "Sync")
    shell.window.panel.show_page("links")
    await settle(500)
    album.keep("links")
    opened(shell, "Field notes")
    shell.window.panel.show_page("history")
    await settle(500)
    album.keep("versions")
    shell.window.panel.show_page("")


async def pictures_of_finding(shell: Shell, album: Album) -> None:
    for command, typed, name in (("go.switcher", "gar", "switcher"), ("go.palette", "note", "palette")):
        shell.commands.run(command)
        await settle(300)
        picker = shell.window.findChild(Picker)
        assert picker is not None
        type_in(picker.field, typed)
        await settle(250)
        album.keep(name)
        picker.finish(None)
        await settle()
    shell.commands.run("go.search")
    await settle()
    type_in(shell.window.list.search, "change")
    await settle(600)
    album.keep("search")
    for place, name in ((Favourites(), "favourites-empty"), (Trash(), "trash")):
        shell.desk.go(place)
        await settle(300)
        album.keep(name)
    shell.desk.go(AllNotes())
    opened(shell, "Field notes")
    await settle(300)


async def pictures_of_cards(shell: Shell, album: Album) -> None:
    shell.commands.run("notebook.new")
    await settle(200)
    album.keep("ask")
    asked = shell.window.findChild(TextSheet)
    assert asked is not None
    asked.finish(None)
    await settle()
    for page in PAGES:
        shell.show_settings(page)
        await settle(250)
        assert shell.settings_window is not None
        album.keep(f"settings-{page}", shell.settings_window)
    assert shell.settings_window is not None
    shell.settings_window.hide()
    shell.commands.run("help.doctor")
    for _ in range(40):
        await settle(200)
        if (report := shell.window.findChild(Report)) is not None:
            await settle(200)
            album.keep("doctor")
            report.finish(None)
            break
    menu = shell.menus.for_notes()
    menu.popup(QPoint(0, 0))
    await settle(200)
    album.keep("menu", menu)
    menu.close()


async def pictures_of_people(shell: Shell, album: Album) -> None:
    for command in ("share", "join", "popover"):
        shell.commands.run(f"people.{command}")
        await settle(300)
        cards: list[ShareSheet | JoinSheet | Popover] = [
            *shell.window.findChildren(ShareSheet),
            *shell.window.findChildren(JoinSheet),
            *shell.window.findChildren(Popover),
        ]
        card = next(one for one in cards if one.isVisible())
        if isinstance(card, ShareSheet):
            card._make_link()
            await settle(500)
        album.keep(command)
        card.finish(None)
        await settle(100)


async def pictures_of_sizes(shell: Shell, album: Album) -> None:
    window = shell.window
    window.resize(900, 560)
    await settle(400)
    album.keep("medium")
    window.resize(600, 700)
    await settle(400)
    album.keep("narrow-note")
    for command in ("view.list", "view.sidebar"):
        shell.commands.run(command)
        await settle(250)
        album.keep(f"narrow-{command.removeprefix('view.')}")
    window.resize(1360, 860)
    await settle(300)
    shell.commands.run("view.focus")
    await settle(300)
    album.keep("focus")
    shell.commands.run("view.focus")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_screen_can_be_looked_at(qapp: QApplication, tmp_path: Path, look: str) -> None:
    async def tell(shell: Shell) -> int:
        album = Album(shell, look)
        await settle(300)
        album.keep("first-start")
        await fill(shell)
        for take in (pictures_of_notes, pictures_of_finding, pictures_of_cards, pictures_of_people, pictures_of_sizes):
            await take(shell, album)
        return album.kept

    assert story(qapp, tmp_path / "home", tell, dark=look == "dark") == 30


@pytest.mark.parametrize(
    ("look", "facts"),
    [
        ("contrast-light", {"contrast": True}),
        ("contrast-dark", {"contrast": True, "dark": True}),
        ("german", {}),
        ("4k", {"size": (3840, 2160)}),
        ("small", {"size": (900, 560), "dark": True}),
    ],
)
def test_other_looks_can_be_looked_at(qapp: QApplication, tmp_path: Path, look: str, facts: dict[str, Any]) -> None:
    async def tell(shell: Shell) -> int:
        album = Album(shell, look)
        await settle(300)
        album.keep("first-start")
        await fill(shell)
        await pictures_of_notes(shell, album)
        for page in PAGES:
            shell.show_settings(page)
            await settle(250)
            assert shell.settings_window is not None
            album.keep(f"settings-{page}", shell.settings_window)
        return album.kept

    speak(qapp, "de" if look == "german" else "en")
    try:
        assert story(qapp, tmp_path / "home", tell, **facts) == 5 + len(PAGES)
    finally:
        speak(qapp, "en")


_DOUBLE = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from tests.stories.test_every_screen import Album, fill, pictures_of_notes
from tests.ui.driving import story

async def tell(shell):
    await fill(shell)
    await pictures_of_notes(shell, Album(shell, "200"))

story(QApplication([]), Path(sys.argv[1]), tell)
"""


def test_everything_is_twice_as_large_at_200_percent(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": "2", "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", _DOUBLE, str(tmp_path / "home")],
        env=environment,
        cwd=PICTURES.parents[1],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert QImage(str(PICTURES / "window-200.png")).width() == 2 * 1360
