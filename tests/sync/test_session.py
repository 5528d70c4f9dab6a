"""One session with a peer that says whatever it likes."""

from __future__ import annotations

import random
import tracemalloc

import pytest

from notesapp.identity.primitives import digest
from notesapp.sync import messages as m
from notesapp.sync.attachment import Manifest, Sealer
from notesapp.sync.book import Book
from notesapp.sync.entry import unpack
from notesapp.sync.events import (
    Answered,
    Asked,
    ChunkArrived,
    ChunksLacking,
    ChunkWanted,
    CourierOffered,
    EntriesArrived,
    EntriesWanted,
    Lag,
    NotebookOffered,
    PresenceShown,
    SessionClosed,
)
from notesapp.sync.fetching import AT_ONCE, Download
from notesapp.sync.frames import frame
from notesapp.sync.frontier import END, FIRST, Mark
from notesapp.sync.pace import BURST, RATE, Pace
from notesapp.sync.presence import EXPIRES_MS
from notesapp.sync.ranges import table_of, write_wants
from notesapp.sync.session import GONE_MS, Closed
from tests.identity.people import dice
from tests.sync.feeds import NOTE, NOTEBOOK, Typed
from tests.sync.talk import All, Talk, batch

FEED = bytes(15) + b"\1"
ABOUT = [
    m.Spans(0, ()),
    m.Table(0, m.FEEDS, FIRST, END, b"", False),
    m.Table(0, m.RECORDS, FIRST, END, b"", False),
    m.Have(0, b""),
    m.Want(0, m.FEEDS, b""),
    m.Want(0, m.RECORDS, b""),
    m.Settled(0, bytes(32)),
    m.Records(0, ()),
    m.Entries(0, FEED, 0, b"", b"", False),
    m.Turned(0, FEED, ""),
    m.Trace(0, FEED, 0, 1, bytes(32)),
    m.Branch(0, FEED, 0, bytes(168), b""),
    m.ChunksWanted(0, b""),
    m.Chunk(0, b""),
    m.ChunksMissing(0, b""),
    m.Presence(0, NOTE, 0, 0, b""),
    m.Offers(0, ()),
    m.Receipted(0, b""),
]


@pytest.mark.parametrize("message", ABOUT, ids=lambda message: type(message).__name__)
def test_nothing_is_said_about_a_notebook_that_was_not_announced(message: m.Message) -> None:
    talk = Talk(begin=False)
    talk.say(message)
    assert "not announced" in talk.reason
    assert talk.all(m.Close)[0].reason == talk.reason


@pytest.mark.parametrize("message", ABOUT, ids=lambda message: type(message).__name__)
def test_guest_of_an_invite_may_only_ask(message: m.Message) -> None:
    talk = Talk(invite=b"i", books=0, begin=False)
    talk.say(m.Ask(b"let me in"))
    assert talk.all(Asked) == [Asked(b"let me in")]
    talk.session.answer(b"welcome", 0)
    talk.say(message)
    assert "not announced" in talk.reason


@pytest.mark.parametrize(
    "message",
    [one for one in ABOUT if not isinstance(one, m.Settled | m.Records) and getattr(one, "what", 1) != m.RECORDS],
    ids=lambda message: type(message).__name__,
)
def test_no_feed_is_spoken_of_before_the_records_are_the_same(message: m.Message) -> None:
    talk = Talk(begin=False)
    talk.say(m.Books((m.BookLine(0, NOTEBOOK, b"other records" + bytes(19), bytes(32)),)))
    talk.say(message)
    assert "before the records" in talk.reason


