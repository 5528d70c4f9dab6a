"""The cards above the window: they never block, keep the Tab key inside, give the focus back; work can be cancelled."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from shiboken6 import delete

from notesapp.ui.dialogs.ask import ask_text, confirm
from notesapp.ui.dialogs.picker import Choice, Picker
from notesapp.ui.dialogs.progress import Progress, work
from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.style.theme import Theme
from notesapp.ui.toast import Toast
from tests.ui.driving import click, run, settle, type_in, until

pytestmark = pytest.mark.gui


class Below(QWidget):
    """A window with one field."""

    def __init__(self) -> None:
        super().__init__()
        self.resize(700, 500)
        self.field = QLineEdit()
        QVBoxLayout(self).addWidget(self.field)
        self.show()
        self.activateWindow()
        self.field.setFocus()

    def sheet(self) -> Sheet[object]:
        return next(sheet for sheet in self.findChildren(Sheet) if sheet.isVisible())

    def button(self, text: str) -> QPushButton:
        return next(one for one in self.findChildren(QPushButton) if one.text() == text and one.isVisible())


@pytest.mark.parametrize(("text", "answer"), [("Yes", True), ("Cancel", False)])
def test_a_question_is_awaited_and_the_loop_goes_on(qapp: QApplication, theme: Theme, text: str, answer: bool) -> None:
    async def tell() -> None:
        below = Below()
        await until(below.field.hasFocus, "the window is not active")
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.005)

        ticking = asyncio.ensure_future(tick())
        asking = asyncio.ensure_future(confirm(theme, below, "Sure?", "It goes.", "Yes", danger=True))
        await settle(60)
        before = ticks
        await settle(60)
        assert ticks > before
        click(below.button(text))
        assert await asking is answer
        assert QApplication.focusWidget() is below.field
        ticking.cancel()

    run(qapp, tell)


def test_escape_and_a_click_beside_leave_without_an_answer(qapp: QApplication, theme: Theme) -> None:
    async def tell() -> None:
        below = Below()
        asking = asyncio.ensure_future(ask_text(theme, below, "Name", "OK"))
        await settle(60)
        QTest.keyClick(below.sheet(), Qt.Key.Key_Escape)
        assert await asking is None
        asking = asyncio.ensure_future(ask_text(theme, below, "Name", "OK"))
        await settle(60)
        click(below.sheet(), QPoint(3, 3))
        assert await asking is None

    run(qapp, tell)


def test_tab_stays_in_the_card(qapp: QApplication, theme: Theme) -> None:
    async def tell() -> None:
        below = Below()
        asking = asyncio.ensure_future(ask_text(theme, below, "Name", "OK", "x"))
        await settle(60)
        sheet = below.sheet()
        seen = set()
        for _ in range(7):
            here = QApplication.focusWidget()
            assert here is not None
            assert sheet.isAncestorOf(here)
            seen.add(type(here).__name__)
            QTest.keyClick(here, Qt.Key.Key_Tab)
        assert seen == {"QLineEdit", "Button"}
        sheet.finish(None)
        await asking

    run(qapp, tell)


@pytest.mark.parametrize("why", ["hidden", "disabled"])
def test_keys_stay_in_a_card_whose_first_field_cannot_have_them(qapp: QApplication, theme: Theme, why: str) -> None:
    async def tell() -> None:
        below = Below()
        await until(below.field.hasFocus, "the window is not active")
        sheet: Sheet[None] = Sheet(theme, below)
        first = QLineEdit()
        sheet.column.addWidget(first)
        if why == "hidden":
            first.hide()
        else:
            first.setEnabled(False)
        sheet.open(first)
        await settle(60)
        here = QApplication.focusWidget()
        assert here is not None
        assert sheet.isAncestorOf(here)
        QTest.keyClicks(here, "xyz")
        assert below.field.text() == ""
        QTest.keyClick(here, Qt.Key.Key_Escape)
        assert sheet.has_ended

    run(qapp, tell)


def test_a_name_that_is_wrong_cannot_be_given(qapp: QApplication, theme: Theme) -> None:
    async def tell() -> None:
        below = Below()
        asking = asyncio.ensure_future(
            ask_text(theme, below, "Name", "OK", check=lambda text: "No slash." if "/" in text else "")
        )
        await settle(60)
        line = below.sheet().findChild(QLineEdit)
        assert line is not None
        assert not below.button("OK").isEnabled()
        type_in(line, "a/b")
        assert not below.button("OK").isEnabled()
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert not asking.done()
        line.setText("  ab ")
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert await asking == "ab"

    run(qapp, tell)


def test_the_picker_is_used_with_keys_alone(qapp: QApplication, theme: Theme) -> None:
    async def tell() -> None:
        below = Below()
        names = ["one", "two", "three"]

        def find(typed: str) -> list[Choice]:
            return [Choice(name, name) for name in names if typed in name]

        picker = Picker(theme, below, "Which?", find, nothing="None")
        picking = asyncio.ensure_future(picker.pick())
        await settle(60)
        QTest.keyClick(picker.field, Qt.Key.Key_Up)
        assert picker.list.currentIndex().data() == "three"
        QTest.keyClick(picker.field, Qt.Key.Key_Down)
        QTest.keyClick(picker.field, Qt.Key.Key_Down)
        assert picker.list.currentIndex().data() == "two"
        type_in(picker.field, "zz")
        QTest.keyClick(picker.field, Qt.Key.Key_Return)
        assert not picking.done()
        picker.field.setText("th")
        QTest.keyClick(picker.field, Qt.Key.Key_Return)
        assert await picking == "three"

    run(qapp, tell)


def test_quick_work_shows_no_card_and_long_work_can_be_cancelled(qapp: QApplication, theme: Theme) -> None:
    async def tell() -> None:
        below = Below()

        async def quick(progress: Progress) -> int:
            progress(1, 1, "done")
            return 7

        assert await work(theme, below, "Quick", quick) == 7
        assert not [sheet for sheet in below.findChildren(Sheet) if sheet.isVisible()]
        ended: list[str] = []

        async def long(progress: Progress) -> int:
            try:
                for number in range(10_000):
                    progress(number, 10_000, "a very long file name " * 5)
                    await asyncio.sleep(0.005)
            except asyncio.CancelledError:
                ended.append("cleaned up")
                raise
            return 0

        working = asyncio.ensure_future(work(theme, below, "Long", long))
        await until(lambda: any(sheet.isVisible() for sheet in below.findChildren(Sheet)), "no card came")
        click(below.sheet(), QPoint(3, 3))
        assert not working.done()
        click(below.button("Cancel"))
        assert await working is None
        assert ended == ["cleaned up"]

    run(qapp, tell)


def test_what_work_raises_reaches_who_asked(qapp: QApplication, theme: Theme) -> None:
    async def tell() -> None:
        async def broken(progress: Progress) -> int:
            raise ValueError("no")

        with pytest.raises(ValueError, match="no"):
            await work(theme, Below(), "Broken", broken)

    run(qapp, tell)


def test_work_comes_to_its_end_when_the_window_closes_meanwhile(qapp: QApplication, theme: Theme) -> None:
    async def tell() -> None:
        below, gone = Below(), asyncio.Event()

        async def long(progress: Progress) -> int:
            await gone.wait()
            progress(1, 1, "done")
            await asyncio.sleep(0.3)  # past the moment at which a card would come
            return 7

        working = asyncio.ensure_future(work(theme, below, "Long", long))
        await asyncio.sleep(0)
        delete(below)
        gone.set()
        assert await working == 7

    run(qapp, tell)


def test_a_toast_acts_once(qapp: QApplication, theme: Theme) -> None:
    below = Below()
    toast = Toast(below, below.rect, QRect)
    acted: list[int] = []
    toast.say("Moved", "Undo", lambda: acted.append(1))
    assert toast.sentence == "Moved"
    toast.act()
    toast.act()
    assert acted == [1]
    assert toast.sentence == ""


def test_return_presses_the_button_that_has_the_focus_and_no_command_runs_below_a_card(
    qapp: QApplication, theme: Theme
) -> None:
    async def tell() -> None:
        below = Below()
        await until(below.field.hasFocus, "the window is not active")
        ran: list[bool] = []
        command = QAction("Below", below, shortcut=QKeySequence("Ctrl+K"))
        command.triggered.connect(lambda: ran.append(True))
        below.addAction(command)
        QTest.keyClick(below.field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        assert ran == [True]
        asking = asyncio.ensure_future(confirm(theme, below, "Sure?", "It goes.", "Yes"))
        await settle(60)
        assert below.button("Yes").hasFocus()
        QTest.keyClick(below.button("Yes"), Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        assert ran == [True]
        QTest.keyClick(below.button("Yes"), Qt.Key.Key_Return)
        assert await asking is True
        QTest.keyClick(below.field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        assert ran == [True, True]

    run(qapp, tell)
