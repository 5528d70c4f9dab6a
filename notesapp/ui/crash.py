"""Keeps a log without note text, and what is known of a crash. Decides what may be written down.

A traceback is written as file, line and function; an exception's own words are left out, since they can quote a note.
"""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import logging.handlers
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QtMsgType, qInstallMessageHandler

from notesapp import __version__

log = logging.getLogger("notesapp.crash")

LOG_BYTES, LOG_FILES = 1_000_000, 3


class _NoWords(logging.Formatter):
    """Writes exceptions without their words."""

    def formatException(self, exc_info: Any) -> str:
        return describe(exc_info[1])


def describe(error: BaseException | None) -> str:
    """Where it broke: types, files, lines and functions of the whole chain; no message, no local value."""
    parts: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)
        parts.append(f"{type(error).__module__}.{type(error).__name__}")
        parts += [f"  {_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
        error = error.__cause__ or error.__context__
    return "\n".join(parts)


def _short(path: str) -> str:
    """The last parts of a path: no home folder, no user's name."""
    return "/".join(Path(path).parts[-3:])


class CrashLog:
    """The log file and the hooks that fill it. `on_crash` is told once for each bug, on the main thread."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notesapp.log"
        self.on_crash: Callable[[str], None] | None = None
        self._fatal: TextIO | None = None
        self._handler: logging.Handler | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._handler = logging.handlers.RotatingFileHandler(
                self.path, maxBytes=LOG_BYTES, backupCount=LOG_FILES - 1, encoding="utf-8", delay=True
            )
            self._fatal = (folder / "fatal.log").open("a", encoding="utf-8")
        except OSError:
            return  # a read-only disk: the window still opens, and says so elsewhere
        self._handler.setFormatter(_NoWords("%(asctime)s %(levelname)s %(name)s %(message)s"))

    def watch(self) -> None:
        """Starts to log and to catch what nobody catches."""
        root = logging.getLogger("notesapp")
        root.setLevel(logging.INFO)
        if self._handler is not None:
            root.addHandler(self._handler)
        if self._fatal is not None:
            faulthandler.enable(self._fatal)
        sys.excepthook = self._uncaught
        threading.excepthook = lambda args: self.caught(args.exc_value)
        qInstallMessageHandler(_qt_message)

    def close(self) -> None:
        """Lets go of the files."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)
        faulthandler.disable()
        if self._handler is not None:
            logging.getLogger("notesapp").removeHandler(self._handler)
            self._handler.close()
        if self._fatal is not None:
            self._fatal.close()

    def caught(self, error: BaseException | None) -> None:
        """A bug was caught somewhere: write it down and tell."""
        report = describe(error)
        log.error("a bug was caught\n%s", report)
        if self.on_crash is not None:
            self.on_crash(report_of(report))

    def loop_failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """The event loop's exception handler."""
        error = context.get("exception")
        if error is not None:
            self.caught(error)
        else:
            log.error("! the event loop: %s", str(context.get("message", "")).split(":")[0])

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            self.caught(error)


def report_of(description: str) -> str:
    """The text that the dialog shows and copies: what broke, on what system. No note text, no names."""
    return (
        f"Notesapp {__version__} · Python {platform.python_version()} · Qt {pyside_version} · "
        f"{platform.system()} {platform.release()} {platform.machine()}\n\n{description}\n"
    )


def _qt_message(kind: QtMsgType, context: object, message: str) -> None:
    if kind in (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
        logging.getLogger("notesapp.qt").warning("! %s", message[:300])
