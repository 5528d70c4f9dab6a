"""What a signature doesn't vouch for: bytes of another domain, headers that were made up, numbers out of range."""

from __future__ import annotations

import pytest

from notesapp.errors import RemoteError
from notesapp.identity.primitives import SIGNATURE_BYTES, domain
from notesapp.sync.body import read_entry, write_entry
from notesapp.sync.entry import Header, Kind
from notesapp.sync.frontier import Frontier
from notesapp.sync.head import DOMAIN, Fork, SignedHead
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
