"""Copies the whole store to a file that opens by itself. Decides when one is due, how it is proved, which are kept.

A backup is a database of its own (`VACUUM INTO`: one moment of the store, compact, encrypted with the same key) and a
`.key` beside it: the key file as it was, so that it opens on a new computer with the passphrase or the recovery kit.
It is made beside the running program on a reading connection, and has its name only after it was read back whole.
Putting one back is `restore`'s business.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import apsw

from notesapp.errors import CannotWrite, NoRoomForBackup, NotABackup, StoreDamaged
from notesapp.store import database, durable, schema, space
from notesapp.store.places import Home

Reason = Literal["daily", "migration", "asked"]
REASONS: tuple[Reason, ...] = ("daily", "migration", "asked")

DUE_MS = 20 * 3600 * 1000  # under a day, so that who starts the program each morning gets one each day
DAYS, WEEKS, MIGRATIONS, ASKED = 7, 4, 2, 3
KEPT_AT_LEAST, KEPT_SHARE = 2, 4  # of what is free, all backups but the newest two take a quarter at most
SPARE_BYTES = 200 << 20  # left free after a backup: the notes themselves come first

_NAME = re.compile(r"notes-(\d{8}T\d{6})(\d{3})Z-(daily|migration|asked)\.db")


@dataclass(frozen=True, slots=True)
class Backup:
    """One finished backup; `made_ms` since 1970, read from its name."""

    path: Path
    made_ms: int
    reason: Reason
    size_bytes: int

    @property
    def key_path(self) -> Path:
        """The key file as it was then."""
        return self.path.with_suffix(".key")


@dataclass(frozen=True, slots=True)
class Proved:
    """What a backup holds, after all of it was read: rows per table and the version of the tables."""

    version: int
    rows: Mapping[str, int]


def backups(folder: Path) -> tuple[Backup, ...]:
    """The finished backups in `folder`, newest first; what else lies there is not looked at."""
    found: list[Backup] = []
    for path in folder.glob("notes-*.db"):
        if name := _NAME.fullmatch(path.name):
            made = datetime.strptime(name[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            reason: Any = name[3]
            found.append(Backup(path, int(made.timestamp()) * 1000 + int(name[2]), reason, path.stat().st_size))
    return tuple(sorted(found, key=lambda backup: backup.made_ms, reverse=True))


def is_due(folder: Path, now_ms: int) -> bool:
    """Whether a daily backup should be made now; a clock that was set back makes one due."""
    newest = next(iter(backups(folder)), None)
    return newest is None or not 0 <= now_ms - newest.made_ms < DUE_MS


def make(home: Home, key: bytes, now_ms: int, reason: Reason = "daily") -> Backup:
    """A proved backup of the store of `home`, and older ones thinned out. Takes seconds: not on a thread with a face.

    Raises NoRoomForBackup, CannotWrite, StoreDamaged; then no backup was made and none was removed.
    """
    folder = home.backups
    target = folder / _name(now_ms, reason)
    partial = folder / f".{target.name}.partial"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in (*folder.glob(".notes-*.partial"), *folder.glob(".notes-*.partial-journal")):
            old.unlink()  # of a run that was killed
        try:
            before = _copy(home, key, partial)
            proved = prove(partial, key)
        except (*database.DISK_TROUBLE, *database.DAMAGE) as error:
            raise database.explain(error, home.database) from error
        lost = [table for table, rows in before.items() if proved.rows.get(table, 0) < rows]
        if lost:
            raise StoreDamaged(
                path=home.database, what=f"a backup of it lacks rows of {', '.join(lost)}", todo=database.RESTART
            )
        if home.keyfile.exists():
            durable.write_whole(target.with_suffix(".key"), home.keyfile.read_bytes())
        os.replace(partial, target)
        durable.sync_folder(folder)
    except OSError as error:
        raise CannotWrite(path=folder, why=error.strerror or str(error)) from error
    finally:
        partial.unlink(missing_ok=True)
    thin_out(folder, now_ms)
    return Backup(target, now_ms, reason, target.stat().st_size)


def _copy(home: Home, key: bytes, partial: Path) -> dict[str, int]:
    """The store as it is now, synced at `partial`; returns how many rows of lasting tables it must have at least."""
    db = database.open_reader(home.database, key)
    try:
        need = store_bytes(db) + SPARE_BYTES
        free = space.free_bytes(home.backups)
        if free < need:
            raise NoRoomForBackup(path=home.backups, needed=_megabytes(need), free=_megabytes(free))
        rows = count_rows(db, LASTING)
        db.pragma("query_only", 0)  # VACUUM INTO counts as writing; the file itself is opened for reading only
        durable.private(partial)
        db.execute("VACUUM INTO ?", (str(partial),))
    finally:
        db.close()
    with open(partial, "r+b") as file:
        durable.sync(file.fileno())
    return rows


LASTING = ("entries", "records", "feeds")  # rows are only ever added: a copy made later has no fewer


def store_bytes(db: apsw.Connection) -> int:
    """How large the whole database is at most, in bytes."""
    return int(db.pragma("page_count")) * int(db.pragma("page_size"))


def count_rows(db: apsw.Connection, tables: Iterable[str] | None = None) -> dict[str, int]:
    """Rows per ordinary table (of all, or of those of `tables` that exist)."""
    names: list[Any] = db.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    wanted = {name for (name,) in names} & set(tables if tables is not None else {name for (name,) in names})
    return {name: int(db.execute(f'SELECT count(*) FROM "{name}"').get) for name in sorted(wanted)}


def prove(path: Path, key: bytes, *, whole: bool = False) -> Proved:
    """Open a backup, check it (`whole`: indexes too) and count its rows. Raises NotABackup, and StoreNewer."""
    try:
        if not path.is_file():
            raise NotABackup(path=path, why="there is no such file")
        with open(path, "rb") as file:
            begin = file.read(16)
    except OSError as error:
        raise NotABackup(path=path, why=f"it can't be read ({error.strerror or error})") from error
    if begin.startswith(b"SQLite format 3"):
        raise NotABackup(path=path, why="it is an unencrypted database of another program")
    if len(begin) < 16 or path.stat().st_size < 2 * 512:
        raise NotABackup(path=path, why="it is empty or cut off")
    try:
        db = database.open_reader(path, key)
    except apsw.NotADBError as error:
        why = "it is not a backup of Notesapp, its beginning is damaged, or it belongs to another key"
        raise NotABackup(path=path, why=why) from error
    except database.DAMAGE as error:
        raise NotABackup(path=path, why="it is damaged or cut off") from error
    try:
        return _proved(db, path, whole)
    except database.DAMAGE as error:
        raise NotABackup(path=path, why="it is damaged or cut off") from error
    finally:
        db.close()


def _proved(db: apsw.Connection, path: Path, whole: bool) -> Proved:
    schema.refuse_newer(db)
    if store_bytes(db) > path.stat().st_size:
        raise NotABackup(path=path, why="it is cut off")
    if db.pragma("application_id") != schema.APPLICATION_ID:
        raise NotABackup(path=path, why="it opens, but holds no notes")
    verdict = str(db.execute(f"PRAGMA {'integrity' if whole else 'quick'}_check(5)").get)
    if verdict != "ok":
        raise NotABackup(path=path, why=f"it is damaged ({verdict.splitlines()[0]})")
    return Proved(schema.version(db), count_rows(db))


def thin_out(folder: Path, now_ms: int) -> tuple[Path, ...]:
    """Remove the backups that are not kept, and return which; never the newest."""
    found = backups(folder)
    room = (space.free_bytes(folder) + sum(backup.size_bytes for backup in found)) // KEPT_SHARE
    keep = within(kept(found), room)
    gone = tuple(backup for backup in found if backup not in keep)
    for backup in gone:
        backup.path.unlink(missing_ok=True)
        backup.key_path.unlink(missing_ok=True)
    return tuple(backup.path for backup in gone)


def kept(found: Iterable[Backup]) -> frozenset[Backup]:
    """Which backups stay: the last of each of 7 days and of 4 weeks, 2 before migrations, 3 that were asked for."""
    newest_first = sorted(found, key=lambda backup: backup.made_ms, reverse=True)
    days: dict[str, Backup] = {}
    weeks: dict[str, Backup] = {}
    for backup in newest_first:
        made = datetime.fromtimestamp(backup.made_ms / 1000, UTC)
        days.setdefault(f"{made:%Y-%m-%d}", backup)
        weeks.setdefault(f"{made:%G-%V}", backup)
    special = [b for b in newest_first if b.reason == "migration"][:MIGRATIONS]
    special += [b for b in newest_first if b.reason == "asked"][:ASKED]
    return frozenset((*newest_first[:1], *list(days.values())[:DAYS], *list(weeks.values())[:WEEKS], *special))


def within(keep: Iterable[Backup], room_bytes: int) -> frozenset[Backup]:
    """Of backups that may stay, those that fit: attachments are in each, and many large ones would fill the disk.

    The newest two stay whatever they take; then, from the oldest on, what is too much goes.
    """
    newest_first = sorted(keep, key=lambda backup: backup.made_ms, reverse=True)
    taken = 0
    fit: list[Backup] = []
    for backup in newest_first:
        taken += backup.size_bytes
        if len(fit) < KEPT_AT_LEAST or taken <= room_bytes:
            fit.append(backup)
    return frozenset(fit)


def _name(now_ms: int, reason: Reason) -> str:
    made = datetime.fromtimestamp(now_ms // 1000, UTC)
    return f"notes-{made:%Y%m%dT%H%M%S}{now_ms % 1000:03d}Z-{reason}.db"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB"
