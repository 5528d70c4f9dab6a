"""One day of one person, on a real screen with keys and mouse: written, tagged, linked, a picture, found, undone, put
into the trash and back, made dark, exported as PDF, closed and opened again; everything is there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from tests.screen import VirtualScreen, missing, virtual_screen, wait_for

pytestmark = [pytest.mark.gui_real, pytest.mark.timeout(400)]
PICTURES = Path(__file__).resolve().parents[2] / "out" / "pictures"
NEW_NOTE, TASK_BOX = (504, 27), (619, 227)  # where they are in a window of the first size, seen from its corner


@pytest.fixture
def screen() -> Iterator[VirtualScreen]:
    lacking = missing()
    if lacking is not None:
        assert not os.environ.get("CI"), lacking
        pytest.skip(lacking)
    with virtual_screen() as made:
        yield made


class Day:
    """The program for one home, and what another program would find in it."""

    def __init__(self, screen: VirtualScreen, home: Path) -> None:
        self.screen, self.home = screen, home
        self.program = screen.start(home)
        self.window = screen.wait_for_window()

    def asked(self, *words: str) -> str:
        """What the command line says, while the window is open."""
        command = [sys.executable, "-m", "notesapp", "--home", str(self.home), *words]
        environment = {**os.environ, "NOTESAPP_KEYRING": "off"}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def titles(self, *words: str) -> list[str]:
        return [row["title"] for row in json.loads(self.asked("ls", "--json", *words))]

    def text(self, title: str) -> str:
        found = [row["id"] for row in json.loads(self.asked("ls", "--json")) if row["title"] == title]
        return self.asked("cat", found[0]) if found else ""

    def has(self, title: str, *parts: str) -> None:
        """Waits until the saved text of a note has all of these."""
        wait_for(lambda: all(part in self.text(title) for part in parts), f"“{title}” never said {parts}", 40)

    def command(self, words: str) -> None:
        """Runs a command by the palette."""
        self.screen.keys("ctrl+shift+p")
        self.screen.write(words, delay_ms=20)
        self.screen.keys("Return")

    def path(self, title: str, path: Path) -> None:
        """Answers a file dialog."""
        self.screen.wait_for_window(title)
        self.screen.keys("ctrl+a")
        self.screen.write(str(path))
        self.screen.keys("Return")
        wait_for(lambda: not self.screen.windows(title), f"“{title}” stays open")
        self.screen.wait_for_window("Notesapp")

    def lightness(self) -> int:
        """How light the note's ground is, 0–255."""
        path = self.home.parent / "screen.png"
        self.screen.picture(path)
        return QColor(QImage(str(path)).pixel(*self.screen.point(self.window, 1100, 700))).lightness()


def picture_file(path: Path) -> Path:
    image = QImage(600, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("#c9b3d0"))
    assert image.save(str(path))
    return path


def test_a_day(screen: VirtualScreen, tmp_path: Path) -> None:
    day = Day(screen, tmp_path / "home")

    screen.write("# Reading list\n\nLocal-first software. #to-read")  # the very first thing: no wizard, a caret
    day.has("Reading list", "#to-read")
    screen.click(day.window, *NEW_NOTE)
    screen.wait_for_window("Untitled")
    screen.write("# Garden plan\n\nSee [[Rea")
    screen.keys("Return")  # takes what is suggested
    screen.write(" #garden\n\n- [ ] sow beans")
    day.has("Garden plan", "See [[Reading list]] #garden", "- [ ] sow beans")
    screen.click(day.window, *TASK_BOX)
    day.has("Garden plan", "- [x] sow beans")

    screen.keys("ctrl+End", "Return", "Return", "Return")
    day.command("attach files")
    day.path("Attach which files", picture_file(tmp_path / "ridge.png"))
    day.has("Garden plan", "![](", "ridge.png)")
    screen.picture(PICTURES / "day-1-written.png")

    screen.keys("ctrl+Home", "ctrl+f")
    screen.write("beans")
    screen.keys("Escape")  # the match stays selected: what is typed takes its place
    screen.write("peas")
    day.has("Garden plan", "sow peas")
    screen.keys("ctrl+z", "ctrl+z")
    day.has("Garden plan", "sow beans")

    screen.keys("ctrl+shift+BackSpace")
    wait_for(lambda: day.titles() == ["Reading list"], "it is not in the trash")
    assert day.titles("--trash") == ["Garden plan"]
    screen.keys("ctrl+k")
    screen.write("trash", delay_ms=20)
    screen.picture(PICTURES / "day-2-switcher.png")
    screen.keys("Escape")
    screen.click(day.window, 60, 329)  # the trash, below one tag
    screen.wait_for_window("Garden plan")
    screen.picture(PICTURES / "day-3-trash.png")
    day.command("restore from")
    wait_for(lambda: set(day.titles()) == {"Reading list", "Garden plan"}, "it is not back")

    before = day.lightness()
    day.command("light or dark")
    wait_for(lambda: day.lightness() < 60 < 200 < before, "it is not dark")
    screen.keys("ctrl+k")
    screen.write("garden", delay_ms=20)
    screen.keys("Return")
    screen.wait_for_window("Garden plan")
    screen.picture(PICTURES / "day-4-dark.png")
    day.command("as pdf")
    pdf = tmp_path / "garden.pdf"
    day.path("Export", pdf)
    wait_for(lambda: pdf.exists() and pdf.read_bytes().endswith(b"%%EOF\n"), "no PDF was written")
    assert pdf.read_bytes().startswith(b"%PDF-1.")

    text = day.text("Garden plan")
    screen.keys("ctrl+q")
    wait_for(lambda: day.program.poll() is not None, "it didn't close")
    assert day.program.returncode == 0
    again = Day(screen, day.home)
    screen.wait_for_window("Garden plan")
    assert again.text("Garden plan") == text
    assert set(again.titles()) == {"Reading list", "Garden plan"}
    wait_for(lambda: again.lightness() < 60, "it is light again")
    screen.picture(PICTURES / "day-5-opened-again.png")
    again.program.send_signal(signal.SIGTERM)
    wait_for(lambda: again.program.poll() is not None, "it didn't end")
    assert again.program.returncode == 0
