"""A notebook as this device holds it: who may, under which keys, and the own feed that its changes go into.

Decides when a feed is resumed (only by the high-water rule) and when a new one begins: lazily, at the first edit, or
when what the old one says doesn't count any more. The signed records are judged here; what follows for texts is not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from notesapp.errors import LocalError, NotesError, ReadOnlyNotebook, RemoteError
from notesapp.identity import home, person, roster
from notesapp.identity.epoch import EpochKeys
from notesapp.identity.genesis import Genesis
from notesapp.identity.home import HomeLog
from notesapp.identity.keys import PersonId
from notesapp.identity.person import PersonLog
from notesapp.identity.primitives import Entropy
from notesapp.identity.record import Record
from notesapp.identity.roles import WRITERS, Role
from notesapp.identity.roster import Roster
from notesapp.identity.scribe import Scribe
from notesapp.node.entries import Openings
from notesapp.node.limits import read_limits
from notesapp.node.own_feed import OwnFeed, index_id
from notesapp.node.persona import Persona
from notesapp.notes.change import creates
from notesapp.notes.replica import Replica
from notesapp.store.highwater import Highwater
from notesapp.store.rows import Batch, EntryRow, RecordRow
from notesapp.store.store import Store
from notesapp.sync.body import INDEX_ID, Body, Changed, Under, read_entry
from notesapp.sync.entry import MAX_INDEX, Header, Tip
from notesapp.sync.naming import names

logger = logging.getLogger(__name__)

GENESIS, ROSTER, PERSON, HOME = "genesis", "roster", "person", "home"
"""The kinds of rows in which a notebook's records lie on the disk; those of persons are kept for each notebook."""

