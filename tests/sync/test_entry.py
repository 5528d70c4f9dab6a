"""The numbers of an entry: each has its smallest and its largest, in the full header as in the compact one."""

from __future__ import annotations

import pytest

from notesapp.errors import RemoteError
from notesapp.identity.record import MAX_TIME_MS
from notesapp.sync.entry import BODY_LIMIT, MAX_INDEX, MAX_KIND, Header, Tip, expand
from notesapp.sync.wire import Cursor, number, zigzag
from tests.sync.feeds import NOTEBOOK, Typed

BEFORE = Tip.before_first(NOTEBOOK, bytes(16)).moved(4, bytes(32))


def compacted(first: int = 2, time: int = 0, rest: bytes = b"") -> Cursor:
    return Cursor(bytes([first]) + number(zigzag(time)) + bytes(24) + rest)


@pytest.mark.parametrize(
    ("field", "taken", "refused"),
    [
        ("index", (0, MAX_INDEX), (MAX_INDEX + 1,)),
        ("time_ms", (0, MAX_TIME_MS), (MAX_TIME_MS + 1,)),
        ("body_length", (0, BODY_LIMIT), (BODY_LIMIT + 1,)),
        ("kind", (1, MAX_KIND), (0, MAX_KIND + 1)),
        ("flags", (0, 1), (2, 128)),
    ],
)
def test_each_number_of_a_header_is_taken_at_its_ends_and_refused_beyond(
    field: str, taken: tuple[int, ...], refused: tuple[int, ...]
) -> None:
    header = Header.read(Typed(changes=1).entries[1].header)
    for value in taken:
        changed = header._replace(**{field: value})  # type: ignore[arg-type]  # all of these are numbers
        assert Header.read(changed.write()) == changed
    for value in refused:
        with pytest.raises(RemoteError, match="kind" if field == "kind" else "flags" if field == "flags" else "range"):
            Header.read(header._replace(**{field: value}).write())  # type: ignore[arg-type]  # as above


def test_the_time_of_a_compact_header_may_go_back_but_not_before_the_calendar() -> None:
    before = BEFORE._replace(time_ms=1_000)
    assert expand(compacted(time=-1_000), before)[0].time_ms == 0
    with pytest.raises(RemoteError, match="out of range"):
        expand(compacted(time=-1_001), before)


def test_the_time_of_a_compact_header_ends_with_the_calendar() -> None:
    before = BEFORE._replace(time_ms=MAX_TIME_MS - 5)
    assert expand(compacted(time=5), before)[0].time_ms == MAX_TIME_MS
    with pytest.raises(RemoteError, match="out of range"):
        expand(compacted(time=6), before)


def test_nothing_follows_the_last_index_of_a_feed() -> None:
    assert expand(compacted(), BEFORE.moved(MAX_INDEX - 1, bytes(32)))[0].index == MAX_INDEX
    with pytest.raises(RemoteError, match="out of range"):
        expand(compacted(), BEFORE.moved(MAX_INDEX, bytes(32)))


@pytest.mark.parametrize("first", [0x00, 0x08, 0x82, 0xFF])
def test_a_compact_header_of_no_kind_or_with_an_unknown_bit_is_refused(first: int) -> None:
    with pytest.raises(RemoteError, match="begins with"):
        expand(compacted(first), BEFORE)


def test_a_body_that_was_left_out_is_no_longer_than_one_that_was_not() -> None:
    assert expand(compacted(0x42, 0, number(BODY_LIMIT) + bytes(32)), BEFORE)[0].body_length == BODY_LIMIT
    with pytest.raises(RemoteError):
        expand(compacted(0x42, 0, number(BODY_LIMIT + 1) + bytes(32)), BEFORE)
