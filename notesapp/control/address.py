"""Decides who may speak at a home's control socket: only its owner. Where the socket lies, the home knows.

On Unix the system tells who is at the other end; on Windows, whose pipes don't tell asyncio, a secret in the home
proves the owner.
"""

from __future__ import annotations

import os
import socket
import stat
import struct
import sys
from pathlib import Path

from notesapp.errors import CannotWrite
from notesapp.store.places import Home

_SECRET_NAME = "control.secret"


def check_folder(path: Path) -> None:
    """CannotWrite unless the socket's folder is 0700, ours, and no link: in it only we can put a socket."""
    try:
        found = path.parent.lstat()
    except OSError as error:
        raise CannotWrite(path=path.parent, why=error.strerror or str(error)) from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise CannotWrite(path=path.parent, why="others can write there too")


def peer_uid(peer: socket.socket) -> int | None:
    """The user at the other end of a Unix socket, as the system tells; None where it can't: nobody is let in."""
    platform: str = sys.platform
    if platform == "linux":
        raw = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", raw)[1])
    if platform == "darwin":  # struct xucred: version, uid, …; SOL_LOCAL is 0, LOCAL_PEERCRED is 1
        raw = peer.getsockopt(0, 1, 76)
        return int(struct.unpack_from("2I", raw)[1])
    return None


def make_secret(home: Home) -> bytes:
    """A new secret in the home's own folder, for systems whose pipes don't tell who is at the other end."""
    secret = os.urandom(32)
    path = home.folder / _SECRET_NAME
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret)
    return secret


def read_secret(home: Home) -> bytes:
    """The running node's secret; FileNotFoundError when none runs."""
    return (home.folder / _SECRET_NAME).read_bytes()
