"""STUN servers as further mirrors: asked only if they were named, believed only as an answer to our question."""

from __future__ import annotations

import asyncio
import os
from typing import cast

import pytest
from aioice import stun as wire

from notesapp.net.address import Address
from notesapp.net.candidate import NatClass
from notesapp.net.internet import Internet, InternetOptions
from notesapp.net.memory_dht import MemoryDht, MemoryNetwork
from notesapp.net.stun import Stun, answer, question
from notesapp.net.swarm import Swarm
from notesapp.net.watch import FakeWatch
from tests.net.ends import LOCAL
from tests.net.test_internet import Person

SERVER = Address("198.51.100.9", 3478)
# RFC 5769 §2.2: a response over IPv4, with a fingerprint and a signature behind the address
FROM_THE_RFC = bytes.fromhex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643"
    "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96"
)


class Wire:
    """What was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[bytes, Address]] = []
        self.stun = Stun(os.urandom, self._send)

    def _send(self, data: bytes, address: Address) -> bool:
        self.sent.append((data, address))
        return True


def reply(asked: bytes, us: Address) -> bytes:
    request = wire.parse_message(asked)
    attributes = {"XOR-MAPPED-ADDRESS": (us.host, us.port)}
    return bytes(wire.Message(request.message_method, wire.Class.RESPONSE, request.transaction_id, attributes))


def test_the_answer_of_the_rfc_is_read() -> None:
    assert answer(FROM_THE_RFC) == Address("192.0.2.1", 32_853)
    assert question(bytes(range(12))) == b"\0\1\0\0\x21\x12\xa4\x42" + bytes(range(12))


def test_only_the_answer_to_our_question_counts() -> None:
    it, us = Wire(), Address("203.0.113.7", 61_000)
    it.stun.ask([SERVER], 0.0)
    ((asked, there),) = it.sent
    assert there == SERVER
    good = reply(asked, us)
    assert it.stun.receive(good, Address("198.51.100.10", 3478), 1.0) is None  # from somebody else
    assert it.stun.receive(good[:8] + bytes(12) + good[20:], SERVER, 1.0) is None
    assert it.stun.receive(good, SERVER, 6.0) is None  # too late
    assert it.stun.receive(good, SERVER, 1.0) == us
    assert it.stun.receive(good, SERVER, 1.0) is None  # once


def test_a_server_is_asked_no_more_than_once_in_a_while() -> None:
    it = Wire()
    for second in range(60):
        it.stun.ask([SERVER], float(second))
    assert len(it.sent) == 4


class Server(asyncio.DatagramProtocol):
    """A STUN server on loopback that sees everybody at one address."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # Python 3.11's is none by its class

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if wire.parse_message(data).message_class is wire.Class.REQUEST:
            self._transport.sendto(reply(data, Address("203.0.113.7", 61_000)), addr)


@pytest.mark.socket
async def test_three_servers_tell_what_no_dht_tells() -> None:
    loop, servers = asyncio.get_running_loop(), []
    for number in range(3):
        servers.append(await loop.create_datagram_endpoint(Server, local_addr=(f"127.{number + 20}.0.1", 0)))
    named = tuple("{}:{}".format(*transport.get_extra_info("sockname")) for transport, _ in servers)
    swarm, changed = Swarm(None, FakeWatch()), asyncio.Event()
    await swarm.open(0)
    alice = Person("alice", MemoryDht(MemoryNetwork(), LOCAL), ())
    options = InternetOptions(("127.0.0.1:1",), mapping=False, stun=named)
    internet = Internet(
        swarm, alice.memory, alice.device.blinded, options, changed.set, os.urandom,
        make_engine=lambda options: alice.engine, local=True,
    )  # fmt: skip
    await internet.start()
    try:
        async with asyncio.timeout(20):
            while internet.report.nat.nat is not NatClass.CONSISTENT:
                changed.clear()
                await changed.wait()
        assert internet.report.nat.external == Address("203.0.113.7", 61_000)
    finally:
        await internet.aclose()
        await swarm.aclose()
        await alice.swarm.aclose()
        for transport, _ in servers:
            transport.close()
