"""What lists show of notes and notebooks, as values, and their form on disk. Decides the card's fields and version."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

_CARD_VERSION = 1


class NoteView(msgspec.Struct, frozen=True, array_like=True):
    """A note as lists show it; kept on disk beside its text, so that no note is loaded to list it.

    Times are ms since 1970 by this device's clock; `edited_ms` is the newest edit that this device saw.
    """

    note_id: bytes
    notebook_id: bytes
    title: str = ""
    snippet: str = ""
    tags: tuple[str, ...] = ()
    folder: str = ""
    file_name: str = ""
    created_ms: int = 0
    edited_ms: int = 0
    pinned: bool = False
    trashed_ms: int | None = None
    words: int = 0
    tasks_open: int = 0
    tasks_done: int = 0
    size_chars: int = 0
    aliases: tuple[str, ...] = ()
    moved_to: bytes | None = None
    deleted: bool = False
    kept_ms: int | None = None  # when it was put into the trash though it was being edited elsewhere

    @property
    def shown(self) -> bool:
        """Whether any list may show it: not erased, not moved elsewhere."""
        return not self.deleted and self.moved_to is None

    @property
    def kept(self) -> bool:
        """Whether it is here only because somebody edited it while it was trashed: say so (`notebook.KEPT_BY_EDIT`)."""
        return self.kept_ms is not None

    @property
    def path(self) -> str:
        """Folder and file name, as a person writes them."""
        return f"{self.folder}/{self.file_name}" if self.folder else self.file_name


class AttachmentView(msgspec.Struct, frozen=True):
    """An attachment of a notebook: its relative path, size in bytes and kind."""

    attachment_id: bytes
    notebook_id: bytes
    name: str
    size: int
    mime: str
    added_ms: int


@dataclass(frozen=True, slots=True)
class NotebookView:
    """A notebook as the sidebar shows it; counts are of notes not in the trash, and of those in it."""

    notebook_id: bytes
    name: str
    notes: int
    trashed: int
    shared: bool
    folders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoteFilter:
    """Which notes to list: all outside the trash unless something is said. `folder` and `tag` include nested."""

    notebook_id: bytes | None = None
    folder: str | None = None
    tag: str | None = None
    pinned: bool | None = None
    trashed: bool = False

    def admits(self, view: NoteView) -> bool:
        """Whether this note is wanted."""
        if not view.shown or (view.trashed_ms is not None) != self.trashed:
            return False
        return (
            (self.notebook_id is None or view.notebook_id == self.notebook_id)
            and (self.pinned is None or view.pinned == self.pinned)
            and (self.folder is None or _within(view.folder, self.folder))
            and (self.tag is None or any(_within(tag.casefold(), self.tag.casefold()) for tag in view.tags))
        )


def _within(path: str, wanted: str) -> bool:
    return path == wanted or path.startswith(f"{wanted}/") or not wanted


def to_card(view: NoteView) -> bytes:
    """The view's bytes on disk."""
    return msgspec.msgpack.encode((_CARD_VERSION, view))


def from_card(data: bytes) -> NoteView | None:
    """The view that these bytes hold; None if an other version wrote them (then it is read from the notes again)."""
    try:
        version, view = _DECODER.decode(data)
    except msgspec.MsgspecError:
        return None
    return view if version == _CARD_VERSION else None


_DECODER = msgspec.msgpack.Decoder(tuple[int, NoteView])
