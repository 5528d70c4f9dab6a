"""The commands: one small function each over a node, the same through the socket and in this process.

Decides what a call means and what it answers; typing and printing are the skins' matter, the work is the node's. The
functions are in the modules `acts_*`.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from notesapp.control import acts_files, acts_keeping, acts_notes
from notesapp.control.calls import Call
from notesapp.control.desk import BY_CALL, TABLE, Command, Desk, Progress
from notesapp.errors import BadRequest
from notesapp.node.node import Node

__all__ = ["ACTS", "TABLE", "Command", "Desk", "answer", "command_of", "run"]

R = TypeVar("R")

ACTS = (acts_notes, acts_files, acts_keeping)
"""The modules whose functions are the table; each puts its own there when it is loaded."""


def command_of(call: Call[Any]) -> Command:
    """The command that a call asks for."""
    return BY_CALL[type(call)]


async def answer(desk: Desk, call: Call[R]) -> R:
    """The answer to a call in this process; raises NotesErrors."""
    result: R = await command_of(call).act(desk, call)
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
    return msgspec.msgpack.encode(await line.act(Desk(node, cwd, progress), call))
