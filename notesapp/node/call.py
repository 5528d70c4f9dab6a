"""One link of this node: first a handshake, then a session. Carries bytes, time and events; decides nothing else.

The reader stops while the session has enough, the writer takes what the link has room for, one timer keeps the
machine's deadline. Whatever ends it (the machine, the link, the program), `over` is told once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Protocol

from notesapp.errors import LinkOver, LocalError, NotesError
from notesapp.net.link import Link
from notesapp.node.tasks import Tasks
from notesapp.sync.book import Book
from notesapp.sync.events import Event, SessionClosed
from notesapp.sync.handshake import Failed, Handshake, Proved
from notesapp.sync.session import SyncSession

logger = logging.getLogger(__name__)

_PIECE_BYTES = 256 * 1024  # of one message: it is read as a whole at the other end
_GOODBYE_S = 2.0


class Owner(Protocol):
    """Whoever keeps the calls."""

    def proved(self, call: Call, proved: Proved) -> Iterable[Book] | None:
        """The peer is known: the notebooks to talk about, or None to end."""

    def heard(self, call: Call, event: Event) -> None:
        """The session tells something."""

    def over(self, call: Call, why: str) -> None:
        """It has ended."""


class Call:
    """See the module; `run` does it all."""

    def __init__(self, link: Link, handshake: Handshake, me: bytes, owner: Owner) -> None:
        self.link = link
        self.session: SyncSession | None = None
        self.proved: Proved | None = None
        self.why = ""
        self._handshake = handshake
        self._me = me
        self._owner = owner
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_ms: int | None = None
        self._wake = asyncio.Event()
        self._moved = asyncio.Event()
        self._ended = False
        self._settling = False
        self._again = False

    @property
    def live(self) -> bool:
        """Whether it can still carry something."""
        return not self._ended

    @property
    def now_ms(self) -> int:
        """The monotonic clock."""
        return int(self._loop.time() * 1000)

    async def run(self, tasks: Tasks) -> None:
        """Carries until the end."""
        writer = tasks.start(self._write(), "writing to a link")
        self.settle()
        try:
            async for message in self.link:
                machine = self.session or self._handshake
                machine.receive_data(message, self.now_ms)
                self.settle()
                while self.session is not None and not self.session.reading and not self._ended:
                    self._moved.clear()
                    await self._moved.wait()
                if self._ended:
                    break
            if not self._ended:
                (self.session or self._handshake).receive_end(self.now_ms)
                self.settle()
                self.end(str(self.link.end or "the link ended"))
        finally:
            self.end("the program ends")
            self._wake.set()
            await asyncio.wait([writer], timeout=_GOODBYE_S)
            writer.cancel()
            await self.link.aclose()

    def ask(self, data: bytes) -> None:
        """Says something at the door, as who dialled."""
        if self.session is not None and self.live:
            self.session.ask(data, self.now_ms)
            self.settle()

    def answer(self, data: bytes) -> None:
        """Says something at the door, as who was dialled."""
        if self.session is not None and self.live:
            self.session.answer(data, self.now_ms)
            self.settle()

    def settle(self) -> None:
        """After anything that was said to the machine: its events, its bytes, its deadline."""
        if self._settling:
            self._again = True  # an event's effect spoke to the session: its turn comes
            return
        self._settling = True
        try:
            self._again = True
            while self._again and not self._ended:
                self._again = False
                self._events()
        finally:
            self._settling = False
        self._wake.set()
        self._moved.set()
        self._set_timer()

    def end(self, why: str) -> None:
        """No more is said; what waits is still sent."""
        if self._ended:
            return
        self._ended = True
        self.why = why
        if self._timer is not None:
            self._timer.cancel()
        self._wake.set()
        self._moved.set()
        self._owner.over(self, why)

    def close(self, why: str) -> None:
        """Says so to the peer, then ends."""
        if self.session is not None:
            self.session.close(why, self.now_ms)
            self.settle()
        self.end(why)

    def _events(self) -> None:
        if self.session is None:
            for fate in self._handshake.events():
                match fate:
                    case Failed(refusal=refusal):
                        self.end(refusal.value)
                    case Proved():
                        self._begin(fate)
            return
        for event in self.session.events():
            self._again = True
            if isinstance(event, SessionClosed):
                self.end(event.reason)
                return
            try:
                self._owner.heard(self, event)
            except NotesError as error:
                logger.error("! %s could not be heard: %s", type(event).__name__, error)
                self.close("something went wrong here")
                return

    def _begin(self, proved: Proved) -> None:
        self.proved = proved
        books = self._owner.proved(self, proved)
        if books is None:
            self.end("another link is kept")
            return
        try:
            self.session = SyncSession(self._me, proved, books, self.now_ms, self._handshake.leftover())  # type: ignore[arg-type]  # a device id is a peer id
        except LocalError as error:
            logger.exception("! a session could not begin")
            self.end(str(error))
            return
        self._again = True

    def _set_timer(self) -> None:
        if self._ended:
            return
        at_ms = (self.session or self._handshake).deadline()
        if at_ms == self._timer_ms:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_ms = at_ms
        self._timer = None if at_ms is None else self._loop.call_at((at_ms + 1) / 1000, self._time)

    def _time(self) -> None:
        self._timer = self._timer_ms = None
        if not self._ended:
            (self.session or self._handshake).receive_time(self.now_ms)
            self.settle()

    async def _write(self) -> None:
        try:
            while True:
                # the handshake's last word comes before the session's first
                data = self._handshake.data_to_send() or (self.session.data_to_send() if self.session else b"")
                if data:
                    for at in range(0, len(data), _PIECE_BYTES):
                        await self.link.send(data[at : at + _PIECE_BYTES])
                    self.settle()
                elif self._ended:
                    await self.link.aclose()  # the reader ends with it
                    return
                else:
                    self._wake.clear()
                    await self._wake.wait()
        except LinkOver:
            return
