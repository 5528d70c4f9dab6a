"""What a command works with, and how it comes into the table. Knows no command."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from notesapp.control.calls import Call
from notesapp.control.rows import NoteRow
from notesapp.node.node import Node
from notesapp.node.views import NoteView

R = TypeVar("R")
C = TypeVar("C", bound=Call[Any])
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with: the node, the caller's folder, and who watches."""

    node: Node
    cwd: str
    progress: Progress

    def path(self, said: str) -> Path:
        """A path as the caller means it."""
        return (Path(self.cwd) / Path(said).expanduser()).absolute()

    def notebook(self, said: str | None) -> bytes:
        """The notebook that the caller means; nobody's word means the first one."""
        return self.node.default_notebook if said is None else self.node.find_notebook(said)

    def row(self, view: NoteView) -> NoteRow:
        """A note as it travels."""
        return NoteRow(
            id=view.note_id.hex(),
            title=view.title,
            notebook=self.node.notebook_name(view.notebook_id),
            folder=view.folder,
            file_name=view.file_name,
            tags=view.tags,
            snippet=view.snippet,
            created_ms=view.created_ms,
            edited_ms=view.edited_ms,
            pinned=view.pinned,
            trashed_ms=view.trashed_ms,
            words=view.words,
            tasks_open=view.tasks_open,
            tasks_done=view.tasks_done,
        )

    def note(self, note_id: bytes) -> NoteRow:
        """A note as it is now."""
        return self.row(self.node.note(note_id))


Act = Callable[[Desk, Any], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the table: its name, what is asked, what is answered, and who does it."""

    name: str
    asks: type[Call[Any]]
    answer: Any
    act: Act


TABLE: dict[str, Command] = {}
BY_CALL: dict[type[Call[Any]], Command] = {}


def command(act: Callable[[Desk, C], Awaitable[R]]) -> Callable[[Desk, C], Awaitable[R]]:
    """Puts a function into the table, under its own name with dashes."""
    hints = get_type_hints(act)
    name = act.__name__.strip("_").replace("_", "-")
    line = Command(name, hints["call"], hints["return"], act)
    TABLE[name] = BY_CALL[line.asks] = line
    return act
