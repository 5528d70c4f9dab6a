"""The search for the place where a feed has two histories: how much of it a peer may cause, and what it says of it."""

from __future__ import annotations

import pytest

from notesapp.identity.primitives import HASH_BYTES
from notesapp.sync import messages as m
from notesapp.sync.body import Opened
from notesapp.sync.book import Book
from notesapp.sync.events import ForkProved, HashesWanted
from notesapp.sync.forks import SEARCHES_LIMIT, STEPS_LIMIT
from notesapp.sync.head import Fork
from tests.sync.feeds import LAPTOP, NOTEBOOK, Typed
from tests.sync.talk import All, Talk
from tests.sync.test_feed import forked
from tests.sync.test_limits import full_book

OTHER = bytes(HASH_BYTES)


def with_feed(changes: int = 3) -> tuple[Talk, Typed]:
    """A session about a notebook that has one feed."""
    book, typed = Book(NOTEBOOK, All()), Typed(changes=changes)
    book.commit(Opened(LAPTOP.device_id, typed.nonce), typed.entries, typed.writer.signed_head())
    return Talk(book=book), typed


def test_one_search_takes_no_more_steps_than_the_longest_feed_needs() -> None:
    talk, typed = with_feed()
    for _ in range(STEPS_LIMIT + 5):
        talk.say(m.Trace(0, typed.writer.feed, 0, 1, OTHER))
    assert len(talk.all(HashesWanted)) == STEPS_LIMIT
    assert 255 ** (STEPS_LIMIT // 2) > 2**53  # each end takes half of them
    talk.say(m.Ping(1))
    assert talk.all(m.Pong)  # and nobody is blamed


def test_so_many_feeds_are_in_question_in_one_session() -> None:
    book = full_book(SEARCHES_LIMIT + 5, 0)
    talk = Talk(book=book)
    for feed in book.feeds():
        talk.say(m.Trace(0, feed, 0, 1, OTHER))
    assert len(talk.all(HashesWanted)) == SEARCHES_LIMIT
    talk.say(m.Ping(1))
    assert talk.all(m.Pong)


def test_a_search_that_this_end_begins_counts_among_them_and_is_begun_once() -> None:
    book = full_book(SEARCHES_LIMIT + 1, 0)
    talk = Talk(book=book)
    feeds = list(book.feeds())
    for feed in (*feeds, *feeds):
        talk.session._parts.talks[NOTEBOOK].forks.suspect(feed)
    talk.listen()
    assert [event.feed for event in talk.all(HashesWanted)] == feeds[:SEARCHES_LIMIT]


def test_a_feed_of_which_a_proof_is_here_is_not_searched_again() -> None:
    talk, _ = with_feed()
    typed, clone = forked()
    one, other = (writer.signed_head().data for writer in (typed.writer, clone))
    talk.book.put_fork(
        Fork(LAPTOP.device_id, typed.nonce, one, b"", other, b""), {(typed.writer.feed, 2): typed.entries[2].hash}
    )
    talk.session._parts.talks[NOTEBOOK].forks.suspect(typed.writer.feed)
    talk.listen()
    assert not talk.all(HashesWanted)


@pytest.mark.parametrize("hashes", [b"", bytes(HASH_BYTES - 1), bytes(HASH_BYTES + 1)])
def test_hashes_that_are_cut_off_end_the_session(hashes: bytes) -> None:
    talk, typed = with_feed()
    talk.say(m.Trace(0, typed.writer.feed, 0, 1, hashes))
    assert "cut off" in talk.reason


def test_no_hashes_are_looked_up_beyond_the_end_of_the_feed() -> None:
    talk, typed = with_feed(changes=3)
    talk.say(m.Trace(0, typed.writer.feed, 2, 1, OTHER * 5))
    assert talk.all(HashesWanted)[0].indexes == (2, 3)


def test_a_side_that_was_not_asked_for_proves_nothing_and_one_that_is_not_signed_ends_the_session() -> None:
    talk, typed = with_feed()
    head = typed.writer.signed_head().data
    talk.say(m.Branch(0, typed.writer.feed, 3, head, b""))
    assert not talk.all(ForkProved)
    talk.say(m.Trace(0, typed.writer.feed, 0, 1, OTHER))
    with pytest.raises(AssertionError, match="goes on"):
        _ = talk.reason
    talk.say(m.Branch(0, typed.writer.feed, 3, head[:-1] + bytes([head[-1] ^ 1]), b""))
    assert "head" in talk.reason
    assert not talk.all(ForkProved)
