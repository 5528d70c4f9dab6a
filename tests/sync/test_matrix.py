"""The matrix of messages: every message × every state of a conversation × every standing of who says it.

By a table written by hand. "stop" ends the link with a named reason; "passed" is taken up or answered; "nothing" is
ignored in silence. A new message doesn't pass before somebody has said what it means in each state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from notesapp.sync import messages as m
from notesapp.sync.book import Book
from notesapp.sync.entry import MAX_INDEX
from notesapp.sync.frontier import END, FIRST, Mark
from notesapp.sync.ranges import table_of, write_wants
from notesapp.sync.session import Closed
from tests.sync.feeds import NOTE, NOTEBOOK, Typed
from tests.sync.talk import All, Talk, batch
from tests.sync.test_limits import signed

FEED = bytes(15) + b"\1"
STATES = ("guest", "unannounced", "only here", "only there", "records differ", "current", "no member", "removed")


class Standing(All):
    """Alice's: a member or none; a writer or a reader."""

    def __init__(self, *, member: bool = True, writer: bool = True) -> None:
        self.member, self.writer = member, writer

    def is_member(self, device: bytes) -> bool:
        return self.member

    def last_index(
        self, device: bytes, feed: bytes, under: Sequence[tuple[int, bytes]], states: Mapping[bytes, tuple[bytes, ...]]
    ) -> int:
        return MAX_INDEX if self.writer else -1


TYPED = Typed(changes=2)
MESSAGES: dict[str, m.Message] = {
    "Spans": m.Spans(0, (m.SpanLine(FIRST, END, 1, bytes(32)),)),
    "Table of feeds": m.Table(0, m.FEEDS, FIRST, END, table_of({FEED: Mark(3, bytes(32))}), False),
    "Table of records": m.Table(0, m.RECORDS, FIRST, END, table_of({FEED: Mark(0, bytes(32))}), False),
    "Have": m.Have(0, table_of({FEED: Mark(3, bytes(32))})),
    "Want of feeds": m.Want(0, m.FEEDS, write_wants({FEED: 0})),
    "Want of records": m.Want(0, m.RECORDS, write_wants({FEED: 0})),
    "Settled": m.Settled(0, bytes(32)),
    "Records": m.Records(0, (signed(1),)),
    "Entries": batch(TYPED, TYPED.entries, TYPED.start),
    "Turned": m.Turned(0, FEED, "no"),
    "Trace": m.Trace(0, FEED, 0, 1, bytes(32)),
    "Branch": m.Branch(0, FEED, 0, bytes(168), b""),
    "Proof": m.Proof(0, b"\xc1"),
    "ChunksWanted": m.ChunksWanted(0, bytes(32)),
    "Chunk": m.Chunk(0, b"unasked"),
    "ChunksMissing": m.ChunksMissing(0, bytes(32)),
    "Presence": m.Presence(0, NOTE, 0, 0, b""),
    "Offers": m.Offers(0, (m.OfferLine(bytes(32), 0),)),
    "Receipted": m.Receipted(0, bytes(200)),
    "Ask": m.Ask(b"let me in"),
    "Answer": m.Answer(b"come in"),
    "Ping": m.Ping(3),
    "Pong": m.Pong(3),
    "Credit": m.Credit(1),
    "Close": m.Close("good night"),
}
ANYWHERE = {"Ping": "passed", "Pong": "nothing", "Credit": "stop", "Close": "stop"}  # more credit than was sent
RECORDS_FIRST = {"Table of records", "Want of records", "Settled", "Records"}
UNASKED = {"Proof": "stop", "Chunk": "stop"}  # malformed, or not asked for
SILENT = {"Want of feeds", "Want of records", "Settled", "Trace", "Branch", "ChunksMissing"}  # about what isn't here


def expected(name: str, state: str) -> str:
    """What must become of a message."""
    if name in ANYWHERE:
        return ANYWHERE[name]
    if name in ("Ask", "Answer"):
        return "passed" if state == "guest" else "stop"
    match state:
        case "guest" | "unannounced" | "only here":
            return "stop"  # about a notebook that its sender didn't announce
        case "no member":
            return "stop"  # he says that he has it; we never said so
        case "only there" | "removed":
            return "nothing"
        case "records differ":
            if name not in RECORDS_FIRST:
                return "stop"
            return "passed" if name in ("Table of records", "Records") else "nothing"
        case "current":
            if name == "Table of records":
                return "stop"  # a list of records when none was due
            return UNASKED.get(name, "nothing" if name in SILENT else "passed")
        case _:
            raise AssertionError(state)


def scene(state: str) -> Talk:
    """Bob's session in that state."""
    if state == "guest":
        return Talk(invite=b"i", books=0, begin=False)
    if state == "only there":
        talk = Talk(books=0, begin=False)
        talk.begin()
        return talk
    talk = Talk(begin=False)
    talk.book.rights = Standing()
    match state:
        case "unannounced" | "only here":
            if state == "only here":
                talk.say(m.Books(()))
        case "records differ":
            talk.say(m.Books((m.BookLine(0, NOTEBOOK, b"other records" + bytes(19), bytes(32)),)))
        case "current" | "removed":
            talk.begin()
            assert talk.session.is_current(NOTEBOOK)
            if state == "removed":
                other = Book(bytes(32), All())
                talk.session.add_book(other, 0)  # they still share another one, so the link stays
                talk.listen()
                talk.book.rights = Standing(member=False)
                talk.session.rejudged(NOTEBOOK, 0)
                talk.listen()
        case "no member":
            talk = Talk(books=0, begin=False)
            book = Book(NOTEBOOK, Standing(member=False))
            talk.session.add_book(book, 0)
            talk.listen()
            talk.begin()
    return talk


def outcome(talk: Talk, message: m.Message) -> str:
    """What it came to."""
    heard, told = len(talk.heard), len(talk.events)
    talk.say(message)
    if isinstance(talk.session.state, Closed):
        assert talk.session.state.reason
        return "stop"
    return "passed" if len(talk.heard) > heard or len(talk.events) > told else "nothing"


def test_table_knows_every_message() -> None:
    said = {type(message) for message in MESSAGES.values()} | {m.Books}
    assert said == {kind for kind, _ in m.KINDS.values()}


@pytest.mark.parametrize("state", STATES)
def test_every_message_ends_as_the_table_says(state: str) -> None:
    found = {name: outcome(scene(state), message) for name, message in MESSAGES.items()}
    assert found == {name: expected(name, state) for name in MESSAGES}


def test_a_notebook_may_be_announced_in_every_state_but_only_once() -> None:
    for state in STATES:
        talk = scene(state)
        line = m.Books((m.BookLine(9, b"another notebook" + bytes(16), bytes(32), bytes(32)),))
        assert outcome(talk, line) == "passed", state
        assert outcome(talk, line) == "stop", state


@pytest.mark.parametrize("writer", [True, False])
def test_a_readers_own_entries_are_turned_away_and_nothing_of_them_is_kept(writer: bool) -> None:
    talk = scene("current")
    talk.book.rights = Standing(writer=writer)
    talk.say(MESSAGES["Entries"])
    assert bool(talk.all(m.Turned)) is not writer
    assert (talk.book.reach(TYPED.writer.feed) >= 0) is writer
    assert not isinstance(talk.session.state, Closed)  # a reader may carry; his carrier isn't blamed
