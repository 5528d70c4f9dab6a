"""What peers say to each other once they know who they are. Decides fields and limits; not who may say what when.

Each message is a frame of one kind holding a msgpack array. `book` is the number under which *its sender* announced a
notebook in this session. `what` tells which of a notebook's two sets is meant: `RECORDS` (roster, person logs, genesis,
proofs of two histories) or `FEEDS`. Tables are those of `frontier`.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, TypeVar

import msgspec

from notesapp.errors import LocalError, RemoteError
from notesapp.identity.primitives import HASH_BYTES, SIGNATURE_BYTES, TAG_BYTES
from notesapp.identity.record import RECORD_LIMIT, Bytes16, Bytes32, Form
from notesapp.sync.attachment import CHUNK_BYTES
from notesapp.sync.entry import HEADER_BYTES, MAX_INDEX
from notesapp.sync.frames import Frame, frame
from notesapp.sync.head import HEAD_BYTES
from notesapp.sync.wire import CONTROL_LIMIT, ENTRY_LIMIT

RECORDS, FEEDS = 0, 1
BOOKS_LIMIT = 1024  # notebooks shared with one peer
TABLE_LIMIT = CONTROL_LIMIT - 256  # bytes of a table in one message
SPANS_LIMIT = 64
TRACE_LIMIT = 256  # hashes that one step of a search for a fork names
CHUNKS_LIMIT = 64
ASK_LIMIT = 208 * 1024  # bytes of what a joiner says, and of the answer: his whole person log goes with his request
HEADS_LIMIT = 32
RECORDS_AT_ONCE = 256  # signatures of one message are looked at in one go: about 40 ms
OFFERS_LIMIT = 64
BULK_LIMIT = ENTRY_LIMIT + 16 * 1024  # bytes of a frame that carries entries, or a proof of two histories
BRANCH_LIMIT = ENTRY_LIMIT // 2
RECEIPT_LIMIT = 64 * 1024
STATE_LIMIT = 4096  # bytes of the heads of a roster that entries name: over a hundred heads
STATES_LIMIT = 64  # of one batch

Book = Annotated[int, msgspec.Meta(ge=0, lt=BOOKS_LIMIT)]
What = Annotated[int, msgspec.Meta(ge=RECORDS, le=FEEDS)]
Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_INDEX)]
Edge = Annotated[bytes, msgspec.Meta(min_length=16, max_length=17)]
Rows = Annotated[bytes, msgspec.Meta(max_length=TABLE_LIMIT)]
Reason = Annotated[str, msgspec.Meta(max_length=200)]
StateBytes = Annotated[bytes, msgspec.Meta(max_length=STATE_LIMIT)]
RecordBytes = Annotated[bytes, msgspec.Meta(max_length=RECORD_LIMIT)]
HeadBytes = Annotated[bytes, msgspec.Meta(min_length=HEAD_BYTES, max_length=HEAD_BYTES)]


class Message(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """Any of the messages below."""


class AboutBook(Message, frozen=True):
    """A message about one notebook, by the number that its sender gave it."""

    book: Book


class BookLine(Message, frozen=True):
    """A notebook that the sender holds and believes to share: its number here, its id, digests of its two sets."""

    book: Book
    notebook: Bytes32
    records: Bytes32
    feeds: Bytes32


class Books(Message, frozen=True):
    """What we may have in common; said first, and again for notebooks that are shared later."""

    lines: Annotated[tuple[BookLine, ...], msgspec.Meta(max_length=BOOKS_LIMIT)]


class SpanLine(Message, frozen=True):
    """A range of keys, low included, high not, how many the sender has in it, and their digest."""

    low: Edge
    high: Edge
    count: Count
    digest: Bytes32


class Spans(AboutBook, frozen=True):
    """Digests over ranges of feeds, to be answered where they differ."""

    spans: Annotated[tuple[SpanLine, ...], msgspec.Meta(max_length=SPANS_LIMIT)]


class Table(AboutBook, frozen=True):
    """All that the sender has in a range; of FEEDS it asks for the other's table of the range unless it is `answer`."""

    what: What
    low: Edge
    high: Edge
    rows: Rows
    answer: bool


class Have(AboutBook, frozen=True):
    """Marks of feeds that the sender has *committed*: an announcement and an acknowledgement in one."""

    rows: Rows


class Want(AboutBook, frozen=True):
    """Feeds (or records) to be sent from an index on: key 16 | index LEB128, sorted."""

    what: What
    rows: Rows


class Settled(AboutBook, frozen=True):
    """The sender has got all that it asked for, records first, feeds later; the digest of its feeds now."""

    feeds: Bytes32


class Records(AboutBook, frozen=True):
    """Signed records, each told by its domain; none above 4 KB."""

    records: Annotated[tuple[RecordBytes, ...], msgspec.Meta(max_length=RECORDS_AT_ONCE)]


class Proof(AboutBook, frozen=True):
    """A proof of two histories (`head.Fork`)."""

    fork: Annotated[bytes, msgspec.Meta(max_length=2 * BRANCH_LIMIT + 1024)]


class Entries(AboutBook, frozen=True):
    """Successive entries of a feed; `signature` is empty but at a batch's end. `live`: nobody asked for them.

    `states` are the rosters that these entries begin to name: the bytes whose hash a header's roster digest is.
    """

    feed: Bytes16
    first: Count
    packed: Annotated[bytes, msgspec.Meta(max_length=ENTRY_LIMIT + 1024)]
    signature: Annotated[bytes, msgspec.Meta(max_length=SIGNATURE_BYTES)]
    live: bool
    states: Annotated[tuple[StateBytes, ...], msgspec.Meta(max_length=STATES_LIMIT)] = ()


