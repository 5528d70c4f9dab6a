"""Asking a router for a port: the bytes of both languages, a responder on loopback that speaks them, renewal, lies."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.net import portmap, portmap_wire
from notesapp.net.address import Address
from notesapp.net.portmap import PortMapper
from notesapp.net.portmap_wire import External, Mapped, Refused, ask_external, ask_map, ask_pcp, read
from tests.lab.natpmp import Responder

NONCE = os.urandom(12)
OUTSIDE = "203.0.113.9"


class Router:
    """A responder on loopback, and what a mapper told of it."""

    responder: Responder

    def __init__(self) -> None:
        self.ports: dict[tuple[str, int], int] = {}
        self.opened: asyncio.Queue[None] = asyncio.Queue()
        self.told: asyncio.Queue[Address | None] = asyncio.Queue()

    async def hears(self, is_so: Callable[[Address | None], bool]) -> Address | None:
        """The next news that is so."""
        async with asyncio.timeout(10):
            while True:
                news = await self.told.get()
                if is_so(news):
                    return news


@asynccontextmanager
async def router(monkeypatch: pytest.MonkeyPatch, outside: str, *speaks: int) -> AsyncIterator[Router]:
    ports: dict[tuple[str, int], int] = {}
    it = Router()

    def opens(now: dict[tuple[str, int], int]) -> None:
        ports.clear()
        ports.update(now)
        it.opened.put_nowait(None)

    responder = Responder(outside, frozenset(speaks), opens)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: responder, local_addr=("127.0.0.1", 0))
    monkeypatch.setattr(portmap_wire, "PORT", transport.get_extra_info("sockname")[1])
    monkeypatch.setattr(portmap, "gateways", lambda: (("127.0.0.1", "127.0.0.1"),))
    it.responder, it.ports = responder, ports
    try:
        yield it
    finally:
        transport.close()


@pytest.mark.socket
@pytest.mark.parametrize(("speaks", "by"), [((0,), "NAT-PMP"), ((2,), "PCP")])
async def test_a_router_of_either_kind_opens_the_port_and_it_is_given_back(
    monkeypatch: pytest.MonkeyPatch, speaks: tuple[int, ...], by: str
) -> None:
    async with router(monkeypatch, OUTSIDE, *speaks) as it:
        mapper = PortMapper(4_242, it.told.put_nowait, upnp=False)
        mapper.start()
        assert await it.hears(lambda news: news is not None) == Address(OUTSIDE, 4_242)
        assert mapper.mapping is not None
        assert mapper.mapping.by == by
        assert mapper.trouble is None
        assert it.ports == {("127.0.0.1", 4_242): 4_242}
        await mapper.aclose()
        assert it.ports == {}


@pytest.mark.socket
async def test_a_mapping_is_renewed_at_half_its_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portmap, "SOONEST_S", 0.0)
    monkeypatch.setattr(portmap_wire.ask_map, "__defaults__", (1,))
    monkeypatch.setattr(portmap_wire, "LEASE_S", 1)
    async with router(monkeypatch, OUTSIDE, 0) as it:
        mapper = PortMapper(4_242, it.told.put_nowait, upnp=False)
        monkeypatch.setattr(PortMapper._ask, "__kwdefaults__", {"lease_s": 1, "tries": (0.25, 0.5)})
        mapper.start()
        await it.hears(lambda news: news is not None)
        async with asyncio.timeout(10):
            for _ in range(3):
                await it.opened.get()
        assert it.told.empty()  # the same port: nothing to tell
        await mapper.aclose()


@pytest.mark.socket
async def test_a_router_that_is_itself_behind_a_nat_gives_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    async with router(monkeypatch, "100.64.7.9", 0, 2) as it:
        mapper = PortMapper(4_242, it.told.put_nowait, upnp=False)
        assert await mapper._map() is None
        assert "behind a NAT" in (mapper.trouble or "")


@pytest.mark.socket
async def test_nobody_at_the_routers_port_is_a_plain_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portmap, "gateways", lambda: (("127.0.0.1", "127.0.0.1"),))
    monkeypatch.setattr(portmap_wire, "PORT", 9)
    monkeypatch.setattr(PortMapper._ask, "__kwdefaults__", {"lease_s": 1, "tries": (0.05,)})
    mapper = PortMapper(4_242, lambda news: None, upnp=False)
    assert await mapper._map() is None
    assert mapper.trouble == "no router answers"


async def test_a_upnp_router_that_never_finishes_keeps_nobody_from_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, release = threading.Event(), threading.Event()

    class Slow:
        discoverdelay = 0

        def discover(self) -> int:
            asked.set()
            release.wait(30)
            return 0

    monkeypatch.setattr(portmap, "gateways", lambda: (("127.0.0.1", "127.0.0.1"),))
    monkeypatch.setattr(portmap_wire, "PORT", 9)
    monkeypatch.setattr(PortMapper._ask, "__kwdefaults__", {"lease_s": 1, "tries": (0.05,)})
    monkeypatch.setitem(sys.modules, "miniupnpc", SimpleNamespace(UPnP=Slow))
    monkeypatch.setattr(portmap, "UPNP_DEADLINE_S", 0.2)
    mapper = PortMapper(4_242, lambda news: None)
    async with asyncio.timeout(10):
        assert await mapper._map() is None
    assert asked.is_set()
    assert "doesn't finish" in (mapper.trouble or "")
    assert [it for it in threading.enumerate() if it.name == "upnp" and not it.daemon] == []
    release.set()


def test_the_bytes_are_those_of_the_documents() -> None:
    assert ask_external() == b"\0\0"
    assert ask_map(4_242, 4_243, 3_600) == bytes.fromhex("0001 0000 1092 1093 00000e10")
    assert ask_map(4_242, 4_243, 0)[6:8] == b"\0\0"  # taking back names no outside port (RFC 6886 §3.4)
    asked = ask_pcp(NONCE, "192.168.1.7", 4_242, 4_243)
    assert len(asked) == 60
    assert asked[:8] == bytes.fromhex("0201 0000 00000e10")
    assert asked[8:24] == bytes(10) + b"\xff\xff" + bytes([192, 168, 1, 7])
    assert asked[24:36] == NONCE
    assert asked[36:44] == bytes.fromhex("11 000000 1092 1093")


def test_answers_are_read() -> None:
    assert read(bytes.fromhex("0080 0000 00000064 cb007109"), NONCE) == External(OUTSIDE)
    assert read(bytes.fromhex("0081 0000 00000064 1092 1093 00000e10"), NONCE) == Mapped(4_242, 4_243, 3_600, 100)
    assert read(bytes.fromhex("0081 0002 00000064"), NONCE) == Refused(0, 2)
    assert read(bytes.fromhex("0281 0001 00000000 00000064") + bytes(12), NONCE) == Refused(2, 1)


def test_a_lease_of_a_century_is_taken_for_a_day() -> None:
    pmp = read(bytes.fromhex("0081 0000 00000064 1092 1093 ffffffff"), NONCE)
    body = bytes.fromhex("0281 0000 ffffffff 00000064") + bytes(12) + NONCE
    pcp = read(body + bytes.fromhex("11 000000 1092 1093") + bytes(10) + b"\xff\xff" + bytes([203, 0, 113, 9]), NONCE)
    assert [it.lease_s for it in (pmp, pcp) if isinstance(it, Mapped)] == [86_400, 86_400]


def test_a_pcp_answer_with_another_nonce_is_none() -> None:
    body = bytes.fromhex("0281 0000 00000e10 00000064") + bytes(12) + os.urandom(12)
    body += bytes.fromhex("11 000000 1092 1093") + bytes(10) + b"\xff\xff" + bytes([203, 0, 113, 9])
    assert read(body, NONCE) is None
    assert read(body, body[24:36]) == Mapped(4_242, 4_243, 3_600, 100, OUTSIDE)


@given(st.binary(max_size=80))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    read(data, NONCE)
