"""A node from its first start to its end, on a real store."""

from __future__ import annotations

import asyncio

import pytest

from notesapp.errors import (
    AlreadyRunning,
    BadRequest,
    LocalError,
    NoSuchNote,
    PassphraseNeeded,
    TooLarge,
    WrongPassphrase,
)
from notesapp.node.events import Event, NoteEdited, NoteListChanged, Origin, Saved, SavedChanged, Saving
from notesapp.node.home import Unlock
from notesapp.node.node import Node
from notesapp.node.views import NoteFilter
from notesapp.store.places import Home
from notesapp.text import Splice
from tests.node.conftest import CHEAP, OPEN, Opener


async def test_a_first_start_makes_one_notebook_for_notes(node: Node) -> None:
    (notebook,) = node.notebooks()
    assert (notebook.name, notebook.notes, notebook.shared) == ("Notes", 0, False)
    assert node.default_notebook == notebook.notebook_id
    assert node.notes() == []
    assert len(node.recovery_kit()) == 24


async def test_a_note_is_there_after_a_restart(opener: Opener) -> None:
    node = await opener()
    note_id = await node.create_note(text="# Plan\n\nMilk #shopping", folder="home/food")
    node = await opener()
    view = node.note(note_id)
    assert (view.title, view.tags, view.folder, view.words) == ("Plan", ("shopping",), "home/food", 3)
    assert await node.stored_text(note_id) == "# Plan\n\nMilk #shopping"
    assert (await node.open_note(note_id)).text == "# Plan\n\nMilk #shopping"
    assert node.notebooks()[0].folders == ("home", "home/food")


async def test_an_edit_is_saved_only_when_it_is_durable(opener: Opener) -> None:
    node = await opener()
    note_id = await node.create_note(text="one")
    assert node.status(note_id) == Saved()
    await node.open_note(note_id)
    node.edit(note_id, Splice(3, "", " two"))
    assert node.status(note_id) == Saving()
    await node.saved(note_id)
    assert node.status(note_id) == Saved()
    node = await opener()
    assert (await node.open_note(note_id)).text == "one two"
    assert node.note(note_id).title == "one two"


async def test_typing_becomes_a_change_by_itself_after_a_pause(node: Node) -> None:
    note_id = await node.create_note(text="")
    note = await node.open_note(note_id)
    saved = asyncio.Event()
    node.subscribe(lambda event: saved.set() if event == SavedChanged(note_id, Saved()) else None)
    for at, letter in enumerate("hello"):
        node.edit(note_id, Splice(at, "", letter))
    typing = note.pending
    async with asyncio.timeout(5):
        await saved.wait()
    assert (typing, note.pending) == (True, False)
    assert len(note.replica.history()) == 2  # the note's creation, and one change for the burst


async def test_the_screens_hear_of_an_edit_and_know_whose_it_was(node: Node) -> None:
    note_id = await node.create_note(text="one")
    await node.open_note(note_id)
    heard: list[Event] = []
    mine = object()
    cancel = node.subscribe(heard.append)
    node.edit(note_id, Splice(3, "", "!"), screen=mine)
    await node.saved(note_id)
    cancel()
    node.edit(note_id, Splice(4, "", "?"))
    await node.saved(note_id)
    assert [event for event in heard if not isinstance(event, NoteListChanged)] == [
        NoteEdited(note_id, (Splice(3, "", "!"),), Origin.SCREEN, mine),
        SavedChanged(note_id, Saving()),
        SavedChanged(note_id, Saved()),
    ]


async def test_a_listener_that_fails_hurts_nobody(node: Node) -> None:
    heard: list[Event] = []

    def broken(event: Event) -> None:
        raise ZeroDivisionError

    node.subscribe(broken)
    node.subscribe(heard.append)
    await node.create_note(text="one")
    await asyncio.sleep(0)
    assert len(heard) == 1


async def test_an_edit_that_does_not_fit_changes_nothing(node: Node) -> None:
    note_id = await node.create_note(text="one")
    note = await node.open_note(note_id)
    with pytest.raises(LocalError):
        node.edit(note_id, Splice(0, "two", ""))
    with pytest.raises(TooLarge):
        node.edit(note_id, Splice(3, "", "x" * 2_000_001))
    assert note.text == "one"
    assert node.status(note_id) == Saved()


