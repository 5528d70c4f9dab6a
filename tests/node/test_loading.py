"""How a long note comes from the disk: by its snapshot, by the one before, by all of its entries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from notesapp.errors import LocalError
from notesapp.node import loading, opened, snapshots
from notesapp.node.events import Saved, Saving
from notesapp.node.node import Node
from notesapp.node.outbox import Deed
from notesapp.notes.schema import Kind
from notesapp.store.store import Store
from notesapp.store.writing import snapshot_hash as hash_of
from notesapp.text import Splice
from tests.node.conftest import Opener


async def type_bursts(node: Node, note_id: bytes, count: int, word: str = "word ") -> str:
    note = await node.open_note(note_id)
    for _ in range(count):
        node.edit(note_id, Splice(len(note.text), "", word))
        node.flush(note_id)
    await node.saved(note_id)
    node.close_note(note_id)
    return note.text


async def kept(node: Node, doc_id: bytes) -> list[int]:
    """The sizes of a document's snapshots, the newest first."""
    return await node._core.journal.read(lambda store: [len(row.data) for row in store.snapshots(doc_id)])


async def spoil(node: Node, note_id: bytes, generations: str) -> None:
    def write(store: Store) -> None:
        store.db.execute(f"UPDATE snapshots SET data = x'00' WHERE note_id = ? AND {generations}", (note_id,))

    await node._core.journal.write_with(write)


async def test_a_note_gets_a_snapshot_after_five_hundred_entries(opener: Opener) -> None:
    node = await opener()
    note_id = await node.create_note(text="")
    await type_bursts(node, note_id, snapshots.ENTRIES - 2)
    await node._opened.snapshots.drain(30)
    assert await kept(node, note_id) == []
    text = await type_bursts(node, note_id, 5)
    await node._opened.snapshots.drain(30)
    assert len(await kept(node, note_id)) == 1
    node = await opener()
    note = await node.open_note(note_id)
    assert note.text == text
    found = node._opened.get(note_id)
    assert found is not None
    assert found.beyond <= 5
    assert await type_bursts(node, note_id, 1, "!") == text + "!"


@pytest.mark.parametrize(("rotten", "what"), [("generation = 2", "the newest"), ("1", "both"), ("0", "neither")])
async def test_a_rotten_snapshot_costs_only_time(opener: Opener, rotten: str, what: str) -> None:
    node = await opener()
    note_id = await node.create_note(text="start ")
    held = node._core.notebook(node.default_notebook)
    for _ in range(2):
        await type_bursts(node, note_id, 3)
        assert await node._opened.snapshots.make(held, note_id, Kind.NOTE)
    text = await type_bursts(node, note_id, 2, "end ")
    assert len(await kept(node, note_id)) == 2
    await spoil(node, note_id, rotten)
    node = await opener()
    assert (await node.open_note(note_id)).text == text
    assert await type_bursts(node, note_id, 1, "!") == text + "!"


