"""Runs a story on the real window over a real node, offscreen: Qt's loop, real keys, real files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from qasync import QEventLoop

from notesapp.control.door import NearDoor
from notesapp.node.home import Unlock
from notesapp.node.node import Node
from notesapp.store.places import Home
from notesapp.ui.program import take_down
from notesapp.ui.settings import SettingsFile
from notesapp.ui.shell import Shell
from notesapp.ui.style.theme import Appearance, Theme

T = TypeVar("T")
Story = Callable[[Shell], Awaitable[T]]


def run(app: QApplication, work: Callable[[], Awaitable[T]], deadline_s: float = 100) -> T:
    """Runs a coroutine in Qt's loop, as the program does; bugs that nobody awaited fail the test."""
    broken: list[BaseException] = []
    app.setQuitOnLastWindowClosed(False)

    async def watched() -> T:
        loop = asyncio.get_running_loop()

        def failed(_: object, context: dict[str, object]) -> None:
            error = context.get("exception")
            broken.append(error if isinstance(error, BaseException) else RuntimeError(str(context["message"])))

        loop.set_exception_handler(failed)
        async with asyncio.timeout(deadline_s):
            return await work()

    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        result = runner.run(watched())
    take_down(app)
    if broken:
        raise broken[0]
    return result


def story(
    app: QApplication,
    home: Path,
    tell: Story[T],
    *,
    dark: bool = False,
    contrast: bool = False,
    size: tuple[int, int] = (1360, 860),
) -> T:
    """Opens the notes in `home`, shows the window, tells the story, closes all of it."""

    async def work() -> T:
        node = await Node.open(Home.find(home), Unlock(keyring=False))
        try:
            async with shown(app, node, home / "window.json", dark=dark, contrast=contrast, size=size) as shell:
                return await tell(shell)
        finally:
            await node.close()

    return run(app, work)


@asynccontextmanager
async def shown(
    app: QApplication,
    node: Node,
    settings: Path,
    *,
    dark: bool = False,
    contrast: bool = False,
    size: tuple[int, int] = (1360, 860),
) -> AsyncIterator[Shell]:
    """A window over an open node; what broke in it fails the test."""
    theme = Theme(Appearance.DARK if dark else Appearance.LIGHT, contrast=contrast, reduced_motion=True)
    theme.dress(app)
    app.setCursorFlashTime(0)
    shell = Shell(node, NearDoor(node), theme, SettingsFile(settings))
    bugs: list[BaseException] = []
    shell.desk.broke.connect(bugs.append)
    await shell.begin()
    shell.window.resize(*size)
    shell.appear()
    await settle()
    try:
        yield shell
    finally:
        await shell.close()
    if bugs:
        raise bugs[0]


async def settle(ms: int = 120) -> None:
    """Lets lists, timers and paints catch up."""
    await asyncio.sleep(ms / 1000)


async def until(true: Callable[[], object], what: str, deadline_s: float = 30.0) -> None:
    """Waits until something is so; fails with `what` at the deadline."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + deadline_s
    while not true():
        assert loop.time() < ends, what
        await asyncio.sleep(0.01)


def type_in(widget: QWidget, text: str) -> None:
    """Types as a keyboard does; a newline is the Return key."""
    for letter in text:
        if letter == "\n":
            QTest.keyClick(widget, Qt.Key.Key_Return)
        elif letter.isascii() and letter.isprintable():
            QTest.keyClicks(widget, letter)
        else:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


def click(widget: QWidget, at: QPoint | None = None) -> None:
    """A left click in the middle of a widget, or at a point of it."""
    place = widget.rect().center() if at is None else at  # a QPoint(0, 0) counts as false
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
