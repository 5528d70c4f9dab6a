"""Deleting for ever: at once where it is done, 30 days later where it is heard of, never where it doesn't count."""

from __future__ import annotations

from pathlib import Path

import pytest

from notesapp.errors import BadRequest
from notesapp.node.erasing import erase_heard
from notesapp.node.node import Node
from notesapp.node.views import NoteFilter
from tests.node.air import room, until
from tests.node.test_sharing import joined, text_of

DAY_MS = 24 * 3600 * 1000
TRASHED = NoteFilter(trashed=True)


async def bodies(node: Node, note_id: bytes) -> set[bool]:
    """Which of a note's entries have a body on this disk: all, none or both."""
    found = await node._core.journal.read(lambda store: [row.body is not None for row in store.entries_of(note_id)])
    assert found
    return set(found)


def later(node: Node, days: int) -> None:
    """The clock of this computer goes on."""
    before = node._core.clock
    node._core.clock = lambda: before() + days * DAY_MS


async def test_others_hide_a_deleted_note_at_once_and_erase_it_after_30_days(tmp_path: Path) -> None:
    async with room(tmp_path, "alice", "bob") as found:
        alice, bob = found["alice"], found["bob"]
        gone, stays = await alice.create_note(text="a secret: xylophone"), await alice.create_note(text="stays")
        await joined(alice, bob)
        await until(lambda: len(bob.notes()) == 2)
        assert await text_of(bob, gone) == "a secret: xylophone"
        await alice.trash(gone)
        assert await alice.empty_trash() == 1
        assert await bodies(alice, gone) == {False}
        await until(lambda: bob.note(gone).deleted)
        assert bob.notes(TRASHED) == []
        assert await erase_heard(bob._core) == 0
        later(bob, 29)
        assert await erase_heard(bob._core) == 0
        assert await bodies(bob, gone) == {True}
        assert [view.note_id for view in await bob.deleted_by_others()] == [gone]
        assert await alice.deleted_by_others() == []
        await found.leave("bob")
        bob = await found.enter("bob")  # when it heard of it is remembered
        later(bob, 31)
        assert await erase_heard(bob._core) == 1
        assert await bodies(bob, gone) == {False}
        assert await bob._core.journal.read(lambda store: store.text(gone)) is None
        assert (await bob.search("xylophone")).total == 0
        assert await text_of(bob, stays) == "stays"
        assert await erase_heard(bob._core) == 0
        assert [finding.sentence for finding in await bob.doctor() if finding.level == "bad"] == []


async def test_who_doesn_t_agree_writes_a_deleted_note_again(tmp_path: Path) -> None:
    async with room(tmp_path, "alice", "bob") as found:
        alice, bob = found["alice"], found["bob"]
        mine = await alice.create_note(text="# Plan\nwork of a year")
        await joined(alice, bob)
        await until(lambda: bool(bob.notes()))
        await bob.trash(mine)
        await bob.empty_trash()
        await until(lambda: alice.note(mine).deleted)
        again = await alice.write_again(mine)
        assert await text_of(alice, again) == "# Plan\nwork of a year"
        await until(lambda: again in {view.note_id for view in bob.notes()})
        with pytest.raises(BadRequest, match="isn't here any more"):
            await bob.write_again(mine)


async def test_a_deletion_that_counts_no_more_erases_nothing(tmp_path: Path) -> None:
    async with room(tmp_path, "alice") as found:
        alice = found["alice"]
        note_id = await alice.create_note(text="wanted")
        await alice.trash(note_id)
        index = await alice._indexes.open(alice.default_notebook)
        await alice._core.outbox.put(alice._indexes.deed(index, [index.notebook.delete([note_id])]))
        assert await erase_heard(alice._core) == 0
        later(alice, 31)
        shown = {"deleted": False}  # as its author's removal leaves the row
        await alice._core.outbox.put(alice._indexes.deed(index, [index.notebook._put({note_id: shown})]))
        assert await erase_heard(alice._core) == 0
        await alice.untrash(note_id)
        assert await text_of(alice, note_id) == "wanted"
        await alice.trash(note_id)
        await alice._core.outbox.put(alice._indexes.deed(index, [index.notebook.delete([note_id])]))
        later(alice, 31)
        assert await erase_heard(alice._core) == 0, "the 30 days begin anew"
        assert await bodies(alice, note_id) == {True}
