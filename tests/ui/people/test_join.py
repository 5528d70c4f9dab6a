"""The join card: an invitation is shown for what it claims, and nothing happens before a yes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import delete

from notesapp.errors import BadRequest, CodeWordCount
from notesapp.net.diagnosis import REMEDIES, Cause
from notesapp.node.people_views import JoinStage, JoinView
from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.languages import speak
from notesapp.ui.people.join_entry import three_words
from notesapp.ui.people.join_sheet import JoinSheet
from notesapp.ui.people.qr import QrCode
from notesapp.ui.shell import Shell
from notesapp.ui.style.theme import Theme
from tests.ui.driving import settle, story, until
from tests.ui.golden import picture
from tests.ui.people.conftest import SmallDesk
from tests.ui.people.people import GARDEN, LINK, WORDS, FakePeople

pytestmark = pytest.mark.gui
FIRST = bytes([1]) * 16


async def card(theme: Theme, window: QWidget, desk: SmallDesk, *, device: bool = False) -> JoinSheet:
    desk_: Any = desk
    made = JoinSheet(theme, window, desk_, device=device)
    made.open()
    await desk.done()
    return made


def qr_file(theme: Theme, path: Path, text: str) -> Path:
    """A photo, as it were: a code on a grey table, turned a little."""
    code = QrCode(theme, 400)
    code.show_text(text)
    photo = QImage(800, 700, QImage.Format.Format_RGB32)
    photo.fill(0xFF888888)
    painter = QPainter(photo)
    painter.translate(200, 120)
    painter.rotate(8)
    painter.drawImage(0, 0, picture(code))
    painter.end()
    assert photo.save(str(path))
    return path


async def test_a_link_is_shown_for_what_it_claims_and_joined_after_a_yes(
    theme: Theme, window: QWidget, desk: SmallDesk
) -> None:
    join = await card(theme, window, desk)
    join.take(f"Come and write with me!\n{LINK}\n")
    assert join._title.text() == "Maya invites you to “Garden”"
    assert join._gives.text() == "You will be able to read and edit every note in it."
    assert desk.people.done == []
    join.join.click()
    await desk.done()
    assert desk.people.done == [("join", f"Come and write with me!\n{LINK}\n")]
    assert join.steps.isVisibleTo(join)
    assert join.steps.say.text() == "Looking for Maya’s computer…"


async def test_a_join_goes_step_by_step_to_its_notebook(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    join = await card(theme, window, desk)
    join.take(LINK)
    join.join.click()
    await desk.done()
    desk.people.further(FIRST, JoinStage.MATCHING, words=WORDS)
    assert join.steps.match.shown == WORDS
    assert join.same.hasFocus()
    join.same.click()
    await desk.done()
    assert desk.people.done[-1] == ("confirm", FIRST, True)
    desk.people.further(FIRST, JoinStage.FETCHING, done=3, total=12, words=())
    assert (join.steps.bar.value(), join.steps.bar.maximum()) == (3, 12)
    assert not join.steps.match.isVisibleTo(join)
    ended: list[bytes | None] = []
    join.ended.connect(lambda: ended.append(join.outcome))
    desk.people.further(FIRST, JoinStage.DONE, notebook_id=GARDEN)
    assert ended == [GARDEN]
    await desk.done()
    assert not desk.people.is_shown_nearby


async def test_whoever_is_let_in_nearby_sees_no_step_twice(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    join = await card(theme, window, desk)
    await desk.people.join("from nearby")
    shown = []
    stages = (JoinStage.MATCHING, JoinStage.WAITING, JoinStage.SEARCHING, JoinStage.PROVING, JoinStage.FETCHING)
    for stage in stages:
        desk.people.further(FIRST, stage, words=WORDS if stage is JoinStage.MATCHING else ())
        steps = [one for one in join.steps.steps.values() if one.isVisibleTo(join)]
        done = [one._words.accessibleName().split(", ")[-1] for one in steps]
        shown.append((len(steps), done.index("now")))
    assert shown == [(5, 2), (5, 3), (5, 3), (5, 3), (5, 4)]


async def test_words_that_differ_end_the_join_with_its_cause(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    join = await card(theme, window, desk)
    join.take(LINK)
    join.join.click()
    await desk.done()
    desk.people.further(FIRST, JoinStage.MATCHING, words=WORDS)
    join.differ.click()
    await desk.done()
    assert join.steps.cause.text() == "You can't join: the words were not the same. Ask for a new invite."
    assert [one.text() for one in (join.leave, join.again) if one.isVisibleTo(join)] == ["Close", "Try again"]


async def test_three_words_go_straight_on_and_a_wrong_one_is_named(
    theme: Theme, window: QWidget, desk: SmallDesk
) -> None:
    join = await card(theme, window, desk)
    join.take("orbit canvass meadow")
    assert "“canvass” isn’t one" in join.entry._wrong.text().replace("'", "’")
    join.take("Orbit-canvas meadow")
    await desk.done()
    assert desk.people.done == [("join", ("orbit", "canvas", "meadow"))]


async def test_words_that_were_wrong_can_be_corrected(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    join = await card(theme, window, desk)
    join.take("orbit canvas meadow")
    await desk.done()
    desk.people.further(FIRST, JoinStage.FAILED, cause="The words don't match.")
    join.again.click()
    await desk.done()
    assert desk.people.done == [("join", ("orbit", "canvas", "meadow"))], "the same words again would use up a try"
    assert join.entry.field.text() == "orbit canvas meadow"
    assert QApplication.focusWidget() is join.entry.field


async def test_three_words_can_make_this_computer_one_of_mine(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    join = await card(theme, window, desk, device=True)
    join.take("winter pencil wagon")
    await desk.done()
    assert desk.people.done[0] == ("join_as_device", ("winter", "pencil", "wagon"))


@pytest.mark.parametrize("yes", [True, False])
async def test_notes_of_this_computer_come_along_by_one_button(
    theme: Theme, window: QWidget, desk: SmallDesk, yes: bool
) -> None:
    desk.people.own = 12
    join = await card(theme, window, desk, device=True)
    join.take("winter pencil wagon")
    await until(lambda: bool(asking(window)), "nobody asks")
    (ask,) = asking(window)
    assert "12 notes" in ask.accessibleName()
    ask.finish(yes)
    await desk.done()
    expected = [("join_as_device", ("winter", "pencil", "wagon"), "bring"), ("join", ("winter", "pencil", "wagon"))]
    assert desk.people.done == (expected if yes else [])
    assert join.entry.isVisibleTo(join) is not yes


async def test_a_question_that_goes_with_its_card_asks_nothing_more_of_it(
    theme: Theme, window: QWidget, desk: SmallDesk
) -> None:
    desk.people.own = 12
    join = await card(theme, window, desk, device=True)
    join.take("winter pencil wagon")
    await until(lambda: bool(asking(window)), "nobody asks")
    (ask,) = asking(window)
    join.finish(None)
    delete(join)  # as soon as the loop comes round
    ask.finish(None)
    await desk.done()
    assert desk.people.done == []


async def test_a_no_of_the_node_is_read_in_the_windows_language_where_keys_go_into_the_field(
    theme: Theme, window: QWidget, desk: SmallDesk, qapp: QApplication
) -> None:
    speak(qapp, "de")
    try:
        join = await card(theme, window, desk)
        join.take(LINK)
        assert QApplication.focusWidget() is join.join
        desk.people.refuse = BadRequest(what="That invite has ended; ask for a new one.")
        join.join.click()
        await desk.done()
        assert join.entry._wrong.text() == "Diese Einladung ist abgelaufen; bitte um eine neue."
        assert QApplication.focusWidget() is join.entry.field, "Return would have cancelled"
    finally:
        speak(qapp, "en")


def asking(window: QWidget) -> list[Any]:
    """The questions that are open over a card."""
    return [one for one in window.findChildren(Sheet) if one.isVisible() and not isinstance(one, JoinSheet)]


async def test_pictures_files_and_the_clipboard_bring_invitations(
    theme: Theme, window: QWidget, desk: SmallDesk, tmp_path: Path
) -> None:
    join = await card(theme, window, desk)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(qr_file(theme, tmp_path / "photo.png", LINK)))])
    join.entry.take(dropped)
    assert join.offer_page.isVisibleTo(join)
    join._show_entry()
    (tmp_path / "letter.txt").write_text(f"Hello\n{LINK}\n", encoding="utf-8")
    dropped.setUrls([QUrl.fromLocalFile(str(tmp_path / "letter.txt"))])
    join.entry.take(dropped)
    assert join.offer_page.isVisibleTo(join)
    join._show_entry()
    QGuiApplication.clipboard().setText(LINK)
    join.entry.paste.click()
    assert join.offer_page.isVisibleTo(join)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("cat.png", None, "no QR code can be seen"),
        ("noise.bin", bytes(range(256)) * 40, "neither text nor a picture"),
        ("gone.png", b"", "can't be read"),
    ],
)
async def test_what_is_no_invitation_is_refused_in_one_sentence(
    theme: Theme, window: QWidget, desk: SmallDesk, tmp_path: Path, name: str, data: bytes | None, why: str
) -> None:
    path = tmp_path / name
    if data is None:
        blank = QImage(60, 60, QImage.Format.Format_RGB32)
        blank.fill(0xFFFFFFFF)
        blank.save(str(path))
    elif data:
        path.write_bytes(data)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(path))])
    join = await card(theme, window, desk)
    join.entry.take(dropped)
    assert why in join.entry._wrong.text()
    join.take("this is just some text")
    assert "There is no invite in that text" in join.entry._wrong.text()
    assert desk.people.done == []


async def test_leaving_the_card_lets_the_join_go_on(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    join = await card(theme, window, desk)
    join.take(LINK)
    join.join.click()
    await desk.done()
    join.leave.click()
    assert ("cancel", FIRST) not in desk.people.done
    again = await card(theme, window, desk)
    again.show_join(desk.people.joins()[0])
    again.stop.click()
    await desk.done()
    assert desk.people.done[-1] == ("cancel", FIRST)


async def test_an_invitation_from_nearby_opens_in_the_card_that_waits(
    theme: Theme, window: QWidget, desk: SmallDesk
) -> None:
    join = await card(theme, window, desk)
    desk.people.appear("Maya")
    await desk.people.join("from nearby")
    desk.people.further(FIRST, JoinStage.MATCHING, words=WORDS)
    assert join.steps.match.shown == WORDS


def test_three_words_are_told_from_other_texts() -> None:
    assert three_words("orbit canvas meadow") == ("orbit", "canvas", "meadow")
    assert three_words("orbi canv mead") == ("orbit", "canvas", "meadow")
    assert three_words("any words") is None
    for typed in ("orbit canvas", "orbit canvas meadow orbit"):
        with pytest.raises(CodeWordCount):
            three_words(typed)
    assert three_words("see notesapp://join now") is None


async def test_who_is_looked_for_without_a_name_is_no_person_with_a_computer(
    theme: Theme, window: QWidget, desk: SmallDesk
) -> None:
    join = await card(theme, window, desk)
    desk.people.offer = replace(desk.people.offer, inviter="", notebook_name="")
    await desk.people.join(("orbit", "canvas", "meadow"))
    join.show_join(desk.people.joins()[0])
    assert join.steps.say.text() == "Looking for the other computer…"
    join.show_join(replace(desk.people.joins()[0], seen=True))
    assert join.steps.say.text().startswith("Found where the other computer is.")
    join.show_join(replace(desk.people.joins()[0], stage=JoinStage.WAITING, words=WORDS))
    assert join.steps.say.text().endswith("Both screens must show these words:")


def test_a_cause_and_its_remedy_are_read_without_scrolling(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell) -> None:
        join = JoinSheet(shell.window.theme, shell.window, shell.desk)
        join.open()
        await settle()
        view = JoinView(FIRST, replace(FakePeople().offer, inviter="", notebook_name=""), JoinStage.SEARCHING)
        why = Cause.BOTH_RANDOM
        for now in (view, replace(view, seen=True), replace(view, cause=f"{why}.", remedy=str(REMEDIES[why]))):
            join.show_join(now)
            await settle()
        await until(lambda: join.roll.verticalScrollBar().maximum() == 0, "a part is out of sight")
        assert join.roll.height() >= join.roll.heightForWidth(join.roll.width())
        join.finish(None)

    speak(qapp, "en")
    story(qapp, tmp_path / "home", tell)
