"""Hostile bytes for all that the port, the wire and the air bring: nothing escapes but what each says it raises."""

from __future__ import annotations

import asyncio
import os
import random
import socket
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from notesapp.errors import BadAddress, RemoteError
from notesapp.identity.primitives import TAG_BYTES, seal, unseal
from notesapp.net import krpc, packet, stun
from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.candidate import Candidate, Kind, NatClass, PeerRecord, PunchSlot
from notesapp.net.disco import Disco
from notesapp.net.discovery import Announcement, Lookout, read, written
from notesapp.net.framing import Assembler, framed
from notesapp.net.mirror import Mirror
from notesapp.net.netlink import Links
from notesapp.net.packet import PACKET_BYTES, Probe, What
from notesapp.net.paths import PathTable
from notesapp.net.portmap_wire import ask_pcp
from notesapp.net.portmap_wire import read as read_mapping
from notesapp.net.quic_link import QuicLink
from notesapp.net.relay import FRAME, Desk, Rides, mark
from notesapp.net.tidings import TIDINGS, Tidings
from notesapp.net.topics import RECORD_BYTES, Meet, Topic, _beside
from tests.fuzzing import Decoder, attack, mutant
from tests.identity.people import dice
from tests.net.ends import linked, stations
from tests.net.test_stun import FROM_THE_RFC
from tests.net.test_watch import HEAD, link

SECRET = dice("bond")(32)
OURS, THEIRS = Bond(b"bob", SECRET, Side.FIRST), Bond(b"alice", SECRET, Side.SECOND)
PLACE = Address("192.168.1.7", 4242)
PROBE = Probe(What.PONG, bytes(8), b"run 1234", 7, PLACE)
NEWS = link(2, running=True) + HEAD.pack(HEAD.size + 8, 20, 0, 0, 0) + bytes(8)
RECORD = PeerRecord(
    (Candidate(PLACE, Kind.LAN), Candidate(Address("2001:db8::7", 9), Kind.V6)),
    NatClass.SEQUENTIAL,
    True,
    PunchSlot(bytes(8), 3, 77),
    12,
)


def probes(data: bytes) -> object:
    """One packet for a device that knows one bond."""
    disco = Disco(dice("run"), lambda sent, to, hops: True, PathTable())
    disco.know([OURS])
    return disco.receive(data, PLACE, 1.0)


def sealed_probe(meant: bytes) -> object:
    """A packet that somebody sealed who shares the bond, with whatever he likes in it."""
    nonce = dice("nonce")(24)
    head = packet._HEAD + THEIRS.tag(nonce) + nonce
    room = PACKET_BYTES - len(head) - 24 - TAG_BYTES
    body = nonce + seal(meant[:room].ljust(room, b"\0"), THEIRS.box_key, nonce, head + nonce)
    assert len(head + body) == PACKET_BYTES
    probes(head + body)
    return packet.opened(head + body, OURS)


def meant(probe: Probe) -> bytes:
    sent = packet.sealed(probe, THEIRS, dice("sent"))
    head = packet._SEALED_AT
    return unseal(sent[head:], THEIRS.box_key, sent[head - 24 : head], sent[:head])


def announced(data: bytes) -> object:
    """A TXT record as it lies in a packet: strings of at most 255 bytes, key=value."""
    strings: dict[bytes, bytes | None] = {}
    at = 0
    while at < len(data):
        piece = data[at + 1 : at + 1 + data[at]]
        key, equals, value = piece.partition(b"=")
        strings.setdefault(key, value if equals else None)
        at += 1 + data[at]
    notice = read("somebody", strings, [PLACE])
    if notice is not None:
        lookout = Lookout()
        lookout.know([OURS])
        lookout.saw(notice)
    return notice


def txt(strings: dict[bytes, bytes]) -> bytes:
    pieces = [key + b"=" + value for key, value in strings.items()]
    return b"".join(bytes([len(piece)]) + piece for piece in pieces)


