"""A notebook as others see it keeps step with the disk: what is told twice, out of turn or too early breaks nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from notesapp.identity.roles import Role
from notesapp.node import shelf
from notesapp.node.node import Node
from notesapp.node.volume import Committed, Volume
from notesapp.store.rows import EntryRow, HeadRow
from notesapp.sync.entry import Entry, Header
from tests.node.air import Room, room, until


@pytest.fixture
async def alone(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path, "alice") as found:
        yield found


def row(entry: Entry) -> EntryRow:
    it = Header.read(entry.header)
    return EntryRow(it.notebook, it.feed, it.index, entry.hash, entry.header, entry.body)


async def own_feed(node: Node) -> tuple[Volume, list[Entry], HeadRow]:
    """The volume of a shared notebook, the entries of this device's feed there, and their newest head."""
    notebook = node.default_notebook
    await node.people.share(notebook, Role.READER)
    await node.create_note(notebook, "one")
    await node.create_note(notebook, "two")
    volume = node.people.peering.volumes[notebook].volume
    await until(lambda: [feed for feed in volume.book.feeds() if volume.counted(feed) >= 2])
    [feed] = volume.book.feeds()

    def read(store):  # type: ignore[no-untyped-def]  # the journal's store
        last = volume.counted(feed)
        entries = [one for first in range(last + 1) for one in shelf.batch(store, notebook, feed, first, 0)[1][:1]]
        return entries, shelf.head_from(store, feed, last)

    entries, head = await node._core.journal.read(read)
    assert head is not None
    return volume, entries, head


def sent(entries: list[Entry], head: HeadRow) -> Committed:
    return [(row(entry), entry) for entry in entries], head


async def test_own_entries_that_are_told_twice_are_taken_once(alone: Room) -> None:
    volume, entries, head = await own_feed(alone["alice"])
    assert volume.counted(head.feed) == head.index == len(entries) - 1
    mark = volume.book.frontier.mark(head.feed)
    assert volume.own_committed(*sent(entries, head)) is None
    assert volume.own_committed(*sent(entries[-1:], head)) is None
    assert volume.book.frontier.mark(head.feed) == mark


async def test_own_entries_behind_a_gap_are_left_to_the_next_start(alone: Room) -> None:
    node = alone["alice"]
    volume, entries, head = await own_feed(node)
    fresh = Volume(node._core, volume.held)
    fresh.opened.set()  # as if the shelf had told of nothing
    assert fresh.own_committed(*sent(entries[1:], head)) is None
    assert list(fresh.book.feeds()) == []
    fresh.own_committed(*sent(entries, head))
    stored = fresh.book.stored(head.feed)
    assert stored is not None
    assert stored.tip.index == head.index


async def test_own_entries_that_became_durable_while_the_shelf_was_read_count_too(
    alone: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, read = alone["alice"], shelf.read
    volume, entries, head = await own_feed(node)
    monkeypatch.setattr(shelf, "read", lambda *places: replace(read(*places), feeds=()))  # as it was before them
    fresh = Volume(node._core, volume.held)
    assert fresh.own_committed(*sent(entries, head)) is None
    assert list(fresh.book.feeds()) == []  # not before it is open
    await fresh.open()
    assert fresh.counted(head.feed) == head.index
    assert fresh.book.frontier.mark(head.feed) == volume.book.frontier.mark(head.feed)
    assert not fresh._early
