"""The share card: a link is made when asked for, people nearby are one press away, and every act reaches the node."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from notesapp.errors import LinkOver
from notesapp.identity.roles import Role
from notesapp.node.people_views import COLOURS
from notesapp.ui.faces.phrases import MANY
from notesapp.ui.people.qr import QrCode, read_qr
from notesapp.ui.people.share_people import Asking
from notesapp.ui.people.share_sheet import ShareSheet
from notesapp.ui.style.theme import Theme
from tests.ui.fakes import HOUR, NOW_MS
from tests.ui.golden import picture
from tests.ui.people.conftest import SmallDesk
from tests.ui.people.people import ANA, GARDEN, JONAS, LINK, MAYA, WORDS
from tests.ui.window_parts import press

pytestmark = pytest.mark.gui


async def card(theme: Theme, window: QWidget, desk: SmallDesk) -> ShareSheet:
    desk_: Any = desk
    made = ShareSheet(theme, window, desk_, GARDEN, lambda: NOW_MS)
    made.open()
    await desk.done()
    return made


def named(top: QWidget, name: str) -> QPushButton:
    QApplication.processEvents()  # what was just added to a layout is shown by the loop
    shown = [one for one in top.findChildren(QPushButton) if one.isVisibleTo(top)]
    return next(one for one in shown if name in (one.text(), one.accessibleName()))


async def test_opening_the_card_gives_nothing_away(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    share = await card(theme, window, desk)
    assert desk.people.done == []
    assert desk.people.is_shown_nearby
    share.finish(None)
    await desk.done()
    assert not desk.people.is_shown_nearby


async def test_a_link_is_made_shown_and_copied_with_what_to_do(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    share = await card(theme, window, desk)
    told: list[bool] = []
    share.shared.connect(lambda: told.append(True))
    press(share.link.make, Qt.Key.Key_Space)
    await desk.done()
    assert desk.people.done == [("share", GARDEN, Role.WRITER, 1, NOW_MS + 72 * HOUR)]
    assert told == [True]
    assert share.link.field.text() == LINK + "1"
    assert share.link.sentence.text().startswith("Whoever you let in with this link can read and edit every note")
    assert "For 1 person" in share.link._state.text()
    press(share.link.copy, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == f"Go: {LINK}"


async def test_a_link_for_reading_is_another_one_for_anyone(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    share = await card(theme, window, desk)
    named(share, "Make a link").click()
    await desk.done()
    share.terms._role.setCurrentIndex(1)
    assert share.link.make.isVisibleTo(share)
    assert share.link.sentence.text() == "Anyone with this link can read every note in this notebook."
    named(share, "Make a link").click()
    await desk.done()
    assert desk.people.done[-1] == ("share", GARDEN, Role.READER, MANY, NOW_MS + 72 * HOUR)
    assert share.link.others.isVisibleTo(share)
    named(share.link.others, "Withdraw").click()
    await desk.done()
    assert desk.people.done[2:] == [("withdraw", GARDEN, bytes([1]) * 16)]
    assert not share.link.others.isVisibleTo(share)


async def test_what_is_made_for_somebody_who_is_here_is_no_link_that_is_shown(
    theme: Theme, window: QWidget, desk: SmallDesk
) -> None:
    share = await card(theme, window, desk)
    await desk.people.share(GARDEN, Role.WRITER, ends_ms=NOW_MS + 600_000)
    assert not share.link.others.isVisibleTo(share)
    await desk.people.share(GARDEN, Role.WRITER, ends_ms=NOW_MS + 30 * 60_000)
    assert share.link.others.isVisibleTo(share)
    QApplication.processEvents()
    assert len(share.link.others.findChildren(QPushButton)) == 1


async def test_links_that_still_work_stand_above_who_is_nearby(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    share = await card(theme, window, desk)
    for hours in (1, 2, 3):
        await desk.people.share(GARDEN, Role.WRITER, ends_ms=NOW_MS + hours * HOUR)
    for _ in range(8):
        QApplication.processEvents()
    above = share.link.others
    ends = above.mapTo(share, above.rect().bottomLeft()).y()
    assert ends < share._nearby_title.mapTo(share, share._nearby_title.rect().topLeft()).y()
    assert all(one.height() >= one.sizeHint().height() for one in above.findChildren(QPushButton))


async def test_somebody_nearby_is_invited_with_one_press(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    share = await card(theme, window, desk)
    desk.people.appear("Bo")
    named(share, "Invite Bo").click()
    await desk.done()
    assert desk.people.done == [("invite_nearby", "bo", GARDEN, Role.WRITER)]
    assert any(one.text() == "Invited" for one in share.nearby.findChildren(type(share._wrong)))


async def test_three_words_are_made_and_end(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    share = await card(theme, window, desk)
    share.tabs[1].click()
    named(share, "Make three words").click()
    await desk.done()
    assert share.code.panel.text == "orbit canvas meadow"
    assert "3 tries left" in share.code.panel._note.text()
    named(share, "End this code").click()
    assert desk.people.done[-1] == ("end_code", b"c" * 16)


async def test_who_knocks_is_shown_with_matching_words_and_let_in(
    theme: Theme, window: QWidget, desk: SmallDesk
) -> None:
    share = await card(theme, window, desk)
    request = desk.people.knock("Bo")
    asking = share.requests.findChild(Asking)
    assert asking is not None
    assert [word for word in WORDS if any(word == one.text() for one in asking.findChildren(type(share._wrong)))] == [
        *WORDS
    ]
    named(asking, "Let in").click()
    await desk.done()
    assert desk.people.done == [("approve", request.request_id, True)]
    assert not share.requests.isVisibleTo(share)


async def test_what_goes_wrong_is_said_in_the_card(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    share = await card(theme, window, desk)
    desk.people.refuse = LinkOver(why="the other side went away")
    named(share, "Make a link").click()
    await desk.done()
    assert share._wrong.text() == "The connection to the other device ended: the other side went away."
    named(share, "Make a link").click()
    await desk.done()
    assert not share._wrong.isVisibleTo(share)


async def test_members_are_asked_about_only_by_who_may(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    share = await card(theme, window, desk)
    view = desk.people.view
    asked = [choice.text for choice in share.members._choices(view, MAYA) if choice.text]
    assert asked == [
        *("Can manage", "Can edit", "Can read"),
        *("Make the owner…", "Call this person…", "Compare fingerprints…", "Remove…"),
    ]
    told: list[tuple[str, bytes]] = []
    share.member_act.connect(lambda what, person: told.append((what, person)))
    share.members._choices(view, JONAS)[1].run()
    assert told == [("role:writer", JONAS.person_id)]
    assert share.members._choices(view, ANA) == []
    desk.people.change(my_role=Role.READER)
    assert [choice.text for choice in share.members._choices(desk.people.view, MAYA) if choice.text] == [
        "Call this person…",
        "Compare fingerprints…",
    ]
    assert not share.terms.isVisibleTo(share)
    assert share._no_right.isVisibleTo(share)


async def test_the_answer_to_who_waits_is_below_the_fingers(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    desk.people.knock("Bo")
    share = await card(theme, window, desk)
    (asking,) = share.requests.findChildren(Asking)
    assert QApplication.focusWidget() is asking.yes


async def test_the_card_of_who_may_not_invite_has_the_keys_too(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    desk.people.change(my_role=Role.WRITER)
    share = await card(theme, window, desk)
    assert QApplication.focusWidget() is share.done


@pytest.mark.parametrize("ratio", [1, 3])
def test_the_code_that_is_shown_can_be_read(theme: Theme, ratio: int) -> None:
    code = QrCode(theme)
    code.show_text(LINK)
    drawn = picture(code)
    image = drawn if ratio == 1 else drawn.scaledToWidth(drawn.width() * ratio)
    assert read_qr(image) == LINK
    assert read_qr(QImage()) is None
    blank = QImage(100, 100, QImage.Format.Format_RGB32)
    blank.fill(Qt.GlobalColor.white)
    assert read_qr(blank) is None


def test_there_are_as_many_colours_as_people_may_get(theme: Theme) -> None:
    assert len(theme.tokens.peers) == COLOURS
