"""What the window remembers on this computer: choices, sizes, the last place. Never text, titles or secrets.

A broken file never keeps the window shut: it is set aside and the defaults are used, and the caller is told.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
from pathlib import Path
from typing import Literal

import msgspec

log = logging.getLogger(__name__)

LIMIT_BYTES = 1_000_000  # favourites of 10,000 notes take 350 kB; anything longer is not ours


class Spot(msgspec.Struct, frozen=True):
    """Where in a note the person was: caret and anchor in code points, scroll in pixels."""

    caret: int = 0
    scroll: int = 0


class Settings(msgspec.Struct):
    """All of it. A field that is missing has its default; unknown fields are dropped."""

    name: str = ""
    colour: int = -1
    appearance: Literal["system", "light", "dark"] = "system"
    contrast: bool | None = None
    reduced_motion: bool | None = None
    body_px: int = 16
    column_px: int = 720
    markers: Literal["caret", "always", "source"] = "caret"
    focus_mode: bool = False
    spellcheck_language: str = ""
    sort: Literal["edited", "created", "title"] = "edited"
    keep_running: bool = False
    tray: bool = True
    autostart: bool = False
    online: bool = True
    autostart_offered: bool = False
    look_for_versions: bool = False
    looked_ms: int = 0
    language: str = ""
    shortcuts: dict[str, str] = {}
    favourites: list[str] = []
    geometry: str = ""
    sidebar_px: int = 228
    list_px: int = 304
    sidebar_shown: bool = True
    panel: Literal["", "outline", "links", "history"] = ""
    open_branches: list[str] = []
    place: str = "all"
    note: str = ""
    spots: dict[str, Spot] = {}


class SettingsFile:
    """The settings on disk: read once, written whole and atomically."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.trouble: str | None = None
        self.now = self._read()
        self._written = msgspec.json.encode(self.now)

    def _read(self) -> Settings:
        try:
            if self._path.stat().st_size > LIMIT_BYTES:
                raise msgspec.DecodeError("too long")
            return msgspec.json.decode(self._path.read_bytes(), type=Settings)
        except FileNotFoundError:
            return Settings()
        except (msgspec.DecodeError, OSError, UnicodeError) as error:
            log.warning("! settings can't be read: %s", type(error).__name__)
            aside = self._path.with_name(f"{self._path.stem}.broken-{int(time.time())}{self._path.suffix}")
            with contextlib.suppress(OSError):
                self._path.replace(aside)
            self.trouble = aside.name
            return Settings()

    def save(self) -> None:
        """Writes the settings if they changed; a full or read-only disk is logged, since no text is at stake."""
        data = msgspec.json.encode(self.now)
        if data == self._written:
            return
        # 200 remembered places in notes are plenty; the oldest go first.
        while len(self.now.spots) > 200:
            self.now.spots.pop(next(iter(self.now.spots)))
        scratch = self._path.with_name(self._path.name + ".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            scratch.write_bytes(msgspec.json.format(msgspec.json.encode(self.now), indent=1))
            os.replace(scratch, self._path)
            self._written = data
        except OSError as error:
            log.warning("! settings can't be written: %s", error.strerror)
            with contextlib.suppress(OSError):
                scratch.unlink(missing_ok=True)  # a full disk leaves it empty or half