def test_member_can_not_ask_and_nobody_answers_unasked() -> None:
    for message in (m.Ask(b""), m.Answer(b"")):
        talk = Talk()
        talk.say(message)
        assert talk.reason
    guest = Talk(invite=b"i", books=0, begin=False)
    guest.say(m.Answer(b"yes"))
    assert guest.all(Answered) == [Answered(b"yes")]
    guest.say(*[m.Ask(b"again")] * 17)
    assert "too often" in guest.reason


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x00", "empty"),
        (b"\x80\x00", "longer than needed"),
        (b"\xff\xff\xff\xff\x7f", "256 MB"),
        (b"\x02\x63\x90", "no message of kind 99"),
        (frame(17, b"\x91\x01" + bytes(20)), "limit is 16"),
        (b"\x80\x80\x80\x01\x01", "the limit is"),
        (frame(1, b"\xc1"), "malformed"),
        (frame(1, b"\x92\x90\x90"), "malformed"),
    ],
)
def test_malformed_frames_close_with_a_named_reason(data: bytes, why: str) -> None:
    talk = Talk()
    talk.raw(data)
    assert why in talk.reason
    assert isinstance(talk.session.state, Closed)
    assert talk.session.state.guilty


def test_after_the_end_nothing_is_read_said_or_told() -> None:
    talk = Talk()
    talk.session.close("we go home", 0)
    talk.listen()
    told, heard = len(talk.events), len(talk.heard)
    talk.say(m.Ping(1), m.Have(0, b""))
    talk.wait(100_000)
    assert (len(talk.events), len(talk.heard)) == (told, heard)
    assert talk.session.deadline() is None


def test_peers_goodbye_is_told_as_his() -> None:
    talk = Talk()
    talk.say(m.Close("good night"))
    assert talk.all(SessionClosed) == [SessionClosed("good night", by_peer=True)]
    assert not talk.all(m.Close)


def test_notebook_that_is_not_here_is_offered_and_else_ignored() -> None:
    talk = Talk()
    talk.say(m.Books((m.BookLine(7, bytes(32), bytes(32), bytes(32)),)), m.Have(7, b""), m.Chunk(7, b"x"))
    assert talk.all(NotebookOffered) == [NotebookOffered(bytes(32))]
    assert not talk.all(SessionClosed)
    talk.say(m.Books((m.BookLine(7, bytes(32), bytes(32), bytes(32)),)))
    assert "twice" in talk.reason


def test_ping_is_answered_and_ours_measures_the_lag() -> None:
    talk = Talk()
    talk.say(m.Ping(5))
    assert talk.all(m.Pong) == [m.Pong(5)]
    talk.wait(20_000)
    (ping,) = talk.all(m.Ping)
    talk.now_ms += 70
    talk.say(m.Pong(ping.number))
    assert talk.all(Lag) == [Lag(70)]
    assert talk.session.lag_ms == 70


def test_silent_peer_is_given_up() -> None:
    talk = Talk()
    talk.wait(GONE_MS + 1)
    assert "silent" in talk.reason
    assert len(talk.all(m.Ping)) == 2


# -- entries ----------------------------------------------------------------------------------------------------------


def test_entries_are_told_once_vouched_for_and_acknowledged_once_durable() -> None:
    talk, typed = Talk(), Typed(changes=2)
    talk.say(batch(typed, typed.entries, typed.start))
    (event,) = talk.all(EntriesArrived)
    assert event.entries == tuple(typed.entries)
    assert not talk.all(m.Have)
    talk.book.commit(event.opened, event.entries, event.head)
    talk.session.grew(NOTEBOOK, {event.feed: 0}, 0)
    talk.session.done(event.ticket, 0)
    talk.listen()
    mark = Mark(2, typed.entries[-1].hash)
    assert talk.all(m.Have) == [m.Have(0, table_of({event.feed: mark}))]


def test_same_entries_twice_and_entries_with_a_gap_are_dropped() -> None:
    talk, typed = Talk(), Typed(changes=2)
    one = batch(typed, typed.entries, typed.start)
    talk.say(one, one, m.Entries(0, typed.writer.feed, 9, one.packed, one.signature, True))
    assert len(talk.all(EntriesArrived)) == 1
    assert not talk.all(SessionClosed)


