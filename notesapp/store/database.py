"""Opens the encrypted database file. Decides key, durability and checks of a connection; knows no table.

SQLite3 Multiple Ciphers with ChaCha20-Poly1305 and a raw 32-byte key (no derivation: the key is random). Temporary
tables stay in memory, because SQLite's temporary files are not encrypted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import apsw

from notesapp.errors import CannotWrite, DiskFull, LocalError, NotesError, StoreDamaged
from notesapp.store import durable, space

BUSY_MS = 5_000  # a reader or a backup beside us ends sooner; longer means somebody else is stuck
RESTART = "Close Notesapp and start it again: it repairs the store and says what could be saved."
FULL_BYTES = 1 << 20
CIPHER = "chacha20"
WAL_KEPT_BYTES = 16 << 20  # a WAL that grew during a long read is cut back to this


def open_writer(path: Path, key: bytes, *, vfs: str | None = None) -> apsw.Connection:
    """The writing connection, durable at each commit; makes the file if there is none. Raises `apsw` errors."""
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    with suppress(OSError):  # SQLite says in its own words what is wrong with the place
        durable.private(path)  # its side files get the same mode
    db = apsw.Connection(str(path), flags=flags, vfs=vfs)
    with _closed_on_failure(db):
        _unlock(db, key)
        db.pragma("journal_mode", "wal")
        # NORMAL loses acknowledged commits at a power cut; FULL syncs the WAL before each commit returns
        # (https://sqlite.org/pragma.html#pragma_synchronous)
        db.pragma("synchronous", "full")
        if sys.platform == "darwin":  # plain fsync on macOS does not reach the platter: man 2 fsync
            db.pragma("fullfsync", 1)
            db.pragma("checkpoint_fullfsync", 1)
        db.pragma("journal_size_limit", WAL_KEPT_BYTES)
        db.pragma("foreign_keys", 1)
    return db


def open_reader(path: Path, key: bytes, *, vfs: str | None = None) -> apsw.Connection:
    """A connection that can't change anything, for use beside the writer. Raises `apsw` errors."""
    db = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY, vfs=vfs)
    with _closed_on_failure(db):
        _unlock(db, key)
        db.pragma("query_only", 1)
    return db


def _unlock(db: apsw.Connection, key: bytes) -> None:
    if len(key) != 32:
        raise LocalError(what=f"the store's key has {len(key)} bytes instead of 32")
    db.set_busy_timeout(BUSY_MS)
    db.pragma("cipher", CIPHER)
    db.execute(f"PRAGMA key = 'raw:{key.hex()}'")
    db.pragma("temp_store", "memory")
    db.pragma("cell_size_check", 1)
    db.pragma("trusted_schema", 0)
    db.pragma("user_version")  # the first read: a wrong key or a foreign file shows here


@contextmanager
def _closed_on_failure(db: apsw.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        db.close()
        raise


# What each kind of SQLite error means to a person. Lack of memory, a lock and a time-out are none of these: they are
# never taken for damage.
DISK_TROUBLE = (apsw.FullError, apsw.IOError, apsw.ReadOnlyError, apsw.CantOpenError)
DAMAGE = (apsw.CorruptError, apsw.NotADBError)


def trouble_behind(error: BaseException) -> apsw.Error | None:
    """The disk's first trouble behind an error: what it broke on the way out (a savepoint that is gone) hides it."""
    found: BaseException | None = error
    while found is not None and not isinstance(found, (*DISK_TROUBLE, *DAMAGE)):
        found = found.__context__
    return found


def in_words(error: apsw.Error) -> str:
    """What SQLite says of damage, without its own names for things."""
    return "its search index can't be opened" if "vtable" in str(error) else str(error)


def explain(error: apsw.Error, path: Path) -> NotesError:
    """The sentence for an error of SQLite on the file at `path`."""
    match error:
        case apsw.FullError():
            return DiskFull(path=path)
        case apsw.IOError() | apsw.CantOpenError() if space.free_bytes(path.parent) < FULL_BYTES:
            return DiskFull(path=path)  # SQLite's side files (-shm, -wal) can't be made, which it tells in other words
        case apsw.ReadOnlyError() | apsw.CantOpenError():
            return CannotWrite(path=path, why="the disk or the folder is read-only")
        case apsw.IOError():
            return CannotWrite(path=path, why=f"the disk reports an error ({error})")
        case apsw.CorruptError() | apsw.NotADBError():
            return StoreDamaged(path=path, what=in_words(error), todo=RESTART)
        case _:
            return LocalError(what=f"the store answered {type(error).__name__}: {error}")
