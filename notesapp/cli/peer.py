"""The command `peer`: a node without a window that runs until it is told to end, and `status` of the one that runs."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Annotated

import typer

from notesapp.cli import output
from notesapp.cli.context import Context, as_json
from notesapp.control import calls
from notesapp.control.client import connect
from notesapp.control.door import FarDoor, serving
from notesapp.errors import AlreadyRunning, BadRequest
from notesapp.node.events import Event, ShutdownRequested, Trouble
from notesapp.node.home import Unlock
from notesapp.node.node import Node

_COMMANDS_END_S, _BETWEEN_TRIES_S = 8.0, 0.1


def add_to(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    app.command()(peer)
    app.command()(status)
    app.command()(shutdown)


def peer(
    ctx: typer.Context,
    port: Annotated[int | None, typer.Option("--port", help="The UDP port to listen on.", min=1, max=65535)] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Reach nobody.")] = False,
) -> None:
    """Keep the notes without a window, until Ctrl+C or SIGTERM, and share them with the people of shared notebooks."""
    known: Context = ctx.obj
    asyncio.run(_keep(known, port, offline))


def status(ctx: typer.Context, json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Tell whether a node runs for this home, and how it is."""
    known: Context = ctx.obj
    found = known.ask(calls.Status())
    if json:
        return output.data(as_json(found))
    skin = "with a window" if found.window else "without a window"
    output.say(
        f"Running {skin} (process {found.pid})."
        if found.running
        else "Not running; commands open the notes for a moment."
    )
    output.say(f"{output.count(found.notes, 'note')} in “{found.home}”, {found.unsaved} not saved yet.")
    for trouble in found.troubles:
        output.say(trouble)
    return None


def shutdown(ctx: typer.Context) -> None:
    """End the Notesapp that runs for this home, window or not; it saves everything first."""
    known: Context = ctx.obj

    asyncio.run(_end(known))


async def _end(known: Context) -> None:
    client = await connect(known.home)
    if client is None:
        return output.say("Nothing runs for this home.")
    try:
        await FarDoor(client).call(calls.Shutdown())
    finally:
        await client.close()
    return output.say("It ends.")


async def _open(known: Context) -> Node:
    """The node; waits for a command that has the home for a moment, but not for another that stays."""
    loop = asyncio.get_running_loop()
    ends_s = loop.time() + _COMMANDS_END_S
    while True:
        try:
            return await Node.open(known.home, Unlock(passphrase=os.environ.get("NOTESAPP_PASSPHRASE")))
        except AlreadyRunning:
            if loop.time() > ends_s:
                folder = known.home.folder
                raise BadRequest(what=f"Notesapp runs for “{folder}” already; commands work through it.") from None
        await asyncio.sleep(_BETWEEN_TRIES_S)


async def _keep(known: Context, port: int | None, offline: bool) -> None:
    ended = asyncio.Event()

    def hear(event: Event) -> None:
        match event:
            case ShutdownRequested():
                ended.set()
            case Trouble(sentence=sentence):
                output.say(sentence)
            case _:
                pass

    node = await _open(known)
    try:
        cancel = node.subscribe(hear)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            if os.name == "posix":
                loop.add_signal_handler(number, ended.set)
            else:
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(ended.set))
        async with serving(node):
            if not offline:
                await node.people.go_online(port=port)
            output.say(f"Notes are kept in “{known.home.folder}”; Ctrl+C ends.")
            await ended.wait()
        cancel()
    finally:
        await node.close()
