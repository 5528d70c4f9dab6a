"""The commands: one small function each over a node, the same through the socket and in this process.

Decides what a call means and what it answers; typing and printing are the skins' matter, the work is the node's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import msgspec

from notesapp.control.calls import Call
from notesapp.control.rows import NoteRow
from notesapp.errors import BadRequest
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
_BY_CALL: dict[type[Call[Any]], Command] = {}


def command(act: Callable[[Desk, C], Awaitable[R]]) -> Callable[[Desk, C], Awaitable[R]]:
    """Puts a function into the table, under its own name with dashes."""
    hints = get_type_hints(act)
    name = act.__name__.strip("_").replace("_", "-")
    line = Command(name, hints["call"], hints["return"], act)
    TABLE[name] = _BY_CALL[line.asks] = line
    return act


def command_of(call: Call[Any]) -> Command:
    """The command that a call asks for."""
    _fill()
    return _BY_CALL[type(call)]


async def answer(desk: Desk, call: Call[R]) -> R:
    """The answer to a call in this process; raises NotesErrors."""
    result: R = await command_of(call).act(desk, call)
    return result


async def run(node: Node, name: str, args: bytes, cwd: str, progress: Progress) -> bytes:
    """The answer to a call that came as bytes; BadRequest for what is no call."""
    _fill()
    line = TABLE.get(name)
    if line is None:
        raise BadRequest(what=f"The Notesapp that is running knows no command “{name}”.")
    try:
        call = msgspec.msgpack.decode(args, type=line.asks)
    except msgspec.MsgspecError as error:
        raise BadRequest(what=f"The command “{name}” was asked wrongly: {error}.") from None
    return msgspec.msgpack.encode(await line.act(Desk(node, cwd, progress), call))


def _fill() -> None:
    """Loads the modules whose functions are the table."""
    import notesapp.control.acts_files
    import notesapp.control.acts_keeping
    import notesapp.control.acts_notes  # noqa: F401 - each puts its functions into the table
