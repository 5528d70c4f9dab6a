"""The rows of the sidebar as a Qt model: fixed places, notebooks with folders, tags, trash. Paints nothing.

A small tree (hundreds of rows) that is rebuilt when it differs; open branches and the current row live in the view.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from PySide6.QtCore import QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel

from notesapp.node.views import NotebookView, NoteView
from notesapp.ui.parts import plain_tip
from notesapp.ui.places import AllNotes, Favourites, InNotebook, Place, Shared, Tagged, Trash

NOTES_MIME = "application/x-notesapp-notes"
FOLDER_MIME = "application/x-notesapp-folder"

AnyIndex = QModelIndex | QPersistentModelIndex


class Kind(Enum):
    """What a row is; decides its height and how it is drawn."""

    PLACE = auto()
    NOTEBOOK = auto()
    FOLDER = auto()
    TAG = auto()
    SECTION = auto()
    GAP = auto()


class Role:
    """Item data beside Qt's own."""

    KIND = Qt.ItemDataRole.UserRole + 1
    PLACE = Qt.ItemDataRole.UserRole + 2
    ICON = Qt.ItemDataRole.UserRole + 3
    COUNT = Qt.ItemDataRole.UserRole + 4
    LEVEL = Qt.ItemDataRole.UserRole + 5
    ADD = Qt.ItemDataRole.UserRole + 6  # the name of the command behind a section's plus


@dataclass(frozen=True, slots=True)
class Branch:
    """One row to be shown, with the rows below it."""

    kind: Kind
    text: str
    place: Place | None = None
    icon: str = ""
    count: int | None = None
    add: str = ""
    children: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class NotebookRow:
    """A notebook as the sidebar needs it: notes per folder path (`""` = top), not counting the trash."""

    notebook_id: bytes
    name: str
    per_folder: Mapping[str, int]
    folders: tuple[str, ...] = ()
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Census:
    """All counts that the sidebar shows."""

    all_notes: int = 0
    shared: int = 0
    favourites: int = 0
    trash: int = 0
    notebooks: tuple[NotebookRow, ...] = ()
    tags: Mapping[str, int] = field(default_factory=dict)


def census_of(notebooks: Sequence[NotebookView], views: Sequence[NoteView], stars: Collection[str]) -> Census:
    """What the sidebar counts; `stars`: ids (hex) of favourites."""
    # Thousands of notes lie in few folders and carry few sets of tags: what is equal is counted first, then looked at.
    per_folder: dict[bytes, Counter[str]] = {one.notebook_id: Counter() for one in notebooks}
    for (notebook_id, folder), count in Counter([(view.notebook_id, view.folder) for view in views]).items():
        if notebook_id in per_folder:
            per_folder[notebook_id][folder] += count
    shared = {one.notebook_id for one in notebooks if one.shared}
    return Census(
        all_notes=len(views),
        shared=sum(per_folder[notebook_id].total() for notebook_id in shared),
        favourites=sum(view.note_id.hex() in stars for view in views) if stars else 0,
        trash=sum(one.trashed for one in notebooks),
        notebooks=tuple(
            NotebookRow(one.notebook_id, one.name, per_folder[one.notebook_id], one.folders, one.shared)
            for one in notebooks
        ),
        tags=tag_counts(view.tags for view in views),
    )


def folder_branches(notebook: NotebookRow) -> tuple[Branch, ...]:
    """The folders of one notebook as a tree; a folder counts what is below it, too."""
    paths: set[str] = set()
    for path in (*notebook.folders, *notebook.per_folder):
        parts = [part for part in path.split("/") if part]
        paths.update("/".join(parts[: depth + 1]) for depth in range(len(parts)))

    def below(parent: str) -> tuple[Branch, ...]:
        depth = parent.count("/") + 1 if parent else 0
        here = sorted(
            (path for path in paths if path.count("/") == depth and path.startswith(f"{parent}/" if parent else "")),
            key=str.casefold,
        )
        return tuple(
            Branch(
                Kind.FOLDER,
                path.rsplit("/", 1)[-1],
                InNotebook(notebook.notebook_id, path),
                "folder",
                sum(n for at, n in notebook.per_folder.items() if at == path or at.startswith(path + "/")),
                children=below(path),
            )
            for path in here
        )

    return below("")


def tag_counts(notes: Iterable[Iterable[str]]) -> dict[str, int]:
    """How many notes are under each tag, given each note's tags; `a/b` is under `a` too."""
    found: Counter[str] = Counter()
    for tags, count in Counter([tuple(tags) for tags in notes]).items():
        for above in {tag[:end] for tag in tags for end in (*_slashes(tag), len(tag))}:
            found[above] += count
    return dict(found)


def _slashes(tag: str) -> list[int]:
    return [at for at, letter in enumerate(tag) if letter == "/"]


def tag_branches(tags: Mapping[str, int]) -> tuple[Branch, ...]:
    """Tags as a tree; `a/b` makes a row `a` even if no note carries `a` alone."""
    names: dict[str, str] = {}  # each row's path, and the tag that it stands for: `/a` and `a//b` are tags, too
    for tag in sorted(tags):
        parts = [part for part in tag.split("/") if part]
        for depth in range(1, len(parts)):
            names.setdefault("/".join(parts[:depth]), "/".join(parts[:depth]))
        names["/".join(parts)] = tag
    names.pop("", None)

    def below(parent: str) -> tuple[Branch, ...]:
        depth = parent.count("/") + 1 if parent else 0
        start = f"{parent}/" if parent else ""
        here = sorted((n for n in names if n.count("/") == depth and n.startswith(start)), key=str.casefold)
        return tuple(
            Branch(
                Kind.TAG,
                name.rsplit("/", 1)[-1],
                Tagged(names[name]),
                "hash",
                tags.get(names[name]),
                children=below(name),
            )
            for name in here
        )

    return below("")


