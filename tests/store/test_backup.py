"""A backup opens by itself, and putting one back never loses what stands there."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path
from typing import Any

import pytest

from notesapp.errors import CannotWrite, NoRoomForBackup, NotABackup, StoreDamaged, StoreNewer
from notesapp.store import backup, database, durable, restore, space
from notesapp.store.keyfile import Keyfile, Limits
from notesapp.store.places import Home
from notesapp.store.recovery import open_store
from notesapp.store.store import Store
from tests.store.damage import DAY, KEY, NOW, cut_off, filled_home, flip_bits, hurt, rows_of, write_some, zero_pages

CHEAP = Limits(rounds=1, memory_bytes=8 << 20)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = filled_home(tmp_path / "home", entries=30)
    Keyfile.wrap(made.keyfile, KEY, passphrase="correct horse", limits=CHEAP, recovery={"kit": b"wrapped"})
    return made


def test_a_backup_holds_everything_and_is_encrypted(home: Home) -> None:
    made = backup.make(home, KEY, NOW)
    assert backup.prove(made.path, KEY, whole=True).rows["entries"] == 90
    assert b"SQLite format" not in made.path.read_bytes()[:100]
    assert backup.backups(home.backups) == (made,)
    if os.name == "posix":
        assert made.path.stat().st_mode & 0o077 == 0


def test_a_backup_can_be_made_beside_the_running_program(home: Home) -> None:
    with Store.open(home, KEY) as store:
        write_some(store, random.Random(1), 1, 10)
        made = backup.make(home, KEY, NOW)
        write_some(store, random.Random(2), 1, 10)
    assert backup.prove(made.path, KEY).rows["entries"] == 100


def test_it_opens_on_a_new_computer_with_the_passphrase(home: Home, tmp_path: Path) -> None:
    made = backup.make(home, KEY, NOW)
    before = rows_of(home)
    usb = tmp_path / "usb"
    usb.mkdir()
    for path in (made.path, made.key_path):
        (usb / path.name).write_bytes(path.read_bytes())
    file = usb / made.path.name
    there = Home(tmp_path / "new computer")
    there.prepare()
    key = Keyfile.read(file.with_suffix(".key")).unlock("correct horse")
    restored = restore.restore(file, there, key, NOW + DAY)
    assert restored.aside is None
    assert Keyfile.read(there.keyfile).unlock("correct horse") == KEY
    assert Keyfile.read(there.keyfile).recovery("kit") == b"wrapped"
    store, report = open_store(there, key, NOW + DAY)
    told = store.db.execute("SELECT value FROM meta WHERE name = ?", (restore.RESTORED,)).get
    store.close()
    assert report.healthy
    assert told == str(NOW + DAY).encode()  # the node goes on as a new device
    assert rows_of(there) == before


def test_the_present_store_moves_aside(home: Home) -> None:
    made = backup.make(home, KEY, NOW)
    with Store.open(home, KEY) as store:
        write_some(store, random.Random(1), 1, 10)
    present = rows_of(home)
    restored = restore.restore(made.path, home, KEY, NOW)
    assert restored.aside is not None
    assert str(restored.aside) in restored.sentence
    assert len(rows_of(home)["entries"]) == 90
    old = Home(restored.aside)
    assert rows_of(old) == present
    again = restore.restore(made.path, home, KEY, NOW)
    assert again.aside not in (None, restored.aside)


def test_a_present_key_file_for_the_same_key_stays(home: Home) -> None:
    made = backup.make(home, KEY, NOW)
    Keyfile.read(home.keyfile).with_passphrase(KEY, "a newer one", limits=CHEAP)
    restore.restore(made.path, home, KEY, NOW)
    assert Keyfile.read(home.keyfile).unlock("a newer one") == KEY


def test_another_persons_key_file_moves_aside(home: Home, tmp_path: Path) -> None:
    made = backup.make(home, KEY, NOW)
    other = Home(tmp_path / "other")
    other.prepare()
    _, other_key = Keyfile.create(other.keyfile, passphrase="other", limits=CHEAP)
    Store.open(other, other_key).close()
    restored = restore.restore(made.path, other, KEY, NOW)
    assert Keyfile.read(other.keyfile).unlock("correct horse") == KEY
    assert restored.aside is not None
    assert Keyfile.read(restored.aside / "key.json").unlock("other") == other_key


class Killed(BaseException):
    """The program is gone."""


@pytest.mark.parametrize("at", range(12))
def test_a_kill_at_any_step_of_a_restore_loses_nothing(home: Home, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    made = backup.make(home, KEY, NOW)
    backed = rows_of(home)
    with Store.open(home, KEY) as store:
        write_some(store, random.Random(1), 1, 10)
    present = rows_of(home)
    steps = 0
    real_replace, real_unlink = os.replace, Path.unlink

    def replace(source: Any, target: Any) -> None:
        nonlocal steps
        if (steps := steps + 1) > at:
            raise Killed
        real_replace(source, target)

    def unlink(path: Path, missing_ok: bool = False) -> None:
        nonlocal steps
        if path.name == "restoring.json" and (steps := steps + 1) > at:
            raise Killed
        real_unlink(path, missing_ok)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(Path, "unlink", unlink)
    try:
        restore.restore(made.path, home, KEY, NOW)
        killed = False
    except Killed:
        killed = True
    monkeypatch.undo()
    restore.finish(home)
    now = rows_of(home)
    if now == present:
        assert killed
    else:
        assert now == backed
        (aside,) = home.rescued.iterdir()
        assert rows_of(Home(aside)) == present
    assert at < 11 or not killed, "not every step was tried"
    assert not (home.folder / ".restoring").exists()


@pytest.mark.parametrize("damage", [flip_bits, zero_pages, cut_off], ids=lambda damage: damage.__name__)
def test_a_damaged_backup_is_refused_and_nothing_is_touched(home: Home, damage: Any) -> None:
    made = backup.make(home, KEY, NOW)
    whole = made.path.read_bytes()
    present = {path: path.read_bytes() for path in home.folder.iterdir() if path.is_file()}
    for seed in range(8):
        made.path.write_bytes(whole)
        hurt(made.path, damage, seed)
        with pytest.raises(NotABackup):
            restore.restore(made.path, home, KEY, NOW)
        assert {path: path.read_bytes() for path in home.folder.iterdir() if path.is_file()} == present


def test_what_is_no_backup_is_told_in_a_sentence(home: Home, tmp_path: Path) -> None:
    import sqlite3

    text = tmp_path / "notes.txt"
    text.write_text("dear diary " * 1000)
    plain = tmp_path / "plain.db"
    with sqlite3.connect(plain) as opened:
        opened.execute("CREATE TABLE t(x)")
    foreign = tmp_path / "foreign.db"
    db = database.open_writer(foreign, KEY)
    db.execute("CREATE TABLE t(x)")
    db.close()
    empty = tmp_path / "empty.db"
    empty.touch()
    for path, words in (
        (text, "not a backup"),
        (plain, "another program"),
        (foreign, "holds no notes"),
        (empty, "empty"),
        (tmp_path / "none", "no such file"),
        (tmp_path, "no such file"),
    ):
        with pytest.raises(NotABackup, match=words):
            restore.restore(path, home, KEY, NOW)
    with pytest.raises(NotABackup, match="another key"):
        restore.restore(backup.make(home, KEY, NOW).path, home, b"x" * 32, NOW)


def test_a_newer_backup_is_refused(home: Home) -> None:
    made = backup.make(home, KEY, NOW)
    db = database.open_writer(made.path, KEY)
    db.pragma("journal_mode", "delete")
    db.pragma("user_version", 99)
    db.close()
    with pytest.raises(StoreNewer):
        restore.restore(made.path, home, KEY, NOW)


def test_never_without_free_space(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    made = backup.make(home, KEY, NOW)
    monkeypatch.setattr(space, "free_bytes", lambda folder: 200 << 20)
    with pytest.raises(NoRoomForBackup):
        backup.make(home, KEY, NOW + DAY)
    with pytest.raises(NoRoomForBackup):
        restore.restore(made.path, home, KEY, NOW)
    assert backup.backups(home.backups) == (made,)


def test_a_damaged_store_makes_no_backup_and_keeps_the_old_ones(home: Home) -> None:
    old = backup.make(home, KEY, NOW)
    for seed in range(4):
        hurt(home.database, zero_pages, seed)
    with pytest.raises((StoreDamaged, NotABackup)):
        backup.make(home, KEY, NOW + DAY)
    assert backup.backups(home.backups) == (old,)
    assert not list(home.backups.glob(".*"))


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() == 0, reason="root and Windows write everywhere")
def test_a_folder_that_cannot_be_written_is_told(home: Home) -> None:
    home.folder.chmod(0o500)
    with pytest.raises(CannotWrite):
        backup.make(home, KEY, NOW)


def test_a_write_that_fails_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(durable, "sync", fail)
    with pytest.raises(CannotWrite, match="Input/output"):
        backup.make(home, KEY, NOW)
    assert backup.backups(home.backups) == ()


def test_what_a_killed_backup_left_is_cleaned_up(home: Home) -> None:
    home.backups.mkdir()
    (home.backups / ".notes-20260101T000000000Z-daily.db.partial").write_bytes(b"half")
    made = backup.make(home, KEY, NOW)
    assert sorted(path.name for path in home.backups.iterdir()) == sorted((made.path.name, made.key_path.name))


def test_one_is_due_each_day(home: Home) -> None:
    assert backup.is_due(home.backups, NOW)
    backup.make(home, KEY, NOW)
    assert not backup.is_due(home.backups, NOW + 3600_000)
    assert backup.is_due(home.backups, NOW + DAY)
    assert backup.is_due(home.backups, NOW - 1)  # the clock was wrong then


def test_seven_days_and_four_weeks_are_kept() -> None:
    daily = [backup.Backup(Path(f"{n}"), NOW - n * DAY, "daily", 1) for n in range(100)]
    ages = sorted((NOW - kept.made_ms) // DAY for kept in backup.kept(daily))
    assert ages[:7] == list(range(7))
    assert 9 <= len(ages) <= 11
    assert 15 <= ages[-1] <= 27  # the last one of the fourth week
    often = [backup.Backup(Path(f"{n}"), NOW - n * 3600_000, "daily", 1) for n in range(50)]
    assert often[0] in backup.kept(often)
    assert len(backup.kept(often)) <= 4
    special = [backup.Backup(Path("m"), NOW - 90 * DAY, "migration", 1), *daily]
    assert special[0] in backup.kept(special)


def test_thinning_out_every_day_ends_with_the_same_picture(home: Home) -> None:
    first = backup.make(home, KEY, NOW)
    data = first.path.read_bytes()
    for day in range(1, 60):
        path = home.backups / backup._name(NOW + day * DAY, "daily")
        path.write_bytes(data[:10])
        backup.thin_out(home.backups, NOW + day * DAY)
    ages = [(NOW + 59 * DAY - kept.made_ms) // DAY for kept in backup.backups(home.backups)]
    assert ages[:7] == list(range(7))
    assert 9 <= len(ages) <= 11
    assert not first.path.exists()
    assert not first.key_path.exists()


def test_a_migration_makes_one_first(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from notesapp.store import schema

    steps = (*schema.STEPS, lambda db: db.execute("CREATE TABLE later(x)"))
    with Store.open(home, KEY) as store:
        schema.bring_up(store.db, lambda db, found: (backup.make(home, KEY, NOW, "migration"), None)[1], steps)
    (made,) = backup.backups(home.backups)
    assert made.reason == "migration"
    assert backup.prove(made.path, KEY).version == 1


def test_large_backups_are_fewer_and_the_newest_two_always_stay() -> None:
    day = 24 * 3600 * 1000
    found = [backup.Backup(Path(f"{number}.db"), number * day, "daily", 1000) for number in range(7)]
    assert [b.made_ms // day for b in sorted(backup.within(found, 3_500), key=lambda b: b.made_ms)] == [4, 5, 6]
    assert [b.made_ms // day for b in sorted(backup.within(found, 0), key=lambda b: b.made_ms)] == [5, 6]
    assert backup.within(found, 7_000) == frozenset(found)
