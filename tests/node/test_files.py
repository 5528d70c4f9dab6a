"""Imports, exports and attachments on real folders."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from notesapp.errors import BadRequest, CannotWrite, DiskFull, TooLarge, UnreadableFile
from notesapp.node.node import Node
from notesapp.node.outbox import STALE_TEXT
from notesapp.node.views import NoteFilter
from notesapp.store.places import Home
from notesapp.text import Splice
from tests.node.conftest import OPEN, Opener

PICTURE = bytes(range(256)) * 2000  # two chunks


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    (root / "trips" / "empty").mkdir(parents=True)
    (root / ".obsidian").mkdir()
    (root / ".obsidian" / "app.json").write_text("{}")
    (root / "Plan.md").write_text("---\ntags: [work]\naliases: Idea\n---\n# Plan\n\nSee [[Route]] and [[Nowhere]].\n")
    (root / "trips" / "Route.md").write_text("![[map.png]] from [[Idea]]\n")
    (root / "trips" / "map.png").write_bytes(PICTURE)
    return root


async def tree(node: Node, notebook_id: bytes) -> dict[str, str]:
    views = node.notes(NoteFilter(notebook_id))
    return {view.path: await node.stored_text(view.note_id) for view in views}


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


async def test_a_vault_comes_in_and_goes_out_byte_for_byte(opener: Opener, vault: Path, tmp_path: Path) -> None:
    node = await opener()
    steps: list[tuple[int, int, str]] = []
    done = await node.import_folder(vault, node.default_notebook, progress=lambda *step: steps.append(step))
    assert (done.notes_new, done.attachments, done.skipped, done.links_resolved) == (2, 1, 0, 3)
    assert done.unresolved == [("Plan.md", 7, "Nowhere")]
    assert (2, 2, "trips/Route.md") in steps
    node = await opener()
    assert (await tree(node, node.default_notebook)).keys() == {"Plan", "trips/Route"}
    assert node.find("Plan").tags == ("work",)
    assert node.find("Idea").title == "Plan"
    out = tmp_path / "out"
    wrote = await node.export_folder(out, node.default_notebook)
    assert (wrote.notes, wrote.attachments, wrote.written, wrote.same) == (2, 1, 3, 0)
    expected = files(vault)
    del expected[".obsidian/app.json"]
    assert files(out) == expected
    assert (out / "trips" / "empty").is_dir()


async def test_a_dry_run_changes_nothing(node: Node, vault: Path) -> None:
    done = await node.import_folder(vault, node.default_notebook, dry_run=True)
    assert (done.dry_run, done.notes_new, done.attachments) == (True, 2, 1)
    assert node.notes() == []
    assert await node.attachments(node.default_notebook) == []


async def test_a_second_import_changes_only_what_changed(node: Node, vault: Path) -> None:
    notebook = node.default_notebook
    await node.import_folder(vault, notebook)
    again = await node.import_folder(vault, notebook)
    assert (again.notes_new, again.notes_changed, again.notes_same, again.attachments) == (0, 0, 2, 0)
    (vault / "trips" / "Route.md").write_text("![[map.png]] another way\n")
    (vault / "trips" / "map.png").write_bytes(b"another map")
    done = await node.import_folder(vault, notebook)
    assert (done.notes_new, done.notes_changed, done.notes_same, done.attachments) == (0, 1, 1, 1)
    assert await node.stored_text(node.find("Route").note_id) == "![[map.png]] another way\n"
    assert [kept.name for kept in await node.attachments(notebook)] == ["trips/map.png"]
    assert await node.read_attachment(notebook, "trips/map.png") == b"another map"


async def test_an_edit_here_and_one_on_the_disk_are_both_kept(node: Node, vault: Path) -> None:
    await node.import_folder(vault, node.default_notebook)
    await node.change_text(node.find("Route").note_id, [Splice(0, "", "mine ")])
    (vault / "trips" / "Route.md").write_text("theirs\n")
    await node.import_folder(vault, node.default_notebook)
    texts = await tree(node, node.default_notebook)
    assert texts["trips/Route"] == "mine ![[map.png]] from [[Idea]]\n"
    assert texts["trips/Route (from disk)"] == "theirs\n"


async def test_files_that_cannot_be_notes_do_not_stop_the_others(node: Node, vault: Path) -> None:
    (vault / "latin.md").write_bytes(b"caf\xe9\n")
    (vault / "huge.md").write_bytes(b"x" * 2_000_001)
    (vault / "loop").symlink_to(vault, target_is_directory=True)
    (vault / "dangling.md").symlink_to(vault / "nothing")
    os.mkfifo(vault / "pipe.md")
    done = await node.import_folder(vault, node.default_notebook)
    assert done.notes_new == 2
    told = {(path, outcome) for path, outcome, _ in done.files}
    assert told == {
        ("latin.md", "kept as a file"),
        ("huge.md", "kept as a file"),
        ("loop", "unreadable"),
        ("dangling.md", "unreadable"),
        ("pipe.md", "unreadable"),
    }
    assert done.skipped == 3
    kept = {one.name: one.size for one in await node.attachments(node.default_notebook)}
    assert kept == {"latin.md": 5, "huge.md": 2_000_001, "trips/map.png": len(PICTURE)}


async def test_a_vault_may_have_a_notebook_of_its_own(node: Node, vault: Path) -> None:
    done = await node.import_folder(vault, "Vault", dry_run=True)
    assert (done.notes_new, len(node.notebooks())) == (2, 1)
    with pytest.raises(UnreadableFile):
        await node.import_folder(vault / "nothing", "Vault")
    assert len(node.notebooks()) == 1
    await node.import_folder(vault, "Vault")
    assert [(view.name, view.notes) for view in node.notebooks()] == [("Notes", 0), ("Vault", 2)]


async def test_a_folder_that_is_not_there_is_one_clear_sentence(node: Node, vault: Path) -> None:
    with pytest.raises(UnreadableFile, match="there is no such folder"):
        await node.import_folder(vault / "nothing", node.default_notebook)
    with pytest.raises(UnreadableFile, match="it is no folder"):
        await node.import_folder(vault / "Plan.md", node.default_notebook)


async def test_a_cancelled_import_goes_on_where_it_was(opener: Opener, tmp_path: Path) -> None:
    node = await opener()
    root = tmp_path / "many"
    root.mkdir()
    for number in range(100):
        (root / f"{number:03}.md").write_text(f"Note {number}\n")
    stop = asyncio.Event()
    running = asyncio.create_task(
        node.import_folder(
            root,
            node.default_notebook,
            progress=lambda done, total, what: stop.set() if done == 40 and what[:2] == "03" else None,
        )
    )
    await stop.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    node = await opener()
    before = len(node.notes())
    assert before < 100
    done = await node.import_folder(root, node.default_notebook)
    assert done.notes_new + done.notes_same == 100
    assert len(await tree(node, node.default_notebook)) == len(node.notes()) == 100


async def test_an_export_keeps_files_of_others_unless_told(node: Node, tmp_path: Path) -> None:
    note_id = await node.create_note(text="one", file_name="Note")
    out = tmp_path / "out"
    out.mkdir()
    (out / "Note.md").write_text("somebody's")
    done = await node.export_folder(out, node.default_notebook)
    assert [(path, outcome) for path, outcome, _ in done.files] == [("Note.md", "kept")]
    assert (out / "Note.md").read_text() == "somebody's"
    done = await node.export_folder(out, node.default_notebook, overwrite=True)
    assert (out / "Note.md").read_text() == "one"
    await node.change_text(note_id, [Splice(3, "", " two")])
    done = await node.export_folder(out, node.default_notebook)  # it is ours now
    assert (done.written, (out / "Note.md").read_text()) == (1, "one two")
    done = await node.export_folder(out, node.default_notebook)
    assert (done.written, done.same) == (0, 1)


async def test_an_export_never_writes_through_a_link_out_of_its_folder(node: Node, tmp_path: Path) -> None:
    await node.create_note(text="one", folder="away", file_name="Note")
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / "away").symlink_to(elsewhere, target_is_directory=True)
    with pytest.raises(CannotWrite):
        await node.export_folder(out, node.default_notebook, overwrite=True)
    assert files(elsewhere) == {}


async def test_an_export_to_a_file_is_refused(node: Node, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadRequest):
        await node.export_folder(tmp_path / "file", node.default_notebook)


async def test_an_attachment_is_kept_sealed_and_comes_back(opener: Opener, tmp_path: Path) -> None:
    node = await opener()
    notebook = node.default_notebook
    path = tmp_path / "map.png"
    path.write_bytes(PICTURE)
    kept = await node.attach(notebook, path)
    assert (kept.name, kept.size, kept.mime) == ("map.png", len(PICTURE), "image/png")
    assert await node.attach(notebook, path) == kept
    other = await node.attach(notebook, b"other", "map.png")
    assert other.name == "map 2.png"
    node = await opener()
    assert await node.read_attachment(notebook, "map.png") == PICTURE
    assert await node.read_attachment(notebook, "map 2.png") == b"other"
    raw = b"".join(file.read_bytes() for file in node.home.folder.iterdir() if file.is_file())
    assert PICTURE[:512] not in raw
    await node.remove_attachment(notebook, "map.png")
    with pytest.raises(BadRequest):
        await node.read_attachment(notebook, "map.png")


async def test_a_full_disk_in_the_middle_of_an_attachment_is_one_sentence(node: Node) -> None:
    store_pages = await node._core.journal.write_with(lambda store: store.db.pragma("page_count"))
    await node._core.journal.write_with(lambda store: store.db.pragma("max_page_count", store_pages + 20))
    with pytest.raises(DiskFull):
        await node.attach(node.default_notebook, bytes(9_000_000), "large.bin")
    await node._core.journal.write_with(lambda store: store.db.pragma("max_page_count", 1_000_000))
    await node.attach(node.default_notebook, bytes(9_000_000), "large.bin")
    assert await node.read_attachment(node.default_notebook, "large.bin") == bytes(9_000_000)


async def test_an_empty_attachment_and_one_that_is_too_large(node: Node, tmp_path: Path) -> None:
    await node.attach(node.default_notebook, b"", "empty.txt")
    assert await node.read_attachment(node.default_notebook, "empty.txt") == b""
    large = tmp_path / "large.bin"
    large.write_bytes(b"")
    os.truncate(large, 201 * 1024 * 1024)
    with pytest.raises(TooLarge):
        await node.attach(node.default_notebook, large)
    with pytest.raises(UnreadableFile):
        await node.attach(node.default_notebook, tmp_path / "nothing")
    assert [kept.name for kept in await node.attachments(node.default_notebook)] == ["empty.txt"]


async def test_an_import_that_is_stopped_leaves_an_index_on_which_others_can_build(
    opener: Opener, tmp_path: Path
) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    (root / "a.md").write_text("first")
    (root / "b.md").write_text("long words " * 30_000)  # its facts are read by a helper: there the stop comes
    (root / "c.md").write_text("third")
    node = await opener()
    seen: list[str] = []
    running = asyncio.ensure_future(
        node.import_folder(root, node.default_notebook, progress=lambda done, total, what: seen.append(what))
    )
    facts = node._opened.indexing.facts

    async def slow(text: str, file_name: str) -> object:
        if file_name == "b":
            running.cancel()
        return await facts(text, file_name)

    node._opened.indexing.facts = slow  # type: ignore[method-assign,assignment]  # only to stop at a known place
    with pytest.raises(asyncio.CancelledError):
        await running
    assert "a.md" in seen
    assert "c.md" not in seen[len(seen) - seen[::-1].index("a.md") :]
    await node.create_note(text="after")
    notebook = node.default_notebook
    node = await opener()
    index = await node._indexes.open(notebook)
    assert {row.file_name for row in index.notebook.rows().values()} == {"a", ""}
    assert len(node.notes()) == 2


async def test_an_export_right_after_a_kill_has_what_was_saved(opener: Opener, home: Home, tmp_path: Path) -> None:
    node = await opener()
    note_id = await node.create_note(text="one", file_name="note")
    await node.search("one")
    await node.change_text(note_id, [Splice(3, "", " two")])
    killed = Home(tmp_path / "killed")
    shutil.copytree(home.folder, killed.folder, ignore=shutil.ignore_patterns("lock", "*.sock"))
    after = await Node.open(killed, OPEN)
    await after.export_folder(tmp_path / "out", after.default_notebook)
    assert (tmp_path / "out" / "note.md").read_text() == "one two"
    await after.close()


async def test_a_text_read_before_an_edit_is_not_taken_for_the_newest(node: Node) -> None:
    note_id = await node.create_note(text="one")
    await node.search("one")
    await node.open_note(note_id)
    facts = node._opened.indexing.facts

    async def slow(text: str, file_name: str) -> object:
        if text == "one two":
            node.edit(note_id, Splice(7, "", " three"))
            node.flush(note_id)
            await node._core.outbox.settled()
        return await facts(text, file_name)

    node._opened.indexing.facts = slow  # type: ignore[method-assign,assignment]  # an edit while a long text is read
    await node.change_text(note_id, [Splice(3, "", " two")])
    await node._opened.indexing.flush()
    left = await node._core.journal.read(lambda store: [row.id for row in store.pending(STALE_TEXT)])
    assert left == [note_id]
    assert (await node.search("three")).total == 1
    assert await node._core.journal.read(lambda store: list(store.pending(STALE_TEXT))) == []
