"""Decides how the running node listens at its local door: who is let in, how long it waits, what it answers.

Knows frames and a function that runs one command; the commands themselves are in `commands`. Garbage, half frames and
slow callers cost the caller its connection and the node nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import os
import socket
import stat
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from notesapp.control import address, frames
from notesapp.control.frames import Answer, Ask
from notesapp.errors import BadRequest, Cancelled, CannotWrite, LocalError, NotesError, OtherVersion, RemoteError
from notesapp.node.tasks import Tasks
from notesapp.store.places import Home

logger = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]
Runner = Callable[[str, bytes, str, Progress], Awaitable[bytes]]
"""(command, args, caller's folder, progress) → result; all msgpack; raises NotesErrors."""

_HELLO_S = 10.0  # the first frame follows the connection at once
_REST_S = 10.0  # a frame is written in one go
_QUIET_S = 600.0  # a caller that has nothing to ask may come again
_WRITE_S = 30.0  # a caller that doesn't read its answers
_BETWEEN_PROGRESS_S = 0.1
_BEAT_S = 3.0  # so that a caller can tell a long command from a dead node
_TURNS = 4  # of the loop, until a connection that waits is one that is talked with
_CALLERS = 32
_COMMANDS_PER_CALLER = 8


class Server:
    """The control socket of one home; started by the holder of the home's lock, and by nobody else."""

    def __init__(self, home: Home, run: Runner) -> None:
        self._home = home
        self._run = run
        self._tasks = Tasks(self._failed)
        self._server: asyncio.Server | None = None
        self._pipes: list[object] = []
        self._secret = b""
        self._callers: dict[_Caller, None] = {}  # who has asked nothing for longest comes first
        self._quiet = _Quiet()
        self._socket_path: Path | None = None

    async def start(self) -> None:
        """Listens from now on. Removes the socket of a node that died: the lock says that it did."""
        await self._tasks.open()
        if sys.platform == "win32":
            await self._start_pipe()
            return
        self._socket_path = Path(self._home.control_address)
        self._server = await asyncio.start_unix_server(self._came, sock=_bound(self._socket_path))

    async def close(self, drain_s: float = 0.0) -> None:
        """Stops listening, gives running commands `drain_s` to end, cancels the rest, removes the socket."""
        if self._socket_path is not None:
            with contextlib.suppress(FileNotFoundError):
                self._socket_path.unlink()
            for _ in range(_TURNS):  # who has connected by now is let in, not left hanging
                await asyncio.sleep(0)
        if self._server is not None:
            self._server.close()
        for pipe in self._pipes:
            pipe.close()  # type: ignore[attr-defined]  # asyncio's PipeServer is untyped
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(drain_s):
                await self._quiet.wait()
        await self._tasks.close()

    async def _start_pipe(self) -> None:
        # the pipe of asyncio's Proactor loop doesn't tell who is at its other end: the secret does
        self._secret = address.make_secret(self._home)
        loop = asyncio.get_running_loop()

        def protocol() -> asyncio.StreamReaderProtocol:
            return asyncio.StreamReaderProtocol(asyncio.StreamReader(), self._came)

        start = loop.start_serving_pipe  # type: ignore[attr-defined]  # exists on Windows only
        self._pipes = await start(protocol, self._home.control_address)

    def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._is_owner(writer) or not self._make_room():
            logger.warning("! control: refused a caller (%d are here)", len(self._callers))
            writer.transport.abort()
            return
        caller = _Caller(self._run, writer, self._quiet)
        self._callers[caller] = None
        self._quiet.enter()  # until his first command behind the greeting is answered
        try:
            self._tasks.start(self._converse(reader, writer, caller), "a conversation at the control socket")
        except RuntimeError:  # came while we close
            self._quiet.leave()
            writer.transport.abort()

    def _make_room(self) -> bool:
        """Whether one more may come; the one who has been idle for longest leaves for him."""
        if len(self._callers) < _CALLERS:
            return True
        idle = next((caller for caller in self._callers if caller.is_idle), None)
        if idle is None:
            return False
        del self._callers[idle]
        idle.drop()
        return True

    def _is_owner(self, writer: asyncio.StreamWriter) -> bool:
        if sys.platform == "win32":
            return True  # proven by the secret in the first frame
        peer = writer.get_extra_info("socket")
        return peer is not None and address.peer_uid(peer) == os.getuid()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, caller: _Caller) -> None:
        try:
            first_s = _HELLO_S
            if self._secret:
                said = await frames.read(reader, _HELLO_S, _REST_S)
                if said is None or not hmac.compare_digest(said, self._secret):
                    return
            async with asyncio.TaskGroup() as group:
                caller.group = group
                while (body := await caller.next(reader, first_s)) is not None:
                    await caller.take(body)
                    if caller in self._callers:
                        del self._callers[caller]
                        self._callers[caller] = None
                    first_s = _QUIET_S
                caller.cancel_all()
        except* (TimeoutError, ConnectionError, RemoteError) as gone:
            logger.info("! control: a caller was dropped: %s", gone.exceptions[0])
        finally:
            self._callers.pop(caller, None)
            if caller.is_fresh:
                self._quiet.leave()
            writer.close()

    def _failed(self, doing: str, error: Exception) -> None:
        logger.error("! control: %s failed", doing, exc_info=error)


