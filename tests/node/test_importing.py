"""Imports under the conditions that lose notes: names that don't fit, slow ones, two at once, links, our own faults."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

import pytest

from notesapp.errors import ImportIncomplete, LocalError
from notesapp.node.node import Node
from notesapp.node.views import NoteFilter
from notesapp.notes.rows import MAX_ATTACHMENT_BYTES
from notesapp.notes.vault import ATTACHMENT_LIMIT_BYTES
from notesapp.store.blobs import LIMIT_BYTES
from notesapp.store.doctor import Level
from notesapp.sync.attachment import SIZE_LIMIT
from notesapp.text import Splice
from tests.node.conftest import Opener


def small_vault(root: Path, count: int, pictures: int = 0) -> Path:
    root.mkdir()
    for number in range(count):
        (root / f"{number:04}.md").write_text(f"# Note {number}\n\nWords of {number}\n")
    for number in range(pictures):
        (root / f"{number:02}.png").write_bytes(f"picture {number}".encode() * 50)
    return root


async def stored(node: Node) -> dict[str, str]:
    return {view.file_name: await node.stored_text(view.note_id) for view in node.notes(NoteFilter())}


async def test_a_slow_import_never_stores_a_text_that_is_not_the_note(
    opener: Opener, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    for number in range(12):
        (root / f" a{number:03}.md").write_text("before the slow one")
        (root / f"c{number:03} .md").write_text("after the slow one")
    (root / "b.md").write_text("slow")
    node = await opener()
    facts = node._opened.indexing.facts

    async def slow(text: str, file_name: str) -> object:
        if file_name == "c006 ":  # here everything that was made is not committed yet
            await node._opened.indexing.flush()
            await node._core.outbox.settled()
        return await facts(text, file_name)

    node._opened.indexing.facts = slow  # type: ignore[method-assign,assignment]  # indexing at the worst moment
    await node.import_folder(root, node.default_notebook)
    await node._opened.indexing.flush()
    assert "" not in (await stored(node)).values()
    assert {" a003", "c003 "} < (await stored(node)).keys()
    assert all(view.words for view in node.notes() if view.file_name != "b")
    node = await opener()
    out = tmp_path / "out"
    await node.export_folder(out, node.default_notebook)
    expected = {path.name.lstrip(): path.read_text() for path in root.iterdir()}  # no portable name begins with a blank
    assert {path.name: path.read_text() for path in out.iterdir()} == expected
    assert [finding.level for finding in await node.doctor() if finding.what == "texts"] == [Level.OK]


async def test_an_export_and_the_doctor_trust_no_stored_text_that_is_behind_its_changes(
    node: Node, tmp_path: Path
) -> None:
    kept = await node.create_note(text="one", file_name="kept")
    lost = await node.create_note(text="two", file_name="lost")
    for note_id in (kept, lost):
        await node.change_text(note_id, [Splice(3, "", " more")])
    await node._opened.indexing.flush()
    node._opened._open.clear()  # as after a restart
    await node._core.journal.write_with(
        lambda store: store.db.execute("UPDATE texts SET text = '', frontier = x'' WHERE note_id = ?", (kept,))
    )
    await node._core.journal.write_with(lambda store: store.db.execute("DELETE FROM texts WHERE note_id = ?", (lost,)))
    done = await node.export_folder(tmp_path / "out", node.default_notebook)
    assert (done.notes, done.files) == (2, [])
    assert {path.name: path.read_text() for path in (tmp_path / "out").iterdir()} == {
        "kept.md": "one more",
        "lost.md": "two more",
    }
    assert [finding.level for finding in await node.doctor() if finding.what == "texts"] == [Level.WARN]
    assert [finding.level for finding in await node.doctor() if finding.what == "texts"] == [Level.OK]
    assert await stored(node) == {"kept": "one more", "lost": "two more"}


async def test_notes_that_leave_memory_before_they_are_written_down_are_written_down(
    node: Node, tmp_path: Path
) -> None:
    root = small_vault(tmp_path / "vault", 60)
    await node.import_folder(root, node.default_notebook)
    for path in root.iterdir():
        path.write_text(path.read_text() + "more\n")
    done = await node.import_folder(root, node.default_notebook)
    assert done.notes_changed == 60
    await node._opened.indexing.flush()
    assert all(text.endswith("more\n") for text in (await stored(node)).values())


async def test_two_imports_of_one_folder_at_once_bring_it_once(node: Node, tmp_path: Path) -> None:
    root = small_vault(tmp_path / "vault", 100, pictures=10)
    one, other = await asyncio.gather(node.import_folder(root, "Vault"), node.import_folder(root, "Vault"))
    assert (one.notes_new, one.attachments) == (100, 10)
    assert (other.notes_new, other.notes_same, other.attachments, other.skipped) == (0, 100, 0, 0)
    assert [view.name for view in node.notebooks()] == ["Notes", "Vault"]
    notebook = node.find_notebook("Vault")
    assert len(node.notes(NoteFilter(notebook))) == 100
    for kept in await node.attachments(notebook):
        assert await node.read_attachment(notebook, kept.name) == (root / kept.name).read_bytes()


async def test_an_import_that_fails_by_our_fault_says_so_at_its_end(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = small_vault(tmp_path / "vault", 40)
    made_note = node._acts.made_note

    async def faulty(*args: object, **more: object) -> object:
        if args[3] == "0007":
            raise LocalError(what="seven")
        return await made_note(*args, **more)  # type: ignore[arg-type]  # handed through as it came

    monkeypatch.setattr(node._acts, "made_note", faulty)
    with pytest.raises(ImportIncomplete, match=r"1 files .*0007\.md.*seven"):
        await node.import_folder(root, node.default_notebook)
    assert len(node.notes()) == 39


async def test_an_index_is_never_ahead_of_the_disk_unseen(
    node: Node, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = small_vault(tmp_path / "vault", 40, pictures=5)
    index = await node._indexes.open(node.default_notebook)
    seen: list[bool] = []

    def look(done: int, total: int, what: str) -> None:
        opened = node._indexes.replica(index.held.index_id)
        if opened is not None and list(opened[0].heads) != heads[0]:
            seen.append(False)

    heads = [list(index.notebook.replica.heads)]
    with caplog.at_level(logging.ERROR):
        await node.import_folder(root, node.default_notebook, progress=look)
    assert seen == []
    assert "differs" not in caplog.text


@pytest.mark.parametrize("dry_run", [True, False])
async def test_links_that_lead_out_of_the_folder_are_left_out_and_named(
    node: Node, tmp_path: Path, dry_run: bool
) -> None:
    outside = small_vault(tmp_path / "outside", 3, pictures=1)
    root = small_vault(tmp_path / "vault", 2)
    (root / "sub").mkdir()
    (root / "sub" / "inner.md").write_text("inner")
    (root / "away").symlink_to(outside, target_is_directory=True)
    (root / "sub" / "secret.png").symlink_to(outside / "00.png")
    (root / "secret.md").symlink_to(outside / "0002.md")
    (root / "chain").symlink_to(root / "away" / "0001.md")
    (root / "beside").symlink_to("../vault-2", target_is_directory=True)
    (tmp_path / "vault-2").mkdir()
    (root / "same").symlink_to("sub", target_is_directory=True)
    (root / "sub" / "up").symlink_to("..", target_is_directory=True)
    (root / "self.md").symlink_to("self.md")
    done = await node.import_folder(root, node.default_notebook, dry_run=dry_run)
    out, back = "it is a link that leads out of the folder", "it is a link to a folder that it lies in"
    assert sorted(done.files) == sorted(
        [
            ("away", "unreadable", out),
            ("beside", "unreadable", out),
            ("chain", "unreadable", out),
            ("same/up", "unreadable", back),
            ("secret.md", "unreadable", out),
            ("self.md", "unreadable", "it is a link that leads to itself"),
            ("sub/secret.png", "unreadable", out),
            ("sub/up", "unreadable", back),
            ("same/secret.png", "unreadable", out),
        ]
    )
    assert (done.notes_new, done.attachments, done.skipped) == (4, 0, 9)
    assert {view.path for view in node.notes()} == (set() if dry_run else {"0000", "0001", "sub/inner", "same/inner"})


async def test_a_folder_may_itself_be_reached_by_a_link(node: Node, tmp_path: Path) -> None:
    small_vault(tmp_path / "vault", 2)
    (tmp_path / "vault" / "third.md").symlink_to(tmp_path / "vault" / "0001.md")
    (tmp_path / "link").symlink_to(tmp_path / "vault", target_is_directory=True)
    done = await node.import_folder(tmp_path / "link", node.default_notebook)
    assert (done.notes_new, done.skipped) == (3, 0)


async def test_an_attachment_has_one_limit_in_the_plan_and_in_the_store(node: Node, tmp_path: Path) -> None:
    limits = {SIZE_LIMIT, ATTACHMENT_LIMIT_BYTES, MAX_ATTACHMENT_BYTES, LIMIT_BYTES}
    assert limits == {200_000_000}
    root = tmp_path / "vault"
    root.mkdir()
    (root / "film.mp4").touch()
    os.truncate(root / "film.mp4", 200_000_001)
    for dry_run in (True, False):
        done = await node.import_folder(root, node.default_notebook, dry_run=dry_run)
        assert (done.attachments, done.skipped) == (0, 1)
        assert done.files == [
            ("film.mp4", "left out", "It is larger than an attachment may be (200 MB): not imported.")
        ]
