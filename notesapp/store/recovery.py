"""Opens the store whatever happened to it. Decides when to check, what counts as damage, and which way back is taken.

The ladder, each step only if the one before did not do: the log is replayed (SQLite does it; saves that it left unread
are counted, and its chain is mended); the rows that can be read and prove themselves are salvaged into a new database;
holes in damaged tables are filled from the last good backup; a backup takes the store's place. The damaged files are
moved aside, never thrown away. Lack of memory, a lock, a full disk or a time-out is never taken for damage: it is
raised as what it is. What peers have is asked for later, by the node: a feed ends before its first hole.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from notesapp.errors import CannotWrite, NoRoomToRepair, NotABackup, StoreDamaged, StoreNewer
from notesapp.store import aftermath, backup, chains, database, durable, restore, space, wal
from notesapp.store.blobs import chunk_hash
from notesapp.store.damaged import UNREADABLE, copy_what_can_be_read, open_damaged, pad
from notesapp.store.places import Home
from notesapp.store.rows import Mark
from notesapp.store.salvage import Tally, Verify, fill, salvage
from notesapp.store.store import Store
from notesapp.store.writing import snapshot_hash

WEEK_MS = 7 * 24 * 3600 * 1000
CHECKED, SALVAGED = "checked_ms", "salvaged"  # in the table meta, decimal digits of ms since 1970
PAGE_BYTES = 4096


@dataclass(slots=True)
class Report:
    """What happened on the way in: sentences for the person, in order; `tallies` of salvaged tables."""

    sentences: list[str] = field(default_factory=list)
    tallies: dict[str, Tally] = field(default_factory=dict)
    missing_own: int = 0  # entries of our own feeds that were written once (high-water mark) and are not here
    set_aside: int = 0  # entries behind a hole in their feed: kept in quarantine until the hole is filled
    kept: Path | None = None  # where the damaged files lie
    rebuild_index: bool = False  # the search index must be made anew from the texts
    restored: bool = False  # the store is a backup now

    @property
    def healthy(self) -> bool:
        return not self.sentences

    @property
    def lost_rows(self) -> int:
        """Rows of lasting tables that are known to be lost."""
        return sum(tally.lost for tally in self.tallies.values())


_WORDS = {
    "entries": "changes",
    "records": "records of people",
    "texts": "texts (they are made anew from the changes)",
    "snapshots": "snapshots (they are made anew from the changes)",
    "cards": "lines of the list of notes (they are made anew)",
    "blob_chunks": "pieces of attachments",
    "feeds": "devices' logs",
}


class Trouble(Exception):
    """Damage was found; why, in a few words."""


def open_store(
    home: Home,
    key: bytes,
    now_ms: int,
    *,
    verify_entry: chains.Judge | None = None,
    marked: Callable[[bytes], Mark | None] | None = None,
    check: bool = False,
    before_migration: Callable[[apsw.Connection, int], None] | None = None,
) -> tuple[Store, Report]:
    """The writing store of `home`, healed if need be, and what happened. The caller holds the instance lock.

    `key` must be the right one (`Keyfile.is_key`): a wrong one would look like damage. `verify_entry(entry, previous
    entry's hash)` judges salvaged entries; `marked(feed)` is how far a feed went by the high-water file; `check` asks
    for the whole check now. Raises StoreDamaged (nothing could be saved and there is no backup), StoreNewer,
    NoRoomToRepair, DiskFull, CannotWrite; then the files are as they were.
    """
    report = Report()
    try:
        restore.finish(home)
    except OSError as error:
        raise CannotWrite(path=home.folder, why=error.strerror or str(error)) from error
    hook = before_migration or (lambda db, found: _backup_first(home, key, now_ms))
    try:
        _missing(home)
        unread = _unread_saves(home, key)
        if unread:
            raise Trouble(f"{unread} saves at the end of its log can't be read")
        store = Store.open(home, key, before_migration=hook)
        try:
            _check(store, now_ms, check or aftermath.is_suspected(home), verify_entry)
        except BaseException:
            store.db.close()  # without `close`: the flag stays up, the next start checks again
            raise
        aftermath.trust(home)
        _compare(store, marked, report)
        return store, report
    except (Trouble, StoreDamaged) as damage:
        why = damage.facts["what"] if isinstance(damage, StoreDamaged) else damage
        report.sentences.append(f"The notes' database was damaged ({why}).")
    _heal(home, key, now_ms, report, verify_entry)
    store = Store.open(home, key, before_migration=hook)
    aftermath.remember(store, tuple(report.sentences), now_ms)
    aftermath.trust(home)
    _compare(store, marked, report)
    return store, report


def _compare(store: Store, marked: Callable[[bytes], Mark | None] | None, report: Report) -> None:
    """Tell what our own feeds lack: a log that was cut off leaves no other trace."""
    if marked is None:
        return
    rows: list[Any] = store.db.execute("SELECT feed, last FROM feeds").fetchall()
    for feed, last in rows:
        mark = marked(feed)
        report.missing_own += max(0, mark.index - last) if mark else 0
    if report.missing_own:
        report.sentences.append(
            f"The last {report.missing_own:,} changes made on this device are not in the store;"
            " devices that have them will bring them back."
        )


def heal(
    home: Home,
    key: bytes,
    now_ms: int,
    *,
    verify_entry: chains.Judge | None = None,
    marked: Callable[[bytes], Mark | None] | None = None,
    check: bool = False,
) -> Report:
    """As `open_store`, but leaves the store closed and sound: for who opens it on a thread of his own afterwards."""
    store, report = open_store(home, key, now_ms, verify_entry=verify_entry, marked=marked, check=check)
    store.close()
    return report


def _backup_first(home: Home, key: bytes, now_ms: int) -> None:
    backup.make(home, key, now_ms, "migration")


def _missing(home: Home) -> None:
    """A database that is gone or empty where there once was one is damage, and not a first start."""
    if home.database.exists() and home.database.stat().st_size:
        return
    log = home.database.with_name(home.database.name + "-wal")
    if home.database.exists() and log.exists() and log.stat().st_size:
        return  # the very first save, not yet in the database itself
    if backup.backups(home.backups) or home.highwater.exists():
        raise Trouble("its file is gone" if not home.database.exists() else "its file is empty")


def _unread_saves(home: Home, key: bytes) -> int:
    """Saves in the log that SQLite would pass over in silence."""
    log = home.database.with_name(home.database.name + "-wal")
    if not log.exists() or log.stat().st_size <= wal.HEADER or not home.database.exists():
        return 0
    seen = wal.look(log, PAGE_BYTES)
    if not seen.commits:
        return 0
    try:
        db = open_damaged(home.database, key)
    except UNREADABLE:
        return 0  # opening the store will say so
    try:
        # (busy, frames accepted, frames copied); NOOP copies none: https://sqlite.org/pragma.html#pragma_wal_checkpoint
        accepted = db.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
    except apsw.Error as error:
        raise database.explain(error, home.database) from error
    finally:
        db.close()
    return seen.unread_commits(max(0, accepted[1]) if accepted else 0)


def _check(store: Store, now_ms: int, suspected: bool, verify_entry: chains.Judge | None) -> None:
    """The quick check after an unclean end, the whole one each week or on suspicion. Raises Trouble."""
    row = store.db.execute("SELECT value FROM meta WHERE name = ?", (CHECKED,)).fetchone()
    checked = int(row[0]) if row is not None and bytes(row[0]).isdigit() else 0
    whole = suspected or (checked > 0 and not 0 <= now_ms - checked < WEEK_MS)
    try:
        if whole or store.unclean:
            verdict = str(store.db.execute(f"PRAGMA {'integrity' if whole else 'quick'}_check(5)").get)
            if verdict != "ok":
                raise Trouble(verdict.replace("*** in database main ***", "").strip().splitlines()[0])
        if suspected and (hole := next(chains.breaks(store.db, verify_entry), None)) is not None:
            raise Trouble(f"a log breaks at change {hole.index:,}: {hole.why}")
        if whole or not checked:
            store.db.execute("REPLACE INTO meta VALUES (?, ?)", (CHECKED, str(now_ms).encode()))
    except database.DAMAGE as error:
        raise Trouble(database.in_words(error)) from error
    except apsw.Error as error:
        raise database.explain(error, store.path) from error


def _heal(home: Home, key: bytes, now_ms: int, report: Report, verify_entry: chains.Judge | None) -> None:
    """Salvage, else restore; afterwards a good database stands in the store's place."""
    size = sum(path.stat().st_size for path in restore.store_files(home) if path.exists())
    need, free = 2 * size + (16 << 20), space.free_bytes(home.folder)
    if free < need:
        raise NoRoomToRepair(path=home.folder, needed=f"{need / 1e6:,.0f} MB", free=f"{free / 1e6:,.0f} MB")
    aside = restore.aside_folder(home, now_ms, "damaged")
    try:
        _salvage_into_place(home, key, now_ms, report, verify_entry, aside)
    except UNREADABLE:
        _last_backup(home, key, now_ms, report)
    except apsw.Error as error:
        raise database.explain(error, home.database) from error
    except OSError as error:
        raise CannotWrite(path=home.folder, why=error.strerror or str(error)) from error
    if report.kept is None and aside.exists():
        report.kept = aside
    if report.kept:
        report.sentences.append(f"The damaged files were kept at “{report.kept}”.")