class Turned(AboutBook, frozen=True):
    """The sender won't take this feed: its author has no right here, or it has two histories."""

    feed: Bytes16
    reason: Reason


class Trace(AboutBook, frozen=True):
    """The sender's entry hashes of a feed at first, first + step …: a search for the first that differs."""

    feed: Bytes16
    first: Count
    step: Annotated[int, msgspec.Meta(ge=1, le=MAX_INDEX)]
    hashes: Annotated[bytes, msgspec.Meta(max_length=TRACE_LIMIT * HASH_BYTES)]


class Branch(AboutBook, frozen=True):
    """The sender's side of a fork: a signed head and the headers that lead to it from `first` on."""

    feed: Bytes16
    first: Count
    head: HeadBytes
    headers: Annotated[bytes, msgspec.Meta(max_length=BRANCH_LIMIT // HEADER_BYTES * HEADER_BYTES)]


class ChunksWanted(AboutBook, frozen=True):
    """Sealed pieces of attachments, by their hashes."""

    hashes: Annotated[bytes, msgspec.Meta(max_length=CHUNKS_LIMIT * HASH_BYTES)]


class Chunk(AboutBook, frozen=True):
    """One of them."""

    sealed: Annotated[bytes, msgspec.Meta(max_length=CHUNK_BYTES + TAG_BYTES)]


class ChunksMissing(AboutBook, frozen=True):
    """Those that the sender doesn't have."""

    hashes: Annotated[bytes, msgspec.Meta(max_length=CHUNKS_LIMIT * HASH_BYTES)]


class Presence(AboutBook, frozen=True):
    """Where the sender's caret is, in code points of the text at `heads`; zeros as note: nowhere."""

    note: Bytes16
    at: Count
    anchor: Count
    heads: Annotated[bytes, msgspec.Meta(max_length=HEADS_LIMIT * HASH_BYTES)]


class Ping(Message, frozen=True):
    """To be answered at once."""

    number: Count


class Pong(Message, frozen=True):
    """The answer."""

    number: Count


class Credit(Message, frozen=True):
    """The sender has dealt with so many bytes of entries, records and chunks: as many more may come."""

    returned: Count


class OfferLine(Message, frozen=True):
    """A device that the sender reaches: linked now if `ago_ms` is 0, else seen so long ago."""

    device: Bytes32
    ago_ms: Count


class Offers(AboutBook, frozen=True):
    """To whom the sender may carry what it has of this notebook."""

    devices: Annotated[tuple[OfferLine, ...], msgspec.Meta(max_length=OFFERS_LIMIT)]


class Receipted(AboutBook, frozen=True):
    """A device's signed word of what it has committed (`receipt`), carried by anybody."""

    receipt: Annotated[bytes, msgspec.Meta(max_length=RECEIPT_LIMIT)]


class Ask(Message, frozen=True):
    """What a joiner or a new device says; its form is identity's matter."""

    data: Annotated[bytes, msgspec.Meta(max_length=ASK_LIMIT)]


class Answer(Message, frozen=True):
    """What is said to a joiner or a new device."""

    data: Annotated[bytes, msgspec.Meta(max_length=ASK_LIMIT)]


class Close(Message, frozen=True):
    """The last message: why."""

    reason: Reason


# kind -> (message, most bytes of its payload)
KINDS: dict[int, tuple[type[Message], int]] = {
    1: (Books, CONTROL_LIMIT),
    2: (Spans, CONTROL_LIMIT),
    3: (Table, CONTROL_LIMIT),
    4: (Have, CONTROL_LIMIT),
    5: (Want, CONTROL_LIMIT),
    6: (Settled, 64),
    7: (Records, CONTROL_LIMIT),
    8: (Proof, BULK_LIMIT),
    9: (Entries, BULK_LIMIT),
    10: (Turned, 1024),
    11: (Trace, CONTROL_LIMIT),
    12: (Branch, BULK_LIMIT),
    13: (ChunksWanted, CONTROL_LIMIT),
    14: (Chunk, BULK_LIMIT),
    15: (ChunksMissing, CONTROL_LIMIT),
    16: (Presence, 4096),
    17: (Ping, 16),
    18: (Pong, 16),
    19: (Credit, 16),
    20: (Offers, CONTROL_LIMIT),
    21: (Receipted, RECEIPT_LIMIT + 64),
    22: (Ask, ASK_LIMIT + 64),
    23: (Answer, ASK_LIMIT + 64),
    24: (Close, 1024),
}
_NUMBERS = {kind: number for number, (kind, _) in KINDS.items()}
WEIGHTY = (Records, Proof, Entries, Branch, Chunk)  # count against the window
M = TypeVar("M", bound=Message)


def limit_of(kind: int) -> int:
    """The most bytes of a payload of this kind; `RemoteError` if there is no such kind."""
    found = KINDS.get(kind)
    if found is None:
        raise RemoteError(reason=f"there is no message of kind {kind}")
    return found[1]


def write(message: Message) -> bytes:
    """The frame of a message."""
    number = _NUMBERS.get(type(message))
    if number is None:
        raise LocalError(what=f"{type(message).__name__} is no message")
    return frame(number, _form(number).encode(message))


def read(it: Frame) -> Message:
    """The message in a frame; `RemoteError` for any other bytes."""
    limit_of(it.kind)
    return _form(it.kind).decode(it.payload)


@cache
def _form(number: int) -> Form[Message]:
    kind, limit = KINDS[number]
    return Form(kind, limit, f"a message “{kind.__name__}”")
