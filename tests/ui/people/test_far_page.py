"""The page about people far away: off until it is ticked, kept, and clear about what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from notesapp.net.address import Address
from notesapp.net.candidate import NatClass
from notesapp.net.dht import DhtHealth, DhtState
from notesapp.net.internet import InternetReport
from notesapp.net.nat import NatReport
from notesapp.node.core import Core
from notesapp.node.events import NetworkChanged
from notesapp.node.faraway import Choice, Faraway, InternetView
from notesapp.ui.desk import Desk
from notesapp.ui.people.far_page import FarHint, FarPage

pytestmark = pytest.mark.gui


class FakeInternet:
    """What was chosen, and how it stands."""

    def __init__(self) -> None:
        self.view = InternetView(Choice(), False, None)
        self.chosen: list[dict[str, Any]] = []

    async def choose(self, **chosen: Any) -> None:
        self.chosen.append(chosen)


class FakeDesk(QObject):
    """As much of a desk as a page needs."""

    node_event = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.internet = FakeInternet()
        self.people = SimpleNamespace(internet=self.internet)
        self.node = SimpleNamespace(people=self.people)

    def start(self, work: Coroutine[Any, Any, None], what: str) -> None:
        asyncio.run(work)

    def stands(self, health: DhtHealth) -> None:
        report = InternetReport(health, NatReport(NatClass.CONSISTENT, Address("198.51.100.7", 61000)), None, None)
        self.internet.view = InternetView(Choice(agreed=True), True, report)
        self.node_event.emit(NetworkChanged())


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def page(desk: FakeDesk, qtbot: QtBot) -> FarPage:
    page = FarPage(cast(Desk, desk))
    qtbot.addWidget(page)
    return page


def test_nothing_is_ticked_before_the_person_agreed(page: FarPage, desk: FakeDesk) -> None:
    assert not page.switch.isChecked()
    assert page.state.text() == "People far away are not looked for."
    page.switch.click()
    assert desk.internet.chosen == [{"agreed": True}]


def test_each_box_says_one_thing(page: FarPage, desk: FakeDesk) -> None:
    for box in (page.found, page.mapping, page.relay):
        box.click()
    assert desk.internet.chosen == [{"be_found": False}, {"mapping": False}, {"relay": False}]


def test_quotas_are_chosen_and_the_connections_looked_at(desk: FakeDesk, qtbot: QtBot) -> None:
    looked: list[bool] = []
    page = FarPage(cast(Desk, desk), lambda: looked.append(True))
    qtbot.addWidget(page)
    assert (page.pairs.currentData(), page.rate.currentText()) == ("16", "256 KiB/s")
    page.pairs.setCurrentIndex(0)
    page.rate.setCurrentIndex(3)
    page.check.click()
    assert desk.internet.chosen == [{"relay_pairs": 1}, {"relay_kib_s": 1024}]
    assert looked == [True]


def test_a_wrong_node_is_named_and_changes_nothing(page: FarPage, desk: FakeDesk) -> None:
    page.nodes.setText("somewhere")
    page.nodes.editingFinished.emit()
    assert "host:port" in page.state.text()
    page.nodes.setText("192.0.2.1:6881, a.example:5")
    page.nodes.editingFinished.emit()
    assert desk.internet.chosen == [{"bootstrap": ("192.0.2.1:6881", "a.example:5")}]


def test_of_many_nodes_the_first_is_in_sight(desk: FakeDesk, qtbot: QtBot) -> None:
    many = tuple(f"192.0.2.{number}:6881" for number in range(1, 9))
    desk.internet.view = InternetView(Choice(agreed=True, bootstrap=many), True, None)
    page = FarPage(cast(Desk, desk))
    qtbot.addWidget(page)
    assert page.nodes.text().startswith("192.0.2.1:6881")
    assert page.nodes.cursorPosition() == 0


def test_it_tells_how_it_stands_and_what_is_wrong(page: FarPage, desk: FakeDesk) -> None:
    desk.stands(DhtHealth(DhtState.READY, 42))
    assert page.state.text() == "Nodes that answer: 42. This computer is seen at 198.51.100.7:61000."
    desk.stands(DhtHealth(DhtState.ALONE, 0, "No node of the DHT answers"))
    assert page.state.text() == "No node of the DHT answers."


def test_a_card_hints_until_the_person_agreed(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, chosen = FakeDesk(), list[dict[str, Any]]()
    internet = Faraway(cast(Core, None))

    async def choose(**what: Any) -> None:
        chosen.append(what)
        internet.choice = Choice(**what)

    monkeypatch.setattr(internet, "choose", choose)
    desk.people = SimpleNamespace(internet=internet)
    card = QWidget()
    qtbot.addWidget(card)
    hint = FarHint(cast(Desk, desk))
    hint.setParent(card)
    hint.offer(True)
    assert not hint.isHidden()
    hint.agree.click()
    desk.node_event.emit(NetworkChanged())
    assert chosen == [{"agreed": True}]
    assert hint.isHidden()


def test_a_card_without_an_internet_hints_at_nothing(qtbot: QtBot) -> None:
    desk = FakeDesk()
    desk.people = SimpleNamespace()
    hint = FarHint(cast(Desk, desk))
    qtbot.addWidget(hint)
    assert hint.isHidden()
