"""A note's id names the feed that creates it."""

from __future__ import annotations

from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from notesapp.notes.change import creates
from notesapp.notes.replica import Replica
from notesapp.sync.naming import names, new_note_id
from notesapp.text import Splice

ids = st.binary(min_size=16, max_size=16)


@given(ids, ids, st.binary(min_size=6, max_size=6))
def test_an_id_names_its_feed_and_no_other(feed: bytes, other: bytes, chance: bytes) -> None:
    note_id = new_note_id(feed, lambda count: chance[:count])
    assert len(note_id) == 16
    assert names(note_id, feed)
    assert names(note_id, other) == (feed == other)


def test_the_id_is_six_bytes_of_chance_and_ten_of_a_hash() -> None:
    feed = bytes(range(16))
    expected = b"chance" + blake2b(b"notesapp/note/1|" + feed + b"chance", digest_size=10).digest()
    assert new_note_id(feed, lambda count: b"chance") == expected


def test_the_first_change_of_a_document_creates_it_and_no_later_one_does() -> None:
    replica = Replica.create_note(bytes(16), bytes(16), "text")
    replica.edit([Splice(0, "", "more ")])
    assert [creates(change.raw) for change in replica.changes_since(())] == [True, False, False]
    assert not creates(b"")
    assert not creates(b"\xff" * 40)
