"""What sessions bring for one notebook, one thing after another: durable first, then counted, acknowledged and shown.

Own records go the same way, so that what is judged never changes under somebody's hands. Decides the order; what a
change does to texts is `Receiving`'s, what records mean is the roster's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from notesapp.errors import LocalError, NotesError
from notesapp.identity.keys import PeerId, PersonId
from notesapp.identity.primitives import digest
from notesapp.identity.record import Record
from notesapp.identity.roles import Role
from notesapp.identity.scribe import Scribe
from notesapp.node import shelf
from notesapp.node.core import Core
from notesapp.node.held import rows_of
from notesapp.node.outbox import Deed, joined
from notesapp.node.receiving import Receiving, Taken
from notesapp.node.volume import Volume
from notesapp.store.rows import Batch, HeadRow
from notesapp.sync.book import Overruled
from notesapp.sync.entry import Header, Tip
from notesapp.sync.events import EntriesArrived, ForkProved, RecordsArrived
from notesapp.sync.rights import read_state

logger = logging.getLogger(__name__)

_AT_ONCE = 64  # batches of entries in one commit

Done = Callable[[], None]


class Neighbours(Protocol):
    """Whoever tells the sessions, and the rest of the node, what became of this."""

    def grew(self, notebook: bytes, feeds: Mapping[bytes, int]) -> None:
        """Entries became durable: feed → first new index."""

    def rejudged(self, notebook: bytes, before: Mapping[PersonId, Role]) -> None:
        """Records changed and were judged; `before` are the members that there were."""

    def recovered(self, notebook: bytes, moved: list[Overruled]) -> None:
        """Edits don't count any more, or do again."""


@dataclass(slots=True)
class _Learned:
    """Records of our own, or an act that writes some under the roster as it then is."""

    act: Callable[[Scribe], object] | None = None
    rosters: tuple[Record, ...] = ()
    persons: tuple[Record, ...] = ()
    homes: tuple[Record, ...] = ()
    also: Batch = field(default_factory=Batch)
    done: asyncio.Future[None] | None = None


@dataclass(frozen=True, slots=True)
class _Reread:
    """Notes are to be read anew, though no records came: own edits became durable too late, or limits were old."""

    moved: tuple[Overruled, ...]


_What = EntriesArrived | RecordsArrived | ForkProved | _Learned | _Reread


