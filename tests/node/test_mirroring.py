"""A notebook mirrored into a folder of plain files: followed, whole, and never at the cost of somebody else's file."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from notesapp.errors import BadRequest, MirrorGone
from notesapp.node import mirroring
from notesapp.node.events import Trouble
from notesapp.node.mirror_memory import Wrote
from notesapp.node.node import Node
from notesapp.node.safekeeping import restore_backup
from notesapp.store.places import Home
from notesapp.text import Splice
from tests.node.conftest import OPEN, Opener


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mirror"


def written(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".notesapp-mirror")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def unplug(folder: Path) -> Path:
    """Where the folder went; an empty one, the mount point, is in its place."""
    away = folder.rename(folder.with_name("unplugged"))
    folder.mkdir()
    return away


def plug_in(folder: Path, away: Path) -> None:
    folder.rmdir()
    away.rename(folder)


async def append(node: Node, note_id: bytes, text: str) -> None:
    note = await node.open_note(note_id)
    node.edit(note_id, Splice(len(note.text), "", text))
    await node.saved(note_id)
    node.close_note(note_id)


async def test_a_mirror_has_every_note_and_attachment_and_follows_what_happens_to_them(
    node: Node, folder: Path
) -> None:
    book = node.default_notebook
    plan = await node.create_note(book, "# Plan\n\nmilk\n", "home", "Plan")
    beans = await node.create_note(book, "# Beans\n", "", "Beans")
    await node.attach(book, b"picture", "p.png")
    report = await node.mirror(book, folder)
    assert (report.notes, report.attachments, report.written, report.files) == (2, 1, 3, [])
    assert written(folder) == {"home/Plan.md": b"# Plan\n\nmilk\n", "Beans.md": b"# Beans\n", "p.png": b"picture"}

    before = (folder / "Beans.md").stat().st_mtime_ns
    await append(node, plan, "eggs\n")
    await node._mirroring.catch_up()
    assert (folder / "home/Plan.md").read_bytes() == b"# Plan\n\nmilk\neggs\n"
    assert (folder / "Beans.md").stat().st_mtime_ns == before

    await node.rename(beans, "Broad beans")
    await node.set_folder(plan, "")
    await node.attach(book, b"another", "q.png")
    await node._mirroring.catch_up()
    assert set(written(folder)) == {"Plan.md", "Broad beans.md", "p.png", "q.png"}
    assert not (folder / "home").exists()

    await node.trash(beans)
    await node.remove_attachment(book, "p.png")
    await node._mirroring.catch_up()
    assert set(written(folder)) == {"Plan.md", "q.png"}
    assert [(view.notebook_id, view.path, view.trouble) for view in node.mirrors()] == [(book, folder, "")]


async def test_an_edit_reaches_the_mirror_by_itself(
    opener: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirroring, "_FIRST_LOOK_S", 0.0)
    monkeypatch.setattr(mirroring, "_REST_S", 0.05)
    node = await opener()
    note = await node.create_note(text="# Plan\n")
    await node.mirror(node.default_notebook, folder)
    passed, catch_up = asyncio.Event(), node._mirroring.catch_up

    async def told() -> None:
        await catch_up()
        if written(folder)["Plan.md"] == b"# Plan\neggs\n":
            passed.set()

    monkeypatch.setattr(node._mirroring, "catch_up", told)
    await append(node, note, "eggs\n")
    await asyncio.wait_for(passed.wait(), 60)


async def test_what_was_changed_at_the_end_of_a_run_is_in_the_mirror_after_it(opener: Opener, folder: Path) -> None:
    node = await opener()
    note = await node.create_note(text="# Plan\n")
    await node.mirror(node.default_notebook, folder)
    await append(node, note, "eggs\n")
    node = await opener()
    assert written(folder) == {"Plan.md": b"# Plan\neggs\n"}
    await append(node, note, "milk\n")
    await node.create_note(text="# Beans\n")
    await opener()
    assert written(folder) == {"Plan.md": b"# Plan\neggs\nmilk\n", "Beans.md": b"# Beans\n"}


async def test_a_file_that_somebody_else_made_or_changed_is_kept_and_told(node: Node, folder: Path) -> None:
    told: list[Trouble] = []
    node.subscribe(lambda event: told.append(event) if isinstance(event, Trouble) else None)
    book = node.default_notebook
    plan = await node.create_note(book, "# Plan\n")
    beans = await node.create_note(book, "# Beans\n")
    write(folder / "Plan.md", "mine\n")
    report = await node.mirror(book, folder)
    assert [(path, outcome) for path, outcome, _ in report.files] == [("Plan.md", "kept")]
    assert "“Plan.md”" in node.mirrors()[0].trouble
    assert [event.key for event in told] == [f"mirror {book.hex()}"]

    (folder / "Plan.md").unlink()
    write(folder / "Beans.md", "mine too\n")
    await append(node, beans, "peas\n")
    await node._mirroring.catch_up()
    assert written(folder) == {"Plan.md": b"# Plan\n", "Beans.md": b"mine too\n"}
    await node.trash(beans)
    await node.trash(plan)
    await node._mirroring.catch_up()
    assert written(folder) == {"Beans.md": b"mine too\n"}
    await node._mirroring.catch_up()
    assert node.mirrors()[0].trouble == ""
    assert node.troubles == {}


async def test_a_kill_between_the_promise_and_the_file_makes_nobody_elses_file(
    opener: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = await opener()
    book = node.default_notebook
    note = await node.create_note(text="# Plan\n")
    await node.mirror(book, folder)
    remember = node._mirroring._memory.remember

    async def only_promises(notebook_id: bytes, files: dict[str, Wrote]) -> None:
        if all(len(wrote.digests) > 1 for wrote in files.values()):
            await remember(notebook_id, files)

    monkeypatch.setattr(node._mirroring._memory, "remember", only_promises)
    await append(node, note, "eggs\n")
    await node._mirroring.catch_up()  # the file is written, and nothing tells that it was
    node = await opener()
    await append(node, note, "milk\n")
    await node._mirroring.catch_up()
    assert written(folder) == {"Plan.md": b"# Plan\neggs\nmilk\n"}
    assert node.mirrors()[0].trouble == ""


async def test_a_folder_that_is_gone_is_told_and_never_made_anew_until_it_is_back(node: Node, folder: Path) -> None:
    book = node.default_notebook
    note = await node.create_note(text="# Plan\n")
    await node.mirror(book, folder)
    away = unplug(folder)
    await append(node, note, "eggs\n")
    await node._mirroring.catch_up()
    assert written(folder) == {}
    assert node.mirrors()[0].trouble == MirrorGone(path=folder).sentence
    plug_in(folder, away)
    await node._mirroring.catch_up()
    assert written(folder) == {"Plan.md": b"# Plan\neggs\n"}
    assert node.troubles == {}


async def test_a_mirror_that_ended_leaves_its_files_and_writes_no_more(node: Node, folder: Path) -> None:
    book = node.default_notebook
    note = await node.create_note(text="# Plan\n")
    await node.mirror(book, folder)
    await node.stop_mirror(book)
    await append(node, note, "eggs\n")
    await node._mirroring.catch_up()
    assert written(folder) == {"Plan.md": b"# Plan\n"}
    assert node.mirrors() == ()
    with pytest.raises(BadRequest, match="isn't mirrored"):
        await node.stop_mirror(book)


async def test_folders_that_can_be_no_mirror_are_refused(node: Node, folder: Path, home: Home) -> None:
    book, other = node.default_notebook, await node.create_notebook("Other")
    await node.mirror(book, folder)
    for wrong in (home.folder / "inside", folder / "inside", folder, folder.parent):
        with pytest.raises(BadRequest):
            await node.mirror(other, wrong)
    write(folder.parent / "file", "text")
    with pytest.raises(BadRequest, match="is a file"):
        await node.mirror(other, folder.parent / "file")
    assert [view.notebook_id for view in node.mirrors()] == [book]


async def test_a_restored_backup_writes_into_no_mirror_of_another_computer(
    opener: Opener, home: Home, folder: Path
) -> None:
    node = await opener()
    await node.create_note(text="# Plan\n")
    await node.mirror(node.default_notebook, folder)
    made = await node.backup()
    await node.close()
    restore_backup(home, made.path, OPEN)
    assert (await opener()).mirrors() == ()
