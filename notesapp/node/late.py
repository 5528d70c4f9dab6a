"""Carries what is still written at a note's old place to where this device moved it.

Whoever was away writes on in the note as he knew it, and nobody looks there any more. So the device that moved it, and
no other, writes that again, as its own edit: what changed at the old place since it last looked, moved onto the text as
it is at the new one.
"""

from __future__ import annotations

import logging
from typing import Annotated, Any

import msgspec

from notesapp.errors import NotesError
from notesapp.identity.record import Bytes16
from notesapp.node.core import Core
from notesapp.node.opened import Opened
from notesapp.node.outbox import Deed
from notesapp.notes.versions import by_lines
from notesapp.store.rows import Batch
from notesapp.store.store import Store
from notesapp.text import cross

logger = logging.getLogger(__name__)

_SETTING = "moved "
_HEAD_BYTES = 32


class Moved(msgspec.Struct, array_like=True, frozen=True):
    """Where a note went, and up to which heads of the old one it is there."""

    new_id: Bytes16
    heads: Annotated[bytes, msgspec.Meta(max_length=65_536)]
    entries: int = -1  # of the old one on the disk when it was looked at last


class LateEdits:
    """See the module."""

    def __init__(self, core: Core, opened: Opened) -> None:
        self._core = core
        self._opened = opened
        self._moved: dict[bytes, Moved] = {}
        self._following: set[bytes] = set()
        opened.came = self._came

    async def begin(self) -> None:
        """Reads what was moved here; what came just before the last end is carried over now."""

        def read(store: Store) -> list[tuple[bytes, Moved, int]]:
            rows: Any = store.db.execute(
                "SELECT name, value FROM settings WHERE name GLOB ?", (f"{_SETTING}*",)
            ).fetchall()
            found = [
                (bytes.fromhex(name[len(_SETTING) :]), msgspec.msgpack.decode(value, type=Moved))
                for name, value in rows
            ]
            return [(note_id, moved, _count(store, note_id)) for note_id, moved in found]

        for note_id, moved, entries in await self._core.journal.read(read):
            self._moved[note_id] = moved
            if entries != moved.entries:
                self._came(note_id)

    def remember(self, note_id: bytes, new_id: bytes, heads: bytes) -> Batch:
        """A note is being moved: what is to be kept with that deed."""
        self._moved[note_id] = Moved(new_id, heads)
        return self._row(note_id)

    def _row(self, note_id: bytes) -> Batch:
        return Batch(settings={_SETTING + note_id.hex(): msgspec.msgpack.encode(self._moved[note_id])})

    def _came(self, note_id: bytes) -> None:
        if note_id in self._moved and note_id not in self._following and self._core.tasks.is_open:
            self._following.add(note_id)
            self._core.tasks.start(self._follow(note_id), "carrying edits to where a note was moved")

    async def _follow(self, note_id: bytes) -> None:
        try:
            while await self._carry(note_id):
                pass  # more came meanwhile
            self._core.over(f"late {note_id.hex()}")
        except NotesError as error:  # it stays there, and is tried again when more comes, or at the next start
            logger.warning("! an edit of a note that was moved can't be carried over: %s", error)
            self._core.trouble(f"late {note_id.hex()}", error)
        finally:
            self._following.discard(note_id)

    async def _carry(self, note_id: bytes) -> bool:
        """Carries over what there is now; whether there was anything."""
        moved = self._moved[note_id]
        places = [self._core.library.get(one) for one in (note_id, moved.new_id)]
        if any(view is None or view.deleted for view in places):
            return False  # one of them is gone, or hasn't come yet
        entries = await self._core.journal.read(lambda store: _count(store, note_id))
        source = await self._opened.open(note_id)
        try:
            target = await self._opened.open(moved.new_id)
            try:
                self._opened.flush(note_id)
                self._opened.flush(moved.new_id)
                heads = b"".join(source.heads)
                if heads == moved.heads and entries == moved.entries:
                    return False
                base = source.replica.text_at(_split(moved.heads))
                late, there = by_lines(base, source.text), by_lines(base, target.text)
                for splice in cross(late, there)[0]:
                    self._opened.edit(moved.new_id, splice, None)
                self._opened.flush(moved.new_id)
                self._moved[note_id] = Moved(moved.new_id, heads, entries)
                kept = self._core.outbox.put(Deed(rows=self._row(note_id)))  # in one commit with the edit
            finally:
                self._opened.close(moved.new_id)
        finally:
            self._opened.close(note_id)
        await kept
        return True


def _split(heads: bytes) -> tuple[bytes, ...]:
    return tuple(heads[at : at + _HEAD_BYTES] for at in range(0, len(heads), _HEAD_BYTES))


def _count(store: Store, note_id: bytes) -> int:
    return int(store.db.execute("SELECT count(*) FROM entries WHERE note_id = ?", (note_id,)).get)
