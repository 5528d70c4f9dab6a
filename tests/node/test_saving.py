"""What is called saved, when, and what is told when it isn't."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest

from notesapp.errors import DiskFull, LocalError
from notesapp.node.bursts import Bursts
from notesapp.node.events import Event, Failed, Saved, SavedChanged, Saving, Trouble, TroubleOver
from notesapp.node.node import Node
from notesapp.node.outbox import STALE_TEXT, Deed, Outbox, Sealer
from notesapp.store.rows import Batch, EntryRow, HeadRow, Mark
from notesapp.sync.attachment import Manifest
from notesapp.sync.pump import BULK_BYTES
from notesapp.sync.wire import BATCH_LIMIT
from notesapp.text import Splice
from tests.node.conftest import OPEN, Opener

A, B = b"a" * 16, b"b" * 16


class Feed:
    """Seals nothing, numbers everything."""

    def __init__(self) -> None:
        self.index = -1
        self.broken: Exception | None = None

    def seal(self, doc_id: bytes, raws: Iterable[bytes]) -> list[EntryRow]:
        if self.broken is not None:
            raise self.broken
        rows = []
        for raw in raws:
            self.index += 1
            rows.append(EntryRow(bytes(32), bytes(16), self.index, bytes(32), b"", raw, doc_id))
        return rows

    def announce(self, manifest: Manifest) -> list[EntryRow]:
        raise NotImplementedError

    def heads(self) -> tuple[tuple[HeadRow, ...], dict[bytes, Mark]]:
        return (HeadRow(bytes(16), self.index, b"signed"),), {bytes(16): Mark(self.index, bytes(32))}


class Desk:
    """An outbox whose journal answers when the test says so."""

    def __init__(self) -> None:
        self.feed = Feed()
        self.batches: list[tuple[Batch, asyncio.Future[None]]] = []
        self.committed: list[bytes | None] = []
        self.outbox = Outbox(self._submit, lambda doc_id: None, self._commit)

    def _submit(self, batch: Batch) -> asyncio.Future[None]:
        future = asyncio.get_running_loop().create_future()
        self.batches.append((batch, future))
        return future

    def _commit(self, rows: list[EntryRow], heads: tuple[HeadRow, ...]) -> None:
        self.committed += [row.body for row in rows]

    def put(self, doc_id: bytes, raw: bytes) -> asyncio.Future[None]:
        return self.outbox.put(Deed([(self.feed, doc_id, (raw,))], stale={doc_id}))


async def turns(count: int = 3) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_what_comes_while_a_group_commits_goes_into_the_next_one_together() -> None:
    desk = Desk()
    desk.put(A, b"1")
    desk.put(B, b"2")
    await turns()
    desk.put(A, b"3")
    desk.put(A, b"4")
    await turns()
    assert [[row.body for row in batch.entries] for batch, _ in desk.batches] == [[b"1", b"2"]]
    assert (desk.outbox.status(A), desk.outbox.status(B), desk.outbox.unsaved) == (Saving(), Saving(), 2)
    desk.batches[0][1].set_result(None)
    await turns()
    assert [[row.body for row in batch.entries] for batch, _ in desk.batches] == [[b"1", b"2"], [b"3", b"4"]]
    assert [batch.heads for batch, _ in desk.batches] == [
        (HeadRow(bytes(16), 1, b"signed"),),
        (HeadRow(bytes(16), 3, b"signed"),),
    ]
    assert (desk.outbox.status(A), desk.outbox.status(B)) == (Saving(), Saved())
    assert desk.committed == [b"1", b"2"]
    desk.batches[1][1].set_result(None)
    await turns()
    assert (desk.outbox.status(A), desk.outbox.unsaved) == (Saved(), 0)


async def test_a_note_is_marked_stale_once_and_again_after_its_text_was_written() -> None:
    desk = Desk()

    async def go(deed: Deed) -> list[tuple[bytes, bytes | None]]:
        desk.outbox.put(deed)
        await turns()
        batch, future = desk.batches[-1]
        future.set_result(None)
        await turns()
        assert all(row.scope == STALE_TEXT for row in batch.pending)
        return [(row.id, row.data) for row in batch.pending]

    feed: Sealer = desk.feed
    edit: list[tuple[Sealer, bytes, tuple[bytes, ...]]] = [(feed, A, (b"x",))]
    assert await go(Deed(edit, stale={A})) == [(A, b"")]
    assert await go(Deed(edit, stale={A})) == []
    assert await go(Deed(fresh={A})) == [(A, None)]
    assert await go(Deed(edit, stale={A})) == [(A, b"")]


async def test_a_full_disk_is_failed_until_it_takes_again() -> None:
    desk = Desk()
    done = desk.put(A, b"1")
    await turns()
    full = DiskFull(path="/home/ana")
    desk.outbox.set_trouble(full)
    assert desk.outbox.status(A) == Failed(full)
    assert desk.outbox.status(B) == Saved()
    desk.outbox.set_trouble(None)
    assert desk.outbox.status(A) == Saving()
    desk.batches[0][1].set_result(None)
    await done
    assert desk.outbox.status(A) == Saved()


async def test_what_the_journal_refuses_stays_failed_and_is_raised() -> None:
    desk = Desk()
    done = desk.put(A, b"1")
    await turns()
    desk.batches[0][1].set_exception(ZeroDivisionError())
    with pytest.raises(LocalError, match="ZeroDivisionError"):
        await done
    assert isinstance(desk.outbox.status(A), Failed)
    assert desk.outbox.unsaved == 1
    desk.put(B, b"2")
    await turns()
    desk.batches[1][1].set_result(None)
    await turns()
    assert (desk.outbox.status(B), isinstance(desk.outbox.status(A), Failed)) == (Saved(), True)


async def test_a_burst_that_cannot_be_sealed_is_failed_and_others_go_on() -> None:
    desk = Desk()
    desk.feed.broken = LocalError(what="no key")
    done = desk.put(A, b"1")
    with pytest.raises(LocalError, match="no key"):
        await done
    desk.feed.broken = None
    desk.put(B, b"2")
    await turns()
    assert [[row.body for row in batch.entries] for batch, _ in desk.batches] == [[b"2"]]
    assert isinstance(desk.outbox.status(A), Failed)


async def test_the_screens_hear_of_a_disk_that_refuses_and_of_its_recovery(node: Node) -> None:
    note_id = await node.create_note(text="one")
    await node.open_note(note_id)
    journal = node._core.journal
    stuck: list[tuple[Batch, asyncio.Future[None]]] = []

    def submit(batch: Batch) -> asyncio.Future[None]:
        future = asyncio.get_running_loop().create_future()
        stuck.append((batch, future))
        return future

    node._core.outbox._submit = submit
    heard: list[Event] = []
    node.subscribe(heard.append)
    node.edit(note_id, Splice(3, "", "!"))
    node.flush(note_id)
    await turns()
    full = DiskFull(path="x")
    node._disk(full)
    assert node.status(note_id) == Failed(full)
    assert node.troubles == {"disk": full.sentence}
    with pytest.raises(DiskFull):
        await node.saved(note_id, deadline_s=0.05)
    node._disk(None)
    assert node.status(note_id) == Saving()
    node._core.outbox._submit = journal.submit
    for batch, future in stuck:
        await journal.submit(batch)
        future.set_result(None)
    await node.saved(note_id)
    assert node.status(note_id) == Saved()
    told = [event for event in heard if isinstance(event, (SavedChanged, Trouble, TroubleOver))]
    assert told == [
        SavedChanged(note_id, Saving()),
        SavedChanged(note_id, Failed(full)),
        Trouble("disk", full.sentence),
        SavedChanged(note_id, Saving()),
        TroubleOver("disk"),
        SavedChanged(note_id, Saved()),
    ]


async def test_a_burst_ends_at_its_size_and_when_told_and_only_once() -> None:
    ended: list[bytes] = []
    bursts = Bursts(ended.append, lambda note_id: False)
    bursts.typed(A, 10)
    assert bursts.runs(A)
    bursts.end(A)
    bursts.end(A)
    assert ended == [A]
    bursts.typed(A, 64 * 1024)
    assert ended == [A, A]
    bursts.typed(A, 1)
    bursts.typed(B, 1)
    bursts.end_all()
    assert ended == [A, A, A, B]


async def test_a_burst_ends_sooner_while_somebody_else_is_in_the_note() -> None:
    ended: list[bytes] = []
    done = asyncio.Event()

    def end(note_id: bytes) -> None:
        ended.append(note_id)
        if len(ended) == 2:
            done.set()

    bursts = Bursts(end, lambda note_id: note_id == B)
    bursts.typed(A, 1)
    bursts.typed(B, 1)
    async with asyncio.timeout(5):
        await done.wait()
    assert ended == [B, A]


async def test_what_was_refused_is_never_told_as_saved(node: Node) -> None:
    note_id = await node.create_note(text="kept")
    other = await node.create_note(text="another")
    await node.open_note(note_id)
    submit = node._core.outbox._submit

    def refuse(batch: Batch) -> asyncio.Future[None]:
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        answer.set_exception(LocalError(what="a bug"))
        return answer

    node._core.outbox._submit = refuse
    node.edit(note_id, Splice(0, "", "lost? "))
    with pytest.raises(LocalError, match="a bug"):
        await node.saved(note_id)
    node._core.outbox._submit = submit
    with pytest.raises(LocalError, match="a bug"):  # asked again, it is still on no disk
        await node.saved(note_id)
    assert isinstance(node.status(note_id), Failed)
    with pytest.raises(LocalError, match="a bug"):
        await node.saved()
    await node.saved(other)
    with pytest.raises(LocalError, match="a bug"):
        await node.close()


async def test_a_bug_while_sealing_fails_loudly_and_stops_nobody_else() -> None:
    desk, broken = Desk(), Desk().feed
    broken.broken = ZeroDivisionError()
    failed = desk.outbox.put(Deed([(broken, A, (b"1",))]))
    with pytest.raises(LocalError, match="ZeroDivisionError"):
        await failed
    kept = desk.outbox.put(Deed([(desk.feed, B, (b"2",))]))
    await asyncio.sleep(0)
    desk.batches[0][1].set_result(None)
    await kept
    assert desk.outbox.failure(B) is None
    assert isinstance(desk.outbox.failure(A), LocalError)


async def test_a_sender_that_fails_keeps_nothing_from_being_saved(node: Node) -> None:
    heard: list[int] = []

    def bad(sent: object, heads: object) -> None:
        raise ZeroDivisionError

    node.senders += [bad, lambda sent, heads: heard.append(len(sent))]
    note_id = await node.create_note(text="one")
    await node.change_text(note_id, [Splice(0, "", "more ")])
    assert heard == [3, 1]
    assert node.status(note_id) == Saved()


async def test_whatever_goes_wrong_at_the_end_the_home_is_free(opener: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    node = await opener()
    await node.create_note(text="one")

    async def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(node._opened.indexing, "flush", fail)
    with pytest.raises(LocalError, match="ZeroDivisionError"):
        await node.close()
    monkeypatch.undo()
    again = await Node.open(node.home, OPEN)
    assert [view.title for view in again.notes()] == ["one"]
    await again.close()


async def test_what_waited_long_is_written_in_groups_that_a_peer_takes_as_one_batch() -> None:
    """One head vouches for a group, so with the 512 KB that may go before it, it has to fit the 4 MiB of a batch."""
    groups: list[Batch] = []
    flying: list[asyncio.Future[None]] = []

    def submit(batch: Batch) -> asyncio.Future[None]:
        groups.append(batch)
        flying.append(asyncio.get_running_loop().create_future())
        return flying[-1]

    outbox, feed = Outbox(submit, lambda doc_id: None, lambda rows, heads: None), Feed()
    large, small = bytes(1_000_000), b"typed"
    waiting = [outbox.put(Deed([(feed, A, (large, large))])) for _ in range(3)]
    waiting += [outbox.put(Deed([(feed, B, (small,) * 500)])) for _ in range(200)]
    while not all(done.done() for done in waiting):
        await asyncio.sleep(0)
        for future in flying:
            if not future.done():
                future.set_result(None)
    sizes = [sum(len(row.body or b"") + 64 for row in group.entries) for group in groups]
    assert sum(len(group.entries) for group in groups) == 3 * 2 + 200 * 500
    assert max(sizes) <= BATCH_LIMIT - BULK_BYTES
    assert len(groups) < 8
