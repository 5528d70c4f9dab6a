"""The window's figures with 10,000 notes: a frame of scrolling, a refresh of the lists, a key in the switcher.

Measured in processor time of the drawing thread, so that other work on the machine does not count.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import msgspec
import pytest
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from notesapp.control.door import Door
from notesapp.node.node import Node
from notesapp.ui.desk import Desk
from notesapp.ui.fuzzy import Names
from notesapp.ui.note_list.pane import NoteListPane
from notesapp.ui.note_list.rows import Row, sort_key
from notesapp.ui.settings import SettingsFile
from notesapp.ui.sidebar.sidebar import Sidebar
from notesapp.ui.style.theme import Appearance, Theme
from tests.ui.fakes import NOW_MS, FakeNode, many

pytestmark = [pytest.mark.gui, pytest.mark.slow]

NOTES = 10_000
FRAME_MS, SWITCHER_MS, REFRESH_MS = 16.0, 50.0, 100.0


def times_ms(act: Callable[[int], object], count: int) -> list[float]:
    found = []
    for number in range(count):
        began = time.thread_time()
        act(number)
        found.append((time.thread_time() - began) * 1e3)
    return sorted(found)


def said(name: str, found: list[float]) -> float:
    p95 = found[int(len(found) * 0.95)]
    print(f"{name}: median {statistics.median(found):.2f} ms, p95 {p95:.2f} ms, worst {found[-1]:.2f} ms")
    return p95


@pytest.fixture
def look(qapp: QApplication) -> Theme:
    theme = Theme(Appearance.LIGHT, contrast=False, reduced_motion=True)
    theme.dress(qapp)
    return theme


def test_scrolling_10_000_notes_takes_less_than_a_frame(look: Theme) -> None:
    pane = NoteListPane(look, lambda: NOW_MS)
    pane.resize(304, 1000)
    pane.show()
    rows = [Row(view) for view in many(NOTES)]
    pane.show_rows(rows, None)
    bar = pane.view.verticalScrollBar()
    canvas = QPixmap(pane.view.viewport().size())

    def frame(number: int) -> None:
        # 120 px a frame is a fast flick; every frame brings rows that were never drawn before.
        bar.setValue(number * 120)
        pane.view.viewport().render(canvas)

    frame(0)
    assert said("a frame of scrolling", times_ms(frame, 400)) < FRAME_MS
    pane.close()


def test_an_edit_refreshes_list_and_sidebar_of_10_000_notes_unnoticed(look: Theme, tmp_path: Path) -> None:
    node = FakeNode(many(NOTES))
    desk = Desk(cast(Node, node), SettingsFile(tmp_path / "window.json"), cast(Door, None))
    pane, sidebar = NoteListPane(look, lambda: NOW_MS), Sidebar(look)
    pane.resize(304, 1000)
    pane.show()
    ids = list(node.views)

    def edit(number: int) -> None:
        note_id = ids[number * 37 % NOTES]
        node.views[note_id] = msgspec.structs.replace(node.views[note_id], edited_ms=NOW_MS + number)
        pane.show_rows(desk.rows(), ids[0])
        QApplication.processEvents()
        sidebar.show_census(desk.census())

    edit(0)
    assert said("a refresh after an edit", times_ms(edit, 30)) < REFRESH_MS
    pane.close()


def test_the_switcher_answers_a_key_in_time(look: Theme) -> None:
    views = many(NOTES)
    found: list[float] = []
    for word in ("meeting", "garden plan", "rgl", "zzzz", "4711"):
        names = Names(view.title for view in views)
        for end in range(1, len(word) + 1):
            began = time.thread_time()
            names.best(word[:end])
            found.append((time.thread_time() - began) * 1e3)
    assert said("a key in the switcher", sorted(found)) < SWITCHER_MS


def test_sorting_10_000_notes_by_anything_is_quick() -> None:
    rows = [Row(view) for view in many(NOTES)]
    for order in ("edited", "created", "title"):
        key = sort_key(order)
        assert said(f"sorting by {order}", times_ms(lambda _, key=key: sorted(rows, key=key), 5)) < 60  # type: ignore[misc] # mypy: default
