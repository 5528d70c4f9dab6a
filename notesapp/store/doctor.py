"""Looks at a store without changing it and says how it is. Decides what is well, what to watch and what is wrong.

Works on its own reading connection, beside a running program or alone; reads every page, so it takes seconds. Each
finding is a sentence for the person and, where something can be done, what to do.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import apsw

from notesapp.errors import NotesError
from notesapp.store import backup, chains, database, keyfile, schema, space
from notesapp.store.places import Home
from notesapp.store.search import Search
from notesapp.store.writing import snapshot_hash

OLD_MS = 3 * 24 * 3600 * 1000  # a daily backup that is older has failed more than once


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `remedy` is empty where nothing is to be done."""

    level: Level
    what: str
    sentence: str
    remedy: str = ""


def examine(home: Home, key: bytes, now_ms: int, *, verify_entry: chains.Judge | None = None) -> tuple[Finding, ...]:
    """All findings, in a fixed order. `verify_entry` as in `chains`. Never raises for what it finds."""
    return (*_store(home, key, verify_entry), *_around(home, key, now_ms))


def worst(findings: tuple[Finding, ...]) -> Level:
    """The gravest level among findings."""
    order = list(Level)
    return max((finding.level for finding in findings), key=order.index, default=Level.OK)


def _store(home: Home, key: bytes, verify_entry: chains.Judge | None) -> Iterator[Finding]:
    what = "store"
    if not home.database.exists():
        yield Finding(Level.BAD, what, f"There is no store at “{home.database}”.", "Restore a backup, or begin anew.")
        return
    try:
        db = database.open_reader(home.database, key)
    except apsw.Error as error:
        sentence = f"The store can't be opened: {database.explain(error, home.database)}"
        yield Finding(Level.BAD, what, sentence, database.RESTART)
        return
    try:
        schema.refuse_newer(db)
        size = backup.store_bytes(db) / 1e6
        yield Finding(Level.OK, what, f"The store opens ({size:,.1f} MB, format {schema.version(db)}).")
        for what, look in _LOOKS:
            yield _looked(db, what, look)
        yield _looked(db, "changes", lambda db: _chains(db, verify_entry))
    except NotesError as error:
        yield Finding(Level.BAD, what, str(error))
    finally:
        db.close()


def _looked(db: apsw.Connection, what: str, look: Callable[[apsw.Connection], Finding]) -> Finding:
    """What a look finds; damage that it runs into is a finding, other trouble says that it could not look."""
    try:
        return look(db)
    except database.DAMAGE as error:
        return Finding(Level.BAD, what, f"The store is damaged ({error}).", database.RESTART)
    except (apsw.Error, MemoryError) as error:
        return Finding(Level.WARN, what, f"This could not be looked at now: {error}.", "Try again later.")


def _integrity(db: apsw.Connection) -> Finding:
    verdict = str(db.execute("PRAGMA integrity_check(5)").get)
    if verdict == "ok":
        return Finding(Level.OK, "integrity", "Every page of the store was read and is sound.")
    said = verdict.replace("*** in database main ***", "").strip().splitlines()[0]
    return Finding(Level.BAD, "integrity", f"The store is damaged ({said}).", database.RESTART)


def _snapshots(db: apsw.Connection) -> Finding:
    rotten = total = 0
    for frontier, data, hashed in db.execute("SELECT frontier, data, hash FROM snapshots"):
        total += 1
        rotten += snapshot_hash(frontier, data) != hashed
    if rotten:
        sentence = f"{rotten:,} of {total:,} snapshots are not what was saved."
        return Finding(Level.WARN, "snapshots", sentence, "They are made anew from the changes; nothing is lost.")
    return Finding(Level.OK, "snapshots", f"All {total:,} snapshots are what was saved.")


def _index(db: apsw.Connection) -> Finding:
    behind = Search(db).out_of_step()
    if behind:
        sentence = f"The search doesn't know the present text of {len(behind):,} notes."
        return Finding(Level.WARN, "search", sentence, "Notesapp indexes them at its next start.")
    return Finding(Level.OK, "search", "The search knows the text of every note.")


_LOOKS: tuple[tuple[str, Callable[[apsw.Connection], Finding]], ...] = (
    ("integrity", _integrity),
    ("snapshots", _snapshots),
    ("search", _index),
)


