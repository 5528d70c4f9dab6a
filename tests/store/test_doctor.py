"""The doctor finds each ill that was made, and nothing in a healthy home."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from notesapp.store import backup, database, doctor, space
from notesapp.store.doctor import Level, examine
from notesapp.store.keyfile import Keyfile, Limits
from notesapp.store.places import Home
from tests.store.damage import DAY, KEY, NOW, filled_home, hurt, is_genuine, zero_pages


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = filled_home(tmp_path / "home", entries=20)
    Keyfile.wrap(made.keyfile, KEY, passphrase="correct horse", limits=_cheap())
    backup.make(made, KEY, NOW)
    return made


def _cheap() -> Limits:
    return Limits(rounds=1, memory_bytes=8 << 20)


def ills(home: Home, now_ms: int = NOW) -> dict[str, Level]:
    return {f.what: f.level for f in examine(home, KEY, now_ms, verify_entry=is_genuine) if f.level is not Level.OK}


def change(home: Home, sql: str) -> None:
    db = database.open_writer(home.database, KEY)
    db.execute(sql)
    db.close()


def test_a_healthy_home_has_no_ills(home: Home) -> None:
    findings = examine(home, KEY, NOW, verify_entry=is_genuine)
    assert {f.what: f.level for f in findings} == dict.fromkeys(
        ("store", "integrity", "snapshots", "search", "changes", "space", "backups", "key", "folder"), Level.OK
    )
    assert doctor.worst(findings) is Level.OK


def test_a_damaged_page(home: Home) -> None:
    hurt(home.database, zero_pages, 1)
    assert ills(home)["integrity"] is Level.BAD


def test_a_store_that_does_not_open(home: Home) -> None:
    home.database.write_bytes(b"x" * 10_000)
    found = examine(home, KEY, NOW)
    assert (found[0].what, found[0].level, bool(found[0].remedy)) == ("store", Level.BAD, True)


def test_a_store_that_is_gone(home: Home) -> None:
    home.database.unlink()
    assert ills(home)["store"] is Level.BAD


def test_a_rotten_snapshot(home: Home) -> None:
    change(home, "UPDATE snapshots SET data = x'00' WHERE rowid = (SELECT min(rowid) FROM snapshots)")
    assert ills(home) == {"snapshots": Level.WARN}


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM entries WHERE feed = 1 AND idx = 7",
        "DELETE FROM entries WHERE feed = 2 AND idx = 19",
        "UPDATE entries SET body = x'01' WHERE feed = 1 AND idx = 3",
    ],
)
def test_a_broken_chain(home: Home, sql: str) -> None:
    change(home, sql)
    assert ills(home) == {"changes": Level.BAD}


@pytest.mark.parametrize(
    "sql",
    ["UPDATE texts SET text = 'other' WHERE rowid = 3", "DELETE FROM texts WHERE rowid = 3", "DELETE FROM search_rows"],
)
def test_an_index_out_of_step(home: Home, sql: str) -> None:
    change(home, sql)
    assert ills(home) == {"search": Level.WARN}


def test_a_full_disk(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(space, "free_bytes", lambda folder: 50_000_000)
    assert ills(home) == {"space": Level.WARN}


def test_old_missing_and_damaged_backups(home: Home) -> None:
    assert ills(home, NOW + 2 * DAY) == {}
    assert ills(home, NOW + 4 * DAY) == {"backups": Level.WARN}
    hurt(backup.backups(home.backups)[0].path, zero_pages, 4)
    assert ills(home) == {"backups": Level.BAD}
    for path in home.backups.iterdir():
        path.unlink()
    assert ills(home) == {"backups": Level.WARN}


def test_a_key_without_protection(home: Home) -> None:
    Keyfile.read(home.keyfile).with_file(KEY)
    assert ills(home) == {"key": Level.WARN}
    home.keyfile.unlink()
    assert ills(home) == {"key": Level.BAD}


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights in lists, not in modes")
def test_what_others_may_read(home: Home) -> None:
    home.keyfile.chmod(0o644)
    home.folder.chmod(0o755)
    assert ills(home) == {"key": Level.BAD, "folder": Level.WARN}
