"""Decides when stored text, card and search index follow a note's text: when it rests, before a search, at the end.

Notes whose text was overtaken by a kill are named in the store; they are read again after the next start, in a helper
process, before anybody may take stored texts for what the notes say. Nothing here is needed to be saved: entries are.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from notesapp.errors import NotesError
from notesapp.node import jobs
from notesapp.node.core import Core
from notesapp.node.loading import Covered, advance, newest_snapshot, pack_frontier, raws_beyond, unpack_frontier
from notesapp.node.outbox import STALE_TEXT, Deed, joined
from notesapp.node.views import NoteView, to_card
from notesapp.store.rows import Batch, CardRow, TextRow
from notesapp.store.search import Indexed, Results, Search
from notesapp.store.store import Store

logger = logging.getLogger(__name__)

_REST_S = 1.0
_AT_MOST_S = 10.0  # a note that never rests is written down all the same
_LONG_CHARS = 200_000  # reading the facts of more takes 20 ms: not in the window's thread
_AT_ONCE = 50

OpenText = Callable[[bytes], tuple[str, Covered] | None]


class Indexing:
    """Keeps what is derived from texts. `open_text(note_id)` is the text of an open note and which entries it holds."""

    def __init__(self, core: Core, open_text: OpenText) -> None:
        self._core = core
        self._open_text = open_text
        self._dirty: set[bytes] = set()
        self._overtaken: set[bytes] = set()  # closed notes whose stored text is older than their entries
        self._timer: asyncio.TimerHandle | None = None
        self._since_s = 0.0
        self._lock = asyncio.Lock()
        self._asked = False  # whether we know which notes the last run left behind

    def touch(self, note_id: bytes) -> None:
        """The note's text or its row changed."""
        loop = asyncio.get_running_loop()
        if not self._dirty:
            self._since_s = loop.time()
        self._dirty.add(note_id)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(min(loop.time() + _REST_S, self._since_s + _AT_MOST_S), self._rest)

    def overtaken(self, note_ids: Iterable[bytes]) -> None:
        """The entries of these notes, which are not open, are newer than their stored text."""
        for note_id in note_ids:
            self._overtaken.add(note_id)
            self.touch(note_id)

    async def flush(self) -> None:
        """Brings everything up to date now, what a kill left behind too; durable when it returns."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        async with self._lock:
            if not self._asked:
                left = await self._core.journal.read(self.left_behind)
                self._overtaken |= left
                self._dirty |= left
                self._asked = True
            todo, self._dirty = list(self._dirty), set()  # what changes from now on is for the next time
            try:
                while todo:
                    await self._write(todo[-_AT_ONCE:])
                    del todo[-_AT_ONCE:]
            finally:
                self._dirty.update(todo)

    async def search(self, query: str, limit: int, offset: int) -> Results:
        """The notes that match, as the texts are now."""
        await self.flush()
        names, now_ms = self._core.library.names(), self._core.clock()

        def look(store: Store) -> Results:
            def text_of(note_id: bytes) -> str | None:
                row = store.text(note_id)
                return None if row is None else row.text

            found = Search(store.db, text_of)
            return found.find(query, notebooks=names, limit=limit, offset=offset, now_ms=now_ms)

        return await self._core.journal.read(look)

    @staticmethod
    def left_behind(store: Store) -> set[bytes]:
        """The documents whose entries are newer than what the lists and stored texts say. Blocking."""
        return {row.id for row in store.pending(STALE_TEXT)}

    def rows(self, view: NoteView, text: str, covered: Covered) -> Batch:
        """The rows that keep a note's text, card and search entry; the text holds at least `covered`."""
        return Batch(
            texts=(TextRow(view.note_id, view.notebook_id, text, pack_frontier(covered)),),
            cards=(CardRow(view.note_id, view.notebook_id, to_card(view)),),
            also=(lambda db: Search(db, lambda note_id: None).update([_indexed(view, text)]),),
        )

    async def facts(self, text: str, file_name: str) -> dict[str, Any]:
        """What a text says, as fields of a view."""
        if len(text) <= _LONG_CHARS:
            return jobs.facts(text, file_name)
        found: dict[str, Any] = await self._core.workers.run("facts", text=text, file_name=file_name)
        return found | {"tags": tuple(found["tags"]), "aliases": tuple(found["aliases"])}

    def _rest(self) -> None:
        self._timer = None
        self._core.tasks.start(self.flush(), "writing down texts and search words")

    async def _write(self, note_ids: list[bytes]) -> None:
        read: dict[bytes, tuple[str, Covered, dict[str, Any], int]] = {}
        for note_id in note_ids:
            view = self._core.library.get(note_id)
            if view is None or view.deleted:
                continue
            try:
                text, covered, edited_ms = await self._text(note_id)
                read[note_id] = text, covered, await self.facts(text, view.file_name), edited_ms
            except NotesError as error:
                logger.error("! the text of %s can't be read: %s", note_id.hex()[:8], error)
                self._core.trouble(f"text {note_id.hex()}", error)
        if read:
            await self._core.outbox.put(self._deed(read))

    def _deed(self, read: dict[bytes, tuple[str, Covered, dict[str, Any], int]]) -> Deed:
        """What was read, as rows, and in the lists. What has changed since then stays marked as left behind."""
        deed = Deed()
        batches: list[Batch] = []
        for note_id, (text, covered, found, edited_ms) in read.items():
            view = self._core.library.get(note_id)
            if view is None or view.deleted:
                continue
            changed = msgspec.structs.replace(view, **found, edited_ms=max(view.edited_ms, edited_ms))
            batches.append(self.rows(changed, text, covered))
            if note_id not in self._dirty:
                deed.fresh.add(note_id)
            if changed != view:
                self._core.library.put([changed])
                self._core.hook.list_changed({note_id})
        deed.rows = joined(batches)
        self._overtaken -= deed.fresh
        return deed

    async def _text(self, note_id: bytes) -> tuple[str, Covered, int]:
        """The note's text, which entries it holds for sure, and when the newest of those just read was made."""
        if (found := self._open_text(note_id)) is not None:
            return *found, 0
        if note_id not in self._overtaken:
            stored = await self._core.journal.read(lambda store: store.text(note_id))
            if stored is not None:
                return stored.text, unpack_frontier(stored.frontier), 0
        held = self._core.notebook(self._core.library.note(note_id).notebook_id)
        snapshot, beyond = await self._core.journal.read(lambda store: newest_snapshot(store, note_id))
        changes = raws_beyond(self._core, held, beyond)
        base = snapshot.data if snapshot is not None else None
        text = await self._core.workers.run("read_text", base=base, changes=changes)
        covered = unpack_frontier(snapshot.frontier) if snapshot is not None else {}
        advance(covered, beyond.rows)
        return text, covered, max((held.time_ms(row) for row in beyond.rows), default=0)


def _indexed(view: NoteView, text: str) -> Indexed:
    return Indexed(
        note_id=view.note_id,
        notebook_id=view.notebook_id,
        title=view.title,
        body=text,
        tags=view.tags,
        folder=view.folder,
        pinned=view.pinned,
        trashed=view.trashed_ms is not None,
        has_task=bool(view.tasks_open),
        edited_ms=view.edited_ms,
    )
