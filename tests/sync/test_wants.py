"""What one message costs does not depend on what was named before: counted in looks at feeds, not in seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from notesapp.sync import messages as m
from notesapp.sync.book import CLAIM_MS, Book
from notesapp.sync.frontier import Mark
from notesapp.sync.ranges import read_wants, table_of
from notesapp.sync.wants import SLICE, WALK_MS
from tests.sync.feeds import Typed
from tests.sync.talk import Talk, batch
from tests.sync.test_matrix import Standing

NAMED = 3_000
OTHER = object()  # another session


class Looks:
    """How often a book was asked about a feed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        for name in ("reach", "may_go_on"):
            monkeypatch.setattr(Book, name, self._counted(getattr(Book, name)))

    def _counted(self, real: Callable[[Book, bytes], object]) -> Callable[[Book, bytes], object]:
        def looked(book: Book, feed: bytes) -> object:
            self.count += 1
            return real(book, feed)

        return looked

    def taken(self) -> int:
        """Since the last call."""
        count, self.count = self.count, 0
        return count


def names(first: int, count: int) -> list[bytes]:
    return [number.to_bytes(16, "big") for number in range(first, first + count)]


def have(feeds: Iterable[bytes]) -> m.Have:
    return m.Have(0, table_of({feed: Mark(3, bytes(32)) for feed in feeds}))


def test_one_more_name_costs_one_name_whatever_was_named_before(monkeypatch: pytest.MonkeyPatch) -> None:
    talk, looks = Talk(), Looks(monkeypatch)
    talk.say(have(names(0, NAMED)))
    assert looks.taken() >= NAMED
    for nth in range(5):
        talk.say(have(names(NAMED + nth, 1)))
    assert 0 < looks.taken() < 50


def test_what_comes_of_a_feed_costs_that_feed_whatever_was_named_before(monkeypatch: pytest.MonkeyPatch) -> None:
    talk, typed, looks = Talk(), Typed("a"), Looks(monkeypatch)
    talk.say(have(names(0, NAMED)))
    talk.say(batch(typed, typed.entries, typed.start))
    talk.wait(1)
    looks.taken()
    talk.session.grew(talk.book.notebook, {typed.writer.feed: 0}, talk.now_ms)
    assert 0 < looks.taken() <= 4 * SLICE
    for _ in range(20):
        talk.session.grew(talk.book.notebook, {typed.writer.feed: 0}, talk.now_ms)
    assert looks.taken() < 200 + 4 * SLICE * (NAMED // SLICE + 1)  # one walk in all, in slices


def test_a_look_at_all_gives_others_their_turn_between_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    talk, looks = Talk(), Looks(monkeypatch)
    talk.say(have(names(0, NAMED)))
    looks.taken()
    talk.session.rejudged(talk.book.notebook, talk.now_ms)
    most = looks.taken()
    slices = 1
    while talk.session.deadline() == talk.now_ms:
        talk.session.receive_time(talk.now_ms)
        most = max(most, looks.taken())
        slices += 1
    assert slices >= NAMED // SLICE
    assert 0 < most <= 4 * SLICE


def test_what_somebody_else_was_asked_for_in_vain_is_asked_for_here_when_something_comes() -> None:
    talk = Talk()
    feed = names(0, 1)[0]
    assert talk.book.claim(feed, OTHER, 0)
    talk.say(have([feed]))
    assert not talk.all(m.Want)
    talk.wait(CLAIM_MS + 1)
    talk.session.grew(talk.book.notebook, {}, talk.now_ms)
    talk.wait(WALK_MS)
    assert [list(read_wants(want.rows)) for want in talk.all(m.Want)] == [[feed]]


def test_a_session_whose_neighbour_is_gone_asks_for_all_that_that_one_was_asked_for() -> None:
    talk, feeds = Talk(), names(0, NAMED)
    for feed in feeds:
        talk.book.claim(feed, OTHER, 0)
    talk.say(have(feeds))
    assert not talk.all(m.Want)
    talk.book.release(OTHER)
    talk.session.reconsider(talk.now_ms)
    talk.wait(1)
    assert sorted(feed for want in talk.all(m.Want) for feed in read_wants(want.rows)) == feeds


def test_a_feed_turned_away_is_no_want_any_more_and_asked_for_anew_once_rights_change() -> None:
    talk, typed = Talk(), Typed("a")
    talk.book.rights = Standing(writer=False)
    said = m.Have(0, table_of({typed.writer.feed: Mark(len(typed.entries) - 1, typed.entries[-1].hash)}))
    talk.say(said)
    assert len(talk.all(m.Want)) == 1
    talk.say(batch(typed, typed.entries, typed.start))
    assert talk.all(m.Turned)
    talk.book.rights = Standing()
    talk.session.rejudged(talk.book.notebook, talk.now_ms)
    talk.listen()
    assert len(talk.all(m.Want)) == 2
