"""Find and replace, completion, outline, others' carets, the desk, paper and HTML."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from notesapp.errors import CannotWrite
from notesapp.text import Splice, apply
from notesapp.ui.editor.carets import FLAG_MS, RemoteCaret, RemoteCarets
from notesapp.ui.editor.completion import Completion, Suggestion
from notesapp.ui.editor.desk import KEPT
from notesapp.ui.editor.desk import Desk as NoteDesk
from notesapp.ui.editor.find_bar import FindBar
from notesapp.ui.editor.finding import Query, search
from notesapp.ui.editor.formats import Formats, Look
from notesapp.ui.editor.html_out import html_page
from notesapp.ui.editor.outline import Outline, OutlineEntry, count_words
from notesapp.ui.editor.paper import pages, write_pdf
from notesapp.ui.editor.pictures import Pictures
from notesapp.ui.editor.selection_bar import SelectionBar
from notesapp.ui.editor.sheet import Sheet
from tests.ui.editor.conftest import MakeDesk

pytestmark = pytest.mark.gui


def test_finds_steps_and_replaces(desk: MakeDesk) -> None:
    one = desk("¦one 😀 One\nstone one")
    bar = FindBar(one.edit)
    bar.open_replace()
    bar.what.setText("one")
    bar.step(1)
    assert one.marked == "¦one¦ 😀 One\nstone one"
    bar.step(1)
    assert one.marked == "one 😀 ¦One¦\nstone one"
    assert bar.count.text() == "2 / 4"
    bar.word.setChecked(True)
    bar.case.setChecked(True)
    bar.by.setText("1")
    bar.replace_all()
    assert one.model == "1 😀 One\nstone 1"
    one.press("Ctrl+Z")
    assert one.model == "one 😀 One\nstone one"


def test_opening_the_bar_goes_to_the_match_and_on_from_there(desk: MakeDesk) -> None:
    one = desk("one two\n" + "x\n" * 200 + "¦\none two\none")
    bar = FindBar(one.edit)
    bar.what.setText("one")
    bar.open_find()
    assert one.marked.endswith("\n¦one¦ two\none")
    assert one.edit.viewport().rect().contains(one.edit.cursorRect())
    bar.step(1)
    assert one.marked.endswith("\none two\n¦one¦")


def test_hits_of_a_search_are_shown_until_one_types(desk: MakeDesk) -> None:
    one = desk("¦" + "x\n" * 200 + "Blue b(lue) green")
    assert one.edit.stage is not None
    one.edit.show_hits(["blue", "B(lue)", "green"])
    at = one.model.index("Blue")
    assert list(one.edit.stage.found.places) == [(at, at + 4), (at + 5, at + 11), (at + 12, at + 17)]
    assert one.edit.viewport().rect().contains(one.edit.cursorRect())
    one.press("Esc")
    assert not one.edit.stage.found.places
    one.edit.show_hits(["blue"])
    one.type("x")
    assert not one.edit.stage.found.places


def test_replaces_groups_of_a_regular_expression(desk: MakeDesk) -> None:
    one = desk("¦a1 b2")
    bar = FindBar(one.edit)
    bar.open_replace()
    bar.regex.setChecked(True)
    bar.what.setText(r"(\w)(\d)")
    bar.by.setText(r"$2-\1")
    bar.step(1)
    bar.replace_one()
    assert one.model == "1-a b2"
    bar.replace_all()
    assert one.model == "1-a 2-b"
    bar.by.setText("$3")
    bar.what.setText(r"(\d)")
    bar.replace_all()
    assert one.model == "1-a 2-b"
    assert bar.count.text() == "The pattern has no group 3"


def test_a_wicked_pattern_gives_up_quickly() -> None:
    text = ("a" * 35 + "!\n") * 3000
    started = time.process_time()
    found = search(text, Query("(a+)+$", regex=True))
    assert found.trouble == "slow"
    assert time.process_time() - started < 1
    assert search(text, Query("(", regex=True)).trouble == "pattern"
    assert search("x" * 10_000, Query("x")).trouble == "many"


def test_completes_links_and_tags(desk: MakeDesk) -> None:
    one = desk("See ¦")
    notes = [Suggestion("Sync protocol", "Sync protocol", "Garden"), Suggestion("Sowing", "Sowing")]
    popup: Completion = Completion(
        one.edit,
        lambda typed: [note for note in notes if note.title.lower().startswith(typed.lower())],
        lambda typed: [Suggestion("ui/editor", "ui/editor")] if "ui/editor".startswith(typed) else [],
    )
    one.type("[[s")
    assert popup.frame.isVisible()
    one._send(Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, "")
    one.type("\n")
    assert one.marked == "See [[Sowing]]¦"
    one.type(" #u")
    assert popup.frame.isVisible()
    one.type("\t")
    assert one.marked == "See [[Sowing]] #ui/editor ¦"
    one.type("#u")
    assert popup.frame.isVisible()
    one.type("\n")
    assert one.marked == "See [[Sowing]] #ui/editor #u\n¦"
    one.type("#zzz")
    assert popup.frame.isHidden()
    one.type(" [[s")
    one._send(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, "")
    assert popup.frame.isHidden()


def test_the_outline_has_bare_titles_and_counts_words(desk: MakeDesk) -> None:
    one = desk("---\nx: y\n---\n# One **bold** 😀\ntext here\n\n## [Two](http://x.y)\n¦")
    outline = Outline(one.edit)
    gist = outline.look()
    assert gist.headings == (OutlineEntry(1, "One bold 😀", 13), OutlineEntry(2, "Two", one.model.index("## ")))
    one.type("three more words")
    assert outline.look().words == gist.words + 3
    assert outline.current() == 1
    assert count_words("don't 漢字 e-mail") == 4


def test_names_show_for_three_seconds_and_carets_move_with_the_text(desk: MakeDesk) -> None:
    one = desk("hello world¦")
    now = [0]
    people = RemoteCarets(one.edit, clock=lambda: now[0])
    people.set([RemoteCaret("m", "Maya", 0, 6, 6)])
    assert one.edit.stage is not None
    assert [(peer.position, peer.flag) for peer in one.edit.stage.peers] == [(6, True)]
    now[0] = FLAG_MS + 1
    one.edit.place_caret(0, 0)
    one.type("😀")
    assert [(peer.position, peer.flag) for peer in one.edit.stage.peers] == [(8, False)]
    assert people.place("m") == 7


def test_the_desk_keeps_caret_undo_and_the_last_eight_notes(desk: MakeDesk) -> None:
    one = desk("")
    texts = {bytes([n]): f"note {n}" for n in range(12)}
    table = NoteDesk(one.edit)

    def show(note_id: bytes) -> None:
        def spliced(splice: Splice) -> None:
            texts[note_id] = apply(texts[note_id], splice)

        table.show(note_id, lambda: texts[note_id], spliced)

    show(b"\x00")
    one.edit.place_caret(4, 4)
    one.type("X")
    for n in range(1, 12):
        show(bytes([n]))
    assert table.binding(b"\x00") is None
    assert sum(table.binding(bytes([n])) is not None for n in range(12)) == KEPT
    texts[b"\x00"] = "> " + texts[b"\x00"]
    table.apply(b"\x00", [Splice(0, "", "> ")])
    show(b"\x00")
    assert one.edit.binding is not None
    assert one.edit.binding.undo()
    assert texts[b"\x00"] == "> note 0"


def test_remote_edits_wait_for_the_input_method(desk: MakeDesk) -> None:
    one = desk("ab¦cd")
    QApplication.sendEvent(one.edit, QInputMethodEvent("に", []))
    one.model = "ab" + "BOB" + "cd"
    one.binding.apply([Splice(2, "", "BOB")])
    assert one.binding.text == "abcd"
    assert one.edit.textCursor().block().layout().preeditAreaText() == "に"
    done = QInputMethodEvent("", [])
    done.setCommitString("日")
    QApplication.sendEvent(one.edit, done)
    assert one.binding.text == one.model == one.binding.sheet.text()
    assert sorted(one.model) == sorted("abBOB日cd")


def test_the_selection_bar_comes_late_and_goes_with_the_selection(desk: MakeDesk, qtbot: object) -> None:
    one = desk("some words¦")
    bar = SelectionBar(one.edit)
    one.edit.place_caret(0, 4)
    assert not bar.isVisible()
    qtbot.waitUntil(bar.isVisible, timeout=3000)  # type: ignore[attr-defined] # pytest-qt has no types
    one.edit.place_caret(2, 2)
    assert not bar.isVisible()


def test_a_long_note_is_there_at_once_and_complete_soon(desk: MakeDesk, qtbot: object) -> None:
    text = "\n".join(f"- item {n} with **bold** words" for n in range(6000))
    one = desk(text)
    assert one.binding.sheet.ready < 6000
    one.model = one.model + "\n# End"
    one.binding.apply([Splice(len(text), "", "\n# End")])
    one.edit.place_caret(0, 0)
    one.type("x")
    sheet = one.binding.sheet
    qtbot.waitUntil(lambda: sheet.ready == len(sheet.rows), timeout=40_000)  # type: ignore[attr-defined] # as above
    last = one.edit.document().lastBlock()
    qtbot.waitUntil(lambda: last.layout().lineCount() == 1, timeout=40_000)  # type: ignore[attr-defined] # as above
    assert sheet.rows[-1].line.level == 1
    assert sheet.rows[3000].box is not None
    assert one.binding.text == one.model == sheet.text()


def test_a_pdf_has_pages_that_cut_no_line(qapp: QApplication, tmp_path: Path) -> None:
    text = (Path(__file__).parent / "demo.md").read_text(encoding="utf-8") * 3
    sheet = Sheet(text, Formats(Look()), paper=True)
    sheet.prepare(len(sheet.rows))
    sheet.dressing = True
    sheet.document.setTextWidth(860)
    found = pages(sheet, 900)
    assert all(0 < page.bottom - page.top <= 900 for page in found)
    assert all(one.bottom == two.top for one, two in pairwise(found))
    path = tmp_path / "note.pdf"
    count = write_pdf(path, text, Pictures())
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page\n") == count >= 4
    with pytest.raises(CannotWrite):
        write_pdf(tmp_path / "no" / "note.pdf", text, Pictures())


def test_html_stands_alone_and_lets_nothing_foreign_in() -> None:
    text = (
        "---\nsecret: 1\n---\n# T <script>alert(1)</script>\n\n[[Goal|label]] #tag ==hi== [x](javascript:alert(1))\n\n"
        "- [x] done\n\n![alt](p.png) ![no](http://evil/x.png)\n\n> [!tip] Title\n> body\n\n```python\nx = 1\n```\n"
    )
    page = html_page(text, "T & co", lambda name: ("image/png", b"PNG") if name == "p.png" else None)
    assert "secret" not in page
    assert "<script" not in page
    assert 'href="javascript' not in page
    assert "evil" not in page
    assert "<title>T &amp; co</title>" in page
    for part in (
        '<span class="wiki">label</span>',
        '<span class="tag">#tag</span>',
        "<mark>hi</mark>",
        '<li class="task done">done</li>',
        'src="data:image/png;base64,UE5H"',
        '<blockquote class="callout tip">\n<p>Title</p>\n<p>body</p>',
        '<span class="n">x</span>',
    ):
        assert part in page, part


def test_zoom_and_theme_keep_caret_and_place(desk: MakeDesk) -> None:
    one = desk("\n\n".join(f"Paragraph {n}" for n in range(100)))
    at = one.model.index("Paragraph 50")
    one.edit.place_caret(at, at + 3)
    one.edit.centre_caret()
    top = one.edit.cursorRect().top()
    one.edit.theme.zoom(20)
    assert one.edit.cursorRect().top() == top
    assert one.edit.textCursor().selectedText() == "Par"
    assert one.edit.formats.look.px == 20
    assert one.binding.text == one.binding.sheet.text()


def test_a_read_only_note_takes_no_keys(desk: MakeDesk) -> None:
    one = desk("- text¦")
    one.edit.show_binding(one.binding, read_only=True)
    one.type("x\n\t\b")
    one.press("Ctrl+B")
    one.press("Ctrl+Return")
    QApplication.sendEvent(one.edit, QEvent(QEvent.Type.UpdateRequest))
    assert one.model == one.binding.sheet.text() == "- text"


def test_a_note_opens_with_the_caret_behind_its_folded_properties(desk: MakeDesk) -> None:
    one = desk("")
    table = NoteDesk(one.edit)
    table.show(b"a" * 16, lambda: "---\ntags: [x]\n---\nText", lambda splice: None)
    assert table.spot(b"a" * 16)[:2] == (18, 18)
    table.show(b"b" * 16, lambda: "Text", lambda splice: None)
    assert table.spot(b"b" * 16)[:2] == (0, 0)


def test_escape_closes_the_bar_from_any_of_its_parts_and_tab_goes_to_the_replacement(desk: MakeDesk) -> None:
    one = desk("one two¦")
    bar = FindBar(one.edit)
    for part in (bar.what, bar.case, bar.one):
        bar.open_replace()
        part.setFocus()
        QTest.keyClick(part, Qt.Key.Key_Escape)
        assert bar.isHidden()
    assert bar.what.nextInFocusChain() is bar.by
    bar.deleteLater()


def test_what_is_typed_to_be_found_is_gone_to_and_stays_chosen(desk: MakeDesk) -> None:
    one = desk("¦one two one")
    bar = FindBar(one.edit)
    bar.open_find()
    QTest.keyClicks(bar.what, "two")
    QTest.keyClick(bar.what, Qt.Key.Key_Escape)
    assert one.marked == "one ¦two¦ one"
    bar.deleteLater()
