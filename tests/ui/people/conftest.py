"""A window without a node, with the small people object: what the cards for people are tested on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from notesapp.node.views import NoteView
from notesapp.ui.languages import speak
from notesapp.ui.style.theme import Theme
from tests.ui.fakes import sample
from tests.ui.people.people import FakePeople


class SmallDesk(QObject):
    """As much of the desk as a card needs; acts run at once and are awaited by `done`."""

    node_event = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.people = FakePeople()
        self.people.tell = self.node_event.emit
        self.node = sample()
        self.troubles: dict[str, str] = {}
        self.said: list[str] = []
        self.tasks: list[asyncio.Task[object]] = []

    def start(self, work: Coroutine[Any, Any, object], doing: str) -> asyncio.Task[object]:
        self.tasks.append(asyncio.get_running_loop().create_task(work, name=doing))
        return self.tasks[-1]

    async def done(self) -> None:
        for task in self.tasks:
            await task

    def say(self, sentence: str, act: str = "", run: Callable[[], object] | None = None) -> None:
        self.said.append(sentence)

    def view(self, note_id: bytes) -> NoteView | None:
        return self.node.views.get(note_id)


@pytest.fixture
async def desk() -> SmallDesk:
    return SmallDesk()


@pytest.fixture
def window(theme: Theme, qapp: QApplication) -> QWidget:
    speak(qapp, "en")
    made = QWidget()
    made.setObjectName("notePane")
    made.resize(760, 860)
    made.show()
    return made
