"""What can be done to notes: new, duplicate, rename, move, tag, pin, star, trash, restore, delete for ever."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from notesapp.node.views import NoteView
from notesapp.ui.desk import Desk
from notesapp.ui.dialogs.ask import ask_text, confirm
from notesapp.ui.dialogs.picker import Choice, Picker
from notesapp.ui.fuzzy import Names
from notesapp.ui.places import Favourites, InNotebook, Place, Tagged, Trash
from notesapp.ui.window import Pane, Window
from notesapp.ui.writing import Writing


class NoteActs(QObject):
    """The acts; those on several notes take the chosen rows of the list, else the open note."""

    def __init__(self, desk: Desk, window: Window, writing: Writing) -> None:
        super().__init__(window)
        self._desk, self._window, self._writing = desk, window, writing

    # -- which notes

    def chosen(self) -> list[NoteView]:
        """The notes that an act is meant for."""
        ids = self._window.list.selected_ids()
        # Rows can be chosen without the open note; who writes in that one means it.
        writes = self._window.editor.hasFocus() and self._desk.note_id not in ids
        if self._desk.note_id is not None and (writes or not ids):
            ids = [self._desk.note_id]
        views = (self._desk.view(note_id) for note_id in ids)
        return [view for view in views if view is not None]

    def has_note(self) -> bool:
        """Whether there is a note to act on, outside the trash."""
        return any(view.trashed_ms is None for view in self.chosen())

    def has_trashed(self) -> bool:
        """Whether a note in the trash is chosen."""
        return any(view.trashed_ms is not None for view in self.chosen())

    def can_delete(self) -> bool:
        """Whether what is chosen of the trash can be deleted without the rest of it."""
        return self.has_trashed()

    # -- making

    def new(self) -> None:
        """A new note where the person is, with the caret in it; the open one if nothing is in it yet."""
        note = self._desk.note()
        if note is not None and note.trashed_ms is None and self._writing.is_blank(note.note_id):
            self._window.show_alone(Pane.NOTE)
            self._window.editor.setFocus()
            return
        self._desk.start(self.make(), "new note")

    async def titled(self, title: str) -> bytes:
        """A new note that begins with a heading, the caret below it."""
        note_id = await self.make(f"# {title}\n\n")
        self._writing.go_to(len(title) + 4)
        return note_id

    async def make(self, text: str = "") -> bytes:
        """Makes a note in the place, goes there and puts the caret into it."""
        home = self._desk.home()
        place = self._desk.place
        if isinstance(place, Tagged) and not text:
            text = f"\n\n#{place.tag}\n"
        note_id = await self._desk.node.begin_note(home.notebook_id, text, home.folder)
        if isinstance(place, Trash | Favourites) or not self._in_place(note_id):
            self._desk.go(home)
        self._desk.list_changed.emit()
        self._desk.open(note_id)
        self._window.show_alone(Pane.NOTE)
        self._window.editor.setFocus()
        return note_id

    def _in_place(self, note_id: bytes) -> bool:
        return any(row.note.note_id == note_id for row in self._desk.rows())

    def duplicate(self) -> None:
        """A copy beside the note, named after it."""
        self._desk.start(self._duplicate(self.chosen()), "duplicate")

    async def _duplicate(self, views: Sequence[NoteView]) -> None:
        made = None
        for view in views:
            text = await self._desk.node.stored_text(view.note_id)
            name = self.tr("%1 (copy)").replace("%1", view.file_name or view.title)
            made = await self._desk.node.create_note(view.notebook_id, text, view.folder, name)
        if made is not None:
            self._desk.list_changed.emit()
            self._desk.open(made)

    # -- naming and moving

    def rename(self) -> None:
        """Asks for another name; links to the note follow."""
        note = self._desk.note()
        if note is not None:
            self._desk.start(self._rename(note), "rename")

    async def _rename(self, note: NoteView) -> None:
        title = self.tr("Rename the note")
        name = await ask_text(self._window.theme, self._window, title, self.tr("Rename"), note.title or note.file_name)
        if name is None or name == note.title:
            return
        done = await self._desk.node.rename(note.note_id, name)
        said = self.tr("Renamed to “%1”").replace("%1", name)
        if done.links_changed:
            said += self.tr("; %n links updated", "", done.links_changed)
        self._desk.say(said)

    def move(self) -> None:
        """Asks where to, and moves the chosen notes there."""
        self._desk.start(self._move(self.chosen()), "move")

    async def _move(self, views: Sequence[NoteView]) -> None:
        if not views:
            return
        places: list[tuple[str, InNotebook]] = []
        for notebook in self._desk.notebooks():
            places.append((notebook.name, InNotebook(notebook.notebook_id)))
            for folder in notebook.folders:
                path = f"{notebook.name} / {folder.replace('/', ' / ')}"
                places.append((path, InNotebook(notebook.notebook_id, folder)))
        names = Names(name for name, _ in places)

        def find(typed: str) -> list[Choice]:
            return [
                Choice(
                    places[match.index][0],
                    places[match.index][1],
                    "folder" if places[match.index][1].folder else "notebook",
                    marks=match.marks,
                )
                for match in names.best(typed)
            ]

        picker = Picker(
            self._window.theme, self._window, self.tr("Move to…"), find, nothing=self.tr("No such notebook or folder")
        )
        place = await picker.pick()
        if isinstance(place, InNotebook):
            await self._put([view.note_id for view in views], place)

    def drop(self, note_ids: list[bytes], place: Place) -> None:
        """Notes were dragged onto a row of the sidebar."""
        self._desk.start(self._put(note_ids, place), "drop notes")

    async def _put(self, note_ids: Sequence[bytes], place: Place) -> None:
        match place:
            case InNotebook(notebook_id, folder):
                undo: list[tuple[bytes, InNotebook]] = []
                for note_id in note_ids:
                    view = self._desk.view(note_id)
                    if view is not None and (view.notebook_id, view.folder) != (notebook_id, folder):
                        undo.append((await self._put_one(view, place), InNotebook(view.notebook_id, view.folder)))
                if undo:
                    self._desk.say(
                        self.tr("%n notes moved", "", len(undo)),
                        self.tr("Undo"),
                        lambda: self._desk.start(self._put_back(undo), "move back"),
                    )
            case Trash():
                await self._trash(note_ids)
            case Tagged(tag):
                for note_id in note_ids:
                    await self._desk.node.tag(note_id, add=(tag,))
            case Favourites():
                self._star(note_ids, True)
            case _:
                pass

    async def _put_back(self, moved: Sequence[tuple[bytes, InNotebook]]) -> None:
        for note_id, place in moved:
            view = self._desk.view(note_id)
            if view is not None:
                await self._put_one(view, place)

    async def _put_one(self, view: NoteView, place: InNotebook) -> bytes:
        """Moves a note; its id there."""
        if view.notebook_id == place.notebook_id:
            await self._desk.node.set_folder(view.note_id, place.folder)
            return view.note_id
        # In another notebook it is another note: star and table follow it.
        was_open = self._desk.note_id == view.note_id
        moved = await self._desk.node.move_to_notebook(view.note_id, place.notebook_id, place.folder)
        if self._desk.is_favourite(view.note_id):
            self._star([view.note_id], False)
            self._star([moved], True)
        if was_open:
            self._desk.find_and_open(moved)
        return moved

    # -- marks

    def pin(self) -> None:
        """Pins the chosen notes to the top, or takes the pins off if all have one."""
        views = self.chosen()
        on = not all(view.pinned for view in views)
        self._desk.start(self._pin(views, on), "pin")

    async def _pin(self, views: Sequence[NoteView], on: bool) -> None:
        for view in views:
            await self._desk.node.pin(view.note_id, on)

    def favourite(self) -> None:
        """Stars the chosen notes on this computer, or takes the stars away if all have one."""
        ids = [view.note_id for view in self.chosen()]
        self._star(ids, not all(self._desk.is_favourite(note_id) for note_id in ids))

    def _star(self, note_ids: Sequence[bytes], on: bool) -> None:
        stars = self._desk.settings.now.favourites
        for note_id in note_ids:
            word = note_id.hex()
            if on and word not in stars:
                stars.append(word)
            elif not on and word in stars:
                stars.remove(word)
        self._desk.settings.save()
        self._desk.refresh()

    # -- the trash

    def trash(self) -> None:
        """Moves the chosen notes to the trash; those that lie there already are asked about."""
        views = self.chosen()
        if views and all(view.trashed_ms is not None for view in views):
            self.delete()
            return
        self._desk.start(self._trash([view.note_id for view in views if view.trashed_ms is None]), "trash")

    async def _trash(self, note_ids: Sequence[bytes]) -> None:
        if not note_ids:
            return
        after = self._neighbour(note_ids)
        for note_id in note_ids:
            await self._desk.node.trash(note_id)
        if self._desk.note_id in note_ids:
            self._desk.open(after)
        undo = list(note_ids)
        self._desk.say(
            self.tr("%n notes moved to the trash", "", len(note_ids)),
            self.tr("Undo"),
            lambda: self._desk.start(self._restore(undo), "restore"),
        )

    def _neighbour(self, gone: Sequence[bytes]) -> bytes | None:
        """The note that is shown when these are gone: the next one below, else above."""
        ids = [row.note.note_id for row in self._desk.rows()]
        at = next((number for number, note_id in enumerate(ids) if note_id in gone), 0)
        left = [note_id for note_id in ids if note_id not in gone]
        return left[min(at, len(left) - 1)] if left else None

    def restore(self) -> None:
        """Takes the chosen notes out of the trash."""
        self._desk.start(self._restore([view.note_id for view in self.chosen()]), "restore")

    async def _restore(self, note_ids: Sequence[bytes]) -> None:
        for note_id in note_ids:
            await self._desk.node.untrash(note_id)
        if note_ids:
            self._desk.find_and_open(note_ids[0])

    def delete(self) -> None:
        """Asks, then deletes the chosen notes of the trash for ever."""
        views = [view for view in self.chosen() if view.trashed_ms is not None]
        if views and self.can_delete():
            self._desk.start(self._delete(views), "delete for ever")

    async def _delete(self, views: Sequence[NoteView]) -> None:
        sure = await confirm(
            self._window.theme,
            self._window,
            self.tr("Delete %n notes for ever?", "", len(views)),
            self.tr(
                "They are erased here at once, and on other devices that have them 30 days after those hear "
                "of it. Only a backup brings them back."
            ),
            self.tr("Delete for ever"),
            danger=True,
        )
        if sure:
            after = self._neighbour([view.note_id for view in views])
            ids = [view.note_id for view in views]
            await self._desk.node.delete(ids)
            self._desk.open(after)

    def empty_trash(self) -> None:
        """Asks, then deletes everything in the trash for ever."""
        self._desk.start(self._empty_trash(), "empty the trash")

    async def _empty_trash(self) -> None:
        sure = await confirm(
            self._window.theme,
            self._window,
            self.tr("Empty the trash?"),
            self.tr(
                "Its notes are erased here at once, and on other devices that have them 30 days after those hear "
                "of it. Only a backup brings them back."
            ),
            self.tr("Empty the trash"),
            danger=True,
        )
        if sure:
            gone = await self._desk.node.empty_trash()
            self._desk.say(self.tr("%n notes deleted for ever", "", gone))
