"""The tables and their versions. Decides what the database of each release looks like and how an older one moves up.

The version is SQLite's `user_version`. Migrations go forward only, all in one transaction, after a backup made by the
caller's hook. A newer version is refused before anything is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import apsw

from notesapp.errors import StoreNewer
from notesapp.store import blobs, search

APPLICATION_ID = 0x4E4F5445  # "NOTE", so that `file` and a salvage tool can tell whose database it is

CORE = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE settings(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE secrets(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- a feed's long names are kept once; `last` and `hash` are those of its newest stored entry
CREATE TABLE feeds(
  no INTEGER PRIMARY KEY,
  feed BLOB NOT NULL UNIQUE CHECK (length(feed) = 16),
  notebook BLOB NOT NULL CHECK (length(notebook) = 32),
  last INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX feeds_of_notebook ON feeds(notebook);

-- in order of arrival; a body is null once it was erased
CREATE TABLE entries(
  arrival INTEGER PRIMARY KEY,
  feed INTEGER NOT NULL REFERENCES feeds(no),
  idx INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  note_id BLOB CHECK (length(note_id) = 16),
  header BLOB NOT NULL,
  body BLOB,
  UNIQUE (feed, idx)
) STRICT;
CREATE INDEX entries_of_note ON entries(note_id, feed, idx) WHERE note_id IS NOT NULL;

CREATE TABLE heads(
  feed INTEGER PRIMARY KEY REFERENCES feeds(no), idx INTEGER NOT NULL, signed BLOB NOT NULL
) STRICT;

CREATE TABLE records(
  arrival INTEGER PRIMARY KEY, scope BLOB NOT NULL, id BLOB NOT NULL, kind TEXT NOT NULL, data BLOB NOT NULL,
  UNIQUE (scope, id)
) STRICT;

CREATE TABLE snapshots(
  note_id BLOB NOT NULL, generation INTEGER NOT NULL, frontier BLOB NOT NULL, hash BLOB NOT NULL, data BLOB NOT NULL,
  UNIQUE (note_id, generation)
) STRICT;

CREATE TABLE texts(
  note_id BLOB NOT NULL UNIQUE, notebook BLOB NOT NULL, frontier BLOB NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE INDEX texts_of_notebook ON texts(notebook);

CREATE TABLE cards(note_id BLOB PRIMARY KEY, notebook BLOB NOT NULL, data BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE peers(device BLOB PRIMARY KEY, data BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE pending(
  scope BLOB NOT NULL, id BLOB NOT NULL, data BLOB NOT NULL, UNIQUE (scope, id)
) STRICT;
CREATE TABLE quarantine(
  scope BLOB NOT NULL, id BLOB NOT NULL, reason TEXT NOT NULL, kept_ms INTEGER NOT NULL, data BLOB NOT NULL,
  UNIQUE (scope, id)
) STRICT;
"""


def _release_1(db: apsw.Connection) -> None:
    db.execute(CORE)
    db.execute(search.SCHEMA)
    db.execute(blobs.SCHEMA)


# Step n moves version n to n + 1; version 0 is an empty file. A released step is never edited: add another.
STEPS: tuple[Callable[[apsw.Connection], None], ...] = (_release_1,)


def version(db: apsw.Connection) -> int:
    """The version of the database; 0 for an empty file."""
    return int(db.pragma("user_version"))


def refuse_newer(db: apsw.Connection, known: int = len(STEPS)) -> None:
    """Raises `StoreNewer` if the database is newer than this program."""
    if (found := version(db)) > known:
        raise StoreNewer(found=found, known=known)


def bring_up(
    db: apsw.Connection,
    before: Callable[[apsw.Connection, int], None] = lambda db, found: None,
    steps: Sequence[Callable[[apsw.Connection], None]] = STEPS,
) -> bool:
    """Moves the database up to the last version in one transaction; True if it had to move.

    `before(db, version)` is called first when there is something to lose (a version above 0): it makes the backup, and
    what it raises stops the migration with nothing changed.
    """
    refuse_newer(db, len(steps))
    found = version(db)
    if found == len(steps):
        return False
    if found > 0:
        before(db, found)
    with db:
        for step in steps[found:]:
            step(db)
        db.pragma("application_id", APPLICATION_ID)
        db.pragma("user_version", len(steps))
    return True