def _chains(db: apsw.Connection, verify: chains.Judge | None) -> Finding:
    broken = list(chains.breaks(db, verify))
    feeds, entries = db.execute("SELECT (SELECT count(*) FROM feeds), (SELECT count(*) FROM entries)").get
    aside = db.execute("SELECT count(*) FROM quarantine WHERE reason = ?", (chains.BEHIND_A_HOLE,)).get
    if broken:
        first = broken[0]
        sentence = f"{len(broken):,} of {feeds:,} logs have a break (at change {first.index:,}: {first.why})."
        return Finding(Level.BAD, "changes", sentence, database.RESTART)
    if aside:
        sentence = f"{aside:,} changes wait for one before them that was lost."
        return Finding(
            Level.WARN,
            "changes",
            sentence,
            "Go online with another of your devices: it may have it. What they say is in new notes in “Recovered”.",
        )
    return Finding(Level.OK, "changes", f"All {entries:,} changes of {feeds:,} logs follow each other.")


def _around(home: Home, key: bytes, now_ms: int) -> Iterator[Finding]:
    yield _room(home)
    yield from _backups(home, key, now_ms)
    yield _key(home)
    yield _permissions(home)
    if home.rescued.is_dir() and any(home.rescued.iterdir()):
        sentence = f"Files of an earlier repair or restore are kept at “{home.rescued}”."
        yield Finding(Level.WARN, "rescued", sentence, "Remove them once you miss nothing.")


def _room(home: Home) -> Finding:
    free = space.free_bytes(home.folder)
    sentence = f"{free / 1e6:,.0f} MB are free on the disk of the notes."
    if free < space.LOW_BYTES:
        remedy = "Free some space: backups and bulk sync wait, and soon nothing more can be saved."
        return Finding(Level.BAD if free < space.RESERVE_BYTES else Level.WARN, "space", sentence, remedy)
    return Finding(Level.OK, "space", sentence)


def _backups(home: Home, key: bytes, now_ms: int) -> Iterator[Finding]:
    found = backup.backups(home.backups)
    if not found:
        yield Finding(Level.WARN, "backups", "There is no backup yet.", "Make one now with `notesapp backup`.")
        return
    age = now_ms - found[0].made_ms
    days = max(0, age) // 86_400_000
    when = "today" if days == 0 else "yesterday" if days == 1 else f"{days:,} days ago"
    sentence = f"There are {len(found)} backups; the last was made {when}."
    if len(found) == 1:
        sentence = f"There is one backup; it was made {when}."
    if age > OLD_MS:
        yield Finding(Level.WARN, "backups", sentence, "Make one now with `notesapp backup`.")
    else:
        yield Finding(Level.OK, "backups", sentence)
    bad = []
    for each in found[:2]:  # the newest is what a repair would take; reading all of them would take minutes
        try:
            backup.prove(each.path, key)
        except NotesError as error:
            bad.append(str(error))
    if bad:
        yield Finding(Level.BAD, "backups", bad[0], "Make a new one now with `notesapp backup`.")
    if not found[0].key_path.exists():
        sentence = f"“{found[0].path.name}” has no key beside it: on a new computer only the recovery kit opens it."
        yield Finding(Level.WARN, "backups", sentence, "Make a new one now with `notesapp backup`.")


def _key(home: Home) -> Finding:
    try:
        kept = keyfile.Keyfile.read(home.keyfile)
    except NotesError as error:
        return Finding(Level.BAD, "key", str(error), "Set a passphrase with `notesapp passphrase`.")
    if keyfile.readable_by_others(home.keyfile):
        remedy = f"Take the right away: `chmod 600 '{home.keyfile}'`."
        return Finding(Level.BAD, "key", "Other people on this computer can read the key of the notes.", remedy)
    match kept.kind:
        case keyfile.Kind.KEYRING:
            return Finding(Level.OK, "key", "The key of the notes is kept by this computer's keyring.")
        case keyfile.Kind.PASSPHRASE:
            return Finding(Level.OK, "key", "The key of the notes is protected by your passphrase.")
        case keyfile.Kind.FILE:
            sentence = f"The key of the notes lies beside them in “{home.keyfile}”, without protection."
            return Finding(Level.WARN, "key", sentence, "Set a passphrase with `notesapp passphrase`.")


def _permissions(home: Home) -> Finding:
    found = home.folder.stat()
    if os.name == "posix" and found.st_uid != os.getuid():
        remedy = "Start Notesapp as the person whose folder it is."
        return Finding(Level.BAD, "folder", f"The folder “{home.folder}” belongs to somebody else.", remedy)
    if os.name == "posix" and stat.S_IMODE(found.st_mode) & 0o077:
        remedy = f"Take the right away: `chmod 700 '{home.folder}'`."
        return Finding(Level.WARN, "folder", f"Other people may look into “{home.folder}”.", remedy)
    return Finding(Level.OK, "folder", f"Only you can look into “{home.folder}”.")
