"""The running program around the window: application, locking, tray, quick note, signals, session end, crashes.

One `asyncio.Runner` over Qt's loop and a stop event; never `app.quit()`, never a nested loop: ending is a return from
`Program.main`.
"""

from __future__ import annotations

import asyncio
import gc
import logging

# QtCore before qasync: it takes whichever binding is loaded.
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QSessionManager
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop
from shiboken6 import isValid

from notesapp.control.door import NearDoor, serving
from notesapp.errors import KeyLost, KeyringSilent, NotesError, PassphraseNeeded, WrongPassphrase
from notesapp.node.home import Unlock
from notesapp.node.node import Node
from notesapp.store.places import Home
from notesapp.ui.arguments import QUICK, Arguments
from notesapp.ui.crash import CrashLog
from notesapp.ui.dialogs.report import Report
from notesapp.ui.dialogs.sorry import Sorry
from notesapp.ui.dialogs.unlock import UnlockWindow
from notesapp.ui.languages import speak
from notesapp.ui.quick_note import QuickNote
from notesapp.ui.settings import SettingsFile
from notesapp.ui.shell import Shell
from notesapp.ui.signals import Signals
from notesapp.ui.style.theme import Appearance, Theme
from notesapp.ui.tray import Tray

log = logging.getLogger(__name__)


def show(home: Home, arguments: Arguments) -> int:
    """Everything from the application to the last saved byte; the exit code."""
    app = application()
    crashes = CrashLog(home.logs)
    crashes.watch()
    program = Program(app, home, arguments, crashes)
    try:
        with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
            return runner.run(program.main())
    finally:
        del program
        take_down(app)
        crashes.close()


def application() -> QApplication:
    """The one application of this process."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication.instance() or QApplication(["notesapp"])
    if not isinstance(app, QApplication):
        raise TypeError("a core application runs already")
    app.setApplicationName("notesapp")
    app.setApplicationDisplayName("Notesapp")
    app.setDesktopFileName("notesapp")
    return app


def take_down(app: QApplication) -> None:
    """Deletes what is over: no loop does it any more, and Python's end would, in any order, and crash at times."""
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()


def apologize(sentence: str) -> None:
    """Shows why there is no window, until the person has read it."""
    app = application()
    speak(app, "")
    Theme(Appearance.SYSTEM).dress(app)
    app.setQuitOnLastWindowClosed(False)
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        sorry = Sorry(sentence)
        sorry.show()
        runner.run(_read(sorry))


async def _read(sorry: Sorry) -> None:
    done = asyncio.Event()
    sorry.finished.connect(lambda _: done.set())
    if sorry.isVisible():
        await done.wait()