async def test_a_note_that_is_too_large_is_refused_before_anything_is_made(node: Node) -> None:
    with pytest.raises(TooLarge):
        await node.create_note(text="x" * 2_000_001)
    assert node.notes() == []


async def test_notes_are_found_as_a_person_names_them(node: Node) -> None:
    one = await node.create_note(text="# Plan", folder="work")
    two = await node.create_note(text="# Plan", folder="home")
    three = await node.create_note(text="anything", file_name="List", folder="home")
    assert node.find(one.hex()[:6]).note_id == one
    assert node.find("work/plan").note_id == one
    assert node.find("Notes/home/list.md").note_id == three
    assert node.find("LIST").note_id == three
    with pytest.raises(NoSuchNote):
        node.find("nothing")
    with pytest.raises(Exception, match="could be any of") as found:
        node.find("Plan")
    assert one.hex()[:8] in str(found.value)
    assert two.hex()[:8] in str(found.value)


async def test_search_finds_what_was_typed_a_moment_ago(node: Node) -> None:
    note_id = await node.create_note(text="# Journal\n")
    await node.open_note(note_id)
    node.edit(note_id, Splice(10, "", "\nWe met in Žilina."))
    found = await node.search("zilina")
    assert [hit.note_id for hit in found.hits] == [note_id]
    await node.trash(note_id)
    assert (await node.search("zilina")).total == 0


async def test_a_rename_updates_the_links_to_the_note(opener: Opener) -> None:
    node = await opener()
    plan = await node.create_note(text="# Plan\n\nMe: [[Plan]].", file_name="Plan")
    other = await node.create_note(text="See [[plan|the plan]], ![[Plan#Goals]] and [it](Plan.md), not [[Planet]].")
    same = await node.create_note(text="Nothing here.")
    done = await node.rename(plan, "Road map")
    assert (done.notes_changed, done.links_changed) == (2, 4)
    node = await opener()
    assert await node.stored_text(plan) == "# Road map\n\nMe: [[Road map]]."
    expected = "See [[Road map|the plan]], ![[Road map#Goals]] and [it](Road%20map.md), not [[Planet]]."
    assert await node.stored_text(other) == expected
    assert await node.stored_text(same) == "Nothing here."
    assert node.note(plan).file_name == "Road map"
    with pytest.raises(BadRequest):
        await node.rename(plan, "a]b")


async def test_trash_and_back_and_gone_for_ever(opener: Opener, home: Home) -> None:
    node = await opener()
    note_id = await node.create_note(text="a secret word: xylophone")
    await node.trash(note_id)
    assert node.notes() == []
    assert [view.note_id for view in node.notes(NoteFilter(trashed=True))] == [note_id]
    await node.untrash(note_id)
    assert [view.note_id for view in node.notes()] == [note_id]
    await node.trash(note_id)
    assert await node.empty_trash() == 1
    node = await opener()
    assert node.notes(NoteFilter(trashed=True)) == []
    bodies = await node._core.journal.read(lambda store: [row.body for row in store.entries_of(note_id)])
    assert bodies
    assert set(bodies) == {None}
    assert await node._core.journal.read(lambda store: store.text(note_id)) is None
    findings = await node.doctor()
    assert [finding.sentence for finding in findings if finding.level == "bad"] == []


async def test_tags_and_pins_and_folders(opener: Opener) -> None:
    node = await opener()
    note_id = await node.create_note(text="# Plan\n\nText #old")
    await node.tag(note_id, add=["work/a"], remove=["old"])
    await node.pin(note_id)
    await node.set_folder(note_id, "x/y")
    node = await opener()
    view = node.note(note_id)
    assert (view.tags, view.pinned, view.folder) == (("work/a",), True, "x/y")
    assert dict(node.tags()) == {"work/a": 1}
    assert [found.note_id for found in node.notes(NoteFilter(tag="work"))] == [note_id]
    assert node.notes(NoteFilter(tag="wor")) == []


