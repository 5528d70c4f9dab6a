"""A virtual screen with a window manager on it, driven with keys and mouse as a person would, for Linux.

Needs Xvfb, openbox and xdotool (`make` brings them on Debian as root). Under bare Xvfb no window is ever active, so
shortcuts would not fire: hence the window manager.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

NEEDED = ("Xvfb", "openbox", "xdotool")
_GRAB = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
sys.exit(0 if app.primaryScreen().grabWindow(0).save(sys.argv[1]) else 1)
"""


def missing() -> str | None:
    """What this computer lacks for a virtual screen, in one sentence; None if nothing."""
    lacking = [name for name in NEEDED if shutil.which(name) is None]
    if not lacking:
        return None
    return f"a virtual screen needs {', '.join(lacking)}; on Debian: sudo apt-get install xvfb openbox xdotool"


def wait_for(what: Callable[[], bool], saying: str, deadline_s: float = 20.0) -> None:
    """Returns as soon as `what` holds; AssertionError with `saying` after the deadline."""
    end_s = time.monotonic() + deadline_s
    while not what():
        assert time.monotonic() < end_s, saying
        time.sleep(0.05)


class VirtualScreen:
    """One screen; programs started with its `environment` show there."""

    def __init__(self, display: str) -> None:
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "NOTESAPP_KEYRING": "off"}
        self.environment.pop("WAYLAND_DISPLAY", None)

    def start(
        self, home: Path, *words: str, log: IO[bytes] | None = None, within: tuple[str, ...] = ()
    ) -> subprocess.Popen[bytes]:
        """The program with a window for this home; `within`: the command that runs it, e.g. on a host of the lab."""
        command = [*within, sys.executable, "-m", "notesapp", "--home", str(home), *words]
        return subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)

    def windows(self, title: str = "Notesapp") -> list[str]:
        """The ids of all visible windows whose title has these words."""
        return self._tool("search", "--onlyvisible", "--name", title).split()

    def wait_for_window(self, title: str = "Notesapp", deadline_s: float = 20.0) -> str:
        """The id of the window, once it is there and active."""
        found: list[str] = []  # one that closes just now may be gone at a second look

        def look() -> bool:
            found[:] = self.windows(title)
            return bool(found)

        wait_for(look, f"no window “{title}” appeared", deadline_s)
        window = found[0]
        self._tool("windowactivate", "--sync", window)
        return window

    def keys(self, *combinations: str) -> None:
        """Presses keys as xdotool names them: `ctrl+n`, `Return`."""
        self._tool("key", "--clearmodifiers", *combinations)

    def write(self, text: str, delay_ms: int = 8) -> None:
        """Types a text; each line end is the Return key."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.keys("Return")
            if line:
                self._tool("type", "--delay", str(delay_ms), "--", line)

    def point(self, window: str, x: int, y: int) -> tuple[int, int]:
        """Moves the mouse to a place seen from the window's inner corner; where that is on the screen."""
        self._tool("mousemove", "--window", window, str(x), str(y))
        said = dict(word.split(":") for word in self._tool("getmouselocation").split())
        return int(said["x"]), int(said["y"])

    def click(self, window: str, x: int, y: int, button: int = 1) -> None:
        """Clicks at a place seen from the window's inner corner."""
        self.point(window, x, y)
        self._tool("click", str(button))

    def picture(self, path: Path) -> None:
        """The whole screen as a PNG file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-c", _GRAB, str(path)], env=self.environment, check=True, timeout=30)

    def _tool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], env=self.environment, capture_output=True, text=True, check=False, timeout=60
        )
        return done.stdout


@contextmanager
def virtual_screen(width: int = 1440, height: int = 920) -> Iterator[VirtualScreen]:
    """A screen of its own, gone afterwards with everything that still runs on it."""
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
        pass_fds=[write_end],
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    manager: subprocess.Popen[bytes] | None = None
    try:
        with os.fdopen(read_end) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        screen = VirtualScreen(f":{number}")
        manager = subprocess.Popen(["openbox", "--sm-disable"], env=screen.environment, stderr=subprocess.DEVNULL)
        time.sleep(0.5)  # openbox tells nobody when it has taken the screen over
        yield screen
    finally:
        for process in (manager, server):
            if process is not None:
                process.terminate()
                process.wait(10)
