"""One conversation with one peer, after the handshake: bytes in and out, events for the node, answers from it.

Decides who may say what in which state, when to stop reading, when the peer is gone. What is said about a notebook is
`conversation`'s matter, bulk is `pump`'s and `intake`'s. Invariants: 1. foreign bytes end in events or in `Closed`,
never in an exception; 2. what the session holds is bounded by the window, one frame and its own questions; 3. after
`Closed` nothing is said or told but that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from notesapp.errors import RemoteError
from notesapp.identity.keys import PeerId
from notesapp.sync.book import Book
from notesapp.sync.conversation import Conversation, Phase
from notesapp.sync.dispatch import Dispatch
from notesapp.sync.entry import Entry, Tip
from notesapp.sync.events import Event, Lag, SessionClosed
from notesapp.sync.frames import Frames
from notesapp.sync.handshake import Proved
from notesapp.sync.messages import (
    Answer,
    Ask,
    Books,
    Close,
    OfferLine,
    Offers,
    Ping,
    Receipted,
    limit_of,
    read,
)
from notesapp.sync.voice import WINDOW

PING_MS = 20_000  # a home router forgets a UDP mapping after 30 s: RFC 4787 §4.3
GONE_MS = 60_000  # three pings without a byte
UNREAD_LIMIT = 2 * WINDOW  # bytes that the node may hand over although `reading` is false


@dataclass(frozen=True, slots=True)
class Syncing:
    """Talking."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Over; `guilty`: by bytes that no honest program sends."""

    reason: str
    guilty: bool = False
    by_peer: bool = False


State = Syncing | Closed


