"""Two replicas with thousands of feeds find what differs, by talking little."""

from __future__ import annotations

import random

import pytest

from notesapp.errors import RemoteError
from notesapp.sync import ranges
from notesapp.sync.body import Opened
from notesapp.sync.book import Book, Stored
from notesapp.sync.entry import Tip
from notesapp.sync.events import EntriesWanted, Synced
from notesapp.sync.frontier import END, FIRST, Frontier, Mark
from notesapp.sync.handshake import Proved
from notesapp.sync.head import SignedHead
from notesapp.sync.hello import Run
from notesapp.sync.messages import SpanLine
from notesapp.sync.session import SyncSession
from tests.identity.people import NOON, dice
from tests.sync.ends import ALICE, BOB, person_of
from tests.sync.feeds import NOTEBOOK
from tests.sync.talk import All


def book_of(marks: dict[bytes, Mark]) -> Book:
    """A notebook with feeds of which only the ends are known: that is all that comparing needs."""
    book = Book(NOTEBOOK, All())
    for feed, (index, hash_) in marks.items():
        tip = Tip(NOTEBOOK, feed, index, hash_, bytes(32), bytes(32), NOON)
        head = SignedHead(b"", NOTEBOOK, feed, index, hash_)
        stored = Stored(tip, Opened(bytes(32), bytes(16)), head, ((0, bytes(32)),), NOON)
        book.put_feed(stored, Mark(index, hash_))
    return book


def marks_of(count: int, seed: str = "feeds") -> dict[bytes, Mark]:
    roll = dice(seed)
    return {roll(16): Mark(number % 50, roll(32)) for number in range(count)}


def talk(ours: dict[bytes, Mark], theirs: dict[bytes, Mark]) -> tuple[int, dict[bytes, int], dict[bytes, int], int]:
    """(bytes, what each is asked for, how many found themselves equal)."""
    run = Run(bytes(16), NOON)
    one = SyncSession(ALICE.device_id, Proved(BOB.device_id, person_of(BOB), bytes(32), run, True), [book_of(ours)], 0)
    two = SyncSession(
        BOB.device_id, Proved(ALICE.device_id, person_of(ALICE), bytes(32), run, False), [book_of(theirs)], 0
    )
    sent, synced = 0, 0
    asked: tuple[dict[bytes, int], dict[bytes, int]] = ({}, {})
    while True:
        busy = False
        for session, other, wanted in ((one, two, asked[0]), (two, one, asked[1])):
            data, events = session.data_to_send(), session.events()
            sent += len(data)
            other.receive_data(data, 0)
            busy |= bool(data or events)
            for event in events:
                if isinstance(event, EntriesWanted):
                    wanted[event.feed] = event.first
                    session.serve_entries(event.ticket, None, (), b"", 0)
                synced += isinstance(event, Synced)
        if not busy:
            return sent, asked[0], asked[1], synced


def test_equal_frontiers_of_any_size_cost_the_same_few_bytes() -> None:
    for count in (0, 1, 2000):
        sent, one, two, synced = talk(marks_of(count), marks_of(count))
        assert sent < 300
        assert (one, two, synced) == ({}, {}, 2)


@pytest.mark.parametrize("count", [3, 40, 2000])
def test_exactly_what_differs_is_asked_for_in_both_directions(count: int) -> None:
    chance = random.Random(count)
    ours, theirs = marks_of(count), marks_of(count)
    feeds = sorted(ours)
    longer = chance.sample(feeds, min(3, len(feeds)))
    for feed in longer[:2]:
        ours[feed] = Mark(ours[feed].index + 5, bytes(32))
    theirs[longer[2]] = Mark(theirs[longer[2]].index + 7, bytes(32))
    new = marks_of(2, "new ones")
    ours |= new
    sent, of_alice, of_bob, _ = talk(ours, theirs)
    before = marks_of(count)
    assert of_alice == {feed: before[feed].index + 1 for feed in longer[:2]} | dict.fromkeys(new, 0)
    assert of_bob == {longer[2]: before[longer[2]].index + 1}
    assert sent < 25_000  # whole tables of 2,000 feeds would be 200 kB


def test_newcomer_is_told_everything_in_one_table() -> None:
    ours = marks_of(6000)  # more than one message holds
    sent, of_alice, of_bob, _ = talk(ours, {})
    assert of_alice == dict.fromkeys(ours, 0)
    assert not of_bob
    assert sent < 6000 * 75


def test_ranges_that_overlap_or_are_none_are_refused() -> None:
    own = Frontier(marks_of(50))
    line = SpanLine(FIRST, END, 3, bytes(32))
    for spans in (
        [line, line],
        [SpanLine(END, FIRST, 3, bytes(32))],
        [SpanLine(FIRST, b"\xff" * 17, 3, bytes(32))],
        [SpanLine(FIRST, FIRST, 3, bytes(32))],
    ):
        with pytest.raises(RemoteError):
            ranges.answer(own, spans)
    with pytest.raises(RemoteError, match="beyond its range"):
        ranges.read_table(FIRST, b"\x01" * 16, ranges.table_of({b"\x02" * 16: Mark(1, bytes(32))}))


def test_wants_are_read_back_and_unsorted_ones_refused() -> None:
    wants = {b"\2" * 16: 300, b"\1" * 16: 0}
    assert ranges.read_wants(ranges.write_wants(wants)) == wants
    with pytest.raises(RemoteError):
        ranges.read_wants(b"\2" * 16 + b"\0" + b"\1" * 16 + b"\0")
