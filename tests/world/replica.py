"""One person's device in the simulated world: the real notes, identity, feeds and sessions over a simulated disk.

It is the smallest node there can be, and keeps the order of the real one: commit, mark, sign, send; commit what came
before it is applied and acknowledged. A crash forgets everything but the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from notesapp.errors import RemoteError
from notesapp.identity.epoch import EpochKeys
from notesapp.identity.genesis import Genesis
from notesapp.identity.keys import Device, PersonId
from notesapp.identity.person import PersonLog
from notesapp.identity.primitives import digest
from notesapp.identity.record import Record
from notesapp.identity.roles import WRITERS
from notesapp.identity.roster import Roster
from notesapp.identity.scribe import Scribe
from notesapp.notes.replica import Replica as Document
from notesapp.notes.schema import Kind as DocumentKind
from notesapp.sync.body import INDEX_ID, Changed, Opened, Under, read_entry
from notesapp.sync.book import Book, Overruled, Stored
from notesapp.sync.entry import MAX_INDEX, Entry, Header, Tip
from notesapp.sync.events import EntriesArrived, Event, ForkProved, RecordsArrived
from notesapp.sync.feed import FeedWriter
from notesapp.sync.frontier import Mark
from notesapp.sync.have import Ledger
from notesapp.sync.head import SignedHead
from notesapp.sync.hello import Acquaintance, Circle, Door, Run
from notesapp.sync.rights import RosterRights, write_state
from notesapp.text import Splice
from tests.world.calls import Calls
from tests.world.disk import Disk, Feed
from tests.world.time import Clock

NOON = 1_790_000_000_000


class Replica:
    """A device, running or not."""

    def __init__(self, clock: Clock, name: str, person: PersonId, device: Device, genesis: Genesis, disk: Disk) -> None:
        self.clock = clock
        self.name = name
        self.person = person
        self.device = device
        self.genesis = genesis
        self.disk = disk
        self.skew_ms = 0
        self.up = False
        self.saved: list[tuple[bytes, str]] = []  # (note, token): what the screen called saved
        self.troubles: list[str] = []
        self.recovered: set[tuple[bytes, int]] = set()
        self.dishonest = False
        self.doors: tuple[Door, ...] = ()
        self._circle: Circle | None = None
        self._keys: dict[bytes, bytes] = {}
        self._unsent: list[Entry] = []
        self._first_entry: Entry | None = None
        self.chunks: dict[bytes, bytes] = {}

    # -- life ---------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Reads the disk; nothing else is known."""
        self.up = True
        self.unsaved = 0  # own edits that are on their way to the disk
        self.run = Run(self.clock.entropy(16), NOON + self.clock.now_ms + self.skew_ms)
        self.notes: dict[bytes, Document] = {}
        self._waiting: dict[bytes, list[tuple[bytes, bytes]]] = {}
        self._writer: FeedWriter | None = None
        self._judge()
        self.book = Book(self.genesis.notebook_id, RosterRights(self.roster))
        self.book.put_records([self.genesis.data, *self._record_bytes()])
        self.book.put_states([*self.disk.states.values(), write_state(self.genesis.notebook_id, self.roster.heads)])
        self.ledger = Ledger(self.book.frontier)
        for feed, kept in self.disk.feeds.items():
            self._load(feed, kept.entries, kept.heads[max(kept.heads)])
        for fork in self.disk.forks:
            self.book.put_fork(fork, self._hashes(self.book.fork_moves(fork)))
        self.book.rejudge(self.book.rights, self._hashes(self.book.overruled(self.book.rights)))
        self._resume()
        self._read_all()
        self.calls = Calls(self)

    def crash(self) -> None:
        """Ends without a word."""
        self.up = False
        self.disk.crash()
        for end in self.calls.ends():
            end.cut()

    @property
    def wall_ms(self) -> int:
        """What this device's clock shows."""
        return max(0, NOON + self.clock.now_ms + self.skew_ms)

    def circle(self) -> Circle:
        """Whom it would talk to."""
        notebooks = frozenset({self.genesis.notebook_id})
        people = [
            Acquaintance(own.device_id, own.box, member.person_id, notebooks, own.active)
            for member in self.roster.members.values()
            for own in member.devices
        ]
        log = self.logs[self.person].digest if self.person in self.logs else bytes(32)
        self._circle = Circle(self.device, self.run, self.person, log, people, self.doors, like=self._circle)
        return self._circle

    # -- writing ------------------------------------------------------------------------------------------------------

    def create_note(self, text: str = "") -> bytes:
        """A new note, saved later."""
        note_id = self.clock.entropy(16)
        self.notes[note_id] = document = Document.create_note(self._actor(), note_id, text)
        self._commit([(note_id, change.raw) for change in document.changes_since(())], (note_id, text))
        return note_id

    def create_index(self) -> None:
        """The notebook's own index: by its founder, once."""
        self.notes[INDEX_ID] = document = Document.create_index(self._actor(), "World")
        self._commit([(INDEX_ID, change.raw) for change in document.changes_since(())], None)

    def type(self, note_id: bytes, token: str, at: int | None = None) -> bool:
        """Types a word into a note; false if it can't be edited here now."""
        document = self.notes.get(note_id)
        if document is None or not document.created or not (self.may_write or self.dishonest):
            return False
        document.actor = self._actor()
        place = len(document.text) if at is None else min(at, len(document.text))
        changes = document.edit([Splice(place, "", token)])
        self._commit([(note_id, change.raw) for change in changes], (note_id, token))
        return True

    def write(self, changes: list[tuple[bytes, bytes]]) -> None:
        """Raw changes of notes in one commit."""
        self._commit(changes, None)

    @property
    def feed(self) -> bytes:
        """The own feed that is written now."""
        return self._actor()

    @property
    def writer_tip(self) -> Tip:
        """Where it stands."""
        assert self._writer is not None
        return self._writer.tip

    @property
    def keys(self) -> frozenset[bytes]:
        """The epochs whose keys are here."""
        return frozenset(self._keys)

    def feed_is_own(self, kept: Feed) -> bool:
        """Whether a feed on the disk is this device's."""
        return opening_of(kept.entries[0]).device == self.device.device_id

    def set_back(self, tip: Tip) -> None:
        """The whole machine goes back in time: database and high-water file alike."""
        kept = self.disk.feeds[tip.feed]
        del kept.entries[tip.index + 1 :]
        kept.heads = {index: head for index, head in kept.heads.items() if index <= tip.index}
        self.disk.arrival = [(f, i) for f, i in self.disk.arrival if f != tip.feed or i <= tip.index]
        self.disk.marks[tip.feed] = tip.hash

    def believe_everything(self) -> None:
        """A program that was changed by its owner: it thinks that everything counts."""
        self.dishonest = True
        self.book.rights.last_index = lambda *what: MAX_INDEX  # type: ignore[method-assign]  # that is the attack

    @property
    def may_write(self) -> bool:
        """Whether the honest program would let it."""
        return self.roster.right(self.device.device_id) in WRITERS and self.roster.epoch_among(self._keys) is not None

    def _actor(self) -> bytes:
        """The own feed: a new one if there is none, or if what was written last doesn't count."""
        under = self._under()
        if self._writer is not None:
            stored = self.book.stored(self._writer.feed)
            if stored is not None and self.book.limit(self._writer.feed) < stored.tip.index:
                self._writer = None
        if self._writer is None:
            notebook, entropy = self.genesis.notebook_id, self.clock.entropy
            begun = FeedWriter.begin(notebook, self.device, under, now_ms=self.wall_ms, entropy=entropy)
            self._writer, opening = begun
            self._unsent = [opening]
        self._writer.go_under(under)
        return self._writer.feed

    def _under(self) -> Under:
        epoch = self.roster.epoch_among(self._keys)
        assert epoch is not None
        return Under(epoch.epoch_id, self._keys[epoch.epoch_id], self.roster.digest)

    def _commit(self, changes: list[tuple[bytes, bytes]], token: tuple[bytes, str] | None) -> None:
        writer = self._writer
        assert writer is not None
        entries, self._unsent = self._unsent, []
        for note_id, raw in changes:
            entries.append(writer.append_change(note_id, raw, now_ms=self.wall_ms, entropy=self.clock.entropy))
        head, opened = writer.signed_head(), self._opened_of(writer.feed, entries)
        self.unsaved += 1

        state = write_state(self.genesis.notebook_id, self.roster.heads)

        def write() -> None:
            self.disk.put(entries, head)
            self.disk.states[digest(state)] = state
            self.disk.marks[head.feed] = head.hash

        def done() -> None:
            self.unsaved -= 1
            if token is not None:
                self.saved.append(token)
            first = Header.read(entries[0].header).index
            self.book.put_states([state])
            self.book.commit(opened, entries, head)
            for entry in entries:  # notes may have been read anew while it was on its way to the disk
                self._apply(head.feed, entry)
            if self._counted(head.feed) < head.index:  # a right was lost while it was on its way to the disk
                self.recovered |= {(head.feed, index) for index in range(self._counted(head.feed) + 1, head.index + 1)}
                self._read_all()
            self.calls.grew({head.feed: first})

        self.disk.commit(write, done)

    def _opened_of(self, feed: bytes, entries: list[Entry]) -> Opened:
        stored = self.book.stored(feed)
        if stored is not None:
            return stored.opened
        if Header.read(entries[0].header).index == 0:
            self._first_entry = entries[0]  # it may not be committed when the next is made
        assert self._first_entry is not None
        return opening_of(self._first_entry)

    # -- what sessions bring ------------------------------------------------------------------------------------------

    def take(self, event: Event, done: Callable[[], None]) -> None:
        """Makes an event durable, then has its effect, then calls `done`."""
        match event:
            case EntriesArrived():
                self._take_entries(event, done)
            case RecordsArrived():
                self.disk.commit(
                    lambda: self.disk.put_records(event.persons, event.roster), lambda: self._rejudge(done)
                )
            case ForkProved():
                self._take_fork(event, done)
            case _:
                raise AssertionError(event)

    def _take_entries(self, event: EntriesArrived, done: Callable[[], None]) -> None:
        def committed() -> None:
            before = self._counted(event.feed)
            first = Header.read(event.entries[0].header).index
            self.book.put_states(event.states)
            self.book.commit(event.opened, event.entries, event.head)
            self._read(event.feed, before + 1, self._counted(event.feed))
            done()
            self.calls.grew({event.feed: first})

        def write() -> None:
            self.disk.put(event.entries, event.head, event.extra)
            self.disk.states |= {digest(data): data for data in event.states}

        self.disk.commit(write, committed)

    def _take_fork(self, event: ForkProved, done: Callable[[], None]) -> None:
        def committed() -> None:
            moved = self.book.put_fork(event.fork, self._hashes(self.book.fork_moves(event.fork)))
            self._moved(moved)
            done()
            self.calls.rejudged()

        self.disk.commit(lambda: self.disk.forks.append(event.fork), committed)

    def learn(self, persons: Iterable[Record] = (), rosters: Iterable[Record] = ()) -> None:
        """Own records: judged when they are durable."""
        persons, rosters = tuple(persons), tuple(rosters)
        self.disk.commit(lambda: self.disk.put_records(persons, rosters), lambda: self._rejudge(lambda: None))

    def rule(self, act: Callable[[Scribe], object], persons: Iterable[Record] = ()) -> None:
        """Writes roster records: all of one deed at once, with person logs that it is about."""
        scribe = Scribe(self.roster, self.device, now_ms=self.wall_ms)
        act(scribe)
        self.learn(persons, scribe.records)

    def remove(self, person: PersonId) -> None:
        """Removes a member, as far as his feeds have come here, and rotates the keys."""

        def act(scribe: Scribe) -> None:
            scribe.remove(person, self.have_of(person))
            keys = EpochKeys.generate(self.clock.entropy)
            scribe.rotate(keys, self.roster.keys_for(self.device), entropy=self.clock.entropy)

        self.rule(act)

    def have_of(self, person: PersonId) -> dict[bytes, tuple[int, bytes]]:
        """What this device has of somebody's feeds."""
        found = {}
        for feed, mark in self.book.frontier.marks().items():
            stored = self.book.stored(feed)
            if stored is not None and self.roster.person_of(stored.opened.device) == person:
                found[feed] = (mark.index, mark.hash)
        return found

    def _rejudge(self, done: Callable[[], None]) -> None:
        self._judge()
        keys = len(self._keys)
        self._keys = self._content_keys()
        rights = RosterRights(self.roster)
        self.book.put_records(self._record_bytes())
        self.book.put_states([write_state(self.genesis.notebook_id, self.roster.heads)])
        moved = self.book.rejudge(rights, self._hashes(self.book.overruled(rights)))
        if any(after < before for _, before, after in moved):
            self._writer = None  # own changes may follow what doesn't count any more: they keep their numbers
        if len(self._keys) != keys:
            self._read_all()
        else:
            self._moved(moved)
        done()
        self.calls.rejudged()

    def _moved(self, moved: list[Overruled]) -> None:
        for feed, before, after in moved:
            self.recovered |= {(feed, index) for index in range(after + 1, before + 1)}
            self.recovered -= {(feed, index) for index in range(before + 1, after + 1)}
        if any(after < before for _, before, after in moved):
            self._read_all()  # Automerge can't un-apply
        else:
            for feed, before, after in moved:
                self._read(feed, before + 1, after)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _judge(self) -> None:
        by_person: dict[bytes, list[Record]] = {}
        for record in self.disk.persons.values():
            by_person.setdefault(record.scope, []).append(record)
        self.logs = {PersonId(who): PersonLog.judge(PersonId(who), records) for who, records in by_person.items()}
        self.roster = Roster.judge(self.genesis, self.logs.values(), self.disk.rosters.values())
        self._keys = self._content_keys()

    def _content_keys(self) -> dict[bytes, bytes]:
        return {epoch: keys.content for epoch, keys in self.roster.keys_for(self.device).items()}

    def _record_bytes(self) -> list[bytes]:
        logs = [record for log in self.logs.values() for record in log.records]
        return [record.data for record in (*logs, *self.roster.records)]

    def _hashes(self, moved: Iterable[Overruled]) -> dict[tuple[bytes, int], bytes]:
        found = {(feed, after): self.disk.hash_at(feed, after) for feed, _, after in moved if after >= 0}
        return {place: hash_ for place, hash_ in found.items() if hash_ is not None}

    def _load(self, feed: bytes, entries: list[Entry], head: SignedHead) -> None:
        headers = [Header.read(entry.header) for entry in entries]
        under: list[tuple[int, bytes]] = []
        for header in headers:
            if not under or under[-1][1] != header.roster:
                under.append((header.index, header.roster))
        tip = Tip.at(entries[-1])
        stored = Stored(tip, opening_of(entries[0]), head, tuple(under), headers[0].time_ms)
        self.book.put_feed(stored, Mark(tip.index, tip.hash))

    def _resume(self) -> None:
        """The high-water rule: go on with an own feed only where the mark says that nothing came after."""
        for feed, hash_ in self.disk.marks.items():
            entries = self.disk.feeds[feed].entries if feed in self.disk.feeds else []
            if entries and entries[-1].hash == hash_:
                self._writer = FeedWriter(self.device, Tip.at(entries[-1]), self._under())
                self._unsent = []

    def _counted(self, feed: bytes) -> int:
        mark = self.book.frontier.mark(feed)
        return mark.index if mark else -1

    def _read(self, feed: bytes, first: int, last: int) -> None:
        for index in range(first, last + 1):
            self._apply(feed, self.disk.feeds[feed].entries[index])

    def _read_all(self) -> None:
        """All notes anew, from what counts."""
        self.notes, self._waiting = {}, {}
        for feed, index in self.disk.arrival:
            if index <= self._counted(feed):
                self._apply(feed, self.disk.feeds[feed].entries[index])

    def _apply(self, feed: bytes, entry: Entry) -> None:
        try:
            body = read_entry(entry, self._keys)
        except RemoteError as error:
            self.troubles.append(str(error))
            return
        if not isinstance(body, Changed):
            return
        document = self.notes.get(body.note_id)
        if document is None:
            kind = DocumentKind.INDEX if body.note_id == INDEX_ID else DocumentKind.NOTE
            document = self.notes[body.note_id] = Document.empty(kind, feed)
        waiting = self._waiting.pop(body.note_id, [])
        offered = [*waiting, (feed, body.raw)]
        received = document.receive([raw for _, raw in offered], feeds=[one for one, _ in offered])
        if received.held or received.waiting:
            self._waiting[body.note_id] = offered
        self.troubles += [reason for _, reason in received.refused]

    def waits(self, note_id: bytes) -> bool:
        """Whether changes of a note wait for others that don't count."""
        return note_id in self._waiting

    # -- for the invariants -------------------------------------------------------------------------------------------

    def texts(self) -> dict[bytes, str]:
        """What the notes say."""
        return {note_id: document.text for note_id, document in self.notes.items() if document.created}


def opening_of(entry: Entry) -> Opened:
    """Whose feed it is."""
    opened = read_entry(entry, {})
    assert isinstance(opened, Opened)
    return opened
