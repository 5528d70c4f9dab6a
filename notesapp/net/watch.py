"""Notices that the network is another one. Decides when that is; what to do about it is the swarm's.

A link came or went or addresses changed (told by the system on Linux, looked at each second elsewhere), or the computer
slept (the clock that runs on in sleep, or the time that a tick took, jumped).
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Final, Protocol

from notesapp.net import interfaces

log = logging.getLogger(__name__)

TICK_S: Final = 2.0
JUMP_S: Final = 4.0
LOOK_S: Final = 1.0  # where the system tells nothing
SETTLE_S: Final = 0.15  # one change comes as several messages
CALM_S: Final = 2.0  # containers that start and stop all the time shall not be a new network each time


class Change(StrEnum):
    """What happened."""

    LINK = "a network link came or went"
    ADDRESS = "the addresses of this computer changed"
    WOKE = "the computer slept"
    ASKED = "a person asked to look again"


class Watch(Protocol):
    """Calls back when the network may be another one."""

    def start(self, on_change: Callable[[Change], None]) -> None:
        """Begins to watch."""

    def close(self) -> None:
        """Stops."""


class NetWatch:
    """A `Watch` over this computer's interfaces and clocks."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_change: Callable[[Change], None] = lambda change: None
        self._sock: socket.socket | None = None
        self._tick: asyncio.TimerHandle | None = None
        self._settle: asyncio.TimerHandle | None = None
        self._look: asyncio.TimerHandle | None = None
        self._clocks = _clocks()
        self._networks = interfaces.networks()
        self._carrier_changed = False
        self._told_at = -CALM_S

    def start(self, on_change: Callable[[Change], None]) -> None:
        """See `Watch.start`."""
        self._on_change = on_change
        self._clocks = _clocks()
        self._tick = self._loop.call_later(TICK_S, self._ticked)
        if sys.platform == "linux" and self._listen():
            return
        self._look = self._loop.call_later(LOOK_S, self._looked)

    def close(self) -> None:
        """See `Watch.close`."""
        for handle in (self._tick, self._settle, self._look):
            if handle is not None:
                handle.cancel()
        if self._sock is not None:
            self._loop.remove_reader(self._sock.fileno())
            self._sock.close()
            self._sock = None

    def _listen(self) -> bool:
        from notesapp.net import netlink

        try:
            sock = netlink.listening()
        except OSError as error:
            log.info("= the system tells nothing of network changes (%s): looking each second", error)
            return False
        links = netlink.Links()
        try:
            self._loop.add_reader(sock.fileno(), self._told, sock, links.changed)
        except NotImplementedError:
            sock.close()
            return False
        self._sock = sock
        return True

    def _told(self, sock: socket.socket, changed: Callable[[bytes], bool]) -> None:
        try:
            data = sock.recv(65536)
        except BlockingIOError:
            return
        except OSError:  # ENOBUFS: more happened than the buffer holds
            self._carrier_changed = True
            data = b""
        if changed(data) or self._carrier_changed:
            self._carrier_changed = True
            if self._settle is None:
                calm = self._told_at + CALM_S - self._loop.time()
                self._settle = self._loop.call_later(max(SETTLE_S, calm), self._settled)

    def _settled(self) -> None:
        self._settle, self._told_at = None, self._loop.time()
        now = interfaces.networks()
        change = Change.ADDRESS if now != self._networks else Change.LINK
        self._networks, self._carrier_changed = now, False
        self._on_change(change)

    def _looked(self) -> None:
        self._look = self._loop.call_later(LOOK_S, self._looked)
        now = interfaces.networks()
        if now != self._networks:
            self._networks = now
            self._on_change(Change.ADDRESS)

    def _ticked(self) -> None:
        before, self._clocks = self._clocks, _clocks()
        self._tick = self._loop.call_later(TICK_S, self._ticked)
        if any(now - then > TICK_S + JUMP_S for now, then in zip(self._clocks, before, strict=True)):
            self._networks = interfaces.networks()
            self._on_change(Change.WOKE)


class FakeWatch:
    """A `Watch` that a test tells what happened."""

    def __init__(self) -> None:
        self.tell: Callable[[Change], None] = lambda change: None

    def start(self, on_change: Callable[[Change], None]) -> None:
        """See `Watch.start`."""
        self.tell = on_change

    def close(self) -> None:
        """See `Watch.close`."""


def _clocks() -> tuple[float, ...]:
    """One that stops in sleep (its gap shows a stopped process), and one that runs on, where there is one."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return (time.monotonic(),) if boot is None else (time.monotonic(), time.clock_gettime(boot))
