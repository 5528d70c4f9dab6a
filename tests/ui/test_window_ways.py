"""Ways through the real window: switcher, search, back and forward, links, earlier versions."""

from __future__ import annotations

import gc
import sys
import warnings
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from notesapp.ui.arguments import QUICK
from notesapp.ui.dialogs.picker import Picker
from notesapp.ui.marking import words_of
from notesapp.ui.places import AllNotes, Found, Tagged
from notesapp.ui.shell import Shell
from notesapp.ui.snippet import plain_snippet
from tests.ui.driving import click, settle, story, type_in, until
from tests.ui.window_parts import press, titles, write

pytestmark = pytest.mark.gui


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_the_switcher_finds_and_makes(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        beans = await write(shell, "# Broad beans")
        await write(shell, "# Weekly")
        shell.commands.run("go.switcher")
        await until(lambda: shell.window.findChildren(Picker), "no switcher")
        picker = shell.window.findChildren(Picker)[-1]
        type_in(picker.field, "brobe")
        press(picker.field, Qt.Key.Key_Return)
        await until(lambda: shell.desk.note_id == beans, "the note is not open")
        shell.commands.run("go.switcher")
        await until(lambda: any(p.isVisible() for p in shell.window.findChildren(Picker)), "no switcher")
        picker = shell.window.findChildren(Picker)[-1]
        type_in(picker.field, "Carrots")
        press(picker.field, Qt.Key.Key_Return)
        await until(lambda: shell.writing.text == "# Carrots\n\n", "no new note")
        shell.commands.run("go.switcher")
        await settle()
        picker = shell.window.findChildren(Picker)[-1]
        press(picker.field, Qt.Key.Key_Escape)
        await settle()
        assert shell.writing.text == "# Carrots\n\n"
        assert not any(p.isVisible() for p in shell.window.findChildren(Picker))

    story(qapp, home, tell)


def test_search_shows_results_while_typing_with_marks_and_escape_goes_back(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "# Garden\n\nThe compost is warm.")
        await write(shell, "# Other\n\nNothing here.")
        shell.commands.run("go.search")
        await settle()
        field = shell.window.list.search
        type_in(field, "compo")
        await until(lambda: titles(shell) == ["Garden"], "nothing was found")
        row = shell.window.list.rows.rows[0]
        assert any(row.text[begin:end].startswith("compo") for begin, end in row.marks)
        shell.window.list.view.setCurrentIndex(shell.window.list.rows.index(0))
        await until(lambda: "compost" in shell.writing.text, "the note is not shown")
        await settle()
        screen = shell.editor.stage
        assert screen is not None
        assert [shell.writing.text[begin:end] for begin, end in screen.found.places] == ["compo"]
        type_in(field, "zzz")
        await until(lambda: shell.window.list.empty.isVisible(), "it does not say that nothing was found")
        press(field, Qt.Key.Key_Escape)
        await settle()
        assert shell.desk.place == AllNotes()
        assert len(titles(shell)) == 2
        assert screen.found.places == ()

    story(qapp, home, tell)


def test_a_search_that_another_overtakes_before_it_began_is_closed(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            left: list[object] = []
            before, sys.unraisablehook = sys.unraisablehook, left.append
            try:
                for query in ("a", "ab", "abc"):
                    shell.desk.search(query)
                await settle()
                gc.collect()
            finally:
                sys.unraisablehook = before
            assert left == []

    story(qapp, home, tell)


def test_back_and_forward_go_the_way_of_notes_and_places(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        one = await write(shell, "One")
        two = await write(shell, "Two #t")
        shell.desk.go(Tagged("t"))
        shell.desk.go(AllNotes())
        shell.desk.open(one)
        shell.commands.run("go.back")
        assert shell.desk.note_id == two
        shell.commands.run("go.back")
        assert shell.desk.place == Tagged("t")
        shell.commands.run("go.forward")
        shell.commands.run("go.forward")
        there: tuple[object, object] = (shell.desk.place, shell.desk.note_id)
        assert there == (AllNotes(), one)
        assert not shell.desk.can_go_forward
        await until(lambda: shell.writing.text == "One", "the text did not follow")

    story(qapp, home, tell)


def test_links_lead_to_notes_old_and_new_and_the_panel_shows_who_links_here(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        target = await write(shell, "# Compost heap\n\nWarm.")
        linking = await write(shell, "# Plan\n\nSee [[Compost heap]]")
        await write(shell, "# Diary\n\nTurned the compost heap today.")
        shell.desk.open(linking)
        await until(lambda: "Plan" in shell.writing.text, "not open")
        shell.acts.reading.follow("wiki", "Compost heap")
        await until(lambda: shell.desk.note_id == target, "the link led nowhere")
        shell.window.panel.show_page("links")
        links = shell.window.panel.links
        await until(lambda: links.currentIndex() == 0, "no mentions")
        texts = [button.text() for button in links.findChildren(QPushButton)]
        assert texts.count("Make it a link") == 1
        assert {"Plan", "Diary"} <= set(texts)
        click(next(b for b in links.findChildren(QPushButton) if b.text() == "Make it a link"))
        await until(lambda: "Make it a link" not in [b.text() for b in links.findChildren(QPushButton)], "not linked")
        diary = next(view for view in shell.node.notes() if view.title == "Diary")
        assert await shell.node.stored_text(diary.note_id) == "# Diary\n\nTurned the [[compost heap]] today."
        shell.acts.reading.follow("wiki", "Not yet written")
        await until(lambda: shell.writing.text.startswith("# Not yet written"), "no new note")
        shell.acts.reading.follow("tag", "#garden")
        assert shell.desk.place == Tagged("garden")
        shell.acts.reading.follow("url", "file:///etc/passwd")
        assert "not opened" in shell.window.toast.sentence

    story(qapp, home, tell)


def test_an_earlier_version_is_shown_and_restored_as_an_edit_that_can_be_undone(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        note_id = await write(shell, "First words.")
        versions = await shell.node.history(note_id)
        heads = versions[0].heads
        type_in(shell.editor, " And more.")
        await shell.node.saved(note_id)
        assert shell.writing.text == "First words. And more."
        await shell.acts.reading._preview(type(versions[0])(1, 0, "", heads))
        assert shell.writing.text == "First words."
        assert shell.editor.isReadOnly()
        assert shell.window.note.banner.sentence.startswith("This is the version of")
        shell.desk._told()  # the lists are read again meanwhile
        assert shell.window.note.banner.sentence.startswith("This is the version of")
        shell.acts.reading._back_to_now()
        assert not shell.window.note.banner.isVisible()
        assert shell.editor.textCursor().position() == len("First words. And more.")
        await shell.acts.reading._preview(type(versions[0])(1, 0, "", heads))
        shell.acts.reading._restore("First words.")
        await shell.node.saved(note_id)
        assert not shell.editor.isReadOnly()
        assert await shell.node.stored_text(note_id) == "First words."
        shell.window.toast.act()
        await shell.node.saved(note_id)
        assert await shell.node.stored_text(note_id) == "First words. And more."

    story(qapp, home, tell)


def test_the_window_shows_one_note_when_asked_by_a_link(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        one = await write(shell, "One")
        await write(shell, "Two")
        shell.open_this(f"notesapp://note/{one.hex()}")
        assert shell.desk.note_id == one
        for nowhere in ("notesapp://note/" + "00" * 16, "notesapp://note/xyz", "notesapp://what"):
            shell.desk.say("")
            shell.open_this(nowhere)
            assert shell.window.toast.sentence == "This link leads to no note here."
        quick: list[bool] = []
        shell.quick_note_asked.connect(lambda: quick.append(True))
        shell.show_asked.connect(lambda: quick.append(False))
        shell.node.show(QUICK)
        assert quick == [True]
        shell.open_this("notesapp://search/Two")
        await until(lambda: isinstance(shell.desk.place, Found) and titles(shell) == ["Two"], "no search")
        shell.open_this("/no/such/file.md")
        assert "can’t be opened" in shell.window.toast.sentence

    story(qapp, home, tell)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("warm compost", ["warm", "compost"]),
        ('"two words" -not tag:a/b notebook:"My Book" x*', ["two words", "x"]),
        ("tag:x", []),
        ("", []),
    ],
)
def test_only_the_words_of_a_query_are_marked(query: str, words: list[str]) -> None:
    assert words_of(query) == words


def test_a_hit_is_marked_and_in_view_however_it_is_chosen(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        lines = [f"Line {number} of the note." for number in range(200)]
        text = "# Long\n\n" + "\n\n".join(lines) + "\n\n> [!tip] *Sow* the broad **beans**\n"
        long = await shell.node.create_note(None, text)
        other = await shell.node.create_note(None, "# Other\n\nNothing.")
        await until(lambda: len(titles(shell)) == 3, "not listed")

        def hits() -> list[str]:
            stage, binding = shell.editor.stage, shell.editor.binding
            assert stage is not None
            assert binding is not None
            return [binding.text[binding.to_at(begin) : binding.to_at(end)] for begin, end in stage.found.places]

        def in_view() -> bool:
            return shell.editor.viewport().rect().contains(shell.editor.cursorRect().center())

        async def shown_with_hits(how: str) -> None:
            await until(lambda: "beans" in shell.writing.text and hits() == ["beans"], f"no marks: {how}")
            assert in_view(), how
            assert shell.editor.verticalScrollBar().value() > 1000, how

        async def look_for() -> None:
            shell.commands.run("go.search")
            await settle()
            type_in(shell.window.list.search, "beans")
            await until(lambda: titles(shell) == ["Long"], "nothing was found")

        shell.desk.open(other)
        await until(lambda: "Nothing" in shell.writing.text, "not shown")
        await look_for()
        row = shell.window.list.rows.rows[0]
        assert row.text.endswith("Sow the broad beans")
        assert [row.text[begin:end] for begin, end in row.marks] == ["beans"]
        view = shell.window.list.view
        at = view.visualRect(shell.window.list.rows.index(0)).center()
        click(view.viewport(), at)
        await shown_with_hits("a click")
        shell.editor.scroll_to(0)
        click(view.viewport(), at)
        await shown_with_hits("a click on the note that is open")
        shell.desk.go(AllNotes())
        shell.desk.open(other)
        await until(lambda: "Nothing" in shell.writing.text, "not shown")
        await look_for()
        press(shell.window.list.search, Qt.Key.Key_Return)
        await shown_with_hits("Enter in the search field")
        assert shell.desk.note_id == long

    story(qapp, home, tell)


@pytest.mark.parametrize(
    ("piece", "hits", "shown", "marked"),
    [
        ("> [!tip] *Sow* in March", ["Sow"], "Sow in March", ["Sow"]),
        ("finding **in** the - [ ] shed ## Tools", ["in"], "finding in the shed Tools", ["in"]),
        ("see [[Broad beans|the bean]] ==now==", ["bean"], "see the bean now", ["bean"]),
        ("a *fine* heap of compost", ["compo"], "a fine heap of compost", ["compo"]),
        ("well-known a-b", ["well"], "well-known a-b", ["well"]),
    ],
)
def test_a_found_piece_reads_as_plain_words(piece: str, hits: list[str], shown: str, marked: list[str]) -> None:
    ranges = [(piece.rindex(hit), piece.rindex(hit) + len(hit)) for hit in hits]
    if shown.startswith("finding"):
        ranges = [(piece.index("**in**") + 2, piece.index("**in**") + 4)]
    text, found = plain_snippet(piece, ranges)
    assert text == shown
    assert [text[begin:end] for begin, end in found] == marked
