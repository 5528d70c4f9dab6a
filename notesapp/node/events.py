"""What the node tells its screens, as values in the past tense. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from notesapp.errors import NotesError
from notesapp.text import Splice


class Origin(Enum):
    """The door by which a change entered."""

    SCREEN = "screen"
    LINK = "link"
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class Saved:
    """Every edit of the note is durable on this computer."""


@dataclass(frozen=True, slots=True)
class Saving:
    """An edit is not durable yet."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Edits can't be saved now; they are kept in memory and tried again."""

    cause: NotesError


Status: TypeAlias = Saved | Saving | Failed


@dataclass(frozen=True, slots=True)
class NoteEdited:
    """An open note's text changed: apply the splices in order. `screen` is whose own edit it was, if a screen's."""

    note_id: bytes
    splices: tuple[Splice, ...]
    origin: Origin
    screen: object = None


@dataclass(frozen=True, slots=True)
class NoteListChanged:
    """What the lists show of these notes changed; None: of all. Coalesced: at most one per turn of the loop."""

    note_ids: frozenset[bytes] | None


@dataclass(frozen=True, slots=True)
class SavedChanged:
    """A note's status changed."""

    note_id: bytes
    status: Status


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something needs the person's eye; `key` names it until `TroubleOver` comes."""

    key: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TroubleOver:
    """The trouble of this key has passed."""

    key: str


@dataclass(frozen=True, slots=True)
class ShowRequested:
    """A second start asks the window to come forward, with what it was started for (a file, a link, or nothing)."""

    argument: str = ""


@dataclass(frozen=True, slots=True)
class ShutdownRequested:
    """Somebody asks this node to end; whoever opened it closes it."""


Event: TypeAlias = (
    NoteEdited | NoteListChanged | SavedChanged | Trouble | TroubleOver | ShowRequested | ShutdownRequested
)
