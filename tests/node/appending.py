"""A program that appends to a note and says which appends were acknowledged, until somebody kills it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from notesapp.control import calls
from notesapp.control.door import NearDoor, serving
from notesapp.node.home import Unlock
from notesapp.node.node import Node
from notesapp.store.places import Home


async def main(folder: str, selector: str, first: int, listen: bool) -> None:
    """Writes `ready`, then each acknowledged number on a line of its own."""
    node = await Node.open(Home(Path(folder)), Unlock(keyring=False))
    async with serving(node):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        if listen:
            await asyncio.Event().wait()
        door = NearDoor(node)
        for number in range(first, first + 1000):
            await door.call(calls.Append(selector, f"line {number}"))
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:] == ["listen"]))