Clock = Callable[[], int]
_MANY = 256  # records that are judged in a few ms; 5,000 that somebody made for it take seconds


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a set of records says."""

    rosters: Mapping[bytes, Record]
    persons: Mapping[bytes, Record]
    logs: dict[PersonId, PersonLog]
    roster: Roster

    @classmethod
    def of(cls, genesis: Genesis, rosters: Mapping[bytes, Record], persons: Mapping[bytes, Record]) -> Weighed:
        """Judges them: about 0.4 ms a record where somebody made them to take long."""
        by_person: dict[bytes, list[Record]] = {}
        for record in persons.values():
            by_person.setdefault(record.scope, []).append(record)
        logs = {PersonId(who): PersonLog.judge(PersonId(who), records) for who, records in by_person.items()}
        return cls(rosters, persons, logs, Roster.judge(genesis, logs.values(), rosters.values()))

    def is_of(self, rosters: Mapping[bytes, Record], persons: Mapping[bytes, Record]) -> bool:
        """Whether just these were judged: others may have come meanwhile."""
        return self.rosters.keys() == rosters.keys() and self.persons.keys() == persons.keys()


class Held:
    """One notebook: genesis, records, roster, keys and own feed. `learn` is the only thing that changes it."""

    def __init__(
        self,
        genesis: Genesis,
        persona: Persona,
        openings: Openings,
        clock: Clock,
        entropy: Entropy,
        *,
        rosters: Iterable[Record] = (),
        persons: Iterable[Record] = (),
        homes: Iterable[Record] = (),
    ) -> None:
        self.genesis = genesis
        self.notebook_id = genesis.notebook_id
        self.index_id = index_id(genesis.notebook_id)
        self.time_made_ms = genesis.time_ms
        self.name = ""  # as its index says, for sentences
        self.limits: Mapping[bytes, int] = {}  # feed → its last entry that counts, where not all do
        self._persona = persona
        self._openings = openings
        self._rosters: dict[bytes, Record] = {}
        self._persons: dict[bytes, Record] = {}
        self._homes: dict[bytes, Record] = {}
        self.role: Role | None = None
        self.feed = OwnFeed(self.notebook_id, persona.device, openings, clock, entropy)
        self.learn(rosters, (*persona.log.records, *persons), homes)

    async def weigh(self, rosters: Iterable[Record], persons: Iterable[Record]) -> Weighed:
        """The roster as it will be with these, for `learn`; many records are judged on a thread, beside the typing."""
        all_rosters = self._rosters | {record.id: record for record in rosters}
        all_persons = self._persons | {record.id: record for record in persons}
        if len(all_rosters) + len(all_persons) < _MANY:
            return Weighed.of(self.genesis, all_rosters, all_persons)
        return await asyncio.to_thread(Weighed.of, self.genesis, all_rosters, all_persons)

    async def written(self, act: Callable[[Scribe], object], scribe: Scribe) -> tuple[Record, ...]:
        """What an act writes; each record of it is judged with all others, so beside the typing if these are many."""
        if len(self._rosters) + len(self._persons) < _MANY:
            act(scribe)
        else:
            await asyncio.to_thread(act, scribe)
        return scribe.records

    def learn(
        self,
        rosters: Iterable[Record] = (),
        persons: Iterable[Record] = (),
        homes: Iterable[Record] = (),
        weighed: Weighed | None = None,
    ) -> None:
        """Judges all records anew with these, or takes what was judged of just them."""
        self._rosters |= {record.id: record for record in rosters}
        self._persons |= {record.id: record for record in persons}
        self._homes |= {record.id: record for record in homes}
        if weighed is None or not weighed.is_of(self._rosters, self._persons):
            weighed = Weighed.of(self.genesis, dict(self._rosters), dict(self._persons))
        self.logs, self.roster = weighed.logs, weighed.roster
        self.keys: dict[bytes, EpochKeys] = self.roster.keys_for(self._persona.device)
        self._content = {epoch_id: keys.content for epoch_id, keys in self.keys.items()}
        epoch = self.roster.epoch_among(self.keys)
        self.feed.go_under(
            None if epoch is None else Under(epoch.epoch_id, self._content[epoch.epoch_id], self.roster.digest)
        )
        before, self.role = self.role, self.roster.right(self._persona.device.device_id)
        if before not in WRITERS and self.role in WRITERS:
            self.feed.drop()  # what was begun names a roster in which nothing of ours would count
        self._home: HomeLog | None = None

    @property
    def home(self) -> HomeLog:
        """What this person's devices remember together, if this is their home notebook."""
        if self._home is None:
            self._home = HomeLog.judge(self.notebook_id, self._persona.log, self._homes.values())
        return self._home

    def is_now(self, persona: Persona) -> None:
        """This device has become somebody else's, or its person's log has grown."""
        self._persona = persona
        self.learn(persons=persona.log.records)

    @property
    def records(self) -> list[bytes]:
        """The bytes of all records that are kept and passed on, the genesis first."""
        logs = [record.data for log in self.logs.values() for record in log.records]
        homes = [record.data for record in self._homes.values()]
        return [self.genesis.data, *logs, *(record.data for record in self.roster.records), *homes]

    @property
    def on_disk(self) -> Iterable[Record]:
        """All records that lie on this disk, also those that are refused, or wait for what they follow."""
        return chain(self._rosters.values(), self._persons.values(), self._homes.values())

    @property
    def refusal(self) -> NotesError | None:
        """Why nothing can be written here now; None if it can."""
        if self.role is None:
            return ReadOnlyNotebook(name=self.name, why="you are no member any more; copy its notes to go on with them")
        if self.role not in WRITERS:
            return ReadOnlyNotebook(name=self.name, why="you may only read it; ask its owner for the right to write")
        if not self.feed.has_keys:
            return ReadOnlyNotebook(name=self.name, why="its keys come as soon as another member is reached")
        return None

    def look_after(self, replica: Replica) -> None:
        """From now on a document of this notebook is edited only by right, and in the name of the own feed of then."""

        def refusal() -> NotesError | None:
            why = self.refusal
            if why is None and replica.actor != self.feed.actor:
                replica.actor = self.feed.actor
            return why

        replica.refusal = refusal

    def read(self, row: EntryRow) -> Body | None:
        """What a stored entry says; None if it doesn't count, or without its key. LocalError if the disk changed it."""
        if row.index > self.limits.get(row.feed, MAX_INDEX):
            return None
        return self.look(row)

    def look(self, row: EntryRow) -> Body | None:
        """The same, whether it counts or not."""
        try:
            body = read_entry(self._openings.entry(row), self._content)
        except RemoteError as error:
            raise LocalError(what=f"a stored entry is damaged: {error.facts['reason']}") from None
        if isinstance(body, Changed) and creates(body.raw) and not self._may_create(body.note_id, row.feed):
            logger.warning("! a document was created in feed %s, which may not", row.feed.hex()[:8])
            return None
        return body

    def _may_create(self, said: bytes, feed: bytes) -> bool:
        """Whether this feed's creating change is the one that counts: the note's id names it; the index is its owner's.

        So two creations of one document are judged alike everywhere, in whatever order they come.
        """
        if said != INDEX_ID:
            return names(said, feed)
        device, log = self._openings.device(feed), self.logs.get(self.genesis.owner)
        return device is None or log is None or log.device(device) is not None

    def doc_id(self, said: bytes) -> bytes:
        """The id on this disk of a document that a feed names."""
        return self.index_id if said == INDEX_ID else said

    def time_ms(self, row: EntryRow) -> int:
        """When an entry was made, by its device's clock."""
        return Header.read(self._openings.entry(row).header).time_ms


