"""What a session tells its node, as values. Decides which of them must be answered, and by what.

An event with a `ticket` is answered once: bytes that were asked for by `serve…`, what had to become durable by
`done(ticket)`. Until then the session holds back the peer's window, so that a slow disk slows the sender.
"""

from __future__ import annotations

from dataclasses import dataclass

from notesapp.identity.record import Record
from notesapp.sync.body import Opened
from notesapp.sync.entry import Entry
from notesapp.sync.head import Fork, SignedHead
from notesapp.sync.messages import Presence


@dataclass(frozen=True, slots=True)
class RecordsArrived:
    """Records whose signatures hold: commit those that `Book.missing` names, judge, `Book.rejudge`, then `done`."""

    ticket: int
    notebook: bytes
    roster: tuple[Record, ...]
    persons: tuple[Record, ...]
    home: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class ForkProved:
    """A device wrote two histories: keep the proof, `Book.put_fork`, rebuild what was read beyond it, then `done`."""

    ticket: int
    notebook: bytes
    feed: bytes
    index: int
    fork: Fork


@dataclass(frozen=True, slots=True)
class EntriesArrived:
    """Entries that chain, are vouched for and count: commit them, head and states, `Book.commit`, then `done`.

    `states` are the rosters that they begin to name: to be kept with them, and given to `Book.put_states` first.
    `extra` are entries without bodies from there to the head, which don't count: to be kept beside the feed, so that
    it can be passed on with that head; they are no part of it.
    """

    ticket: int
    notebook: bytes
    feed: bytes
    opened: Opened
    entries: tuple[Entry, ...]
    extra: tuple[Entry, ...]
    head: SignedHead
    states: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class EntriesWanted:
    """The next entries of a feed are to be sent: answer with `serve_entries`, about `limit` bytes, up to a head."""

    ticket: int
    notebook: bytes
    feed: bytes
    first: int
    limit: int


@dataclass(frozen=True, slots=True)
class HashesWanted:
    """The hashes of a feed's entries at these indexes, to find a fork: answer with `serve_hashes`, None where none."""

    ticket: int
    notebook: bytes
    feed: bytes
    indexes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BranchWanted:
    """A signed head at `first` or soon after, and the full headers from `first` to it: answer with `serve_branch`."""

    ticket: int
    notebook: bytes
    feed: bytes
    first: int


@dataclass(frozen=True, slots=True)
class ChunkWanted:
    """A peer asks for a sealed chunk: answer with `serve_chunk`, None if it isn't here."""

    ticket: int
    notebook: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class ChunkKept:
    """The peer has dealt with a chunk that we gave: it is on that disk, too."""

    notebook: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class ChunkArrived:
    """A chunk that was asked for, its hash checked: keep it, then `done`."""

    ticket: int
    notebook: bytes
    hash: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class ChunksLacking:
    """The peer doesn't have these."""

    notebook: bytes
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class FeedTurnedAway:
    """A feed isn't taken, here (`by_peer` false) or there, for this reason; whoever carried it is not to blame."""

    notebook: bytes
    feed: bytes
    reason: str
    by_peer: bool


@dataclass(frozen=True, slots=True)
class PeerHas:
    """What the peer has committed changed: ask `SyncSession.told` or the `Ledger`."""

    notebook: bytes


@dataclass(frozen=True, slots=True)
class Synced:
    """Both have the same feeds of a notebook."""

    notebook: bytes


@dataclass(frozen=True, slots=True)
class NotebookOffered:
    """The peer holds a notebook that we don't, and believes that we may have it."""

    notebook: bytes


@dataclass(frozen=True, slots=True)
class PresenceShown:
    """Where the peer's caret is now; None: nowhere any more."""

    notebook: bytes
    presence: Presence | None


@dataclass(frozen=True, slots=True)
class CourierOffered:
    """The peer reaches these devices: (device id, ms since then; 0 is now)."""

    notebook: bytes
    devices: tuple[tuple[bytes, int], ...]


@dataclass(frozen=True, slots=True)
class ReceiptArrived:
    """A device's signed word of what it has, by whomever it was carried: for the `Ledger`."""

    notebook: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A joiner (or a new device) says something; `SyncSession.answer` says something back."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """What the host of an invite says to us."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Lag:
    """A ping took so long."""

    ms: int


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """Nothing more comes. `guilty`: they sent what no honest program sends; `by_peer`: the reason is theirs."""

    reason: str
    guilty: bool = False
    by_peer: bool = False


Event = (
    RecordsArrived
    | ForkProved
    | EntriesArrived
    | EntriesWanted
    | HashesWanted
    | BranchWanted
    | ChunkWanted
    | ChunkKept
    | ChunkArrived
    | ChunksLacking
    | FeedTurnedAway
    | PeerHas
    | Synced
    | NotebookOffered
    | PresenceShown
    | CourierOffered
    | ReceiptArrived
    | Asked
    | Answered
    | Lag
    | SessionClosed
)
