"""Looks in all notes for what is typed, one query at a time, and makes rows of what is found."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from notesapp.ui.note_list.rows import Row
from notesapp.ui.snippet import plain_snippet

if TYPE_CHECKING:
    from notesapp.ui.desk import Desk

MOST = 200


class Searching(QObject):
    """The rows of the newest query; `changed` when they are there."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.rows: list[Row] = []
        self._running: asyncio.Task[None] | None = None

    def look(self, query: str) -> None:
        """Begins to look; a newer query ends an older one."""
        if self._running is not None:
            self._running.cancel()
        self._running = self._desk.start(self._look(query), "search")

    async def _look(self, query: str) -> None:
        if not query.strip():
            self.rows = []
            self.changed.emit()
            return
        found = await self._desk.node.search(query, limit=MOST)
        names = {notebook.notebook_id: notebook.name for notebook in self._desk.node.notebooks()}
        rows = []
        for hit in found.hits:
            view = self._desk.view(hit.note_id)
            if view is not None:
                home = names.get(view.notebook_id, "") if len(names) > 1 else ""
                star = self._desk.is_favourite(view.note_id)
                rows.append(Row(view, star, *plain_snippet(hit.snippet, hit.ranges), home))
        self.rows = rows
        self.changed.emit()
