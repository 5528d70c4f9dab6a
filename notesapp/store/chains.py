"""Walks the feeds entry by entry. Decides where a feed ends for good, and what lies behind a hole.

A feed without holes is what other devices can complete: they are asked for what follows its end. So after a salvage a
feed ends before its first hole, and what lies behind it is set aside in `quarantine`, not lost. What an entry's bytes
must be is judged by the caller's function.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import apsw
import msgspec

from notesapp.store.rows import EntryRow
from notesapp.store.writing import put_entries

BEHIND_A_HOLE = "behind a hole in its feed"

Judge = Callable[[EntryRow, bytes | None], bool]  # (entry, hash of the one before it) → whether it is what was signed

_ENTRIES = """SELECT e.arrival, f.notebook, f.feed, e.idx, e.hash, e.header, e.body, e.note_id
  FROM entries e JOIN feeds f ON f.no = e.feed WHERE f.no = ? ORDER BY e.idx"""


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a feed is not a chain: the index that is missing or wrong, and why."""

    feed: bytes
    index: int
    why: str


def breaks(db: apsw.Connection, verify: Judge | None = None) -> Iterator[Break]:
    """The first break of each feed that has one, in reading order; for the doctor."""
    feeds: list[Any] = db.execute("SELECT no, feed, last, hash FROM feeds").fetchall()
    for no, feed, last, hashed in feeds:
        end, previous, stop = _walk(db, no, verify)
        if stop is not None:
            yield Break(feed, stop[0], stop[1])
        elif (end, previous) != (last, hashed):
            yield Break(feed, end + 1, "the feed should be longer")


def _walk(db: apsw.Connection, no: int, verify: Judge | None) -> tuple[int, bytes | None, tuple[int, str] | None]:
    """(last good index or -1, its hash, the first break)."""
    end, previous = -1, None
    for _, *row in db.execute(_ENTRIES, (no,)):
        entry = EntryRow(*row)
        if entry.index != end + 1:
            return end, previous, (end + 1, "an entry is missing")
        if verify is not None and not verify(entry, previous):
            return end, previous, (entry.index, "an entry is not what was signed")
        end, previous = entry.index, entry.hash
    return end, previous, None


@dataclass(slots=True)
class Verdict:
    """What judging the feeds came to, in entries (and feeds of which nothing is left)."""

    set_aside: int = 0
    not_genuine: int = 0
    missing: int = 0  # by what the feeds themselves say of their length
    feeds_gone: int = 0
    heads_gone: int = 0


def weed(db: apsw.Connection, verify: Judge, unproved: Collection[int]) -> int:
    """Throw out entries that are not genuine, and return how many.

    `unproved`: arrivals of entries that only `verify` can vouch for; without their predecessor they go too.
    """
    feeds: list[Any] = db.execute("SELECT no FROM feeds").fetchall()
    gone = 0
    with db:
        for (no,) in feeds:
            gone += _throw_out(db, no, verify, unproved)
    return gone


def judge(db: apsw.Connection, verify: Judge | None, now_ms: int) -> Verdict:
    """End each feed before its first hole and set aside what lies behind it."""
    verdict = Verdict()
    with db:
        heads: int = db.execute("SELECT count(*) FROM heads").get
        verdict.not_genuine += _orphans(db)
        feeds: list[Any] = db.execute("SELECT no, last, hash FROM feeds").fetchall()
        for no, last, hashed_before in feeds:
            verdict.not_genuine += _throw_out(db, no, verify, ())
            end, hashed, _ = _walk(db, no, verify)
            held = db.execute("SELECT count(*) FROM entries WHERE feed = ?", (no,)).get
            if any(hashed_before):  # else nothing is known of its length
                verdict.missing += max(0, last + 1 - held)
            verdict.set_aside += _set_aside(db, no, end, now_ms)
            if hashed is None:
                db.execute("DELETE FROM heads WHERE feed = ?", (no,))
                db.execute("DELETE FROM feeds WHERE no = ?", (no,))
                verdict.feeds_gone += 1
            else:
                db.execute("UPDATE feeds SET last = ?, hash = ? WHERE no = ?", (end, hashed, no))
                db.execute("DELETE FROM heads WHERE feed = ? AND idx > ?", (no, end))
        verdict.heads_gone = heads - db.execute("SELECT count(*) FROM heads").get
    return verdict


