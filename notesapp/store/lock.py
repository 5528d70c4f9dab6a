"""One program per home. Decides who holds it; the system ends the hold when its holder ends, however it does."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from notesapp.errors import AlreadyRunning, CannotWrite, ReadOnlyHome

_WINDOWS_BYTE = 1 << 30  # far behind the text: Windows forbids others to read a locked byte


class Lock:
    """The hold on a home; keep the object as long as the store is used."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def take(cls, path: Path) -> Self:
        """Takes the lock at once or raises AlreadyRunning. The file stays behind for ever: only the hold counts."""
        try:
            # not inherited by children (PEP 446), so a worker that outlives us holds nothing
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except IsADirectoryError as error:
            raise CannotWrite(path=path, why="a folder of that name is in its place; move it away") from error
        except OSError as error:
            raise ReadOnlyHome(path=path.parent) from error
        try:
            _hold(handle)
        except OSError as error:
            os.close(handle)
            if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                raise AlreadyRunning(path=path.parent) from error
            raise ReadOnlyHome(path=path.parent) from error
        with suppress(OSError):  # a full disk: who holds it is only told, the hold is the system's
            os.ftruncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
        return cls(handle)

    def release(self) -> None:
        """Lets the next program in."""
        if self._handle >= 0:
            _free(self._handle)  # by name: a child that is just being made shares the file until it runs its program
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def holder(path: Path) -> int | None:
    """The process that holds (or was the last to hold) the lock, for a sentence to a person; decides nothing."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


if sys.platform == "win32":
    import msvcrt

    def _hold(handle: int) -> None:
        os.lseek(handle, _WINDOWS_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)

    def _free(handle: int) -> None:
        os.lseek(handle, _WINDOWS_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _hold(handle: int) -> None:
        # flock belongs to the open file, so a second lock inside this program is refused too (lockf would allow it)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _free(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
