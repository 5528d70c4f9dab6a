"""What every `Link` keeps its promise of: one suite, run for the pipe in memory and for QUIC on loopback."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest

from notesapp.errors import LinkOver, LocalError
from notesapp.net.framing import MESSAGE_LIMIT
from notesapp.net.link import RECEIVE_WINDOW, SEND_MARK, End, Link, MemoryLink
from tests.net.ends import linked, stations

SOON_S = 10.0


class Ends(NamedTuple):
    """Both ends of one link."""

    dialer: Link
    listener: Link


@pytest.fixture(params=["memory", pytest.param("quic", marks=pytest.mark.socket)])
async def ends(request: pytest.FixtureRequest) -> AsyncIterator[Ends]:
    if request.param == "memory":
        yield Ends(*MemoryLink.pair())
        return
    async with stations(idle_s=20.0) as (alice, bob):
        yield Ends(*await linked(alice, bob))


async def collect(link: Link, count: int) -> list[bytes]:
    """The next `count` messages."""
    got = list[bytes]()
    async with asyncio.timeout(30):
        async for message in link:
            got.append(message)
            if len(got) == count:
                break
    return got


async def test_messages_arrive_whole_and_in_order_both_ways(ends: Ends) -> None:
    sent = [b"", b"a", os.urandom(70_000), b"b" * 1_200, os.urandom(300_000), b"end"]
    for here, there in (ends, ends[::-1]):
        reading = asyncio.create_task(collect(there, len(sent)))
        for message in sent:
            await here.send(message)
        assert await reading == sent


async def test_both_ends_know_the_same_binding(ends: Ends) -> None:
    assert ends.dialer.binding == ends.listener.binding
    assert len(ends.dialer.binding) == 32
    assert (ends.dialer.is_dialer, ends.listener.is_dialer) == (True, False)
    assert isinstance(ends.dialer, Link)


async def test_the_listener_may_speak_first(ends: Ends) -> None:
    await ends.listener.send(b"welcome")
    assert await collect(ends.dialer, 1) == [b"welcome"]


async def test_twenty_megabytes_go_through(ends: Ends) -> None:
    chunk = os.urandom(1_000_000)
    began, cpu = time.perf_counter(), time.process_time()
    reading = asyncio.create_task(collect(ends.listener, 20))
    for _ in range(20):
        await ends.dialer.send(chunk)
    assert await reading == [chunk] * 20
    cpu, took = time.process_time() - cpu, time.perf_counter() - began
    print(f"20 MB: {20 / took:.1f} MB/s, {20 / cpu:.1f} MB per second of one core for both ends together")
    # By processor time: on a machine that others use too, the clock on the wall says nothing about us.
    assert cpu < 4.0  # 5 MB/s


async def test_ten_thousand_small_messages(ends: Ends) -> None:
    reading = asyncio.create_task(collect(ends.dialer, 10_000))
    for number in range(10_000):
        await ends.listener.send(b"%d" % number)
    assert await reading == [b"%d" % number for number in range(10_000)]


async def test_a_sender_waits_for_a_reader_who_does_not_read(ends: Ends) -> None:
    handed_over = 0

    async def send_on() -> None:
        nonlocal handed_over
        while True:
            await ends.dialer.send(bytes(100_000))
            handed_over += 100_000

    sending = asyncio.create_task(send_on())
    before = -1
    while before != handed_over:  # until it stands still
        before = handed_over
        await asyncio.sleep(0.3)
    bound = 2 * RECEIVE_WINDOW + 2 * SEND_MARK
    assert 0 < handed_over < bound
    read = 0
    async with asyncio.timeout(SOON_S):
        async for message in ends.listener:
            read += len(message)
            if read > 2 * bound:
                break
    sending.cancel()
    assert handed_over > 2 * bound - SEND_MARK  # it went on as soon as the reader did


@pytest.mark.parametrize("closer", [0, 1])
async def test_either_end_may_close_and_what_was_sent_before_arrives(ends: Ends, closer: int) -> None:
    here, there = ends[closer], ends[1 - closer]
    for number in range(50):
        await here.send(b"%d" % number * 1_000)
    await here.aclose()
    async with asyncio.timeout(SOON_S):
        got = [message async for message in there]
    assert got == [b"%d" % number * 1_000 for number in range(50)]
    assert (here.end, there.end) == (End.CLOSED_HERE, End.CLOSED_THERE)
    for link in ends:
        with pytest.raises(LinkOver):
            await link.send(b"too late")
        assert await link.wait_closed() is link.end
        await link.aclose()


async def test_a_waiting_reader_and_a_waiting_sender_hear_of_the_end(ends: Ends) -> None:
    async def send_on() -> None:
        while True:
            await ends.listener.send(bytes(100_000))

    reading = asyncio.create_task(collect(ends.listener, 1))
    sending = asyncio.create_task(send_on())
    await asyncio.sleep(0.2)
    await ends.dialer.aclose()
    async with asyncio.timeout(SOON_S):
        assert await reading == []
        with pytest.raises(LinkOver):
            await sending


async def test_an_oversize_message_is_refused_before_anything_is_sent(ends: Ends) -> None:
    with pytest.raises(LocalError):
        await ends.dialer.send(bytes(MESSAGE_LIMIT + 1))
    await ends.dialer.send(b"still fine")
    assert await collect(ends.listener, 1) == [b"still fine"]


async def test_the_largest_message_goes_through_although_it_exceeds_the_window(ends: Ends) -> None:
    largest = os.urandom(MESSAGE_LIMIT)
    reading = asyncio.create_task(collect(ends.listener, 1))
    await ends.dialer.send(largest)
    assert await reading == [largest]


@pytest.mark.parametrize("kind", ["memory", pytest.param("quic", marks=pytest.mark.socket)])
async def test_an_abrupt_death_is_noticed_by_the_deadline(kind: str) -> None:
    if kind == "memory":
        dialer, listener = MemoryLink.pair()
        listener.die()
        assert await dialer.wait_closed() is End.SILENT
        return
    async with stations(idle_s=1.5) as (alice, bob):
        here, _ = await linked(alice, bob)
        bob.mux.close()  # no farewell
        began = time.monotonic()
        async with asyncio.timeout(5):
            assert await here.wait_closed() is End.SILENT
        assert time.monotonic() - began < 4.0
        with pytest.raises(LinkOver):
            await here.send(b"anyone?")
