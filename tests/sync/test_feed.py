"""Feeds: written, sent, followed, vouched for; and every way in which somebody may lie about one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.errors import LocalError, NewerFormat, RemoteError, TooLarge
from notesapp.sync.body import Changed, Erased, Opened, Under, Unread, read_entry
from notesapp.sync.entry import HEADER_BYTES, Entry, Header, Kind, Tip, compact, pack, restore, unpack
from notesapp.sync.feed import PENDING_LIMIT, FeedReader, FeedWriter, Vouched
from notesapp.sync.head import Fork, SignedHead
from notesapp.sync.wire import ENTRY_LIMIT
from tests.identity.people import NOON, device, dice
from tests.sync.feeds import KEYS, LAPTOP, NOTE, NOTEBOOK, UNDER, Typed


def test_what_was_written_is_read_once_its_head_vouches() -> None:
    typed = Typed(changes=3)
    reader = typed.reader()
    for entry in typed.entries:
        reader.advance(entry)
    assert reader.vouched.index == -1
    vouched = reader.vouch(typed.writer.signed_head().data)
    assert isinstance(vouched, Vouched)
    assert vouched.entries == tuple(typed.entries)
    assert reader.vouched == typed.writer.tip
    said = [read_entry(entry, KEYS) for entry in vouched.entries]
    assert said == [Opened(LAPTOP.device_id, typed.nonce), *(Changed(NOTE, b"change %d" % n) for n in range(3))]
    assert reader.vouch(typed.writer.signed_head().data) is None


def test_packed_entries_travel_and_the_bare_signature_is_enough() -> None:
    typed = Typed(changes=20)
    reader = typed.reader()
    reader.take(pack(typed.entries, typed.start))
    assert isinstance(reader.vouch_tip(typed.writer.signed_head().signature), Vouched)
    tip = typed.writer.tip
    late = typed.type(b"one more")
    reader.take(pack([late], tip))
    assert reader.vouch_tip(typed.writer.signed_head().signature) == Vouched(typed.writer.signed_head(), (late,))


def test_typed_change_of_125_bytes_costs_under_250_on_the_wire() -> None:
    typed = Typed()
    tip = typed.writer.tip
    typed.type(dice("raw")(125))
    assert len(pack(typed.entries[1:], tip)) <= 190


def test_writer_and_reader_resume_from_what_is_stored() -> None:
    typed = Typed(changes=2)
    tip, head = typed.writer.tip, typed.writer.signed_head()
    assert Tip.at(typed.entries[-1]) == tip
    writer = FeedWriter(LAPTOP, tip, UNDER)
    entry = writer.append_change(NOTE, b"after a restart", now_ms=NOON, entropy=typed.entropy)
    reader = FeedReader(tip, Opened(LAPTOP.device_id, typed.nonce), head)
    reader.advance(entry)
    assert isinstance(reader.vouch(writer.signed_head().data), Vouched)
    with pytest.raises(LocalError):
        FeedReader(tip)


def test_unwritten_batch_can_be_taken_back() -> None:
    typed = Typed(changes=1)
    tip = typed.writer.tip
    typed.type(b"never reached the disk")
    typed.writer.take_back(tip)
    assert typed.writer.tip == tip
    with pytest.raises(LocalError):
        typed.writer.take_back(tip._replace(index=9))


def test_epoch_and_roster_may_change_within_a_feed() -> None:
    typed = Typed(changes=1)
    other = Under(dice("epoch 1")(32), dice("key 1")(32), dice("roster 1")(32))
    typed.writer.go_under(other)
    typed.type(b"under the new keys")
    typed.type(b"and again")
    assert unpack(pack(typed.entries, typed.start), typed.start) == typed.entries
    assert read_entry(typed.entries[-1], KEYS) is None
    assert read_entry(typed.entries[-1], {other.epoch: other.content_key}) == Changed(NOTE, b"and again")


def test_erased_body_leaves_the_chain_whole() -> None:
    typed = Typed(changes=3)
    kept = [*typed.entries]
    kept[2] = kept[2]._replace(body=None)
    reader = typed.reader()
    reader.take(pack(kept, typed.start))
    assert isinstance(reader.vouch(typed.writer.signed_head().data), Vouched)
    assert read_entry(kept[2], KEYS) == Erased()


def test_store_may_keep_compact_headers_against_the_feeds_first_entry() -> None:
    typed = Typed(changes=5)
    base = Tip.at(typed.entries[0])
    for before, entry in zip(typed.entries[0:], typed.entries[1:], strict=False):
        at = base.moved(Header.read(before.header).index, before.hash)
        assert restore(compact(entry, at), entry.body, at) == entry
        alone = compact(entry, at, with_body=False)
        assert restore(alone, None, at).header == entry.header
        with pytest.raises(RemoteError, match="lost its body"):
            restore(compact(entry, at), None, at)


@given(st.lists(st.binary(min_size=1, max_size=2000), max_size=8), st.lists(st.integers(-5000, 5000), min_size=8))
def test_any_feed_comes_out_of_the_packing_as_it_went_in(raws: list[bytes], ticks: list[int]) -> None:
    typed = Typed()
    for raw, tick in zip(raws, ticks, strict=False):
        typed.now_ms += tick
        typed.type(raw)
    unpacked = unpack(pack(typed.entries, typed.start), typed.start)
    assert unpacked == typed.entries
    assert [read_entry(e, KEYS) for e in unpacked[1:]] == [Changed(NOTE, raw) for raw in raws[: len(ticks)]]


def test_clock_outside_the_calendar_is_pulled_into_it() -> None:
    typed = Typed()
    for now_ms in (-5, 1 << 80):
        entry = typed.writer.append_change(NOTE, b"x", now_ms=now_ms, entropy=typed.entropy)
        typed.entries.append(entry)
    assert unpack(pack(typed.entries, typed.start), typed.start) == typed.entries


# -- what is refused ----------------------------------------------------------------------------------------------


def test_entry_out_of_place_changes_nothing() -> None:
    typed, other = Typed(changes=3), Typed("another", changes=1)
    reader = typed.reader()
    for wrong in (typed.entries[1], other.entries[0]):
        with pytest.raises(RemoteError):
            reader.advance(wrong)
    reader.advance(typed.entries[0])
    for wrong in (typed.entries[0], typed.entries[2], other.entries[1]):
        with pytest.raises(RemoteError, match="doesn't continue"):
            reader.advance(wrong)
    assert reader.tip.index == 0


def test_swapped_body_is_noticed_before_anything_is_kept() -> None:
    typed = Typed(changes=2)
    reader = typed.reader()
    reader.advance(typed.entries[0])
    with pytest.raises(RemoteError, match="another than its header says"):
        reader.advance(typed.entries[1]._replace(body=typed.entries[2].body))
    with pytest.raises(RemoteError, match="seal"):
        read_entry(typed.entries[1], {UNDER.epoch: bytes(32)})


def test_feed_of_a_device_can_not_be_claimed_by_another() -> None:
    typed, thief = Typed(), device("thief")
    writer, opened = FeedWriter.begin(NOTEBOOK, thief, UNDER, now_ms=NOON, entropy=dice("thief"))
    it = Header.read(opened.header)
    forged = Entry.of(it._replace(feed=typed.writer.feed).write(), opened.body)
    with pytest.raises(RemoteError, match="not made of its device"):
        typed.reader().advance(forged)
    reader = typed.reader()
    reader.advance(typed.entries[0])
    with pytest.raises(RemoteError, match="not signed by its feed's device"):
        reader.vouch(SignedHead.make(typed.writer.tip, thief).data)
    with pytest.raises(RemoteError, match="another feed"):
        reader.vouch(SignedHead.make(writer.tip, LAPTOP).data)


def test_forged_entries_are_dropped_when_the_head_says_otherwise() -> None:
    typed = Typed(changes=1)
    reader = typed.reader()
    reader.take(pack(typed.entries, typed.start))
    reader.vouch(typed.writer.signed_head().data)
    stored = reader.vouched
    carrier = FeedWriter(LAPTOP, stored, Under(UNDER.epoch, bytes(32), UNDER.roster))
    reader.advance(carrier.append_change(NOTE, b"the carrier's own", now_ms=NOON, entropy=dice("carrier")))
    honest = typed.type(b"the author's")
    with pytest.raises(RemoteError, match="others than their signed head"):
        reader.vouch(typed.writer.signed_head().data)
    assert reader.tip == stored
    reader.advance(honest)
    assert isinstance(reader.vouch(typed.writer.signed_head().data), Vouched)


def test_head_before_its_entries_or_its_feed_is_refused() -> None:
    typed = Typed(changes=2)
    reader = typed.reader()
    with pytest.raises(RemoteError, match="before its feed"):
        reader.vouch(typed.writer.signed_head().data)
    reader.advance(typed.entries[0])
    with pytest.raises(RemoteError, match="ahead"):
        reader.vouch(typed.writer.signed_head().data)


def test_nothing_follows_the_end_of_a_feed() -> None:
    typed = Typed()
    end = typed.writer.close(now_ms=NOON, entropy=typed.entropy)
    with pytest.raises(LocalError, match="closed"):
        typed.type(b"too late")
    reader = typed.reader()
    reader.take(pack([typed.entries[0], end], typed.start))
    assert reader.tip.closed
    late = FeedWriter(LAPTOP, reader.tip._replace(closed=False), UNDER)
    entry = late.append_change(NOTE, b"late", now_ms=NOON, entropy=typed.entropy)
    with pytest.raises(RemoteError, match="after it was closed"):
        reader.advance(entry)
    with pytest.raises(RemoteError, match="after it was closed"):
        reader.take(pack([entry], reader.tip))


def test_batch_that_fails_half_way_leaves_the_reader_as_it_was() -> None:
    typed = Typed(changes=3)
    packed = pack(typed.entries, typed.start)
    reader = typed.reader()
    with pytest.raises(RemoteError):
        reader.take(packed[:-1])
    assert (reader.tip, reader.opened) == (typed.start, None)
    reader.take(packed)
    assert reader.tip == typed.writer.tip


def test_what_no_head_vouches_for_does_not_pile_up_in_memory() -> None:
    typed = Typed()
    reader = typed.reader()
    reader.advance(typed.entries[0])
    large = bytes(1_000_000)  # would unpack more than 200 times, so it is kept as it is
    for _ in range(PENDING_LIMIT // 1_000_500):
        reader.advance(typed.type(large))
    with pytest.raises(RemoteError, match="without a signed head"):
        reader.advance(typed.type(large))
    reader.vouch(SignedHead.make(reader.tip, LAPTOP).data)
    reader.advance(typed.entries[-1])


def test_change_above_1_mib_is_refused_before_it_is_written() -> None:
    typed = Typed()
    tip = typed.writer.tip
    with pytest.raises(TooLarge):
        typed.type(typed.entropy(ENTRY_LIMIT))
    assert typed.writer.tip == tip


def test_newer_entry_and_kind_are_told_apart_from_broken_ones() -> None:
    typed = Typed(changes=1)
    header = typed.entries[1].header
    with pytest.raises(NewerFormat, match="notesapp/entry/2"):
        Header.read(header.replace(b"entry/1", b"entry/2"))
    it = Header.read(header)
    later = Entry.of(it._replace(kind=7).write(), typed.entries[1].body)
    assert read_entry(later, KEYS) == Unread(7)
    for broken in (it._replace(kind=0), it._replace(kind=8), it._replace(flags=2), it._replace(time_ms=1 << 63)):
        with pytest.raises(RemoteError):
            Header.read(broken.write())
    assert len(header) == HEADER_BYTES


# -- two histories ------------------------------------------------------------------------------------------------


def forked() -> tuple[Typed, FeedWriter]:
    """A laptop whose backup was restored: two writers go on from the same entry."""
    typed = Typed(changes=2)
    clone = FeedWriter(LAPTOP, typed.writer.tip, UNDER)
    typed.type(b"first life")
    clone.append_change(NOTE, b"second life", now_ms=NOON, entropy=dice("clone"))
    return typed, clone


def test_two_heads_of_one_place_are_a_proof_for_everybody() -> None:
    typed, clone = forked()
    reader = typed.reader()
    reader.take(pack(typed.entries, typed.start))
    reader.vouch(typed.writer.signed_head().data)
    fork = reader.vouch(clone.signed_head().data)
    assert isinstance(fork, Fork)
    assert Fork.read(fork.write()).check() == (typed.writer.feed, 3)
    assert reader.vouched == typed.writer.tip


def test_branches_of_different_length_prove_it_too() -> None:
    typed, clone = forked()
    entries = [clone.append_change(NOTE, b"more", now_ms=NOON, entropy=dice(f"{n}")) for n in range(2)]
    headers = b"".join(entry.header for entry in entries)
    one, other = typed.writer.signed_head().data, clone.signed_head().data
    assert Fork(LAPTOP.device_id, typed.nonce, one, b"", other, headers).check() == (typed.writer.feed, 3)
    for branch in (headers[:-1], headers[HEADER_BYTES:], headers[::-1], b""):
        with pytest.raises(RemoteError):
            Fork(LAPTOP.device_id, typed.nonce, one, b"", other, branch).check()


def test_honest_device_can_not_be_accused() -> None:
    typed = Typed(changes=1)
    one = typed.writer.signed_head().data
    typed.type(b"next")
    two = typed.writer.signed_head().data
    other = Typed("another feed", changes=2)
    nonce = typed.nonce
    accusations = [
        Fork(LAPTOP.device_id, nonce, one, b"", one, b""),
        Fork(LAPTOP.device_id, nonce, one, b"", two, b""),
        Fork(LAPTOP.device_id, nonce, one, b"", two, typed.entries[-1].header),
        Fork(LAPTOP.device_id, nonce, two, b"", other.writer.signed_head().data, b""),
        Fork(LAPTOP.device_id, bytes(16), one, b"", two, b""),
        Fork(device("Bob's").device_id, nonce, one, b"", two, b""),
    ]
    for accusation in accusations:
        with pytest.raises(RemoteError):
            accusation.check()


def test_feed_has_one_beginning_and_it_stands_first() -> None:
    typed = Typed()
    again = typed.writer._append(Kind.OPEN, LAPTOP.device_id + typed.nonce, NOON, typed.entropy)
    reader = typed.reader()
    reader.advance(typed.entries[0])
    with pytest.raises(RemoteError, match="begins twice"):
        reader.advance(again)
    headless = FeedWriter(LAPTOP, typed.start, UNDER).append_change(NOTE, b"x", now_ms=NOON, entropy=typed.entropy)
    with pytest.raises(RemoteError, match="without a beginning"):
        typed.reader().advance(headless)


@pytest.mark.parametrize("field", ["epoch", "roster"])
def test_compact_header_has_one_form_and_repeats_nothing(field: str) -> None:
    typed = Typed(changes=1)
    before, change = Tip.at(typed.entries[0]), typed.entries[1]
    assert restore(compact(change, before), change.body, before) == change
    wordy = compact(change, before._replace(**{field: bytes(32)}))  # type: ignore[arg-type]  # both are bytes
    with pytest.raises(RemoteError, match="repeats"):
        restore(wordy, change.body, before)


def test_nobody_proves_two_histories_of_a_feed_that_is_not_his() -> None:
    typed, thief = Typed(), device("thief")
    tips = typed.writer.tip, typed.writer.tip._replace(hash=bytes(32))
    one, other = (SignedHead.make(tip, thief).data for tip in tips)
    false = Fork(thief.device_id, typed.nonce, one, b"", other, b"")
    with pytest.raises(RemoteError, match="a feed of another device"):
        Fork.read(false.write())
    stolen = Fork(LAPTOP.device_id, typed.nonce, one, b"", other, b"")
    with pytest.raises(RemoteError, match="not signed by its feed's device"):
        Fork.read(stolen.write())
    one, other = (SignedHead.make(tip, LAPTOP).data for tip in tips)
    assert Fork.read(Fork(LAPTOP.device_id, typed.nonce, one, b"", other, b"").write()).check()[0] == typed.writer.feed
