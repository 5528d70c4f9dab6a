"""The sidebar's and the list's models: the smallest change, the right order, what drags mean."""

from __future__ import annotations

import random

import msgspec
import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from notesapp.ui.note_list.pane import NoteListPane
from notesapp.ui.note_list.rows import NoteRows, Row, sort_key
from notesapp.ui.places import AllNotes, Favourites, InNotebook, Place, Shared, Tagged, Trash, from_word, to_word
from notesapp.ui.sidebar.sidebar import Sidebar
from notesapp.ui.sidebar.tree import NOTES_MIME, Census, Kind, NotebookRow, Role, SidebarModel, notes_of, tag_branches
from notesapp.ui.style.theme import Theme
from notesapp.ui.when import short_time
from tests.ui.fakes import DAY, HOUR, MINUTE, NOW_MS, many

pytestmark = pytest.mark.gui


def rows(count: int) -> list[Row]:
    return [Row(view) for view in many(count)]


@pytest.fixture
def model(qapp: QApplication) -> NoteRows:
    return NoteRows(lambda: NOW_MS)


def shown(model: NoteRows) -> list[bytes]:
    return [row.note.note_id for row in model.rows]


class Told:
    """What a model tells its view."""

    def __init__(self, model: NoteRows) -> None:
        self.events: list[str] = []
        model.rowsInserted.connect(lambda *_: self.events.append("inserted"))
        model.rowsRemoved.connect(lambda *_: self.events.append("removed"))
        model.rowsMoved.connect(lambda *_: self.events.append("moved"))
        model.modelReset.connect(lambda: self.events.append("reset"))
        model.dataChanged.connect(lambda a, b: self.events.append(f"changed {a.row()}–{b.row()}"))


def test_an_edited_note_moves_to_the_top_without_a_reset(model: NoteRows) -> None:
    before = rows(50)
    model.show(before)
    told = Told(model)
    edited = Row(msgspec.structs.replace(before[30].note, edited_ms=NOW_MS + 1, snippet="new"))
    after = [edited, *before[:30], *before[31:]]
    assert not model.show(after)
    assert told.events == ["moved", "changed 0–0"]
    assert shown(model) == [row.note.note_id for row in after]


def test_one_note_more_or_less_is_one_row_more_or_less(model: NoteRows) -> None:
    before = rows(20)
    model.show(before)
    told = Told(model)
    model.show(before[:7] + before[8:])
    model.show(before)
    assert told.events == ["removed", "inserted"]


def test_the_same_rows_tell_nothing(model: NoteRows) -> None:
    model.show(rows(20))
    told = Told(model)
    model.show(rows(20))
    assert told.events == []


def test_any_change_of_rows_ends_with_the_rows_asked_for(model: NoteRows) -> None:
    dice = random.Random(7)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    pool = rows(12)
    for _ in range(400):
        wanted = dice.sample(pool, dice.randint(0, len(pool)))
        model.show(wanted)
        assert shown(model) == [row.note.note_id for row in wanted]


def test_pinned_notes_stand_first_in_every_order() -> None:
    pinned = Row(msgspec.structs.replace(many(3)[2], pinned=True, title="zzz", edited_ms=0, created_ms=0))
    others = rows(2)
    for order in ("edited", "created", "title"):
        assert sorted([*others, pinned], key=sort_key(order))[0] is pinned


def test_selection_and_scroll_survive_a_reset(theme: Theme) -> None:
    pane = NoteListPane(theme, lambda: NOW_MS)
    pane.resize(304, 600)
    pane.show()
    all_rows = rows(200)
    pane.show_rows(all_rows, all_rows[0].note.note_id)
    flag = QItemSelectionModel.SelectionFlag.Select
    for number in (50, 51, 52):
        pane.view.selectionModel().select(pane.rows.index(number), flag)
    pane.view.verticalScrollBar().setValue(3000)
    wanted = {all_rows[number].note.note_id for number in (0, 50, 51, 52)}
    assert set(pane.selected_ids()) == wanted
    mixed = all_rows[::2] + all_rows[1::2]
    pane.show_rows(mixed, all_rows[0].note.note_id)
    assert set(pane.selected_ids()) == wanted
    assert pane.view.verticalScrollBar().value() == 3000
    pane.close()


def test_showing_rows_never_chooses_a_note(theme: Theme) -> None:
    pane = NoteListPane(theme, lambda: NOW_MS)
    chosen: list[bytes] = []
    pane.note_chosen.connect(chosen.append)
    pane.show_rows(rows(20), many(20)[3].note_id)
    pane.show_rows(rows(5), many(20)[3].note_id)
    pane.show_rows([], None)
    assert chosen == []
    pane.show_rows(rows(5), None)
    pane.view.setCurrentIndex(pane.rows.index(2))
    assert chosen == [many(5)[2].note_id]


def test_a_row_is_spoken_with_what_is_only_drawn(model: NoteRows) -> None:
    note = msgspec.structs.replace(many(1)[0], title="", pinned=True, tags=("a/b",), edited_ms=NOW_MS - 5 * MINUTE)
    model.show([Row(note, favourite=True)])
    spoken = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Untitled, pinned, favourite, 5 min, #a/b"