class Program(QObject):
    """One run. `main` opens, shows, waits for the end, and closes; locking goes round once more."""

    def __init__(self, app: QApplication, home: Home, arguments: Arguments, crashes: CrashLog) -> None:
        super().__init__()
        # Qt must never end its loop by itself: the end is ours, and only after everything is saved.
        app.setQuitOnLastWindowClosed(False)
        self._app, self._home, self._arguments, self._crashes = app, home, arguments, crashes
        self.settings = SettingsFile(home.folder / "window.json")
        now = self.settings.now
        speak(app, now.language)
        self.theme = Theme(
            Appearance(now.appearance), contrast=now.contrast, reduced_motion=now.reduced_motion, body_px=now.body_px
        )
        self.theme.dress(app)
        self.shell: Shell | None = None
        self._stop = asyncio.Event()
        self._locked = False
        self._tray = Tray(self)
        self._quick = QuickNote(self.theme)
        self._openings = [QUICK] if arguments.quick_note else list(arguments.openings)
        self._hidden = arguments.hidden or arguments.quick_note
        self._card: Report | None = None

    async def main(self) -> int:
        """The exit code: 0, or that of the error that kept the notes shut."""
        asyncio.get_running_loop().set_exception_handler(self._crashes.loop_failed)
        self._crashes.on_crash = self._crashed
        signals = Signals(self._stop.set)
        self._app.commitDataRequest.connect(self._session_ends)
        self._tray.open_asked.connect(self._appear)
        self._tray.quick_note_asked.connect(self._quick.appear)
        self._tray.quit_asked.connect(self._quit)
        self._quick.written.connect(self._quick_written)
        try:
            return await self._rounds()
        finally:
            signals.close()
            self._tray.show(False)
            self._quick.hide()
            self._quick.deleteLater()
            self.settings.save()

    async def _rounds(self) -> int:
        while not self._stop.is_set():
            node = await self._open()
            if node is None:
                return 0
            try:
                await self._show(node)
            finally:
                # The window is gone; what it wrote is saved here, whatever happened to it.
                await node.close()
        return 0

    async def _open(self) -> Node | None:
        """The opened notes; None when the person gave up at the passphrase."""
        try:
            if self._locked:
                raise PassphraseNeeded
            return await Node.open(self._home, Unlock())
        except (PassphraseNeeded, WrongPassphrase, KeyLost, KeyringSilent) as error:
            return await self._unlock(error)

    async def _unlock(self, error: NotesError) -> Node | None:
        window = UnlockWindow(self.theme, error)
        stopping = asyncio.ensure_future(self._stop.wait())
        try:
            while True:
                asking = asyncio.ensure_future(window.ask())
                await asyncio.wait([asking, stopping], return_when=asyncio.FIRST_COMPLETED)
                how = asking.result() if asking.done() else None
                if how is None:
                    asking.cancel()
                    return None
                try:
                    node = await Node.open(self._home, how)
                except NotesError as again:
                    window.refuse(again)
                    continue
                self._locked = False
                return node
        finally:
            stopping.cancel()
            window.close()
            window.deleteLater()

    async def _show(self, node: Node) -> None:
        over = asyncio.Event()
        node.has_window = True
        async with serving(node):
            shell = self.shell = Shell(node, NearDoor(node), self.theme, self.settings)
            shell.desk.broke.connect(self._crashes.caught)
            shell.quit_asked.connect(self._stop.set)
            shell.lock_asked.connect(lambda: self._lock(over))
            shell.close_asked.connect(self._window_closed)
            shell.tray_changed.connect(self._show_tray)
            shell.show_asked.connect(self._appear)
            shell.quick_note_asked.connect(self._quick.appear)
            try:
                await shell.begin()
                self._show_tray()
                if not self._hidden or (self._arguments.hidden and not self._tray.shown):
                    shell.appear()
                self._hidden = False
                if self.settings.now.online:  # the window does not wait for the network
                    shell.desk.start(node.people.go_online(), "reach the people of shared notebooks")
                for opening in self._take_openings():
                    shell.open_this(opening)
                await _first(self._stop, over)
            finally:
                self.shell = None
                await shell.close()

    def _take_openings(self) -> list[str]:
        taken, self._openings = self._openings, []
        return taken

    # -- what ends it

    def _lock(self, over: asyncio.Event) -> None:
        self._locked = True
        over.set()

    def _window_closed(self) -> None:
        if self.shell is None:
            return
        if self.settings.now.keep_running:
            self.shell.keep()
            self.shell.window.hide()
        else:
            self.shell.parting.ask(self._stop.set)

    def _quit(self) -> None:
        if self.shell is None:
            self._stop.set()
            return
        if not self.shell.parting.is_safe:
            self.shell.appear()  # the question needs a window
        self.shell.parting.ask(self._stop.set)

    def _session_ends(self, manager: QSessionManager) -> None:
        # The system kills us soon: what is typed goes to the disk's queue now, the rest follows while it waits.
        if self.shell is not None:
            self.shell.keep()
        self._stop.set()

    # -- around the window

    def _appear(self) -> None:
        if self.shell is not None:
            self.shell.appear()

    def _show_tray(self) -> None:
        self._tray.show(self.settings.now.tray)

    def _quick_written(self, text: str) -> None:
        if self.shell is not None:
            self.shell.desk.start(self._keep_quick(self.shell, text), "quick note")

    async def _keep_quick(self, shell: Shell, text: str) -> None:
        await shell.node.create_note(None, text)
        if not shell.window.isVisible() and not self._tray.shown and not self.settings.now.keep_running:
            self._stop.set()

    def _crashed(self, report: str) -> None:
        if self._card is not None and isValid(self._card) and self._card.isVisible():
            return  # one card is enough; the log has them all
        if self.shell is not None and self.shell.window.isVisible():
            title = self.tr("Something went wrong in Notesapp")
            sentence = self.tr("Your text is safe. The report holds no note text; please pass it on.")
            self._card = Report(self.theme, self.shell.window, title, [sentence], report)
            self._card.open(self._card.close_button)


async def _first(*events: asyncio.Event) -> None:
    """Returns when one of the events is set."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
