"""Reading where nothing can be written: a node over a copy of the store. Decides where the copy lies and that it goes.

A full or read-only disk can't take what even a reading SQLite writes beside a store (its log and shared memory), nor
what a start puts right. So the store is copied, encrypted as it is, into a temporary folder or memory that has room;
the key file is only linked to. What the node over it writes is lost with it: callers let nothing through but questions.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from notesapp.errors import DiskFull, NotesError, ReadOnlyHome, ReadOnlyNotes
from notesapp.node.home import Unlock
from notesapp.node.node import Node
from notesapp.store import space
from notesapp.store.lock import Lock
from notesapp.store.places import Home
from notesapp.store.restore import store_files

_SPARE_BYTES = 32 << 20  # for the log of the copy, and for others
_PREFIX = "notesapp-read-"


def why_only_read(error: NotesError, home: Home) -> NotesError | None:
    """What a person hears who wants to write, if `error` keeps a store from being opened that could still be read."""
    if not home.database.is_file() or not home.database.stat().st_size:
        return None
    return error if isinstance(error, DiskFull) else ReadOnlyNotes(path=home.folder)


@asynccontextmanager
async def open_to_read(home: Home, unlock: Unlock) -> AsyncIterator[Node]:
    """A node over a copy of the notes of `home`, which goes at the end. Raises DiskFull if no place has room for it."""
    folder = await asyncio.to_thread(_copied, home)
    try:
        node = await Node.open(Home(folder), unlock)
        try:
            yield node
        finally:
            with suppress(NotesError):  # nothing that matters is lost with a copy
                await node.close()
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, True)


def _copied(home: Home) -> Path:
    hold = None
    with suppress(ReadOnlyHome):  # where no lock can be made, nobody writes either
        hold = Lock.take(home.lockfile)
    try:
        files = [path for path in store_files(home) if path.is_file() and not path.name.endswith("-shm")]
        base = _with_room(home, sum(path.stat().st_size for path in files) + _SPARE_BYTES)
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base))  # for its owner only
        try:
            for path in files:
                shutil.copyfile(path, folder / path.name)
                (folder / path.name).chmod(0o600)
            _refer(home.keyfile, folder / home.keyfile.name)
            if home.backups.is_dir():
                _refer(home.backups, folder / home.backups.name)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise DiskFull(path=base) from error
        return folder
    finally:
        if hold is not None:
            hold.release()


def _with_room(home: Home, need: int) -> Path:
    for base in (Path(tempfile.gettempdir()), Path("/dev/shm")):
        if base.is_dir() and os.access(base, os.W_OK) and space.free_bytes(base) >= need:
            return base
    raise DiskFull(path=home.folder)


def _refer(there: Path, here: Path) -> None:
    """A link, so that nothing secret lies about if this program is killed; a copy where there are no links."""
    try:
        here.symlink_to(there, target_is_directory=there.is_dir())
    except OSError:
        if there.is_file():
            shutil.copyfile(there, here)
            here.chmod(0o600)
