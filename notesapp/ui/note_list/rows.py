"""The notes of one place as a Qt model. Decides order and the smallest change that leads from the old rows to the new.

10,000 rows: nothing is built per row but the row itself; Qt asks only for what is on the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from notesapp.node.views import NoteView
from notesapp.ui.faces.avatar import Face
from notesapp.ui.faces.phrases import names
from notesapp.ui.sidebar.tree import NOTES_MIME
from notesapp.ui.when import short_time

AnyIndex = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Row:
    """A note in the list. `marks`: ranges of the snippet that a search found; `home`: notebook and folder, if told.

    `people`: who else is in it now; `unread`: changed by others since this person looked.
    """

    note: NoteView
    favourite: bool = False
    snippet: str | None = None
    marks: tuple[tuple[int, int], ...] = ()
    home: str = ""
    people: tuple[Face, ...] = ()
    unread: bool = False

    @property
    def text(self) -> str:
        """What is written below the title."""
        return self.note.snippet if self.snippet is None else self.snippet


def sort_key(order: str) -> Callable[[Row], tuple[object, ...]]:
    """The key for `edited`, `created` or `title`; pinned notes stand first in each."""
    match order:
        case "created":
            return lambda row: (not row.note.pinned, -row.note.created_ms, row.note.note_id)
        case "title":
            return lambda row: (not row.note.pinned, row.note.title.casefold(), row.note.note_id)
        case _:
            return lambda row: (not row.note.pinned, -row.note.edited_ms, row.note.note_id)


class NoteRows(QAbstractListModel):
    """The model behind the list. `show` keeps scroll and selection wherever the change allows it."""

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._rows: list[Row] = []
        self.draggable = True

    @property
    def rows(self) -> Sequence[Row]:
        return self._rows

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.note.title or self.tr("Untitled")
            case _ if role == ROW:
                return row
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.spoken(row)
            case _:
                return None

    def spoken(self, row: Row) -> str:
        """The row as a screen reader says it."""
        said = [row.note.title or self.tr("Untitled")]
        if row.unread:
            said.append(self.tr("changed since you looked"))
        if row.people:
            said.append(self.tr("%1 here now").replace("%1", names([face.name for face in row.people])))
        if row.note.pinned:
            said.append(self.tr("pinned"))
        if row.favourite:
            said.append(self.tr("favourite"))
        said.append(short_time(row.note.edited_ms, self._now_ms()))
        said += [f"#{tag}" for tag in row.note.tags]
        return ", ".join(said)

    def note_at(self, index: AnyIndex) -> NoteView:
        """The note of one row; IndexError outside."""
        return self._rows[index.row()].note

    def index_of(self, note_id: bytes) -> QModelIndex:
        """The row of a note, or an invalid index."""
        for at, row in enumerate(self._rows):
            if row.note.note_id == note_id:
                return self.index(at)
        return QModelIndex()

    def show(self, rows: Iterable[Row]) -> bool:
        """Shows these rows in this order; True if it had to reset (the view then selects and scrolls anew)."""
        new = list(rows)
        old_ids = [row.note.note_id for row in self._rows]
        new_ids = [row.note.note_id for row in new]
        if old_ids == new_ids:
            self._replace(new)
            return False
        start = _common(old_ids, new_ids)
        end = _common(old_ids[start:][::-1], new_ids[start:][::-1])
        gone, come = old_ids[start : len(old_ids) - end], new_ids[start : len(new_ids) - end]
        if not come:
            self.beginRemoveRows(QModelIndex(), start, start + len(gone) - 1)
            del self._rows[start : start + len(gone)]
            self.endRemoveRows()
        elif not gone:
            self.beginInsertRows(QModelIndex(), start, start + len(come) - 1)
            self._rows[start:start] = new[start : start + len(come)]
            self.endInsertRows()
        elif len(gone) == len(come) and gone[:-1] == come[1:] and gone[-1] == come[0]:
            self._move(start + len(gone) - 1, start)
        elif len(gone) == len(come) and gone[1:] == come[:-1] and gone[0] == come[-1]:
            self._move(start, start + len(gone) - 1)
        else:
            self.beginResetModel()
            self._rows = new
            self.endResetModel()
            return True
        self._replace(new)
        return False

    def renew(self, note: NoteView) -> None:
        """One note's facts changed; its place in the list is the next `show`'s."""
        index = self.index_of(note.note_id)
        if index.isValid():
            self._rows[index.row()] = replace(self._rows[index.row()], note=note)
            self.dataChanged.emit(index, index)

    def _move(self, source: int, target: int) -> None:
        # Qt counts the target as if the row were still in its old place.
        self.beginMoveRows(QModelIndex(), source, source, QModelIndex(), target + (1 if target > source else 0))
        self._rows.insert(target, self._rows.pop(source))
        self.endMoveRows()

    def _replace(self, new: list[Row]) -> None:
        changed = [
            at
            for at, (before, after) in enumerate(zip(self._rows, new, strict=True))
            if before is not after and before != after
        ]
        self._rows = new
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))

    # -- dragging

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        kept = super().flags(index)
        return kept | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() and self.draggable else kept

    def mimeTypes(self) -> list[str]:
        return [NOTES_MIME]

    def mimeData(self, indexes: object) -> QMimeData:
        data = QMimeData()
        chosen = sorted({index.row() for index in indexes})  # type: ignore[attr-defined] # an iterable of QModelIndex
        notes = [self._rows[row].note for row in chosen]
        data.setData(NOTES_MIME, b"".join(note.note_id for note in notes))
        data.setText("\n".join(note.title for note in notes))
        return data

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction | Qt.DropAction.MoveAction


def _common(one: Sequence[bytes], other: Sequence[bytes]) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length
