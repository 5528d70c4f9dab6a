"""Older databases move up whole or not at all; newer ones are left alone; each release's own can still be read."""

from __future__ import annotations

import shutil
from pathlib import Path

import apsw
import pytest

from notesapp.errors import StoreNewer
from notesapp.store import database, schema
from notesapp.store.blobs import Blobs
from notesapp.store.places import Home
from notesapp.store.store import Store
from tests.store.golden.make import CHUNK, CONTENT, EXTRAS, fill
from tests.store.work import KEY, NOTE, NOTEBOOK, batch, last_whole_commit, new_home

GOLDEN = Path(__file__).parent / "golden"
RELEASES = sorted(GOLDEN.glob("release-*.db"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path / "home")


def tables(db: apsw.Connection) -> dict[str, str | None]:
    return dict(db.execute("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name"))


def test_there_is_a_golden_database_of_each_version() -> None:
    versions = [f"release-{n}.db" for n in range(1, len(schema.STEPS) + 1)]
    assert [path.name for path in RELEASES] == versions, "make it: python -m tests.store.golden.make"


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_the_database_of_each_release_opens_with_everything_in_it(home: Home, release: Path) -> None:
    shutil.copy(release, home.database)
    with Store.open(home, KEY) as store:
        assert schema.version(store.db) == len(schema.STEPS)
        assert last_whole_commit(store) == 24
        assert list(store.records(NOTEBOOK)) == list(EXTRAS.records)
        assert list(store.cards()) == list(EXTRAS.cards)
        assert list(store.pending(NOTEBOOK)) == list(EXTRAS.pending)
        assert list(store.quarantine(NOTEBOOK)) == list(EXTRAS.quarantine)
        assert store.secret("seed") == b"secret"
        assert store.peers() == {b"device": b"address"}
        assert list(Blobs(store.db).read(CONTENT)) == [CHUNK]
        found = store.db.execute("SELECT count(*) FROM search_words WHERE search_words MATCH 'zimt'").fetchone()
        assert found == (1,)
        store.write(batch(25))
        assert last_whole_commit(store) == 25
        assert store.db.pragma("integrity_check") == "ok"


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_a_store_that_moved_up_has_the_same_tables_as_a_new_one(home: Home, tmp_path: Path, release: Path) -> None:
    """Fails when a released table is changed without a step (unreleased: make the golden database again)."""
    shutil.copy(release, home.database)
    with Store.open(home, KEY) as old, Store.open(new_home(tmp_path / "new"), KEY) as new:
        assert tables(old.db) == tables(new.db)


def _add_colour(db: apsw.Connection) -> None:
    db.execute("ALTER TABLE cards ADD COLUMN colour TEXT")
    db.execute("CREATE TABLE half(a)")


def _fail(db: apsw.Connection) -> None:
    raise apsw.FullError("no space left on device")


def test_a_migration_runs_once_after_a_backup_and_keeps_everything(home: Home) -> None:
    with Store.open(home, KEY) as store:
        fill(store)
        saved: list[tuple[int, bool]] = []

        def before(db: apsw.Connection, found: int) -> None:
            saved.append((found, "half" in tables(db)))

        steps = (*schema.STEPS, _add_colour)
        assert schema.bring_up(store.db, before, steps)
        assert saved == [(len(schema.STEPS), False)]
        assert schema.version(store.db) == len(steps)
        assert last_whole_commit(store) == 24
        assert not schema.bring_up(store.db, before, steps)
        assert len(saved) == 1


def test_a_new_store_needs_no_backup(home: Home) -> None:
    def before(db: apsw.Connection, found: int) -> None:
        raise AssertionError("there is nothing to save")

    Store.open(home, KEY, before_migration=before).close()


@pytest.mark.parametrize("what", ["step", "backup"])
def test_a_migration_that_fails_leaves_the_old_store_untouched(home: Home, what: str) -> None:
    with Store.open(home, KEY) as store:
        fill(store)
        was = tables(store.db)
        steps = (*schema.STEPS, _add_colour, _fail if what == "step" else _add_colour)

        def before(db: apsw.Connection, found: int) -> None:
            if what == "backup":
                raise apsw.FullError("no space left on device")

        with pytest.raises(apsw.FullError):
            schema.bring_up(store.db, before, steps)
        assert tables(store.db) == was
        assert schema.version(store.db) == len(schema.STEPS)
        assert not store.db.in_transaction
    with Store.open(home, KEY) as again:
        assert last_whole_commit(again) == 24


@pytest.mark.parametrize("clean", [True, False], ids=["clean", "with a WAL left by a crash"])
def test_a_newer_store_is_refused_and_not_a_byte_of_it_changed(home: Home, tmp_path: Path, clean: bool) -> None:
    store = Store.open(home, KEY)
    fill(store)
    store.db.pragma("user_version", 77)
    if clean:
        store.close()
    crashed = new_home(tmp_path / "crashed")
    names = ("notes.db", "notes.db-wal") if not clean else ("notes.db",)
    for name in names:
        shutil.copy(home.folder / name, crashed.folder / name)
    before = {name: (crashed.folder / name).read_bytes() for name in names}
    with pytest.raises(StoreNewer) as refusal:
        Store.open(crashed, KEY)
    assert "77" in refusal.value.sentence
    assert {name: (crashed.folder / name).read_bytes() for name in names} == before


def test_the_file_says_whose_it_is(home: Home) -> None:
    Store.open(home, KEY).close()
    db = database.open_reader(home.database, KEY)
    assert db.pragma("application_id") == schema.APPLICATION_ID
    db.close()


def test_a_kill_in_the_middle_of_a_migration_leaves_the_old_or_the_new_store(home: Home, tmp_path: Path) -> None:
    """What a kill leaves is what lies in the files at that moment: look at them inside the step."""
    store = Store.open(home, KEY)
    fill(store)
    copy = new_home(tmp_path / "copy")

    def step(db: apsw.Connection) -> None:
        _add_colour(db)
        db.cache_flush()
        for name in ("notes.db", "notes.db-wal"):
            shutil.copy(home.folder / name, copy.folder / name)

    schema.bring_up(store.db, steps=(*schema.STEPS, step))
    store.close()
    with Store.open(copy, KEY) as found:
        assert schema.version(found.db) == len(schema.STEPS)
        assert "half" not in tables(found.db)
        assert last_whole_commit(found) == 24
        assert NOTE in found.note_ids(NOTEBOOK)