def _salvage_into_place(
    home: Home, key: bytes, now_ms: int, report: Report, verify_entry: chains.Judge | None, aside: Path
) -> None:
    staged = restore.staging(home)
    shutil.rmtree(staged, ignore_errors=True)
    scratch = staged / "scratch"
    scratch.mkdir(mode=0o700, parents=True)
    for path in restore.store_files(home):
        if path.exists() and not path.name.endswith("-shm"):
            copy_what_can_be_read(path, scratch / path.name)
    damaged, target = scratch / home.database.name, staged / home.database.name
    log = damaged.with_name(damaged.name + "-wal")
    doubtful = 0
    if log.exists() and log.stat().st_size > wal.HEADER:
        doubtful = wal.mend(log, PAGE_BYTES)
    if not damaged.exists() or not damaged.stat().st_size:
        raise apsw.CorruptError("nothing is there")
    pad(damaged, key)
    report.tallies = salvage(damaged, key, target, _verifiers(verify_entry is not None))
    if not any(tally.saved for tally in report.tallies.values()):
        raise apsw.CorruptError("nothing could be read")
    db = database.open_writer(target, key)
    try:
        db.pragma("foreign_keys", 0)
        entries = report.tallies["entries"]
        weeds = chains.weed(db, verify_entry, entries.unproved) if verify_entry else 0
        entries.saved, entries.lost = entries.saved - weeds, entries.lost + weeds
        filled = _fill_from_backup(home, key, db, report.tallies)
        _count(report, chains.judge(db, verify_entry, now_ms))
        if doubtful:  # an older state of a page may stand where nobody can see it
            for tally in report.tallies.values():
                tally.exact = False
        if str(db.pragma("integrity_check")) != "ok":
            raise apsw.CorruptError("the salvaged rows don't fit together")
    finally:
        db.close()
    restore.mark(target, key, SALVAGED, str(now_ms).encode())
    shutil.rmtree(scratch)
    durable.sync_folder(staged)
    restore.swap(home, aside)
    report.rebuild_index = True
    report.sentences.extend(_told(report, filled))


