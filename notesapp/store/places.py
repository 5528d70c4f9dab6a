"""Where things lie. Decides the folder of the notes and the names in it, and which folders are refused.

One folder, one computer: `--home`, else `NOTESAPP_HOME`, else the system's place for program data. Nothing is written
elsewhere, except the control socket where the system's limit on its length forces it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import platformdirs

from notesapp.errors import BadRequest, ReadOnlyHome, UnsafeHome
from notesapp.store import elsewhere

# sun_path holds 104 bytes on macOS and 108 on Linux, the closing zero included: unix(4), unix(7)
SOCKET_PATH_BYTES = 100


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one person's notes on this computer, and the names in it."""

    folder: Path

    @classmethod
    def find(cls, wanted: str | Path | None = None, environ: Mapping[str, str] = os.environ) -> Self:
        """The home that the person asks for, or the usual one. Touches nothing."""
        chosen = wanted or environ.get("NOTESAPP_HOME") or platformdirs.user_data_dir("notesapp", appauthor=False)
        try:
            return cls(Path(os.path.abspath(Path(chosen).expanduser())))
        except RuntimeError:  # what pathlib raises for ~somebody
            raise BadRequest(what=f"“{chosen}” begins with “~” and a person whom this computer doesn't know.") from None

    def prepare(self) -> None:
        """Makes the folder, for its owner only. Raises UnsafeHome or ReadOnlyHome; then nothing was made."""
        try:
            where = elsewhere.why_unsafe(self.folder)
        except OSError as error:
            raise ReadOnlyHome(path=f"{str(self.folder)[:200]}…") from error
        if where is not None:
            raise UnsafeHome(path=self.folder, where=where)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.name == "posix" and stat.S_IMODE(self.folder.stat().st_mode) & 0o077:
                self.folder.chmod(0o700)
            # only a real write tells: access() knows nothing of read-only mounts for root, nor of Windows' ACLs
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT) and self.folder.is_dir():
                return  # a full disk can be read from, and the journal has a reserve
            if self.database.is_file():
                return  # notes that are there can be read; who wants to write is told by the lock
            raise ReadOnlyHome(path=self.folder) from error

    @property
    def database(self) -> Path:
        """The encrypted store."""
        return self.folder / "notes.db"

    @property
    def keyfile(self) -> Path:
        """How the store's key is kept."""
        return self.folder / "key.json"

    @property
    def lockfile(self) -> Path:
        """What the running program holds."""
        return self.folder / "lock"

    @property
    def suspicion(self) -> Path:
        """An empty file that is there while the store is suspected of damage."""
        return self.folder / "suspicious"

    @property
    def highwater(self) -> Path:
        """How far our own feeds went; never part of a backup."""
        return self.folder / "highwater"

    @property
    def reserve(self) -> Path:
        """Space to be given back when the disk is full."""
        return self.folder / "reserve"

    @property
    def backups(self) -> Path:
        """The folder of the daily backups."""
        return self.folder / "backups"

    @property
    def rescued(self) -> Path:
        """Where damaged files are set aside, never thrown away."""
        return self.folder / "rescued"

    @property
    def logs(self) -> Path:
        """The folder of the logs."""
        return self.folder / "logs"

    @property
    def control_address(self) -> str:
        """Where a running node listens: a socket's path, on Windows a pipe's name; only its owner gets there."""
        if sys.platform == "win32":
            return rf"\\.\pipe\notesapp-{self._tag}"
        inside = self.folder / "control.sock"
        if len(os.fsencode(inside)) <= SOCKET_PATH_BYTES:
            return str(inside)
        return str(_runtime_folder() / f"{self._tag}.sock")

    @property
    def _tag(self) -> str:
        return hashlib.blake2b(os.fsencode(os.path.realpath(self.folder)), digest_size=10).hexdigest()


def _runtime_folder() -> Path:
    """A short folder of our own; refused when somebody else made it (in /tmp anybody could)."""
    if sys.platform == "win32":
        raise UnsafeHome(path="", where="on Windows, where pipes have no folder")
    told = os.environ.get("XDG_RUNTIME_DIR")
    uid = os.getuid()
    for base in (Path(told) / "notesapp" if told else None, Path("/tmp") / f"notesapp-{uid}"):
        if base is None or len(os.fsencode(base)) > SOCKET_PATH_BYTES - 26:
            continue
        try:
            base.mkdir(mode=0o700, exist_ok=True)
            found = base.lstat()
        except OSError:
            continue
        if stat.S_ISDIR(found.st_mode) and found.st_uid == uid and not found.st_mode & 0o077:
            return base
    raise ReadOnlyHome(path=f"/tmp/notesapp-{uid}")
