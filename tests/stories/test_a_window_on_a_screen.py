"""Real windows on a virtual screen, driven with keys: written, closed, opened again, started twice, killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screen import VirtualScreen, missing, virtual_screen, wait_for

pytestmark = [pytest.mark.gui_real, pytest.mark.timeout(240)]
PICTURES = Path(__file__).resolve().parents[2] / "out" / "pictures"


@pytest.fixture(scope="module")
def screen() -> Iterator[VirtualScreen]:
    lacking = missing()
    if lacking is not None:
        assert not os.environ.get("CI"), lacking
        pytest.skip(lacking)
    with virtual_screen() as made:
        yield made


def read(home: Path, *words: str) -> str:
    command = [sys.executable, "-m", "notesapp", "--home", str(home), *words]
    environment = {**os.environ, "NOTESAPP_KEYRING": "off"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def text_of(home: Path, title: str) -> str:
    """The note's text; "" as long as there is no note of this title (it is known a second after it was typed)."""
    found = [row["id"] for row in json.loads(read(home, "ls", "--json")) if row["title"] == title]
    return read(home, "cat", found[0]) if found else ""


def end(program: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> int:
    program.send_signal(number)
    wait_for(lambda: program.poll() is not None, "the program didn't end")
    return program.returncode


def test_what_is_written_is_there_after_closing_and_opening(screen: VirtualScreen, tmp_path: Path) -> None:
    home = tmp_path / "home"
    program = screen.start(home)
    screen.wait_for_window()
    screen.write("# First thought\n\nThis is **mine**. #idea")
    wait_for(lambda: "mine" in text_of(home, "First thought"), "the text was not saved")
    screen.picture(PICTURES / "real-first-note.png")
    assert end(program) == 0
    program = screen.start(home)
    screen.wait_for_window("First thought")
    screen.write(" And this")
    wait_for(lambda: "And this" in text_of(home, "First thought"), "the caret was not back in the note")
    assert "# First thought\n\nThis is **mine**. #idea And this" in text_of(home, "First thought")
    assert end(program) == 0


def test_a_second_start_raises_the_first(screen: VirtualScreen, tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = screen.start(home)
    screen.wait_for_window()
    second = screen.start(home)
    wait_for(lambda: second.poll() is not None, "the second start didn't hand over")
    assert second.returncode == 0
    assert first.poll() is None
    assert end(first) == 0


def test_the_command_line_and_the_window_write_into_one_note(screen: VirtualScreen, tmp_path: Path) -> None:
    home = tmp_path / "home"
    program = screen.start(home)
    screen.wait_for_window()
    screen.write("# Shared by two doors\n\nfrom the window")
    wait_for(lambda: "from the window" in text_of(home, "Shared by two doors"), "the text was not saved")
    read(home, "append", "Shared by two doors", "from the command line")
    screen.write(", still")
    wait_for(lambda: "still" in text_of(home, "Shared by two doors"), "typing went on elsewhere")
    text = read(home, "cat", "Shared by two doors")
    assert text.splitlines()[2:] == ["from the window, still", "from the command line"]
    assert end(program) == 0


def test_a_killed_window_loses_nothing_that_was_saved(screen: VirtualScreen, tmp_path: Path) -> None:
    home = tmp_path / "home"
    program = screen.start(home)
    screen.wait_for_window()
    screen.write("# Killed\n\nsaved words")
    wait_for(lambda: "saved words" in text_of(home, "Killed"), "the text was not saved")
    end(program, signal.SIGKILL)
    assert json.loads(read(home, "ls", "--json"))[0]["title"] == "Killed"
    assert "saved words" in read(home, "cat", "Killed")
