"""Decides the bytes of the local door: four bytes of length, then one msgpack map; nothing about commands.

Each frame: `{v, id, command, args, cwd}` towards the node; `{v, id, progress}`, `{v, id, result}` or `{v, id, error}`
back. Sans-IO except for the two functions at the end, which carry frames over asyncio streams with a deadline.
"""

from __future__ import annotations

import asyncio
import struct
from typing import Any, TypeVar

import msgspec

from notesapp import errors
from notesapp.errors import LocalError, NotesError, RemoteError

T = TypeVar("T")
VERSION = 1
GREETING = "notices"  # the command that a door asks before the one that it came for
FRAME_LIMIT_BYTES = 16 * 1024 * 1024  # a note's text is at most 2 MB; files travel by path
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)  # what msgspec raises for foreign bytes
_HEAD = struct.Struct(">I")


class Ask(msgspec.Struct, frozen=True, omit_defaults=True):
    """One command; `args` is msgpack of its own, `cwd` the folder against which its relative paths are meant."""

    v: int
    id: int
    command: str
    args: bytes = b"\x80"
    cwd: str = ""


class Hello(msgspec.Struct, frozen=True):
    """What a command of any version begins with."""

    v: int
    id: int = 0


class Fault(msgspec.Struct, frozen=True):
    """An error of the family, by class name and facts; the sentence is for callers that don't know the class."""

    name: str
    facts: dict[str, Any]
    sentence: str
    exit_code: int


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of progress, result or error; progress is (done, total, what) and may come many times."""

    v: int
    id: int
    progress: tuple[int, int, str] | None = None
    result: bytes | None = None
    error: Fault | None = None


class Garbage(RemoteError):
    """A program spoke to the control socket in bytes that are no command: {reason}."""


def read_ask(body: bytes) -> Ask | Hello:
    """The command in a frame's body, a `Hello` if it is in another version; Garbage for any other bytes."""
    hello = _read(body, Hello)
    return hello if hello.v != VERSION else _read(body, Ask)


def read_answer(body: bytes) -> Answer:
    """The answer in a frame's body; Garbage for any other bytes."""
    return _read(body, Answer)


def pack(frame: Ask | Answer) -> bytes:
    """The bytes of one frame; LocalError when it is too long."""
    body = msgspec.msgpack.encode(frame)
    if len(body) > FRAME_LIMIT_BYTES:
        raise LocalError(what=f"a control frame of {len(body)} bytes")
    return _HEAD.pack(len(body)) + body


def size_of(head: bytes) -> int:
    """The length that a frame's first four bytes announce; Garbage when it is out of bounds."""
    (size,) = _HEAD.unpack(head)
    if not 0 < size <= FRAME_LIMIT_BYTES:
        raise Garbage(reason=f"a frame of {size} bytes")
    return int(size)


def fault(error: NotesError) -> Fault:
    """An error as it travels: facts become plain values."""
    facts = {name: _plain(value) for name, value in error.facts.items()}
    return Fault(type(error).__name__, facts, error.sentence, error.exit_code)


def raised(found: Fault) -> NotesError:
    """The error as it was on the other side; an unknown class keeps its sentence and exit code."""
    kind = getattr(errors, found.name, None)
    if isinstance(kind, type) and issubclass(kind, NotesError):
        try:
            return kind(**found.facts)
        except (KeyError, TypeError, ValueError, AttributeError):  # the other version has other facts
            pass
    other = errors.BadRequest(what=found.sentence)
    other.exit_code = found.exit_code
    return other


async def read(reader: asyncio.StreamReader, first_s: float, rest_s: float) -> bytes | None:
    """The next frame's body, None at the end; TimeoutError if nothing came, Garbage if only half a frame did."""
    async with asyncio.timeout(first_s):
        start = await reader.read(_HEAD.size)
    if not start:
        return None
    try:
        async with asyncio.timeout(rest_s):
            if len(start) < _HEAD.size:
                start += await reader.readexactly(_HEAD.size - len(start))
            return await reader.readexactly(size_of(start))
    except (asyncio.IncompleteReadError, TimeoutError):
        raise Garbage(reason="half a frame") from None


def _read(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.msgpack.decode(body, type=kind)
    except UNREADABLE as error:
        raise Garbage(reason=str(error)) from None


def _plain(value: object) -> object:
    if value is None or isinstance(value, (str, int, float, bool, bytes)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return str(value)
