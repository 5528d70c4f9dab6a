"""Every command, through both doors: a node in this process, and the socket of a running one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from automerge.core import ROOT, Document

from notesapp.control import calls, calls_people, commands
from notesapp.control.client import connect
from notesapp.control.door import Door, FarDoor, NearDoor, open_door, serving
from notesapp.errors import (
    AmbiguousNote,
    BadRequest,
    CannotWrite,
    DiskFull,
    NoSuchNote,
    NotesError,
    NotSavedYet,
    TooLarge,
)
from notesapp.node.events import Event, ShowRequested, ShutdownRequested
from notesapp.node.home import Unlock
from notesapp.node.node import Node
from notesapp.store.places import Home
from notesapp.store.rows import Batch

pytestmark = pytest.mark.socket
OPEN = Unlock(keyring=False)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
async def node(home: Home) -> AsyncIterator[Node]:
    found = await Node.open(home, OPEN)
    yield found
    await found.close()


@pytest.fixture(params=["near", "far"])
async def door(request: pytest.FixtureRequest, node: Node) -> AsyncIterator[Door]:
    if request.param == "near":
        yield NearDoor(node)
        return
    async with serving(node):
        client = await connect(node.home)
        assert client is not None
        yield FarDoor(client)
        await client.close()


async def test_a_note_through_its_life(door: Door) -> None:
    made = await door.call(calls.New(text="# Plan\n\nMilk #food", folder="home"))
    assert (made.title, made.notebook, made.folder, made.tags) == ("Plan", "Notes", "home", ("food",))
    assert [row.id for row in await door.call(calls.Ls())] == [made.id]
    assert await door.call(calls.Tags()) == {"food": 1}
    assert (await door.call(calls.Find("home/plan"))).id == made.id
    appended = await door.call(calls.Append(made.id[:6], "Bread"))
    assert appended.words > made.words or (await door.call(calls.Cat("Plan"))).text.endswith("Bread\n")
    assert (await door.call(calls.Cat("Plan"))).text == "# Plan\n\nMilk #food\nBread\n"
    hits = await door.call(calls.Search("bread"))
    assert (hits.total, hits.hits[0].note.id) == (1, made.id)
    assert (await door.call(calls.Tag("Plan", add=("work",), remove=("food",)))).tags == ("work",)
    assert (await door.call(calls.Mv("Plan", folder="away"))).folder == "away"
    assert (await door.call(calls.Pin("Plan"))).pinned
    renamed = await door.call(calls.Rename("Plan", "Road map"))
    assert (renamed.note.file_name, renamed.note.title) == ("Road map", "Road map")
    assert (await door.call(calls.Trash("Road map"))).trashed_ms is not None
    assert await door.call(calls.Ls()) == ()
    assert (await door.call(calls.Untrash("Road map"))).trashed_ms is None
    await door.call(calls.Trash("Road map"))
    assert (await door.call(calls.EmptyTrash())).count == 1
    with pytest.raises(NoSuchNote):
        await door.call(calls.Cat("Road map"))


async def test_an_edit_of_an_older_text_lands_where_it_was_meant(door: Door) -> None:
    made = await door.call(calls.New(text="one two three"))
    before = await door.call(calls.Cat(made.id))
    await door.call(calls.Edit(made.id, before.heads, (calls.SpliceRow(0, "one", "1"),)))
    after = await door.call(
        calls.Edit(made.id, before.heads, (calls.SpliceRow(8, "three", "3"), calls.SpliceRow(4, "two", "")))
    )
    assert after.text == "1  3"
    assert after.heads != before.heads
    with pytest.raises(NotesError):
        await door.call(calls.Edit(made.id, (bytes(32),), (calls.SpliceRow(0, "", "x"),)))


async def test_history_and_earlier_versions(door: Door) -> None:
    made = await door.call(calls.New(text="one"))
    await door.call(calls.Append(made.id, "two"))
    (version,) = await door.call(calls.History(made.id))
    assert (version.number, version.author) == (1, "You")
    assert (await door.call(calls.Cat(made.id, version=1))).text == "one\ntwo\n"
    with pytest.raises(BadRequest):
        await door.call(calls.Cat(made.id, version=9))


async def test_a_note_leaves_with_its_history_as_an_automerge_file(door: Door, tmp_path: Path) -> None:
    made = await door.call(calls.New(text="one 𝔘 😀"))
    await door.call(calls.Append(made.id, "two"))
    file = tmp_path / "note.automerge"
    done = await door.call(calls.ExportHistory(made.id, str(file)))
    assert str(file) in done.said
    text, changes = opened_by_automerge(file.read_bytes())
    assert (text, changes) == ("one 𝔘 😀\ntwo\n", 3)
    with pytest.raises(CannotWrite, match="already"):
        await door.call(calls.ExportHistory(made.id, str(file)))
    await door.call(calls.Append(made.id, "three"))
    await door.call(calls.ExportHistory(made.id, str(file), overwrite=True))
    assert opened_by_automerge(file.read_bytes())[0].endswith("three\n")
    with pytest.raises(NoSuchNote):
        await door.call(calls.ExportHistory("nothing of this name", str(file)))


def opened_by_automerge(data: bytes) -> tuple[str, int]:
    """What the engine alone makes of such a file: the text and how many changes it has."""
    document = Document.load(data)
    found = document.get(ROOT, "body")
    assert found is not None
    return document.text(found[1]), len(document.get_changes([]))


async def test_notebooks(door: Door) -> None:
    made = await door.call(calls.NewNotebook("Travel"))
    await door.call(calls.New(text="x", notebook="travel"))
    await door.call(calls.RenameNotebook("Travel", "Trips"))
    rows = await door.call(calls.Notebooks())
    assert [(row.id == made.id, row.name, row.notes) for row in rows] == [(False, "Notes", 0), (True, "Trips", 1)]
    moved = await door.call(calls.Mv("x", notebook="Notes"))
    assert (moved.notebook, len(await door.call(calls.Ls()))) == ("Notes", 1)


async def test_folders_and_attachments(door: Door, tmp_path: Path) -> None:
    source = tmp_path / "vault"
    source.mkdir()
    (source / "A.md").write_text("[[B]]\n")
    (source / "p.png").write_bytes(b"picture")
    steps: list[str] = []
    done = await door.call(calls.Import(str(source)), lambda done, total, what: steps.append(what))
    assert (done.notes_new, done.attachments, done.unresolved) == (1, 1, ("A.md:1: B",))
    assert steps
    file = tmp_path / "more.txt"
    file.write_text("more")
    row = await door.call(calls.Attach(str(file), note="A"))
    assert row.markdown == "[more.txt](more.txt)"
    assert (await door.call(calls.Cat("A"))).text == "[[B]]\n\n[more.txt](more.txt)\n"
    assert [kept.name for kept in await door.call(calls.Attachments())] == ["more.txt", "p.png"]
    await door.call(calls.SaveAttachment("p.png", str(tmp_path / "back.png")))
    assert (tmp_path / "back.png").read_bytes() == b"picture"
    with pytest.raises(NotesError, match="already"):
        await door.call(calls.SaveAttachment("p.png", str(tmp_path / "back.png")))
    wrote = await door.call(calls.Export(str(tmp_path / "out")))
    assert (wrote.notes, wrote.attachments) == (1, 2)
    assert (tmp_path / "out" / "p.png").read_bytes() == b"picture"


async def test_keeping_safe(door: Door, tmp_path: Path) -> None:
    await door.call(calls.New(text="x"))
    made = await door.call(calls.Backup())
    assert [row.path for row in await door.call(calls.Backups())] == [made.path]
    await door.call(calls.Backup(str(tmp_path / "mine.db")))
    assert (tmp_path / "mine.db").stat().st_size == (tmp_path / "mine.db").stat().st_size > 0
    assert len((await door.call(calls.RecoveryKit())).words) == 24
    assert not [row for row in await door.call(calls.Doctor()) if row.state == "bad"]
    status = await door.call(calls.Status())
    assert (status.notes, status.unsaved, status.window, status.troubles) == (1, 0, False, ())


async def test_the_quick_note_is_one_note(door: Door) -> None:
    first = await door.call(calls.QuickNote("one"))
    second = await door.call(calls.QuickNote("two"))
    assert first.id == second.id
    assert (await door.call(calls.Cat(first.id))).text == "# Quick note\n\none\ntwo\n"


async def test_errors_come_as_themselves(door: Door) -> None:
    for _ in range(2):
        await door.call(calls.New(text="# Same"))
    with pytest.raises(AmbiguousNote):
        await door.call(calls.Cat("Same"))
    with pytest.raises(TooLarge):
        await door.call(calls.New(text="x" * 2_000_001))


async def test_a_second_start_is_heard(door: Door, node: Node) -> None:
    heard: list[Event] = []
    node.subscribe(heard.append)
    await door.call(calls.Show("notesapp://join#1.abc"))
    await door.call(calls.Shutdown())
    assert [event for event in heard if isinstance(event, (ShowRequested, ShutdownRequested))] == [
        ShowRequested("notesapp://join#1.abc"),
        ShutdownRequested(),
    ]


async def test_what_is_no_call_is_a_bad_request(node: Node) -> None:
    with pytest.raises(BadRequest, match="knows no command"):
        await commands.run(node, "explode", b"\x80", "/", lambda *step: None)
    for args in (b"", b"\xc1", msgspec.msgpack.encode({"query": 7}), msgspec.msgpack.encode({"other": 1})):
        with pytest.raises(BadRequest, match="asked wrongly"):
            await commands.run(node, "search", args, "/", lambda *step: None)


def test_every_call_has_its_command() -> None:
    said = {**vars(calls), **vars(calls_people)}
    asked = {kind for kind in said.values() if isinstance(kind, type) and issubclass(kind, calls.Call)}
    assert asked - {calls.Call} == {line.asks for line in commands.TABLE.values()}


async def test_a_command_does_not_wait_for_a_full_disk_without_end(
    door: Door, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "_ROOM_S", 0.05)
    submit = node._core.outbox._submit
    stuck: list[tuple[Batch, asyncio.Future[None]]] = []

    def refuse(batch: Batch) -> asyncio.Future[None]:
        stuck.append((batch, asyncio.get_running_loop().create_future()))
        asyncio.get_running_loop().call_soon(node._disk, DiskFull(path="x"))
        return stuck[-1][1]

    monkeypatch.setattr(node._core.outbox, "_submit", refuse)
    monkeypatch.setattr(node._core.journal._writer, "refuses", True)
    with pytest.raises((DiskFull, NotSavedYet)):
        await door.call(calls.New(text="one"))
    monkeypatch.setattr(node._core.outbox, "_submit", submit)
    monkeypatch.setattr(node._core.journal._writer, "refuses", False)
    node._disk(None)
    for batch, future in stuck:  # there is room again: what was asked for is done after all
        await submit(batch)
        future.set_result(None)
    await door.call(calls.New(text="two"))
    assert sorted(row.title for row in await door.call(calls.Ls())) == ["one", "two"]


async def test_two_doors_to_one_home_see_the_same_notes(home: Home) -> None:
    async with open_door(home, OPEN) as first:
        assert not first.remote
        made = await first.call(calls.New(text="from the first"))
        async with open_door(home, OPEN) as second:
            assert second.remote
            assert (await second.call(calls.Cat(made.id))).text == "from the first"
            await second.call(calls.Append(made.id, "from the second"))
        assert (await first.call(calls.Cat(made.id))).text == "from the first\nfrom the second\n"


async def test_ten_commands_at_once_on_a_closed_home_all_work(home: Home) -> None:
    async def write(number: int) -> None:
        async with open_door(home, OPEN) as door:
            await door.call(calls.New(text=f"note {number}"))

    await asyncio.gather(*(write(number) for number in range(10)))
    async with open_door(home, OPEN) as door:
        rows = await door.call(calls.Ls())
    assert sorted(row.title for row in rows) == [f"note {number}" for number in range(10)]


async def test_who_opens_the_door_hears_first_of_a_repair_until_the_doctor_told_it(home: Home) -> None:
    async with open_door(home, OPEN) as near:
        assert near.notices == ()
        await near.call(calls.New(text="kept"))
        await near.call(calls.Backup())
    for file in home.folder.glob("notes.db*"):
        file.unlink()
    async with open_door(home, OPEN) as near:
        assert any("its file is gone" in sentence for sentence in near.notices)
        async with open_door(home, OPEN) as far:
            assert far.remote
            assert far.notices == near.notices
            told = [row.sentence for row in await far.call(calls.Doctor()) if row.state == "warn"]
            assert set(near.notices) < set(told)
    async with open_door(home, OPEN) as near:
        assert near.notices == ()
