"""Frontiers: equal ones agree by one digest, different ones find every difference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.errors import LocalError, RemoteError
from notesapp.sync.frontier import END, FIRST, Frontier, Mark, frontier_of, read_frontier
from notesapp.sync.wire import Cursor, number, unzigzag, zigzag
from tests.identity.people import dice

feeds = st.binary(min_size=16, max_size=16)
marks = st.builds(Mark, st.integers(0, 500), st.binary(min_size=32, max_size=32))
frontiers = st.dictionaries(feeds, marks, max_size=30).map(Frontier)


def many(count: int) -> Frontier:
    roll = dice("many")
    return frontier_of((roll(16), n, roll(32)) for n in range(count))


@given(frontiers)
def test_table_survives_its_bytes(frontier: Frontier) -> None:
    assert read_frontier(frontier.write()) == frontier


@given(frontiers, frontiers)
def test_digests_agree_exactly_where_frontiers_do(one: Frontier, other: Frontier) -> None:
    assert (one.span() == other.span()) == (one == other)
    assert one.span().digest == Frontier(one.marks()).span().digest


@given(frontiers, st.integers(1, 20))
def test_split_covers_the_range_without_gap_or_overlap(frontier: Frontier, parts: int) -> None:
    spans = frontier.split(FIRST, END, parts)
    assert (spans[0].low, spans[-1].high) == (FIRST, END)
    assert [span.high for span in spans[:-1]] == [span.low for span in spans[1:]]
    assert sum(span.feeds for span in spans) == len(frontier)
    assert len(spans) <= parts
    assert b"".join(frontier.write(span.low, span.high) for span in spans) == frontier.write()


@given(frontiers, frontiers)
def test_descending_into_differing_ranges_finds_every_difference(one: Frontier, other: Frontier) -> None:
    whole = one.compare(other)
    found: dict[bytes, tuple[int, int]] = {}
    for span in one.split(FIRST, END, 4):
        theirs = other.span(span.low, span.high)
        if theirs.digest != span.digest:
            table = read_frontier(other.write(span.low, span.high))
            found.update(one.compare(table, span.low, span.high).we_lack)
    assert found == whole.we_lack
    assert other.compare(one).they_lack == whole.we_lack
    for feed, (first, last) in whole.we_lack.items():
        mark = one.mark(feed)
        assert first == (mark.index + 1 if mark else 0)
        assert last == other.marks()[feed].index


def test_clash_is_told_from_a_lack() -> None:
    feed = bytes(16)
    one, other = Frontier({feed: Mark(3, b"a" * 32)}), Frontier({feed: Mark(3, b"b" * 32)})
    assert one.compare(other).clash == (feed,)
    assert one.compare(Frontier({feed: Mark(4, b"b" * 32)})).we_lack == {feed: (4, 4)}


def test_growing_a_feed_changes_the_digest_and_shrinking_it_is_our_bug() -> None:
    frontier = many(100)
    feed, before = next(iter(frontier.marks())), frontier.span().digest
    frontier.set(feed, Mark(500, bytes(32)))
    assert frontier.span().digest != before
    with pytest.raises(LocalError):
        frontier.set(feed, Mark(499, bytes(32)))


def test_ten_thousand_feeds_agree_in_one_digest() -> None:
    one, other = many(10_000), many(10_000)
    assert one.span() == other.span()
    assert sum(map(len, one.span()[:2])) + len(one.span().digest) < 100


def test_hostile_tables_are_refused() -> None:
    row = bytes(15) + b"\1" + number(5) + bytes(32)
    low = bytes(16) + number(5) + bytes(32)
    far = bytes(16) + number(1 << 53) + bytes(32)
    for hostile in (row + row, row + low, row[:-1], far, bytes(16) + b"\x85\x00" + bytes(32), bytes(300_000)):
        with pytest.raises(RemoteError):
            read_frontier(hostile)
    assert len(read_frontier(low + row)) == 2


@given(st.integers(0, (1 << 63) - 1))
def test_numbers_have_one_form(value: int) -> None:
    data = number(value)
    cursor = Cursor(data)
    assert cursor.number() == value
    cursor.end()
    if len(data) < 9:
        longer = data[:-1] + bytes([data[-1] | 0x80, 0])
        with pytest.raises(RemoteError):
            Cursor(longer).number()


@given(st.integers(-(1 << 60), 1 << 60))
def test_signed_differences_come_back(value: int) -> None:
    assert unzigzag(zigzag(value)) == value


def test_number_too_large_is_refused_on_both_sides() -> None:
    for value in (-1, 1 << 63):
        with pytest.raises(LocalError):
            number(value)
    with pytest.raises(RemoteError, match="63 bits"):
        Cursor(b"\xff" * 9 + b"\1").number()
