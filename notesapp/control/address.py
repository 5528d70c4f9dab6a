"""Decides where a home's control socket lies, and who may speak there: only its owner.

A Unix socket's path is limited to about 100 bytes, so a deep home gets its socket in a private folder of the system's
temporary directory, named after the home. On Windows it is a named pipe, and a secret in the home proves the owner.
"""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import struct
import sys
import tempfile
from pathlib import Path

from notesapp.errors import CannotWrite

_PATH_LIMIT_BYTES = 100  # sun_path has 108 on Linux, 104 on macOS, the end marker included
_SECRET_NAME = "control.secret"


def socket_path(home: Path) -> Path:
    """The Unix socket of this home; the same answer in every process of the same user."""
    near = home.resolve() / "run" / "control.sock"
    if len(os.fsencode(near)) <= _PATH_LIMIT_BYTES:
        return near
    return Path(tempfile.gettempdir()) / f"notesapp-{os.getuid()}" / f"{_name(home)}.sock"


def pipe_name(home: Path) -> str:
    """The named pipe of this home on Windows."""
    return rf"\\.\pipe\notesapp-{_name(home)}"


def prepare_folder(path: Path) -> None:
    """Makes the socket's folder 0700 and ours; CannotWrite when somebody else owns it or it is a link."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.parent.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise CannotWrite(path=path.parent, why="it belongs to somebody else")
        if stat.S_IMODE(found.st_mode) != 0o700:
            path.parent.chmod(0o700)
    except OSError as error:
        raise CannotWrite(path=path.parent, why=error.strerror or str(error)) from None


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


def make_secret(home: Path) -> bytes:
    """A new secret in the home's own folder, for systems whose pipes don't tell who is at the other end."""
    secret = os.urandom(32)
    path = home / _SECRET_NAME
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret)
    return secret


def read_secret(home: Path) -> bytes:
    """The running node's secret; FileNotFoundError when none runs."""
    return (home / _SECRET_NAME).read_bytes()


def _name(home: Path) -> str:
    return hashlib.blake2b(os.fsencode(home.resolve()), digest_size=8).hexdigest()
