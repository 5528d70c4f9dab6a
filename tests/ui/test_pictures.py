"""Golden pictures, light and dark: rows of the sidebar and the list, buttons and fields, the picker, empty states."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from notesapp.ui.dialogs.form import Page
from notesapp.ui.dialogs.picker import Choice, Picker
from notesapp.ui.note_list.pane import NoteListPane
from notesapp.ui.note_list.rows import Row
from notesapp.ui.parts import Empty, button
from notesapp.ui.places import InNotebook, to_word
from notesapp.ui.sidebar.sidebar import Sidebar
from notesapp.ui.sidebar.tree import Census, NotebookRow
from notesapp.ui.style.theme import Appearance, Theme
from tests.ui.fakes import NOW_MS, sample
from tests.ui.golden import check, difference, picture

pytestmark = pytest.mark.gui
BOOK = b"b" * 32


@pytest.fixture(params=["light", "dark", "contrast"])
def look(request: pytest.FixtureRequest, qapp: QApplication) -> Theme:
    """Each of the themes that people see."""
    appearance = Appearance.DARK if request.param == "dark" else Appearance.LIGHT
    made = Theme(appearance, contrast=request.param == "contrast", reduced_motion=True)
    made.dress(qapp)
    qapp.setCursorFlashTime(0)
    return made


def test_the_sidebar(look: Theme) -> None:
    sidebar = Sidebar(look)
    sidebar.resize(228, 620)
    sidebar.show_person("Ana", 1)
    sidebar.show_status("ok", "Just you", "Saved on this computer")
    sidebar.open_these([to_word(InNotebook(BOOK))])
    census = Census(128, 0, 6, 3, (NotebookRow(BOOK, "Garden", {"": 20, "Beds/North": 4}),), {"ui": 1, "ui/editor": 4})
    sidebar.show_census(census)
    sidebar.show_place(InNotebook(BOOK))
    check(sidebar, f"sidebar-{look.tokens.name}")


def test_the_list(look: Theme) -> None:
    pane = NoteListPane(look, lambda: NOW_MS)
    pane.resize(304, 640)
    views = sample().notes_of(b"g" * 32)
    rows = [Row(view) for view in views]
    rows[1] = Row(msgspec.structs.replace(views[1], pinned=True), favourite=True)
    rows[2] = Row(views[2], snippet="Open with the last time they shared a note", marks=((0, 4), (31, 37)))
    rows[3] = Row(msgspec.structs.replace(views[3], title="", snippet="", tags=()))
    # Only letters that Inter has: the system's fonts differ from machine to machine.
    long = "Ünïcödé, and a title that is far too long"
    rows[4] = Row(msgspec.structs.replace(views[4], title=long, snippet="Donaudampfschiff" * 12))
    pane.show_title("Garden")
    pane.show_rows(rows, rows[0].note.note_id)
    check(pane, f"list-{look.tokens.name}")


def test_controls(look: Theme) -> None:
    box = QWidget()
    box.setObjectName("notePane")
    column = QVBoxLayout(box)
    for kind in ("", "primary", "danger", "link"):
        column.addWidget(button("Button", kind))
    off = button("Switched off")
    off.setEnabled(False)
    column.addWidget(off)
    column.addWidget(QLineEdit("A line"))
    ticked = QCheckBox("Ticked")
    ticked.setChecked(True)
    column.addWidget(ticked)
    column.addWidget(QCheckBox("Not ticked"))
    choice = QComboBox()
    choice.addItems(["One", "Two"])
    column.addWidget(choice)
    box.resize(260, 400)
    check(box, f"controls-{look.tokens.name}")


def test_a_settings_page(look: Theme) -> None:
    page = Page("Appearance")
    group = page.group("Group")
    group.switch("A switch", True, lambda _: None, "What it means, in a sentence that is long enough to wrap.")
    group.choice("A choice", [("a", "First"), ("b", "Second")], "b", lambda _: None)
    host = QWidget()
    host.setObjectName("notePane")
    QVBoxLayout(host).addWidget(page)
    host.resize(520, 300)
    check(host, f"settings-{look.tokens.name}")


def test_the_picker(look: Theme) -> None:
    window = QWidget()
    window.resize(760, 480)
    rows = [
        Choice("Garden plan, spring", 1, "file-text", "Garden", marks=(0, 1, 2)),
        Choice("Regards", 2, "file-text", "Letters / 2026", marks=(2, 3, 4)),
        Choice("Toggle the sidebar", 3, "panel-left", keys="Ctrl+\\"),
    ]
    picker = Picker(look, window, "Go to a note", lambda _: rows, hint="Enter to open")
    picker.open()
    check(window, f"picker-{look.tokens.name}")


def test_an_empty_state(look: Theme) -> None:
    empty = Empty(look)
    empty.resize(340, 360)
    empty.say("star", "No favourites yet", "Star a note to keep it within reach.", button("New note", "primary"))
    check(empty, f"empty-{look.tokens.name}")


def test_the_comparison_sees_a_moved_letter(theme: Theme) -> None:
    one, other = button("Button"), button("Buttom")
    one.resize(90, 30)
    other.resize(90, 30)
    assert difference(picture(one), picture(one)) == 0
    assert difference(picture(one), picture(other)) > 0.002
    assert difference(picture(one), QImage(3, 3, QImage.Format.Format_RGB32)) == 1