def rows_of(
    notebook_id: bytes,
    rosters: Iterable[Record] = (),
    persons: Iterable[Record] = (),
    homes: Iterable[Record] = (),
    genesis: bytes | None = None,
) -> tuple[RecordRow, ...]:
    """A notebook's records as rows."""
    first = () if genesis is None else (RecordRow(notebook_id, notebook_id, GENESIS, genesis),)
    kinds = ((ROSTER, rosters), (PERSON, persons), (HOME, homes))
    rest = (RecordRow(notebook_id, one.id, kind, one.data) for kind, records in kinds for one in records)
    return (*first, *rest)


def found(persona: Persona, openings: Openings, clock: Clock, entropy: Entropy) -> tuple[Held, Batch]:
    """A new notebook of this person, without its index, and the rows that make it last."""
    now_ms = clock()
    genesis = Genesis.make(persona.person_id, now_ms=now_ms, entropy=entropy)
    keys = EpochKeys.generate(entropy)
    judged = roster.found_notebook(genesis, persona.log, persona.device, keys, now_ms=now_ms, entropy=entropy)
    held = Held(genesis, persona, openings, clock, entropy, rosters=judged.records)
    if held.refusal is not None:
        raise LocalError(what="the keys of a new notebook are not in its roster")
    return held, Batch(records=rows_of(genesis.notebook_id, judged.records, genesis=genesis.data))


def load(
    store: Store, highwater: Highwater | None, persona: Persona, openings: Openings, clock: Clock, entropy: Entropy
) -> dict[bytes, Held]:
    """All notebooks of the store, their own feeds resumed where that may be. Blocking."""
    found: dict[bytes, Held] = {}
    for notebook_id in sorted(store.scopes(GENESIS)):
        genesis = Genesis.read(next(store.records(notebook_id, GENESIS)).data)
        held = Held(
            genesis,
            persona,
            openings,
            clock,
            entropy,
            rosters=[roster.read_record(row.data) for row in store.records(notebook_id, ROSTER)],
            persons=[person.read_record(row.data) for row in store.records(notebook_id, PERSON)],
            homes=[home.read_record(row.data) for row in store.records(notebook_id, HOME)],
        )
        held.limits = read_limits(store, notebook_id)
        if (last := _resumable(store, highwater, held, openings)) is not None:
            held.feed.resume(last)
        found[notebook_id] = held
    return found


def _resumable(store: Store, highwater: Highwater | None, held: Held, openings: Openings) -> Tip | None:
    """The last entry of the newest own feed with which we may go on: an older one was dropped for a reason."""
    if highwater is None:
        return None
    mine: list[tuple[int, bytes, int]] = []
    for feed, mark in store.frontier(held.notebook_id).items():

        def hash_at(index: int, feed: bytes = feed) -> bytes | None:
            row = store.entry(feed, index)
            return None if row is None else row.hash

        if highwater.may_resume(feed, hash_at):
            mine.append((store.feed_number(feed), feed, mark.index))
    for _, feed, last in sorted(mine, reverse=True):
        opening, row = store.entry(feed, 0), store.entry(feed, last)
        if opening is not None and row is not None:
            openings.learn([opening])
            tip = Tip.at(openings.entry(row))
            if not tip.closed and feed not in held.limits:
                return tip
            return None
    return None
