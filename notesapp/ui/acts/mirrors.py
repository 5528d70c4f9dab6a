"""A notebook kept as plain files in a folder: begun after a clear word about it, found again, ended."""

from __future__ import annotations

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from notesapp.control import calls
from notesapp.node.mirroring import MirrorView
from notesapp.ui.desk import Desk
from notesapp.ui.dialogs.ask import confirm
from notesapp.ui.dialogs.files import open_folder
from notesapp.ui.dialogs.progress import work
from notesapp.ui.window import Window


class MirrorActs(QObject):
    """The acts; `changed`: another notebook is kept as files, or one no longer."""

    changed = Signal()

    def __init__(self, desk: Desk, window: Window) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window

    def of(self, notebook_id: bytes) -> MirrorView | None:
        """Where this notebook's files are, if it is kept as files."""
        return next((view for view in self._desk.node.mirrors() if view.notebook_id == notebook_id), None)

    def all(self) -> tuple[MirrorView, ...]:
        """Every notebook that is kept as files."""
        return self._desk.node.mirrors()

    def begin(self, notebook_id: bytes, over: QWidget | None = None) -> None:
        """Asks for a folder and writes the notebook there, from now on after each edit."""
        self._desk.start(self._begin(notebook_id, over or self._window), "mirror")

    async def _begin(self, notebook_id: bytes, over: QWidget) -> None:
        name = self._desk.node.notebook_name(notebook_id)
        title = self.tr("Keep “%1” as files, too?").replace("%1", name)
        meaning = self.tr(
            "Each note becomes a Markdown file, with its pictures, in a folder that you choose, and the files follow "
            "what you write. They are not encrypted, and what is changed in them does not come back."
        )
        if not await confirm(self._window.theme, over, title, meaning, self.tr("Choose a folder…")):
            return
        folder = await open_folder(over, self.tr("Keep the files in which folder?"))
        if folder is None:
            return
        row = await work(
            self._window.theme,
            over,
            self.tr("Writing the files of “%1”").replace("%1", name),
            lambda progress: self._desk.door.call(calls.Mirror(notebook_id.hex(), str(folder)), progress),
        )
        if row is None:
            await self._ended(notebook_id)
            return
        said = self.tr("“%1” is kept as files in “%2” now.").replace("%1", name).replace("%2", folder.name)
        self._desk.say(said, self.tr("Open the folder"), lambda: self.open(notebook_id))
        self.changed.emit()

    def open(self, notebook_id: bytes) -> None:
        """Shows the folder in the system's own program."""
        view = self.of(notebook_id)
        if view is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(view.path))):
            self._desk.say(self.tr("No program on this computer opens “%1”.").replace("%1", str(view.path)))

    def stop(self, notebook_id: bytes) -> None:
        """Lets the files be; what was written stays."""
        self._desk.start(self._stop(notebook_id), "mirror")

    async def _stop(self, notebook_id: bytes) -> None:
        name = self._desk.node.notebook_name(notebook_id)
        await self._ended(notebook_id)
        self._desk.say(self.tr("The files of “%1” stay as they are and follow no longer.").replace("%1", name))

    async def _ended(self, notebook_id: bytes) -> None:
        if self.of(notebook_id) is not None:
            await self._desk.node.stop_mirror(notebook_id)
        self.changed.emit()