async def test_a_snapshot_that_reads_wrongly_is_passed_over(opener: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    node = await opener()
    note_id = await node.create_note(text="one")
    other = await node.create_note(text="another note")
    held = node._core.notebook(node.default_notebook)
    assert await node._opened.snapshots.make(held, note_id, Kind.NOTE)

    def exchange(store: Store) -> None:
        rows = list(store.snapshots(note_id))
        store.db.execute(
            "UPDATE snapshots SET data = ?, hash = ? WHERE note_id = ?",
            (b"not a snapshot", hash_of(rows[0].frontier, b"not a snapshot"), note_id),
        )

    await node._core.journal.write_with(exchange)
    node = await opener()
    assert (await node.open_note(note_id)).text == "one"
    assert (await node.open_note(other)).text == "another note"


async def test_an_index_gets_snapshots_too(opener: Opener) -> None:
    node = await opener()
    note_id = await node.create_note(text="x")
    for number in range(snapshots.ENTRIES):
        node._core.outbox.put(await pinned(node, note_id, number % 2 == 0))
    await node.saved()
    await node._opened.snapshots.drain(30)
    held = node._core.notebook(node.default_notebook)
    assert len(await kept(node, held.index_id)) == 1
    await node.pin(note_id)
    node = await opener()
    await node.set_folder(note_id, "f")
    assert (node.note(note_id).pinned, node.note(note_id).folder) == (True, "f")


async def pinned(node: Node, note_id: bytes, value: bool) -> Deed:
    index = await node._indexes.open(node.default_notebook)
    return node._indexes.deed(index, [index.notebook.pin(note_id, value)])


async def test_a_note_that_is_nowhere_is_a_clear_error(node: Node) -> None:
    note_id = await node.create_note(text="one")
    node._opened.forget(note_id)
    await node._core.journal.write_with(
        lambda store: store.db.execute("DELETE FROM entries WHERE note_id = ?", (note_id,))
    )
    with pytest.raises(LocalError, match="is not in the store"):
        await node.open_note(note_id)
    assert await node.stored_text(note_id) == "one"  # still to be read


async def test_cards_of_another_version_are_made_again(opener: Opener) -> None:
    node = await opener()
    note_id = await node.create_note(text="# Plan\n\n#tag", folder="f")
    rewrite: Callable[[Store], object] = lambda store: store.db.execute("UPDATE cards SET data = x'93cc630102'")  # noqa: E731
    await node._core.journal.write_with(rewrite)
    node = await opener()
    await node.search("plan")
    view = node.note(note_id)
    assert (view.title, view.tags, view.folder) == ("Plan", ("tag",), "f")


async def test_two_screens_that_open_a_note_at_once_share_it(opener: Opener) -> None:
    node = await opener()
    note_id = await node.create_note(text="one")
    node = await opener()
    first, second = await asyncio.gather(node.open_note(note_id), node.open_note(note_id))
    assert first is second
    node.close_note(note_id)
    node.edit(note_id, Splice(0, "", "x"))
    node.close_note(note_id)
    await node.saved()
    assert (await node.open_note(note_id)).text == "xone"


async def test_closed_notes_leave_memory_and_come_back(node: Node) -> None:
    ids = [await node.create_note(text=f"note {number}") for number in range(40)]
    await node.saved()
    for note_id in ids:
        await node.open_note(note_id)
        node.close_note(note_id)
    assert sum(node._opened.get(note_id) is not None for note_id in ids) < 30
    assert [(await node.open_note(note_id)).text for note_id in ids] == [f"note {n}" for n in range(40)]


async def test_what_is_typed_while_a_note_is_read_anew_stays(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    note_id = await node.create_note(text="start")
    note = await node.open_note(note_id)
    reading, go_on = asyncio.Event(), asyncio.Event()

    async def slow(*what: Any) -> loading.Loaded:
        found = await loading.load(*what)
        reading.set()
        await go_on.wait()
        return found

    monkeypatch.setattr(opened, "load", slow)
    screen = note.text
    rebuilt = asyncio.create_task(node._opened.rebuild(note_id))
    await reading.wait()
    node.edit(note_id, Splice(5, "", " and what was typed meanwhile"))
    node.flush(note_id)  # the window lost the focus
    saved = asyncio.create_task(node.saved(note_id))
    await asyncio.sleep(0)
    assert (note.pending, saved.done(), node.status(note_id)) == (True, False, Saving())
    go_on.set()
    await rebuilt
    await saved
    screen += " and what was typed meanwhile"
    assert (note.text, note.pending, node.status(note_id)) == (screen, False, Saved())
    node.edit(note_id, Splice(0, "", "> "))
    await node.saved(note_id)
    monkeypatch.undo()
    again = await loading.load(node._core, node._core.notebook(node.default_notebook), note_id, Kind.NOTE)
    assert again.replica.text == "> " + screen
