"""The commands: one small function each over a node, the same through the socket and in this process.

Decides what a call means and what it answers; typing and printing are the skins' matter, the work is the node's. The
functions are in the modules `acts_*`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

import msgspec

from notesapp.control import (
    acts_doors,
    acts_files,
    acts_internet,
    acts_keeping,
    acts_notes,
    acts_people,
    calls,
    calls_people,
)
from notesapp.control.calls import Call
from notesapp.control.desk import BY_CALL, TABLE, Command, Desk, Progress
from notesapp.control.frames import UNREADABLE
from notesapp.errors import BadRequest, Cancelled, NotSavedYet
from notesapp.node.node import Node

__all__ = ["ACTS", "TABLE", "Command", "Desk", "answer", "changes_nothing", "command_of", "run"]

R = TypeVar("R")

_LOOK_S = 0.25
_ROOM_S = 2.0  # a disk that is full for longer stays full until somebody frees some space

_READ = (calls.Cat, calls.Doctor, calls.Export, calls.ExportHistory, calls.History, calls.Search, calls.Status)
"""These make do with what is in memory and on the disk already."""

_QUESTIONS = (
    *_READ,
    calls.Attachments,
    calls.Backups,
    calls.ExportHistory,
    calls.Find,
    calls.Ls,
    calls.Mirrors,
    calls.Notebooks,
    calls.Notices,
    calls.RecoveryKit,
    calls.SaveAttachment,
    calls.Tags,
    calls_people.People,
)

ACTS = (acts_notes, acts_files, acts_keeping, acts_people, acts_doors, acts_internet)
"""The modules whose functions are the table; each puts its own there when it is loaded."""


def changes_nothing(call: Call[Any]) -> bool:
    """Whether a call only asks: some change something first if they are given what."""
    match call:
        case calls.Cat(to_edit=to_edit):
            return not to_edit
        case calls.Tag(add=(), remove=()):
            return True
        case calls_people.Me(name=None, colour=None):
            return True
        case _:
            return isinstance(call, _QUESTIONS)


def command_of(call: Call[Any]) -> Command:
    """The command that a call asks for."""
    return BY_CALL[type(call)]


async def answer(desk: Desk, call: Call[R]) -> R:
    """The answer to a call in this process; raises NotesErrors."""
    work: Awaitable[R] = command_of(call).act(desk, call)
    return await (work if isinstance(call, _READ) else _unless_the_disk_refuses(desk.node, work))


async def run(node: Node, name: str, args: bytes, cwd: str, progress: Progress) -> bytes:
    """The answer to a call that came as bytes; BadRequest for what is no call."""
    line = TABLE.get(name)
    if line is None:
        raise BadRequest(what=f"The Notesapp that is running knows no command “{name}”.")
    try:
        call = msgspec.msgpack.decode(args, type=line.asks)
    except UNREADABLE as error:
        raise BadRequest(what=f"The command “{name}” was asked wrongly: {error}.") from None
    return msgspec.msgpack.encode(await answer(Desk(node, cwd, progress), call))


async def _unless_the_disk_refuses(node: Node, work: Awaitable[R]) -> R:
    """What the work returns; the disk's trouble if that lasts: a window can wait for room, a command can't."""
    before = node.waiting
    task = asyncio.ensure_future(work)
    refused_s = 0.0
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=_LOOK_S)
            refused_s = refused_s + _LOOK_S if node.refused is not None else 0.0
            if not task.done() and refused_s >= _ROOM_S and (trouble := node.refused) is not None:
                raise NotSavedYet(why=trouble.sentence) if node.stays and node.waiting > before else trouble
        return await task
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=_ROOM_S)
        if task.done() and not task.cancelled() and isinstance(stopped := task.exception(), Cancelled):
            raise stopped  # it was cancelled, and tells how far it came
