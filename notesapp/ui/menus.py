"""The context menus: which commands a row offers. Built when asked for; shown without a nested loop."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from notesapp.ui.bindings import Acts
from notesapp.ui.commands import Commands
from notesapp.ui.desk import Desk
from notesapp.ui.parts import menu as popup
from notesapp.ui.places import InNotebook, Place, Tagged, Trash
from notesapp.ui.window import Window


class Menus(QObject):
    """Note, notebook, tag, trash and sort menus."""

    def __init__(self, desk: Desk, window: Window, commands: Commands, acts: Acts) -> None:
        super().__init__(window)
        self._notes, self._notebooks, self._mirrors = acts.notes, acts.notebooks, acts.mirrors
        self._desk, self._window, self._commands = desk, window, commands
        window.list.menu_asked.connect(lambda at: self._pop(self.for_notes(), at))
        window.list.sort_asked.connect(lambda at: self._pop(self.for_order(), at))
        window.note.menu_asked.connect(lambda at: self._pop(self.for_open_note(), at))
        window.sidebar.menu_asked.connect(self._for_place)

    def _pop(self, menu: QMenu, at: QPoint) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _add(self, menu: QMenu, *names: str) -> None:
        for name in names:
            if not name:
                menu.addSeparator()
                continue
            command = self._commands[name]
            if command.possible():
                icon = command.icon or "command"
                action = menu.addAction(self._window.theme.icon(icon), self._verb(name) or command.title)
                action.setShortcut(self._commands.shown_keys(name))
                action.triggered.connect(lambda _=False, name=name: self._commands.run(name))

    def _verb(self, name: str) -> str:
        """What a switch would do to the notes that are chosen."""
        views = self._notes.chosen()
        match name:
            case "note.pin":
                pinned = all(view.pinned for view in views)
                return self.tr("Unpin") if pinned else self.tr("Pin to the top")
            case "note.favourite":
                starred = all(self._desk.is_favourite(view.note_id) for view in views)
                return self.tr("Remove from favourites") if starred else self.tr("Add to favourites")
            case _:
                return ""

    def _own(self, menu: QMenu, icon: str, text: str) -> QAction:
        return menu.addAction(self._window.theme.icon(icon), text)

    def for_notes(self) -> QMenu:
        """For the chosen rows of the list."""
        menu = popup(self._window)
        if isinstance(self._desk.place, Trash):
            self._add(menu, "note.restore", "", "note.delete", "trash.empty")
            return menu
        several = len(self._window.list.selected_ids()) > 1
        self._add(menu, "note.pin", "note.favourite", "")
        if not several:
            self._add(menu, "note.rename")
        self._add(menu, "note.duplicate", "note.move", "")
        if not several:
            self._add(menu, "export.markdown", "export.html", "export.pdf", "")
        self._add(menu, "note.trash")
        return menu

    def for_open_note(self) -> QMenu:
        """For the button beside the note's path."""
        menu = popup(self._window)
        if isinstance(self._desk.place, Trash):
            return self.for_notes()
        self._add(menu, "note.pin", "note.rename", "note.duplicate", "note.move", "")
        self._add(menu, "people.share", "people.share.note", "people.hide", "people.recovered", "")
        self._add(menu, "view.links", "view.focus", "view.source", "")
        self._add(menu, "export.markdown", "export.html", "export.pdf", "export.print", "", "note.trash")
        return menu

    def for_order(self) -> QMenu:
        """How the list is sorted."""
        menu = popup(self._window)
        group = QActionGroup(menu)
        for order, text in (
            ("edited", self.tr("Edited last")),
            ("created", self.tr("Created last")),
            ("title", self.tr("Title")),
        ):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(self._desk.settings.now.sort == order)
            action.triggered.connect(lambda _=False, order=order: self._sort(order))
            group.addAction(action)
        return menu

    def _sort(self, order: str) -> None:
        self._desk.settings.now.sort = order  # type: ignore[assignment] # one of the three above
        self._desk.settings.save()
        self._desk.list_changed.emit()

    def _for_place(self, place: Place, at: QPoint) -> None:
        menu = self.for_place(place)
        if not menu.isEmpty():
            self._pop(menu, at)

    def for_place(self, place: Place | None) -> QMenu:
        """For a row of the sidebar."""
        menu = popup(self._window)
        match place:
            case InNotebook(_, folder):
                self._own(menu, "square-pen", self.tr("New note here")).triggered.connect(
                    lambda: self._there(place, "note.new")
                )
                self._own(menu, "folder-plus", self.tr("New folder…")).triggered.connect(
                    lambda: self._notebooks.new_folder(place)
                )
                menu.addSeparator()
                if not folder:
                    self._own(menu, "user-plus", self.tr("Share…")).triggered.connect(
                        lambda: self._there(place, "people.share")
                    )
                self._own(menu, "pencil", self.tr("Rename…")).triggered.connect(lambda: self._notebooks.rename(place))
                if folder:
                    self._own(menu, "trash-2", self.tr("Remove the folder, keep its notes")).triggered.connect(
                        lambda: self._notebooks.remove_folder(place)
                    )
                if not folder:
                    self._own(menu, "file-down", self.tr("Export this notebook…")).triggered.connect(
                        lambda: self._there(place, "export.notebook")
                    )
                    self._mirror(menu, place.notebook_id)
                if self._notebooks.can_remove(place):
                    menu.addSeparator()
                    self._own(menu, "trash-2", self.tr("Remove the notebook…")).triggered.connect(
                        lambda: self._notebooks.remove(place)
                    )
            case Tagged(tag):
                self._own(menu, "search", self.tr("Search in #%1").replace("%1", tag)).triggered.connect(
                    lambda: self._search(f"tag:{tag} ")
                )
            case Trash():
                self._add(menu, "trash.empty")
            case None:
                self._add(menu, "notebook.new", "people.join")
            case _:
                self._add(menu, "note.new")
        return menu

    def _mirror(self, menu: QMenu, notebook_id: bytes) -> None:
        acts = self._mirrors
        if acts.of(notebook_id) is None:
            self._own(menu, "folder", self.tr("Keep as files, too…")).triggered.connect(lambda: acts.begin(notebook_id))
            return
        self._own(menu, "folder", self.tr("Open the folder of its files")).triggered.connect(
            lambda: acts.open(notebook_id)
        )
        self._own(menu, "x", self.tr("Keep no files any more")).triggered.connect(lambda: acts.stop(notebook_id))

    def _there(self, place: Place, name: str) -> None:
        self._desk.go(place)
        self._commands.run(name)

    def _search(self, text: str) -> None:
        self._commands.run("go.search")
        self._window.list.search.setText(text)