def _count(report: Report, verdict: chains.Verdict) -> None:
    """The feeds know their length: so the number of lost entries is exact if all feeds are known."""
    entries, feeds = report.tallies["entries"], report.tallies["feeds"]
    report.set_aside = verdict.set_aside
    entries.saved -= verdict.not_genuine
    entries.lost = max(entries.lost + verdict.not_genuine, verdict.missing)
    entries.exact = entries.exact or feeds.whole
    feeds.saved -= verdict.feeds_gone
    feeds.lost += verdict.feeds_gone
    report.tallies["heads"].saved -= verdict.heads_gone
    report.tallies["heads"].lost += verdict.heads_gone


def _verifiers(with_entries: bool) -> Mapping[str, Verify]:
    verify: dict[str, Verify] = {
        "snapshots": lambda row: snapshot_hash(row["frontier"], row["data"]) == row["hash"],
        "blob_chunks": lambda row: chunk_hash(row["data"]) == row["hash"],
    }
    if with_entries:  # each is judged in its chain afterwards
        verify["entries"] = lambda row: True
    return verify


def _told(report: Report, filled: int) -> list[str]:
    saved = sum(tally.saved for tally in report.tallies.values())
    sentences = [f"It was repaired: {saved:,} rows were saved."]
    for tally in report.tallies.values():
        if tally.lost:
            sentences.append(f"Lost {_WORDS.get(tally.table, tally.table)}: {tally.lost:,}.")
    if not all(tally.exact for tally in report.tallies.values()):
        sentences.append("More may be lost than could be counted.")
    if filled:
        sentences.append(f"{filled:,} rows were taken from the last backup.")
    if report.set_aside:
        sentences.append(f"{report.set_aside:,} changes that follow a missing one were set aside until it is found.")
    return sentences


def _fill_from_backup(home: Home, key: bytes, out: apsw.Connection, tallies: Mapping[str, Tally]) -> int:
    """Put rows that a damaged table lacks into it from the newest good backup; returns how many."""
    hurt = [tally for tally in tallies.values() if not tally.whole]
    if not hurt:
        return 0
    for candidate in backup.backups(home.backups):
        try:
            proved = backup.prove(candidate.path, key)
        except (NotABackup, StoreNewer):
            continue
        source = database.open_reader(candidate.path, key)
        try:
            with out:
                return sum(fill(source, out, tally) for tally in hurt if tally.table in proved.rows)
        finally:
            source.close()
    return 0


def _last_backup(home: Home, key: bytes, now_ms: int, report: Report) -> None:
    """The newest backup that proves itself takes the store's place. Raises StoreDamaged if there is none."""
    shutil.rmtree(restore.staging(home), ignore_errors=True)
    report.tallies = {}
    for candidate in backup.backups(home.backups):
        try:
            restored = restore.restore(candidate.path, home, key, now_ms)
        except (NotABackup, StoreNewer):
            continue
        report.kept, report.restored, report.rebuild_index = restored.aside, True, True
        made = aftermath.ago(now_ms - candidate.made_ms)
        report.sentences.append(
            f"Nothing could be read from it, so the backup made {made} took its place;"
            " what was written here since then is gone, unless another of your devices has it."
        )
        return
    gone = "nothing in it can be read" if home.database.exists() else "its file is gone"
    todo = "Nothing was changed; put a backup from elsewhere in its place: `notesapp backup restore FILE`."
    raise StoreDamaged(
        path=home.database, what=f"{gone}, and no backup that it could be made of is in “{home.backups}”", todo=todo
    )
