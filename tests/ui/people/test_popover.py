"""The people popover: why one of several isn't reached stands beside him, in the window's language."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from notesapp.net.diagnosis import REMEDIES, Cause
from notesapp.ui.languages import speak
from notesapp.ui.people.popover import Popover
from notesapp.ui.style.theme import Theme
from tests.ui.fakes import NOW_MS
from tests.ui.people.conftest import SmallDesk
from tests.ui.people.people import ANA, JONAS, MAYA, device

pytestmark = pytest.mark.gui


def texts(over: Popover) -> list[str]:
    return [one.text() for one in over.rows.findChildren(QLabel)]


def popover(theme: Theme, window: QWidget, desk: SmallDesk) -> Popover:
    desk_: Any = desk
    made = Popover(theme, window, desk_, lambda: NOW_MS)
    made.open()
    return made


async def test_why_one_is_apart_is_said_in_german(
    theme: Theme, window: QWidget, desk: SmallDesk, qapp: QApplication
) -> None:
    why = Cause.BOTH_RANDOM
    apart = replace(JONAS, cause=f"{why}.", remedy=str(REMEDIES[why]))
    desk.people.change(members=(ANA, MAYA, apart))
    speak(qapp, "de")
    try:
        told = texts(popover(theme, window, desk))
    finally:
        speak(qapp, "en")
    (line,) = [it for it in told if it.startswith("Beide Router nehmen für jede Verbindung einen anderen Port")]
    assert line.endswith("Es kann weiterleiten."), line


async def test_each_path_has_its_words(theme: Theme, window: QWidget, desk: SmallDesk) -> None:
    paths = {"same network": "same network", "direct": "direct over the internet", "through Ana": "through Ana"}
    for path, shown in paths.items():
        desk.people.change(members=(ANA, replace(MAYA, devices=(device("Hers", 2, linked=True, path=path, lag_ms=3),))))
        over = popover(theme, window, desk)
        assert f"Here now · {shown} · 3 ms" in [one.accessibleName() for one in over.rows.findChildren(QLabel)]
        over.finish(None)
