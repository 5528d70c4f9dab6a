"""Decides when stored text, card and search index follow a note's text: when it rests, before a search, at the end.

Notes whose text was overtaken by a kill are named in the store; they are read again after the next start, in a helper
process, before anybody may take stored texts for what the notes say. Nothing here is needed to be saved: entries are.
A note that is not open is left alone while something of it is not durable: nobody could tell here what it says.
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
from notesapp.node.loading import Covered, pack_frontier
from notesapp.node.outbox import STALE_TEXT, Deed, joined
from notesapp.node.texts import NoteText, behind, read_text, stored_texts
from notesapp.node.views import NoteView, to_card
from notesapp.store.doctor import Finding, Level
from notesapp.store.rows import Batch, CardRow, TextRow
from notesapp.store.search import Indexed, Results, Search
from notesapp.store.store import Store

logger = logging.getLogger(__name__)

_REST_S = 1.0
_SOON_S = 0.15  # after what came from others: the list should say what it is called
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
        self._timer: asyncio.TimerHandle | None = None
        self._since_s = 0.0
        self._lock = asyncio.Lock()
        self._asked = False  # whether we know which notes the last run left behind

    def touch(self, note_id: bytes, rest_s: float = _REST_S) -> None:
        """The note's text or its row changed."""
        loop = asyncio.get_running_loop()
        if not self._dirty:
            self._since_s = loop.time()
        self._dirty.add(note_id)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(min(loop.time() + rest_s, self._since_s + _AT_MOST_S), self._rest)

    def overtaken(self, note_ids: Iterable[bytes]) -> None:
        """The entries of these notes, which are not open, are newer than their stored text."""
        for note_id in note_ids:
            self.touch(note_id, _SOON_S)

    async def flush(self) -> None:
        """Brings everything up to date now, what a kill left behind too; durable when it returns."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        async with self._lock:
            if not self._asked:
                self._dirty |= await self._core.journal.read(self.left_behind)
                self._asked = True
            todo, self._dirty = list(self._dirty), set()  # what changes from now on is for the next time
            try:
                while todo:
                    await self._write(todo[-_AT_ONCE:])
                    del todo[-_AT_ONCE:]
            finally:
                self._dirty.update(todo)

    async def search(self, query: str, limit: int, offset: int) -> Results:
        """The notes that match, as the texts are now; while the disk refuses, as they were last written down."""
        await self._core.outbox.patiently(self.flush())
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

    async def texts(self, notebook_id: bytes) -> tuple[dict[bytes, str], dict[bytes, str]]:
        """The texts of a notebook's notes as they are now, and why there is none of the others."""
        await self._core.outbox.patiently(self._core.outbox.settled())
        await self._core.outbox.patiently(self.flush())
        found, late = await self._core.journal.read(lambda store: stored_texts(store, notebook_id))
        missing: dict[bytes, str] = {}
        for view in self._core.library:
            if view.notebook_id != notebook_id or not view.shown:
                continue
            try:
                text = found.pop(view.note_id, None)
                if view.note_id in late or text is None or self._open_text(view.note_id) is not None:
                    if self._core.outbox.waits(view.note_id) and self._core.outbox.trouble is None:
                        await self._core.outbox.patiently(self._core.outbox.settled())
                    now = await self._text(view.note_id)
                    text = now.text if now is not None else None
            except NotesError as error:
                missing[view.note_id] = error.sentence
                continue
            if text is None:
                missing[view.note_id] = "Its text has not come to this device yet."
            else:
                found[view.note_id] = text
        return found, missing

    async def text_now(self, note_id: bytes) -> str | None:
        """One note's text as it is now; None if that isn't known here."""
        await self._core.outbox.patiently(self._core.outbox.settled())
        await self._core.outbox.patiently(self.flush())
        now = await self._text(note_id)
        return None if now is None else now.text

    async def examined(self) -> Finding:
        """What the doctor says of the stored texts; those that are older than the changes are read anew from now on."""
        await self._core.outbox.patiently(self.flush())
        late = await self._core.journal.read(behind)
        late = {view.note_id for view in self._core.library if view.note_id in late and view.shown}
        if not late:
            return Finding(Level.OK, "texts", "The stored text of every note holds all its changes.")
        self.overtaken(late)
        sentence = f"The stored text of {len(late):,} notes is older than their changes."
        return Finding(Level.WARN, "texts", sentence, "They are being read anew from the changes; nothing is lost.")

    def rows(self, view: NoteView, text: str) -> Batch:
        """The rows that keep a note's card and search entry."""
        return Batch(
            cards=(CardRow(view.note_id, view.notebook_id, to_card(view)),),
            also=(lambda db: Search(db, lambda note_id: None).update([_indexed(view, text)]),),
        )

    def text_row(self, view: NoteView, text: str, covered: Covered) -> Batch:
        """The row that keeps a note's text, which holds at least `covered`."""
        return Batch(texts=(TextRow(view.note_id, view.notebook_id, text, pack_frontier(covered)),))

    async def facts(self, text: str, file_name: str) -> dict[str, Any]:
        """What a text says, as fields of a view."""
        if len(text) <= _LONG_CHARS:
            return jobs.facts(text, file_name)
        found: dict[str, Any] = await self._core.workers.run("facts", text=text, file_name=file_name)
        return found | {"tags": tuple(found["tags"]), "aliases": tuple(found["aliases"])}

    def _rest(self) -> None:
        self._timer = None
        if self._core.tasks.is_open:  # what is left at the end is named in the store
            self._core.tasks.start(self.flush(), "writing down texts and search words")

    async def _write(self, note_ids: list[bytes]) -> None:
        read: dict[bytes, tuple[NoteText, dict[str, Any]]] = {}
        for note_id in note_ids:
            view = self._core.library.get(note_id)
            if view is None or view.deleted:
                continue
            try:
                if (found := await self._text(note_id)) is not None:
                    read[note_id] = found, await self.facts(found.text, view.file_name)
            except NotesError as error:
                logger.error("! the text of %s can't be read: %s", note_id.hex()[:8], error)
                self._core.trouble(f"text {note_id.hex()}", error)
        if read:
            await self._core.outbox.put(self._deed(read))

    def _deed(self, read: dict[bytes, tuple[NoteText, dict[str, Any]]]) -> Deed:
        """What was read, as rows, and in the lists. What has changed since then stays marked as left behind."""
        deed = Deed()
        batches: list[Batch] = []
        for note_id, (now, found) in read.items():
            view = self._core.library.get(note_id)
            if view is None or view.deleted:
                continue
            changed = msgspec.structs.replace(view, **found, edited_ms=max(view.edited_ms, now.edited_ms))
            batches += [self.text_row(changed, now.text, now.covered), self.rows(changed, now.text)]
            if note_id not in self._dirty:
                deed.fresh.add(note_id)
            if changed != view:
                self._core.library.put([changed])
                self._core.hook.list_changed({note_id})
        deed.rows = joined(batches)
        return deed

    async def _text(self, note_id: bytes) -> NoteText | None:
        """The note's text as it is now; None if that can't be known yet, or if nothing of it is here."""
        waits = self._core.outbox.waits(note_id)
        if waits and self._core.outbox.failure(note_id) is None:
            self.touch(note_id)  # once all of it is durable
        if (found := self._open_text(note_id)) is not None:
            return NoteText(*found)
        return None if waits else await read_text(self._core, note_id)


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
