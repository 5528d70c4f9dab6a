"""The commands: one small function each over a node, the same through the socket and in this process.

Decides what a call means and what it answers; typing and printing are the skins' matter, the work is the node's. The
functions are in the modules `acts_*`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

import msgspec

from notesapp.control import acts_files, acts_keeping, acts_notes
from notesapp.control.calls import Call
from notesapp.control.desk import BY_CALL, TABLE, Command, Desk, Progress
from notesapp.errors import BadRequest, Cancelled
from notesapp.node.events import Trouble
from notesapp.node.node import Node

__all__ = ["ACTS", "TABLE", "Command", "Desk", "answer", "command_of", "run"]

R = TypeVar("R")

_ROOM_S = 3.0  # a disk that is full for longer stays full until somebody frees some space

ACTS = (acts_notes, acts_files, acts_keeping)
"""The modules whose functions are the table; each puts its own there when it is loaded."""


def command_of(call: Call[Any]) -> Command:
    """The command that a call asks for."""
    return BY_CALL[type(call)]


async def answer(desk: Desk, call: Call[R]) -> R:
    """The answer to a call in this process; raises NotesErrors."""
    result: R = await _unless_the_disk_refuses(desk.node, command_of(call).act(desk, call))
    return result


async def run(node: Node, name: str, args: bytes, cwd: str, progress: Progress) -> bytes:
    """The answer to a call that came as bytes; BadRequest for what is no call."""
    line = TABLE.get(name)
    if line is None:
        raise BadRequest(what=f"The Notesapp that is running knows no command “{name}”.")
    try:
        call = msgspec.msgpack.decode(args, type=line.asks)
    except msgspec.MsgspecError as error:
        raise BadRequest(what=f"The command “{name}” was asked wrongly: {error}.") from None
    return msgspec.msgpack.encode(await _unless_the_disk_refuses(node, line.act(Desk(node, cwd, progress), call)))


async def _unless_the_disk_refuses(node: Node, work: Awaitable[R]) -> R:
    """What the work returns; the disk's trouble if that lasts: a window can wait for room, a command can't."""
    refused = asyncio.Event()
    if node.disk_trouble is not None:
        refused.set()
    forget = node.subscribe(lambda event: refused.set() if isinstance(event, Trouble) and event.key == "disk" else None)
    task = asyncio.ensure_future(work)
    watch = asyncio.ensure_future(refused.wait())
    try:
        await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            await asyncio.wait({task}, timeout=_ROOM_S)
        if not task.done() and (trouble := node.disk_trouble) is not None:
            raise trouble
        return await task
    finally:
        forget()
        watch.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=_ROOM_S)
        if task.done() and not task.cancelled() and isinstance(stopped := task.exception(), Cancelled):
            raise stopped  # it was cancelled, and tells how far it came
