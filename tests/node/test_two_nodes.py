"""Two devices of one person, joined in this process: what one commits, the other is given."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from notesapp.errors import LocalError
from notesapp.identity import person
from notesapp.identity.keys import Device
from notesapp.identity.person import PersonLog
from notesapp.node import home as unlocking
from notesapp.node import persona as personas
from notesapp.node.events import Event, NoteEdited, Origin
from notesapp.node.held import ROSTER
from notesapp.node.indexes import name_setting
from notesapp.node.node import Node
from notesapp.node.outbox import Deed
from notesapp.node.starting import HOME_NOTEBOOK
from notesapp.node.views import NoteFilter
from notesapp.notes.replica import Replica
from notesapp.store.places import Home
from notesapp.store.rows import Batch, EntryRow, HeadRow, RecordRow
from notesapp.store.store import Store
from notesapp.sync.body import INDEX_ID
from notesapp.sync.entry import Entry, Header
from notesapp.sync.events import EntriesArrived
from notesapp.sync.feed import Vouched
from notesapp.text import Splice
from tests.node.conftest import OPEN


class Wire:
    """Carries what one node commits to the other, in order, whenever the test says so."""

    def __init__(self, source: Node, target: Node) -> None:
        self._source = source
        self._target = target
        self._waiting: list[tuple[bytes, bytes, list[Entry], bytes]] = []
        source.senders.append(self._take)

    def _take(self, sent: list[tuple[EntryRow, Entry]], heads: tuple[HeadRow, ...]) -> None:
        for head in heads:
            entries = [(row, entry) for row, entry in sent if row.feed == head.feed]
            self._waiting.append((entries[0][0].notebook, head.feed, [entry for _, entry in entries], head.signed))

    async def carry(self) -> int:
        count = 0
        while self._waiting:
            await give(self._source, self._target, *self._waiting.pop(0))
            count += 1
        return count


async def give(source: Node, target: Node, notebook: bytes, feed: bytes, entries: list[Entry], signed: bytes) -> None:
    """What a session does at the end of its work: entries that chain and are vouched for."""
    there = await target.people.peering.open_volume(target._core.held[notebook])
    here = await source.people.peering.open_volume(source._core.held[notebook])
    reader = there.volume.book.reader(feed)
    fresh = [entry for entry in entries if Header.read(entry.header).index > reader.tip.index]
    for entry in fresh:
        reader.advance(entry)
    vouched = reader.vouch(signed)
    if not isinstance(vouched, Vouched) or reader.opened is None:
        return
    names = dict.fromkeys(Header.read(entry.header).roster for entry in fresh)
    states = tuple(state for name in names if (state := here.volume.book.state(name)) is not None)
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    event = EntriesArrived(0, notebook, feed, reader.opened, vouched.entries, (), vouched.head, states)
    there.take(event, lambda: done.set_result(None), lambda: None)
    await there.settled()
    assert done.done()


async def second_device(first: Node, home: Home) -> Node:
    """A node on another home that the first device has let in: the linking of devices, without its dialogue."""
    core = first._core
    device = Device.generate(os.urandom)
    root = core.persona.root
    assert root is not None
    added = core.persona.log.add(person.offer_device(device, root.person_id), root, now_ms=core.clock())
    log = PersonLog.judge(root.person_id, (*core.persona.log.records, added))
    mine = log.device(device.device_id)
    assert mine is not None
    person_rows = [RecordRow(root.person_id, r.id, personas.RECORD_KIND, r.data) for r in log.records]
    boxes: list[RecordRow] = []
    for held in core.held.values():
        epoch = held.roster.epoch
        assert epoch is not None
        keys = held.keys[epoch.epoch_id]
        box = held.roster.key_box(
            core.persona.device, epoch.epoch_id, keys, mine, now_ms=core.clock(), entropy=os.urandom
        )
        boxes.append(RecordRow(held.notebook_id, box.id, ROSTER, box.data))
    rows = await core.journal.read(lambda store: [row for notebook in core.held for row in store.records(notebook)])
    await core.outbox._submit(Batch(records=(*person_rows, *boxes)))
    home.prepare()
    _, key = unlocking.unlock(home, OPEN)
    with Store.open(home, key) as store:
        names = {name_setting(n): core.library.name_of(n).encode() for n in core.library.names()}
        store.write(
            Batch(
                records=(*person_rows, *rows, *boxes),
                secrets={"device": device.seed, "person": root.person_id + root.recovery_box},
                settings={HOME_NOTEBOOK: core.home_notebook, **names},
            )
        )
    return await Node.open(home, OPEN)


class Pair:
    def __init__(self, ana: Node, bob: Node) -> None:
        self.ana, self.bob = ana, bob
        self.there, self.back = Wire(ana, bob), Wire(bob, ana)

    async def settle(self) -> None:
        await self.ana.saved()
        await self.bob.saved()
        while await self.there.carry() + await self.back.carry():
            pass


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    first = await Node.open(Home(tmp_path / "laptop"), OPEN)
    second = await second_device(first, Home(tmp_path / "desktop"))
    await first.close()
    first = await Node.open(Home(tmp_path / "laptop"), OPEN)  # it knows its new device from the records
    found = Pair(first, second)
    yield found
    await first.close()
    await second.close()


async def feeds_of(source: Node, notebook: bytes) -> list[tuple[bytes, bytes, list[Entry], bytes]]:
    """All feeds of a notebook, whole."""

    def read(store: Store) -> list[tuple[bytes, list[EntryRow], HeadRow | None]]:
        feeds = store.frontier(notebook)
        return [(feed, list(store.entries(feed)), store.signed_head(feed)) for feed in feeds]

    found: list[tuple[bytes, bytes, list[Entry], bytes]] = []
    for feed, rows, head in await source._core.journal.read(read):
        source._core.openings.learn(rows[:1])
        assert head is not None
        found.append((notebook, feed, [source._core.openings.entry(row) for row in rows], head.signed))
    return found


async def give_everything(source: Node, target: Node) -> None:
    """What a first session does: all feeds of all notebooks."""
    for notebook in source._core.held:
        for feed in await feeds_of(source, notebook):
            await give(source, target, *feed)


async def test_a_second_device_gets_the_notes_and_both_type_into_one(pair: Pair) -> None:
    ana, bob = pair.ana, pair.bob
    note_id = await ana.create_note(text="Hello")
    await give_everything(ana, bob)
    pair.there._waiting.clear()
    assert [(view.title, view.note_id) for view in bob.notes()] == [("", note_id)]
    note_a, note_b = await ana.open_note(note_id), await bob.open_note(note_id)
    assert note_b.text == "Hello"
    heard: list[Event] = []
    ana.subscribe(heard.append)
    ana.edit(note_id, Splice(0, "", "A: "))
    bob.edit(note_id, Splice(5, "", " from Bob"))
    await pair.settle()
    assert note_a.text == note_b.text == "A: Hello from Bob"
    assert note_a.heads == note_b.heads
    foreign = [event for event in heard if isinstance(event, NoteEdited) and event.origin is Origin.LINK]
    assert foreign == [NoteEdited(note_id, (Splice(8, "", " from Bob"),), Origin.LINK)]
    assert (await bob.search("hello")).total == 1
    assert bob.note(note_id).title == "A: Hello from Bob"


async def test_typing_that_is_no_change_yet_survives_what_comes(pair: Pair) -> None:
    ana, bob = pair.ana, pair.bob
    note_id = await ana.create_note(text="middle")
    await give_everything(ana, bob)
    pair.there._waiting.clear()
    note_a, note_b = await ana.open_note(note_id), await bob.open_note(note_id)
    bob.edit(note_id, Splice(6, "", " end"))
    await bob.saved(note_id)
    ana.edit(note_id, Splice(0, "", "start "))
    assert note_a.pending
    await pair.back.carry()
    assert note_a.text == "start middle end"
    await pair.settle()
    assert note_b.text == "start middle end"


async def test_what_came_is_there_after_a_restart_also_for_a_note_that_was_never_open(
    pair: Pair, tmp_path: Path
) -> None:
    ana, bob = pair.ana, pair.bob
    note_id = await ana.create_note(text="one", folder="f")
    await give_everything(ana, bob)
    pair.there._waiting.clear()
    await ana.change_text(note_id, [Splice(3, "", " two")])
    await ana.trash(note_id)
    await pair.settle()
    await bob.close()
    bob = await Node.open(Home(tmp_path / "desktop"), OPEN)
    view = bob.note(note_id)
    assert (view.folder, view.trashed_ms is not None) == ("f", True)
    await bob.search("anything")
    assert await bob.stored_text(note_id) == "one two"
    await bob.close()


async def test_random_typing_on_both_sides_converges(pair: Pair) -> None:
    ana, bob = pair.ana, pair.bob
    note_id = await ana.create_note(text="0123456789")
    await give_everything(ana, bob)
    pair.there._waiting.clear()
    notes = {ana: await ana.open_note(note_id), bob: await bob.open_note(note_id)}
    shown = {ana: notes[ana].text, bob: notes[bob].text}

    def show(node: Node) -> None:
        def hear(event: Event) -> None:
            if isinstance(event, NoteEdited):
                for splice in event.splices:
                    text = shown[node]
                    assert text[splice.at : splice.removed_end] == splice.removed
                    shown[node] = text[: splice.at] + splice.inserted + text[splice.removed_end :]

        node.subscribe(hear)

    show(ana)
    show(bob)
    dice = random.Random(7)
    for _ in range(60):
        node = dice.choice([ana, bob])
        text = notes[node].text
        at = dice.randint(0, len(text))
        end = min(len(text), at + dice.choice([0, 0, 1, 4]))
        splice = Splice(at, text[at:end], dice.choice(["", "x", "🙂y", "\n"]))
        if splice.removed or splice.inserted:
            node.edit(note_id, splice)
        if dice.random() < 0.3:
            await node.saved(note_id)
        if dice.random() < 0.3:
            await dice.choice([pair.there, pair.back]).carry()
    await pair.settle()
    assert notes[ana].text == notes[bob].text == shown[ana] == shown[bob]


@pytest.mark.parametrize("backwards", [False, True])
async def test_feeds_that_build_on_each_other_come_in_any_order(pair: Pair, tmp_path: Path, backwards: bool) -> None:
    ana, bob = pair.ana, pair.bob
    notebook = ana.default_notebook
    first = await ana.create_note(text="a", file_name="first")
    await give_everything(ana, bob)
    pair.there._waiting.clear()
    await bob.pin(first)
    await bob.change_text(first, [Splice(1, "", "b")])
    await pair.settle()
    await ana.set_folder(first, "trips")
    await ana.change_text(first, [Splice(2, "", "c")])
    await pair.settle()
    third = await bob.create_note(text="d", file_name="third")
    await pair.settle()
    carol = await second_device(ana, Home(tmp_path / "tablet"))
    for feed in sorted(await feeds_of(ana, notebook), key=lambda feed: len(feed[2]), reverse=backwards):
        await give(ana, carol, *feed)
        for view in carol.notes():
            with contextlib.suppress(LocalError):  # its beginning may not be here yet
                await carol.open_note(view.note_id)
    assert {view.note_id: (view.folder, view.pinned) for view in carol.notes()} == {
        first: ("trips", True),
        third: ("", False),
    }
    assert (await carol.open_note(first)).text == "abc"
    assert (await carol.open_note(third)).text == "d"
    await carol.close()


@pytest.mark.parametrize("is_open", [False, True])
async def test_a_note_that_was_edited_while_it_was_trashed_stays_on_both_sides(
    pair: Pair, tmp_path: Path, is_open: bool
) -> None:
    ana, bob = pair.ana, pair.bob
    kept, gone = await ana.create_note(text="kept"), await ana.create_note(text="gone")
    await give_everything(ana, bob)
    pair.there._waiting.clear()
    if is_open:
        await ana.open_note(kept)
    await ana.trash(kept)
    await ana.trash(gone)
    assert ana.note(kept).trashed_ms is not None
    await bob.change_text(kept, [Splice(4, "", " alive")])  # Bob doesn't know yet
    await pair.settle()
    for node in (ana, bob):
        assert [(view.note_id, view.kept) for view in node.notes()] == [(kept, True)]
        assert [view.note_id for view in node.notes(NoteFilter(trashed=True))] == [gone]
        assert (await node.search("alive")).total == 1
    await ana.pin(kept)  # another word about its row doesn't send it back
    await pair.settle()
    assert bob.note(kept).kept
    assert bob.note(kept).pinned
    assert await bob.empty_trash() == 1
    await pair.settle()
    await bob.close()
    bob = await Node.open(Home(tmp_path / "desktop"), OPEN)
    assert (await bob.open_note(kept)).text == "kept alive"
    await bob.trash(kept)  # knowing all of it: now it goes
    assert bob.notes() == []
    await bob.untrash(kept)
    assert not bob.note(kept).kept
    await bob.close()


async def test_an_own_edit_that_meets_a_foreign_trash_keeps_the_note_here_too(pair: Pair) -> None:
    ana, bob = pair.ana, pair.bob
    note_id = await ana.create_note(text="one")
    await give_everything(ana, bob)
    pair.there._waiting.clear()
    await bob.open_note(note_id)
    bob.edit(note_id, Splice(3, "", " two"))  # still a burst
    await ana.trash(note_id)
    await pair.there.carry()
    assert bob.note(note_id).trashed_ms is not None
    await pair.settle()
    await asyncio.sleep(0)
    await pair.settle()
    assert (ana.note(note_id).kept, bob.note(note_id).kept) == (True, True)


async def test_a_list_that_a_kill_left_behind_its_index_is_read_anew(pair: Pair, tmp_path: Path) -> None:
    ana, bob = pair.ana, pair.bob
    await give_everything(ana, bob)
    pair.there._waiting.clear()

    reached = asyncio.Event()

    async def killed(*_: object) -> None:
        reached.set()
        raise asyncio.CancelledError

    receiving = bob.people.peering.receiving
    receiving._into_index = killed  # type: ignore[method-assign,assignment]  # between the entries' commit and the list's
    note_id = await ana.create_note(text="new")
    settling = asyncio.create_task(pair.settle())
    await reached.wait()
    settling.cancel()
    await bob.close()
    bob = await Node.open(Home(tmp_path / "desktop"), OPEN)
    await bob.search("new")
    assert [(view.note_id, view.title) for view in bob.notes()] == [(note_id, "new")]
    await bob.close()


@pytest.mark.parametrize("rival_first", [True, False])
async def test_two_creations_of_one_note_end_as_the_same_note_everywhere(pair: Pair, rival_first: bool) -> None:
    ana, bob = pair.ana, pair.bob
    note_id = await ana.create_note(text="Ana's")
    theirs, pair.there._waiting = pair.there._waiting, []
    held = bob._core.held[ana.default_notebook]
    rival = Replica.create_note(held.feed.actor, note_id, "Bob's")
    raws = tuple(change.raw for change in rival.changes_since(()))
    await bob._core.outbox.put(Deed([(held.feed, note_id, raws)]))
    if rival_first:
        await pair.back.carry()
    await give_everything(ana, bob)
    pair.there._waiting = theirs
    await pair.settle()
    await give_everything(bob, ana)
    for node in (ana, bob):
        assert (await node.open_note(note_id)).text == "Ana's"
    bob.edit(note_id, Splice(5, "", " and Bob's"))
    await pair.settle()
    assert (await ana.open_note(note_id)).text == (await bob.open_note(note_id)).text == "Ana's and Bob's"


async def test_only_the_owners_devices_create_a_notebooks_index(pair: Pair) -> None:
    held = pair.ana._core.held[pair.ana.default_notebook]
    own, stranger = held.feed.actor, b"s" * 16
    held._openings._devices |= {own: pair.ana._core.persona.device.device_id, stranger: bytes(32)}
    assert [held._may_create(INDEX_ID, feed) for feed in (own, stranger)] == [True, False]
