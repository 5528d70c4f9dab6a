"""What concerns the program and not a note: settings, shortcuts, backup, doctor, lock, quick note, closing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from notesapp.control import calls
from notesapp.control.rows import FindingRow
from notesapp.errors import NotesError
from notesapp.store.keyfile import Keyfile, Kind
from notesapp.ui.desk import Desk
from notesapp.ui.dialogs.findings import Findings, as_text
from notesapp.ui.dialogs.progress import work
from notesapp.ui.dialogs.report import Report
from notesapp.ui.dialogs.settings_window import SettingsWindow
from notesapp.ui.people.checkup import Checkup
from notesapp.ui.window import Window


class ProgramActs(QObject):
    """The acts; what only the whole program can do is told by `lock_asked`, `quit_asked`, `quick_note_asked`."""

    lock_asked = Signal()
    quit_asked = Signal()
    quick_note_asked = Signal()

    def __init__(self, desk: Desk, window: Window, show_settings: Callable[[str], None]) -> None:
        """`show_settings(page)` opens the settings window."""
        super().__init__(window)
        self._desk, self._window, self._show_settings = desk, window, show_settings

    def settings(self) -> None:
        """Opens the settings."""
        self._show_settings("general")

    def sync(self) -> None:
        """Opens the settings for the network and people."""
        self._show_settings("sync")

    def devices(self) -> None:
        """Opens the settings for one's own devices."""
        self._show_settings("devices")

    def shortcuts(self) -> None:
        """Opens the list of keys."""
        self._show_settings("shortcuts")

    def about(self) -> None:
        """Tells versions and licences."""
        self._show_settings("about")

    def backup(self) -> None:
        """Makes a backup now."""
        self._desk.start(self._backup(), "back up")

    async def _backup(self) -> None:
        row = await work(
            self._window.theme,
            self._window,
            self.tr("Backing up"),
            lambda progress: self._desk.door.call(calls.Backup(), progress),
        )
        if row is not None:
            self._desk.say(self.tr("Backed up; the file is checked"))

    def doctor(self) -> None:
        """Looks whether everything is well, and tells."""
        self._desk.start(self._doctor(), "check")

    async def _doctor(self) -> None:
        over = self._over()
        findings = await work(
            self._window.theme,
            over,
            self.tr("Checking the notes on this computer"),
            lambda progress: self._desk.door.call(calls.Doctor(), progress),
        )
        if findings is not None:
            self._tell(findings, over)

    def _over(self) -> QWidget:
        active = QApplication.activeWindow()
        return active if isinstance(active, SettingsWindow) else self._window  # the report would be hidden by it

    def network(self) -> None:
        """Looks at everything that a connection needs, and tells; with a person from both ends if asked to."""
        Checkup(self._window.theme, self._over(), self._desk).open()

    def _tell(self, findings: Sequence[FindingRow], over: QWidget) -> None:
        bad = sum(row.state != "ok" for row in findings)
        title = self.tr("%n things need attention", "", bad) if bad else self.tr("Everything is well")
        shown = Findings(self._window.theme, findings)
        report = Report(self._window.theme, over, title, [], as_text(findings), shown=shown)
        report.open(report.close_button)

    def can_lock(self) -> bool:
        """Locking means something only where a passphrase guards the notes."""
        try:
            return Keyfile.read(self._desk.node.home.keyfile).kind is Kind.PASSPHRASE
        except NotesError:
            return False

    def lock(self) -> None:
        """Puts the notes away until the passphrase is typed."""
        self.lock_asked.emit()

    def quick_note(self) -> None:
        """Opens the small window for a thought in between."""
        self.quick_note_asked.emit()

    def close(self) -> None:
        """Closes the window."""
        self._window.close()

    def quit(self) -> None:
        """Ends the program."""
        self.quit_asked.emit()
