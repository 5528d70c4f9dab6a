"""Reads what can still be read of a damaged database into a new one. Decides which rows count as saved.

Goes through SQLite itself, row by row around what is broken: a page that doesn't decrypt costs its own rows only. Three
ways, one after the other: reading as usual (each page proves itself by its MAC); for tables whose rows prove themselves
by a hash, once more without the pages' MAC (a flipped bit then costs one row and not a page); and, if the first page is
gone, with the first page of a new database in its place (tables made in the same order lie at the same root pages).
Whatever can't be read is counted. Touches nothing but the new file; the caller gives a copy of the damaged one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from notesapp.store import database, schema, search
from notesapp.store.damaged import UNREADABLE, Table, open_damaged, readable, tables_of, version_of

Verify = Callable[[Mapping[str, Any]], bool]
Row = tuple[Any, ...]

PROBES = 20_000  # row numbers tried one by one behind a break: an inner page leads to some thousands of rows
DERIVED = search.TABLES  # made anew from the texts


@dataclass(slots=True)
class Tally:
    """What became of one table: rows saved and lost; `exact` is False if more may be lost than counted."""

    table: str
    saved: int = 0
    lost: int = 0
    exact: bool = True
    unproved: set[Any] = field(default_factory=set, repr=False)  # rows of pages without a good MAC

    @property
    def whole(self) -> bool:
        return self.lost == 0 and self.exact


@dataclass(slots=True)
class _Scan:
    """One reading of a table: what was met by row number or key, and what lies between."""

    keep: Callable[[Any, Row], None]  # what to do with a row; nothing is held here, a table may be larger than memory
    seen: set[Any] = field(default_factory=set)
    missing: set[Any] = field(default_factory=set)  # row numbers that may have been in use
    open_ended: bool = False  # something is missing, and nothing tells how much


def salvage(source: Path, key: bytes, target: Path, verify: Mapping[str, Verify]) -> dict[str, Tally]:
    """Save the rows of `source` into the new database `target`; a tally per table. `DAMAGE` if nothing can be read.

    `verify[table]` judges a row by its columns; rows that fail are lost. Lack of memory and the like are raised.
    """
    found = version_of(source, key)
    out = database.open_writer(target, key)
    try:
        steps = schema.STEPS[: found or len(schema.STEPS)]
        schema.bring_up(out, steps=steps)
        out.pragma("foreign_keys", 0)
        out.pragma("synchronous", "off")  # the caller syncs the finished file
        tables = [table for table in tables_of(out) if not table.name.startswith(DERIVED)]
        source = readable(source, key, target, tables)
        tallies = {table.name: _save(table, source, key, out, verify.get(table.name)) for table in tables}
        if not tallies["feeds"].whole:
            _feeds_from_indexes(source, key, out, tallies["feeds"])
        out.pragma("wal_checkpoint(truncate)")
        out.pragma("journal_mode", "delete")
        return tallies
    finally:
        out.close()


def _save(table: Table, source: Path, key: bytes, out: apsw.Connection, verify: Verify | None) -> Tally:
    """Copy one table; what fails `verify` or a rule of the schema is lost."""
    tally = Tally(table.name)
    saved: set[Any] = set()
    names = table.listed if table.keys else f"rowid, {table.listed}"
    marks = ", ".join("?" * (len(table.columns) + (not table.keys)))
    insert = f'INSERT INTO "{table.name}"({names}) VALUES ({marks})'

    def keep(number: Any, row: Row) -> None:
        if number in saved or not _passes(table, row, verify):
            return
        try:
            out.execute(insert, row if table.keys else (number, *row))
            saved.add(number)
        except (apsw.ConstraintError, apsw.MismatchError):
            return  # rot that looked like a row: stays among the lost

    with out:
        scan = _scanned(table, source, key, keep, mac=True)
        if verify is not None and (scan.missing or scan.open_ended or scan.seen - saved):
            proved = set(saved)
            _scanned(table, source, key, keep, mac=False)
            tally.unproved = saved - proved
    tally.saved = len(saved)
    tally.lost = len((scan.missing | scan.seen) - saved)
    tally.exact = not scan.open_ended
    return tally


def _passes(table: Table, row: Row, verify: Verify | None) -> bool:
    if any(row[place] is None for place in table.needed):
        return False
    return verify is None or bool(verify(dict(zip(table.columns, row, strict=True))))


def _scanned(table: Table, source: Path, key: bytes, keep: Callable[[Any, Row], None], *, mac: bool) -> _Scan:
    scan = _Scan(keep)
    try:
        db = open_damaged(source, key, mac=mac)
    except database.DAMAGE:
        scan.open_ended = True
        return scan
    try:
        if not db.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", (table.name,)).get:
            scan.open_ended = True
        elif table.keys:
            _scan_by_key(db, table, scan)
        else:
            _scan_by_number(db, table, scan)
    except UNREADABLE:
        scan.open_ended = True
    finally:
        db.close()
    return scan


def _scan_by_key(db: apsw.Connection, table: Table, scan: _Scan) -> None:
    """From both ends; what lies in the middle of two breaks can't be reached, and its number is unknown."""
    places = [table.columns.index(name) for name in table.keys]
    for way in ("ASC", "DESC"):
        order = ", ".join(f'"{name}" {way}' for name in table.keys)
        try:
            for row in db.execute(f'SELECT {table.listed} FROM "{table.name}" ORDER BY {order}'):
                key = tuple(row[place] for place in places)
                scan.seen.add(key)
                scan.keep(key, row)
            return
        except UNREADABLE:
            scan.open_ended = True


