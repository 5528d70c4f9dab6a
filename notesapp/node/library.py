"""The list of all notes, in memory. Decides order, filters and what a person's words for a note mean; loads nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from notesapp.errors import AmbiguousNote, BadRequest, NoSuchNote, NoSuchNotebook
from notesapp.node.views import NotebookView, NoteFilter, NoteView

ALL = NoteFilter()
_PREFIX_LETTERS = 4  # of 32: a shorter one would hit by chance in a few hundred notes
_CANDIDATES = 8


class Library:
    """What every note looks like in a list. Changed by whoever saves cards; asked by screens at any time."""

    def __init__(self) -> None:
        self._views: dict[bytes, NoteView] = {}
        self._names: dict[bytes, str] = {}
        self._folders: dict[bytes, frozenset[str]] = {}
        self._sorted: list[NoteView] | None = None
        self.shared: set[bytes] = set()
        self.removed: set[bytes] = set()  # taken off the lists by their person; one with a note in it is back

    def put(self, views: Iterable[NoteView]) -> None:
        """New or changed notes."""
        for view in views:
            self._views[view.note_id] = view
        self._sorted = None

    def forget(self, note_id: bytes) -> None:
        """A note that no list shall know."""
        self._views.pop(note_id, None)
        self._sorted = None

    def forget_notebook(self, notebook_id: bytes) -> None:
        """A notebook that is none of ours any more, with its notes."""
        self._names.pop(notebook_id, None)
        self._folders.pop(notebook_id, None)
        for view in [view for view in self._views.values() if view.notebook_id == notebook_id]:
            self.forget(view.note_id)

    def put_notebook(self, notebook_id: bytes, name: str) -> None:
        """A new or renamed notebook."""
        self._names[notebook_id] = name

    def put_folders(self, notebook_id: bytes, folders: Iterable[str]) -> None:
        """All folders of a notebook that stay though they are empty."""
        self._folders[notebook_id] = frozenset(folders)

    def folders_of(self, notebook_id: bytes) -> frozenset[str]:
        """The folders of a notebook that stay though they are empty."""
        return self._folders.get(notebook_id, frozenset())

    def __len__(self) -> int:
        return len(self._views)

    def __iter__(self) -> Iterator[NoteView]:
        return iter(tuple(self._views.values()))

    def get(self, note_id: bytes) -> NoteView | None:
        """The note, or None."""
        return self._views.get(note_id)

    def note(self, note_id: bytes) -> NoteView:
        """The note; NoSuchNote."""
        view = self._views.get(note_id)
        if view is None:
            raise NoSuchNote(name=note_id.hex()[:8])
        return view

    def notes(self, wanted: NoteFilter = ALL) -> list[NoteView]:
        """The notes that `wanted` admits: pinned first, then the newest edit."""
        if self._sorted is None:
            self._sorted = sorted(self._views.values(), key=_order)
        return [view for view in self._sorted if wanted.admits(view)]

    def notebooks(self) -> tuple[NotebookView, ...]:
        """All notebooks by name."""
        notes: Counter[bytes] = Counter()
        trashed: Counter[bytes] = Counter()
        folders = {
            key: {above for path in made for above in _with_parents(path)} for key, made in self._folders.items()
        }
        for view in self._views.values():
            if not view.shown:
                continue
            (notes if view.trashed_ms is None else trashed)[view.notebook_id] += 1
            if view.trashed_ms is None and view.folder:
                folders.setdefault(view.notebook_id, set()).update(_with_parents(view.folder))
        gone = {key for key in self.removed - self.shared if not notes[key]}
        return tuple(
            NotebookView(
                notebook_id,
                name,
                notes[notebook_id],
                trashed[notebook_id],
                notebook_id in self.shared,
                tuple(sorted(folders.get(notebook_id, ()), key=str.casefold)),
            )
            for notebook_id, name in sorted(self._names.items(), key=lambda item: (item[1].casefold(), item[0]))
            if notebook_id not in gone
        )

    def listed(self) -> list[bytes]:
        """The ids of the notebooks that lists show."""
        return [view.notebook_id for view in self.notebooks()]

    def notebook(self, selector: str | bytes) -> bytes:
        """The notebook of this name, id or beginning of an id; NoSuchNotebook."""
        if isinstance(selector, bytes):
            if selector in self._names:
                return selector
            raise NoSuchNotebook(name=selector.hex()[:8])
        folded = selector.casefold()
        listed = self.listed()
        named = [key for key in listed if self._names[key].casefold() == folded]
        if not named and len(folded) >= _PREFIX_LETTERS:
            named = [key for key in listed if key.hex().startswith(folded)]
        if len(named) > 1:
            exact = [key for key in named if self._names[key] == selector]
            named = exact or named
        if not named:
            raise NoSuchNotebook(name=selector)
        if len(named) > 1:
            raise BadRequest(what=f"There are {len(named)} notebooks “{selector}”; use the beginning of an id.")
        return named[0]

    def name_of(self, notebook_id: bytes) -> str:
        """A notebook's name."""
        return self._names.get(notebook_id, "")

    def names(self) -> Mapping[bytes, str]:
        """All notebooks' names by id."""
        return dict(self._names)

    def tags(self) -> Mapping[str, int]:
        """How many notes outside the trash carry each tag."""
        found: Counter[str] = Counter()
        for view in self._views.values():
            if view.shown and view.trashed_ms is None:
                found.update(view.tags)
        return dict(sorted(found.items(), key=lambda item: item[0].casefold()))

    def find(self, selector: str, *, trashed: bool = False) -> NoteView:
        """The note that a person means: its id or 4 letters of it, title, file name or folder/name.

        Notes outside the trash (or, `trashed`, in it) are preferred; NoSuchNote, AmbiguousNote with the candidates.
        """
        named = _norm(selector)
        if not named:
            raise NoSuchNote(name=selector)
        shown = [view for view in self._views.values() if view.shown]
        rounds = (
            [view for view in shown if view.note_id.hex() == named],
            [view for view in shown if named in self._ways_to_say(view)],
            [view for view in shown if len(named) >= _PREFIX_LETTERS and view.note_id.hex().startswith(named)],
        )
        for found in rounds:
            here = [view for view in found if (view.trashed_ms is not None) == trashed] or found
            if len(here) == 1:
                return here[0]
            if here:
                raise AmbiguousNote(
                    name=selector, candidates=", ".join(map(self._label, sorted(here, key=_order)[:_CANDIDATES]))
                )
        raise NoSuchNote(name=selector)

    def _ways_to_say(self, view: NoteView) -> set[str]:
        path = view.path
        book = self._names.get(view.notebook_id, "")
        ways = {view.title, view.file_name, path, f"{book}/{path}", f"{view.folder}/{view.title}", *view.aliases}
        return {_norm(way) for way in ways if way.strip("/")}

    def _label(self, view: NoteView) -> str:
        place = "/".join(part for part in (self._names.get(view.notebook_id, ""), view.folder) if part)
        return f"{view.note_id.hex()[:8]} “{view.title or view.file_name}” in {place}"


def _norm(said: str) -> str:
    said = said.strip().strip("/").casefold()
    return said.removesuffix(".md")


def _order(view: NoteView) -> tuple[bool, int, bytes]:
    return (not view.pinned, -view.edited_ms, view.note_id)


def _with_parents(folder: str) -> Iterator[str]:
    parts = folder.split("/")
    return ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
