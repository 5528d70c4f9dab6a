"""Room on the disk. Decides when it is low, and keeps a reserve that is given back when the disk is full."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from notesapp.store import durable

RESERVE_BYTES = 8 << 20  # enough for hours of typing, and for the WAL of the largest batch
LOW_BYTES = 200 << 20  # below: no bulk sync, no compaction
COMFORT_BYTES = 64 << 20  # the reserve is only taken where it leaves others room


def free_bytes(folder: Path) -> int:
    """What a person may still write where `folder` is; 0 if the disk doesn't answer."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def is_low(folder: Path) -> bool:
    """Whether to put off what can wait: bulk sync, compaction, backups."""
    return free_bytes(folder) < LOW_BYTES


class Reserve:
    """A file of real blocks that stands for space in need."""

    def __init__(self, path: Path, size_bytes: int = RESERVE_BYTES, comfort_bytes: int = COMFORT_BYTES) -> None:
        self.path = path
        self.size_bytes = size_bytes
        self.comfort_bytes = comfort_bytes

    @property
    def held(self) -> bool:
        """Whether the space is set aside."""
        try:
            return self.path.stat().st_size == self.size_bytes
        except OSError:
            return False

    def take(self) -> bool:
        """Sets the space aside if there is plenty; True if it is set aside now. Never raises for a full disk."""
        if self.held:
            return True
        if free_bytes(self.path.parent) < self.comfort_bytes + self.size_bytes:
            return False
        try:
            durable.private(self.path)
            with open(self.path, "wb") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), 0, self.size_bytes)
                else:  # macOS and Windows: written bytes are the only sure ones
                    for _ in range(self.size_bytes >> 16):
                        file.write(os.urandom(1 << 16))  # what can't be compressed away
        except OSError:
            self.release()
            return False
        return self.held

    def release(self) -> bool:
        """Gives the space back; True if there was some to give."""
        had = self.path.exists()
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            return False
        return had
