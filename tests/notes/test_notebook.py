"""A notebook's index: rows, folders, trash, two people at once, hostile fields."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.errors import BadRequest, NoSuchNote
from notesapp.notes.notebook import Notebook, kept_by_edit
from notesapp.notes.replica import Replica
from notesapp.notes.rows import (
    AttachmentRow,
    NoteRow,
    attachment_row,
    folder_mark,
    join_heads,
    note_row,
    split_heads,
    split_key,
)
from notesapp.notes.schema import Kind
from notesapp.text import Splice

NOTEBOOK_ID = b"N" * 32
ALICE, BOB = b"a" * 16, b"b" * 16
ONE, TWO = b"1" * 16, b"2" * 16


@pytest.fixture
def alice() -> Notebook:
    return Notebook.create(NOTEBOOK_ID, ALICE, "Home")


def joined(other: Notebook) -> Notebook:
    replica = Replica.empty(Kind.INDEX, BOB)
    replica.receive([change.raw for change in other.replica.history()])
    return Notebook(NOTEBOOK_ID, replica)


def exchange(*notebooks: Notebook) -> None:
    for sender in notebooks:
        for receiver in notebooks:
            if sender is not receiver:
                receiver.receive([c.raw for c in sender.replica.history() if c.hash not in receiver.replica])


def test_a_note_has_a_row_that_follows_every_command(alice: Notebook) -> None:
    alice.add_note(ONE, now_ms=5, folder="Work/Plans", file_name="May")
    assert alice.rows()[ONE] == NoteRow(ONE, 5, "Work/Plans", "May")
    alice.pin(ONE)
    alice.rename_file(ONE, "June")
    alice.set_folder([ONE], "/Play//")
    alice.trash(ONE, now_ms=9)
    row = alice.rows()[ONE]
    assert (row.pinned, row.file_name, row.folder, row.trashed_ms, row.listed) == (True, "June", "Play", 9, False)
    alice.untrash(ONE)
    alice.pin(ONE, False)
    assert alice.rows()[ONE] == NoteRow(ONE, 5, "Play", "June")
    alice.move_away(ONE, b"M" * 48)
    assert (alice.rows()[ONE].moved_to, alice.rows()[ONE].listed) == (b"M" * 48, False)
    alice.delete([ONE])
    assert alice.rows()[ONE].deleted


def test_commands_on_an_unknown_note_are_refused(alice: Notebook) -> None:
    with pytest.raises(NoSuchNote):
        alice.pin(TWO)
    with pytest.raises(BadRequest):
        alice.set_folder([], "x")
    with pytest.raises(BadRequest):
        alice.rename("  ")


def test_the_name_can_change(alice: Notebook) -> None:
    alice.rename("Our house")
    assert alice.name == "Our house"
    assert joined(alice).name == "Our house"
    assert Notebook(NOTEBOOK_ID, Replica.empty(Kind.INDEX, BOB)).name == ""


def test_attachments_come_and_go(alice: Notebook) -> None:
    alice.add_attachment(TWO, name="img/a.png", size=3, mime="image/png", digest=b"h" * 32, now_ms=7)
    assert alice.attachments() == {TWO: AttachmentRow(TWO, "img/a.png", 3, "image/png", b"h" * 32, 7)}
    bob = joined(alice)
    assert bob.attachments() == alice.attachments()
    bob.remove_attachment(TWO)
    exchange(alice, bob)
    assert alice.attachments() == {}


def test_folders_come_from_notes_and_from_marks(alice: Notebook) -> None:
    alice.add_note(ONE, now_ms=1, folder="b/c")
    alice.add_folder("a/empty")
    assert alice.folders() == ("a", "a/empty", "b", "b/c")
    alice.rename_folder("a", "z")
    alice.rename_folder("b", "y/b")
    assert alice.folders() == ("y", "y/b", "y/b/c", "z", "z/empty")
    assert alice.rows()[ONE].folder == "y/b/c"
    alice.remove_folder("y/b")
    alice.remove_folder("z")
    assert alice.folders() == ("y",)
    assert alice.rows()[ONE].folder == "y"
    with pytest.raises(BadRequest):
        alice.rename_folder("y", "y/inside")
    with pytest.raises(BadRequest):
        alice.remove_folder("nowhere")


def test_two_people_who_make_one_empty_folder_make_one(alice: Notebook) -> None:
    bob = joined(alice)
    alice.add_folder("Same")
    bob.add_folder("Same")
    exchange(alice, bob)
    assert alice.folders() == bob.folders() == ("Same",)
    bob.remove_folder("Same")
    exchange(alice, bob)
    assert alice.folders() == ()


def test_two_people_who_move_one_note_at_once_agree(alice: Notebook) -> None:
    alice.add_note(ONE, now_ms=1)
    bob = joined(alice)
    alice.set_folder([ONE], "A")
    bob.set_folder([ONE], "B")
    bob.pin(ONE)
    exchange(alice, bob)
    assert alice.rows() == bob.rows()
    assert alice.rows()[ONE].folder in ("A", "B")
    assert alice.rows()[ONE].pinned


def test_only_changed_rows_are_read_again(alice: Notebook) -> None:
    for n in range(2_000):
        alice.add_note(n.to_bytes(16, "big"), now_ms=n, folder="f")
    bob = joined(alice)
    before = dict(bob.rows())
    alice.pin(bytes(16))
    began = time.process_time()
    exchange(alice, bob)
    after = bob.rows()
    print(f"notebook: {(time.process_time() - began) * 1e3:.1f} ms to follow one foreign change in 2,000 rows")
    same = sum(after[note_id] is before[note_id] for note_id in before)
    assert same == 1_999
    assert after == alice.rows() == Notebook(NOTEBOOK_ID, alice.replica).rows()
    assert after[bytes(16)].pinned


# --- trash against edit ---------------------------------------------------------------------------------------------


def text_of(actor: bytes, *, known: Replica | None = None) -> Replica:
    if known is None:
        return Replica.create_note(actor, ONE, "text")
    replica = Replica.empty(Kind.NOTE, actor)
    replica.receive([change.raw for change in known.history()])
    return replica


def test_a_note_edited_while_it_was_trashed_is_kept() -> None:
    mine = text_of(ALICE)
    theirs = text_of(BOB, known=mine)
    row = NoteRow(ONE, 1, trashed_ms=5, trashed_heads=mine.heads)
    assert not kept_by_edit(row, mine)
    change = theirs.edit([Splice(0, "", "more ")])
    assert kept_by_edit(row, theirs)
    mine.receive([c.raw for c in change])
    assert kept_by_edit(row, mine)


def test_a_note_that_is_known_only_in_part_stays_in_the_trash() -> None:
    mine = text_of(ALICE)
    theirs = text_of(BOB, known=mine)
    mine.edit([Splice(0, "", "last words ")])
    row = NoteRow(ONE, 1, trashed_ms=5, trashed_heads=mine.heads)
    assert not kept_by_edit(row, theirs)
    assert not kept_by_edit(NoteRow(ONE, 1), mine)
    assert not kept_by_edit(NoteRow(ONE, 1, trashed_ms=5), mine)
    assert not kept_by_edit(NoteRow(ONE, 1, trashed_ms=5, trashed_heads=(), deleted=True), mine)


def test_the_index_remembers_what_the_trasher_knew(alice: Notebook) -> None:
    alice.add_note(ONE, now_ms=1)
    alice.trash(ONE, now_ms=2, heads=[b"h" * 32, b"g" * 32])
    assert joined(alice).rows()[ONE].trashed_heads == (b"g" * 32, b"h" * 32)


# --- hostile fields -------------------------------------------------------------------------------------------------

anything = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64)
    | st.floats()
    | st.text(max_size=20)
    | st.binary(max_size=70)
)
note_fields = st.dictionaries(
    st.sampled_from(
        ["created", "folder", "file_name", "pinned", "trashed", "moved_to", "deleted", "trashed_heads", "x"]
    ),
    anything,
)
attachment_fields = st.dictionaries(st.sampled_from(["name", "size", "mime", "hash", "added"]), anything)


kinds = st.sampled_from(["add", "pin", "trash", "untrash", "folder", "mark", "unmark", "delete"])
commands = st.lists(st.tuples(st.booleans(), kinds, st.integers(0, 3)), max_size=20)


@given(commands)
def test_cached_rows_equal_rows_that_are_read_afresh(steps: list[tuple[bool, str, int]]) -> None:
    alice = Notebook.create(NOTEBOOK_ID, ALICE, "Home")
    bob = joined(alice)
    for alices, command, which in steps:
        mine, other = (alice, bob) if alices else (bob, alice)
        note_id, folder = bytes([which]) * 16, f"f{which}"
        if command != "add" and command not in ("mark", "unmark") and note_id not in mine.rows():
            continue
        match command:
            case "add":
                mine.add_note(note_id, now_ms=which)
            case "pin":
                mine.pin(note_id)
            case "trash":
                mine.trash(note_id, now_ms=which)
            case "untrash":
                mine.untrash(note_id)
            case "folder":
                mine.set_folder([note_id], folder)
            case "mark":
                mine.add_folder(folder)
            case "unmark" if folder in mine.folders():
                mine.remove_folder(folder)
            case "delete":
                mine.delete([note_id])
        if which % 2:
            exchange(mine, other)
        for notebook in (alice, bob):
            fresh = Notebook(NOTEBOOK_ID, notebook.replica)
            assert (notebook.rows(), notebook.folders()) == (fresh.rows(), fresh.folders())


@given(note_fields)
def test_any_fields_make_a_harmless_row_or_none(fields: dict[str, object]) -> None:
    row = note_row(ONE, fields)
    if row is None:
        return
    assert 0 <= row.created_ms < 2**53
    assert not {"", ".", ".."} & set(row.folder.split("/")) or row.folder == ""
    assert "/" not in row.file_name
    assert "\n" not in row.file_name + row.folder
    assert row.trashed_heads is None or all(len(head) == 32 for head in row.trashed_heads)


@given(attachment_fields)
def test_any_fields_make_a_harmless_attachment_or_none(fields: dict[str, object]) -> None:
    row = attachment_row(ONE, fields)
    assert row is None or (".." not in row.name.split("/") and row.name and len(row.hash) == 32 and row.size >= 0)


def test_fields_of_a_wrong_type_count_as_not_written() -> None:
    assert note_row(ONE, {"created": 1, "pinned": 1, "folder": b"x", "trashed": "now", "deleted": "no"}) == NoteRow(
        ONE, 1
    )
    assert note_row(ONE, {"created": True}) is None
    assert note_row(ONE, {"folder": "only"}) is None
    row = note_row(ONE, {"created": 1, "folder": "../../etc/./x", "file_name": "../a\x00b\nc"})
    assert row is not None
    assert (row.folder, row.file_name) == ("etc/x", "..-abc")


@pytest.mark.parametrize("key", ["", "x", "." * 40, "g" * 32 + ".folder", "A" * 32 + ".folder", "a" * 32 + "folder"])
def test_what_is_no_flat_key(key: str) -> None:
    assert split_key(key) is None


def test_heads_as_one_value() -> None:
    assert split_heads(join_heads([b"b" * 32, b"a" * 32])) == (b"a" * 32, b"b" * 32)
    assert split_heads(b"short") is None


def test_a_folder_mark_is_the_same_in_any_spelling() -> None:
    assert folder_mark("Caf\u00e9") == folder_mark("CAFE\u0301") != folder_mark("Cafe")
