"""Damaged stores heal or say what they lost; nothing is taken for damage that is none."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import apsw
import pytest

from notesapp.errors import CannotWrite, NotesError, StoreDamaged, StoreNewer
from notesapp.store import backup, chains, database, recovery
from notesapp.store.aftermath import TELL_MS, ago, is_suspected, remember, seen, suspect, untold
from notesapp.store.places import Home
from notesapp.store.recovery import Report, heal, open_store
from notesapp.store.rows import Batch, Mark
from notesapp.store.store import Store
from tests.store.damage import (
    DAMAGES,
    DAY,
    KEY,
    NOW,
    TABLES,
    Damage,
    Rows,
    copy_home,
    cut_off,
    filled_home,
    flip_bits,
    hurt,
    is_genuine,
    lost_in_silence,
    overwrite,
    rows_of,
    survives,
    write_some,
    zero_pages,
)


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Rows]:
    """A home that was closed cleanly, and all that it holds."""
    home = filled_home(tmp_path_factory.mktemp("closed") / "home")
    return home, rows_of(home)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Rows, dict[bytes, Mark]]:
    """A home as a kill leaves it: many saves are in the log only. With the marks of the high-water file."""
    folder = tmp_path_factory.mktemp("killed")
    home = filled_home(folder / "running", entries=60)
    rng = random.Random(5)
    store = Store.open(home, KEY)
    for _ in range(12):
        write_some(store, rng, rng.randrange(3), 8)
    after = copy_home(home, folder / "home")
    store.close()
    feeds: list[Any] = [bytes([n]) * 16 for n in range(3)]
    reader = Store.open_reader(home, KEY)
    marks = {feed: mark for feed in feeds if (mark := reader.head(feed))}
    reader.close()
    return after, rows_of(home), marks


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("part", range(4))
def test_damage_in_the_database_never_loses_a_row_in_silence(
    tmp_path: Path, closed: tuple[Home, Rows], damage: Damage, part: int
) -> None:
    for seed in range(part * 5, part * 5 + 5):
        survives(tmp_path / str(seed), *closed, damage, seed)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_thousand_damages_lose_no_row_in_silence(tmp_path: Path, closed: tuple[Home, Rows]) -> None:
    for seed in range(1000, 2000):
        survives(tmp_path / str(seed), *closed, DAMAGES[seed % len(DAMAGES)], seed)


@pytest.mark.parametrize("damage", [flip_bits, zero_pages, overwrite], ids=lambda damage: damage.__name__)
def test_damage_in_the_log_never_loses_a_save_in_silence(
    tmp_path: Path, killed: tuple[Home, Rows, dict[bytes, Mark]], damage: Damage
) -> None:
    base, before, marks = killed
    healed = 0
    for seed in range(12):
        home = copy_home(base, tmp_path / str(seed))
        hurt(home.database.with_name("notes.db-wal"), damage, seed)
        store, report = open_store(home, KEY, NOW, verify_entry=is_genuine, marked=marks.get)
        assert store.db.pragma("integrity_check") == "ok"
        store.close()
        after = rows_of(home)
        if after["entries"] != before["entries"]:
            assert report.missing_own or report.tallies["entries"].lost, f"seed {seed}"
        if report.tallies:
            assert lost_in_silence(before, after, report) == []
            healed += 1
        assert after["entries"] <= before["entries"]
        shutil.rmtree(home.folder)
    assert healed  # SQLite alone would have dropped those saves and said nothing


def test_a_cut_off_log_is_told_by_the_high_water_mark(
    tmp_path: Path, killed: tuple[Home, Rows, dict[bytes, Mark]]
) -> None:
    base, before, marks = killed
    for seed in range(6):
        home = copy_home(base, tmp_path / str(seed))
        hurt(home.database.with_name("notes.db-wal"), cut_off, seed)
        store, report = open_store(home, KEY, NOW, verify_entry=is_genuine, marked=marks.get)
        store.close()
        lost = len(before["entries"]) - len(rows_of(home)["entries"])
        assert report.missing_own == lost
        assert report.healthy == (lost == 0)


def test_a_kill_without_damage_is_no_damage(tmp_path: Path, killed: tuple[Home, Rows, dict[bytes, Mark]]) -> None:
    base, before, marks = killed
    home = copy_home(base, tmp_path / "home")
    store, report = open_store(home, KEY, NOW, verify_entry=is_genuine, marked=marks.get)
    assert report == Report()
    assert store.unclean
    store.close()
    assert rows_of(home) == before
    assert not home.rescued.exists()


@pytest.mark.parametrize("page", [0, 1, 2, 4, 5, 7, 8])
def test_the_first_pages_can_all_be_lost(tmp_path: Path, closed: tuple[Home, Rows], page: int) -> None:
    base, before = closed
    home = copy_home(base, tmp_path / "home")
    data = bytearray(home.database.read_bytes())
    data[page * 4096 : page * 4096 + 4096] = bytes(4096)
    home.database.write_bytes(data)
    store, report = open_store(home, KEY, NOW, verify_entry=is_genuine, check=True)
    store.close()
    after = rows_of(home)
    assert lost_in_silence(before, after, report) == []
    if page == 0:  # the list of tables is made again, all rows are there
        assert {table: after[table] == before[table] for table in TABLES} == dict.fromkeys(TABLES, True)


def test_a_lost_first_page_of_a_restored_store_heals_too(tmp_path: Path, closed: tuple[Home, Rows]) -> None:
    base, before = closed
    home = copy_home(base, tmp_path / "home")
    made = backup.make(home, KEY, NOW)
    home.database.write_bytes(made.path.read_bytes())
    shutil.rmtree(home.backups)
    hurt(home.database, lambda rng, data: data.__setitem__(slice(0, 4096), bytes(4096)), 0)
    store, report = open_store(home, KEY, NOW, verify_entry=is_genuine)
    store.close()
    assert not report.healthy
    assert rows_of(home)["entries"] == before["entries"]


def test_holes_are_filled_from_the_last_backup(tmp_path: Path, closed: tuple[Home, Rows]) -> None:
    base, before = closed
    home = copy_home(base, tmp_path / "home")
    backup.make(home, KEY, NOW - DAY)
    for seed in range(3):
        hurt(home.database, zero_pages, seed)
    store, report = open_store(home, KEY, NOW, verify_entry=is_genuine, check=True)
    store.close()
    after = rows_of(home)
    assert {table: len(before[table] - after[table]) for table in TABLES} == dict.fromkeys(TABLES, 0)
    assert any("from the last backup" in sentence for sentence in report.sentences)


def test_without_anything_readable_the_last_backup_takes_the_place(tmp_path: Path, closed: tuple[Home, Rows]) -> None:
    base, before = closed
    home = copy_home(base, tmp_path / "home")
    made = backup.make(home, KEY, NOW - DAY)
    noise = random.Random(1).randbytes(500_000)
    home.database.write_bytes(noise)
    store, report = open_store(home, KEY, NOW, verify_entry=is_genuine)
    store.close()
    assert report.restored
    assert any("24 hours ago" in sentence for sentence in report.sentences)
    assert rows_of(home)["entries"] == before["entries"]
    assert report.kept is not None
    assert (report.kept / "notes.db").read_bytes() == noise
    assert made.path.exists()


def test_without_anything_readable_nor_a_backup_nothing_is_touched(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    noise = random.Random(2).randbytes(300_000)
    home.database.write_bytes(noise)
    with pytest.raises(StoreDamaged) as caught:
        open_store(home, KEY, NOW)
    assert "no backup" in str(caught.value)
    assert home.database.read_bytes() == noise
    assert [path.name for path in home.folder.iterdir()] == ["notes.db"]


@pytest.mark.parametrize("what", ["gone", "empty"])
def test_a_vanished_database_is_not_a_first_start(tmp_path: Path, closed: tuple[Home, Rows], what: str) -> None:
    base, before = closed
    home = copy_home(base, tmp_path / "home")
    backup.make(home, KEY, NOW)
    if what == "gone":
        home.database.unlink()
    else:
        home.database.write_bytes(b"")
    store, report = open_store(home, KEY, NOW + DAY)
    store.close()
    assert report.restored
    assert rows_of(home)["texts"] == before["texts"]


def test_a_first_start_is_healthy(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    assert heal(home, KEY, NOW).healthy


def test_entries_that_are_not_genuine_end_the_feed(tmp_path: Path, closed: tuple[Home, Rows]) -> None:
    base, _ = closed
    home = copy_home(base, tmp_path / "home")
    db = database.open_writer(home.database, KEY)
    db.execute("UPDATE entries SET body = x'00' WHERE feed = 1 AND idx = 100")
    db.close()
    hurt(home.database, lambda rng, data: data.__setitem__(slice(0, 4096), bytes(4096)), 0)
    store, report = open_store(home, KEY, NOW, verify_entry=is_genuine)
    mark = store.head(bytes(16))
    store.close()
    assert mark is not None
    assert mark.index == 99
    assert report.set_aside == 199
    assert report.tallies["entries"].lost == 1


def test_what_was_set_aside_serves_its_notes_and_comes_back_when_the_hole_is_filled(
    tmp_path: Path, closed: tuple[Home, Rows]
) -> None:
    base, before = closed
    home = copy_home(base, tmp_path / "home")
    with Store.open(home, KEY) as store:
        (lost,) = store.entries(bytes(16), 100, 100)
        notes = {entry.note_id for entry in store.entries(bytes(16), 101)}
        store.db.execute("DELETE FROM entries WHERE feed = 1 AND idx = 100")
    hurt(home.database, lambda rng, data: data.__setitem__(slice(0, 4096), bytes(4096)), 0)
    store, report = open_store(home, KEY, NOW, verify_entry=is_genuine)
    assert (report.set_aside, report.tallies["entries"].lost) == (199, 1)
    assert sum(len(list(chains.aside(store.db, note_id))) for note_id in notes if note_id) == 199
    assert chains.put_back(store.db, lambda entry, before: True) == ()
    store.write(Batch(entries=(lost,)))  # a peer had it
    assert len(chains.put_back(store.db, lambda entry, before: True)) == 199
    assert list(chains.aside(store.db)) == []
    assert list(chains.breaks(store.db, is_genuine)) == []
    store.close()
    assert rows_of(home)["entries"] == before["entries"]


def test_a_file_that_ends_too_early_does_not_read_as_zeros(
    tmp_path: Path, killed: tuple[Home, Rows, dict[bytes, Mark]]
) -> None:
    base, before, marks = killed
    for seed in (110, 170, 3, 7):
        home = copy_home(base, tmp_path / str(seed))
        hurt(home.database, cut_off, seed)
        hurt(home.database.with_name("notes.db-wal"), cut_off, seed)
        store, _ = open_store(home, KEY, NOW, verify_entry=is_genuine, marked=marks.get, check=True)
        store.close()
        assert rows_of(home)["entries"] <= before["entries"]


def test_no_memory_a_lock_or_a_full_disk_is_no_damage(
    tmp_path: Path, closed: tuple[Home, Rows], monkeypatch: pytest.MonkeyPatch
) -> None:
    base, _ = closed
    home = copy_home(base, tmp_path / "home")
    before = home.database.read_bytes()
    troubles = (apsw.NoMemError, apsw.BusyError, apsw.InterruptError, apsw.IOError, apsw.FullError, MemoryError)
    for trouble in troubles:

        def fail(*_: object, trouble: type[Exception] = trouble, **__: object) -> None:
            raise trouble("made up")

        monkeypatch.setattr(Store, "open", fail)
        with pytest.raises((trouble, NotesError)) as caught:
            open_store(home, KEY, NOW)
        assert not isinstance(caught.value, StoreDamaged)
        monkeypatch.undo()
        assert not home.rescued.exists()
        assert home.database.read_bytes() == before


def test_trouble_in_the_middle_of_repairing_leaves_the_files(
    tmp_path: Path, closed: tuple[Home, Rows], monkeypatch: pytest.MonkeyPatch
) -> None:
    base, _ = closed
    home = copy_home(base, tmp_path / "home")
    hurt(home.database, zero_pages, 3)
    before = home.database.read_bytes()

    def fail(*_: object) -> None:
        raise apsw.FullError("made up")

    monkeypatch.setattr(recovery, "salvage", fail)
    with pytest.raises(NotesError) as caught:
        open_store(home, KEY, NOW, check=True)
    assert not isinstance(caught.value, (StoreDamaged, CannotWrite))
    assert not home.rescued.exists()
    monkeypatch.undo()
    assert len(before) == home.database.stat().st_size
    store, report = open_store(home, KEY, NOW, check=True, verify_entry=is_genuine)
    store.close()
    assert report.kept


def test_a_newer_store_is_refused_and_not_healed(tmp_path: Path, closed: tuple[Home, Rows]) -> None:
    base, _ = closed
    home = copy_home(base, tmp_path / "home")
    db = database.open_writer(home.database, KEY)
    db.pragma("user_version", 999)
    db.close()
    with pytest.raises(StoreNewer):
        open_store(home, KEY, NOW)
    assert not home.rescued.exists()


def test_the_whole_check_comes_each_week(tmp_path: Path, closed: tuple[Home, Rows]) -> None:
    base, _ = closed
    home = copy_home(base, tmp_path / "home")
    open_store(home, KEY, NOW)[0].close()
    data = bytearray(home.database.read_bytes())
    data[-2000] ^= 1
    home.database.write_bytes(data)
    store, report = open_store(home, KEY, NOW + 6 * DAY)
    store.close()
    assert report.healthy  # nobody has looked there yet
    store, report = open_store(home, KEY, NOW + 8 * DAY, verify_entry=is_genuine)
    store.close()
    assert not report.healthy


def test_damage_that_showed_while_the_program_ran_is_looked_for_at_the_next_start(
    tmp_path: Path, closed: tuple[Home, Rows]
) -> None:
    base, _ = closed
    home = copy_home(base, tmp_path / "home")
    open_store(home, KEY, NOW)[0].close()
    store, report = open_store(home, KEY, NOW + DAY)
    store.close()
    suspect(home)
    assert report.healthy
    data = bytearray(home.database.read_bytes())
    data[-2000] ^= 1
    home.database.write_bytes(data)
    store, report = open_store(home, KEY, NOW + DAY, verify_entry=is_genuine)
    assert not report.healthy
    assert not is_suspected(home)
    assert untold(store, NOW + DAY) == tuple(report.sentences)
    assert untold(store, NOW + DAY + TELL_MS) == ()
    remember(store, ("And again.",), NOW + 2 * DAY)
    assert untold(store, NOW + 2 * DAY) == (*report.sentences, "And again.")
    seen(store.db)
    assert untold(store, NOW + 2 * DAY) == ()
    store.close()


def test_how_long_ago_is_said_as_people_say_it() -> None:
    hour = 3_600_000
    said = [ago(passed) for passed in (-5, hour - 1, hour, 2 * hour, 47 * hour, 48 * hour)]
    assert said == ["less than an hour ago"] * 2 + ["1 hour ago", "2 hours ago", "47 hours ago", "2 days ago"]