class Hearing:
    """See the module. One task works through the queue."""

    def __init__(self, core: Core, receiving: Receiving, volume: Volume, neighbours: Neighbours) -> None:
        self.volume = volume
        self._core = core
        self._receiving = receiving
        self._neighbours = neighbours
        self._queue: asyncio.Queue[tuple[_What, Done, Done]] = asyncio.Queue()
        self._task = core.tasks.start(self._run(), "taking in what others wrote")

    def take(self, event: EntriesArrived | RecordsArrived | ForkProved, done: Done, failed: Done) -> None:
        """Something of a session; `done` once it is durable, `failed` if it can't be taken in."""
        self._queue.put_nowait((event, done, failed))

    async def learn(
        self,
        *,
        act: Callable[[Scribe], object] | None = None,
        rosters: Iterable[Record] = (),
        persons: Iterable[Record] = (),
        homes: Iterable[Record] = (),
        also: Batch | None = None,
    ) -> None:
        """Makes own records durable and judges them; `act` writes some with a scribe. Raises what `act` raises."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        what = _Learned(act, tuple(rosters), tuple(persons), tuple(homes), also or Batch(), done)
        self._queue.put_nowait((what, _nothing, _nothing))
        await asyncio.shield(done)

    async def settled(self) -> None:
        """Returns when all that came so far is taken in."""
        await self.learn()

    def close(self) -> None:
        """Ends the work; what waits is asked for again."""
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            first = await self._queue.get()
            group = [first]
            if isinstance(first[0], EntriesArrived):
                while len(group) < _AT_ONCE and self._next_is_entries():
                    group.append(self._queue.get_nowait())
            try:
                await self._take(group)
            except Exception as error:  # the sessions that brought it end, and later ones bring it again
                logger.exception("! what others wrote can't be kept")
                told = error if isinstance(error, NotesError) else LocalError(what=f"receiving: {type(error).__name__}")
                self._core.trouble("receiving", told)
                for what, _, failed in group:
                    if isinstance(what, EntriesArrived):
                        self.volume.book.give_up(what.feed)
                    failed()

    def _next_is_entries(self) -> bool:
        waiting: list[tuple[object, Done, Done]] = list(self._queue._queue)[:1]  # type: ignore[attr-defined]  # asyncio's queue has no peek
        return bool(waiting) and isinstance(waiting[0][0], EntriesArrived)

    async def _take(self, group: list[tuple[_What, Done, Done]]) -> None:
        what, done, _ = group[0]
        match what:
            case EntriesArrived():
                await self._entries([(event, then) for event, then, _ in group if isinstance(event, EntriesArrived)])
                self._core.over("receiving")
            case RecordsArrived():
                missing = set(self.volume.book.missing(one.data for one in (*what.roster, *what.persons, *what.home)))
                rosters, persons, homes = (
                    tuple(one for one in records if one.data in missing)
                    for records in (what.roster, what.persons, what.home)
                )
                await self._records(rosters, persons, homes, Batch())
                done()
                self._core.over("receiving")
            case ForkProved():
                await self._proof(what)
                done()
            case _Learned():
                await self._learned(what)
            case _Reread(moved):
                await self._moved(list(moved))

    # -- records ------------------------------------------------------------------------------------------------------

    async def _learned(self, what: _Learned) -> None:
        if what.done is None:
            return
        try:
            rosters = what.rosters
            if what.act is not None:
                scribe = Scribe(self.volume.held.roster, self._core.persona.device, now_ms=self._core.clock())
                rosters += await self.volume.held.written(what.act, scribe)
            if rosters or what.persons or what.homes or what.also != Batch():
                await self._records(rosters, what.persons, what.homes, what.also)
        except Exception as error:  # noqa: BLE001 - raised where the act was asked for
            if not what.done.done():
                what.done.set_exception(error)
            return
        if not what.done.done():
            what.done.set_result(None)

    async def _records(
        self, rosters: tuple[Record, ...], persons: tuple[Record, ...], homes: tuple[Record, ...], also: Batch
    ) -> None:
        held, notebook = self.volume.held, self.volume.held.notebook_id
        rows = Batch(records=rows_of(notebook, rosters, persons, homes))
        await self._core.outbox.put(Deed(rows=joined([rows, also])))
        weighed = await held.weigh(rosters, persons)
        before, keys = self._members(), set(held.keys)
        held.learn(rosters, persons, homes, weighed)
        state = self.volume.state
        kept = self._core.outbox.put(Deed(rows=Batch(records=(shelf.state_row(notebook, digest(state), state),))))
        moved = await self.volume.judge()
        await kept
        if set(held.keys) != keys:
            await self._receiving.read_unread(held)
        await self._moved(moved)
        self._receiving.set_actors(held)
        self._neighbours.rejudged(notebook, before)

    async def _proof(self, what: ForkProved) -> None:
        if not self.volume.book.improves(what.fork):
            return  # one that says as much came by another way meanwhile
        data, known = what.fork.write(), self.volume.book.fork(what.feed)
        row = shelf.fork_row(what.notebook, digest(data), data)
        replaced = () if known is None else (shelf.forget_fork(what.notebook, digest(known.write())),)
        await self._core.outbox.put(Deed(rows=Batch(records=(row,), also=replaced)))
        before = self._members()
        await self._moved(await self.volume.put_fork(what.fork))
        self._neighbours.rejudged(what.notebook, before)

    def _members(self) -> dict[PersonId, Role]:
        return {person: member.role for person, member in self.volume.held.roster.members.items()}

    async def _moved(self, moved: list[Overruled]) -> None:
        held = self.volume.held
        # What our own changes follow may not count any more. These then wait, and keep their numbers: a second change
        # of one number, in the same feed, would shut one of the two out wherever the first ones count again.
        if held.feed.begun in held.limits or any(after < before for _, before, after in moved):
            held.feed.drop()
        if moved:
            await self._receiving.reread(held, [(feed, min(a, b) + 1, max(a, b)) for feed, a, b in moved])
            self._receiving.set_actors(held)
            self._neighbours.recovered(held.notebook_id, moved)

    # -- entries ------------------------------------------------------------------------------------------------------

    async def _entries(self, group: list[tuple[EntriesArrived, Done]]) -> None:
        held, book = self.volume.held, self.volume.book
        taken: list[Taken] = []
        deed = Deed()
        batches: list[Batch] = []
        self._check_gaps([event for event, _ in group])
        try:
            for event, _ in group:
                one = await self._receiving.look_at(held, event.entries)
                taken.append(one)
                batches.append(_rows(event, one))
                deed.stale |= one.docs
                await asyncio.sleep(0)
            deed.rows = joined(batches)
            await self._core.outbox.put(deed)
        except asyncio.CancelledError:
            for event, _ in group:
                book.give_up(event.feed)
            raise
        before = {event.feed: self.volume.counted(event.feed) for event, _ in reversed(group)}
        grew: dict[bytes, int] = {}
        for event, _ in group:
            book.put_states(event.states)
            book.commit(event.opened, event.entries, event.head)
            grew.setdefault(event.feed, Header.read(event.entries[0].header).index)
        self.volume.note_limits()
        self.volume.ledger.grown(now_ms := self._core.clock())
        for event, _ in group:  # whoever signed it has it
            self.volume.ledger.told(PeerId(event.opened.device), {event.feed: event.head.index}, now_ms)
        for _, done in group:
            done()
        self._neighbours.grew(held.notebook_id, grew)
        counted = {feed: self.volume.counted(feed) for feed in before}
        await self._receiving.show(held, taken, counted)

    def _check_gaps(self, events: list[EntriesArrived]) -> None:
        """What followed something that could not be kept must not be kept either."""
        ends: dict[bytes, int] = {}
        for event in events:
            stored = self.volume.book.stored(event.feed)
            end = ends.get(event.feed, stored.tip.index if stored is not None else -1)
            first = Header.read(event.entries[0].header).index
            if first > end + 1:
                raise LocalError(what=f"entries of {event.feed.hex()[:8]} follow some that could not be kept")
            ends[event.feed] = max(end, first + len(event.entries) - 1)

    def reread(self, moved: Iterable[Overruled]) -> None:
        """Own edits became durable after the right to make them had gone, or notes were read by older limits."""
        self._queue.put_nowait((_Reread(tuple(moved)), _nothing, _nothing))


def _nothing() -> None:
    """Nobody waits for it."""


def _rows(event: EntriesArrived, taken: Taken) -> Batch:
    head = event.head
    last = Tip.at(event.entries[-1])
    heads = (HeadRow(head.feed, head.index, head.data),) if head.index == last.index else ()
    states = tuple(shelf.state_row(event.notebook, read_state(data, event.notebook)[0], data) for data in event.states)
    tail = shelf.tail_row(event.feed, last, event.extra, head)
    return Batch(entries=tuple(taken.rows), heads=heads, records=states, pending=(tail,), also=taken.also)


def unknown(notebook: bytes) -> LocalError:
    """A session speaks of a notebook that is not open here."""
    return LocalError(what=f"the notebook {notebook.hex()[:8]} was heard of and is not open")