class SidebarModel(QStandardItemModel):
    """The sidebar's tree. Drops are told as (ids, place), (source folder, target folder), (paths, place)."""

    notes_dropped = Signal(list, object)
    folder_dropped = Signal(object, object)
    files_dropped = Signal(list, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Branch, ...] = ()

    def show(self, census: Census) -> bool:
        """Rebuilds the tree if anything differs; True when it did."""
        branches = self._branches(census)
        if branches == self._shown:
            return False
        self._shown = branches
        self.clear()
        for branch in branches:
            self.appendRow(self._item(branch, 0))
        return True

    def _branches(self, census: Census) -> tuple[Branch, ...]:
        rows = [Branch(Kind.PLACE, self.tr("All notes"), AllNotes(), "inbox", census.all_notes)]
        if any(notebook.shared for notebook in census.notebooks):
            rows.append(Branch(Kind.PLACE, self.tr("Shared"), Shared(), "users", census.shared))
        rows.append(Branch(Kind.PLACE, self.tr("Favourites"), Favourites(), "star", census.favourites or None))
        rows.append(Branch(Kind.SECTION, self.tr("Notebooks"), add="notebook.new"))
        rows += [
            Branch(
                Kind.NOTEBOOK,
                notebook.name,
                InNotebook(notebook.notebook_id),
                "notebook",
                sum(notebook.per_folder.values()),
                children=folder_branches(notebook),
            )
            for notebook in census.notebooks
        ]
        if census.tags:
            rows += [Branch(Kind.SECTION, self.tr("Tags")), *tag_branches(census.tags)]
        rows.append(Branch(Kind.GAP, ""))
        rows.append(Branch(Kind.PLACE, self.tr("Trash"), Trash(), "trash-2", census.trash or None))
        return tuple(rows)

    def _item(self, branch: Branch, level: int) -> QStandardItem:
        item = QStandardItem(branch.text)
        item.setData(branch.kind, Role.KIND)
        item.setData(branch.place, Role.PLACE)
        item.setData(branch.icon, Role.ICON)
        item.setData(branch.count, Role.COUNT)
        item.setData(level, Role.LEVEL)
        item.setData(branch.add, Role.ADD)
        item.setEditable(False)
        if branch.kind in (Kind.SECTION, Kind.GAP):
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        spoken = branch.text if branch.count is None else self.tr("%1, %n notes", "", branch.count)
        item.setData(spoken.replace("%1", branch.text), Qt.ItemDataRole.AccessibleTextRole)
        item.setToolTip(plain_tip(branch.text) if len(branch.text) > 22 else "")
        for child in branch.children:
            item.appendRow(self._item(child, level + 1))
        return item

    def index_of(self, place: Place) -> QModelIndex:
        """The row of a place, or an invalid index."""
        return next((index for index in self.walk() if index.data(Role.PLACE) == place), QModelIndex())

    def walk(self, parent: QModelIndex | None = None) -> Iterable[QModelIndex]:
        """All rows, from the top down."""
        above = QModelIndex() if parent is None else parent
        for row in range(self.rowCount(above)):
            index = self.index(row, 0, above)
            yield index
            yield from self.walk(index)

    # -- dragging

    def mimeTypes(self) -> list[str]:
        return [NOTES_MIME, FOLDER_MIME, "text/uri-list"]

    def mimeData(self, indexes: object) -> QMimeData:
        data = QMimeData()
        for index in indexes:  # type: ignore[attr-defined] # the stub says Sequence[QModelIndex] and means any iterable
            place = index.data(Role.PLACE)
            if isinstance(place, InNotebook) and place.folder:
                data.setData(FOLDER_MIME, f"{place.notebook_id.hex()}:{place.folder}".encode())
        return data

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction | Qt.DropAction.MoveAction

    def canDropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: AnyIndex) -> bool:
        place = parent.data(Role.PLACE)
        if data.hasFormat(NOTES_MIME):
            return isinstance(place, InNotebook | Trash | Favourites | Tagged)
        if data.hasFormat(FOLDER_MIME):
            source = folder_of(data)
            return (
                isinstance(place, InNotebook)
                and source is not None
                and place.notebook_id == source.notebook_id
                and place != source
                and not place.folder.startswith(source.folder + "/")
            )
        return data.hasUrls() and isinstance(place, InNotebook)

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: AnyIndex) -> bool:
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        place = parent.data(Role.PLACE)
        if data.hasFormat(NOTES_MIME):
            self.notes_dropped.emit(notes_of(data), place)
        elif data.hasFormat(FOLDER_MIME):
            self.folder_dropped.emit(folder_of(data), place)
        else:
            self.files_dropped.emit(local_paths(data.urls()), place)
        # Nothing is removed from the source here: the node moves it and the lists follow.
        return False


def notes_of(data: QMimeData) -> list[bytes]:
    """The note ids that are being dragged (16 bytes each)."""
    raw = bytes(data.data(NOTES_MIME).data())
    return [raw[at : at + 16] for at in range(0, len(raw) - len(raw) % 16, 16)]


def folder_of(data: QMimeData) -> InNotebook | None:
    """The folder that is being dragged."""
    number, _, folder = bytes(data.data(FOLDER_MIME).data()).decode("utf-8", "replace").partition(":")
    try:
        return InNotebook(bytes.fromhex(number), folder)
    except ValueError:
        return None


def local_paths(urls: Iterable[QUrl]) -> list[str]:
    """The files on this computer among dropped addresses."""
    return [url.toLocalFile() for url in urls if url.isLocalFile()]
