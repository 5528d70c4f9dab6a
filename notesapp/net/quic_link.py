"""A link over one QUIC connection. Decides when to wait, to read on and how to end; the endpoint moves packets.

The stream carries a greeting byte of the dialer first, so that the listener can speak first too, then messages.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Final

from aioquic.quic import events

from notesapp.errors import LinkOver, RemoteError
from notesapp.net.address import Address
from notesapp.net.connection import STREAM, PatientConnection
from notesapp.net.framing import Assembler, framed
from notesapp.net.link import SEND_MARK, End, Inbox
from notesapp.net.paths import PathTable

log = logging.getLogger(__name__)

CHUNK_BYTES: Final = 64 * 1024
FLUSH_S: Final = 2.0  # how long a link that we close goes on sending
GREETING: Final = b"\1"  # the version of the framing
_CODES: Final = {
    0: End.CLOSED_HERE,
    1: End.REPLACED,
    2: End.UNWANTED,
    3: End.REFUSED,
    4: End.RESTARTED,
    5: End.NO_ANSWER,
}
_CODE_OF: Final = {end: code for code, end in _CODES.items()}


class QuicLink:
    """See `Link`. Made by `QuicEndpoint`."""

    def __init__(
        self,
        connection: PatientConnection,
        bond: bytes,
        run: bytes,
        paths: PathTable,
        transmit: Callable[[QuicLink], None],
        *,
        is_dialer: bool,
    ) -> None:
        self.bond, self.run, self.is_dialer = bond, run, is_dialer
        self.connection = connection
        self.end: End | None = None
        self.ready = False  # the handshake is complete and the greeting was given
        self._paths, self._transmit = paths, transmit
        self._loop = asyncio.get_running_loop()
        now = self._loop.time()
        self.began_at = self.used_at = now  # `used_at`: the last message, either way
        self.heard_at = self.packet_at = now  # a pong counts for the first, for the second only what QUIC hears
        self._binding: bytes | None = None
        self._last_remote = Address("0.0.0.0", 0)
        self._inbox = Inbox()
        self._assembler = Assembler()
        self._received = 0  # bytes of the stream
        self._sending = asyncio.Lock()
        self._room = asyncio.Event()
        self._ended = asyncio.Event()

    @property
    def binding(self) -> bytes:
        """See `Link.binding`."""
        if self._binding is None:
            self._binding = self.connection.binding
        return self._binding

    @property
    def remote(self) -> Address:
        """See `Link.remote`."""
        found = self._paths.remote(self.bond, self.run)
        if found is not None and found.current is not None:
            self._last_remote = found.current.address
        return self._last_remote

    @property
    def lag_s(self) -> float | None:
        """See `Link.lag_s`: the way's last pong, which no acknowledgement delays."""
        found = self._paths.remote(self.bond, self.run)
        return found.current.lag_s if found is not None and found.current is not None else self.connection.lag_s

    @property
    def quiet_s(self) -> float:
        """Seconds since anything of the other end arrived."""
        return self._loop.time() - self.heard_at

    async def send(self, message: bytes) -> None:
        """See `Link.send`."""
        head = framed(message)
        async with self._sending:
            if len(message) <= CHUNK_BYTES:
                await self._have_room()
                self._write(head + message)
                return
            begun = False
            try:
                view = memoryview(message)
                for at in range(0, len(message), CHUNK_BYTES):
                    await self._have_room()
                    piece = bytes(view[at : at + CHUNK_BYTES])
                    self._write(piece if begun else head + piece)
                    begun = True
            except asyncio.CancelledError:
                if begun:
                    self.abort(End.CLOSED_HERE)
                raise

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (message := await self._inbox.take()) is not None:
            self._took()
            yield message

    async def aclose(self, end: End = End.CLOSED_HERE) -> None:
        """See `Link.aclose`."""
        if self.end is None and end is End.CLOSED_HERE and self.ready:
            self.connection.send_stream_data(STREAM, b"", end_stream=True)
            self._finish(end)
            self._transmit(self)
            try:
                async with asyncio.timeout(FLUSH_S):
                    while self.connection.waiting and not self.connection.is_over:
                        self._room.clear()
                        await self._room.wait()
            except TimeoutError:
                log.info("= a link closed with %d B unsent", self.connection.waiting)
        self.abort(end)

    def abort(self, end: End) -> None:
        """Ends it at once; what waits is lost."""
        if not self.connection.is_over:
            self.connection.close(error_code=_CODE_OF.get(end, 0), reason_phrase="")
        self._finish(end)
        self._transmit(self)

    async def wait_closed(self) -> End:
        """See `Link.wait_closed`."""
        await self._ended.wait()
        return self.end or End.SILENT

    # -- what the endpoint calls --------------------------------------------------------------------------------------

    def pump(self) -> tuple[bool, list[bytes], list[bytes]]:
        """Takes what the connection has to say: (whether it became ready, new connection ids, ids that went)."""
        came, went, was_ready = list[bytes](), list[bytes](), self.ready
        try:
            while (event := self.connection.next_event()) is not None:
                match event:
                    case events.StreamDataReceived(data=data, end_stream=last, stream_id=stream):
                        self._stream_data(data, stream, last=last)
                    case events.HandshakeCompleted() if self.is_dialer:
                        self.connection.send_stream_data(STREAM, GREETING)
                        self.ready = True
                    case events.ConnectionIdIssued(connection_id=it):
                        came.append(it)
                    case events.ConnectionIdRetired(connection_id=it):
                        went.append(it)
                    case events.StreamReset() | events.StopSendingReceived():
                        raise RemoteError(reason="the stream of a link was cut")
                    case _:
                        pass
        except RemoteError as error:
            log.info("! %s: %s", self.remote, error.facts.get("reason"))
            self.abort(End.REFUSED)
        if self.connection.is_over:
            self._finish(self._why())
        if self.connection.waiting < SEND_MARK:
            self._room.set()
        return self.ready and not was_ready, came, went

    @property
    def wants_to_read_on(self) -> bool:
        """Whether the other end should hear that there is room again."""
        return self.end is None and self.connection.read_on()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _stream_data(self, data: bytes, stream: int, *, last: bool) -> None:
        if stream != STREAM:
            raise RemoteError(reason="a second stream was opened on a link")
        if not self._received and not self.is_dialer and data:
            if data[:1] != GREETING:
                raise RemoteError(reason="a link began with something else than a greeting")
            self.ready = True
            self._received = 1
            data = data[1:]
        self._received += len(data)
        self.used_at = self._loop.time()
        if self.end is None:
            for message in self._assembler.receive(data):
                self._inbox.put(message)
        self._count()
        if last:
            self._finish(End.CLOSED_THERE)
            self.abort(End.CLOSED_THERE)

    def _count(self) -> None:
        unread = self._inbox.waiting if self.end is None else 0
        self.connection.taken = max(self.connection.taken, self._received - unread)

    def _took(self) -> None:
        self._count()
        if self.wants_to_read_on:
            self._transmit(self)

    async def _have_room(self) -> None:
        while self.end is None and self.connection.waiting >= SEND_MARK:
            self._room.clear()
            await self._room.wait()  # ends with the link at the latest: see IDLE_S
        if self.end is not None:
            raise LinkOver(why=self.end)

    def _write(self, data: bytes) -> None:
        self.used_at = self._loop.time()
        self.connection.send_stream_data(STREAM, data)
        self._transmit(self)

    def _why(self) -> End:
        code = self.connection.close_code
        if code is None:
            return End.SILENT if self.ready else End.NO_ANSWER
        end = _CODES.get(code, End.CLOSED_THERE)
        return End.CLOSED_THERE if end is End.CLOSED_HERE else end

    def _finish(self, end: End) -> None:
        self._room.set()
        if self.end is None:
            self.end = end
            self._inbox.finish()
            self._ended.set()
