"""A session of Bob, with Alice's end in the test's own hand: any message can be said, also those that nobody would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from notesapp.identity.keys import PeerId
from notesapp.identity.record import Record
from notesapp.identity.roles import Role
from notesapp.identity.roster import Roster
from notesapp.sync.book import Book
from notesapp.sync.entry import MAX_INDEX, Entry, Tip, pack
from notesapp.sync.events import Event, SessionClosed
from notesapp.sync.frames import Frames
from notesapp.sync.handshake import Proved
from notesapp.sync.hello import Run
from notesapp.sync.messages import BookLine, Books, Entries, Message, limit_of, read, write
from notesapp.sync.rights import RosterRights
from notesapp.sync.session import Closed, SyncSession
from tests.identity.people import NOON
from tests.sync.ends import ALICE, BOB, person_of
from tests.sync.feeds import NOTEBOOK, Typed


class All:
    """Rights that let everybody do everything."""

    def is_member(self, device: bytes) -> bool:
        return True

    def keys(self, record: Record) -> tuple[bytes, ...]:
        return (record.author,)

    def role(self, record: Record) -> Role | None:
        return Role.OWNER

    def lacking(self) -> Mapping[bytes, Role]:
        return {}

    def last_index(
        self,
        device: bytes,
        feed: bytes,
        under: Sequence[tuple[int, bytes]],
        states: Mapping[bytes, tuple[bytes, ...]],
    ) -> int:
        return MAX_INDEX


class Talk:
    """Bob's session. `say` speaks as Alice; `heard` is what Bob said."""

    def __init__(
        self,
        *,
        invite: bytes | None = None,
        books: int = 1,
        begin: bool = True,
        book: Book | None = None,
        device: PeerId = ALICE.device_id,
    ) -> None:
        """With one notebook or none; `device` is the one in whose name Alice's end speaks."""
        self.book = book or Book(NOTEBOOK, All())
        peer = Proved(device, person_of(ALICE), bytes(32), Run(bytes(16), NOON), False, invite)
        self.now_ms = 0
        self.session = SyncSession(BOB.device_id, peer, [self.book][:books], 0)
        self.heard: list[Message] = []
        self.events: list[Event] = []
        self._frames = Frames(limit_of)
        self.listen()
        if begin:
            self.begin()

    def begin(self) -> None:
        """Alice announces the same notebook with the same records, and no feeds."""
        digests = self.book.records.span().digest, Book(NOTEBOOK, All()).frontier.span().digest
        self.say(Books((BookLine(0, self.book.notebook, *digests),)))

    def say(self, *messages: Message) -> None:
        self.raw(b"".join(write(message) for message in messages))

    def raw(self, data: bytes) -> None:
        self.session.receive_data(data, self.now_ms)
        self.listen()

    def listen(self) -> None:
        """Takes what Bob says and tells, until he is silent."""
        while True:
            data, events = self.session.data_to_send(), self.session.events()
            if not data and not events:
                return
            self._frames.receive(data)
            while (frame := self._frames.next()) is not None:
                self.heard.append(read(frame))
            self.events += events

    def wait(self, duration_ms: int) -> None:
        """Time passes, as fast as the session wants to be told."""
        end = self.now_ms + duration_ms
        while (due := self.session.deadline()) is not None and due <= end:
            self.now_ms = max(self.now_ms, due)
            self.session.receive_time(self.now_ms)
            self.listen()
        self.now_ms = end
        self.listen()

    def all(self, kind: type) -> list:  # type: ignore[type-arg]  # of that kind
        """All that Bob said or told of one kind."""
        return [one for one in (*self.heard, *self.events) if isinstance(one, kind)]

    @property
    def reason(self) -> str:
        """Why it is closed."""
        assert isinstance(self.session.state, Closed), "the session goes on"
        assert len(self.all(SessionClosed)) == 1
        return self.session.state.reason


def talk_about(roster: Roster, device: PeerId | None = None) -> Talk:
    """A session about a notebook with these records, which both have; the peer is its owner's first device."""
    book = Book(roster.genesis.notebook_id, RosterRights(roster))
    book.put_records([roster.genesis.data, *(one.data for one in roster.records)])
    owner = roster.members[roster.owner].devices[0].device_id
    return Talk(book=book, device=device or owner)


def batch(typed: Typed, entries: Sequence[Entry], before: Tip, *, live: bool = True) -> Entries:
    """A batch of Alice's feed with the newest head's signature."""
    signature = typed.writer.signed_head().signature
    return Entries(0, typed.writer.feed, before.index + 1, pack(entries, before), signature, live)
