"""What is shown and how large: sidebar, panel, focus mode, source, zoom, light or dark. Changes no note."""

from __future__ import annotations

from PySide6.QtCore import QObject

from notesapp.ui.desk import Desk
from notesapp.ui.editor.formats import Markers
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.style.theme import Appearance
from notesapp.ui.style.tokens import BODY_PX
from notesapp.ui.window import Pane, Window
from notesapp.ui.writing import Writing

MARKERS = {"caret": Markers.NEAR_CARET, "always": Markers.ALWAYS, "source": Markers.SOURCE}


class Viewing(QObject):
    """The acts; what lasts is kept in the settings."""

    def __init__(self, desk: Desk, window: Window, editor: NoteEdit, writing: Writing) -> None:
        super().__init__(window)
        self._desk, self._window, self._editor, self._writing = desk, window, editor, writing
        editor.zoom_asked.connect(self.zoom)

    def sidebar(self) -> None:
        """Shows or hides the sidebar."""
        self._window.toggle_sidebar()

    def list(self) -> None:
        """Back from the note to the list, in a narrow window."""
        self._window.show_alone(Pane.LIST)
        self._window.list.view.setFocus()

    def panel(self, page: str) -> None:
        """Opens a page of the right panel, or closes the panel if that page is open."""
        if self._desk.note_id is None and self._window.panel.page != page:
            return
        self._window.panel.show_page("" if self._window.panel.page == page else page)

    def focus(self) -> None:
        """Only the text and the paragraph that is being written."""
        on = not self._window.focus_mode
        self._window.set_focus_mode(on)
        self._editor.set_focus_mode(on)
        if on:
            self._editor.setFocus()

    def source(self) -> None:
        """Plain Markdown, or live preview again."""
        now = self._desk.settings.now
        now.markers = "caret" if now.markers == "source" else "source"
        self._editor.set_markers(MARKERS[now.markers])
        self._desk.settings.save()

    def zoom(self, steps: int) -> None:
        """A larger (1) or smaller (-1) text, or the normal one (0)."""
        theme = self._window.theme
        theme.zoom(theme.body_px + steps if steps else BODY_PX)
        self._desk.settings.now.body_px = theme.body_px
        self._desk.settings.save()

    def dark(self) -> None:
        """Light if it is dark, dark if it is light; from now on by choice."""
        now, theme = self._desk.settings.now, self._window.theme
        now.appearance = "light" if theme.tokens.dark else "dark"
        theme.choose(Appearance(now.appearance), contrast=now.contrast, reduced_motion=now.reduced_motion)
        self._desk.settings.save()
