"""What a signature doesn't vouch for: bytes of another domain, headers that were made up, numbers out of range."""

from __future__ import annotations

import pytest

from notesapp.errors import RemoteError
from notesapp.identity.primitives import SIGNATURE_BYTES, domain
from notesapp.identity.record import MAX_TIME_MS
from notesapp.sync.body import feed_id, read_entry, write_entry
from notesapp.sync.entry import MAX_INDEX, Header, Kind, Tip, compact, restore
from notesapp.sync.feed import FeedReader
from notesapp.sync.frontier import Frontier, Mark
from notesapp.sync.head import DOMAIN, Fork, SignedHead
from notesapp.sync.messages import RECEIPT_LIMIT
from notesapp.sync.receipt import MAX_NUMBER, Receipt
from tests.identity.people import NOON, dice
from tests.sync.feeds import KEYS, LAPTOP, NOTEBOOK, UNDER, Typed


def test_made_up_headers_accuse_nobody_of_two_histories() -> None:
    typed = Typed(changes=1)
    one = typed.writer.signed_head().data
    honest = Header.read(typed.type(b"next").header)
    two = typed.writer.signed_head().data
    made_up = honest._replace(prev=bytes(32)).write()  # as if another entry had stood before it
    with pytest.raises(RemoteError, match="doesn't lead to its head"):
        Fork(LAPTOP.device_id, typed.nonce, one, b"", two, made_up).check()


def test_what_a_device_signed_in_another_domain_is_no_head() -> None:
    head = Typed(changes=1).writer.signed_head().data
    other = domain("hoot") + head[len(DOMAIN) : -SIGNATURE_BYTES]
    assert len(other) == len(head) - SIGNATURE_BYTES
    with pytest.raises(RemoteError):
        SignedHead.read(other + LAPTOP.sign(other), LAPTOP.device_id)


def test_a_head_beyond_the_last_place_is_refused_though_its_device_signed_it() -> None:
    tip = Typed(changes=1).writer.tip
    last, beyond = (SignedHead.make(tip._replace(index=index), LAPTOP).data for index in (MAX_INDEX, MAX_INDEX + 1))
    assert SignedHead.read(last, LAPTOP.device_id).index == MAX_INDEX
    with pytest.raises(RemoteError, match="out of range"):
        SignedHead.read(beyond, LAPTOP.device_id)


def test_a_feed_is_named_by_sixteen_bytes_of_chance_and_no_others() -> None:
    for count in (0, 15, 17):
        nonce = dice("chance")(count)
        start = Tip.before_first(NOTEBOOK, feed_id(NOTEBOOK, LAPTOP.device_id, nonce))
        opened = write_entry(start, Kind.OPEN, LAPTOP.device_id + nonce, UNDER, NOON, dice("nonce"))
        with pytest.raises(RemoteError, match="wrong length"):
            FeedReader(start).advance(opened)


def test_the_end_of_a_feed_says_nothing() -> None:
    typed = Typed()
    entry = write_entry(typed.writer.tip, Kind.CLOSE, b"and one more thing", UNDER, NOON, dice("nonce"))
    with pytest.raises(RemoteError, match="says something"):
        read_entry(entry, KEYS)


def test_the_last_number_of_a_receipt_is_taken_and_one_more_is_not() -> None:
    last = Receipt.make(LAPTOP, NOTEBOOK, MAX_NUMBER, Frontier())
    beyond = Receipt.make(LAPTOP, NOTEBOOK, MAX_NUMBER + 1, Frontier())
    assert last is not None
    assert beyond is not None
    assert Receipt.read(last.data).number == MAX_NUMBER
    with pytest.raises(RemoteError, match="out of range"):
        Receipt.read(beyond.data)


def test_a_receipt_that_would_be_too_long_is_not_made() -> None:
    feeds = {nth.to_bytes(16, "big"): Mark(0, bytes(32)) for nth in range(1_400)}
    assert Receipt.make(LAPTOP, NOTEBOOK, 1, Frontier(feeds)) is None
    fits = Receipt.make(LAPTOP, NOTEBOOK, 1, Frontier(dict(list(feeds.items())[:1_200])))
    assert fits is not None
    assert len(fits.data) <= RECEIPT_LIMIT


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ({"time_ms": NOON + 10_000}, {"time_ms": 0}),  # before 1970
        ({"time_ms": 0}, {"time_ms": MAX_TIME_MS}),  # after the year 9999
        ({}, {"index": MAX_INDEX}),
    ],
)
def test_a_compact_header_leads_to_no_time_or_place_out_of_range(told: dict[str, int], read: dict[str, int]) -> None:
    typed = Typed(changes=1)
    before, change = Tip.at(typed.entries[0]), typed.entries[1]
    said = compact(change, before._replace(**told))  # type: ignore[arg-type]  # all of these are numbers
    with pytest.raises(RemoteError, match="out of range"):
        restore(said, change.body, before._replace(**read))  # type: ignore[arg-type]  # the same
