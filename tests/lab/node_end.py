"""One real node without a window in the lab: `python -m tests.lab.node_end CONFIG`. Finds others through the DHT alone.

The host makes a note, an invite and a code, and leaves the link and the three words in a folder, as if they had been
mailed and said; guests join by one of them, and the host lets in whoever shows the words to compare. Then each writes
stamps into the note and tells how long after it was written another's stamp was read. A line on standard input:
`quiet` ends the writing, `write` begins it again, `harm HOW` makes it a bad relay (`harm.py`). With LAB_LOG in the
environment its log is in that folder.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import sys
import time
from collections import Counter
from hashlib import blake2b
from pathlib import Path
from typing import Any

from notesapp.identity.roles import Role
from notesapp.net.swarm import Swarm
from notesapp.node.events import (
    Event,
    JoinChanged,
    NetworkChanged,
    NoteEdited,
    Origin,
    PeopleChanged,
    RequestsChanged,
)
from notesapp.node.home import Unlock
from notesapp.node.node import Node
from notesapp.node.people_views import JoinStage
from notesapp.store.keyfile import Limits
from notesapp.store.places import Home
from notesapp.text import Splice
from tests.lab.end import say
from tests.lab.harm import harm

STAMP = re.compile(r"@(\w+) ([0-9.]+);")
EACH_S = 0.3
QUIET = Unlock(keyring=False, limits=Limits(rounds=1, memory_bytes=8 << 20))


class NodeEnd:
    """One node and what it tells."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.name: str = config["name"]
        self.folder = Path(config["folder"])
        self.bootstrap: list[str] = config["bootstrap"]
        self.port: int = config["port"]
        self.is_host: bool = config["host"]
        self.guests: int = config["guests"]
        self.by: str = config["by"]  # link or words
        self.writes = True
        self._wrote = 0
        self._approving = set[asyncio.Task[str]]()
        self._told: dict[bytes, tuple[object, ...]] = {}
        self._digest = ""

    async def run(self) -> None:
        """Until it is killed."""
        self.node = node = await Node.open(Home(self.folder / self.name), QUIET)
        people = node.people
        await people.set_me(self.name)
        await people.peering.faraway.choose(agreed=True, bootstrap=self.bootstrap)
        node.subscribe(self._on_event)
        await people.go_online(port=self.port)
        say("ready", name=self.name)
        note_id = await (self._host() if self.is_host else self._join())
        note = await node.open_note(note_id)
        reading = asyncio.get_running_loop().create_task(self._commands())
        while not reading.done():
            if self.writes:
                node.edit(note_id, Splice(len(note.text), "", f"@{self.name} {time.monotonic():.4f};\n"))
                node.flush(note_id)
                self._wrote += 1
            self._tell_reach()
            digest = blake2b(note.text.encode(), digest_size=8).hexdigest()
            if not self.writes and digest != self._digest:
                self._digest = digest
                stamps = Counter(name for name, _ in STAMP.findall(note.text))
                say("text", digest=digest, length=len(note.text), stamps=stamps, wrote=self._wrote)
            await asyncio.sleep(EACH_S)
        await node.close()

    async def _host(self) -> bytes:
        note_id = await self.node.create_note(text="# Lab\n")
        people, notebook = self.node.people, self.node.default_notebook
        invite = await people.share(notebook, Role.WRITER, uses=self.guests)
        code = await people.code(notebook, Role.WRITER)
        assert invite.link is not None
        for name, text in (("link", invite.link), ("words", " ".join(code.words))):
            new = self.folder / f"{name}.new"
            new.write_text(text)
            new.rename(self.folder / name)
        say("invited")
        return note_id

    async def _join(self) -> bytes:
        people, given = self.node.people, self.folder / self.by
        while not given.exists():  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        say("joins")
        text = given.read_text()
        join_id = await people.join(text if self.by == "link" else tuple(text.split()))
        while (ended := people.a_join(join_id)).stage not in (JoinStage.DONE, JoinStage.FAILED):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        say("joined", stage=ended.stage, cause=ended.cause, remedy=ended.remedy)
        if ended.stage is not JoinStage.DONE:
            sys.exit(1)
        while True:
            found = [it for it in self.node.notes() if it.notebook_id == ended.notebook_id]
            if found:
                return found[0].note_id
            await asyncio.sleep(0.05)

    def _on_event(self, event: Event) -> None:
        match event:
            case NoteEdited(_, splices, Origin.LINK):
                now = time.monotonic()
                for splice in splices:
                    for name, at in STAMP.findall(splice.inserted):
                        say("heard", by=name, late_s=now - float(at))
            case PeopleChanged() | NetworkChanged():
                self._tell_reach()
            case JoinChanged(join_id):
                view = next((it for it in self.node.people.joins() if it.join_id == join_id), None)
                if view is not None:
                    say(
                        "join", stage=view.stage, cause=view.cause, remedy=view.remedy, words=view.words, seen=view.seen
                    )  # fmt: skip
            case RequestsChanged():
                for request in self.node.people.requests():
                    say("asked", by=request.name, words=request.words)
                    self._approve(request.request_id)
            case _:
                pass

    def _approve(self, request_id: bytes) -> None:
        task = asyncio.get_running_loop().create_task(self.node.people.approve(request_id, True))
        self._approving.add(task)
        task.add_done_callback(self._approving.discard)

    def _tell_reach(self) -> None:
        for view in self.node.people.reach():
            facts = (view.stage, view.path, view.cause)
            if self._told.get(view.device_id) != facts:
                self._told[view.device_id] = facts
                say(
                    "reach", to=view.name, stage=view.stage, path=view.path, cause=view.cause, remedy=view.remedy,
                    nats=[view.my_nat, view.their_nat], address=view.address,
                )  # fmt: skip

    async def _commands(self) -> None:
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := (await reader.readline()).decode().strip():
            if line.startswith("harm "):
                harm(self._swarm(), line.split()[1])
                say("harms", how=line.split()[1])
            else:
                self.writes = line == "write"

    def _swarm(self) -> Swarm:
        swarm = self.node.people.peering.network
        assert isinstance(swarm, Swarm)
        return swarm


async def main(config: str) -> None:
    """Runs until its input ends."""
    end = NodeEnd(json.loads(config))
    if folder := os.environ.get("LAB_LOG"):
        logging.basicConfig(filename=Path(folder) / f"{end.name}.log", filemode="w", level=logging.INFO)
        logging.getLogger().handlers[0].setFormatter(_Stamped("%(message)s"))
    await end.run()


class _Stamped(logging.Formatter):
    """With the clock of all the other lines."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{time.monotonic():.3f} {record.name} {super().format(record)}"


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
