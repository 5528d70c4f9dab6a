"""Which attachments are known to be on another device, too. Decides it from what others said they have dealt with.

Counted are chunks that a peer confirmed as kept, from whichever peer, and attachments that were fetched from others.
What is not known to be elsewhere is only here: after a lost page of notes about it more is said to be here, never less.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import msgspec

from notesapp.node.attachments import Attachments, blob_name
from notesapp.node.call import Call
from notesapp.node.core import Core
from notesapp.node.events import PeopleChanged
from notesapp.node.outbox import Deed
from notesapp.node.sessions import Sessions
from notesapp.store.blobs import Blobs
from notesapp.store.rows import Batch
from notesapp.store.store import Store
from notesapp.sync.attachment import Manifest
from notesapp.sync.events import ChunkKept, Event

REST_S = 1.0  # what is confirmed in a second is written once
_PREFIX = "files-elsewhere "

_Page = tuple[list[bytes], list[bytes]]


@dataclass(slots=True)
class _Shelf:
    """One notebook: whole attachments that are elsewhere, single chunks that are, what is complete here."""

    whole: set[bytes]
    chunks: set[bytes]
    here: dict[bytes, frozenset[bytes]] = field(default_factory=dict)
    stale: bool = False

    def settle(self) -> bool:
        """Turns chunks into wholes; whether any became one."""
        fresh = [name for name, chunks in self.here.items() if name not in self.whole and chunks <= self.chunks]
        for name in fresh:
            self.whole.add(name)
            self.chunks -= self.here[name]
        return bool(fresh)

    @property
    def only_here(self) -> int:
        """How many attachments aren't known to be elsewhere."""
        return sum(name not in self.whole for name in self.here)


class Elsewhere:
    """See the module."""

    def __init__(self, core: Core, attachments: Attachments, sessions: Sessions) -> None:
        self._core = core
        self._shelves: dict[bytes, _Shelf] = {}
        self._reading: set[bytes] = set()
        self._timers: dict[bytes, asyncio.TimerHandle] = {}
        attachments.on_named.append(self._named)
        sessions.on_event.append(self._heard)
        sessions.on_grew.append(self._grew)

    def close(self) -> None:
        """The end of the program: writes what wasn't yet."""
        for notebook in list(self._timers):
            self._timers[notebook].cancel()
            self._write(notebook)

    def only_here(self, notebook: bytes) -> int:
        """How many attachments of a shared notebook are known to be with nobody else; PeopleChanged tells more."""
        shelf = self._shelves.get(notebook)
        if shelf is None:
            self._read(notebook)
            return 0
        return shelf.only_here

    def fetched(self, notebook: bytes, manifest: Manifest) -> None:
        """This one is to come from others, who therefore have it; known before its first chunk is kept."""
        if self._core.tasks.is_open:
            self._core.tasks.start(self._fetched(notebook, blob_name(manifest)), "noting who has an attachment")

    async def _fetched(self, notebook: bytes, name: bytes) -> None:
        shelf = await self._shelf(notebook)
        if name not in shelf.whole:
            shelf.whole.add(name)
            self._write(notebook)

    def _heard(self, call: Call, event: Event) -> None:
        if isinstance(event, ChunkKept) and self._core.tasks.is_open:
            self._core.tasks.start(self._kept(event.notebook, event.hash), "noting who has an attachment")

    async def _kept(self, notebook: bytes, chunk: bytes) -> None:
        shelf = await self._shelf(notebook)
        shelf.chunks.add(chunk)
        if shelf.settle():
            self._core.hook.tell(PeopleChanged(notebook))
        if notebook not in self._timers and self._core.tasks.is_open:
            self._timers[notebook] = asyncio.get_running_loop().call_later(REST_S, self._write, notebook)

    def _named(self, notebook: bytes) -> None:
        if (shelf := self._shelves.get(notebook)) is not None:
            shelf.stale = True  # read again when that is durable

    def _grew(self, notebook: bytes) -> None:
        shelf = self._shelves.get(notebook)
        if shelf is not None and shelf.stale:
            shelf.stale = False
            self._read(notebook)

    # -- the disk -----------------------------------------------------------------------------------------------------

    def _read(self, notebook: bytes) -> None:
        if notebook not in self._reading and self._core.tasks.is_open:
            self._reading.add(notebook)
            self._core.tasks.start(self._read_anew(notebook), "looking which attachments are only here")

    async def _read_anew(self, notebook: bytes) -> None:
        try:
            shelf = await self._shelf(notebook)
            shelf.here = await self._core.journal.read(lambda store: Blobs(store.db).complete_of(notebook))
            if shelf.settle():
                self._write(notebook)
        finally:
            self._reading.discard(notebook)
        self._core.hook.tell(PeopleChanged(notebook))

    async def _shelf(self, notebook: bytes) -> _Shelf:
        if notebook not in self._shelves:

            def read(store: Store) -> tuple[bytes | None, dict[bytes, frozenset[bytes]]]:
                return store.setting(_PREFIX + notebook.hex()), Blobs(store.db).complete_of(notebook)

            data, here = await self._core.journal.read(read)
            whole, chunks = msgspec.msgpack.decode(data, type=_Page) if data is not None else ([], [])
            self._shelves.setdefault(notebook, _Shelf(set(whole), set(chunks), here))
        return self._shelves[notebook]

    def _write(self, notebook: bytes) -> None:
        self._timers.pop(notebook, None)
        shelf = self._shelves[notebook]
        data = msgspec.msgpack.encode((sorted(shelf.whole), sorted(shelf.chunks)))
        self._core.outbox.put(Deed(rows=Batch(settings={_PREFIX + notebook.hex(): data})))
