"""A member who never stops, each message in order by itself and each another one: nothing of him piles up.

Either the session goes on and holds no more than before, or it ends with a named reason.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from notesapp.sync import messages as m
from notesapp.sync import quota
from notesapp.sync.frontier import END, FIRST, Frontier, Mark
from notesapp.sync.have import KEPT_LIMIT, UNSEEN_LIMIT, Ledger
from notesapp.sync.intake import OPEN_LIMIT
from notesapp.sync.ranges import table_of, write_wants
from notesapp.sync.session import Closed
from notesapp.sync.voice import FULL
from tests.identity.company import Company, forge
from tests.identity.people import device
from tests.sync.ends import ALICE
from tests.sync.feeds import Typed
from tests.sync.talk import Talk, batch, talk_about
from tests.sync.test_limits import two_histories
from tests.sync.test_matrix import Standing

AT_ONCE = 1_000  # keys in one message
ROUNDS = 12


def fresh(nth: int, count: int = AT_ONCE) -> list[bytes]:
    """Keys that were never named before."""
    return [number.to_bytes(16, "big") for number in range(nth * count, (nth + 1) * count)]


def table(nth: int) -> bytes:
    return table_of({feed: Mark(3, bytes(32)) for feed in fresh(nth)})


STREAMS: dict[str, Callable[[int], m.Message]] = {
    "wants of feeds": lambda nth: m.Want(0, m.FEEDS, write_wants(dict.fromkeys(fresh(nth), 0))),
    "wants of records": lambda nth: m.Want(0, m.RECORDS, write_wants(dict.fromkeys(fresh(nth), 0))),
    "feeds that nobody has": lambda nth: m.Have(0, table(nth)),
    "tables of such feeds": lambda nth: m.Table(0, m.FEEDS, FIRST, END, table(nth), True),
    "digests of ranges": lambda nth: m.Spans(0, (m.SpanLine(fresh(nth)[0], fresh(nth)[1], 9, bytes(32)),)),
    "feeds turned away": lambda nth: m.Turned(0, fresh(nth)[0], f"no {nth}"),
    "traces of feeds": lambda nth: m.Trace(0, fresh(nth)[0], nth, 1, bytes(32 * 256)),
    "branches of feeds": lambda nth: m.Branch(0, fresh(nth)[0], nth, bytes(168), b""),
    "pieces that are wanted": lambda nth: m.ChunksWanted(0, b"".join(2 * key for key in fresh(nth, 64))),
    "pieces that are missing": lambda nth: m.ChunksMissing(0, b"".join(2 * key for key in fresh(nth, 64))),
    "carets": lambda nth: m.Presence(0, fresh(nth)[0], nth, nth, b"".join(2 * key for key in fresh(nth, 32))),
    "couriers": lambda nth: m.Offers(0, tuple(m.OfferLine(2 * key, 1) for key in fresh(nth, 64))),
    "receipts": lambda nth: m.Receipted(0, table(nth)[:60_000]),
    "digests": lambda nth: m.Settled(0, 2 * fresh(nth)[0]),
    "other notebooks": lambda nth: m.Books((m.BookLine(nth + 1, 2 * fresh(nth)[0], bytes(32), bytes(32)),)),
}


def held_while(talk: Talk, stream: Iterator[m.Message], rounds: int = ROUNDS) -> list[int]:
    """The memory in use after each message, whose answers and events somebody takes at once."""
    held: list[int] = []
    tracemalloc.start()
    try:
        for message in stream:
            if isinstance(talk.session.state, Closed) or len(held) == rounds:
                break
            talk.say(message)
            talk.heard.clear()
            talk.events.clear()
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    return held


@pytest.mark.parametrize("name", STREAMS)
def test_nothing_piles_up_of_a_member_who_never_stops(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "NOTEBOOK", 4_000)  # feeds that one may speak of: soon enough
    talk = Talk()
    held = held_while(talk, (STREAMS[name](nth) for nth in range(ROUNDS)))
    assert max(held) < 8 * 1024 * 1024
    if isinstance(talk.session.state, Closed):
        assert "too many feeds" in talk.session.state.reason
    else:
        assert held[-1] - held[ROUNDS // 2] < 64 * 1024


def test_batches_that_are_begun_and_never_ended_end_the_session() -> None:
    talk = Talk()
    for key in fresh(0, OPEN_LIMIT):
        talk.say(m.Entries(0, key, 0, b"", b"", True))
    talk.say(m.Ping(1))
    assert talk.all(m.Pong)
    talk.say(m.Entries(0, bytes(15) + b"\xff", 0, b"", b"", True))
    assert "begun and not ended" in talk.reason


def test_feeds_of_devices_without_right_end_the_session_before_their_names_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quota, "NOTEBOOK", 9)
    talk = Talk()
    talk.book.rights = Standing(writer=False)
    made_up = [Typed(f"feed {nth}") for nth in range(10)]
    for typed in made_up[:9]:
        talk.say(batch(typed, typed.entries, typed.start))
    talk.say(m.Ping(1))
    assert len(talk.all(m.Turned)) == 9
    assert talk.all(m.Pong)  # whoever carries somebody else's isn't blamed
    talk.say(batch(made_up[9], made_up[9].entries, made_up[9].start))
    assert "too many feeds" in talk.reason


def test_records_for_which_there_is_no_room_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "STRANGERS", 0)
    monkeypatch.setattr(quota, "NOTEBOOK", 100)  # names that a session remembers, to ask again should they be followed
    it = Company()
    talk, stranger = talk_about(it.roster), device("stranger")
    waste = (m.Records(0, (forge(it.roster, stranger, "later", b"%d" % nth).data,)) for nth in range(1_200))
    held = held_while(talk, waste, 1_200)
    assert not isinstance(talk.session.state, Closed)
    assert held[-1] - held[200] < 64 * 1024  # a thousand names would take more


def test_proofs_that_nobody_takes_weigh_what_they_weigh() -> None:
    talk = Talk()
    proofs = [two_histories(f"feed {nth}").write() for nth in range(FULL // 400)]
    for proof in proofs:
        if not talk.session.reading:
            break
        talk.session.receive_data(m.write(m.Proof(0, proof)), 0)
    held = sum(len(event.fork.write()) for event in talk.session.events() if hasattr(event, "fork"))
    assert FULL // 2 < held <= FULL + 1024


def test_what_a_device_says_of_feeds_that_never_come_has_an_end_in_memory_and_on_the_disk() -> None:
    ours = Frontier({b"our feed".ljust(16): Mark(4, bytes(32))})
    ledger, again = Ledger(ours), Ledger(ours)
    for nth in range(9):
        ledger.told(ALICE.device_id, dict.fromkeys(fresh(nth), 3), 0)
    ledger.told(ALICE.device_id, {b"our feed".ljust(16): 4}, 7)  # what is here is never crowded out
    line = ledger.write(ALICE.device_id)
    assert UNSEEN_LIMIT * 49 <= len(line) < UNSEEN_LIMIT * 49 + 300
    again.load(line)
    assert again.write(ALICE.device_id) == line
    assert again.standing([ALICE.device_id]).has_all


def test_a_line_of_what_a_device_has_fits_the_disk_however_many_feeds_there_are() -> None:
    everything = {feed: Mark(1 << 40, bytes(32)) for feed in fresh(0, 25_000)}
    ledger = Ledger(Frontier(everything))
    ledger.told(ALICE.device_id, {feed: mark.index for feed, mark in everything.items()}, 0)
    line = ledger.write(ALICE.device_id)
    assert KEPT_LIMIT * 9 // 10 - 64 * 1024 < len(line) <= KEPT_LIMIT


def test_what_is_told_of_one_more_feed_is_that_feed_however_many_were_named_before() -> None:
    talk = Talk()
    for nth in range(ROUNDS):
        talk.say(m.Have(0, table(nth)))
    assert len(talk.session.take_news(talk.book.notebook)) == ROUNDS * AT_ONCE
    one = fresh(ROUNDS)[0]
    talk.say(m.Have(0, table_of({one: Mark(3, bytes(32))})))
    assert talk.session.take_news(talk.book.notebook) == {one: 3}
    talk.say(m.Have(0, table_of({one: Mark(3, bytes(32))})))
    assert not talk.session.take_news(talk.book.notebook)
    assert len(talk.session.told(talk.book.notebook)) == ROUNDS * AT_ONCE + 1