def _throw_out(db: apsw.Connection, no: int, verify: Judge | None, unproved: Collection[int]) -> int:
    """Delete the entries that are not genuine: all are judged by their predecessor, the unproved need one."""
    if verify is None:
        return 0
    before: EntryRow | None = None
    bad: list[int] = []
    for arrival, *row in db.execute(_ENTRIES, (no,)):
        entry = EntryRow(*row)
        follows = entry.index == 0 or (before is not None and before.index == entry.index - 1)
        if verify(entry, before.hash if before and entry.index else None) if follows else arrival not in unproved:
            before = entry
        else:
            bad.append(arrival)
    db.executemany("DELETE FROM entries WHERE arrival = ?", ((arrival,) for arrival in bad))
    return len(bad)


def _orphans(db: apsw.Connection) -> int:
    """Throw out what belongs to no feed: nothing tells any more whose it is."""
    db.execute("DELETE FROM heads WHERE feed NOT IN (SELECT no FROM feeds)")
    db.execute("DELETE FROM entries WHERE feed NOT IN (SELECT no FROM feeds)")
    return db.changes()


def _set_aside(db: apsw.Connection, no: int, end: int, now_ms: int) -> int:
    count = 0
    rows: list[Any] = db.execute(f"{_ENTRIES.replace('ORDER', 'AND e.idx > ? ORDER')}", (no, end)).fetchall()
    for arrival, *row in rows:
        entry = EntryRow(*row)
        data = msgspec.msgpack.encode((entry.notebook, entry.hash, entry.note_id, entry.header, entry.body))
        db.execute(
            "INSERT INTO quarantine(scope, id, reason, kept_ms, data) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (entry.feed, entry.index.to_bytes(8, "big"), BEHIND_A_HOLE, now_ms, data),
        )
        db.execute("DELETE FROM entries WHERE arrival = ?", (arrival,))
        count += 1
    return count


def aside(db: apsw.Connection, note_id: bytes | None = None) -> Iterator[EntryRow]:
    """What was set aside (of one note), feed by feed in order: good for the note's text, though not for sending."""
    rows = db.execute("SELECT scope, id, data FROM quarantine WHERE reason = ? ORDER BY scope, id", (BEHIND_A_HOLE,))
    for feed, index, data in rows:
        entry = _unpacked(feed, index, data)
        if note_id is None or entry.note_id == note_id:
            yield entry


def put_back(db: apsw.Connection, follows: Callable[[EntryRow, bytes], bool]) -> tuple[EntryRow, ...]:
    """Append to their feeds the entries whose hole was filled since, in the caller's transaction, and return them.

    `follows(entry, hash of the last one)`: what doesn't continue its feed stays where it is.
    """
    back: list[EntryRow] = []
    for entry in list(aside(db)):
        row: Any = db.execute("SELECT last, hash FROM feeds WHERE feed = ?", (entry.feed,)).fetchone()
        last, hashed = (-1, bytes(32)) if row is None else (int(row[0]), bytes(row[1]))
        if entry.index > last + 1:
            continue
        if entry.index == last + 1:
            if not follows(entry, hashed):
                continue
            put_entries(db, (entry,))
            back.append(entry)
        elif not _is_there(db, entry):
            continue
        name = entry.index.to_bytes(8, "big")
        db.execute("DELETE FROM quarantine WHERE scope = ? AND id = ?", (entry.feed, name))
    return tuple(back)


def _is_there(db: apsw.Connection, entry: EntryRow) -> bool:
    """Whether its feed has this very entry: somebody brought it."""
    sql = "SELECT count(*) FROM entries e JOIN feeds f ON f.no = e.feed WHERE f.feed = ? AND e.idx = ? AND e.hash = ?"
    return bool(db.execute(sql, (entry.feed, entry.index, entry.hash)).get)


def _unpacked(feed: bytes, index: bytes, data: bytes) -> EntryRow:
    notebook, hashed, note_id, header, body = msgspec.msgpack.decode(data)
    return EntryRow(notebook, feed, int.from_bytes(index, "big"), hashed, header, body, note_id)
