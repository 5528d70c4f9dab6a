"""Networks that are no networks yet: what is said of a page to log in on, and of a phone book without answers."""

from __future__ import annotations

import asyncio
import os
import re

import pytest

from notesapp.net.address import Address
from notesapp.net.candidate import NatClass
from notesapp.net.diagnosis import Cause
from notesapp.net.memory_dht import MemoryDht, MemoryNetwork
from notesapp.net.quick_dht import QuickDht
from notesapp.net.topics import Meet, Topic
from tests.lab.mirror import Mirror
from tests.net.ends import LOCAL
from tests.net.test_dht import Known, Port
from tests.net.test_internet import Person, mirrors

pytestmark = pytest.mark.socket
PAGE = b"HTTP/1.1 302 Found\r\nLocation: http://login.hotel.example/\r\n\r\n"
LIE = b"d2:ip6:\xcb\x00\x71\x07\x00\x501:rd2:id20:%se1:t8:%s1:y1:re"


class Portal(Mirror):
    """A page to log in on stands in the way of every node: it answers whatever is asked, as itself."""

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        assert self._transport is not None
        self._transport.sendto(PAGE, addr)
        self._transport.sendto(LIE % (bytes(20), os.urandom(8)), addr)  # guesses the question


async def test_behind_a_page_to_log_in_on_the_network_is_called_blocked_and_the_person_told() -> None:
    async with mirrors(kind=Portal) as nodes:
        alice = Person("alice", MemoryDht(MemoryNetwork(), LOCAL), nodes)
        async with alice.online():
            person = Person("bob", MemoryDht(MemoryNetwork(), LOCAL), ())
            alice.look_for(person, Topic(Meet.NOTEBOOK, os.urandom(32)), os.urandom(32))
            await alice.until(lambda: alice.internet.report.nat.nat is NatClass.BLOCKED, 20.0)
            assert alice.internet.report.nat.external is None  # what the portal said is believed by nobody
            state = alice.swarm.state(person.device.device_id)
            assert state.cause is Cause.BLOCKED_HERE
            assert "hotspot" in str(state.remedy)
            await person.swarm.aclose()


class Deaf(asyncio.DatagramProtocol):
    """Counts questions and never answers."""

    count = 0

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if re.search(rb"1:q\d+:", data):
            Deaf.count += 1


async def test_nodes_that_never_answer_cost_seconds_and_few_packets() -> None:
    loop, nodes, open_ones = asyncio.get_running_loop(), [], []
    Deaf.count = 0
    for _ in range(30):
        transport, _ = await loop.create_datagram_endpoint(Deaf, local_addr=(LOCAL, 0))
        open_ones.append(transport)
        nodes.append(Address(*transport.get_extra_info("sockname")))
    mine, port = await loop.create_datagram_endpoint(Port, local_addr=(LOCAL, 0))
    port.quick = QuickDht(Known(tuple(nodes)), port.send, os.urandom, private=True)
    try:
        async with asyncio.timeout(15):
            assert await port.quick.get(os.urandom(32), b"") is None
        assert 0 < Deaf.count <= 10  # the first of a walk, once each
    finally:
        await port.quick.aclose()
        for transport in (mine, *open_ones):
            transport.close()
