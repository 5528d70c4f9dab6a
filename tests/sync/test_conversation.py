"""One notebook in one session, where several sessions share it and rights change: who is asked, and what is kept."""

from __future__ import annotations

import random

import pytest

from notesapp.errors import RemoteError
from notesapp.identity.genesis import Genesis
from notesapp.sync import messages as m
from notesapp.sync import quota, ranges
from notesapp.sync.body import Opened
from notesapp.sync.book import CLAIM_MS, Book
from notesapp.sync.events import EntriesArrived, RecordsArrived
from notesapp.sync.frontier import END, FIRST, Mark
from notesapp.sync.pace import BURST
from notesapp.sync.ranges import table_of, write_wants
from notesapp.sync.session import Closed
from notesapp.sync.voice import WINDOW
from tests.identity.company import Company
from tests.identity.people import NOON, dice
from tests.sync.ends import CAROL
from tests.sync.feeds import LAPTOP, NOTEBOOK, Typed
from tests.sync.talk import All, Talk, batch, talk_about
from tests.sync.test_matrix import Standing

FEED = bytes(15) + b"\1"
HAVE = m.Have(0, table_of({FEED: Mark(3, bytes(32))}))
WANT = m.Want(0, m.FEEDS, write_wants({FEED: 0}))


def two_peers() -> tuple[Talk, Talk]:
    """Alice and Carol both have the same feed, which is not here; Alice said so first."""
    alice = Talk()
    carol = Talk(book=alice.book, device=CAROL.device_id)
    alice.say(HAVE)
    carol.say(HAVE)
    return alice, carol


def test_a_feed_is_asked_of_one_peer_at_a_time() -> None:
    alice, carol = two_peers()
    assert alice.all(m.Want) == [WANT]
    assert not carol.all(m.Want)


def test_it_is_asked_of_the_next_once_the_first_has_gone() -> None:
    alice, carol = two_peers()
    alice.session.receive_end(0)
    carol.session.reconsider(0)
    carol.listen()
    assert carol.all(m.Want) == [WANT]


def test_it_is_asked_of_the_next_once_the_first_was_silent_for_too_long() -> None:
    _, carol = two_peers()
    for now_ms, asked in ((CLAIM_MS - 1, []), (CLAIM_MS, [WANT])):
        carol.now_ms = now_ms
        carol.say(HAVE)
        assert carol.all(m.Want) == asked


def test_what_was_turned_away_is_asked_for_once_its_author_has_the_right() -> None:
    talk, typed = Talk(), Typed(changes=2)
    talk.book.rights = Standing(writer=False)
    talk.say(batch(typed, typed.entries, typed.start))
    assert talk.all(m.Turned)
    talk.say(m.Have(0, table_of({typed.writer.feed: Mark(2, typed.entries[-1].hash)})))
    assert not talk.all(m.Want)
    talk.book.rights = Standing()
    talk.session.rejudged(NOTEBOOK, 0)
    talk.listen()
    assert talk.all(m.Want) == [m.Want(0, m.FEEDS, write_wants({typed.writer.feed: 0}))]


def test_what_the_pace_held_back_goes_to_the_disk_when_the_link_ends() -> None:
    talk, typed = Talk(), Typed(changes=BURST)
    talk.say(batch(typed, typed.entries, typed.start))
    before = typed.writer.tip
    talk.say(batch(typed, [last := typed.type(b"one more")], before))
    assert len(talk.all(EntriesArrived)) == 1
    talk.session.receive_end(0)
    talk.listen()
    assert talk.all(EntriesArrived)[-1].entries == (last,)


def test_judging_a_notebook_that_is_not_spoken_of_changes_nothing() -> None:
    talk = Talk()
    talk.session.rejudged(bytes(32), 0)
    talk.say(m.Ping(1))
    assert talk.all(m.Pong)


def test_a_notebook_of_more_records_than_there_may_be_ends_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "NOTEBOOK", 3)
    talk = Talk(begin=False)
    talk.say(m.Books((m.BookLine(0, NOTEBOOK, b"other records".ljust(32), bytes(32)),)))
    rows = [table_of({bytes([number]) * 16: Mark(0, bytes(32))}) for number in range(4)]
    edges = [FIRST, *(bytes([number]) * 16 for number in range(1, 4)), END]
    for low, high, row in zip(edges[:3], edges[1:4], rows, strict=False):
        talk.say(m.Table(0, m.RECORDS, low, high, row, False))
    assert not isinstance(talk.session.state, Closed)
    talk.say(m.Table(0, m.RECORDS, edges[3], END, rows[3], False))
    assert "more than 3 records" in talk.reason


@pytest.mark.parametrize(("low", "high"), [(FIRST, FIRST), (END[:16], FIRST), (FIRST, b"\xff" * 15), (b"", END)])
def test_a_table_of_a_range_that_is_none_is_refused(low: bytes, high: bytes) -> None:
    with pytest.raises(RemoteError, match="is none"):
        ranges.read_table(low, high, b"")


def test_the_beginning_of_this_notebook_may_stand_among_its_records_and_nothing_else_may() -> None:
    roster = Company().settle().roster
    talk = talk_about(roster)
    talk.say(m.Records(0, (roster.genesis.data,)), m.Ping(1))
    assert talk.all(m.Pong)
    assert not talk.all(RecordsArrived)
    other = Genesis.make(roster.owner, now_ms=NOON, entropy=dice("another notebook"))
    talk.say(m.Records(0, (other.data,)))
    assert "something else" in talk.reason


def test_what_is_durable_already_takes_nothing_back_when_it_is_made_durable_once_more() -> None:
    book, typed = Book(NOTEBOOK, All()), Typed(changes=2)
    older, all_of_it = typed.writer.signed_head(), list(typed.entries)
    opened = Opened(LAPTOP.device_id, typed.nonce)
    last = typed.type(b"one more")
    book.commit(opened, [*all_of_it, last], typed.writer.signed_head())
    book.commit(opened, all_of_it, older)
    assert book.frontier.mark(typed.writer.feed) == Mark(3, last.hash)
    stored = book.stored(typed.writer.feed)
    assert stored is not None
    assert stored.head == typed.writer.signed_head()


def test_who_carries_a_second_history_again_and_again_uses_up_no_window() -> None:
    ours, theirs = Typed(changes=1), Typed(changes=1)  # the same feed: chance repeats in the tests
    ours.type(b"what came here")
    theirs.type(b"what came there")
    talk = Talk()
    talk.book.commit(Opened(LAPTOP.device_id, ours.nonce), ours.entries, ours.writer.signed_head())
    before = theirs.writer.tip
    goes_on = batch(theirs, [theirs.type(random.Random(5).randbytes(900_000))], before)
    for _ in range(2 * WINDOW // 900_000):
        talk.say(goes_on)
    talk.say(m.Ping(1))
    assert talk.all(m.Pong)
    assert not talk.all(EntriesArrived)
    assert sum(credit.returned for credit in talk.all(m.Credit)) > WINDOW