def _bound(path: Path) -> socket.socket:
    """A Unix socket at `path` for its owner only, in place of one that a dead node left."""
    address.check_folder(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with contextlib.suppress(FileNotFoundError):
            if stat.S_ISSOCK(path.lstat().st_mode):
                path.unlink()
        listening.bind(os.fspath(path))
        path.chmod(0o600)  # before it listens, so nobody can have come in
        listening.setblocking(False)
    except OSError as error:
        listening.close()
        raise CannotWrite(path=path, why=error.strerror or str(error)) from None
    return listening


class _Caller:
    """One connection: its running commands and its answers, one frame at a time."""

    group: asyncio.TaskGroup

    def __init__(self, run: Runner, writer: asyncio.StreamWriter, quiet: _Quiet) -> None:
        self._run = run
        self._quiet = quiet
        self.is_fresh = True
        self._writer = writer
        self._writing = asyncio.Lock()
        self._running: dict[int, asyncio.Task[None]] = {}

    @property
    def is_idle(self) -> bool:
        """Whether no command of his runs."""
        return not self._running

    def drop(self) -> None:
        """Ends the connection at once."""
        self._writer.transport.abort()

    async def next(self, reader: asyncio.StreamReader, first_s: float) -> bytes | None:
        """The next frame; waits without end while a command runs, since its caller waits too."""
        while True:
            try:
                return await frames.read(reader, first_s, _REST_S)
            except TimeoutError:
                if not self._running:
                    raise

    async def take(self, body: bytes) -> None:
        """Starts the command in this frame, or answers why not."""
        ask = frames.read_ask(body)
        if isinstance(ask, frames.Hello):
            await self._say(Answer(frames.VERSION, ask.id, error=_other_version(ask.v)))
            return
        if ask.command == "cancel":
            self._cancel(ask)
        elif ask.id in self._running or len(self._running) >= _COMMANDS_PER_CALLER:
            busy = BadRequest(what="Too many commands at once on one connection; wait for an answer first.")
            await self._say(Answer(frames.VERSION, ask.id, error=frames.fault(busy)))
        else:
            greets = ask.command == frames.GREETING and self.is_fresh
            if greets or not self.is_fresh:
                self._quiet.enter()
            self.is_fresh = greets  # who only greeted is about to ask: an ending node waits for that
            task = self.group.create_task(self._work(ask), name=f"command {ask.command}")
            self._running[ask.id] = task
            task.add_done_callback(lambda _: self._ended(ask.id))

    def cancel_all(self) -> None:
        """The caller has gone: nobody wants these answers."""
        for task in self._running.values():
            task.cancel()

    def _ended(self, ask_id: int) -> None:
        del self._running[ask_id]
        self._quiet.leave()

    def _cancel(self, ask: Ask) -> None:
        if (task := self._running.get(ask.id)) is not None:
            task.cancel()

    async def _work(self, ask: Ask) -> None:
        heard = _Heard()
        beat = asyncio.get_running_loop().create_task(self._beat(ask.id, heard))
        try:
            result = await self._run(ask.command, ask.args, ask.cwd, heard.tell)
            answer = Answer(frames.VERSION, ask.id, result=result)
        except NotesError as error:
            answer = Answer(frames.VERSION, ask.id, error=frames.fault(error))
        except asyncio.CancelledError:
            answer = Answer(frames.VERSION, ask.id, error=frames.fault(Cancelled()))
        except Exception as error:
            logger.exception("! control: %s failed", ask.command)
            bug = LocalError(what=f"{ask.command}: {type(error).__name__}")
            answer = Answer(frames.VERSION, ask.id, error=frames.fault(bug))
        finally:
            beat.cancel()
        await self._say(answer)

    async def _beat(self, ask_id: int, heard: _Heard) -> None:
        """Sends the newest progress, at most ten times a second, and a sign of life while there is none."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_BEAT_S):
                    await heard.news.wait()
            heard.news.clear()
            await self._say(Answer(frames.VERSION, ask_id, progress=heard.step))
            await asyncio.sleep(_BETWEEN_PROGRESS_S)

    async def _say(self, answer: Answer) -> None:
        async with self._writing, asyncio.timeout(_WRITE_S):
            self._writer.write(frames.pack(answer))
            await self._writer.drain()


class _Quiet:
    """Counts who may still expect an answer, and tells when nobody does."""

    def __init__(self) -> None:
        self._expecting = 0
        self._none = asyncio.Event()
        self._none.set()

    def enter(self) -> None:
        self._expecting += 1
        self._none.clear()

    def leave(self) -> None:
        self._expecting -= 1
        if not self._expecting:
            self._none.set()

    async def wait(self) -> None:
        await self._none.wait()


class _Heard:
    """The newest progress of one command."""

    def __init__(self) -> None:
        self.step = (0, 0, "")
        self.news = asyncio.Event()

    def tell(self, done: int, total: int, what: str) -> None:
        self.step = (done, total, what)
        self.news.set()


def _other_version(theirs: int) -> frames.Fault:
    return frames.fault(OtherVersion(theirs=frames.VERSION, ours=theirs))  # as the caller sees it
