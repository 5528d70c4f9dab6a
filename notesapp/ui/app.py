"""The window's program: hands over to one that runs, else opens the notes, shows the window, and ends cleanly.

The program itself is in `program`, imported only when there is something to show.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from notesapp.control import calls
from notesapp.control.client import connect
from notesapp.control.door import FarDoor
from notesapp.errors import NoDisplay, NotesError
from notesapp.store.places import Home
from notesapp.ui.arguments import QUICK, Arguments, parse

_UNSEEN = frozenset({"offscreen", "minimal"})  # Qt's platforms without a screen


def run(argv: Sequence[str]) -> int:
    """Runs the window until it is closed; the exit code."""
    try:
        arguments = parse(argv, Path.cwd())
    except NotesError as error:
        return _refused(error)
    try:
        _need_display()
        home = Home.find(arguments.home)
        if asyncio.run(hand_over(home, arguments)):
            return 0
        from notesapp.ui.program import show  # Qt only when there is something to show

        return show(home, arguments)
    except NotesError as error:
        code = _refused(error)
        if not isinstance(error, NoDisplay) and os.environ.get("QT_QPA_PLATFORM") not in _UNSEEN:
            from notesapp.ui.program import apologize

            apologize(error.sentence)  # who started it by an icon sees no terminal
        return code


def _refused(error: NotesError) -> int:
    sys.stderr.write(f"{error.sentence}\n")
    return error.exit_code


def _need_display() -> None:
    system: str = sys.platform
    if not system.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise NoDisplay


async def hand_over(home: Home, arguments: Arguments) -> bool:
    """Gives the arguments to the window that runs already; False if none does."""
    client = await connect(home)
    if client is None:
        return False
    door = FarDoor(client)
    try:
        for wish in [QUICK] if arguments.quick_note else list(arguments.openings) or [""]:
            await door.call(calls.Show(wish))
    finally:
        with contextlib.suppress(OSError):
            await client.close()
    return True
