"""A node of ours, headless and real, told what to do line by line as the others are (talk.mjs): `ours.py HOME`.

Both nodes find each other by the address in the invite, over QUIC; everything is durable before it is sent or shown.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from notesapp.identity.roles import Role
from notesapp.node.events import Event, NoteEdited, NoteListChanged, Origin, PresenceChanged
from notesapp.node.home import Unlock
from notesapp.node.node import Node
from notesapp.node.people_views import JoinStage
from notesapp.store.places import Home
from notesapp.text import Splice

DEADLINE_S = 120.0


def now() -> float:
    """Milliseconds of the system's monotonic clock."""
    return time.monotonic_ns() / 1e6


class End:
    """One node and the note that is written or watched."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._note = b""
        self._keys = 0
        self._seen: list[float] = []
        self._all, self._listed, self._present = asyncio.Event(), asyncio.Event(), asyncio.Event()
        node.subscribe(self._heard)

    def _heard(self, event: Event) -> None:
        if isinstance(event, PresenceChanged):
            self._present.set()
        elif isinstance(event, NoteListChanged):
            self._listed.set()
        elif isinstance(event, NoteEdited) and event.note_id == self._note and event.origin is not Origin.SCREEN:
            self._seen += [now()] * sum(len(splice.inserted) for splice in event.splices)
            if self._keys and len(self._seen) >= self._keys:
                self._all.set()

    async def create(self, texts: list[str]) -> dict[str, Any]:
        """Notes of ours, and the link that lets somebody in."""
        names = [(await self._node.create_note(text=text)).hex() for text in texts]
        await self._node.people.go_online()
        invite = await self._node.people.share(self._node.default_notebook, Role.WRITER, approval=False)
        return {"names": names, "link": invite.link}

    async def fetch(self, link: str, count: int) -> dict[str, Any]:
        """Joins: how long until all notes are here, and until all were read."""
        await self._node.people.go_online()
        began = now()
        ended = await self._node.people.joined(await self._node.people.join(link))
        assert ended.stage is JoinStage.DONE, ended
        joined_ms = now() - began
        while len(theirs := [one for one in self._node.notes() if one.notebook_id == ended.notebook_id]) < count:
            self._listed.clear()
            async with asyncio.timeout(DEADLINE_S):
                await self._listed.wait()
        listed_ms = now() - began
        letters = 0
        for view in theirs:
            letters += len((await self._node.open_note(view.note_id)).text)
            self._node.close_note(view.note_id)
        return {"ms": now() - began, "listed_ms": listed_ms, "joined_ms": joined_ms, "letters": letters}

    async def meet(self) -> dict[str, Any]:
        """Goes online; when that began and when somebody else was there."""
        began = now()
        met = asyncio.Event()

        def heard(_: Event) -> None:
            if any(one.online and not one.me for one in self._node.people.everyone()):
                met.set()

        unsubscribe = self._node.subscribe(heard)
        await self._node.people.go_online()
        async with asyncio.timeout(DEADLINE_S):
            await met.wait()
        unsubscribe()
        return {"began": began, "met": now()}

    async def open(self, name: str, keys: int) -> dict[str, Any]:
        """Shows the note; who is going to write (no `keys` to count) waits until the other one is in it, too."""
        self._note, self._keys = bytes.fromhex(name), keys
        note = await self._node.open_note(self._note)
        self._node.people.show(self._note, 0, 0)  # as a window does: in company typing is passed on at once
        async with asyncio.timeout(DEADLINE_S):
            while not (keys or self._node.people.who_is_in(self._note)):
                self._present.clear()
                await self._present.wait()
        return {"length": len(note.text)}

    async def type(self, gaps: list[int], at: int) -> dict[str, Any]:
        """Types one letter after each gap, as the others do."""
        struck: list[float] = []
        due = now()
        for number, gap in enumerate(gaps):
            due += gap
            await asyncio.sleep(max(0.0, due - now()) / 1000)
            struck.append(now())
            self._node.edit(self._note, Splice(at + number, "", "x"))
        return {"struck": struck}

    async def seen(self) -> dict[str, Any]:
        """When each letter of the other end was in the note here."""
        async with asyncio.timeout(DEADLINE_S):
            await self._all.wait()
        return {"seen": self._seen}


async def main(home: Path) -> None:
    """Answers each line; ends with its input."""
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader(limit=64 * 1024 * 1024)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    node = await Node.open(Home(home), Unlock(keyring=False))
    end = End(node)
    try:
        async for line in lines:
            asked = json.loads(line)
            said = await getattr(end, asked.pop("do"))(**asked)
            print(json.dumps(said), flush=True)
    finally:
        await node.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
