"""Changes that come without their text: the doctor of whoever got them says so, and says no more than is known."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest

from notesapp.node.bodiless import WHAT
from notesapp.node.erasing import erase_heard
from notesapp.node.node import Node
from notesapp.store.doctor import Finding, Level
from notesapp.store.rows import EntryRow
from notesapp.store.store import Store
from notesapp.sync.entry import Entry, Header, Kind, Tip
from notesapp.sync.session import SyncSession
from tests.node.air import Room, room, until, until_async
from tests.node.test_erasing import later
from tests.node.test_sharing import joined, text_of


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path, "alice", "bob") as found:
        yield found


async def told(node: Node) -> list[Finding]:
    """What the doctor says of missing texts."""
    return [finding for finding in await node.doctor() if finding.what == WHAT]


async def told_at_last(node: Node, *levels: Level) -> list[Finding]:
    """The same, once all that came is read."""

    async def so_far() -> bool:
        return [finding.level for finding in await told(node)] == list(levels)

    await until_async(so_far)
    return await told(node)


def leave_out(monkeypatch: pytest.MonkeyPatch, which: Callable[[Entry], bool]) -> None:
    """A program that passes on feeds without the bodies of these entries."""
    serve = SyncSession.serve_entries

    def lying(
        self: SyncSession, ticket: int, before: Tip | None, entries: Sequence[Entry], signature: bytes, now_ms: int
    ) -> None:
        bare = [entry._replace(body=None) if which(entry) else entry for entry in entries]
        serve(self, ticket, before, bare, signature, now_ms)

    monkeypatch.setattr(SyncSession, "serve_entries", lying)


async def of_note(node: Node, note_id: bytes) -> set[bytes]:
    """The hashes of a note's entries."""
    return await node._core.journal.read(lambda store: {row.hash for row in store.entries_of(note_id)})


async def is_bare(node: Node, hashes: set[bytes]) -> bool:
    """Whether these came here, all without bodies."""

    def look(store: Store) -> list[EntryRow]:
        feeds = [feed for notebook in node._core.held for feed in store.frontier(notebook)]
        return [row for feed in feeds for row in store.entries(feed) if row.hash in hashes]

    rows = await node._core.journal.read(look)
    return {row.hash for row in rows if row.body is None} == hashes


async def test_texts_that_a_carrier_left_out_are_told_of_with_who_wrote_and_brought_them(
    two: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = two["alice"], two["bob"]
    await alice.create_note(text="stays\n")
    lost = await alice.create_note(text="left out\n")
    hashes = await of_note(alice, lost)
    leave_out(monkeypatch, lambda entry: entry.hash in hashes)
    notebook = await joined(alice, bob)
    await until(lambda: len(bob.notes()) == 2)
    await until(lambda: any(one.has_all for one in alice.people.of(notebook).members if not one.me))
    assert await is_bare(bob, hashes)
    [finding] = await told_at_last(bob, Level.WARN)
    assert f"explains it: {len(hashes)} by alice in “" in finding.sentence
    assert finding.sentence.endswith("”, brought by alice.")
    assert "ask whoever wrote them, or others who have it" in finding.remedy
    assert await told(alice) == []
    await two.leave("bob")
    assert await told(await two.enter("bob", online=False)) == [finding]


async def test_what_was_deleted_for_ever_before_somebody_joined_is_nothing_to_worry_about(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    await alice.create_note(text="stays\n")
    gone = await alice.create_note(text="gone\n")
    hashes = await of_note(alice, gone)
    await alice.trash(gone)
    await alice.empty_trash()
    assert await told(alice) == []
    await joined(alice, bob)
    await until(lambda: bool(bob.notes()))
    assert await is_bare(bob, hashes)
    [finding] = await told_at_last(bob, Level.OK)
    assert not finding.remedy
    assert f"leaves it: {len(hashes)} in “" in finding.sentence
    assert "Notes deleted so there: 1; whether" in finding.sentence


async def test_beside_a_deletion_a_note_of_which_nothing_came_is_still_told_of(
    two: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = two["alice"], two["bob"]
    gone, lost = await alice.create_note(text="gone\n"), await alice.create_note(text="left out\n")
    hashes = await of_note(alice, lost)
    erased = await of_note(alice, gone)
    await alice.trash(gone)
    await alice.empty_trash()
    leave_out(monkeypatch, lambda entry: entry.hash in hashes)
    await joined(alice, bob)
    await until(lambda: bool(bob.notes()))
    assert await is_bare(bob, hashes | erased)
    warning, _ = await told_at_last(bob, Level.WARN, Level.OK)
    assert "explains it: 1 by alice in" in warning.sentence, "the first change of a note that is listed"


async def test_a_file_that_was_announced_is_erased_by_no_deletion(
    two: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    alice, bob = two["alice"], two["bob"]
    gone = await alice.create_note(text="gone\n")
    await alice.trash(gone)
    await alice.empty_trash()
    (tmp_path / "plan.txt").write_text("a plan")
    await alice.attach(alice.default_notebook, tmp_path / "plan.txt")
    leave_out(monkeypatch, lambda entry: Header.read(entry.header).kind == Kind.BLOB)
    notebook = await joined(alice, bob)
    await until(lambda: any(one.has_all for one in alice.people.of(notebook).members if not one.me))
    warning, _ = await told_at_last(bob, Level.WARN, Level.OK)
    assert "explains it: 1 by alice in" in warning.sentence


async def test_what_was_erased_for_a_deletion_that_counts_no_more_is_told_of(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    gone = await alice.create_note(text="gone\n")
    await joined(alice, bob)
    await until(lambda: bool(bob.notes()))
    assert await text_of(bob, gone) == "gone\n"
    await alice.trash(gone)
    await alice.empty_trash()
    await until(lambda: bob.note(gone).deleted)
    await erase_heard(bob._core)
    later(bob, 31)
    assert await erase_heard(bob._core) == 1
    assert await told(bob) == []
    index = await bob._indexes.open(bob.note(gone).notebook_id)
    await bob._core.outbox.put(bob._indexes.deed(index, [index.notebook._put({gone: {"deleted": False}})]))
    [finding] = await told(bob)
    assert (finding.level, "by alice in" in finding.sentence) == (Level.WARN, True)
