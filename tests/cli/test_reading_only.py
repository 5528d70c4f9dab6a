"""A full or read-only disk without a running Notesapp: what is there can be read, and writing is refused."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from notesapp.node import reading
from tests.cli.conftest import Ended, Run
from tests.store.test_disk_full import fill, mounted


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for a backup."""
    yield from mounted(tmp_path / "small", 230)


@pytest.fixture
def home(small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home on a disk of its own, with one note in it, and a folder for copies that no other program uses."""
    monkeypatch.setenv("NOTESAPP_KEYRING", "off")
    monkeypatch.delenv("NOTESAPP_PASSPHRASE", raising=False)
    (tmp_path / "copies").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "copies"))
    return small_disk / "home"


def no_room_left(disk: Path) -> None:
    fill(disk / "film")
    (disk / "home" / "reserve").unlink(missing_ok=True)
    fill(disk / "another film")


def write_protected(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


def refused(ended: Ended) -> None:
    assert ended.code == 6, ended
    assert ended.out == ""
    assert len(ended.err.strip().splitlines()) == 1, ended.err
    assert ended.err.startswith("notesapp: ")


def copies() -> set[str]:
    return {name for name in os.listdir(tempfile.gettempdir()) if name.startswith(reading._PREFIX)}


@pytest.mark.parametrize("spoil", [no_room_left, write_protected])
def test_notes_are_read_and_nothing_is_written(
    notesapp: Run, small_disk: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    notesapp("new", "# Plan\n\nmilk\n", "--folder", "home")
    (tmp_path / "p.png").write_bytes(b"picture")
    notesapp("attach", str(tmp_path / "p.png"), "--note", "Plan")
    notesapp("backup")
    text = notesapp("cat", "Plan").out
    before = copies()
    spoil(small_disk)

    assert notesapp("cat", "Plan").out == text
    assert [row["title"] for row in notesapp("ls", "--json").json] == ["Plan"]
    assert notesapp("search", "milk", "--json").json["total"] == 1
    exported = notesapp("export", str(tmp_path / "out"))
    assert exported.code == 0
    assert "“" in exported.err, "it is said why nothing could be written now"
    assert (tmp_path / "out" / "home" / "Plan.md").read_text() == text
    assert (tmp_path / "out" / "p.png").read_bytes() == b"picture"
    assert len(notesapp("history", "Plan", "--json").json) == 1
    assert notesapp("backup", "list", "--json").json[0]["path"].startswith(str(small_disk / "home" / "backups"))
    doctor = notesapp("doctor", "--json")
    assert doctor.code == 9
    assert doctor.json[0]["state"] == "bad"
    assert reading._PREFIX not in doctor.out

    refused(notesapp("append", "Plan", "eggs"))
    refused(notesapp("new", "# Beans"))
    refused(notesapp("trash", "Plan"))
    refused(notesapp("backup"))
    refused(notesapp("import", str(tmp_path / "out")))
    refused(notesapp("edit", "Plan"))
    assert notesapp("me").code == notesapp("tag", "Plan").code == 0
    refused(notesapp("me", "--name", "Bob"))
    refused(notesapp("tag", "Plan", "garden"))
    assert copies() == before
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    for film in small_disk.glob("*film"):
        film.unlink()
    assert notesapp("append", "Plan", "eggs").code == 0
    assert notesapp("cat", "Plan").out == text + "eggs\n"


def test_a_first_start_on_a_read_only_disk_is_refused(notesapp: Run, small_disk: Path) -> None:
    write_protected(small_disk)
    refused(notesapp("ls"))


def test_notes_that_nobody_has_room_to_copy_are_refused(
    notesapp: Run, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notesapp("new", "# Plan")
    write_protected(small_disk)
    monkeypatch.setattr(reading, "_SPARE_BYTES", 1 << 60)
    refused(notesapp("ls"))
