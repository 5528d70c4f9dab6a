"""Fits the editor into the window: its commands, find bar, completion, pictures and attachments, notices.

The editor knows no node; here it gets its answers from one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QObject, Signal
from PySide6.QtGui import QImage, QImageReader
from PySide6.QtWidgets import QVBoxLayout, QWidget

from notesapp.errors import NotesError
from notesapp.node.views import NoteFilter
from notesapp.ui.commands import Command, Commands
from notesapp.ui.desk import Desk
from notesapp.ui.dialogs.files import open_files
from notesapp.ui.editor.completion import Completion, Suggestion
from notesapp.ui.editor.find_bar import FindBar
from notesapp.ui.editor.keys import COMMANDS
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.editor.outline import Outline
from notesapp.ui.editor.pictures import Deliver
from notesapp.ui.editor.selection_bar import SelectionBar
from notesapp.ui.fuzzy import Names
from notesapp.ui.style.theme import Theme

PICTURE_LIMIT_BYTES = 60_000_000
PICTURE_LIMIT_MB = 512  # what a picture may take when it is unpacked; a 12,000 px panorama takes 200


class Editing(QObject):
    """The editor with everything around it that needs a node. `folders_dropped`: what is no attachment."""

    folders_dropped = Signal(list)

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__()
        self._desk = desk
        QImageReader.setAllocationLimit(PICTURE_LIMIT_MB)
        self.editor = NoteEdit(theme, pictures=self._picture)
        self.widget = QWidget()
        column = QVBoxLayout(self.widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.find_bar = FindBar(self.editor)
        column.addWidget(self.find_bar)
        column.addWidget(self.editor, 1)
        self.outline = Outline(self.editor)
        self.selection_bar = SelectionBar(self.editor)
        self.completion = Completion(self.editor, self._notes, self._tags)
        self.editor.notice.connect(desk.say_sentence)
        self.editor.attach_asked.connect(lambda items: desk.start(self._attach(items), "attach"))

    # -- commands

    def bind(self, commands: Commands) -> None:
        """Adds the editor's commands to the table; the editor reads their keys itself."""
        group = QCoreApplication.translate("Commands", "Text")
        for one in COMMANDS:
            title = QCoreApplication.translate("EditCommand", one.title)
            possible = partial(self._possible, one.writes)
            run = partial(self._run, one.name)
            commands.add(
                Command(f"edit.{one.name}", title, run, one.keys, group, one.icon or "pencil", possible, bound=False)
            )
        find, bar = QCoreApplication.translate("Commands", "Find"), self.find_bar
        shown = partial(self._possible, False)
        bars: tuple[tuple[str, str, Callable[[], object], str], ...] = (
            ("find.open", self.tr("Find in this note"), bar.open_find, "Ctrl+F"),
            ("find.replace", self.tr("Find and replace in this note"), bar.open_replace, "Ctrl+H"),
            ("find.next", self.tr("Next match"), partial(bar.step, 1), "F3"),
            ("find.previous", self.tr("Previous match"), partial(bar.step, -1), "Shift+F3"),
        )
        for name, title, opens, keys in bars:
            commands.add(Command(name, title, opens, (keys,), find, "search", shown))
        attach = self.tr("Attach files…")
        writes = partial(self._possible, True)
        commands.add(Command("edit.attach", attach, self.attach, (), group, "paperclip", writes, bound=False))
        commands.changed.connect(lambda: self._remap(commands))
        self._remap(commands)

    def _remap(self, commands: Commands) -> None:
        mine = commands.remapped.items()
        self.editor.keys.remap({name.removeprefix("edit."): keys for name, keys in mine if name.startswith("edit.")})

    def attach(self) -> None:
        """Asks for files and keeps them with the notebook."""
        self._desk.start(self._ask_files(), "attach")

    async def _ask_files(self) -> None:
        chosen = await open_files(self.widget, self.tr("Attach which files?"))
        await self._attach([str(path) for path in chosen])

    def _possible(self, writes: bool) -> bool:
        return self.editor.binding is not None and not (writes and self.editor.isReadOnly())

    def _run(self, name: str) -> None:
        self.editor.setFocus()
        self.editor.keys.run(name)

    # -- completion

    def _notes(self, typed: str) -> Sequence[Suggestion]:
        note = self._desk.note()
        if note is None:
            return ()
        views = sorted(
            (
                view
                for view in self._desk.node.notes(NoteFilter(notebook_id=note.notebook_id))
                if view.note_id != note.note_id and (view.file_name or view.title)
            ),
            key=lambda view: -view.edited_ms,
        )
        names = Names(view.title or view.file_name for view in views)
        found = [views[match.index] for match in names.best(typed, limit=20)]
        return [Suggestion(v.title or v.file_name, v.file_name or v.title, v.folder) for v in found]

    def _tags(self, typed: str) -> Sequence[Suggestion]:
        counts = self._desk.node.tags()
        tags = sorted(counts, key=lambda tag: (-counts[tag], tag))
        return [
            Suggestion(tags[match.index], tags[match.index], str(counts[tags[match.index]]))
            for match in Names(tags).best(typed, limit=20)
        ]

    # -- pictures and attachments

    def _picture(self, name: str, deliver: Deliver) -> None:
        note = self._desk.note()
        if note is None or "://" in name:
            deliver(None)  # nothing is fetched from the net because a note says so
            return
        self._desk.start(self._read(note.notebook_id, name, deliver), "show a picture")

    async def _read(self, notebook_id: bytes, name: str, deliver: Deliver) -> None:
        try:
            data = await self._desk.node.read_attachment(notebook_id, name)
        except NotesError:
            deliver(None)
            return
        deliver(decode(data) or QImage())

    async def _attach(self, items: Sequence[object]) -> None:
        note = self._desk.note()
        folders = [item for item in items if _is_folder(item)]
        if folders:
            self.folders_dropped.emit(folders)
        if note is None:
            return
        for item in items:
            if item in folders:
                continue
            if isinstance(item, QImage):
                name = self.tr("Picture") + ".png"
                view = await self._desk.node.attach(note.notebook_id, encode(item), name)
            else:
                view = await self._desk.node.attach(note.notebook_id, Path(str(item)))
            self.editor.pictures.forget(view.name)
            if self._desk.note_id == note.note_id:
                label = Path(view.name).name
                called = view.mime.startswith("image/")
                shown = called and (isinstance(item, QImage) or QImageReader(str(item)).canRead())
                self.editor.insert_attachment(view.name, label, picture=shown)
                if called and not shown:
                    self._desk.say(self.tr("“%1” is kept, but it can’t be shown as a picture.").replace("%1", label))


def _is_folder(item: object) -> bool:
    return isinstance(item, str) and Path(item).is_dir()


def decode(data: bytes) -> QImage | None:
    """A picture from bytes; None if it is none, or one that would not fit."""
    if len(data) > PICTURE_LIMIT_BYTES:
        return None
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    image = reader.read()
    return None if image.isNull() else image


def encode(image: QImage) -> bytes:
    """A picture as PNG bytes."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload] # the stub wants bytes for the format and Qt a text
    return bytes(buffer.data().data())