async def test_a_note_moves_to_another_notebook_with_its_picture(opener: Opener) -> None:
    node = await opener()
    first, second = node.default_notebook, await node.create_notebook("Travel")
    await node.attach(first, b"not really a picture", "map.png")
    note_id = await node.create_note(first, "# Route\n\n![[map.png]]", "trips", "Route")
    new_id = await node.move_to_notebook(note_id, second)
    node = await opener()
    assert [view.note_id for view in node.notes()] == [new_id]
    assert (node.note(new_id).notebook_id, node.note(new_id).folder) == (second, "trips")
    assert await node.read_attachment(second, "map.png") == b"not really a picture"
    assert node.note(note_id).moved_to == second + new_id
    fields = (await node.open_note(new_id)).replica.fields()
    assert (fields["origin_notebook"], fields["origin_note"]) == (first, note_id)


async def test_history_tells_stretches_of_work_and_their_texts(node: Node) -> None:
    now = [1_000_000]
    node._core.clock = lambda: now[0]
    for held in node._core.held.values():
        held.feed._clock = node._core.clock
    note_id = await node.create_note(text="one")
    await node.change_text(note_id, [Splice(3, "", " two")])
    now[0] += 11 * 60_000
    await node.change_text(note_id, [Splice(0, "one", "1"), Splice(5, "", " three")])
    versions = await node.history(note_id)
    assert [(v.number, v.at_ms, v.author) for v in versions] == [(2, now[0], "You"), (1, 1_000_000, "You")]
    assert await node.text_at(note_id, versions[1].heads) == "one two"
    assert await node.text_at(note_id, versions[0].heads) == "1 two three"
    assert (versions[1].inserted, versions[1].removed) == (7, 0)


async def test_only_one_node_has_a_home(home: Home, node: Node) -> None:
    with pytest.raises(AlreadyRunning):
        await Node.open(home, OPEN)


async def test_a_passphrase_closes_the_notes_and_opens_them(home: Home, opener: Opener) -> None:
    node = await opener()
    kit = " ".join(node.recovery_kit())
    note_id = await node.create_note(text="secret")
    await node.set_passphrase(None, "correct horse")
    await node.close()
    with pytest.raises(PassphraseNeeded):
        await Node.open(home, OPEN)
    with pytest.raises(WrongPassphrase):
        await Node.open(home, Unlock("wrong", keyring=False))
    node = await Node.open(home, Unlock("correct horse", keyring=False))
    assert await node.stored_text(note_id) == "secret"
    with pytest.raises(WrongPassphrase):
        await node.set_passphrase("wrong", "other")
    await node.close()
    node = await Node.open(home, Unlock(passphrase="new", kit=kit, keyring=False, limits=CHEAP))
    await node.close()
    node = await Node.open(home, Unlock("new", keyring=False))
    assert await node.stored_text(note_id) == "secret"
    await node.confirm_recovery_kit()
    with pytest.raises(BadRequest):
        node.recovery_kit()
    await node.close()


async def test_a_restart_goes_on_with_the_same_feed_and_a_lost_mark_begins_another(home: Home, opener: Opener) -> None:
    async def feeds() -> int:
        node = await opener()
        notebook = node.default_notebook
        await node.create_note(text="x")
        return len(await node._core.journal.read(lambda store: store.frontier(notebook)))

    assert await feeds() == 1
    assert await feeds() == 1
    node = await opener()
    await node.close()
    home.highwater.unlink()
    assert await feeds() == 2
    assert await feeds() == 2


async def test_a_backup_is_proved_and_the_doctor_is_content(node: Node) -> None:
    await node.create_note(text="x")
    made = await node.backup()
    assert node.backups() == (made,)
    assert [finding.sentence for finding in await node.doctor() if finding.level == "bad"] == []


async def test_closing_saves_what_was_typed_a_moment_ago(opener: Opener) -> None:
    node = await opener()
    note_id = await node.create_note(text="")
    await node.open_note(note_id)
    node.edit(note_id, Splice(0, "", "last words"))
    await node.close()
    await node.close()  # twice is fine
    node = await opener()
    assert await node.stored_text(note_id) == "last words"
    assert node.note(note_id).title == "last words"
    assert (await node.search("words")).total == 1
