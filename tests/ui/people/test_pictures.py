"""How the cards for people look, light, dark and in high contrast, held against approved pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from notesapp.identity.roles import Role
from notesapp.node.people_views import Company, JoinStage
from notesapp.ui.faces.avatar import AvatarStack
from notesapp.ui.languages import speak
from notesapp.ui.people.join_sheet import JoinSheet
from notesapp.ui.people.popover import Popover
from notesapp.ui.people.share_people import face_of
from notesapp.ui.people.share_sheet import ShareSheet
from notesapp.ui.style.theme import Appearance, Theme
from tests.ui.fakes import NOW_MS
from tests.ui.golden import check
from tests.ui.people.conftest import SmallDesk
from tests.ui.people.people import ANA, GARDEN, JONAS, LINK, MAYA, WORDS

pytestmark = pytest.mark.gui


@pytest.fixture(params=["light", "dark", "contrast"])
def look(request: pytest.FixtureRequest, qapp: QApplication) -> Theme:
    """Each of the themes that people see."""
    speak(qapp, "en")
    appearance = Appearance.DARK if request.param == "dark" else Appearance.LIGHT
    made = Theme(appearance, contrast=request.param == "contrast", reduced_motion=True)
    made.dress(qapp)
    qapp.setCursorFlashTime(0)
    return made


@pytest.fixture
def room(look: Theme) -> QWidget:
    made = QWidget()
    made.setObjectName("notePane")
    made.resize(540, 860)
    made.show()
    return made


def settled() -> None:
    """Rows that were just added ask for room, their card grants it, and they are laid out in it: a turn each."""
    for _ in range(8):
        QApplication.processEvents()


async def test_the_share_card_with_a_link(look: Theme, room: QWidget, desk: SmallDesk) -> None:
    desk_: Any = desk
    await desk.people.share(GARDEN, Role.WRITER, ends_ms=NOW_MS + 72 * 3_600_000)
    desk.people.near = ()
    share = ShareSheet(look, room, desk_, GARDEN, lambda: NOW_MS)
    share.open()
    await desk.done()
    desk.people.appear("Bo")
    settled()
    check(room, f"share-link-{look.tokens.name}")


async def test_the_share_card_while_somebody_knocks(look: Theme, room: QWidget, desk: SmallDesk) -> None:
    desk_: Any = desk
    share = ShareSheet(look, room, desk_, GARDEN, lambda: NOW_MS)
    share.open()
    share.tabs[1].click()
    share._make_code()
    await desk.done()
    desk.people.knock("Bo")
    settled()
    check(room, f"share-words-{look.tokens.name}")


@pytest.mark.parametrize("stage", ["entry", "matching", "fetching", "failed"])
async def test_the_join_card(look: Theme, room: QWidget, desk: SmallDesk, stage: str) -> None:
    desk_: Any = desk
    room.resize(520, 460)
    join = JoinSheet(look, room, desk_)
    join.open()
    await desk.done()
    desk.people.appear("Maya")
    if stage != "entry":
        join.take(LINK)
        join.join.click()
        await desk.done()
        first = bytes([1]) * 16
        desk.people.further(first, JoinStage.MATCHING, words=WORDS)
        if stage == "fetching":
            desk.people.further(first, JoinStage.FETCHING, words=(), done=30, total=120)
        if stage == "failed":
            remedy = "Both computers must be awake. In one room, use one network."
            desk.people.further(first, JoinStage.FAILED, cause="Maya’s computer didn’t answer.", remedy=remedy)
    settled()
    check(room, f"join-{stage}-{look.tokens.name}")


@pytest.mark.parametrize("company", [Company.SHARING, Company.OFFLINE])
async def test_the_people_popover(look: Theme, room: QWidget, desk: SmallDesk, company: Company) -> None:
    desk_: Any = desk
    room.resize(380, 420)
    foot = QWidget(room)
    foot.setGeometry(0, 380, 200, 40)
    if company is Company.OFFLINE:
        cause, remedy = "This computer has no network.", "Connect it to a network; nothing is lost meanwhile."
        desk.people.view = replace(desk.people.view, company=company, cause=cause, remedy=remedy, only_here=3)
    Popover(look, foot, desk_, lambda: NOW_MS).open()
    settled()
    check(room, f"popover-{company.value}-{look.tokens.name}")


def test_faces_overlap_and_the_followed_one_has_a_ring(look: Theme, room: QWidget) -> None:
    room.resize(160, 60)
    stack = AvatarStack(look)
    QVBoxLayout(room).addWidget(stack)
    stack.show_faces([face_of(one) for one in (ANA, MAYA, JONAS)], MAYA.person_id)
    settled()
    check(room, f"faces-{look.tokens.name}")