def _scan_by_number(db: apsw.Connection, table: Table, scan: _Scan) -> None:
    named, complete = _named_by_indexes(db, table)
    top = _highest(db, table, named)
    gaps = list(_read_around(db, table, scan, top))
    if not gaps:
        return
    if complete:
        scan.missing = named - scan.seen
        return
    # no index tells for sure: each number in a gap may have been a row
    scan.missing = {n for first, last in gaps if last - first < 10 * PROBES for n in range(first, last + 1)}
    scan.missing |= named - scan.seen
    scan.open_ended = top is None or any(last - first >= 10 * PROBES for first, last in gaps)


def _named_by_indexes(db: apsw.Connection, table: Table) -> tuple[set[int], bool]:
    """The row numbers that indexes speak of, and whether one of them could be read to its end."""
    named: set[int] = set()
    complete = False
    for index, columns in table.indexes:
        for way in ("ASC", "DESC"):
            order = ", ".join(f'"{name}" {way}' for name in columns)
            try:
                for (number,) in db.execute(f'SELECT rowid FROM "{table.name}" INDEXED BY "{index}" ORDER BY {order}'):
                    named.add(number)
                complete = True
                break
            except UNREADABLE:
                continue
    return named, complete


def _highest(db: apsw.Connection, table: Table, named: set[int]) -> int | None:
    """The highest row number in use, as far as anything tells."""
    try:
        found = db.execute(f'SELECT max(rowid) FROM "{table.name}"').get
    except UNREADABLE:
        return max(named) if named else None
    return 0 if found is None else int(found)


def _read_around(db: apsw.Connection, table: Table, scan: _Scan, top: int | None) -> Iterator[tuple[int, int]]:
    """Keep what can be read; yields the gaps (first and last row number) that could not be read."""
    sql = f'SELECT rowid, {table.listed} FROM "{table.name}" WHERE rowid >= ? ORDER BY rowid'
    at = 0
    while True:
        try:
            for number, *row in db.execute(sql, (at,)):
                scan.seen.add(number)
                scan.keep(number, tuple(row))
                at = number + 1
            return
        except UNREADABLE:
            broken = at
        at = _behind(db, table, broken, top)
        if at < 0:
            yield broken, max(broken, top if top is not None else broken + PROBES * 20)
            return
        yield broken, at - 1


def _behind(db: apsw.Connection, table: Table, broken: int, top: int | None) -> int:
    """The first row number behind a break from which rows can be read again, or -1."""
    sql = f'SELECT rowid, {table.listed} FROM "{table.name}" WHERE rowid >= ? ORDER BY rowid LIMIT 1'
    step, at = 1, broken + 1
    while top is None or at <= top:
        try:
            row: Any = db.execute(sql, (at,)).fetchone()
            return -1 if row is None else int(row[0])
        except UNREADABLE:
            if at - broken > PROBES:
                step *= 2  # a subtree is gone: a jump may skip readable rows, which then count as lost
            at += step
        if at > 2**40:
            return -1
    return -1


def fill(source: apsw.Connection, out: apsw.Connection, tally: Tally) -> int:
    """Put the rows of `source` that a table of `out` lacks into it; returns how many."""
    columns = [name for (name,) in source.execute("SELECT name FROM pragma_table_info(?)", (tally.table,))]
    listed = ", ".join(f'"{column}"' for column in columns)
    insert = f'INSERT OR IGNORE INTO "{tally.table}"({listed}) VALUES ({", ".join("?" * len(columns))})'
    filled = 0
    for row in source.execute(f'SELECT {listed} FROM "{tally.table}"'):
        out.execute(insert, row)
        filled += out.changes()
    tally.lost = max(0, tally.lost - filled)
    tally.saved += filled
    return filled


def _feeds_from_indexes(source: Path, key: bytes, out: apsw.Connection, tally: Tally) -> None:
    """The names of feeds once more from their indexes: without its feed an entry is nothing."""
    try:
        db = open_damaged(source, key)
    except database.DAMAGE:
        return
    try:
        feeds = _whole_index(db, "SELECT rowid, feed FROM feeds INDEXED BY sqlite_autoindex_feeds_1 ORDER BY feed")
        books = _whole_index(db, "SELECT rowid, notebook FROM feeds INDEXED BY feeds_of_notebook ORDER BY notebook")
    finally:
        db.close()
    for no in feeds.keys() & books.keys():
        out.execute("INSERT OR IGNORE INTO feeds VALUES (?, ?, ?, 0, zeroblob(32))", (no, feeds[no], books[no]))
        tally.saved += out.changes()
        tally.lost = max(0, tally.lost - out.changes())


def _whole_index(db: apsw.Connection, sql: str) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    try:
        found.update(db.execute(sql))
    except UNREADABLE:
        found.update(_up_to_break(db, sql + " DESC"))
        found.update(_up_to_break(db, sql))
    return found


def _up_to_break(db: apsw.Connection, sql: str) -> Iterator[tuple[int, bytes]]:
    try:
        yield from db.execute(sql)
    except UNREADABLE:
        return
