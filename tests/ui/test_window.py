"""The real window over a real node, driven with keys and mouse: what a person does in the first week."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from notesapp.node.views import NoteFilter
from notesapp.ui.dialogs import files
from notesapp.ui.dialogs.ask import TextSheet
from notesapp.ui.dialogs.picker import Picker
from notesapp.ui.dialogs.report import Report
from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.places import AllNotes, Favourites, Found, InNotebook, Tagged, Trash
from notesapp.ui.shell import Shell
from notesapp.ui.style.theme import Theme
from notesapp.ui.window import Pane, Width
from tests.ui.driving import click, settle, story, type_in, until

pytestmark = pytest.mark.gui


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def titles(shell: Shell) -> list[str]:
    return [row.note.title for row in shell.window.list.rows.rows]


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, modifiers)


def sheet(shell: Shell, kind: type[Sheet[object]]) -> Sheet[object]:
    return next(one for one in shell.window.findChildren(kind) if one.isVisible())


async def answer(shell: Shell, text: str) -> None:
    """Types into the small question that is open, and presses Return."""
    await until(lambda: any(one.isVisible() for one in shell.window.findChildren(TextSheet)), "no question came")
    asked = next(one for one in shell.window.findChildren(TextSheet) if one.isVisible())
    asked.line.clear()
    type_in(asked.line, text)
    press(asked.line, Qt.Key.Key_Return)
    await settle()


async def write(shell: Shell, text: str) -> bytes:
    """A new note with this text, typed."""
    before = shell.desk.note_id
    shell.commands.run("note.new")
    blank = shell.writing.text == ""
    await until(lambda: blank or shell.desk.note_id != before, "no new note")
    await until(lambda: not shell.editor.isReadOnly(), "the note can't be written in")
    type_in(shell.editor, text)
    note_id = shell.desk.note_id
    assert note_id is not None
    await shell.node.saved(note_id)
    wanted = text.split("\n")[0].lstrip("# ").split(" #")[0]
    await until(lambda: shell.node.note(note_id).title.startswith(wanted), "the list does not know it")
    await until(lambda: not shell.desk._refresh.isActive(), "the list is not shown anew")
    return note_id


def test_the_first_start_is_a_caret_in_a_new_note(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        await until(lambda: not shell.editor.isReadOnly(), "the note can't be written in")
        assert len(shell.node.notes()) == 1
        assert shell.writing.text == ""
        assert shell.window.note.foot._status.text() == "Saved on this computer"
        assert shell.window.focusWidget() is shell.editor
        assert not shell.window.findChildren(Report)

    story(qapp, home, tell)


def test_what_was_written_is_there_after_closing_with_caret_and_place(qapp: QApplication, home: Path) -> None:
    async def first(shell: Shell) -> bytes:
        note_id = await write(shell, "# Broad beans\n\nSow in March. #garden")
        shell.desk.go(Tagged("garden"))
        cursor = shell.editor.textCursor()
        cursor.setPosition(5)
        shell.editor.setTextCursor(cursor)
        return note_id

    async def second(shell: Shell) -> None:
        assert shell.desk.place == Tagged("garden")
        assert shell.desk.note_id == written
        await until(lambda: shell.writing.text, "no text")
        assert shell.writing.text == "# Broad beans\n\nSow in March. #garden"
        assert shell.editor.textCursor().position() == 5
        assert titles(shell) == ["Broad beans"]

    written = story(qapp, home, first)
    story(qapp, home, second)


def test_new_notes_go_where_the_person_is_and_a_blank_one_is_not_doubled(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        shell.commands.run("notebook.new")
        await answer(shell, "Garden")
        place = shell.desk.place
        assert isinstance(place, InNotebook)
        note_id = await write(shell, "Beans")
        assert shell.node.note(note_id).notebook_id == place.notebook_id
        shell.commands.run("note.new")
        await settle()
        shell.commands.run("note.new")
        await settle()
        assert len(shell.node.notes(NoteFilter(notebook_id=place.notebook_id))) == 2
        shell.window.menuBar()  # the window answers
        assert shell.window.sidebar.tree.currentIndex().data() == "Garden"

    story(qapp, home, tell)


def test_trash_undo_restore_and_delete_for_ever(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "One")
        two = await write(shell, "Two")
        shell.commands.run("note.trash")
        await until(lambda: shell.node.note(two).trashed_ms is not None, "not in the trash")
        await until(lambda: "trash" in shell.window.toast.sentence, "nothing was said")
        assert shell.desk.note_id != two
        shell.window.toast.act()
        await until(lambda: shell.node.note(two).trashed_ms is None, "undo did nothing")
        await until(lambda: shell.desk.note_id == two, "it is not open again")
        shell.commands.run("note.trash")
        await until(lambda: shell.node.note(two).trashed_ms is not None, "not in the trash")
        shell.desk.go(Trash())
        await until(lambda: titles(shell) == ["Two"], "the trash does not show it")
        await until(lambda: shell.writing.text == "Two", "the text is not shown")
        assert shell.editor.isReadOnly()
        assert shell.window.note.banner.sentence == "This note is in the trash."
        shell.commands.run("note.delete")
        await until(lambda: any(one.isVisible() for one in shell.window.findChildren(Sheet)), "it did not ask")
        yes = next(b for b in sheet(shell, Sheet).findChildren(QPushButton) if b.property("kind") == "danger")
        click(yes)
        await until(lambda: titles(shell) == [], "it is still there")
        await until(lambda: shell.window.list.empty.isVisible(), "the empty trash says nothing")

    story(qapp, home, tell)


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
        type_in(field, "zzz")
        await until(lambda: shell.window.list.empty.isVisible(), "it does not say that nothing was found")
        press(field, Qt.Key.Key_Escape)
        await settle()
        assert shell.desk.place == AllNotes()
        assert len(titles(shell)) == 2

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
        assert (shell.desk.place, shell.desk.note_id) == (AllNotes(), one)
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
        shell.acts.reading._restore("First words.")
        await shell.node.saved(note_id)
        assert not shell.editor.isReadOnly()
        assert await shell.node.stored_text(note_id) == "First words."
        shell.window.toast.act()
        await shell.node.saved(note_id)
        assert await shell.node.stored_text(note_id) == "First words. And more."

    story(qapp, home, tell)


def test_favourite_pin_duplicate_rename_and_move(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        one = await write(shell, "# One")
        linking = await write(shell, "# Two\n\n[[One]]")
        shell.desk.open(one)
        shell.commands.run("note.favourite")
        await settle()
        shell.desk.go(Favourites())
        assert titles(shell) == ["One"]
        shell.desk.go(AllNotes())
        shell.desk.open(one)
        shell.commands.run("note.pin")
        await until(lambda: titles(shell)[0] == "One", "not pinned")
        shell.commands.run("note.rename")
        await answer(shell, "Uno")
        await until(lambda: shell.node.note(one).title == "Uno", "not renamed")
        assert await shell.node.stored_text(linking) == "# Two\n\n[[Uno]]"
        await until(lambda: shell.writing.text == "# Uno", "the editor did not hear of it")
        shell.commands.run("note.duplicate")
        await until(lambda: len(shell.node.notes()) == 3, "no copy")
        shell.desk.open(one)
        other = await shell.node.create_notebook("Other")
        await settle()
        shell.acts.notes.drop([one], InNotebook(other, "deep/er"))
        await until(lambda: any(v.notebook_id == other for v in shell.node.notes()), "not moved")
        moved = next(v for v in shell.node.notes() if v.notebook_id == other)
        assert (moved.title, moved.folder) == ("Uno", "deep/er")
        await until(lambda: shell.desk.note_id == moved.note_id, "the table did not follow")
        assert shell.desk.is_favourite(moved.note_id)
        assert not shell.desk.is_favourite(one)

    story(qapp, home, tell)


def test_several_notes_are_chosen_and_trashed_at_once(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        for text in ("One", "Two", "Three"):
            await write(shell, text)
        view = shell.window.list.view
        view.setFocus()
        view.selectAll()
        assert len(shell.window.list.selected_ids()) == 3
        press(view, Qt.Key.Key_Delete)
        await until(lambda: titles(shell) == [], "they are still there")
        shell.window.toast.act()
        await until(lambda: len(titles(shell)) == 3, "undo did not bring all back")

    story(qapp, home, tell)


def test_files_are_dropped_on_the_window_and_bad_ones_are_named(qapp: QApplication, home: Path, tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("# Good\n\nText")
    (tmp_path / "page.html").write_text("<h1>Page</h1><p>With <b>bold</b></p>")
    (tmp_path / "bad.md").write_bytes(b"\x00\x01\x02")
    (tmp_path / "latin.txt").write_bytes("Größe".encode("latin-1"))

    async def tell(shell: Shell) -> None:
        data = QMimeData()
        names = ("good.md", "page.html", "bad.md", "latin.txt", "missing.md")
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in names])
        shell.window.files_dropped.emit([str(tmp_path / name) for name in names])
        await until(lambda: any(one.isVisible() for one in shell.window.findChildren(Report)), "no report")
        assert {"Good", "Page"} <= {view.title for view in shell.node.notes()}
        page = next(view for view in shell.node.notes() if view.title == "Page")
        assert "**bold**" in await shell.node.stored_text(page.note_id)
        report = sheet(shell, Report)
        assert isinstance(report, Report)
        assert report._details.count("\n") == 2
        report.finish(None)

    story(qapp, home, tell)


def test_a_folder_is_imported_with_a_report_and_exported_again(
    qapp: QApplication, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = tmp_path / "vault"
    (vault / "sub").mkdir(parents=True)
    (vault / "a.md").write_text("# A\n\n[[b]] and [[nowhere]]\n")
    (vault / "sub" / "b.md").write_text("# B\n")

    async def tell(shell: Shell) -> None:
        shell.window.files_dropped.emit([str(vault)])
        await until(lambda: any(one.isVisible() for one in shell.window.findChildren(Report)), "no report")
        sheet(shell, Report).finish(None)
        assert {"A", "B"} <= {view.title for view in shell.node.notes()}
        out = tmp_path / "out"
        out.mkdir()

        async def chosen(*_: object) -> Path:
            return out

        monkeypatch.setattr("notesapp.ui.acts.transfer.open_folder", chosen)
        shell.commands.run("export.notebook")
        await until(lambda: (out / "sub" / "b.md").exists() or list(out.rglob("b.md")), "nothing was exported")
        await until(lambda: "exported" in shell.window.toast.sentence, "nothing was said")

    story(qapp, home, tell)


def test_a_note_goes_out_as_markdown_web_page_and_pdf(
    qapp: QApplication, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "# Title\n\nSome **bold** words.")
        for name, ending, begins in (
            ("markdown", ".md", b"# Title"),
            ("html", ".html", b"<!doctype"),
            ("pdf", ".pdf", b"%PDF"),
        ):
            path = tmp_path / f"out{ending}"

            async def chosen(*_: object, path: Path = path) -> Path:
                return path

            monkeypatch.setattr("notesapp.ui.acts.transfer.save_file", chosen)
            shell.commands.run(f"export.{name}")
            await until(path.exists, f"no {name}")
            await settle(300)
            assert path.read_bytes().startswith(begins)

        async def forbidden(*_: object) -> Path:
            return tmp_path / "no such folder" / "x.md"

        monkeypatch.setattr("notesapp.ui.acts.transfer.save_file", forbidden)
        shell.commands.run("export.markdown")
        await until(lambda: "can't be written" in shell.window.toast.sentence, "nothing was said")

    story(qapp, home, tell)


def test_narrow_windows_show_one_pane_with_a_way_back(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "One")
        window = shell.window
        window.resize(1000, 700)
        await settle()
        assert window.width_class is Width.MEDIUM
        assert not window.sidebar.isVisible()
        shell.commands.run("view.sidebar")
        assert window.sidebar.isVisible()
        window.resize(600, 700)
        await settle()
        visible = [w for w in (window.sidebar, window.list, window.note) if w.isVisible()]
        assert visible == [window.note]
        click(window.note._back)
        assert window.list.isVisible()
        assert not window.note.isVisible()
        press(window.list.view, Qt.Key.Key_Return)
        assert window.note.isVisible()
        window.resize(1400, 900)
        await settle()
        assert all(w.isVisible() for w in (window.sidebar, window.list, window.note))

    story(qapp, home, tell)


def test_f6_goes_round_the_panes(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "One")
        shell.editor.setFocus()
        went = []
        for _ in range(3):
            shell.commands.run("go.pane")
            went.append(QApplication.focusWidget())
        assert went == [shell.window.sidebar.tree, shell.window.list.view, shell.editor]
        shell.commands.run("go.pane.back")
        assert QApplication.focusWidget() is shell.window.list.view

    story(qapp, home, tell)


def test_settings_take_effect_at_once_and_last(qapp: QApplication, home: Path) -> None:
    async def first(shell: Shell) -> None:
        for page in ("general", "editor", "appearance", "sync", "shortcuts", "safety", "about"):
            shell.show_settings(page)
            await settle(40)
        name = next(
            line for line in shell.settings_window.findChildren(QLineEdit) if line.placeholderText() == "Optional"
        )
        name.setText("Ana")
        name.editingFinished.emit()
        assert shell.window.sidebar._name.text() == "Ana’s notes"
        shell.commands.run("view.dark")
        assert shell.theme.tokens.dark
        shell.commands.run("view.larger")
        shell.commands.remap("note.new", "Ctrl+Alt+J")
        shell._changed("shortcuts")

    async def second(shell: Shell) -> None:
        assert shell.settings.now.name == "Ana"
        assert shell.settings.now.appearance == "dark"
        assert shell.settings.now.body_px == 17
        assert shell.commands.keys("note.new") == ("Ctrl+Alt+J",)

    story(qapp, home, first)
    story(qapp, home, second)


def test_the_recovery_kit_is_shown_and_can_be_copied(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        shell.show_settings("safety")
        await settle()
        window = shell.settings_window
        assert window is not None
        click(next(b for b in window.findChildren(QPushButton) if b.text() == "Show the words"))
        await until(lambda: any(b.text() == "Copy" for b in window.findChildren(QPushButton)), "no kit")
        click(next(b for b in window.findChildren(QPushButton) if b.text() == "Copy"))
        assert len(QGuiApplication.clipboard().text().split()) == 24
        click(next(b for b in window.findChildren(QPushButton) if b.text() == "Done"))
        await settle()

    story(qapp, home, tell)


def test_trouble_is_red_with_a_cause_and_a_button_and_goes_again(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        shell.node._core.trouble("disk", "The disk is full.")
        await settle()
        assert shell.window.sidebar._status.text() == "Needs help"
        assert shell.window.note.banner.sentence == "The disk is full."
        shell.node._core.over("disk")
        await settle()
        assert shell.window.sidebar._status.text() == "Just you"
        assert shell.window.note.banner.sentence == ""

    story(qapp, home, tell)


def test_a_bug_in_an_act_is_told_and_the_window_goes_on(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        broke: list[Exception] = []
        shell.desk.broke.disconnect()
        shell.desk.broke.connect(broke.append)

        async def bug() -> None:
            raise ZeroDivisionError

        shell.desk.start(bug(), "a bug")
        await settle()
        assert [type(error) for error in broke] == [ZeroDivisionError]
        await write(shell, "still here")

    story(qapp, home, tell)


def test_every_command_has_a_name_and_no_two_share_a_key(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        keys: dict[str, str] = {}
        for command in shell.commands:
            assert command.title
            for key in command.keys:
                assert key not in keys, (key, command.name, keys[key])
                keys[key] = command.name
        wanted = {
            "Ctrl+N",
            "Ctrl+Shift+N",
            "Ctrl+K",
            "Ctrl+O",
            "Ctrl+Shift+P",
            "Ctrl+F",
            "Ctrl+H",
            "F3",
            "Ctrl+Shift+F",
        }
        wanted |= {
            "Ctrl+B",
            "Ctrl+I",
            "Ctrl+E",
            "Ctrl+L",
            "Ctrl+Shift+L",
            "Ctrl+Shift+O",
            "Ctrl+Shift+T",
            "Ctrl+1",
            "Ctrl+4",
        }
        wanted |= {"Ctrl+0", "Ctrl+Return", "Alt+Up", "Alt+Down", "Ctrl+Shift+Y", "Alt+Left", "Alt+Right", "F6", "F11"}
        wanted |= {"Ctrl+\\", "Ctrl+,", "F1"}
        assert wanted <= set(keys)

    story(qapp, home, tell)


def test_every_control_has_a_name_for_a_screen_reader(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        shell.window.panel.show_page("outline")
        for page in ("general", "editor", "appearance", "sync", "shortcuts", "safety", "about"):
            shell.show_settings(page)
        await settle()
        nameless = []
        for top in (shell.window, shell.settings_window):
            assert top is not None
            for widget in top.findChildren(QWidget):
                focusable = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(top)
                text = getattr(widget, "text", lambda: "")
                if focusable and not widget.accessibleName() and not (callable(text) and text()):
                    nameless.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
        assert nameless == []

    story(qapp, home, tell)


def test_the_window_shows_one_note_when_asked_by_a_link(qapp: QApplication, home: Path) -> None:
    async def tell(shell: Shell) -> None:
        one = await write(shell, "One")
        await write(shell, "Two")
        shell.open_this(f"notesapp://note/{one.hex()}")
        assert shell.desk.note_id == one
        shell.open_this("notesapp://note/" + "00" * 16)
        assert "no longer there" in shell.window.toast.sentence
        shell.open_this("notesapp://search/Two")
        await until(lambda: isinstance(shell.desk.place, Found) and titles(shell) == ["Two"], "no search")
        shell.open_this("/no/such/file.md")
        assert "can’t be opened" in shell.window.toast.sentence

    story(qapp, home, tell)


def test_a_narrow_pane_is_remembered_as_the_place_to_write(qapp: QApplication, home: Path, theme: Theme) -> None:
    async def tell(shell: Shell) -> None:
        shell.window.show_alone(Pane.LIST)
        shell.window.resize(600, 600)
        await settle()
        shell.editor.setFocus()
        assert files.open_files is not None
        await write(shell, "typed in a narrow window")
        assert shell.window.note.isVisible()

    story(qapp, home, tell, size=(600, 700))
