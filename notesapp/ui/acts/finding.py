"""Ways to get somewhere by typing: the switcher, the command palette, search."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from notesapp.node.views import NoteFilter
from notesapp.ui.commands import Command, Commands
from notesapp.ui.desk import Desk
from notesapp.ui.dialogs.picker import Choice, Picker
from notesapp.ui.fuzzy import Names
from notesapp.ui.places import Found, InNotebook
from notesapp.ui.window import Pane, Window


class _Make(str):
    """A name that no note has yet."""


class Finding(QObject):
    """The three ways."""

    def __init__(self, desk: Desk, window: Window, commands: Commands, make: Callable[[str], object]) -> None:
        """`make(title)` begins a new note."""
        super().__init__(window)
        self._desk, self._window, self._commands, self._make = desk, window, commands, make

    # -- switcher

    def switcher(self) -> None:
        """Opens the switcher."""
        self._desk.start(self._switch(), "switcher")

    async def _switch(self) -> None:
        picker = Picker(
            self._window.theme,
            self._window,
            self.tr("Go to a note or notebook"),
            self.switcher_rows(),
            hint=self.tr("↑↓ to choose · Enter to open · a new name makes a note"),
        )
        match await picker.pick():
            case _Make() as title:
                self._make(str(title))
            case bytes() as note_id:
                self._desk.find_and_open(note_id)
                self._window.show_alone(Pane.NOTE)
                self._window.editor.setFocus()
            case InNotebook() as place:
                self._desk.go(place)
                self._window.show_alone(Pane.LIST)
            case _:
                pass

    def switcher_rows(self) -> Callable[[str], list[Choice]]:
        """What the switcher finds: notes (newest first), notebooks, and a new note where nothing has that name."""
        views = sorted(self._desk.node.notes(NoteFilter()), key=lambda view: -view.edited_ms)
        notebooks = self._desk.notebooks()
        homes = {notebook.notebook_id: notebook.name for notebook in notebooks}
        values: list[tuple[str, object, str, str]] = [
            (
                view.title or view.file_name or self.tr("Untitled"),
                view.note_id,
                "file-text",
                " / ".join(part for part in (homes.get(view.notebook_id, ""), view.folder) if part),
            )
            for view in views
        ]
        for notebook in notebooks:
            place = InNotebook(notebook.notebook_id)
            values.append((notebook.name, place, "notebook", self.tr("Notebook")))
        names = Names(value[0] for value in values)

        def find(typed: str) -> list[Choice]:
            matches = names.best(typed)
            rows = [
                Choice(values[m.index][0], values[m.index][1], values[m.index][2], values[m.index][3], marks=m.marks)
                for m in matches
            ]
            title = " ".join(typed.split())
            if title and all(row.text.casefold() != title.casefold() for row in rows):
                rows.append(Choice(self.tr("New note “%1”").replace("%1", title), _Make(title), "plus"))
            return rows

        return find

    # -- palette

    def palette(self) -> None:
        """Opens the command palette."""
        self._desk.start(self._palette(), "command palette")

    async def _palette(self) -> None:
        picker = Picker(
            self._window.theme,
            self._window,
            self.tr("What do you want to do?"),
            self.palette_rows(),
            nothing=self.tr("No such command"),
        )
        name = await picker.pick()
        if isinstance(name, str):
            self._commands.run(name)

    def palette_rows(self) -> Callable[[str], list[Choice]]:
        """What the palette finds: all commands that are possible now."""
        table: list[Command] = [one for one in self._commands if one.in_palette and one.possible()]
        names = Names((f"{one.group}: {one.title}" if one.group else one.title for one in table), in_order=True)

        def find(typed: str) -> list[Choice]:
            found = []
            for match in names.best(typed, limit=len(table)):
                one = table[match.index]
                text = f"{one.group}: {one.title}" if one.group else one.title
                keys = self._commands.shown_keys(one.name)
                found.append(Choice(text, one.name, one.icon or "command", "", keys, match.marks))
            return found

        return find

    # -- search

    def search(self, text: str = "") -> None:
        """Opens the search of all notes above the list."""
        self._window.show_alone(Pane.LIST)
        if self._window.focus_mode:
            self._commands.run("view.focus")
        if not isinstance(self._desk.place, Found):
            self._desk.go(Found(text))
        self._window.list.focus_search()
