"""One opened set of notes with its window: builds everything, wires it, and takes it apart again in the right order.

Made when the node is there; taken apart on locking and at the end. What outlives it (application, theme, settings,
crash log) comes in from `app`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from notesapp.errors import NotesError
from notesapp.node.events import Event, ShowRequested, ShutdownRequested
from notesapp.ui.acts.finding import Finding
from notesapp.ui.acts.mirrors import MirrorActs
from notesapp.ui.acts.notebooks import NotebookActs
from notesapp.ui.acts.notes import NoteActs
from notesapp.ui.acts.people import PeopleActs
from notesapp.ui.acts.program import ProgramActs
from notesapp.ui.acts.reading import Reading
from notesapp.ui.acts.transfer import Transfer
from notesapp.ui.acts.viewing import MARKERS, Viewing
from notesapp.ui.arguments import JoinLink, NewLink, NoteLink, QuickLink, SearchLink, is_link, parse_link
from notesapp.ui.autostart import set_autostart
from notesapp.ui.bindings import Acts, bind
from notesapp.ui.commands import Commands
from notesapp.ui.company import CompanyNews
from notesapp.ui.desk import Desk
from notesapp.ui.dialogs.pages.about import about
from notesapp.ui.dialogs.pages.safety import safety
from notesapp.ui.dialogs.pages.shortcuts import ShortcutsPage
from notesapp.ui.dialogs.pages.simple import appearance, editor, general
from notesapp.ui.dialogs.settings_window import SettingsWindow
from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.editing import Editing
from notesapp.ui.herald import Herald, publisher
from notesapp.ui.languages import languages
from notesapp.ui.live_title import LiveTitle
from notesapp.ui.marking import Marking
from notesapp.ui.menus import Menus
from notesapp.ui.people.far_page import FarPage
from notesapp.ui.people.pages import DevicesPage, SyncPage
from notesapp.ui.people.parting import Parting
from notesapp.ui.people.presence import Presence
from notesapp.ui.places import InNotebook, from_word, to_word
from notesapp.ui.settings import SettingsFile
from notesapp.ui.showing import Showing
from notesapp.ui.style.fonts import lacks_fonts
from notesapp.ui.style.theme import Theme
from notesapp.ui.unread import Unread
from notesapp.ui.window import Pane, Window
from notesapp.ui.writing import Writing

if TYPE_CHECKING:
    from notesapp.control.door import Door
    from notesapp.node.node import Node


REMEMBER_MS = 2_000  # a program that is killed comes back at most this far behind
_MINIMIZED = Qt.WindowState.WindowMinimized


class Shell(QObject):
    """The window over one node. `quit_asked`, `lock_asked`, `close_asked`, `tray_changed`, `quick_note_asked`."""

    quit_asked = Signal()
    lock_asked = Signal()
    close_asked = Signal()
    tray_changed = Signal()
    quick_note_asked = Signal()
    show_asked = Signal()

    def __init__(self, node: Node, door: Door, theme: Theme, settings: SettingsFile) -> None:
        super().__init__()
        self.node, self.theme, self.settings = node, theme, settings
        self.desk = Desk(node, settings, door)
        self.editing = Editing(self.desk, theme)
        self.editor = self.editing.editor
        self.window = Window(theme, self.editing.widget, self.editor)
        for part in (self.desk, self.editing):
            part.setParent(self.window)  # what has no parent outlives a window that was locked, and its texts with it
        self.writing = Writing(self.desk, self.editor)
        self.commands = Commands(self.window, settings.now.shortcuts)
        self.herald = Herald(self.desk, settings, publisher())
        self._settings_window: SettingsWindow | None = None
        self._soon = QTimer(self)
        self._closing = False
        self.acts = self._acts()
        bind(self.commands, self.desk, self.window, self.acts)
        self.editing.bind(self.commands)
        self.showing = Showing(self.desk, self.window, self.commands)
        self.marking = Marking(self.desk, self.editor, self.writing)
        self.live_title = LiveTitle(self.desk, self.writing)
        self.menus = Menus(self.desk, self.window, self.commands, self.acts)
        self.presence = Presence(self.desk, self.editor, self.writing, self.window.note.people)
        self.unread = Unread(self.desk, self.window, self.editor, self.writing)
        self.news = CompanyNews(self.desk, self.window, self.acts.people)
        self.parting = Parting(self.desk, self.window, self.keep)
        self._wire()

    def _acts(self) -> Acts:
        desk, window = self.desk, self.window
        notes = NoteActs(desk, window, self.writing)
        return Acts(
            notes=notes,
            people=PeopleActs(desk, window),
            notebooks=NotebookActs(desk, window),
            mirrors=MirrorActs(desk, window),
            finding=Finding(desk, window, self.commands, lambda title: desk.start(notes.titled(title), "new note")),
            reading=Reading(desk, window, self.editing, self.writing),
            transfer=Transfer(desk, window, self.editor, self.writing),
            viewing=Viewing(desk, window, self.editor, self.writing),
            program=ProgramActs(desk, window, self.show_settings),
        )

    def _wire(self) -> None:
        window, program = self.window, self.acts.program
        self.editing.outline.changed.connect(lambda gist: window.note.foot.show_gist(gist))
        self.editing.folders_dropped.connect(self.acts.transfer.dropped)
        window.left.connect(self.writing.leave)
        # The note may be on the screen already; then nothing else tells that its hits are asked for.
        window.list.view.clicked.connect(self._hit_chosen)
        window.list.note_entered.connect(self.marking.mark)
        window.close_asked.connect(self.close_asked)
        program.quit_asked.connect(lambda: self.parting.ask(self.quit_asked.emit))
        program.lock_asked.connect(self.lock_asked)
        program.quick_note_asked.connect(self.quick_note_asked)
        self.acts.people.came_in.connect(self.unread.forget)
        self.acts.people.follow_asked.connect(self.presence.follow_next)
        self.acts.people.command_asked.connect(self.commands.run)
        self.presence.here_changed.connect(self.showing.show_company)
        self.news.autostart_chosen.connect(self._start_with_computer)
        self.desk.node_event.connect(self._heard)
        self._soon.setSingleShot(True)
        self._soon.setInterval(REMEMBER_MS)
        self._soon.timeout.connect(self._remember)
        for moved in (self.desk.place_changed, self.desk.note_changed, self.editor.cursorPositionChanged):
            moved.connect(self._remember_soon)
        model = window.sidebar.model
        model.notes_dropped.connect(self.acts.notes.drop)
        model.folder_dropped.connect(self.acts.notebooks.move_folder)

    # -- life

    async def begin(self) -> None:
        """Shows what was there last time; the very first time, a blinking caret in a new note."""
        now = self.settings.now
        self.window.restore(now)
        self.editor.set_markers(MARKERS[now.markers])
        place = from_word(now.place)
        known = {notebook.notebook_id for notebook in self.node.notebooks()}
        if not isinstance(place, InNotebook) or place.notebook_id in known:
            self.desk.place = place
        last = _note_id(now.note)
        if last is not None and self.desk.view(last) is not None:
            self.desk.note_id = last
        elif not self.node.notes():
            self.desk.note_id = await self.node.create_note()
        else:
            rows = self.desk.rows()
            self.desk.note_id = rows[0].note.note_id if rows else None
        self.desk.troubles.update(self.node.troubles)
        if self.settings.trouble:
            self.desk.say(self.tr("The settings could not be read and are new; the old file was kept aside."))
        if lacks_fonts():
            self.desk.say(self.tr("Notesapp’s own fonts are missing, so the system’s are used; install it again."))
        self.showing.everything()
        self.unread.begin()
        self.news.show_notices()
        self.writing.show(self.desk.note_id)
        if now.panel:
            self.window.panel.show_page(now.panel)
        self.window.show_alone(Pane.NOTE)
        self.herald.look_if_due()

    def appear(self) -> None:
        """Brings the window to the front with the caret in the text."""
        self.window.setWindowState(self.window.windowState() & ~_MINIMIZED)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        self.editor.setFocus()

    def keep(self) -> None:
        """Ends the burst of typing and writes what should be there next time."""
        self.writing.leave()
        self._remember()

    def _remember(self) -> None:
        now = self.settings.now
        self.writing.remember()
        self.window.keep(now)
        now.place = to_word(self.desk.place)
        now.note = self.desk.note_id.hex() if self.desk.note_id is not None else ""
        now.open_branches = self.window.sidebar.open_branches
        self.settings.save()

    async def close(self) -> None:
        """Keeps everything and takes the window down; the node is closed by whoever opened it."""
        if self._closing:
            return
        self.keep()
        self._closing = True  # what is taken down moves once more, and has nothing to be remembered
        self._soon.stop()
        self.parting.leave()
        for question in (*self.window.findChildren(Sheet), *self.window.findChildren(QFileDialog)):
            question.close()  # who asks gets no answer, and ends
        self.presence.close()
        self.unread.close()
        self.window.hide()
        if self._settings_window is not None:
            self._settings_window.hide()
        self.writing.close()
        await self.desk.close()
        if self._settings_window is not None:
            self._settings_window.deleteLater()
        self.window.deleteLater()
        self.deleteLater()

    # -- openings

    def open_this(self, opening: str) -> None:
        """A link or file that the program was started with, or that a second start hands over."""
        link = parse_link(opening)
        if isinstance(link, QuickLink):
            self.quick_note_asked.emit()
            return
        self.show_asked.emit()
        match link:
            case NoteLink(note_id) if self.desk.view(note_id) is not None:
                self.desk.find_and_open(note_id)
            case SearchLink(query):
                self.acts.finding.search(query)
            case JoinLink(text):
                self.acts.people.join(text)
            case NewLink():
                self.acts.notes.new()
            case _ if is_link(opening):
                self.desk.say(self.tr("This link leads to no note here."))
            case None if opening and Path(opening).exists():
                self.acts.transfer.dropped([opening])
            case None if opening:
                self.desk.say(self.tr("“%1” can’t be opened.").replace("%1", Path(opening).name or opening))
            case None:
                pass

    def _remember_soon(self) -> None:
        if not self._closing and not self._soon.isActive():
            self._soon.start()

    def _hit_chosen(self, row: QModelIndex) -> None:
        if self.window.list.rows.note_at(row).note_id == self.desk.note_id:
            self.marking.mark()

    def _heard(self, event: Event) -> None:
        match event:
            case ShowRequested(argument):
                self.open_this(argument)
            case ShutdownRequested():
                self.quit_asked.emit()
            case _:
                pass

    # -- settings

    def show_settings(self, page: str) -> None:
        """Opens the settings at a page."""
        if self._settings_window is None:
            self._settings_window = SettingsWindow(self.theme, self.window, {
                "general": (self.tr("General"), "sliders-horizontal", self._general),
                "editor": (self.tr("Editor"), "pencil", lambda: editor(self.settings, self.theme, self._changed)),
                "appearance": (self.tr("Appearance"), "palette", lambda: appearance(self.settings, self.theme)),
                "sync": (self.tr("Sync and people"), "users", self._sync),
                "far": (self.tr("Far away"), "wifi", self._far),
                "devices": (self.tr("Your devices"), "laptop", self._devices),
                "shortcuts": (self.tr("Shortcuts"), "keyboard", self._shortcuts),
                "safety": (
                    self.tr("Backup and recovery"),
                    "shield-check",
                    lambda: safety(self.desk, self.theme, self.commands, self.acts.mirrors),
                ),
                "about": (self.tr("About"), "info", lambda: about(self.herald)),
            }, fleeting=("editor", "appearance"))  # fmt: skip
            self.desk.said.connect(self._settings_window.say)
        self._settings_window.show_page(page)

    def _far(self) -> QWidget:
        return FarPage(self.desk, lambda: self.commands.run("help.network"))

    @property
    def settings_window(self) -> QWidget | None:
        """The settings window if it was ever opened."""
        return self._settings_window

    def _shortcuts(self) -> QWidget:
        return ShortcutsPage(self.commands, self._changed, self.theme)

    def _general(self) -> QWidget:
        return general(self.settings, self._changed, languages())

    def _sync(self) -> QWidget:
        return SyncPage(self.desk, self.theme, self.settings, self._changed)

    def _devices(self) -> QWidget:
        return DevicesPage(self.desk, self.theme, self._link_this)

    def _link_this(self) -> None:
        if self._settings_window is not None:
            self._settings_window.hide()
        self.acts.people.join(device=True)

    def _start_with_computer(self) -> None:
        self.settings.now.autostart = True
        self._changed("autostart")
        if self.settings.now.autostart:
            self.desk.say(self.tr("Notesapp starts with the computer from now on, without its window."))

    def _changed(self, what: str) -> None:
        now = self.settings.now
        match what:
            case "name":
                self.window.sidebar.show_person(now.name, now.colour)
            case "markers":
                self.editor.set_markers(MARKERS[now.markers])
            case "tray" | "keep":
                self.tray_changed.emit()
            case "shortcuts":
                now.shortcuts = self.commands.remapped
                self.window.sidebar.show_search_keys(self.commands.shown_keys("go.switcher"))
            case "autostart":
                try:
                    set_autostart(now.autostart)
                except NotesError as error:
                    now.autostart = not now.autostart
                    self.desk.say(error.sentence)
            case _:
                pass
        self.settings.save()


def _note_id(word: str) -> bytes | None:
    try:
        return bytes.fromhex(word) if len(word) == 32 else None
    except ValueError:
        return None
