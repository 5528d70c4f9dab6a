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


@dataclass(frozen=True, slots=True)
class PeopleChanged:
    """Who is in a notebook, or how it stands with them, changed; None: in several, or what I am called."""

    notebook_id: bytes | None


@dataclass(frozen=True, slots=True)
class NoteReceived:
    """Somebody else wrote in this note, and it is here now."""

    note_id: bytes


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """Somebody's caret moved in this note, came or left."""

    note_id: bytes


@dataclass(frozen=True, slots=True)
class RequestsChanged:
    """Somebody asks to be let in, or doesn't any more."""


@dataclass(frozen=True, slots=True)
class CodesChanged:
    """A code of three words was made, guessed at, used, or has ended."""


@dataclass(frozen=True, slots=True)
class JoinChanged:
    """An attempt of ours to join came further, or ended."""

    join_id: bytes


@dataclass(frozen=True, slots=True)
class NearbyChanged:
    """Who shows himself in this network changed."""


@dataclass(frozen=True, slots=True)
class PersonJoined:
    """Somebody is a member now."""

    notebook_id: bytes
    name: str


@dataclass(frozen=True, slots=True)
class PersonRemoved:
    """Somebody is no member any more; `me`: I am not."""

    notebook_id: bytes
    name: str
    me: bool


@dataclass(frozen=True, slots=True)
class NetworkChanged:
    """The network is another one, or how it stands with it changed."""


@dataclass(frozen=True, slots=True)
class RecoveredChanged:
    """Edits were set aside in this notebook, put back, or dismissed."""

    notebook_id: bytes


@dataclass(frozen=True, slots=True)
class AttachmentArrived:
    """A file that was only announced is here now, or came further: `done` of `total` bytes."""

    notebook_id: bytes
    attachment_id: bytes
    done: int
    total: int


Event: TypeAlias = (
    NoteEdited
    | NoteListChanged
    | SavedChanged
    | Trouble
    | TroubleOver
    | ShowRequested
    | ShutdownRequested
    | PeopleChanged
    | NoteReceived
    | PresenceChanged
    | RequestsChanged
    | CodesChanged
    | JoinChanged
    | NearbyChanged
    | PersonJoined
    | PersonRemoved
    | NetworkChanged
    | RecoveredChanged
    | AttachmentArrived
)
