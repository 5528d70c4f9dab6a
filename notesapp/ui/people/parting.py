"""Before the program ends: whether somebody else has what was written here, and the question if nobody has.

What is on its way to somebody who is here gets a moment to arrive, and then nobody is asked. Ends nothing by itself:
the caller's `close` does, at once, after a yes, or as soon as somebody has everything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QHBoxLayout

from notesapp.node.events import Event, PeopleChanged
from notesapp.node.people_views import PeopleView
from notesapp.ui.announce import announce
from notesapp.ui.desk import Desk
from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.faces.phrases import names, only_here
from notesapp.ui.parts import button, words
from notesapp.ui.window import Window

ARRIVING_S = 1.5  # as long as the status calls it sharing, see Showing


class Answer(Enum):
    """What the person wants; leaving the card means to stay."""

    CLOSE = "close"
    KEEP_RUNNING = "keep running"


class PartingSheet(Sheet[Answer]):
    """What is only here, who waits for it, and the choice."""

    def __init__(self, desk: Desk, window: Window) -> None:
        super().__init__(window.theme, window, width=460)
        self._desk = desk
        title = self.tr("Close Notesapp now?")
        self.setAccessibleName(title)
        self.column.addWidget(words(title, 16, 600, wrap=True))
        self.tells = words("", wrap=True)
        self.hint = words("", tone="2", wrap=True)
        self.column.addWidget(self.tells)
        self.column.addWidget(self.hint)
        line = QHBoxLayout()
        stay = button(self.tr("Don’t close"), "link", lambda: self.finish(None))
        self.run = button(self.tr("Keep it running"), pressed=lambda: self.finish(Answer.KEEP_RUNNING))
        self.run.setToolTip(self.tr("The window goes, the program stays and sends; start it again to see the window."))
        self.close_now = button(self.tr("Close"), "primary", lambda: self.finish(Answer.CLOSE))
        line.addWidget(stay)
        line.addStretch()
        line.addWidget(self.run)
        line.addWidget(self.close_now)
        self.column.addSpacing(6)
        self.column.addLayout(line)
        desk.node_event.connect(self._heard)
        self._show(desk.people.company())

    def finish(self, result: Answer | None) -> None:
        if not self._ended:
            self._desk.node_event.disconnect(self._heard)
        super().finish(result)

    def _heard(self, event: Event) -> None:
        if not isinstance(event, PeopleChanged):
            return
        view = self._desk.people.company()
        if is_safe(view):
            self.finish(Answer.CLOSE)
        else:
            self._show(view)

    def _show(self, view: PeopleView) -> None:
        whom = names(view.waiting_for) or self.tr("your other devices")
        if any(one.online for one in self._desk.people.everyone() if not one.me):
            hint = self.tr("They are on their way to %1, and Notesapp closes by itself once they are there.")
        else:
            hint = self.tr("They are saved, and go to %1 the next time both computers run and reach each other.")
        self.tells.setText(f"{only_here(view.only_here, view.files_only_here)}.")
        self.hint.setText(hint.replace("%1", whom))


class Parting(QObject):
    """Asks before the end where something is with nobody else. A second wish to close is a yes."""

    def __init__(self, desk: Desk, window: Window, keep: Callable[[], object]) -> None:
        """`keep` ends the burst of typing: it counts, too."""
        super().__init__(window)
        self._desk, self._window, self._keep = desk, window, keep
        self._card: PartingSheet | None = None
        self._task: asyncio.Task[object] | None = None

    @property
    def is_safe(self) -> bool:
        """Whether somebody else has everything."""
        return is_safe(self._desk.people.company())

    def ask(self, close: Callable[[], object]) -> None:
        """Calls `close` when nothing speaks against it, or the person wants it all the same."""
        self._keep()
        if self.leave() or self.is_safe:
            close()
        else:
            self._task = self._desk.start(self._ask(close), "ask before closing")

    def leave(self) -> bool:
        """Nothing is asked any more, nor will be after what is on its way: the window may be gone by then. Whether
        something was."""
        return self._task is not None and self._task.cancel()

    async def _ask(self, close: Callable[[], object]) -> None:
        if await self._arrives():
            close()
            return
        self._card = PartingSheet(self._desk, self._window)
        announce(self._window, self._card.tells.text())
        match await self._card.ask(self._card.close_now):
            case Answer.CLOSE:
                close()
            case Answer.KEEP_RUNNING:
                self._window.hide()
            case _:
                pass

    async def _arrives(self) -> bool:
        """Whether somebody who is here has it all in a moment."""
        if not any(one.online for one in self._desk.people.everyone() if not one.me):
            return False
        arrived = asyncio.Event()

        def heard(event: Event) -> None:
            if isinstance(event, PeopleChanged) and self.is_safe:
                arrived.set()

        self._desk.node_event.connect(heard)
        try:
            async with asyncio.timeout(ARRIVING_S):
                await arrived.wait()
        except TimeoutError:
            return self.is_safe
        finally:
            self._desk.node_event.disconnect(heard)
        return True


def is_safe(view: PeopleView) -> bool:
    """Whether nothing is on this computer only, as far as there are others."""
    return not view.only_here and not view.files_only_here
