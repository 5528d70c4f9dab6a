"""Small files that survive a power cut. Decides the order of write, sync and rename; knows no contents."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Puts `data` at `path`, readable by the owner only: afterwards the whole new file is there, or the whole old one.

    Raises OSError, and then the old file stands. (rename(2) is atomic; the folder is synced so that it stays renamed.)
    """
    for left in path.parent.glob(f".{path.name}-*"):  # of a write that was killed; one program per home, so not in use
        left.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # made 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            sync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def private(path: Path) -> None:
    """Makes an empty file that only its owner may read, whatever the umask; takes an older one's rights from others."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(0o600)


def sync(handle: int) -> None:
    """Waits until the file's bytes are on the disk itself."""
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(handle, fcntl.F_FULLFSYNC)  # plain fsync stops at the drive's cache: fsync(2) on macOS
    else:
        os.fsync(handle)


def sync_folder(folder: Path) -> None:
    """Waits until the names in `folder` are on the disk. Windows has no such call: NTFS journals its names."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
