"""The card that looks at the connections: it opens at once, says what is done, and tests with a person."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from notesapp.errors import NobodyToLookWith
from notesapp.net.diagnosis import REMEDIES, Cause
from notesapp.node.both_ends import closer_findings
from notesapp.node.people_views import CloserView, MemberView
from notesapp.ui.languages import speak
from notesapp.ui.people.checkup import Checkup
from notesapp.ui.sayings import said
from notesapp.ui.shell import Shell
from tests.node.test_both_ends import WELL
from tests.ui.driving import settle, story, until
from tests.ui.people.people import member
from tests.ui.window_parts import sheet

pytestmark = pytest.mark.gui
BO = member("Bo", online=True)


def shown(card: Checkup) -> list[str]:
    """The sentences of the rows, from above."""
    inside = card.findings.widget()
    assert inside is not None
    return [one.text() for one in inside.findChildren(QLabel) if one.text()]


async def opened(shell: Shell) -> Checkup:
    """The card, once it has looked."""
    shell.commands.run("help.network")
    card = sheet(shell, Checkup)
    await until(card.findings.isVisible, "nothing was found")
    return card


def test_it_opens_at_once_and_says_what_it_does(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell) -> None:
        shell.commands.run("help.network")
        card = sheet(shell, Checkup)
        assert card._title.text() == "Checking the connections"
        assert card.say.isVisible()
        assert not card.again.isEnabled()
        await until(card.findings.isVisible, "nothing was found")
        assert card.again.isEnabled()
        assert not card.say.isVisible()
        assert not card.with_whom.isVisible(), "there is nobody to test with"
        assert any(line.startswith("You are ") for line in shown(card))
        card.copy.click()
        assert "You are " in QGuiApplication.clipboard().text()
        card.again.click()
        assert not card.again.isEnabled()
        await until(card.again.isEnabled, "it doesn't look again")
        card.finish(None)

    story(qapp, tmp_path / "home", tell)


def with_bo(shell: Shell, looked: Callable[[MemberView], Awaitable[tuple[CloserView, ...]]]) -> None:
    """Bo is a member, and looking closer gives this."""
    people = shell.node.people
    me = people.me()
    people.everyone = lambda: (me, BO)  # type: ignore[method-assign]
    people.look_closer = looked  # type: ignore[assignment,method-assign]


def test_a_test_with_a_person_stands_above_what_was_found(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell) -> None:
        go = asyncio.Event()

        async def looked(one: MemberView) -> tuple[CloserView, ...]:
            assert one is BO
            await go.wait()
            return (WELL,)

        with_bo(shell, looked)
        card = await opened(shell)
        assert card.with_whom.text() == "Test with Bo"
        before = shown(card)
        card.with_whom.click()
        assert card._title.text() == "Testing with Bo"
        assert not card.with_whom.isEnabled()
        go.set()
        await until(card.with_whom.isEnabled, "the test doesn't end")
        rows = [f"{it.sentence} {it.remedy}".strip() for it in closer_findings(WELL)]
        assert shown(card) == rows + before
        card.copy.click()
        assert QGuiApplication.clipboard().text().startswith("✓ From both ends: Bo is reached")
        await settle()
        card.finish(None)

    story(qapp, tmp_path / "home", tell)


def test_who_is_not_linked_cannot_be_tested_and_the_card_says_why(qapp: QApplication, tmp_path: Path) -> None:
    why = f"{Cause.V6_HERE}. {REMEDIES[Cause.V6_HERE]}"

    async def looked(one: MemberView) -> tuple[CloserView, ...]:
        raise NobodyToLookWith(name=one.name, why=why)

    async def tell(shell: Shell) -> None:
        with_bo(shell, looked)
        card = await opened(shell)
        card.with_whom.click()
        await until(card.with_whom.isEnabled, "the test doesn't end")
        assert shown(card)[0] == (
            "Die Verbindung mit Bo lässt sich nicht von beiden Enden ansehen: Dieser Computer hat nur IPv6, das andere "
            "Gerät nur IPv4. Lass ein Gerät eines Mitglieds online, das IPv4 und IPv6 hat: Es kann weiterleiten. Oder "
            "nimm ein Netz, das beides hat, zum Beispiel den Hotspot eines Telefons."
        )
        card.finish(None)

    speak(qapp, "de")
    try:
        story(qapp, tmp_path / "home", tell)
    finally:
        speak(qapp, "en")


def test_what_a_look_from_both_ends_says_is_said_in_german(qapp: QApplication) -> None:
    speak(qapp, "de")
    try:
        for it in closer_findings(WELL):
            assert said(it.sentence) != it.sentence
            assert not it.remedy or said(it.remedy) != it.remedy
    finally:
        speak(qapp, "en")