def test_entries_whose_bodies_were_erased_count_as_all_others_and_nobody_is_asked_for_the_bodies() -> None:
    talk, typed = Talk(), Typed(changes=2)
    erased = [typed.entries[0], typed.entries[1]._replace(body=None), typed.entries[2]]
    talk.say(batch(typed, erased, typed.start))
    [event] = talk.all(EntriesArrived)
    assert [entry.body is None for entry in event.entries] == [False, True, False]
    talk.book.commit(event.opened, event.entries, event.head)
    talk.session.done(event.ticket, 0)
    mark = Mark(2, typed.entries[2].hash)
    assert talk.book.frontier.mark(typed.writer.feed) == mark
    another = Talk(book=talk.book, begin=False)
    another.begin()
    another.say(m.Have(0, table_of({typed.writer.feed: mark})))  # he may have them all
    assert not another.all(m.Want)
    another.say(m.Want(0, m.FEEDS, write_wants({typed.writer.feed: 0})))
    [wanted] = another.all(EntriesWanted)
    signature = typed.writer.signed_head().signature
    another.session.serve_entries(wanted.ticket, typed.start, event.entries, signature, 0)
    another.listen()
    [passed] = another.all(m.Entries)
    assert unpack(passed.packed, typed.start) == erased


def test_wrong_signature_over_a_feed_that_is_new_here_closes() -> None:
    talk, typed = Talk(), Typed(changes=2)
    one = batch(typed, typed.entries, typed.start)
    talk.say(m.Entries(0, one.feed, 0, one.packed, bytes(64), True))
    assert "not signed" in talk.reason
    assert not talk.all(EntriesArrived)


def test_live_changes_above_the_pace_wait_and_the_sender_is_pushed_back() -> None:
    talk, typed = Talk(), Typed()
    talk.say(batch(typed, typed.entries, typed.start))
    for number in range(BURST + 100):
        before = typed.writer.tip
        talk.say(batch(typed, [typed.type(b"change %d" % number)], before))
    told = len(talk.all(EntriesArrived))
    assert BURST <= told < BURST + 5
    talk.wait(1000)
    assert len(talk.all(EntriesArrived)) <= told + RATE + 1
    talk.wait(2000)
    assert len(talk.all(EntriesArrived)) == BURST + 101
    assert [event.entries[0].hash for event in talk.all(EntriesArrived)] == [entry.hash for entry in typed.entries]


def test_pace_counts_exactly() -> None:
    pace = Pace(0)
    pace.spend(BURST, 0)
    assert pace.left(0) == 0
    assert pace.ready_ms(0) == 20
    assert pace.left(1000) == RATE
    assert pace.left(10**9) == BURST


def test_window_that_is_overrun_closes() -> None:
    talk, typed = Talk(), Typed()
    talk.say(batch(typed, typed.entries, typed.start))
    for number in range(20):
        before = typed.writer.tip
        entry = typed.type(random.Random(number).randbytes(900_000))
        message = batch(typed, [entry], before)
        talk.say(message)
        if isinstance(talk.session.state, Closed):
            break
    assert "window" in talk.reason
    assert number < 11


def test_more_credit_than_was_sent_closes() -> None:
    talk = Talk()
    talk.say(m.Credit(1))
    assert "returned" in talk.reason


