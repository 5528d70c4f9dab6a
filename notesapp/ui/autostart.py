"""Starts the program with the computer, or not. Knows the three systems' ways; decides nothing."""

from __future__ import annotations

import contextlib
import importlib
import os
import plistlib
import subprocess
import sys
from pathlib import Path
from typing import Any

from notesapp.errors import CannotWrite

NAME = "notesapp"


def start_command() -> list[str]:
    """How this very program is started again, without its window."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--hidden"]
    return [sys.executable, "-m", "notesapp", "--hidden"]


def _linux_file() -> Path:
    config = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(config) / "autostart" / f"{NAME}.desktop"


def _mac_file() -> Path:
    return Path.home() / "Library" / "LaunchAgents" / f"org.{NAME}.plist"


def set_autostart(on: bool) -> None:
    """Switches it on or off; CannotWrite if the system does not let us."""
    try:
        system: str = sys.platform
        if system == "win32":
            _windows(on)
        elif system == "darwin":
            _file(_mac_file(), plistlib.dumps(_mac_entry()) if on else None)
        else:
            _file(_linux_file(), _linux_entry().encode() if on else None)
    except OSError as error:
        raise CannotWrite(path="autostart", why=error.strerror or str(error)) from error


def _file(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _linux_entry() -> str:
    # The desktop entry specification's quoting: in double quotes, with these four escaped.
    quoted = []
    for part in start_command():
        for letter in '\\"`$':
            part = part.replace(letter, "\\" + letter)
        quoted.append(f'"{part}"')
    return f"[Desktop Entry]\nType=Application\nName=Notesapp\nExec={' '.join(quoted)}\nIcon={NAME}\nTerminal=false\n"


def _mac_entry() -> dict[str, object]:
    return {"Label": f"org.{NAME}", "ProgramArguments": start_command(), "RunAtLoad": True}


def _windows(on: bool) -> None:
    registry: Any = importlib.import_module("winreg")
    place = r"Software\Microsoft\Windows\CurrentVersion\Run"
    with registry.OpenKey(registry.HKEY_CURRENT_USER, place, 0, registry.KEY_SET_VALUE) as key:
        if on:
            registry.SetValueEx(key, NAME, 0, registry.REG_SZ, subprocess.list2cmdline(start_command()))
            return
        with contextlib.suppress(FileNotFoundError):
            registry.DeleteValue(key, NAME)
