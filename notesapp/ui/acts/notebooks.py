"""What can be done to notebooks and folders: new, rename, move, remove."""

from __future__ import annotations

from PySide6.QtCore import QObject

from notesapp.ui.desk import Desk
from notesapp.ui.dialogs.ask import ask_text, confirm
from notesapp.ui.places import AllNotes, InNotebook, Place
from notesapp.ui.window import Window


class NotebookActs(QObject):
    """The acts."""

    def __init__(self, desk: Desk, window: Window) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window

    def new(self) -> None:
        """Asks for a name and makes a notebook."""
        self._desk.start(self._new(), "new notebook")

    async def _new(self) -> None:
        name = await ask_text(
            self._window.theme, self._window, self.tr("New notebook"), self.tr("Create"), check=self._free
        )
        if name is not None:
            notebook_id = await self._desk.node.create_notebook(name)
            self._desk.census_changed.emit()
            self._desk.go(InNotebook(notebook_id))

    def _free(self, name: str) -> str:
        taken = {notebook.name.casefold() for notebook in self._desk.node.notebooks()}
        return self.tr("There is a notebook of this name already.") if name.casefold() in taken else ""

    def rename(self, place: Place) -> None:
        """Asks for another name of a notebook or folder."""
        if isinstance(place, InNotebook):
            self._desk.start(self._rename(place), "rename")

    async def _rename(self, place: InNotebook) -> None:
        if place.folder:
            await self._rename_folder(place)
            return
        before = next(n.name for n in self._desk.notebooks() if n.notebook_id == place.notebook_id)

        def check(name: str) -> str:
            return "" if name.casefold() == before.casefold() else self._free(name)

        title = self.tr("Rename the notebook")
        name = await ask_text(self._window.theme, self._window, title, self.tr("Rename"), before, check=check)
        if name is not None and name != before:
            await self._desk.node.rename_notebook(place.notebook_id, name)

    async def _rename_folder(self, place: InNotebook) -> None:
        above, _, before = place.folder.rpartition("/")
        title = self.tr("Rename the folder")
        name = await ask_text(self._window.theme, self._window, title, self.tr("Rename"), before, check=self._one_name)
        if name is not None and name != before:
            await self._relocate(place, f"{above}/{name}" if above else name)

    def _one_name(self, name: str) -> str:
        return self.tr("A folder’s name has no slash in it.") if "/" in name or "\\" in name else ""

    def can_remove(self, place: InNotebook) -> bool:
        """Whether this notebook is one that its person may take away: his alone, and not the only one."""
        notebooks = self._desk.notebooks()
        mine = [notebook for notebook in notebooks if notebook.notebook_id == place.notebook_id and not notebook.shared]
        return not place.folder and bool(mine) and len(notebooks) > 1

    def remove(self, place: InNotebook) -> None:
        """Takes a notebook away, if the person agrees; its notes go to the trash."""
        self._desk.start(self._remove(place), "remove a notebook")

    async def _remove(self, place: InNotebook) -> None:
        notebook = next(n for n in self._desk.notebooks() if n.notebook_id == place.notebook_id)
        if notebook.notes:
            fate = self.tr("Its %n notes go to the trash. Restore one, and the notebook is back.", "", notebook.notes)
            title = self.tr("Remove “%1”?").replace("%1", notebook.name)
            if not await confirm(
                self._window.theme, self._window, title, fate, self.tr("Remove the notebook"), danger=True
            ):
                return
        gone = await self._desk.node.remove_notebook(place.notebook_id)
        self._desk.census_changed.emit()
        if isinstance(self._desk.place, InNotebook) and self._desk.place.notebook_id == place.notebook_id:
            self._desk.go(AllNotes())
        said = self.tr("“%1” is removed.").replace("%1", notebook.name)
        if gone:
            undo = self.tr("Undo")
            self._desk.say(said, undo, lambda: self._desk.start(self._bring_back(gone), "restore a notebook"))
        else:
            self._desk.say(said)

    async def _bring_back(self, note_ids: tuple[bytes, ...]) -> None:
        for note_id in note_ids:
            await self._desk.node.untrash(note_id)
        self._desk.census_changed.emit()

    def new_folder(self, place: Place) -> None:
        """Asks for a folder's name and begins a note in it."""
        if isinstance(place, InNotebook):
            self._desk.start(self._new_folder(place), "new folder")

    async def _new_folder(self, place: InNotebook) -> None:
        name = await ask_text(
            self._window.theme, self._window, self.tr("New folder"), self.tr("Create"), check=self._one_name
        )
        if name is not None:
            folder = f"{place.folder}/{name}" if place.folder else name
            await self._desk.node.add_folder(place.notebook_id, folder)
            self._desk.census_changed.emit()
            self._desk.go(InNotebook(place.notebook_id, folder))

    def remove_folder(self, place: InNotebook) -> None:
        """Takes a folder away; the notes in it move to the folder above."""
        self._desk.start(self._remove_folder(place), "remove a folder")

    async def _remove_folder(self, place: InNotebook) -> None:
        await self._desk.node.remove_folder(place.notebook_id, place.folder)
        above = place.folder.rpartition("/")[0]
        self._desk.go(InNotebook(place.notebook_id, above))
        self._desk.say(self.tr("The folder is gone; its notes moved up."))

    def move_folder(self, source: InNotebook, target: InNotebook) -> None:
        """A folder was dragged onto another place of its notebook."""
        name = source.folder.rsplit("/", 1)[-1]
        folder = f"{target.folder}/{name}" if target.folder else name
        self._desk.start(self._relocate(source, folder), "move a folder")

    async def _relocate(self, place: InNotebook, folder: str) -> None:
        await self._desk.node.rename_folder(place.notebook_id, place.folder, folder)
        self._desk.census_changed.emit()
        if self._desk.place == place:
            self._desk.go(InNotebook(place.notebook_id, folder))
