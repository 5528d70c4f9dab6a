"""Puts a backup in the place of the store. Decides the order of steps, so that a kill at any of them loses nothing.

First everything is proved and prepared beside the store; then one small file (`restoring.json`) says that it shall be,
and from then on `finish` completes it, also at the next start. The present files are moved aside, never overwritten.
The caller holds the instance lock and has no store open. The restored store says so in `meta` (`restored`), so that
the node goes on as a new device: the feeds of the old one may have gone further than the backup knows.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from notesapp.errors import CannotWrite, NoRoomForBackup, NotABackup, NotesError
from notesapp.store import backup, database, durable, space
from notesapp.store.keyfile import Keyfile
from notesapp.store.places import Home

RESTORED = "restored"  # in the table meta: when, in ms since 1970, as decimal digits


class _Intent(msgspec.Struct, frozen=True):
    aside: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and where the files lie that stood there before (None: there were none)."""

    proved: backup.Proved
    aside: Path | None

    @property
    def sentence(self) -> str:
        """For the person."""
        notes = self.proved.rows.get("texts", 0)
        kept = f" What was here before was kept at “{self.aside}”." if self.aside else ""
        return f"The backup was restored: {notes:,} notes, {self.proved.rows.get('entries', 0):,} changes.{kept}"


def restore(file: Path, home: Home, key: bytes, now_ms: int) -> Restored:
    """Prove the backup `file`, move the present store aside and put a copy of the backup in its place.

    `key` opens the backup (from the `.key` beside it, by passphrase or recovery kit). Raises NotABackup, StoreNewer,
    NoRoomForBackup, CannotWrite: then the present store is as it was.
    """
    proved = backup.prove(file, key, whole=True)
    need = file.stat().st_size + backup.SPARE_BYTES
    if (free := space.free_bytes(home.folder)) < need:
        raise NoRoomForBackup(path=home.folder, needed=f"{need / 1e6:,.0f} MB", free=f"{free / 1e6:,.0f} MB")
    try:
        finish(home)  # an earlier one that was cut short
        _prepare(file, home, key, now_ms)
        aside = aside_folder(home, now_ms, "before-restore")
        swap(home, aside)
    except OSError as error:
        raise CannotWrite(path=home.folder, why=error.strerror or str(error)) from error
    return Restored(proved, aside if aside.exists() else None)


def swap(home: Home, aside: Path) -> None:
    """Put the prepared, synced database (`staging`) in the place of the store, which moves to `aside`."""
    durable.write_whole(_intent_path(home), msgspec.json.encode(_Intent(aside.name)))
    finish(home)


def finish(home: Home) -> bool:
    """Complete a restore that was begun and cut short; True if there was one. Call before the store is opened."""
    intent_path, staged = _intent_path(home), staging(home)
    if not intent_path.exists():
        shutil.rmtree(staged, ignore_errors=True)  # prepared but never decided
        return False
    intent = msgspec.json.decode(intent_path.read_bytes(), type=_Intent)
    aside = home.rescued / Path(intent.aside).name
    copy, key_copy = staged / home.database.name, staged / home.keyfile.name
    if copy.exists():  # so what stands in its place is still the old store
        move_aside(home, aside)
        if key_copy.exists():
            if home.keyfile.exists():
                aside.mkdir(mode=0o700, parents=True, exist_ok=True)
                if home.keyfile.is_dir():
                    os.replace(home.keyfile, aside / home.keyfile.name)
                else:  # a copy: there is a key at every moment
                    shutil.copy2(home.keyfile, aside / home.keyfile.name)
            os.replace(key_copy, home.keyfile)
        os.replace(copy, home.database)
        durable.sync_folder(home.folder)
    intent_path.unlink()
    durable.sync_folder(home.folder)
    shutil.rmtree(staged, ignore_errors=True)
    return True


def move_aside(home: Home, aside: Path) -> None:
    """Move the database and what belongs to it into `aside`; what is there already is not overwritten."""
    present = [path for path in store_files(home) if path.exists()]
    if present:
        aside.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in present:
        target = aside / path.name
        while target.exists():
            target = target.with_name(target.name + "-older")
        os.replace(path, target)
    if present:
        durable.sync_folder(aside)
        durable.sync_folder(home.folder)


def store_files(home: Home) -> tuple[Path, ...]:
    """The database, its write-ahead log and its shared memory. The log first: without it, the rest is only older."""
    main = home.database
    return tuple(main.with_name(main.name + end) for end in ("-wal", "-shm", "-journal", ""))


def aside_folder(home: Home, now_ms: int, why: str) -> Path:
    """A name in `rescued` that nothing has yet; not made."""
    made = datetime.fromtimestamp(now_ms // 1000, UTC)
    base = home.rescued / f"{made:%Y%m%dT%H%M%SZ}-{why}"
    names = (base if n == 0 else base.with_name(f"{base.name}-{n}") for n in range(10_000))
    return next(name for name in names if not name.exists())


def _prepare(file: Path, home: Home, key: bytes, now_ms: int) -> None:
    """A synced copy of the backup that knows it was restored, and the key file for it if ours is for another key."""
    staged = staging(home)
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(mode=0o700)
    copy = staged / home.database.name
    shutil.copyfile(file, copy)
    os.chmod(copy, 0o600)
    try:
        mark(copy, key, RESTORED, str(now_ms).encode())
        backup.prove(copy, key)
    except (*database.DISK_TROUBLE, *database.DAMAGE) as error:
        raise NotABackup(path=file, why="its copy can't be opened") from error
    sidecar = file.with_suffix(".key")
    if sidecar.is_file() and not _is_right(home.keyfile, key) and _is_right(sidecar, key):
        durable.write_whole(staged / home.keyfile.name, sidecar.read_bytes())
    durable.sync_folder(staged)


def mark(path: Path, key: bytes, name: str, value: bytes) -> None:
    """Write a fact into `meta` of a database that nobody uses, lower its running flag and leave it synced."""
    db = database.open_writer(path, key)
    try:
        with db:
            db.execute("REPLACE INTO meta VALUES (?, ?), ('running', x'00')", (name, value))
        db.pragma("wal_checkpoint(truncate)")
        db.pragma("journal_mode", "delete")  # one file: nothing beside it to be forgotten
    finally:
        db.close()
    with open(path, "r+b") as opened:
        durable.sync(opened.fileno())


def _is_right(keyfile: Path, key: bytes) -> bool:
    """Whether the key file that is here keeps this very key: then it stays, with its present passphrase."""
    try:
        return Keyfile.read(keyfile).is_key(key)
    except NotesError:
        return False


def staging(home: Home) -> Path:
    """The folder in which the next store is prepared."""
    return home.folder / ".restoring"


def _intent_path(home: Home) -> Path:
    return home.folder / "restoring.json"
