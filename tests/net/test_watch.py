"""Changes of the network as Linux tells them, and the jump of a clock."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.net.netlink import Links, listening
from notesapp.net.watch import JUMP_S, TICK_S, Change, NetWatch

HEAD, LINK = struct.Struct("=IHHII"), struct.Struct("=BxHiII")


def link(index: int, *, running: bool, kind: int = 16) -> bytes:
    body = LINK.pack(0, 1, index, 0x1 | (0x40 if running else 0), 0)
    return HEAD.pack(HEAD.size + len(body), kind, 0, 0, 0) + body


def test_a_carrier_that_comes_or_goes_is_a_change_and_the_same_again_is_none() -> None:
    links = Links()
    assert links.changed(link(2, running=True))
    assert not links.changed(link(2, running=True))
    assert links.changed(link(2, running=False))
    assert links.changed(link(2, running=True))
    assert links.changed(link(2, running=True, kind=17))  # the interface is gone


def test_several_messages_in_one_batch_are_all_read() -> None:
    links = Links()
    links.changed(link(2, running=True))
    assert links.changed(link(2, running=True) + link(3, running=True))
    address = HEAD.pack(HEAD.size + 8, 20, 0, 0, 0) + bytes(8)
    assert links.changed(link(2, running=True) + address)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    Links().changed(data)


@pytest.mark.skipif(sys.platform != "linux", reason="netlink is Linux's")
def test_the_system_gives_the_socket() -> None:
    with listening() as sock:
        assert sock.family == socket.AF_NETLINK


async def test_a_clock_that_jumped_means_a_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    times = [(0.0, 0.0), (TICK_S, TICK_S), (2 * TICK_S, 2 * TICK_S + 40), (3 * TICK_S, 3 * TICK_S + 40 + JUMP_S - 0.1)]
    steps = iter([times[0], *times])
    monkeypatch.setattr("notesapp.net.watch._clocks", lambda: next(steps))
    told = list[Change]()
    watch = NetWatch()
    watch.start(told.append)
    for _ in times[1:]:
        watch._ticked()
    watch.close()
    assert told == [Change.WOKE]


async def test_a_watch_that_is_closed_tells_nothing_more() -> None:
    told = list[Change]()
    watch = NetWatch()
    watch.start(told.append)
    watch.close()
    await asyncio.sleep(0.05)
    assert told == []
