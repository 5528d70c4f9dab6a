"""Decides how to talk to the node that runs: connects, asks, follows progress, gives up in time.

Knows frames; the typed face over it is `door`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable

from notesapp.control import address, frames
from notesapp.control.frames import Answer, Ask
from notesapp.errors import BrokenOff, Cancelled, NoAnswer, OtherVersion, RemoteError
from notesapp.store.places import Home

Progress = Callable[[int, int, str], None]

_CONNECT_S = 3.0
SILENCE_S = 10.0
"""The node gives a sign of life every 3 seconds while a command runs; after this long it is taken for hung."""


STOP_S = 5.0
"""A command that is stopped finishes what it has in hand."""


class Client:
    """One connection to the running node; commands may overlap."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._next_id = 0
        self._answers: dict[int, asyncio.Queue[Answer | None]] = {}
        self._listening = asyncio.get_running_loop().create_task(self._listen(), name="control client")

    async def ask(self, command: str, args: bytes, progress: Progress | None = None, cwd: str = "") -> bytes:
        """The result of one command (msgpack); the node's own error, or NoAnswer. Cancelling cancels it there."""
        self._next_id += 1
        ask_id = self._next_id
        answers = self._answers[ask_id] = asyncio.Queue()
        try:
            await self._send(Ask(frames.VERSION, ask_id, command, args, cwd or os.getcwd()))
            while True:
                answer = await self._next(answers)
                if answer.error is not None:
                    raise frames.raised(answer.error)
                if answer.result is not None:
                    return answer.result
                if answer.progress and answer.progress[2] and progress:
                    progress(*answer.progress)
        except asyncio.CancelledError:
            await self._cancel(ask_id, answers)
            raise
        finally:
            del self._answers[ask_id]

    async def close(self) -> None:
        """Ends the connection; the node cancels what still ran for it."""
        self._writer.close()
        self._listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._listening
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(1):
                await self._writer.wait_closed()

    async def _next(self, answers: asyncio.Queue[Answer | None]) -> Answer:
        if self._listening.done():
            raise BrokenOff
        try:
            async with asyncio.timeout(SILENCE_S):
                answer = await answers.get()
        except TimeoutError:
            raise NoAnswer(seconds=f"{SILENCE_S:g}") from None
        if answer is None:  # the node ended, or dropped us
            raise BrokenOff
        if answer.v != frames.VERSION:
            raise OtherVersion(theirs=answer.v, ours=frames.VERSION)
        return answer

    async def _cancel(self, ask_id: int, answers: asyncio.Queue[Answer | None]) -> None:
        """Stops a command; raises what it says of how far it came, if it says that soon."""
        with contextlib.suppress(NoAnswer, TimeoutError):  # the node is gone, and with it the command
            async with asyncio.timeout(STOP_S):
                await self._send(Ask(frames.VERSION, ask_id, "cancel"))
                while (answer := await self._next(answers)).result is None:
                    if answer.error is not None:
                        error = frames.raised(answer.error)
                        if type(error) is Cancelled:
                            return  # it says nothing that the caller doesn't know
                        raise error

    async def _send(self, ask: Ask) -> None:
        try:
            async with asyncio.timeout(SILENCE_S):
                self._writer.write(frames.pack(ask))
                await self._writer.drain()
        except TimeoutError:
            raise NoAnswer(seconds=f"{SILENCE_S:g}") from None
        except ConnectionError:
            raise BrokenOff from None

    async def _listen(self) -> None:
        try:
            while (body := await frames.read(self._reader, 1e9, SILENCE_S)) is not None:
                answer = frames.read_answer(body)
                if (answers := self._answers.get(answer.id)) is not None:
                    answers.put_nowait(answer)
        except (ConnectionError, RemoteError):
            return  # every waiting call is told below
        finally:
            for answers in self._answers.values():
                answers.put_nowait(None)


async def connect(home: Home) -> Client | None:
    """A connection to the node that runs on this home; None when none listens there."""
    try:
        async with asyncio.timeout(_CONNECT_S):
            if sys.platform == "win32":
                return await _connect_pipe(home)
            reader, writer = await asyncio.open_unix_connection(home.control_address)
    except (FileNotFoundError, ConnectionError):
        return None
    except TimeoutError:
        raise NoAnswer(seconds=f"{_CONNECT_S:g}") from None
    if address.peer_uid(writer.get_extra_info("socket")) != os.getuid():
        writer.close()  # somebody else's program sits at our address
        return None
    return Client(reader, writer)


async def _connect_pipe(home: Home) -> Client:
    secret = address.read_secret(home)
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    connect_pipe = loop.create_pipe_connection  # type: ignore[attr-defined]  # exists on Windows only
    transport, _ = await connect_pipe(lambda: protocol, home.control_address)
    writer = asyncio.StreamWriter(transport, protocol, reader, loop)
    writer.write(len(secret).to_bytes(4, "big") + secret)
    return Client(reader, writer)
