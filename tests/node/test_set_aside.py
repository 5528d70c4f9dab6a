"""Changes behind a gap that damage left in a log: never lost in silence, never twice in a note."""

from __future__ import annotations

import pytest

from notesapp.node import ahead
from notesapp.node import home as unlocking
from notesapp.node.entries import judge
from notesapp.node.loading import load
from notesapp.node.node import Node
from notesapp.notes.schema import Kind
from notesapp.store import chains
from notesapp.store.places import Home
from notesapp.store.recovery import SALVAGED
from notesapp.store.rows import EntryRow
from notesapp.store.store import Store
from notesapp.store.writing import put_entries
from notesapp.text import Splice
from tests.node.conftest import OPEN, Opener

NOW = 1_790_000_000_000


async def append(node: Node, note_id: bytes, text: str) -> None:
    note = await node.open_note(note_id)
    node.edit(note_id, Splice(len(note.text), "", text))
    await node.saved(note_id)
    node.close_note(note_id)


def lose(home: Home, note_id: bytes, nth: int, *, salvaged: bool = False) -> EntryRow:
    """The nth change of a note rots away: what a salvage then leaves of the store. The lost one."""
    _, key = unlocking.unlock(home, OPEN)
    with Store.open(home, key) as store:
        lost = list(store.entries_of(note_id))[nth]
        store.db.execute(
            "DELETE FROM entries WHERE idx = ? AND feed = (SELECT no FROM feeds WHERE feed = ?)",
            (lost.index, lost.feed),
        )
        verdict = chains.judge(store.db, judge(), NOW)
        assert verdict.missing == 1
        if salvaged:
            store.db.execute("INSERT INTO meta(name, value) VALUES (?, ?)", (SALVAGED, str(NOW).encode()))
        store.db.execute("DELETE FROM texts")
        store.db.execute("DELETE FROM cards WHERE note_id NOT IN (SELECT note_id FROM entries WHERE note_id NOT NULL)")
    return lost


def aside(home: Home) -> int:
    _, key = unlocking.unlock(home, OPEN)
    with Store.open(home, key) as store:
        return len(list(chains.aside(store.db)))


async def texts(node: Node) -> dict[str, str]:
    found: dict[str, str] = {}
    for view in node.notes():
        found[view.path] = (await node.open_note(view.note_id)).text
        node.close_note(view.note_id)
    return found


@pytest.fixture
async def damaged(opener: Opener, home: Home) -> tuple[bytes, EntryRow]:
    """Two notes; a change of Beans is lost, and what Plan got after it lies behind the gap."""
    node = await opener()
    plan = await node.create_note(text="# Plan\n", file_name="Plan")
    beans = await node.create_note(text="# Beans\n", file_name="Beans")
    await append(node, plan, "milk\n")
    await append(node, beans, "broad\n")  # this is lost
    await append(node, plan, "eggs\n")
    await append(node, beans, "runner\n")
    await node.close()
    return plan, lose(home, beans, 2)


async def test_what_lies_behind_a_gap_comes_as_new_notes_once(
    damaged: tuple[bytes, EntryRow], opener: Opener, home: Home
) -> None:
    node = await opener()
    assert await texts(node) == {
        "Plan": "# Plan\nmilk\n",
        "Beans": "# Beans\n",
        "Recovered/Plan": "# Plan\nmilk\neggs\n",
        "Recovered/Beans": "# Beans\n\n\nrunner\n",
    }
    assert any("“Recovered”" in sentence for sentence in node.notices)
    await append(node, damaged[0], "bread\n")
    node = await opener()
    assert (await texts(node))["Plan"] == "# Plan\nmilk\nbread\n"
    assert len(node.notes()) == 4, "made once"
    await node.close()
    assert aside(home) > 0, "kept, in case the gap is filled"


async def test_a_gap_that_is_filled_gives_everything_back_in_its_place(
    damaged: tuple[bytes, EntryRow], opener: Opener, home: Home
) -> None:
    _, lost = damaged
    _, key = unlocking.unlock(home, OPEN)
    with Store.open(home, key) as store, store.whole():
        put_entries(store.db, (lost,))  # as another device, or a backup, brings it
    node = await opener()
    assert await texts(node) == {"Plan": "# Plan\nmilk\neggs\n", "Beans": "# Beans\nbroad\nrunner\n"}
    assert (await node.search("runner")).total == 1
    assert node.notices == ()
    assert [finding.sentence for finding in await node.doctor() if finding.level == "bad"] == []
    await node.close()
    assert aside(home) == 0


@pytest.mark.parametrize("alone", [True, False])
async def test_what_only_a_snapshot_still_holds_is_no_ground_to_build_on(
    opener: Opener, home: Home, alone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = await opener()
    plan = await node.create_note(text="# Plan\n", file_name="Plan")
    await append(node, plan, "milk\n")
    await append(node, plan, "eggs\n")  # its entry will be lost; the snapshot keeps it
    held = node._core.notebook(node.default_notebook)
    assert await node._opened.snapshots.make(held, plan, Kind.NOTE)
    await node.close()
    lost = lose(home, plan, 3, salvaged=True)
    monkeypatch.setattr(ahead, "_is_alone", lambda core, held: alone)
    node = await opener()
    whole = "# Plan\nmilk\neggs\n"
    assert await texts(node) == ({"Plan": whole} if alone else {"Plan": "# Plan\nmilk\n", "Recovered/Plan": whole})
    await append(node, plan, "bread\n")
    said = (await texts(node))["Plan"]
    node = await opener()
    assert (await texts(node))["Plan"] == said
    assert len(node.notes()) == (1 if alone else 2), "made once"
    loaded = await load(node._core, node._core.notebook(node.default_notebook), plan, Kind.NOTE, lambda row: False)
    assert loaded.replica.text == said, "its entries alone make the text"
    assert lost.hash not in {row.hash for row in await node._core.journal.read(lambda s: list(s.entries_of(plan)))}