class SyncSession:
    """See the module. All methods are plain calls; the node passes `now_ms` of a monotonic clock."""

    def __init__(self, me: PeerId, proved: Proved, books: Iterable[Book], now_ms: int, leftover: bytes = b"") -> None:
        """`books` are all notebooks here (shared objects); `leftover` is what followed the handshake's bytes."""
        self.peer = proved
        self.state: State = Syncing()
        self._frames = Frames(limit_of)
        self._parts = Dispatch(me, proved, now_ms)
        self._voice = self._parts.voice
        self._heard_ms = self._pinged_ms = now_ms
        self._ping = 0
        self._lag_ms: int | None = None
        for book in books:
            self._parts.add(book)
        self._announce()
        self.receive_data(leftover, now_ms)

    # -- bytes and time -----------------------------------------------------------------------------------------------

    @property
    def reading(self) -> bool:
        """Whether more bytes should be read from the link: not while what came waits for us or for the link."""
        return len(self._frames) < WINDOW and not self._voice.full

    def receive_data(self, data: bytes, now_ms: int) -> None:
        """Bytes of the link."""
        if isinstance(self.state, Closed):
            return
        self._voice.now_ms = now_ms
        if data:
            self._heard_ms = now_ms
            self._frames.receive(data)
        self._settle()

    def receive_end(self, now_ms: int) -> None:
        """The link ended."""
        self._voice.now_ms = now_ms
        self._end("the link ended")

    def receive_time(self, now_ms: int) -> None:
        """The clock says `now_ms`: to be told at `deadline`."""
        self._voice.now_ms = now_ms
        self._settle()

    def data_to_send(self) -> bytes:
        """Bytes for the link: call it after each call of another method, until it gives nothing."""
        data = self._voice.take_out()
        if data:
            self._settle()  # the link has room again
        return data

    def events(self) -> list[Event]:
        """What the node must know or answer, in order."""
        events = self._voice.take_told()
        if events:
            self._settle()
        return events

    def deadline(self) -> int | None:
        """When `receive_time` must be called at the latest; None after the end."""
        if isinstance(self.state, Closed):
            return None
        idle = min(self._heard_ms + GONE_MS, max(self._heard_ms, self._pinged_ms) + PING_MS)
        return min([idle, *self._parts.deadlines()])

    # -- answers ------------------------------------------------------------------------------------------------------

    def done(self, ticket: int, now_ms: int) -> None:
        """What an event brought is durable (and judged): entries, records, a proof, a chunk."""
        self._answer(ticket, now_ms)

    def serve_entries(
        self, ticket: int, before: Tip | None, entries: Sequence[Entry], signature: bytes, now_ms: int
    ) -> None:
        """The answer to `EntriesWanted`: `before` is the tip before the first; () if they can't be had."""
        self._answer(ticket, now_ms, before, entries, signature)

    def serve_hashes(self, ticket: int, hashes: Sequence[bytes | None], now_ms: int) -> None:
        """The answer to `HashesWanted`."""
        self._answer(ticket, now_ms, hashes)

    def serve_branch(self, ticket: int, head: bytes | None, headers: bytes, now_ms: int) -> None:
        """The answer to `BranchWanted`: a signed head (168 bytes) and full headers, joined; None if there is none."""
        self._answer(ticket, now_ms, head, headers)

    def serve_chunk(self, ticket: int, sealed: bytes | None, now_ms: int) -> None:
        """The answer to `ChunkWanted`."""
        self._answer(ticket, now_ms, sealed)

    # -- commands -----------------------------------------------------------------------------------------------------

    def grew(self, notebook: bytes, feeds: Mapping[bytes, int], now_ms: int) -> None:
        """Entries became durable, whoever made them: feed -> first new index. To be told to every session."""
        if (talk := self._open(notebook, now_ms)) is not None:
            talk.grew(feeds)
            self._settle()

    def rejudged(self, notebook: bytes, now_ms: int) -> None:
        """Records changed and were judged (`Book.rejudge`, `Book.put_fork`): to be told to every session."""
        self._voice.now_ms = now_ms
        if isinstance(self.state, Syncing):
            self._parts.rejudged(notebook)
            if self._parts.regained(notebook):
                self._end("the right to a notebook has come back")  # both dial again, and begin anew
                return
            self._announce()
            if self._parts.nothing_left():
                self._end("no notebook is shared any more")
            self._settle()

    def add_book(self, book: Book, now_ms: int) -> None:
        """A notebook that came to this device meanwhile."""
        self._voice.now_ms = now_ms
        if isinstance(self.state, Syncing):
            self._parts.add(book)
            self._announce()
            self._settle()

    def reconsider(self, now_ms: int) -> None:
        """Another session ended: what it was asked for may be asked here."""
        self._voice.now_ms = now_ms
        for talk in self._parts.talks.values():
            talk.reconsider()
        self._settle()

    def fetch(self, notebook: bytes, hashes: Iterable[bytes], now_ms: int) -> None:
        """Asks the peer for chunks: `ChunkArrived` or `ChunksLacking` follow, unless the session ends."""
        if self._open(notebook, now_ms) is not None:
            self._parts.fetching(notebook).fetch(hashes)
            self._settle()

    def stop_fetching(self, notebook: bytes, hashes: Iterable[bytes], now_ms: int) -> None:
        """They came another way."""
        if self._open(notebook, now_ms) is not None:
            self._parts.fetching(notebook).stop(hashes)

    def show_presence(
        self, notebook: bytes, note: bytes, at: int, anchor: int, heads: Iterable[bytes], now_ms: int
    ) -> None:
        """Our caret, in code points of the text at `heads`: call it when the changes up to there were committed."""
        if self._open(notebook, now_ms) is not None:
            self._parts.carets(notebook).show(note, at, anchor, b"".join(list(heads)[:32]))
            self._settle()

    def hide_presence(self, notebook: bytes, now_ms: int) -> None:
        """We left the note."""
        if self._open(notebook, now_ms) is not None:
            self._parts.carets(notebook).hide()
            self._settle()

    def offer(self, notebook: bytes, devices: Mapping[bytes, int], now_ms: int) -> None:
        """To whom we may carry: device -> ms since we were linked, 0 for now."""
        if (talk := self._open(notebook, now_ms)) is not None:
            lines = sorted((ago_ms, device) for device, ago_ms in devices.items())[:64]
            self._voice.say(Offers(talk.number, tuple(OfferLine(device, ago) for ago, device in lines)))

    def pass_receipt(self, notebook: bytes, receipt: bytes, now_ms: int) -> None:
        """A device's signed word of what it has, ours or another's."""
        if (talk := self._open(notebook, now_ms)) is not None:
            self._voice.say(Receipted(talk.number, receipt))

    def ask(self, data: bytes, now_ms: int) -> None:
        """As a joiner or new device, over an invite: identity's bytes (208 KB at most)."""
        self._voice.now_ms = now_ms
        self._voice.say(Ask(data))

    def answer(self, data: bytes, now_ms: int) -> None:
        """To a joiner."""
        self._voice.now_ms = now_ms
        self._voice.say(Answer(data))

    def close(self, reason: str, now_ms: int) -> None:
        """Ends it from here; send what `data_to_send` gives, then close the link."""
        self._voice.now_ms = now_ms
        self._end(reason)

    # -- questions ----------------------------------------------------------------------------------------------------

    def told(self, notebook: bytes) -> Mapping[bytes, int]:
        """What the peer has committed by its own word: feed -> index."""
        talk = self._parts.talks.get(notebook)
        return dict(talk.marks) if talk is not None else {}

    def take_news(self, notebook: bytes) -> Mapping[bytes, int]:
        """Of `told`, what changed since the last call."""
        talk = self._parts.talks.get(notebook)
        return talk.marks.take_news() if talk is not None else {}

    def is_current(self, notebook: bytes) -> bool:
        """Whether both have judged the same records, so that feeds flow."""
        talk = self._parts.talks.get(notebook)
        return talk is not None and talk.phase is Phase.CURRENT

    @property
    def lag_ms(self) -> int | None:
        """What the last ping took."""
        return self._lag_ms

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be sent or dealt with."""
        return self._parts.idle and not len(self._frames)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _open(self, notebook: bytes, now_ms: int) -> Conversation | None:
        self._voice.now_ms = now_ms
        talk = self._parts.talks.get(notebook)
        if talk is None or isinstance(self.state, Closed) or talk.phase is not Phase.CURRENT:
            return None
        return talk

    def _answer(self, ticket: int, now_ms: int, *what: object) -> None:
        self._voice.now_ms = now_ms
        if isinstance(self.state, Closed):
            return
        try:
            self._voice.answered(ticket)(*what)
        except RemoteError as error:  # proofs are made of what both ends said
            self._end(_reason(error), guilty=True)
        self._settle()

    def _announce(self) -> None:
        lines = self._parts.lines()
        if lines:
            self._voice.say(Books(tuple(lines)))
            self._parts.begin()

    def _settle(self) -> None:
        """The one place that decides what is due."""
        if isinstance(self.state, Closed):
            return
        try:
            while not self._voice.full and (frame := self._frames.next()) is not None:
                message = read(frame)
                if isinstance(message, Close):
                    self._end(message.reason, by_peer=True)
                    return
                lag_from = self._parts.take(message, frame.size)
                if lag_from is not None and lag_from == self._ping:
                    self._lag_ms = self._voice.now_ms - self._pinged_ms
                    self._voice.tell(Lag(self._lag_ms))
            if len(self._frames) > UNREAD_LIMIT:
                raise RemoteError(reason="more was sent than the window allows")
            self._announce()
            self._parts.run()
        except RemoteError as error:
            self._end(_reason(error), guilty=True)
            return
        self._keep_alive()

    def _keep_alive(self) -> None:
        now_ms = self._voice.now_ms
        if now_ms - self._heard_ms >= GONE_MS:
            self._end("the other side is silent")
        elif now_ms - max(self._heard_ms, self._pinged_ms) >= PING_MS:
            self._ping += 1
            self._pinged_ms = now_ms
            self._voice.say(Ping(self._ping))

    def _end(self, reason: str, *, guilty: bool = False, by_peer: bool = False) -> None:
        if isinstance(self.state, Closed):
            return
        self.state = Closed(reason, guilty, by_peer)
        if not by_peer:
            self._voice.say(Close(reason[:200]))
        self._parts.release()
        self._voice.tell(SessionClosed(reason, guilty, by_peer))


def _reason(error: RemoteError) -> str:
    return str(error.facts.get("reason", error.sentence))