def in_the_dht(plain: bytes) -> object:
    """A record that an insider sealed, whatever is in it; and the same bytes unsealed, as anybody may put them."""
    nonce = dice("put")(24)
    room = RECORD_BYTES - 24 - TAG_BYTES
    sealed = seal(plain[:room].ljust(room, b"\0"), TOPIC._record_key(PLACED), nonce, _beside(PLACED))
    with suppress(RemoteError):
        TOPIC.opened(plain, PLACED)
    return TOPIC.opened(nonce + sealed, PLACED)


def carried(data: bytes) -> object:
    """A frame of a relaying member, for one who relays and for one who is carried."""
    paths = PathTable()
    carol = paths.answered(b"carol", b"run 1234", PLACE, 0.01, 1.0)[0]
    paths.answered(b"bob", b"run 5678", Address("192.168.1.8", 1), 0.01, 1.0)
    desk, rides = Desk(paths, dice("channels")), Rides(paths)
    desk.asked(carol, data[:24], [b"carol", b"bob"], 1.0)
    desk.asked(carol, mark(b"bob"), [b"carol", b"bob"], 1.0)
    rides.opened(carol, data[:24], [b"bob"])
    rides.opened(carol, bytes(8) + mark(b"bob"), [b"bob"])
    return desk.frame(data, PLACE, 1.0), rides.frame(data, PLACE, 1.0), desk.owns(data)


def mirrored(data: bytes) -> object:
    """A datagram at the app's port from a DHT node that was just asked; in its place, what we wait for."""
    mirror = Mirror(dice("mirror"), lambda sent, to: True)
    mirror.know([NODE])
    mirror.begin(1.0)
    mirror.due(1.0)
    return mirror.receive(data.replace(b"wait for", dice("mirror")(8)), NODE, 1.1), krpc.answer(data)


NODE = Address("203.0.113.9", 6_881)
HERE = bytes([198, 51, 100, 7]) + (4_242).to_bytes(2, "big")
DHT_ANSWER = b"d2:ip6:%s1:rd2:id20:%se1:t8:wait for1:y1:re" % (HERE, bytes(20))
CHANNEL = dice("channels")(8)
TOPIC = Topic(Meet.PAIR, SECRET)
PLACED = TOPIC.slot(Side.FIRST, 1, 20_000)
PCP_ANSWER = bytes([2, 129, 0, 0]) + ask_pcp(bytes(12), "10.0.0.2", 1, 2)[4:]
ANSWERS = [PCP_ANSWER, bytes([0, 129]) + bytes(14), bytes([0, 128]) + bytes(10)]


def assembled(data: bytes) -> object:
    """A stream that comes in pieces."""
    assembler = Assembler()
    return [message for at in range(0, len(data), 7) for message in assembler.receive(data[at : at + 7])]


DECODERS: dict[str, Decoder] = {
    "probe": Decoder(probes, [packet.sealed(PROBE, THEIRS, dice("sent"))]),
    "sealed probe": Decoder(sealed_probe, [meant(PROBE), meant(Probe(What.PING, bytes(8), bytes(8), 1))]),
    "announcement": Decoder(announced, [txt(written(Announcement(1, None, (THEIRS,), b"card"), dice("a")))], ()),
    "framed stream": Decoder(assembled, [framed(b"one") + b"one" + framed(bytes(600)) + bytes(600)]),
    "packed address": Decoder(Address.unpacked, [PLACE.packed(), Address("2001:db8::7", 65_535).packed()], ()),
    "typed address": Decoder(
        lambda data: Address.parse(data.decode("utf-8", "replace"), 45654),
        [b"192.168.1.7:4242", b"[fe80::1%3]:4242", b"2001:db8::7"],
        (BadAddress,),
    ),
    "tidings": Decoder(TIDINGS.decode, [TIDINGS.encode(Tidings(True, 1, packed_nodes=PLACE.packed() * 3))]),
    "answer of a STUN server": Decoder(stun.answer, [FROM_THE_RFC], ()),
    "peer record": Decoder(PeerRecord.unpacked, [RECORD.packed(), PeerRecord().packed()]),
    "record in the DHT": Decoder(in_the_dht, [len(RECORD.packed()).to_bytes(2, "big") + RECORD.packed()]),
    "answer of a DHT node": Decoder(
        mirrored, [DHT_ANSWER, b"d1:rd2:id20:%s5:nodesl1:a1:bi7eee1:t2:xx1:y1:re" % bytes(20)], ()
    ),
    "relayed frame": Decoder(carried, [bytes([FRAME]) + CHANNEL + b"datagram", bytes(8) + mark(b"bob")], ()),
    "router's answer": Decoder(
        lambda data: read_mapping(data, bytes(12)),
        ANSWERS,
        (),
    ),
    "news of the system": Decoder(
        lambda data: Links().changed(data), [link(2, running=True) + HEAD.pack(24, 20, 0, 0, 0)], ()
    ),
}


