"""The window's panes and how they share its width. Decides layout only: what is shown in a pane is `showing`'s.

Three widths: wide (all panes), medium below 1100 px (the sidebar comes and goes), narrow below 760 px (one pane at a
time, with a way back).
"""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QByteArray, QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QIcon, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QVBoxLayout, QWidget

from notesapp.ui.note_list.pane import NoteListPane
from notesapp.ui.note_pane import NotePane
from notesapp.ui.panel.panel import Panel
from notesapp.ui.settings import Settings
from notesapp.ui.sidebar.sidebar import Sidebar
from notesapp.ui.sidebar.tree import local_paths
from notesapp.ui.style.resources import resource
from notesapp.ui.style.theme import Theme
from notesapp.ui.toast import Toast

WIDE_PX, NARROW_PX = 1100, 760
SIDEBAR_PX, LIST_PX, PANEL_PX = (180, 320), (240, 420), (220, 420)
NOTE_PX = 420  # at least


class Width(Enum):
    """How much room there is."""

    WIDE = auto()
    MEDIUM = auto()
    NARROW = auto()


class Pane(Enum):
    """What F6 goes round, and what a narrow window shows one of."""

    SIDEBAR = auto()
    LIST = auto()
    NOTE = auto()
    PANEL = auto()


class Window(QMainWindow):
    """The main window. `close_asked` comes instead of closing: whoever runs the program decides."""

    close_asked = Signal()
    files_dropped = Signal(list)
    left = Signal()

    def __init__(self, theme: Theme, body: QWidget, editor: QWidget) -> None:
        """`body` is what stands in the note pane, `editor` the widget in it that is written in."""
        super().__init__()
        self.setWindowTitle("Notesapp")
        self.setWindowIcon(app_icon())
        self.setMinimumSize(420, 360)
        self.resize(1360, 860)
        self.setAcceptDrops(True)
        self.setUnifiedTitleAndToolBarOnMac(True)
        self.theme, self.body, self.editor = theme, body, editor
        self.sidebar, self.list, self.note, self.panel = (
            Sidebar(theme),
            NoteListPane(theme),
            NotePane(theme),
            Panel(theme),
        )
        self.note.put(body)
        self._width = Width.WIDE
        self._wants_sidebar = True
        self._alone = Pane.LIST
        self._focus_mode = False
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        for pane in (self.sidebar, self.list, self.note, self.panel):
            self._split.addWidget(pane)
        self._limit(self.sidebar, SIDEBAR_PX)
        self._limit(self.list, LIST_PX)
        self._limit(self.panel, PANEL_PX)
        self.note.setMinimumWidth(300)
        self._split.setStretchFactor(2, 1)
        self._split.setSizes([228, 304, 828, 300])
        inside = self._inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._split)
        self.setCentralWidget(inside)
        self.toast = Toast(inside, self._toast_room, self._caret)
        self.panel.page_changed.connect(lambda _: self._arrange())

    def _toast_room(self) -> QRect:
        body = self.note.body if self.note.isVisible() else self.list
        return QRect(body.mapTo(self._inside, QPoint(0, 0)), body.size())

    def _caret(self) -> QRect:
        if not self.editor.hasFocus():
            return QRect()
        caret: QRect = self.editor.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle).toRect()
        return QRect(self.editor.mapTo(self._inside, caret.topLeft()), caret.size().expandedTo(QSize(2, 2)))

    # -- sizes that are kept

    def restore(self, settings: Settings) -> None:
        """Takes the sizes of last time; a place on a screen that is gone is corrected by Qt."""
        if settings.geometry:
            self.restoreGeometry(QByteArray.fromBase64(settings.geometry.encode()))
        self._split.setSizes([settings.sidebar_px, settings.list_px, 828, 300])
        self._wants_sidebar = settings.sidebar_shown
        self._arrange()

    def keep(self, settings: Settings) -> None:
        """Writes the sizes of now into the settings."""
        settings.geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        if self._width is not Width.NARROW and not self._focus_mode:
            if self.sidebar.isVisible():
                settings.sidebar_px = self.sidebar.width()
            settings.list_px = self.list.width()
        if self._width is Width.WIDE:
            settings.sidebar_shown = self._wants_sidebar
        settings.panel = self.panel.page  # type: ignore[assignment] # one of the three names

    # -- layout

    @property
    def width_class(self) -> Width:
        """How much room there is now."""
        return self._width

    def toggle_sidebar(self) -> None:
        """Shows or hides the sidebar; in one column, goes to it or from it."""
        if self._width is Width.NARROW:
            self.show_alone(Pane.LIST if self._alone is Pane.SIDEBAR else Pane.SIDEBAR)
            return
        self._wants_sidebar = not self.sidebar.isVisible()
        self._focus_mode = False
        self._arrange()

    def show_alone(self, pane: Pane) -> None:
        """Which pane a narrow window shows; wider windows only remember it."""
        self._alone = pane
        self._arrange()

    def set_focus_mode(self, on: bool) -> None:
        """Only the text, or all panes again."""
        self._focus_mode = on
        self.note.header.setVisible(not on)
        self._arrange()

    @property
    def focus_mode(self) -> bool:
        return self._focus_mode

    def next_pane(self, step: int = 1) -> None:
        """Moves the focus to the next pane that is shown (F6), round and round."""
        stops = {
            Pane.SIDEBAR: (self.sidebar, self.sidebar.tree),
            Pane.LIST: (self.list, self.list.view),
            Pane.NOTE: (self.note, self.editor),
            Pane.PANEL: (self.panel, self.panel),
        }
        shown = [pane for pane, (widget, _) in stops.items() if widget.isVisible()]
        here = QApplication.focusWidget()
        at = next(
            (
                number
                for number, pane in enumerate(shown)
                if here is not None and (stops[pane][0] is here or stops[pane][0].isAncestorOf(here))
            ),
            0 if step < 0 else -1,
        )
        pane = shown[(at + step) % len(shown)]
        if pane is Pane.PANEL:
            self.panel.focus_page()
        else:
            stops[pane][1].setFocus(Qt.FocusReason.OtherFocusReason)

    def _limit(self, pane: QWidget, limits: tuple[int, int]) -> None:
        pane.setMinimumWidth(limits[0])
        pane.setMaximumWidth(limits[1])

    def _arrange(self) -> None:
        narrow, focus = self._width is Width.NARROW, self._focus_mode
        if narrow:
            shown = Pane.NOTE if focus else self._alone
            # In one column a pane takes all the room there is.
            for pane, which in ((self.sidebar, Pane.SIDEBAR), (self.list, Pane.LIST)):
                pane.setMaximumWidth(16_777_215)
                pane.setVisible(shown is which)
            self.note.setMinimumWidth(0)
            self.note.setVisible(shown is Pane.NOTE)
            self.panel.setVisible(False)
        else:
            self._limit(self.sidebar, SIDEBAR_PX)
            self._limit(self.list, LIST_PX)
            self.sidebar.setVisible(self._wants_sidebar and not focus)
            self.note.setMinimumWidth(NOTE_PX)
            self.note.setVisible(True)
            panel = bool(self.panel.page) and not focus
            # the text keeps its room: where an open panel leaves too little, the list makes way
            least = LIST_PX[0] + NOTE_PX + (PANEL_PX[0] if panel else 0)
            least += SIDEBAR_PX[0] if self.sidebar.isVisibleTo(self) else 0
            self.list.setVisible(not focus and self.width() >= least)
            self.panel.setVisible(panel)
        self.list.show_narrow(narrow or (not self.sidebar.isVisibleTo(self) and not focus))
        self.note.show_chrome(back=narrow and not focus, sidebar=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        now = Width.WIDE if width >= WIDE_PX else Width.MEDIUM if width >= NARROW_PX else Width.NARROW
        if now is not self._width:
            before, self._width = self._width, now
            if now is Width.MEDIUM and before is Width.WIDE:
                self._wants_sidebar = False
            elif now is Width.WIDE:
                self._wants_sidebar = True
            elif now is Width.NARROW:
                here = QApplication.focusWidget()
                in_list = here is not None and (self.list.isAncestorOf(here) or self.sidebar.isAncestorOf(here))
                self._alone = Pane.LIST if in_list else Pane.NOTE
            self._arrange()
        elif now is Width.MEDIUM and self.panel.isVisible():
            self._arrange()

    # -- Qt

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.close_asked.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.left.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = local_paths(event.mimeData().urls())
        if paths:
            event.acceptProposedAction()
            self.files_dropped.emit(paths)


def app_icon() -> QIcon:
    """The program's own picture in all its sizes."""
    made = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256, 512):
        made.addFile(str(resource("app", f"notesapp-{side}.png")))
    return made
