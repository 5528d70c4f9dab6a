"""Backups put in place, damaged stores and lost marks: what the node makes of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from notesapp.errors import StoreDamaged
from notesapp.node.node import Node
from notesapp.node.safekeeping import restore_backup
from notesapp.store.places import Home
from notesapp.store.store import Store
from tests.node.conftest import OPEN, Opener


async def test_a_restored_backup_goes_on_as_a_new_device_with_a_new_feed(opener: Opener, home: Home) -> None:
    node = await opener()
    notebook = node.default_notebook
    kept = await node.create_note(text="before the backup")
    await node.attach(notebook, b"picture", "p.png")
    made = await node.backup()
    lost = await node.create_note(text="after the backup")
    old = node._core.persona.device.device_id
    await node.close()
    restore_backup(home, made.path, OPEN)
    node = await opener()
    assert [view.note_id for view in node.notes()] == [kept]
    assert lost not in {view.note_id for view in node.notes()}
    new = node._core.persona.device.device_id
    assert new != old
    assert {device.device_id for device in node._core.persona.log.active} == {old, new}
    again = await node.create_note(text="after the restore")
    assert len(await node._core.journal.read(lambda store: store.frontier(notebook))) == 2
    node = await opener()
    assert node._core.persona.device.device_id == new
    assert (await node.open_note(again)).text == "after the restore"
    assert (await node.open_note(kept)).text == "before the backup"
    assert await node.read_attachment(notebook, "p.png") == b"picture"
    assert [finding.sentence for finding in await node.doctor() if finding.level == "bad"] == []


async def test_a_backup_opens_on_another_computer_with_the_kit(opener: Opener, home: Home, tmp_path: Path) -> None:
    node = await opener()
    await node.create_note(text="mine")
    kit = " ".join(node.recovery_kit())
    made = await node.backup(tmp_path / "carried.db")
    await node.close()
    other = Home(tmp_path / "other")
    restore_backup(other, made.path, replace(OPEN, kit=kit))
    node = await Node.open(other, OPEN)
    assert [view.title for view in node.notes()] == ["mine"]
    await node.close()


async def test_a_damaged_store_is_healed_and_its_notes_listed(opener: Opener, home: Home) -> None:
    node = await opener()
    ids = [await node.create_note(text=f"# Note {number}\n\n" + "words " * 400) for number in range(30)]
    await node.backup()
    await node.close()
    data = bytearray(home.database.read_bytes())
    for page in range(6, len(data) // 4096, 11):
        data[page * 4096 : page * 4096 + 512] = bytes(512)
    home.database.write_bytes(data)
    node = await opener()
    assert node.report.sentences
    assert list(node.troubles.values()) == node.report.sentences
    await node.search("words")
    there = {view.note_id: view.title for view in node.notes()}
    assert there == {note_id: f"Note {number}" for number, note_id in enumerate(ids)}
    for number, note_id in enumerate(ids):
        assert (await node.open_note(note_id)).text.startswith(f"# Note {number}\n")
        node.close_note(note_id)
    assert (await node.search("words")).total == 30
    await node.create_note(text="and on it goes")
    node = await opener()
    assert len(node.notes()) == 31


async def test_what_a_repair_did_is_told_at_each_start_until_a_person_saw_it_in_the_doctor(
    opener: Opener, home: Home
) -> None:
    node = await opener()
    await node.create_note(text="before")
    await node.backup()
    await node.create_note(text="after")
    await node.close()
    for file in home.folder.glob("notes.db*"):
        file.unlink()
    node = await opener()
    assert any("its file is gone" in sentence for sentence in node.notices)
    assert any("less than an hour ago" in sentence for sentence in node.notices)
    first = node.notices
    node = await opener()
    assert node.report.sentences == []
    assert node.notices == first
    assert tuple(node.troubles.values()) == first
    told = [finding.sentence for finding in await node.doctor() if finding.what == "repair"]
    assert tuple(told) == first
    assert (node.notices, node.troubles) == ((), {})
    node = await opener()
    assert node.notices == ()
    assert not [finding for finding in await node.doctor() if finding.what == "repair"]


async def test_what_the_doctor_calls_damaged_is_repaired_at_the_next_start(opener: Opener, home: Home) -> None:
    node = await opener()
    ids = [await node.create_note(text=f"# Note {number}\n\n" + "words " * 400) for number in range(30)]
    await node.close()
    node = await opener()  # whatever is still to be written after a start
    await node.close()
    data = bytearray(home.database.read_bytes())
    pages = len(data) // 4096
    for page in range(pages // 2, pages, 5):
        data[page * 4096 + 100] ^= 1
    home.database.write_bytes(data)
    node = await opener()
    if not node.report.sentences:  # the start met nothing rotten
        assert [finding for finding in await node.doctor() if finding.level == "bad"]
        node = await opener()
    assert node.report.sentences
    assert not [finding for finding in await node.doctor() if finding.level == "bad"]
    for number, note_id in enumerate(ids):
        assert (await node.open_note(note_id)).text.startswith(f"# Note {number}\n")


async def test_damage_that_a_read_meets_is_repaired_at_the_next_start(opener: Opener, home: Home) -> None:
    node = await opener()
    note_id = await node.create_note(text="# Mine\n\n" + "words " * 20_000)
    await node.close()
    node = await opener()

    def rotten(store: Store) -> None:
        raise apsw.CorruptError("database disk image is malformed")

    with pytest.raises(StoreDamaged, match="start it again"):
        await node._core.journal.read(rotten)
    assert home.suspicion.exists()
    node = await opener()
    assert not home.suspicion.exists()
    assert (await node.open_note(note_id)).text.startswith("# Mine")
