"""Who gets which message of a session. Decides what a guest, a member and a stranger to a notebook may say.

A guest came by an invite and shares no notebook yet: he may ask, and be answered. A message about a notebook counts
only when both ends have announced it; about one that we don't have, or where the peer is no member, it is ignored.
"""

from __future__ import annotations

from collections.abc import Iterator

from notesapp.errors import NewerFormat, RemoteError
from notesapp.identity import home, person, roster
from notesapp.identity.genesis import Genesis
from notesapp.identity.keys import PeerId
from notesapp.identity.record import Record
from notesapp.sync import messages as m
from notesapp.sync.book import Book, fork_key
from notesapp.sync.conversation import Conversation, Phase
from notesapp.sync.events import (
    Answered,
    Asked,
    CourierOffered,
    FeedTurnedAway,
    NotebookOffered,
    ReceiptArrived,
    RecordsArrived,
)
from notesapp.sync.fetching import Fetching, split
from notesapp.sync.handshake import Proved
from notesapp.sync.head import Fork
from notesapp.sync.intake import Intake
from notesapp.sync.presence import Carets
from notesapp.sync.pump import Pump
from notesapp.sync.voice import Voice

ASKS_LIMIT = 16  # what a guest may say in one session


class Dispatch:
    """The parts of a session and the way to them."""

    def __init__(self, me: PeerId, peer: Proved, now_ms: int) -> None:
        self.voice = Voice(me, peer.device_id, leads=peer.dialled)
        self.voice.now_ms = now_ms
        self.talks: dict[bytes, Conversation] = {}
        self._peer = peer
        self._pump = Pump(self.voice)
        self._intake = Intake(self.voice)
        self._carets: dict[bytes, Carets] = {}
        self._fetching: dict[bytes, Fetching] = {}
        self._theirs: dict[int, m.BookLine] = {}
        self._asks = 0

    # -- notebooks ----------------------------------------------------------------------------------------------------

    def add(self, book: Book) -> None:
        """A notebook that is here."""
        if book.notebook in self.talks:
            return
        number = len(self.talks)
        talk = self.talks[book.notebook] = Conversation(self.voice, self._pump, self._intake, book, number)
        self._carets[book.notebook] = Carets(self.voice, book.notebook, number)
        self._fetching[book.notebook] = Fetching(self.voice, book.notebook, number)
        talk.heard = next((line for line in self._theirs.values() if line.notebook == book.notebook), None)

    def lines(self) -> list[m.BookLine]:
        """What is to be announced: notebooks where the peer is a member, once."""
        return [
            talk.line()
            for talk in self.talks.values()
            if talk.said is None and talk.book.rights.is_member(self.voice.peer)
        ]

    def begin(self) -> None:
        """Both ends have announced what they will: conversations begin."""
        for talk in self.talks.values():
            talk.begin()

    def rejudged(self, notebook: bytes) -> None:
        """Rights have changed."""
        talk = self.talks.get(notebook)
        if talk is None:
            return
        self._intake.forgive()
        talk.marks.touch(talk.marks)  # other feeds than before may count here
        talk.push_records()
        if not talk.book.rights.is_member(self.voice.peer):
            if talk.said is None:
                return  # a guest who waits to be let in: nothing has begun that could end
            self._pump.run()  # the records that say why are the last that he gets
            self._pump.drop(talk)
            talk.part()
        else:
            talk.reconsider()

    def regained(self, notebook: bytes) -> bool:
        """Whether the peer is a member again where he was parted from: what was announced here can't be once more."""
        talk = self.talks.get(notebook)
        return talk is not None and talk.phase is Phase.PARTED and talk.book.rights.is_member(self.voice.peer)

    def nothing_left(self) -> bool:
        """Whether the peer was a member somewhere and is nowhere any more."""
        said = [talk for talk in self.talks.values() if talk.said is not None]
        return bool(said) and all(talk.phase is Phase.PARTED for talk in said)

    def carets(self, notebook: bytes) -> Carets:
        """Presence in a notebook."""
        return self._carets[notebook]

    def fetching(self, notebook: bytes) -> Fetching:
        """Chunks of a notebook."""
        return self._fetching[notebook]

    def release(self) -> None:
        """The session is over: what it was asked for is free."""
        self._intake.end()
        for talk in self.talks.values():
            talk.book.release(self.voice)

    # -- time ---------------------------------------------------------------------------------------------------------

    def deadlines(self) -> Iterator[int]:
        """When something is due."""
        times = [self._pump.deadline(), self._intake.deadline()]
        times += [carets.deadline() for carets in self._carets.values()]
        times += [talk.deadline() for talk in self.talks.values()]
        return (time for time in times if time is not None)

    def run(self) -> None:
        """Does what is due."""
        self._intake.run()
        for talk in self.talks.values():
            talk.run()
        for carets in self._carets.values():
            carets.run()
        for fetching in self._fetching.values():
            fetching.run()
        self._pump.run()

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be sent."""
        return self._pump.idle

    # -- messages -----------------------------------------------------------------------------------------------------

    def take(self, message: m.Message, size: int) -> int | None:
        """One message, of a frame of `size` bytes; the number of the ping that a `Pong` answers."""
        if isinstance(message, m.WEIGHTY):
            self.voice.weigh(size)
        match message:
            case m.Ping(number):
                self.voice.say(m.Pong(number))
            case m.Pong(number):
                return number
            case m.Credit(returned):
                self.voice.credited(returned)
            case m.Ask(data):
                self._asked(data)
            case m.Answer(data):
                if self._peer.invite_id is None:
                    raise RemoteError(reason="an answer came that nobody asked for")
                self.voice.tell(Answered(data), len(data))
            case m.Books(lines):
                self._announced(lines)
            case m.AboutBook():
                talk = self._talk(message.book)
                if talk is not None:
                    self._about(talk, message, size)
                elif isinstance(message, m.WEIGHTY):
                    self.voice.give_back(size)
            case _:
                raise RemoteError(reason=f"{type(message).__name__} was not expected here")
        return None

    def _asked(self, data: bytes) -> None:
        self._asks += 1
        if self._peer.invite_id is None or self._asks > ASKS_LIMIT:
            raise RemoteError(reason="somebody asked who came by no invite, or too often")
        self.voice.tell(Asked(data), len(data))

    def _announced(self, lines: tuple[m.BookLine, ...]) -> None:
        for line in lines:
            if line.book in self._theirs:
                raise RemoteError(reason="a notebook was announced twice")
            self._theirs[line.book] = line
            talk = self.talks.get(line.notebook)
            if talk is None:
                self.voice.tell(NotebookOffered(line.notebook))
            elif talk.heard is None:
                talk.heard = line
        self.begin()

    def _talk(self, number: int) -> Conversation | None:
        line = self._theirs.get(number)
        if line is None:
            raise RemoteError(reason="a message is about a notebook that was not announced")
        talk = self.talks.get(line.notebook)
        if talk is None or talk.phase is Phase.PARTED:
            return None
        if talk.phase is Phase.ANNOUNCED:
            raise RemoteError(reason="a message is about a notebook that only one of us announced")
        return talk

    def _about(self, talk: Conversation, message: m.AboutBook, size: int) -> None:
        match message:
            case m.Table(what=m.RECORDS):
                talk.on_records_table(message)
            case m.Want(what=m.RECORDS):
                talk.on_want(message)
            case m.Settled():
                talk.on_settled(message)
            case m.Records(records=records):
                self._records(talk, records, size)
            case m.Proof(fork=data):
                talk.on_proof(fork := Fork.read(data), fork_key(fork.check()[0]))
                self.voice.give_back(size)
            case _ if talk.phase is not Phase.CURRENT:
                raise RemoteError(reason="feeds were spoken of before the records were the same")
            case m.Spans():
                talk.on_spans(message)
            case m.Table():
                talk.on_feeds_table(message)
            case m.Have():
                talk.on_have(message)
            case m.Want():
                talk.on_want(message)
            case m.Entries():
                self._intake.take(talk, message, size)
            case m.Trace():
                talk.forks.on_trace(message)
            case m.Branch():
                talk.forks.on_branch(message)
                self.voice.give_back(size)
            case _:
                self._about_rest(talk, message, size)

    def _about_rest(self, talk: Conversation, message: m.AboutBook, size: int) -> None:
        notebook = talk.book.notebook
        match message:
            case m.Turned(feed=feed, reason=reason):
                self.voice.tell(FeedTurnedAway(notebook, feed, reason, by_peer=True))
            case m.ChunksWanted(hashes=hashes):
                self._pump.put_chunks(talk, split(hashes))
            case m.Chunk():
                self._fetching[notebook].came(message, size)
            case m.ChunksMissing():
                self._fetching[notebook].lacking(message)
            case m.Presence():
                self._carets[notebook].heard(message)
            case m.Offers(devices=devices):
                offered = tuple((one.device, one.ago_ms) for one in devices)
                self.voice.tell(CourierOffered(notebook, offered), 64 * len(offered))
            case m.Receipted(receipt=receipt):
                self.voice.tell(ReceiptArrived(notebook, receipt), len(receipt))
            case _:
                raise RemoteError(reason=f"{type(message).__name__} was not expected here")

    def _records(self, talk: Conversation, datas: tuple[bytes, ...], size: int) -> None:
        found: list[Record] = []
        for data in datas:
            found += read_any(data, talk.book.notebook)
        fresh = talk.on_records(found)
        if not fresh:
            self.voice.give_back(size)
            return

        def judged() -> None:
            self.voice.give_back(size)
            talk.records_judged()

        persons = tuple(record for record in fresh if record.data.startswith(person.DOMAIN))
        rosters = tuple(record for record in fresh if record.data.startswith(roster.DOMAIN))
        homes = tuple(record for record in fresh if record.data.startswith(home.DOMAIN))
        self.voice.tell(RecordsArrived(self.voice.ask(judged), talk.book.notebook, rosters, persons, homes))


def read_any(data: bytes, notebook: bytes) -> list[Record]:
    """The record in these bytes, if it is one (a genesis needs no words); `RemoteError` for anything else."""
    if data.startswith(person.DOMAIN):
        return [person.read_record(data)]
    if data.startswith(roster.DOMAIN):
        return [_of(notebook, roster.read_record(data))]
    if data.startswith(home.DOMAIN):
        return [_of(notebook, home.read_record(data))]
    try:
        if Genesis.read(data).notebook_id == notebook:
            return []
    except NewerFormat:
        raise
    except RemoteError:
        pass
    raise RemoteError(reason="among the records is something else")


def _of(notebook: bytes, record: Record) -> Record:
    if record.scope != notebook:
        raise RemoteError(reason="a record belongs to another notebook")
    return record
