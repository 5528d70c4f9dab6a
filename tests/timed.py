"""The real window, with a stopwatch in it: `python -m tests.timed FILE ARGUMENTS...` is `notesapp ARGUMENTS...`.

Each half second FILE says, as JSON: how much of the processor each turn at the socket took, and how long each key was
on its way from the X server until the turn of the loop after it was handled: the letter is in the text then.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from notesapp.__main__ import main
from notesapp.net.udp import UdpPort
from notesapp.ui import program
from notesapp.ui.editor.note_edit import NoteEdit

MOST = 200_000


class Stopwatch(QObject):
    """Collects and writes."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path, self._ticks, self._keys = path, list[float](), list[float]()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._write)
        self._timer.start(500)
        drain = UdpPort._drain

        def timed(port: UdpPort) -> None:
            began = time.thread_time()
            drain(port)
            if len(self._ticks) < MOST:
                self._ticks.append((time.thread_time() - began) * 1e3)

        UdpPort._drain = timed  # type: ignore[method-assign, assignment] # its argument has another name

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and isinstance(watched, NoteEdit):
            pressed_ms = event.timestamp()  # the X server's clock is the monotonic one
            QTimer.singleShot(0, lambda: self._keys.append((time.monotonic() * 1e3 - pressed_ms) % 2**32))
        return False

    def _write(self) -> None:
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps({"at": time.monotonic(), "ticks_ms": self._ticks, "keys_ms": self._keys}))
        os.replace(part, self._path)


def _watched(path: Path) -> None:
    """Puts the stopwatch in once there is an application."""
    made: list[Stopwatch] = []
    begin = program.application

    def begun() -> QApplication:
        app = begin()
        if not made:
            made.append(Stopwatch(path))
            app.installEventFilter(made[0])
        return app

    program.application = begun


if __name__ == "__main__":
    _watched(Path(sys.argv[1]))
    sys.argv = ["notesapp", *sys.argv[2:]]
    sys.exit(main())
