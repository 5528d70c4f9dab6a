"""Edits that were set aside: stored, but beyond what counts. Decides how they are shown, put back, or let go.

A writer who puts one back writes it again as his own; nothing is laundered, because it is he who signs it. What was put
back or dismissed here isn't offered here again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from notesapp.errors import BadRequest, NotesError
from notesapp.identity.primitives import digest
from notesapp.node.core import Core
from notesapp.node.events import RecoveredChanged
from notesapp.node.held import Held
from notesapp.node.opened import Opened
from notesapp.node.outbox import Deed
from notesapp.node.people_views import RecoveredView
from notesapp.node.sessions import Sessions
from notesapp.notes.replica import Replica
from notesapp.store.rows import Batch, EntryRow, PendingRow
from notesapp.store.store import Store
from notesapp.sync.body import Changed
from notesapp.sync.book import Overruled
from notesapp.text import Splice

logger = logging.getLogger(__name__)

DISMISSED = b"dismissed"
"""Scope of the pending rows that name what a person has dealt with."""

_PREVIEW = 500


@dataclass(frozen=True, slots=True)
class _Aside:
    """All that one feed says of one note beyond what counts."""

    id: bytes
    note_id: bytes
    feed: bytes
    rows: tuple[EntryRow, ...]
    raws: tuple[bytes, ...]


class Asides:
    """See the module."""

    def __init__(self, core: Core, opened: Opened, sessions: Sessions) -> None:
        self._core = core
        self._opened = opened
        self._counts: dict[bytes, int] = {}
        self._sessions = sessions
        sessions.on_recovered.append(self._moved)

    def count(self, notebook_id: bytes) -> int:
        """How many there are, as far as was looked."""
        return self._counts.get(notebook_id, 0)

    async def begin(self) -> None:
        """Looks at all notebooks whose feeds don't all count."""
        for notebook_id, held in list(self._core.held.items()):
            if held.limits:
                await self._look(notebook_id)

    async def all(self, notebook_id: bytes, name_of: dict[bytes, str]) -> tuple[RecoveredView, ...]:
        """What was set aside in a notebook; `name_of` people by their ids."""
        held = self._core.notebook(notebook_id)
        found: list[RecoveredView] = []
        for one in await self._find(held):
            device = self._core.openings.device(one.feed)
            person = held.roster.person_of(device) if device is not None else None
            text = "".join(splice.inserted for splice in await self._splices(held, one))[:_PREVIEW]
            found.append(
                RecoveredView(
                    one.id,
                    one.note_id,
                    notebook_id,
                    name_of.get(person or b"", "somebody"),
                    held.time_ms(one.rows[-1]),
                    "it was written by somebody who had no right to it (any more)",
                    text,
                )
            )
        return tuple(found)

    async def put_back(self, recovered_id: bytes) -> None:
        """Writes it again, as my own edit."""
        held, one = await self._named(recovered_id)
        if held.refusal is not None:
            raise held.refusal
        await self._opened.open(one.note_id)
        try:
            self._opened.flush(one.note_id)
            splices = await self._splices(held, one)
            for splice in splices:
                self._opened.edit(one.note_id, splice, None)
            self._opened.flush(one.note_id)
        finally:
            self._opened.close(one.note_id)
        await self._core.outbox.settled()
        await self._deal_with(held, one)

    async def dismiss(self, recovered_id: bytes) -> None:
        """It isn't wanted; it stays stored and isn't offered any more."""
        held, one = await self._named(recovered_id)
        await self._deal_with(held, one)

    # -- inside -------------------------------------------------------------------------------------------------------

    async def _named(self, recovered_id: bytes) -> tuple[Held, _Aside]:
        for held in list(self._core.held.values()):
            for one in await self._find(held) if held.limits else ():
                if one.id == recovered_id:
                    return held, one
        raise BadRequest(what="That edit was put back or dismissed already.")

    async def _find(self, held: Held) -> list[_Aside]:
        limits = dict(held.limits)

        def read(store: Store) -> tuple[list[EntryRow], list[EntryRow | None], set[bytes]]:
            rows = [row for feed, limit in limits.items() for row in store.entries(feed, limit + 1)]
            return rows, [store.entry(feed, 0) for feed in limits], {row.id for row in store.pending(DISMISSED)}

        rows, openings, dealt = await self._core.journal.read(read)
        self._core.openings.learn(row for row in openings if row is not None)
        by_place: dict[tuple[bytes, bytes], list[tuple[EntryRow, bytes]]] = {}
        for row in rows:
            body = held.look(row) if row.body is not None else None
            if isinstance(body, Changed) and row.note_id not in (None, held.index_id):
                by_place.setdefault((row.feed, body.note_id), []).append((row, body.raw))
        found: list[_Aside] = []
        for (feed, note_id), pairs in by_place.items():
            last = pairs[-1][0]
            name = digest(b"aside" + feed + note_id + last.index.to_bytes(8, "big"))
            view = self._core.library.get(note_id)
            if name not in dealt and view is not None and view.shown:
                rows_, raws = tuple(row for row, _ in pairs), tuple(raw for _, raw in pairs)
                found.append(_Aside(name, note_id, feed, rows_, raws))
        return found

    async def _splices(self, held: Held, one: _Aside) -> tuple[Splice, ...]:
        """What it would do to the text as it is now: tried on a copy."""
        note = await self._opened.open(one.note_id)
        try:
            self._opened.flush(one.note_id)
            copy = Replica.load(note.replica.save(), note.replica.actor)
            return copy.receive(one.raws, feeds=[one.feed] * len(one.raws)).splices
        except NotesError as error:
            logger.info("= an edit that was set aside can't be tried: %s", error)
            return ()
        finally:
            self._opened.close(one.note_id)

    async def _deal_with(self, held: Held, one: _Aside) -> None:
        await self._core.outbox.put(Deed(rows=Batch(pending=(PendingRow(DISMISSED, one.id, b"1"),))))
        await self._look(held.notebook_id)

    def _moved(self, notebook: bytes, moved: list[Overruled]) -> None:
        if self._core.tasks.is_open:
            self._core.tasks.start(self._look(notebook), "looking at edits that were set aside")

    async def _look(self, notebook: bytes) -> None:
        held = self._core.held.get(notebook)
        if held is None:
            return
        self._counts[notebook] = len(await self._find(held))
        self._core.hook.tell(RecoveredChanged(notebook))
