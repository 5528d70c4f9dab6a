"""How often a network is asked from which nothing answers: few times, whatever is said of it."""

from __future__ import annotations

import asyncio
import os
import socket

import pytest

from notesapp.net import bootstrap
from notesapp.net.address import Address
from notesapp.net.bootstrap import Bootstrap
from notesapp.net.krpc import encoded
from notesapp.net.memory_dht import MemoryDht, MemoryNetwork
from notesapp.net.quick_dht import QuickDht
from notesapp.net.silence import BURST, NETWORKS, Silence

VICTIM = "192.0.2.53"
LIARS = tuple(Address(f"8.{n}.0.1", 6_881) for n in range(10))


def test_a_silent_network_gets_a_few_questions_and_then_one_in_ten_seconds() -> None:
    it = Silence()
    asked = [now for now in range(600) for port in range(5) if it.may(Address(f"192.0.2.{port}", 1 + now), float(now))]
    assert len(asked) == BURST + 60 - 1
    assert it.may(Address("192.0.3.1", 1), 600.0), "another network"


def test_whoever_answers_is_asked_as_often_as_needed() -> None:
    it, node = Silence(), LIARS[0]
    for _ in range(1_000):
        assert it.may(node, 0.0)
        it.answered(node)


def test_in_another_network_everybody_may_be_asked_again() -> None:
    it = Silence()
    while it.may(LIARS[0], 0.0):
        pass
    it.forget()
    assert it.may(LIARS[0], 0.0)


def test_it_remembers_so_many_networks_and_no_more() -> None:
    it = Silence()
    for n in range(NETWORKS + 500):
        it.may(Address(f"9.{n // 200}.{n % 200}.1", 1), 0.0)
    assert len(it._left) == NETWORKS


async def test_nodes_that_name_a_thousand_ports_of_a_victim_move_walks_to_a_few_packets() -> None:
    sent: list[Address] = []
    loop = asyncio.get_running_loop()

    def send(packet: bytes, address: Address) -> bool:
        sent.append(address)
        if address in LIARS:
            named = [os.urandom(20) + Address(VICTIM, port).ip.packed + port.to_bytes(2, "big") for port in ports()]
            body = {b"id": os.urandom(20), b"nodes": b"".join(named), b"token": b"t"}
            at = packet.index(b"1:t8:") + 5
            said = encoded({b"r": body, b"t": packet[at : at + 8], b"y": b"r"})
            loop.call_soon(lambda: dht.receive(said, address, loop.time()))
        return True

    def ports() -> list[int]:
        return [1_000 + int.from_bytes(os.urandom(2), "big") % 50_000 for _ in range(16)]

    class Known(MemoryDht):
        def nodes(self) -> tuple[Address, ...]:
            return LIARS

    dht = QuickDht(Known(MemoryNetwork(), "8.8.8.8"), send, os.urandom, private=True)
    await asyncio.gather(*(dht._get(os.urandom(32), b"") for _ in range(20)))
    assert sum(1 for it in sent if it in LIARS) >= 20 * len(LIARS)
    assert BURST <= sum(1 for it in sent if it.host == VICTIM) <= BURST + 3
    await dht.aclose()


async def test_a_name_is_looked_up_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    said = ["192.168.1.1", "198.51.100.9"]  # first the page to log in on

    async def told(host: str, port: int, **how: object) -> list[tuple[object, ...]]:
        if not said:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [(socket.AF_INET, socket.SOCK_DGRAM, 17, "", (said.pop(0), port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", told)
    found: list[list[Address]] = []
    it = Bootstrap(["book.example:6881"], found.append)
    for _ in range(3):
        it.ask()
        await asyncio.gather(*it._tasks._running)
    await it.aclose()
    assert found == [[Address("192.168.1.1", 6_881)], [Address("198.51.100.9", 6_881)]]
    assert bootstrap.LOOK_UP_S < 20
