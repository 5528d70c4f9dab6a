"""The key file: who may read it and the store, and what is said when it is gone, garbled or replaced."""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from notesapp.errors import CannotWrite, KeyFileLost, StoreDamaged
from notesapp.node.node import Node
from notesapp.node.safekeeping import restore_backup, use_kit
from notesapp.store.places import Home
from notesapp.store.space import Reserve
from tests.node.conftest import OPEN, Opener


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
async def test_nobody_else_may_read_what_the_program_writes(opener: Opener, home: Home, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        node = await opener()
        await node.create_note(text="mine")
        Reserve(home.reserve, size_bytes=4096, comfort_bytes=0).take()
        await node.backup(tmp_path / "mine.db")
        files = [path for path in home.folder.rglob("*") if path.is_file()]
        files += [tmp_path / "mine.db", tmp_path / "mine.key"]
        assert {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in files} == {
            path.name: "0o600" for path in files
        }
        assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700
        assert {"notes.db", "reserve", "key.json"} <= {path.name for path in files}
        await node.close()
        home.database.chmod(0o644)  # as an older version made it
        await opener()
        assert stat.S_IMODE(home.database.stat().st_mode) == 0o600
    finally:
        os.umask(before)


@pytest.mark.parametrize("how", ["gone", "empty", "garbled", "folder", "gone with the store"])
async def test_a_lost_key_file_points_at_the_backups_and_the_kit_and_both_bring_the_notes_back(
    opener: Opener, home: Home, how: str
) -> None:
    node = await opener()
    await node.create_note(text="mine")
    made = await node.backup()
    await node.close()
    home.keyfile.unlink()
    match how:
        case "empty":
            home.keyfile.touch()
        case "garbled":
            home.keyfile.write_bytes(b"{\xff")
        case "folder":
            home.keyfile.mkdir()
        case "gone with the store":
            for file in home.folder.glob("notes.db*"):
                file.unlink()
    with pytest.raises(KeyFileLost) as refusal:
        await Node.open(home, OPEN)
    assert str(home.backups) in refusal.value.sentence
    assert "recovery-kit" in refusal.value.sentence
    assert home.keyfile.exists() == (how in ("empty", "garbled", "folder")), "a new key would lock the notes away"
    if how == "folder":
        restore_backup(home, made.path, OPEN)
    else:
        shutil.copyfile(made.key_path, home.keyfile)
    node = await opener()
    assert [view.title for view in node.notes()] == ["mine"]


async def test_a_store_that_is_gone_without_a_backup_is_told_truly(opener: Opener, home: Home) -> None:
    node = await opener()
    await node.create_note(text="mine")
    await node.close()
    for file in home.folder.glob("notes.db*"):
        file.unlink()
    with pytest.raises(StoreDamaged, match="its file is gone, and no backup") as refusal:
        await Node.open(home, OPEN)
    assert "kept at" not in refusal.value.sentence


async def test_a_folder_in_place_of_the_lock_is_told_truly(home: Home) -> None:
    home.prepare()
    home.lockfile.mkdir()
    with pytest.raises(CannotWrite, match="a folder of that name"):
        await Node.open(home, OPEN)


async def test_the_kit_says_that_the_passphrase_protects_no_more(home: Home) -> None:
    node = await Node.open(home, replace(OPEN, passphrase="four words are enough"))
    kit = " ".join(node.recovery_kit())
    await node.close()
    said = use_kit(home, replace(OPEN, kit=kit))
    assert "old passphrase no longer protects" in said
    assert "`notesapp passphrase`" in said
    assert "no longer" not in use_kit(home, replace(OPEN, kit=kit, passphrase="another one"))
