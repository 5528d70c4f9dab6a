"""Hostile bytes for everything that a link brings: frames, messages, handshakes, receipts, whole sessions."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

import pytest

from notesapp.errors import RemoteError
from notesapp.sync import messages as m
from notesapp.sync.frames import Frames
from notesapp.sync.frontier import END, FIRST, Frontier, Mark
from notesapp.sync.handshake import AUTH, HELLO, VERDICT, WELCOME, Auth, Failed, Hello, Proved, Silent, Verdict, Welcome
from notesapp.sync.hello import TAGS
from notesapp.sync.ranges import read_table, read_wants, table_of, write_wants
from notesapp.sync.receipt import Receipt
from notesapp.sync.rights import read_state, write_state
from notesapp.sync.session import Closed
from tests.fuzzing import mutant
from tests.identity.people import NOON, dice
from tests.sync.ends import ALICE, BOB, acquaintance, circle, dialer, listener
from tests.sync.feeds import LAPTOP, NOTE, NOTEBOOK, Typed
from tests.sync.talk import Talk, batch

FEED = dice("feed")(16)
TABLE = table_of({FEED: Mark(3, bytes(32)), b"\xff" * 16: Mark(300, bytes(32))})
TYPED = Typed(changes=3)
MESSAGES: list[m.Message] = [
    m.Books((m.BookLine(1, bytes(32), bytes(32), bytes(32)),)),
    m.Spans(0, (m.SpanLine(FIRST, END, 3, bytes(32)),)),
    m.Table(0, m.FEEDS, FIRST, END, TABLE, False),
    m.Have(0, TABLE),
    m.Want(0, m.FEEDS, write_wants({FEED: 0})),
    m.Settled(0, bytes(32)),
    m.Records(0, (b"notesapp/roster/1\0" + bytes(90),)),
    m.Proof(0, bytes(400)),
    batch(TYPED, TYPED.entries, TYPED.start),
    m.Turned(0, FEED, "why"),
    m.Trace(0, FEED, 0, 1, bytes(64)),
    m.Branch(0, FEED, 0, bytes(168), bytes(239)),
    m.ChunksWanted(0, bytes(64)),
    m.Chunk(0, bytes(40)),
    m.ChunksMissing(0, bytes(32)),
    m.Presence(0, NOTE, 3, 4, bytes(32)),
    m.Ping(1),
    m.Pong(1),
    m.Credit(1),
    m.Offers(0, (m.OfferLine(bytes(32), 3),)),
    m.Receipted(0, bytes(200)),
    m.Ask(b"ask"),
    m.Answer(b"answer"),
    m.Close("enough"),
]
RECEIPT = Receipt.make(LAPTOP, NOTEBOOK, 3, Frontier({FEED: Mark(3, bytes(32))}))


def read_frames(data: bytes) -> object:
    frames = Frames(m.limit_of)
    frames.receive(data)
    found = []
    while (frame := frames.next()) is not None:
        found.append(m.read(frame))
    return found


def handshakes() -> bytes:
    alice = dialer(circle(ALICE, acquaintance(BOB)), BOB)
    return alice.data_to_send()


Decoder = tuple[Callable[[bytes], object], list[bytes]]
DECODERS: dict[str, Decoder] = {
    "frames": (read_frames, [m.write(message) for message in MESSAGES]),
    "hello": (HELLO.decode, [HELLO.encode(Hello(1, bytes(32), (bytes(16),) * TAGS))]),
    "welcome": (WELCOME.decode, [WELCOME.encode(Welcome(1, bytes(32), (bytes(16),) * TAGS))]),
    "auth": (AUTH.decode, [AUTH.encode(Auth(bytes(32), bytes(32), bytes(32), bytes(16), NOON, bytes(64)))]),
    "verdict": (VERDICT.decode, [VERDICT.encode(Verdict("it took too long"))]),
    "table": (lambda data: read_table(FIRST, END, data), [TABLE]),
    "wants": (read_wants, [write_wants({FEED: 0, b"\xff" * 16: 300})]),
    "receipt": (Receipt.read, [RECEIPT.data if RECEIPT else b""]),
    "state": (lambda data: read_state(data, NOTEBOOK), [write_state(NOTEBOOK, [bytes(32), b"\1" * 32])]),
}


@pytest.mark.parametrize("name", sorted(DECODERS))
def test_ten_thousand_mutants_end_in_a_value_or_a_remote_error(name: str) -> None:
    attack(name, 10_000, 1)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(DECODERS))
def test_a_million_mutants(name: str) -> None:
    for seed in range(2, 102):
        attack(name, 10_000, seed)


def attack(name: str, count: int, seed: int) -> None:
    decode, originals = DECODERS[name]
    chance = random.Random(f"{name} {seed}")
    for _ in range(count):
        hostile = mutant(chance.choice(originals), chance)
        with suppress(RemoteError):
            decode(hostile)


def test_every_message_is_read_back_as_it_was_written() -> None:
    assert {type(message) for message in MESSAGES} == {kind for kind, _ in m.KINDS.values()}
    assert read_frames(b"".join(m.write(message) for message in MESSAGES)) == MESSAGES


@pytest.mark.parametrize("seed", range(4))
def test_ten_thousand_hostile_bytes_for_a_session_end_in_its_states(seed: int) -> None:
    chance = random.Random(f"sessions {seed}")
    whole = [m.write(message) for message in MESSAGES]
    talk = Talk()
    for _ in range(2500):
        if isinstance(talk.session.state, Closed):
            assert talk.session.state.reason
            talk = Talk(invite=b"i" if chance.random() < 0.1 else None, begin=chance.random() < 0.9)
        hostile = chance.choice(whole)
        talk.raw(mutant(hostile, chance) if chance.random() < 0.7 else hostile)


def test_hostile_handshakes_end_in_their_states() -> None:
    chance = random.Random("handshakes")
    greeting = handshakes()
    knows = circle(BOB, acquaintance(ALICE))
    for _ in range(2000):
        bob = listener(knows)
        bob.receive_data(mutant(greeting, chance), 1)
        bob.receive_data(mutant(greeting, chance), 2)
        assert not isinstance(bob.state, Proved)
        if isinstance(bob.state, Silent):
            assert bob.data_to_send() == b""
        bob.receive_end(3)
        assert isinstance(bob.state, Failed)
