"""Backups put in place, damaged stores and lost marks: what the node makes of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from notesapp.node.node import Node
from notesapp.node.safekeeping import restore_backup
from notesapp.store.places import Home
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
