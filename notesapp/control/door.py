"""Decides by which door a command reaches its node: the running one's socket, else a node opened for the moment.

Both doors run the same table (`commands`), so that a command means the same with and without a running window.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar

import msgspec

from notesapp.control import calls, commands
from notesapp.control.calls import Call
from notesapp.control.client import Client, connect
from notesapp.control.rows import FindingRow, StatusRow
from notesapp.control.server import Server
from notesapp.errors import AlreadyRunning, BadRequest, BrokenOff, CannotWrite, DiskFull, NotesError, ReadOnlyHome
from notesapp.node.home import Unlock
from notesapp.node.node import CLOSE_S, Node
from notesapp.node.reading import open_to_read, why_only_read
from notesapp.store.places import Home

R = TypeVar("R")
Progress = Callable[[int, int, str], None]

_PATIENCE_S = 20.0  # a node that ends may have much to save
_BETWEEN_TRIES_S = 0.1
_REFUSED_S = 0.5  # a disk that refuses what a command did is not waited for again at its end
_DRAIN_S = 3.0  # who asked us just before we end still gets an answer


_OF_THE_HOME = (calls.Doctor, calls.Status)


class Door(Protocol):
    """Asks a node; `remote`: another process holds it; `notices`, `parting`: what a person must hear before, after."""

    @property
    def remote(self) -> bool: ...

    @property
    def notices(self) -> tuple[str, ...]: ...

    @property
    def parting(self) -> tuple[str, ...]: ...

    async def call(self, call: Call[R], progress: Progress | None = None) -> R:
        """The answer, or the error as the node raised it."""


class NearDoor:
    """A node in this process."""

    remote = False
    parting: tuple[str, ...] = ()

    def __init__(self, node: Node) -> None:
        self._node = node
        self.notices = (*node.notices, *node.late)

    async def call(self, call: Call[R], progress: Progress | None = None) -> R:
        """See `Door`."""
        desk = commands.Desk(self._node, os.getcwd(), progress or _silent)
        return await commands.answer(desk, call)


class ReadingDoor:
    """A node in this process over a copy of notes that can't be written: it answers questions only."""

    remote = False

    def __init__(self, node: Node, home: Home, refusal: NotesError) -> None:
        self._near = NearDoor(node)
        self._node = node
        self._home = home
        self._refusal = refusal
        self.notices = node.notices
        self.parting = (refusal.sentence,)

    async def call(self, call: Call[R], progress: Progress | None = None) -> R:
        """See `Door`; what would change something raises why it can't."""
        if not commands.changes_nothing(call):
            raise self._refusal
        answer: Any = await self._near.call(call, progress)
        return answer if not isinstance(call, _OF_THE_HOME) else self._of_the_home(answer)  # type: ignore[no-any-return]

    def _of_the_home(self, answer: Any) -> Any:
        """What is said of the copy, said of the home."""
        if isinstance(answer, StatusRow):
            return msgspec.structs.replace(answer, home=str(self._home.folder), troubles=self.parting)
        copy = str(self._node.home.folder)
        other = (copy, "are free on the disk")  # of the copy these are true
        rows = (row for row in answer if not any(words in row.sentence for words in other))
        return (FindingRow("bad", self._refusal.sentence), *rows)


class FarDoor:
    """A node in another process, over its socket."""

    remote = True
    parting: tuple[str, ...] = ()

    def __init__(self, client: Client, notices: tuple[str, ...] = ()) -> None:
        self._client = client
        self.notices = notices

    async def call(self, call: Call[R], progress: Progress | None = None) -> R:
        """See `Door`."""
        command = commands.command_of(call)
        try:
            asked = msgspec.msgpack.encode(call)
        except UnicodeEncodeError:  # half a character: no frame can carry it
            raise BadRequest(what=f"What was given to “{command.name}” is no UTF-8 text; write it anew.") from None
        result = await self._client.ask(command.name, asked, progress)
        return msgspec.msgpack.decode(result, type=command.answer)  # type: ignore[no-any-return]  # known by name only


@asynccontextmanager
async def open_door(home: Home, unlock: Unlock) -> AsyncIterator[Door]:
    """The door to the node of this home. Raises what `Node.open` raises; AlreadyRunning if the running one is deaf."""
    try:
        found = await _find(home, unlock)
    except (DiskFull, ReadOnlyHome, CannotWrite) as error:
        if (refusal := why_only_read(error, home)) is None:
            raise
        async with open_to_read(home, unlock) as node:
            yield ReadingDoor(node, home, refusal)
        return
    if isinstance(found, Node):
        async with _near(found) as door:
            yield door
        return
    client, notices = found
    try:
        yield FarDoor(client, notices)
    finally:
        await client.close()


async def _notices(client: Client) -> tuple[str, ...]:
    try:
        return await FarDoor(client).call(calls.Notices())
    except BadRequest:  # an older Notesapp that knows no such command
        return ()


async def _find(home: Home, unlock: Unlock) -> tuple[Client, tuple[str, ...]] | Node:
    """Who runs, or a new node; waits for one that is just starting (no socket yet) or ending (still the lock)."""
    loop = asyncio.get_running_loop()
    ends_s = loop.time() + _PATIENCE_S
    while True:
        client = await connect(home)
        if client is not None:
            try:
                return client, await _notices(client)
            except BrokenOff:  # it was just ending
                await client.close()
                if loop.time() > ends_s:
                    raise
                await asyncio.sleep(_BETWEEN_TRIES_S)
                continue
            except BaseException:
                await client.close()
                raise
        try:
            return await Node.open(home, unlock)
        except AlreadyRunning:
            if loop.time() > ends_s:
                raise
        await asyncio.sleep(_BETWEEN_TRIES_S)  # the lock of another process can't be waited for everywhere


@asynccontextmanager
async def serving(node: Node, *, stays: bool = True) -> AsyncIterator[Server]:
    """The node's control socket, open as long as the block runs; `stays`: not only for one command."""
    node.stays = stays
    server = Server(node.home, lambda *asked: commands.run(node, *asked))
    await server.start()
    try:
        yield server
    finally:
        await server.close(_DRAIN_S)


@asynccontextmanager
async def _near(node: Node) -> AsyncIterator[Door]:
    try:
        async with serving(node, stays=False):  # so that a second command finds us, however short we live
            yield NearDoor(node)
            if node.disk_trouble is None:
                await node.look_by_the_way()
    finally:
        await node.close(_REFUSED_S if node.disk_trouble is not None else CLOSE_S)


def _silent(done: int, total: int, what: str) -> None:
    """Nobody watches."""
