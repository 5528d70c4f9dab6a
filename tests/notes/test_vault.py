"""Importing a Markdown folder and exporting it again: nothing lost, nothing doubled, nothing reformatted."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.notes import file_names
from notesapp.notes.link_report import Linking, LinkReport, report_links
from notesapp.notes.rows import note_row
from notesapp.notes.vault import (
    ATTACHMENT_LIMIT_BYTES,
    Action,
    FileKind,
    Held,
    ImportPlan,
    Known,
    Remark,
    SourceFile,
    digest_of,
    kind_of,
    plan_import,
)
from notesapp.notes.vault_export import ExportAttachment, ExportNote, ExportPlan, plan_export
from notesapp.text import apply


def source(path: str, data: bytes | str) -> SourceFile:
    data = data.encode() if isinstance(data, str) else data
    is_note = kind_of(path) is FileKind.NOTE
    return SourceFile(path, len(data), data if is_note else None, None if is_note else digest_of(data))


@dataclass
class Home:
    """A notebook as the node keeps it: notes, what the last import left, attachments."""

    notes: dict[bytes, ExportNote] = field(default_factory=dict)
    known: dict[str, Known] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def plan(self, *files: SourceFile, into: str = "") -> ImportPlan:
        held = [Held(n.note_id, n.folder, n.file_name, digest_of(n.text)) for n in self.notes.values()]
        return plan_import(
            files,
            known=self.known,
            held=held,
            text_now=lambda note_id: self.notes[note_id].text if note_id in self.notes else None,
            attachments=self.files,
            into=into,
        )

    def do(self, *files: SourceFile, into: str = "") -> ImportPlan:
        plan = self.plan(*files, into=into)
        for note in plan.notes:
            note_id = note.note_id or len(self.notes).to_bytes(16, "big")
            if note.action in (Action.CREATE, Action.KEEP_BOTH):
                self.notes[note_id] = ExportNote(note_id, note.folder, note.file_name, note.text)
            elif note.action is Action.UPDATE and note.splice is not None:
                self.write(note_id, apply(self.notes[note_id].text, note.splice))
            self.known[note.path] = Known(note_id, note.source_digest, note.text_digest)
        for file in plan.attachments:
            if file.digest is not None and file.action is not Action.REFUSE:
                self.files[file.name] = file.digest
        return plan

    def write(self, note_id: bytes, text: str) -> None:
        old = self.notes[note_id]
        self.notes[note_id] = ExportNote(note_id, old.folder, old.file_name, text)

    def export(self, *, portable: bool = True) -> ExportPlan:
        attachments = [ExportAttachment(name.encode("utf-8", "surrogatepass"), name) for name in self.files]
        return plan_export(self.notes.values(), attachments, portable=portable)


def actions(plan: ImportPlan) -> dict[str, Action]:
    return {note.path: note.action for note in plan.notes}


def links_of(plan: ImportPlan) -> LinkReport:
    notes = [Linking(note.path, note.folder, note.file_name, note.text) for note in plan.notes]
    return report_links(notes, [file.name for file in plan.attachments])


# --- the real vault -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def vault_files(shared_data: Path) -> list[SourceFile]:
    root = shared_data / "vault"
    return [source(path.relative_to(root).as_posix(), path.read_bytes()) for path in root.rglob("*") if path.is_file()]


def test_the_real_vault_comes_back_without_a_difference(vault_files: list[SourceFile]) -> None:
    home = Home()
    plan = home.do(*vault_files)
    exported = home.export()
    assert plan.remarks == ()
    assert exported.remarks == ()
    assert {file.path: file.data for file in exported.files} == {file.path: file.data for file in vault_files}
    assert len(plan.notes) == 148


def test_importing_the_real_vault_again_does_nothing(vault_files: list[SourceFile]) -> None:
    home = Home()
    home.do(*vault_files)
    again = home.do(*vault_files)
    assert {note.action for note in again.notes} == {Action.SKIP}
    assert {file.action for file in again.attachments} == {Action.SKIP}
    assert len(home.notes) == 148


def test_what_the_real_vault_doesnt_resolve_is_really_absent(vault_files: list[SourceFile]) -> None:
    report = links_of(Home().plan(*vault_files))
    names = {file_names.name_key(file.path.rpartition("/")[2]) for file in vault_files}
    assert report.resolved > 900
    for link in report.unresolved:
        name = file_names.name_key(link.target.partition("#")[0].rpartition("/")[2])
        assert name not in names
        if "/" not in link.target:  # a path must fit as well as the name
            assert name.removesuffix(".md") + ".md" not in names


# --- what becomes of a file -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a/b.md", FileKind.NOTE),
        ("a/B.MD", FileKind.NOTE),
        ("x.markdown", FileKind.NOTE),
        ("x.txt", FileKind.ATTACHMENT),
        ("x.canvas", FileKind.ATTACHMENT),
        ("md", FileKind.ATTACHMENT),
        (".obsidian/app.json", FileKind.IGNORED),
        (".trash/Old.md", FileKind.IGNORED),
        ("a/.hidden.md", FileKind.IGNORED),
        ("a/.git/config.md", FileKind.IGNORED),
        ("a/Thumbs.db", FileKind.IGNORED),
    ],
)
def test_kind_of(path: str, kind: FileKind) -> None:
    assert kind_of(path) is kind


def test_folder_file_name_and_text_stay_as_they_are() -> None:
    text = "---\ntitle: x\n---\n\n[[ Odd  |spacing ]]\t \n\n\n"
    (note,) = Home().plan(source("Über/A b/Nóte. 1.md", text), into="Imported").notes
    assert (note.folder, note.file_name, note.text) == ("Imported/Über/A b", "Nóte. 1", text)


@pytest.mark.parametrize(
    ("data", "text", "said"),
    [
        (b"\xef\xbb\xbf# A\n", "# A\n", "byte order mark"),
        (b"a\r\nb\rc", "a\nb\nc", "line ends"),
        ("a\u2028b".encode(), "a\nb", "no note may hold"),
    ],
)
def test_what_a_text_loses_is_reported(data: bytes, text: str, said: str) -> None:
    plan = Home().plan(source("n.md", data))
    assert plan.notes[0].text == text
    assert [said in remark.sentence for remark in plan.remarks] == [True]


@pytest.mark.parametrize(
    "data", [b"caf\xe9", b"\xff\xfeh\x00i\x00", b"a\x00b", b"x" * 2_000_001], ids=["latin1", "utf16", "nul", "large"]
)
def test_a_markdown_file_that_cant_be_a_note_is_kept_as_an_attachment(data: bytes) -> None:
    plan = Home().plan(source("n.md", data))
    assert plan.notes == ()
    assert [(file.name, file.action, file.digest) for file in plan.attachments] == [
        ("n.md", Action.CREATE, digest_of(data))
    ]
    assert len(plan.remarks) == 1


def test_a_file_over_200_mb_is_refused_with_a_sentence() -> None:
    plan = Home().plan(SourceFile("film.mp4", ATTACHMENT_LIMIT_BYTES + 1, digest=b"d" * 32))
    assert [file.action for file in plan.attachments] == [Action.REFUSE]
    assert "200 MB" in plan.remarks[0].sentence


@pytest.mark.parametrize(
    ("path", "folder", "file_name"),
    [("caf\udce9.md", "", "caf\ufffd"), ("a\\b/c\\d.md", "a-b", "c-d"), ("x\ny/z\tz.md", "x-y", "z-z")],
)
def test_a_name_that_an_index_cant_hold_is_changed_and_reported(path: str, folder: str, file_name: str) -> None:
    plan = Home().plan(source(path, "text"))
    assert [(note.path, note.folder, note.file_name) for note in plan.notes] == [(path, folder, file_name)]
    assert [remark.path for remark in plan.remarks] == [path]
    row = note_row(b"n" * 16, {"created": 1, "folder": folder, "file_name": file_name})
    assert row is not None
    assert (row.folder, row.file_name) == (folder, file_name)


def test_empty_folders_are_kept_and_hidden_ones_are_not() -> None:
    plan = plan_import([], folders=["a/b", ".git/x", "c"], into="In")
    assert plan.folders == ("In/a/b", "In/c")


def test_notes_that_differ_in_letter_case_only_are_both_kept_and_reported() -> None:
    plan = Home().plan(source("Note.md", "1"), source("note.md", "2"))
    assert [note.action for note in plan.notes] == [Action.CREATE, Action.CREATE]
    assert plan.remarks == (
        Remark("note.md", "Its name differs from “Note.md” only in letter case; an export renames one."),
    )


def test_links_are_reported_with_note_line_and_target() -> None:
    plan = Home().plan(
        source(
            "a/One.md",
            "[[Two]] ![[pic.png|100]] [x](../b/Two.md)\n[[#own]] [web](https://x.org)\n[[Gone#h]]\n[y](no.md)",
        ),
        source("b/Two.md", "[[Nick]]"),
        source("c/Three.md", "---\naliases: [Nick]\n---\n`[[code]]`"),
        source("img/pic.png", b"png"),
        source("img/lonely.png", b"png2"),
    )
    report = links_of(plan)
    assert (report.to_notes, report.to_attachments) == (3, 1)
    assert [(link.path, link.line, link.target) for link in report.unresolved] == [
        ("a/One.md", 3, "Gone"),
        ("a/One.md", 4, "no.md"),
    ]
    assert report.unreferenced == ("img/lonely.png",)


# --- doing it again -------------------------------------------------------------------------------------------------


def test_a_file_changed_on_disk_becomes_the_smallest_splice() -> None:
    home = Home()
    home.do(source("n.md", "one two three"))
    plan = home.do(source("n.md", "one 2 three"))
    assert [(n.action, n.splice.removed, n.splice.inserted) for n in plan.notes if n.splice] == [
        (Action.UPDATE, "two", "2")
    ]
    assert [note.text for note in home.notes.values()] == ["one 2 three"]
    assert set(actions(home.do(source("n.md", "one 2 three"))).values()) == {Action.SKIP}


def test_a_note_changed_here_stays_as_it_is() -> None:
    home = Home()
    home.do(source("n.md", "text"))
    (note_id,) = home.notes
    home.write(note_id, "my text")
    for _ in range(2):
        assert actions(home.do(source("n.md", "text"))) == {"n.md": Action.SKIP}
    assert [note.text for note in home.notes.values()] == ["my text"]


def test_a_change_on_both_sides_keeps_both_once() -> None:
    home = Home()
    home.do(source("n.md", "text"))
    (note_id,) = home.notes
    home.write(note_id, "my text")
    plan = home.do(source("n.md", "their text"))
    assert actions(plan) == {"n.md": Action.KEEP_BOTH}
    assert "both texts were kept" in plan.remarks[0].sentence
    assert {note.file_name: note.text for note in home.notes.values()} == {
        "n": "my text",
        "n (from disk)": "their text",
    }
    assert actions(home.do(source("n.md", "their text"))) == {"n.md": Action.SKIP}


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    home = Home()
    home.do(source("n.md", "text"))
    (note_id,) = home.notes
    home.write(note_id, "better text")
    assert actions(home.do(source("n.md", "better text"))) == {"n.md": Action.SKIP}
    assert actions(home.do(source("n.md", "best text"))) == {"n.md": Action.UPDATE}


def test_a_note_change_after_a_skip_is_still_seen_as_changed_here() -> None:
    home = Home()
    home.do(source("n.md", "text"))
    (note_id,) = home.notes
    home.write(note_id, "my text")
    home.do(source("n.md", "text"))
    assert actions(home.do(source("n.md", "disk text"))) == {"n.md": Action.KEEP_BOTH}


def test_a_note_deleted_here_doesnt_come_back_until_its_file_changes() -> None:
    home = Home()
    home.do(source("n.md", "text"))
    home.notes.clear()
    plan = home.do(source("n.md", "text"))
    assert actions(plan) == {"n.md": Action.SKIP}
    assert "deleted here" in plan.remarks[0].sentence
    assert actions(home.do(source("n.md", "new text"))) == {"n.md": Action.CREATE}


def test_without_memory_of_the_last_import_equal_notes_arent_doubled() -> None:
    home = Home()
    home.do(source("a/n.md", "text"), source("b/n.md", "text"))
    home.known.clear()
    assert set(actions(home.do(source("a/n.md", "text"), source("b/n.md", "text"))).values()) == {Action.SKIP}
    assert len(home.notes) == 2


def test_an_attachment_with_other_content_is_an_update() -> None:
    home = Home()
    home.do(source("p.png", b"1"))
    assert [file.action for file in home.do(source("p.png", b"1")).attachments] == [Action.SKIP]
    assert [file.action for file in home.do(source("p.png", b"2")).attachments] == [Action.UPDATE]


# --- export ---------------------------------------------------------------------------------------------------------


def exported(*notes: tuple[str, str, str], attachments: tuple[str, ...] = (), portable: bool = True) -> dict[str, str]:
    plan = plan_export(
        [ExportNote(bytes([n]), *note) for n, note in enumerate(notes)],
        [ExportAttachment(name.encode(), name) for name in attachments],
        portable=portable,
    )
    return {file.path: file.data.decode() if file.data is not None else "" for file in plan.files}


def test_names_that_windows_refuses_are_made_safe_and_links_follow() -> None:
    files = exported(("", "What? Why: a b", "x"), ("F.", "CON", "y"), ("", "Index", "[[What? Why: a b|why]] [[CON]]"))
    assert files == {
        "What Why - a b.md": "x",
        "F/CON_.md": "y",
        "Index.md": "[[What Why - a b|why]] [[CON_]]",
    }


def test_notes_that_one_file_would_hold_get_numbers_in_any_letter_case() -> None:
    files = exported(("a", "Same", "1"), ("a", "same", "2"), ("A", "Same", "3"), ("a", "Same", "4"))
    assert files == {"A/Same.md": "3", "a 2/Same.md": "1", "a 2/Same 2.md": "4", "a 2/same 3.md": "2"}
    assert len({path.casefold() for path in files}) == 4


def test_on_linux_names_may_stay() -> None:
    assert set(exported(("", "What?", ""), ("", "what?", ""), portable=False)) == {"What?.md", "what?.md"}
    assert set(exported(("", "Same", ""), ("", "Same", ""), portable=False)) == {"Same.md", "Same 2.md"}


def test_a_note_without_a_file_name_is_called_by_its_title() -> None:
    assert set(exported(("", "", "# My [first]: plan?\n"), ("", "", ""), ("", "", ".net"))) == {
        "My first - plan.md",
        "Untitled.md",
        "_.net.md",
    }


def test_a_note_and_an_attachment_or_a_folder_never_share_a_path() -> None:
    files = exported(("", "x", "note"), ("x.md", "in", ""), attachments=("x.md",))
    assert sorted(files) == ["x 2.md", "x 3.md/in.md", "x.md"] or sorted(files) == ["x 2.md/in.md", "x 3.md", "x.md"]


def test_odd_endings_come_back() -> None:
    home = Home()
    paths = ["A.MD", "b.markdown", "c.md", "d.md.md", "e.f.md", "g..md", "no ending"]
    home.do(*(source(path, path) for path in paths))
    assert [file.path for file in home.export(portable=False).files] == sorted(paths)


def test_very_long_names_are_shortened_between_characters() -> None:
    (path,) = exported(("", "é🙂" * 200, ""))
    assert len(path.encode()) <= 255
    assert path.endswith(".md")


names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\x00"), min_size=1, max_size=30)
odd = st.sampled_from(
    ["CON", "nul.txt", "a.", "a ", " a", "..", ".", "...", "com1.md", "A", "a", "x?", "x*", ".md", "LPT¹"]
)


@given(st.lists(st.tuples(names | odd, names | odd), max_size=12))
def test_any_names_become_paths_that_all_systems_take(raw: list[tuple[str, str]]) -> None:
    notes = [ExportNote(bytes([n]), file_names.clean_folder(folder), name, "") for n, (folder, name) in enumerate(raw)]
    plan = plan_export(notes)
    paths = [file.path for file in plan.files]
    assert len({file_names.name_key(path) for path in paths}) == len(raw)
    for path in paths:
        for part in path.split("/"):
            assert part == file_names.safe_name(part)
            assert len(part.encode()) <= 255
            assert part not in ("", ".", "..")
        assert path.lower().endswith((".md", ".markdown"))


@given(st.text(max_size=80))
def test_safe_names_are_safe_and_stay(name: str) -> None:
    safe = file_names.safe_name(name)
    assert file_names.safe_name(safe) == safe
    assert file_names.is_linkable(file_names.name_from_title(name)) or "\n" in name
