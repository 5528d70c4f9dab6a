"""The encrypted ordered pipe to an address, as all above see it. Decides the promises; QUIC and memory keep them.

A link is no proof of who is there: `binding` is what such a proof is made over.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Final, Protocol, runtime_checkable

from notesapp.errors import LinkOver
from notesapp.net.address import Address
from notesapp.net.framing import framed

SEND_MARK: Final = 256 * 1024  # bytes that may wait to be sent before `send` waits
RECEIVE_WINDOW: Final = 2 * 1024 * 1024  # bytes that may come before the reader took those before them


class End(StrEnum):
    """Why a link ended, as logs and the connection doctor say it."""

    CLOSED_HERE = "closed by this device"
    CLOSED_THERE = "closed by the other device"
    SILENT = "nothing was heard any more"
    REPLACED = "another link to the same device is kept"
    UNWANTED = "no link to this device is wanted any more"
    RESTARTED = "the other device started again"
    REFUSED = "the other device sent something that can't be right"
    NO_ANSWER = "the other device didn't answer"


@runtime_checkable
class Link(Protocol):
    """An encrypted ordered pipe of messages to an address."""

    @property
    def bond(self) -> bytes:
        """The name of the bond by which the other end was found; no proof."""

    @property
    def run(self) -> bytes:
        """8 bytes that name the other end's run, as it says."""

    @property
    def binding(self) -> bytes:
        """SHA-256 of the listener's certificate: both ends know the same one."""

    @property
    def is_dialer(self) -> bool:
        """Whether this end dialled."""

    @property
    def remote(self) -> Address:
        """Where the other end is now; it may move."""

    @property
    def end(self) -> End | None:
        """Why it ended; None while it lives."""

    @property
    def lag_s(self) -> float | None:
        """The last measured round trip in seconds."""

    @property
    def quiet_s(self) -> float:
        """Seconds since anything of the other end arrived."""

    async def send(self, message: bytes) -> None:
        """Hands a message over, in order; returns once little enough waits (256 KiB).

        `LocalError` if it is longer than `MESSAGE_LIMIT`; `LinkOver` if the link ended. If it is cancelled halfway, the
        link ends: the other side would wait for the rest for ever.
        """

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The messages received, whole and in order; ends with the link. One reader at a time."""

    async def aclose(self, end: End = End.CLOSED_HERE) -> None:
        """Sends what waits (for at most two seconds), then ends the link. Again: does nothing."""

    async def wait_closed(self) -> End:
        """Returns when the link has ended."""


class Inbox:
    """Messages received and not read yet. Counts bytes, so that a window can be kept."""

    def __init__(self) -> None:
        self._messages: deque[bytes] = deque()
        self._arrived: asyncio.Future[None] | None = None
        self._over = False
        self.waiting = 0  # bytes

    def put(self, message: bytes) -> None:
        """One more message."""
        self._messages.append(message)
        self.waiting += len(message)
        self._wake()

    def finish(self) -> None:
        """Nothing more will come."""
        self._over = True
        self._wake()

    async def take(self) -> bytes | None:
        """The next message; None after the last."""
        while not self._messages:
            if self._over:
                return None
            self._arrived = asyncio.get_running_loop().create_future()
            await self._arrived
        message = self._messages.popleft()
        self.waiting -= len(message)
        return message

    def _wake(self) -> None:
        if self._arrived is not None and not self._arrived.done():
            self._arrived.set_result(None)


class MemoryLink:
    """One end of a pipe inside this process, with the same limits; `MemoryLink.pair` makes both."""

    def __init__(self, bond: bytes, binding: bytes, remote: Address, *, is_dialer: bool) -> None:
        self.bond, self.binding, self.remote, self.is_dialer = bond, binding, remote, is_dialer
        self.run = b"in-memry"
        self.end: End | None = None
        self.lag_s: float | None = 0.0
        self.quiet_s = 0.0
        self._inbox = Inbox()
        self._twin: MemoryLink | None = None
        self._sending = asyncio.Lock()
        self._moved = asyncio.Event()  # the other end read something, or the link ended
        self._ended = asyncio.Event()

    @classmethod
    def pair(cls, bond: bytes = b"memory", binding: bytes = bytes(32)) -> tuple[MemoryLink, MemoryLink]:
        """(dialer's end, listener's end)."""
        dialer = cls(bond, binding, Address("127.0.0.1", 2), is_dialer=True)
        listener = cls(bond, binding, Address("127.0.0.1", 1), is_dialer=False)
        dialer._twin, listener._twin = listener, dialer
        return dialer, listener

    async def send(self, message: bytes) -> None:
        """See `Link.send`."""
        framed(message)  # the same limit as on a real link
        async with self._sending:
            twin = self._twin
            while self.end is None and twin is not None and twin._inbox.waiting > RECEIVE_WINDOW:
                self._moved.clear()
                await self._moved.wait()
            if self.end is not None or twin is None:
                raise LinkOver(why=self.end or End.CLOSED_THERE)
            twin._inbox.put(bytes(message))

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (message := await self._inbox.take()) is not None:
            if self._twin is not None:
                self._twin._moved.set()
            yield message

    async def aclose(self, end: End = End.CLOSED_HERE) -> None:
        """See `Link.aclose`."""
        twin = self._twin
        self._finish(end)
        if twin is not None:
            twin._finish(End.CLOSED_THERE)

    def die(self) -> None:
        """Both ends notice, after their deadline, that nothing comes any more."""
        for one in (self, self._twin):
            if one is not None:
                one._finish(End.SILENT)

    async def wait_closed(self) -> End:
        """See `Link.wait_closed`."""
        await self._ended.wait()
        return self.end or End.CLOSED_HERE

    def _finish(self, end: End) -> None:
        if self.end is None:
            self.end = end
            self._inbox.finish()
            self._moved.set()
            self._ended.set()