def test_times_are_said_as_a_person_would() -> None:
    said = [short_time(NOW_MS - ago, NOW_MS) for ago in (0, 12 * MINUTE, 3 * HOUR, DAY, 400 * DAY)]
    assert said[:4] == ["now", "12 min", "3 h", "Yesterday"]
    assert said[4].endswith("2025")


@pytest.mark.parametrize(
    "place", [AllNotes(), Shared(), Favourites(), Trash(), Tagged("a/b:c"), InNotebook(b"x" * 32, "a/b: c")]
)
def test_places_survive_the_settings_file(place: Place) -> None:
    assert from_word(to_word(place)) == place


@pytest.mark.parametrize("word", ["", "nonsense", "notebook:zz:", "tag:", "notebook"])
def test_a_broken_place_is_all_notes(word: str) -> None:
    assert from_word(word) == AllNotes()


BOOK = b"b" * 32
CENSUS = Census(
    all_notes=5,
    trash=1,
    notebooks=(NotebookRow(BOOK, "Book", {"": 2, "a": 1, "a/b": 2}, ("a", "empty")),),
    tags={"ui": 1, "ui/editor": 2, "x": 3},
)


def test_folders_count_what_is_below_them_and_tags_nest(qapp: QApplication) -> None:
    model = SidebarModel()
    model.show(CENSUS)
    seen = {
        index.data(Role.PLACE): (index.data(), index.data(Role.COUNT), index.data(Role.LEVEL)) for index in model.walk()
    }
    assert seen[InNotebook(BOOK)] == ("Book", 5, 0)
    assert seen[InNotebook(BOOK, "a")] == ("a", 3, 1)
    assert seen[InNotebook(BOOK, "a/b")] == ("b", 2, 2)
    assert seen[InNotebook(BOOK, "empty")] == ("empty", 0, 1)
    assert seen[Tagged("ui/editor")] == ("editor", 2, 1)
    assert not model.show(CENSUS)


def test_sections_can_be_neither_chosen_nor_dropped_on(qapp: QApplication) -> None:
    model = SidebarModel()
    model.show(CENSUS)
    sections = [index for index in model.walk() if index.data(Role.KIND) in (Kind.SECTION, Kind.GAP)]
    assert len(sections) == 3
    assert all(index.flags() == Qt.ItemFlag.NoItemFlags for index in sections)


def test_notes_can_be_dropped_on_notebooks_tags_favourites_and_trash(qapp: QApplication) -> None:
    model = SidebarModel()
    model.show(CENSUS)
    data = QMimeData()
    data.setData(NOTES_MIME, many(2)[0].note_id + many(2)[1].note_id)
    dropped: list[tuple[list[bytes], Place]] = []
    model.notes_dropped.connect(lambda ids, place: dropped.append((ids, place)))
    takers = []
    for index in list(model.walk()):
        if model.canDropMimeData(data, Qt.DropAction.MoveAction, -1, -1, index):
            takers.append(index.data(Role.PLACE))
            model.dropMimeData(data, Qt.DropAction.MoveAction, -1, -1, index)
    assert Trash() in takers
    assert Favourites() in takers
    assert Tagged("x") in takers
    assert AllNotes() not in takers
    assert [place for _, place in dropped] == takers
    assert all(ids == notes_of(data) for ids, _ in dropped)


def test_a_folder_is_not_dropped_into_itself_or_another_notebook(qapp: QApplication) -> None:
    model = SidebarModel()
    model.show(CENSUS)
    data = model.mimeData([model.index_of(InNotebook(BOOK, "a"))])

    def may(place: Place) -> bool:
        return model.canDropMimeData(data, Qt.DropAction.MoveAction, -1, -1, model.index_of(place))

    assert may(InNotebook(BOOK, "empty"))
    assert may(InNotebook(BOOK))
    assert not may(InNotebook(BOOK, "a"))
    assert not may(InNotebook(BOOK, "a/b"))
    assert not may(Trash())


def test_counts_change_without_leaving_the_place_or_closing_branches(theme: Theme) -> None:
    sidebar = Sidebar(theme)
    went: list[Place] = []
    sidebar.place_chosen.connect(went.append)
    sidebar.open_these([to_word(InNotebook(BOOK))])
    sidebar.show_census(CENSUS)
    sidebar.show_place(InNotebook(BOOK, "a"))
    more = Census(all_notes=6, trash=1, notebooks=CENSUS.notebooks, tags={**CENSUS.tags, "new": 1})
    sidebar.show_census(more)
    current = sidebar.tree.currentIndex()
    assert current.data(Role.PLACE) == InNotebook(BOOK, "a")
    assert sidebar.tree.isExpanded(sidebar.model.index_of(InNotebook(BOOK)))
    assert went == []
    sidebar.tree.setCurrentIndex(sidebar.model.index_of(Trash()))
    assert went == [Trash()]
    sidebar.show_place(AllNotes())
    assert went == [Trash()]
    assert isinstance(sidebar.tree.currentIndex(), QModelIndex)


def test_tags_with_empty_parts_are_rows_as_well() -> None:
    rows = tag_branches({"/a": 1, "b//c": 2, "b": 3, "//": 1, "d/": 1})
    found = [(row.text, row.count, [(below.text, below.count) for below in row.children]) for row in rows]
    assert found == [("a", 1, []), ("b", 3, [("c", 2)]), ("d", 1, [])]
    assert [row.place for row in rows] == [Tagged("/a"), Tagged("b"), Tagged("d/")]
