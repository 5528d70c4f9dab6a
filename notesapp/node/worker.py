"""Decides when a helper process starts, how long a job may take, and what its death means.

A helper gets bytes and gives bytes, never a key or the store. What the jobs do is told in `jobs`; who needs them, in
`loading`, `snapshots` and `importing`. One thread per helper waits on its pipe, so any event loop will do.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import struct
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from notesapp import errors
from notesapp.errors import HelperStopped, LocalError, NotesError

WORKER_FLAG = "--notesapp-worker"
"""First argument by which a frozen program starts as a helper."""

FRAME_LIMIT_BYTES = 512 * 1024 * 1024  # a long note's snapshot is some MB; a whole import's plan stays far below
_IDLE_S = 30.0  # a helper costs about 40 MB of memory
_HEAD = struct.Struct(">I")


class Workers:
    """A few helper processes, started when needed, killed when they hang, replaced when they die."""

    def __init__(self, size: int | None = None) -> None:
        # never one alone: a person must not wait behind a snapshot that takes minutes
        self._size = size or max(2, min(3, (os.cpu_count() or 2) - 1))
        self._free = asyncio.Semaphore(self._size)
        self._idle: list[_Process] = []
        self._all: set[_Process] = set()
        self._threads = ThreadPoolExecutor(self._size, thread_name_prefix="notesapp-helper")
        self._retire: asyncio.TimerHandle | None = None
        self._closed = False

    async def run(self, job: str, deadline_s: float = 60.0, **args: Any) -> Any:
        """The answer of one job; a hang or crash raises `HelperStopped` for this job only, its own error as it was."""
        frame = msgspec.msgpack.encode((job, deadline_s, args))
        async with self._free:
            if self._closed:
                raise HelperStopped(doing=job, why="the program is closing")
            process = self._take()
            try:
                async with asyncio.timeout(deadline_s):
                    answer = await asyncio.wrap_future(self._threads.submit(process.exchange, frame))
            except TimeoutError:
                self._drop(process)
                raise HelperStopped(doing=job, why=f"no answer within {deadline_s:g} seconds") from None
            except (EOFError, OSError, ValueError) as error:
                code = self._drop(process)
                raise HelperStopped(doing=job, why=f"it ended with code {code}") from error
            except BaseException:
                self._drop(process)  # cancelled in the middle of a job: its answer must not meet the next one
                raise
            self._give_back(process)
        return _unwrap(answer)

    def _take(self) -> _Process:
        while self._idle:
            process = self._idle.pop()
            if process.alive:
                return process
            self._drop(process)
        process = _Process()
        self._all.add(process)
        return process

    def _give_back(self, process: _Process) -> None:
        if self._closed:
            self._drop(process)
            return
        self._idle.append(process)
        if self._retire is not None:
            self._retire.cancel()
        self._retire = asyncio.get_running_loop().call_later(_IDLE_S, self._retire_idle)

    def _retire_idle(self) -> None:
        self._retire = None
        for process in self._idle:
            self._drop(process)
        self._idle.clear()

    def _drop(self, process: _Process) -> int | None:
        self._all.discard(process)
        return process.kill()

    @property
    def pids(self) -> tuple[int, ...]:
        """The helpers that live now (for tests and the doctor)."""
        return tuple(process.pid for process in self._all)

    def close(self) -> None:
        """Ends all helpers at once; their running jobs raise `HelperStopped`."""
        self._closed = True
        if self._retire is not None:
            self._retire.cancel()
        self._idle.clear()
        for process in tuple(self._all):
            self._drop(process)
        self._threads.shutdown(wait=False, cancel_futures=True)


class _Process:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("NOTESAPP_DEBUG") else subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self.pid = self._process.pid
        self._busy = False

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def exchange(self, frame: bytes) -> bytes:
        """Blocking; runs on a helper's own thread. EOFError when the process died."""
        self._busy = True
        try:
            write_frame(self._process.stdin, frame)
            answer = read_frame(self._process.stdout)
        finally:
            self._busy = False
            if not self.alive:
                self._close_pipes()
        if answer is None:
            raise EOFError
        return answer

    def kill(self) -> int | None:
        """Its exit code. A thread that is reading from it sees the end, and closes the pipes itself."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:  # stuck in the kernel: the system will reap it with us
            return None
        if not self._busy:
            self._close_pipes()
        return code

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was still to be written is for nobody
                    pipe.close()


def write_frame(to: Any, frame: bytes) -> None:
    """Four bytes of length, then the frame."""
    to.write(_HEAD.pack(len(frame)))
    to.write(frame)
    to.flush()


def read_frame(back: Any) -> bytes | None:
    """The next frame; None at the end of the pipe, also in the middle of a frame."""
    head = back.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    (size,) = _HEAD.unpack(head)
    if size > FRAME_LIMIT_BYTES:
        raise ValueError(f"a frame of {size} bytes")
    frame: bytes = back.read(size)
    return frame if len(frame) == size else None


def _unwrap(answer: bytes) -> Any:
    kind, value = msgspec.msgpack.decode(answer)
    if kind == "ok":
        return value
    name, facts = value
    known = getattr(errors, name, None)
    if isinstance(known, type) and issubclass(known, NotesError):
        raise known(**facts)
    raise LocalError(what=f"a helper failed: {name} {facts.get('what', '')}")


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, WORKER_FLAG]
    root = str(Path(__file__).resolve().parents[2])
    start = f"import sys; sys.path.insert(0, {root!r}); from notesapp.node.worker_main import main; main()"
    return [sys.executable, "-P", "-c", start]


def _environment() -> Mapping[str, str]:
    # the passphrase is for us alone; PYTHON* is kept, it may hold the path of the dependencies
    return {name: value for name, value in os.environ.items() if name != "NOTESAPP_PASSPHRASE"}
