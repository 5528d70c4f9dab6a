"""Edits that were set aside: stored, but beyond what counts. Decides how they are shown, put back, or let go.

A writer who puts one back writes it again as his own; nothing is laundered, because it is he who signs it. What was put
back or dismissed here isn't offered here again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from notesapp.errors import BadRequest, NotesError
from notesapp.identity.primitives import digest
from notesapp.node.core import Core
from notesapp.node.entries import read_document
from notesapp.node.events import RecoveredChanged
from notesapp.node.held import Held
from notesapp.node.opened import Opened
from notesapp.node.outbox import Deed
from notesapp.node.people_views import RecoveredView
from notesapp.node.sessions import Sessions
from notesapp.notes.change import Frame, creates, read_frame
from notesapp.notes.columns import Refused
from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind
from notesapp.store.rows import Batch, EntryRow, PendingRow
from notesapp.store.store import Store
from notesapp.sync.body import Changed
from notesapp.sync.book import Overruled
from notesapp.text import Splice, cross, inverse

logger = logging.getLogger(__name__)

DISMISSED = b"dismissed"
"""Scope of the pending rows that name what a person has dealt with."""

NO_RIGHT = "it was written by somebody who had no right to it (any more)"
FOLLOWS = "it was typed on top of an edit that was set aside"

_PREVIEW = 500
_AT_ONCE = 100  # entries read between two looks at the loop

_ByFeed = dict[bytes, list[tuple[EntryRow, bytes]]]


@dataclass(frozen=True, slots=True)
class _Aside:
    """All that one feed says of one note and that is not in its text."""

    id: bytes
    note_id: bytes
    feed: bytes
    pairs: tuple[tuple[EntryRow, bytes], ...]
    why: str
    hidden: Mapping[bytes, bytes]  # all of the note that is not in its text: hash → raw change
    lost: bool  # the note itself was made by it

    def needed(self) -> list[bytes]:
        """The changes that are not in the text and that these follow."""
        own = {digest_ for digest_, _ in map(_by_hash, self.pairs)}
        asked, found = list(own), dict[bytes, bytes]()
        while asked:
            frame = _frame(self.hidden[asked.pop()])
            for dep in frame.change.deps if frame is not None else ():
                if dep in self.hidden and dep not in own and dep not in found:
                    found[dep] = self.hidden[dep]
                    asked.append(dep)
        return list(found.values())


class Asides:
    """See the module."""

    def __init__(
        self, core: Core, opened: Opened, sessions: Sessions, make: Callable[[bytes, str], Awaitable[object]]
    ) -> None:
        self._core = core
        self._opened = opened
        self._make = make  # a new note with this text, in this notebook
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
                    held.time_ms(one.pairs[-1][0]),
                    one.why,
                    text,
                )
            )
        return tuple(found)

    async def put_back(self, recovered_id: bytes) -> None:
        """Writes it again, as my own edit."""
        held, one = await self._named(recovered_id)
        if held.refusal is not None:
            raise held.refusal
        if one.lost:
            (whole,) = await self._splices(held, one) or (Splice(0, "", ""),)
            await self._make(held.notebook_id, whole.inserted)
        else:
            await self._put_into(held, one)
        await self._core.outbox.settled()
        await self._deal_with(held, one)

    async def _put_into(self, held: Held, one: _Aside) -> None:
        await self._opened.open(one.note_id)
        try:
            self._opened.flush(one.note_id)
            splices = await self._splices(held, one)
            for splice in splices:
                self._opened.edit(one.note_id, splice, None)
            self._opened.flush(one.note_id)
        finally:
            self._opened.close(one.note_id)

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
        found: list[_Aside] = []
        dealt, beyond = await self._beyond(held)
        for note_id, by_feed in beyond.items():
            view = self._core.library.get(note_id)
            followers = await self._followers(held, note_id, by_feed) if view is not None and view.shown else {}
            if view is not None and not view.shown:
                continue  # it is in the trash, or deleted for ever
            hidden = dict(pair for pairs in (*by_feed.values(), *followers.values()) for pair in map(_by_hash, pairs))
            for feeds, why in ((by_feed, NO_RIGHT), (followers, FOLLOWS)):
                for feed, pairs in feeds.items():
                    last = pairs[-1][0]
                    name = digest(b"aside" + feed + note_id + last.index.to_bytes(8, "big"))
                    if name not in dealt and (view is not None or any(creates(raw) for _, raw in pairs)):
                        found.append(_Aside(name, note_id, feed, tuple(pairs), why, hidden, view is None))
        return found

    async def _beyond(self, held: Held) -> tuple[set[bytes], dict[bytes, _ByFeed]]:
        """What was dealt with, and by note and feed what was written beyond what counts."""
        limits = dict(held.limits)

        def read(store: Store) -> tuple[list[EntryRow], list[EntryRow | None], set[bytes]]:
            rows = [row for feed, limit in limits.items() for row in store.entries(feed, limit + 1)]
            return rows, [store.entry(feed, 0) for feed in limits], {row.id for row in store.pending(DISMISSED)}

        rows, openings, dealt = await self._core.journal.read(read)
        self._core.openings.learn(row for row in openings if row is not None)
        found: dict[bytes, _ByFeed] = {}
        for row in rows:
            body = held.look(row) if row.body is not None else None
            if isinstance(body, Changed) and row.note_id not in (None, held.index_id):
                found.setdefault(body.note_id, {}).setdefault(row.feed, []).append((row, body.raw))
        return dealt, found

    async def _followers(self, held: Held, note_id: bytes, beyond: _ByFeed) -> _ByFeed:
        """What counts, and yet waits for ever, because it was typed on top of what doesn't count any more."""
        stored = await self._core.journal.read(lambda store: read_document(store, note_id, {}))
        self._core.openings.learn(stored.openings)
        hidden = {digest_ for pairs in beyond.values() for digest_, _ in map(_by_hash, pairs)}
        found: _ByFeed = {}
        for number, row in enumerate(stored.rows):  # as they came: each after what it follows
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
            body = held.read(row) if row.body is not None else None
            if isinstance(body, Changed) and (frame := _frame(body.raw)) and not hidden.isdisjoint(frame.change.deps):
                hidden.add(frame.change.hash)
                found.setdefault(row.feed, []).append((row, body.raw))
        return found

    async def _splices(self, held: Held, one: _Aside) -> tuple[Splice, ...]:
        """What it would do to the text as it is now: tried on a copy, without what it was typed on top of."""
        if one.lost:
            whole = Replica.empty(Kind.NOTE, held.feed.actor)
            whole.receive([raw for _, raw in one.pairs], feeds=[one.feed] * len(one.pairs))
            return (Splice(0, "", whole.text),) if whole.created and whole.text else ()
        note = await self._opened.open(one.note_id)
        try:
            self._opened.flush(one.note_id)
            copy = Replica.load(note.replica.save(), note.replica.actor)
            before = copy.receive(one.needed()).splices
            own = copy.receive([raw for _, raw in one.pairs], feeds=[one.feed] * len(one.pairs)).splices
            return cross(own, [inverse(splice) for splice in reversed(before)])[0]
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


def _frame(raw: bytes) -> Frame | None:
    try:
        return read_frame(raw)
    except Refused:
        return None


def _by_hash(pair: tuple[EntryRow, bytes]) -> tuple[bytes, bytes]:
    frame = _frame(pair[1])
    return (frame.change.hash if frame is not None else b""), pair[1]