@pytest.mark.parametrize("name", sorted(DECODERS))
def test_ten_thousand_mutants_end_in_a_value_or_a_named_error(name: str) -> None:
    attack(name, DECODERS[name], 10_000, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(DECODERS))
def test_a_million_mutants(name: str) -> None:
    for seed in range(2, 102):
        attack(name, DECODERS[name], 10_000, seed)


def test_no_mutant_of_a_probe_is_heard() -> None:
    chance, honest = random.Random(3), DECODERS["probe"].honest[0]
    assert probes(honest) is None  # a pong that nobody asked for
    for _ in range(2_000):
        assert probes(mutant(honest, chance)) is None


# -- the port itself --------------------------------------------------------------------------------------------------


@pytest.fixture
async def ends() -> AsyncIterator[tuple[QuicLink, QuicLink, int]]:
    """(Alice's end, Bob's end, the port at Bob's) of one real link."""
    async with stations() as (alice, bob):
        at_alice, at_bob = await linked(alice, bob)
        yield at_alice, at_bob, bob.mux.port


@pytest.mark.socket
async def test_datagrams_of_any_kind_at_the_port_leave_the_link_as_it_was(ends: tuple[QuicLink, QuicLink, int]) -> None:
    """Also by somebody who learnt the ids of the connection: QUIC's own seal keeps him out."""
    at_alice, at_bob, port = ends
    chance = random.Random("datagrams")
    ids = at_bob.connection.host_cid
    honest = [
        packet.sealed(PROBE, THEIRS, os.urandom),
        bytes([0x40]) + ids + chance.randbytes(60),
        bytes([0xC3, 0, 0, 0, 1, len(ids)]) + ids + bytes([0]) + chance.randbytes(1_200),
        bytes([0xF0, 0, 0, 0, 1, 8]) + bytes(8) + chance.randbytes(1_200),
        bytes([0x1E]) + chance.randbytes(80),
        b"d1:ad2:id20:" + chance.randbytes(20) + b"e1:q4:ping1:t2:aa1:y1:qe",
    ]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for number in range(2_000):
            stranger.sendto(mutant(chance.choice(honest), chance)[:1_400], ("127.0.0.1", port))
            if number % 50 == 0:
                await asyncio.sleep(0)
    await at_alice.send(b"still here")
    async with asyncio.timeout(20):
        async for message in at_bob:
            assert message == b"still here"
            break
    assert at_bob.end is None


@pytest.mark.socket
@pytest.mark.parametrize("seed", range(8))
async def test_a_peer_who_writes_anything_into_the_stream_is_refused_or_read(
    ends: tuple[QuicLink, QuicLink, int], seed: int
) -> None:
    at_alice, at_bob, _ = ends
    chance = random.Random(f"stream {seed}")
    whole = b"".join(framed(piece) + piece for piece in (bytes(chance.randrange(200)) for _ in range(20)))
    spoilt = mutant(whole, chance) + b"\xff" * 4
    expected, held = list[bytes](), Assembler()
    with suppress(RemoteError):
        for message in held.receive(spoilt):
            expected.append(message)
    at_alice.connection.send_stream_data(0, spoilt)
    at_alice._transmit(at_alice)
    heard = list[bytes]()
    async with asyncio.timeout(20):
        while len(heard) < len(expected):
            async for message in at_bob:
                heard.append(message)
                break
    assert heard == expected
