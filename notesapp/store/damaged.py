"""Opens a damaged database. Decides what can be borne: a cut-off file, flipped bits, a lost list of tables.

The first page and the list of tables, where they are gone, are taken from a new database: tables made in the same order
lie at the same root pages. Works on copies; what the rows are worth is judged by `salvage`.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw

from notesapp.store import database, schema

BLOCK_BYTES = 4096  # a page; what a disk refuses to read, it refuses in such pieces

# what rot looks like from Python: broken pages, a broken list of tables, letters that are none, impossible lengths
UNREADABLE = (*database.DAMAGE, apsw.SQLError, apsw.TooBigError, UnicodeDecodeError)


@dataclass(frozen=True, slots=True)
class Table:
    """An ordinary table as the schema has it; `keys` are the columns of the primary key of one without row numbers."""

    name: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    indexes: tuple[tuple[str, tuple[str, ...]], ...]
    needed: tuple[int, ...]  # places of the columns that are never null

    @property
    def listed(self) -> str:
        return ", ".join(f'"{column}"' for column in self.columns)


def open_damaged(path: Path, key: bytes, *, mac: bool = True) -> apsw.Connection:
    """A connection that bears a broken schema, a cut-off file and (without `mac`) flipped bits; changes nothing."""
    db = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        db.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        db.pragma("cipher", database.CIPHER)
        if not mac:
            db.execute("PRAGMA hmac_check = off")
        db.execute(f"PRAGMA key = 'raw:{key.hex()}'")
        db.execute("PRAGMA writable_schema = ON")  # or a file shorter than it says would not be read at all
        db.pragma("temp_store", "memory")
        db.pragma("cell_size_check", 1)
        db.pragma("query_only", 1)
        db.pragma("schema_version")
        db.execute("SELECT count(*) FROM sqlite_schema").fetchall()
    except BaseException:
        db.close()
        raise
    return db


def copy_what_can_be_read(source: Path, target: Path) -> None:
    """A copy in which what the disk refuses to read is zeros."""
    with open(source, "rb", buffering=0) as old, open(target, "wb") as new:
        size = source.stat().st_size
        for at in range(0, size, BLOCK_BYTES):
            try:
                old.seek(at)
                block = old.read(BLOCK_BYTES)
            except OSError:
                block = bytes(min(BLOCK_BYTES, size - at))
            new.write(block)


def pad(path: Path, key: bytes) -> None:
    """Make a cut-off file as long as its log says, with pages that fail their MAC: missing ones would read as zeros."""
    try:
        db = open_damaged(path, key)
    except UNREADABLE:
        return  # its first page is gone: nothing tells the length
    try:
        length = int(db.pragma("page_count")) * int(db.pragma("page_size"))
    finally:
        db.close()
    with open(path, "r+b") as file:
        missing = length - file.seek(0, 2)
        while missing > 0:
            missing -= file.write(b"\xa5" * min(missing, 1 << 20))


def version_of(source: Path, key: bytes) -> int:
    """The version of the damaged database, 0 if its first page is gone."""
    try:
        db = open_damaged(source, key)
    except database.DAMAGE:
        return 0
    try:
        schema.refuse_newer(db)
        return schema.version(db)
    finally:
        db.close()


def readable(source: Path, key: bytes, near: Path, tables: list[Table]) -> Path:
    """`source`, or a copy of it with a new list of tables if its own can't be read."""
    if _lists(source, key, tables):
        return source
    # a restored backup was laid out by VACUUM
    patched = [_with_new_list(source, key, near, vacuumed) for vacuumed in (False, True)]
    best = max(patched, key=lambda path: _fitting(path, key, tables))
    return best if _fitting(best, key, tables) > 0 else source


def _lists(path: Path, key: bytes, tables: list[Table]) -> bool:
    """Whether the list of tables can be read and is complete."""
    try:
        db = open_damaged(path, key)
    except database.DAMAGE:
        return False
    try:
        rows: list[Any] = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {table.name for table in tables} <= {name for (name,) in rows}
    except UNREADABLE:
        return False
    finally:
        db.close()


def _fitting(path: Path, key: bytes, tables: list[Table]) -> int:
    """How well the tables are where a new list says: first rows of their kind, less other ones."""
    if not _lists(path, key, tables):
        return -len(tables)
    db = open_damaged(path, key)
    score = 0
    try:
        for table in tables:
            try:
                row: Any = db.execute(f'SELECT {table.listed} FROM "{table.name}" LIMIT 1').fetchone()
            except UNREADABLE:
                score -= 1
            else:
                score += 0 if row is None else 1 if all(row[place] is not None for place in table.needed) else -1
    finally:
        db.close()
    return score


def _with_new_list(source: Path, key: bytes, near: Path, vacuumed: bool) -> Path:
    """A copy of `source` with the first page and the list of tables of a new database of the same length."""
    model = near.with_suffix(".model")
    patched = near.with_suffix(".vacuumed" if vacuumed else ".patched")
    model.unlink(missing_ok=True)
    db = database.open_writer(model, key)
    try:
        schema.bring_up(db)
        db.pragma("wal_checkpoint(truncate)")
        db.pragma("journal_mode", "delete")
        if vacuumed:
            db.execute("VACUUM")
        listed: list[Any] = db.execute("SELECT pageno FROM dbstat WHERE name = 'sqlite_schema'").fetchall()
        size = int(db.pragma("page_size"))
        pages = -(-source.stat().st_size // size)
        # the first page also says how long the file is, so the model has to be as long
        db.execute("INSERT INTO settings VALUES ('', zeroblob(?))", (max(1, pages * size),))
        db.execute("DELETE FROM settings")
    finally:
        db.close()
    shutil.copyfile(source, patched)
    with open(model, "rb") as fresh, open(patched, "r+b") as opened:
        for (page,) in listed:
            fresh.seek((page - 1) * size)
            opened.seek((page - 1) * size)
            opened.write(fresh.read(size))
    model.unlink()
    return patched


def tables_of(db: apsw.Connection) -> list[Table]:
    """The ordinary tables of a healthy database."""
    found: list[Any] = db.execute(
        "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    tables = []
    for name, without_number in sorted(found):
        info: list[Any] = db.execute('SELECT name, pk, "notnull" FROM pragma_table_info(?)', (name,)).fetchall()
        keys = tuple(column for column, pk, _ in sorted(info, key=lambda c: c[1]) if pk) if without_number else ()
        indexes: list[Any] = db.execute("SELECT name FROM pragma_index_list(?) WHERE partial = 0", (name,)).fetchall()
        listed = tuple(
            (index, tuple(c for (c,) in db.execute("SELECT name FROM pragma_index_info(?)", (index,))))
            for (index,) in indexes
        )
        needed = tuple(place for place, (_, _, notnull) in enumerate(info) if notnull)
        columns = tuple(column for column, _, _ in info)
        tables.append(Table(name, columns, keys, () if keys else listed, needed))
    return tables
