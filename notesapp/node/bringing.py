"""Brings attachments that are announced and not here: on demand, small ones by themselves. Decides whom to ask.

A chunk is known by its hash, so anybody may give it; what came stays, so that a break costs one chunk. Somebody who
lacks chunks isn't asked for them again by this errand.
"""

from __future__ import annotations

import asyncio
import logging

from notesapp.errors import AttachmentAway, AttachmentsFull, NotesError
from notesapp.node.attachments import Attachments, blob_name
from notesapp.node.call import Call
from notesapp.node.core import Core
from notesapp.node.elsewhere import Elsewhere
from notesapp.node.events import AttachmentArrived
from notesapp.node.indexes import Indexes
from notesapp.node.sessions import Sessions
from notesapp.store.blobs import Blobs
from notesapp.store.store import Store
from notesapp.sync.attachment import CHUNK_BYTES, Manifest
from notesapp.sync.events import ChunkArrived, ChunksLacking, Event, Synced
from notesapp.sync.fetching import Download

logger = logging.getLogger(__name__)

BY_ITSELF_BYTES = 8 * 1024 * 1024  # pictures in notes: larger files come when somebody wants them
SILENCE_S = 30.0  # no chunk for so long: whoever waits is told


class _Errand:
    """One attachment on its way."""

    def __init__(self, notebook: bytes, manifest: Manifest, present: set[bytes]) -> None:
        self.notebook = notebook
        self.manifest = manifest
        self.download = Download(manifest, present)
        self.asked: dict[Call, set[bytes]] = {}
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.moved = asyncio.Event()
        self.done.add_done_callback(lambda done: done.cancelled() or done.exception())


class Bringing:
    """See the module."""

    def __init__(
        self, core: Core, indexes: Indexes, attachments: Attachments, sessions: Sessions, elsewhere: Elsewhere
    ) -> None:
        self._core = core
        self._indexes = indexes
        self._attachments = attachments
        self._sessions = sessions
        self._errands: dict[bytes, _Errand] = {}  # by blob name
        self._arrived: list[tuple[Call, ChunkArrived]] = []
        self._keeping = False
        self._looking: set[bytes] = set()
        self._elsewhere = elsewhere
        attachments.bring = self.bring
        sessions.on_event.append(self._heard)
        sessions.on_over.append(self._over)

    async def bring(self, notebook: bytes, manifest: Manifest) -> None:
        """Returns when all of an attachment is here; AttachmentAway if nobody who has it can be reached."""
        name, now_ms = blob_name(manifest), self._core.clock()
        errand = self._errands.get(name)
        if errand is None:
            hashes, size = manifest.hashes, manifest.size

            def expect(store: Store) -> tuple[bytes, ...]:
                return Blobs(store.db).expect(name, size, hashes, now_ms)

            missing = await self._core.journal.write_with(expect)
            if not missing:
                return
            self._elsewhere.fetched(notebook, manifest)
            errand = self._errands.setdefault(name, _Errand(notebook, manifest, set(hashes) - set(missing)))
        self._ask(errand)
        await self._wait(errand)

    async def _wait(self, errand: _Errand) -> None:
        try:
            while not errand.done.done():
                if not errand.asked:
                    raise AttachmentAway
                errand.moved.clear()
                try:
                    async with asyncio.timeout(SILENCE_S):
                        await errand.moved.wait()
                except TimeoutError:
                    raise AttachmentAway from None
            errand.done.result()
        finally:
            if not errand.done.done() or errand.done.exception() is not None:
                self._errands.pop(blob_name(errand.manifest), None)

    def _ask(self, errand: _Errand) -> None:
        """Asks those who may have what is missing and isn't asked for yet."""
        under_way = {hash_ for hashes in errand.asked.values() for hash_ in hashes}
        for call in self._sessions.sessions():
            if call.session is None or not call.session.is_current(errand.notebook):
                continue
            wanted = [hash_ for hash_ in errand.download.to_ask(call) if hash_ not in under_way]
            if not wanted:
                continue
            errand.asked.setdefault(call, set()).update(wanted)
            under_way |= set(wanted)
            call.session.fetch(errand.notebook, wanted, call.now_ms)
            call.settle()

    # -- what comes ---------------------------------------------------------------------------------------------------

    def _heard(self, call: Call, event: Event) -> None:
        match event:
            case ChunkArrived():
                self._arrived.append((call, event))
                if not self._keeping and self._core.tasks.is_open:
                    self._keeping = True
                    self._core.tasks.start(self._keep(), "keeping parts of attachments")
            case ChunksLacking(notebook, hashes):
                for errand in self._of(notebook):
                    errand.download.lacks(call, hashes)
                    errand.asked.get(call, set()).difference_update(hashes)
                    self._moved(errand)
            case Synced(notebook):
                for errand in self._of(notebook):
                    self._ask(errand)
                self._look(notebook)
            case _:
                pass

    def _over(self, call: Call) -> None:
        for errand in list(self._errands.values()):
            if errand.asked.pop(call, None) is not None:
                self._moved(errand)

    def _moved(self, errand: _Errand) -> None:
        self._ask(errand)
        errand.asked = {call: hashes for call, hashes in errand.asked.items() if hashes}
        errand.moved.set()

    async def _keep(self) -> None:
        """All chunks that came while the last ones were written, in one transaction."""
        try:
            while self._arrived:
                group, self._arrived = self._arrived, []
                now_ms = self._core.clock()

                def write(store: Store, group: list[tuple[Call, ChunkArrived]] = group, now_ms: int = now_ms) -> None:
                    blobs = Blobs(store.db)
                    with store.whole():
                        for _, event in group:
                            blobs.receive(event.sealed, now_ms)

                await self._core.journal.write_with(write)
                for call, event in group:
                    if call.session is not None and call.live:
                        call.session.done(event.ticket, call.now_ms)
                        call.settle()
                    self._kept(call, event)
        finally:
            self._keeping = False

    def _kept(self, call: Call, event: ChunkArrived) -> None:
        for errand in self._of(event.notebook):
            if not errand.download.arrived(event.hash):
                continue
            errand.asked.get(call, set()).discard(event.hash)
            done, total = errand.download.done
            size = errand.manifest.size
            here = size if done == total else min(size, done * CHUNK_BYTES)
            attachment = errand.manifest.attachment_id
            self._core.hook.tell(AttachmentArrived(errand.notebook, attachment, here, size))
            if done == total:
                del self._errands[blob_name(errand.manifest)]
                if not errand.done.done():
                    errand.done.set_result(None)
            errand.moved.set()

    def _of(self, notebook: bytes) -> list[_Errand]:
        return [errand for errand in self._errands.values() if errand.notebook == notebook]

    # -- by itself ----------------------------------------------------------------------------------------------------

    def _look(self, notebook: bytes) -> None:
        if notebook not in self._looking and self._core.tasks.is_open and not self._core.journal.low_space:
            self._looking.add(notebook)
            self._core.tasks.start(self._fetch_small(notebook), "fetching small attachments")

    async def _fetch_small(self, notebook: bytes) -> None:
        try:
            index = await self._indexes.open(notebook)
            for row in list(index.notebook.attachments().values()):
                if row.size > BY_ITSELF_BYTES:
                    continue
                try:
                    await self.bring(notebook, await self._attachments.manifest(index, row))
                except AttachmentAway:
                    continue
                except AttachmentsFull as full:
                    logger.info("= no more attachments by themselves: %s", full)
                    return
                except NotesError as error:
                    logger.warning("! “%s” can't be fetched: %s", row.name, error)
        finally:
            self._looking.discard(notebook)