# -- floods -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        m.Ping(1),
        m.Have(0, table_of({bytes([number, 0]) * 8: Mark(number, bytes(32)) for number in range(200)})),
        m.Spans(0, tuple(m.SpanLine(FIRST, END, 10**6, bytes(32)) for _ in range(1))),
        m.Table(0, m.FEEDS, FIRST, END, b"", False),
        m.Want(0, m.FEEDS, write_wants({bytes([number]) * 16: 0 for number in range(200)})),
        m.ChunksWanted(0, bytes(32 * 64)),
        m.Presence(0, NOTE, 1, 1, b""),
        m.Offers(0, (m.OfferLine(bytes(32), 1),)),
        m.Receipted(0, bytes(60_000)),
        m.Settled(0, bytes(32)),
    ],
    ids=lambda message: type(message).__name__,
)
def test_flood_that_nobody_drains_is_held_in_bounded_memory(message: m.Message) -> None:
    talk = Talk()
    answered = isinstance(message, m.Ping | m.Spans | m.Table)  # the answers fill up what waits for the link
    data = m.write(message) * max(1, (40_000 if answered else 4_000) // len(m.write(message)))
    held: list[int] = []
    tracemalloc.start()
    try:
        for _ in range(40):
            if talk.session.reading:
                talk.session.receive_data(data, 0)
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert held[-1] < 16 * 1024 * 1024
    assert held[-1] - held[20] < 64 * 1024 or not talk.session.reading


def test_node_that_reads_although_it_should_not_ends_the_session_not_the_memory() -> None:
    talk = Talk()
    data = m.write(m.Ping(1)) * 100_000
    for _ in range(100):
        talk.session.receive_data(data, 0)
    assert isinstance(talk.session.state, Closed)
    assert "window" in talk.session.state.reason


# -- presence ---------------------------------------------------------------------------------------------------------


def test_latest_caret_is_said_at_once_then_at_most_25_times_a_second() -> None:
    talk = Talk()
    for at in range(100):
        talk.session.show_presence(NOTEBOOK, NOTE, at, at, [bytes(32)], talk.now_ms)
        talk.wait(10)
    talk.wait(100)
    said = talk.all(m.Presence)
    assert 20 <= len(said) <= 27
    assert said[-1].at == 99
    talk.session.hide_presence(NOTEBOOK, talk.now_ms)
    talk.wait(100)
    assert talk.all(m.Presence)[-1].note == bytes(16)
    count = len(talk.all(m.Presence))
    talk.wait(15_000)
    assert len(talk.all(m.Presence)) == count


def test_peers_caret_expires_after_thirty_seconds_and_is_kept_alive_by_repeating() -> None:
    talk = Talk()
    talk.say(m.Presence(0, NOTE, 3, 5, bytes(32)))
    talk.say(m.Presence(0, NOTE, 4, 5, bytes(32)))
    assert [event.presence.at for event in talk.all(PresenceShown)] == [3, 4]
    talk.wait(EXPIRES_MS - 1)
    assert len(talk.all(PresenceShown)) == 2
    talk.wait(1)
    assert talk.all(PresenceShown)[-1].presence is None
    other = Talk()
    other.session.show_presence(NOTEBOOK, NOTE, 1, 1, [], 0)
    other.wait(EXPIRES_MS - 1)
    assert len(other.all(m.Presence)) == 3


# -- attachments ------------------------------------------------------------------------------------------------------


def chunks_of(size: int) -> tuple[dict[bytes, bytes], Manifest]:
    sealer = Sealer(bytes(16), dice("key"))
    chunks = {chunk.hash: chunk.sealed for chunk in sealer.add(dice("file")(64) * (size // 64))}
    last, manifest = sealer.finish()
    return chunks | {chunk.hash: chunk.sealed for chunk in last}, manifest


def test_attachment_comes_in_pieces_with_progress_and_resumes_where_it_stopped() -> None:
    chunks, manifest = chunks_of(20 * 262_144)
    assert len(chunks) == 20
    here = manifest.hashes[:3]
    download, talk = Download(manifest, here), Talk()
    talk.session.fetch(NOTEBOOK, download.to_ask(talk), 0)
    talk.listen()
    progress: list[tuple[int, int]] = []
    while wanted := [hash_ for ask in talk.all(m.ChunksWanted) for hash_ in _split(ask.hashes)][len(progress) :]:
        assert len(wanted) <= AT_ONCE
        talk.say(m.Chunk(0, chunks[wanted[0]]))
        event = talk.all(ChunkArrived)[-1]
        assert event.sealed == chunks[event.hash]
        assert download.arrived(event.hash)
        talk.session.done(event.ticket, 0)
        talk.listen()
        progress.append(download.done)
    assert progress[0] == (4, 20)
    assert progress[-1] == (20, 20)
    assert len(progress) == 17
    assert sum(credit.returned for credit in talk.all(m.Credit)) > 15 * 262_144


def test_chunk_that_the_peer_lacks_is_asked_of_another() -> None:
    chunks, manifest = chunks_of(2 * 262_144)
    download, talk = Download(manifest), Talk()
    talk.session.fetch(NOTEBOOK, download.to_ask("Alice"), 0)
    talk.listen()
    talk.say(m.ChunksMissing(0, manifest.hashes[1]))
    (event,) = talk.all(ChunksLacking)
    download.lacks("Alice", event.hashes)
    assert download.to_ask("Alice") == (manifest.hashes[0],)
    assert download.to_ask("Carol") == manifest.hashes
    assert chunks


def test_unasked_or_changed_chunk_closes() -> None:
    talk = Talk()
    talk.say(m.Chunk(0, b"surprise"))
    assert "nobody asked" in talk.reason


def test_asked_chunks_are_served_one_by_one_and_a_missing_one_is_said() -> None:
    talk = Talk()
    talk.say(m.ChunksWanted(0, digest(b"one") + digest(b"two")))
    (event,) = talk.all(ChunkWanted)
    talk.session.serve_chunk(event.ticket, b"one", 0)
    talk.listen()
    talk.session.serve_chunk(talk.all(ChunkWanted)[1].ticket, None, 0)
    talk.listen()
    assert talk.all(m.Chunk) == [m.Chunk(0, b"one")]
    assert talk.all(m.ChunksMissing) == [m.ChunksMissing(0, digest(b"two"))]


def test_courier_offers_are_passed_to_the_node() -> None:
    talk = Talk()
    talk.say(m.Offers(0, (m.OfferLine(bytes(32), 0),)))
    assert talk.all(CourierOffered) == [CourierOffered(NOTEBOOK, ((bytes(32), 0),))]
    talk.session.offer(NOTEBOOK, {bytes(32): 5000, b"1" * 32: 0}, 0)
    talk.listen()
    assert talk.all(m.Offers)[0].devices == (m.OfferLine(b"1" * 32, 0), m.OfferLine(bytes(32), 5000))


def _split(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + 32] for at in range(0, len(hashes), 32)]


class Members(All):
    """Rights of a notebook where Alice is a member, or not."""

    member = True

    def is_member(self, device: bytes) -> bool:
        return self.member


def test_whoever_is_let_in_again_begins_anew_although_another_notebook_kept_the_link() -> None:
    talk = Talk()
    rights = talk.book.rights = Members()
    other = b"another notebook".ljust(32)
    talk.session.add_book(Book(other, All()), 0)
    talk.listen()
    rights.member = False
    talk.session.rejudged(NOTEBOOK, 0)
    talk.listen()
    talk.say(m.Ping(1))
    assert talk.all(m.Pong)  # the other notebook goes on
    talk.session.rejudged(other, 0)
    talk.listen()
    assert not isinstance(talk.session.state, Closed)
    rights.member = True
    talk.session.rejudged(NOTEBOOK, 0)
    talk.listen()
    assert talk.reason == "the right to a notebook has come back"
    assert not talk.session.state.guilty  # type: ignore[attr-defined]  # it is closed: see the line above


def test_a_guest_who_is_let_in_after_others_were_goes_on_over_the_same_link() -> None:
    talk = Talk(invite=b"i", books=0, begin=False)
    rights = Members()
    rights.member = False
    talk.session.add_book(Book(NOTEBOOK, rights), 0)
    talk.session.rejudged(NOTEBOOK, 0)  # somebody else's matter
    talk.listen()
    rights.member = True
    talk.session.rejudged(NOTEBOOK, 0)
    talk.listen()
    assert not isinstance(talk.session.state, Closed)
    assert [line.notebook for books in talk.all(m.Books) for line in books.lines] == [NOTEBOOK]
