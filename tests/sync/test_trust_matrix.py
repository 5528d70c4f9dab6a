"""The trust matrix on the wire: every standing × every message, with real records, devices and signatures.

By a table written by hand. "taken": it is answered, or told to the node. "nothing": ignored in silence, the link goes
on. "turned away: …": the same, and said why. "closed: …": the end of the link, by that name. A new message doesn't
pass before somebody has said what is to become of it.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from notesapp.identity.keys import Device
from notesapp.identity.record import Payload, Record, write
from notesapp.identity.roles import Role
from notesapp.identity.roster import DOMAIN as ROSTER
from notesapp.identity.roster import Roster
from notesapp.sync import messages as m
from notesapp.sync.body import Under
from notesapp.sync.book import Book
from notesapp.sync.entry import Entry, Tip, pack
from notesapp.sync.events import RecordsArrived
from notesapp.sync.feed import FeedWriter
from notesapp.sync.frontier import END, FIRST, Mark
from notesapp.sync.handshake import SILENCE_MS, Failed, Greeting, Proved, Refusal
from notesapp.sync.head import Fork, SignedHead
from notesapp.sync.hello import Acquaintance, Circle, Door, Run
from notesapp.sync.intake import NO_RIGHT
from notesapp.sync.ranges import table_of, write_wants
from notesapp.sync.receipt import Receipt
from notesapp.sync.rights import RosterRights, write_state
from notesapp.sync.roles import Dialer, Listener
from notesapp.sync.session import Closed
from tests.identity.company import Company, Somebody, forge, granting, removing
from tests.identity.people import NOON, dice
from tests.sync.ends import BINDING, carry
from tests.sync.feeds import NOTE
from tests.sync.talk import All, Talk, talk_about

FEED = bytes(15) + b"\1"
MEMBERS = ("owner", "admin", "writer", "commenter", "reader", "keeper")
STANDINGS = (*MEMBERS, "removed", "removed while we talk", "lost device", "stranger", "guest")


class Notebook:
    """Alice's, with one person of each role; Gus was a writer and is removed, Ada has lost her second device."""

    def __init__(self) -> None:
        self.it = it = Company(devices=2).settle()
        gus, cora, kim = (Somebody(name) for name in ("Gus", "Cora", "Kim"))
        for somebody, role in ((gus, Role.WRITER), (cora, Role.COMMENTER), (kim, Role.KEEPER)):
            it.hear(forge(it.roster, it.alice.device, "grant", granting(somebody.id, role)), logs=[somebody.log])
        self.everybody = [*it.everybody, gus, cora, kim]
        self.before = it.roster
        it.ada.revoke(it.ada.devices[1], it.ada.devices[0])
        it.scribe(it.ada).devices(it.ada.log, {})
        it.scribe(it.alice).remove(gus.id, {})
        self.after, self.id = it.roster, it.roster.genesis.notebook_id
        self.devices: dict[str, Device] = {
            "owner": it.alice.device,
            "admin": it.ada.device,
            "writer": it.will.device,
            "commenter": cora.device,
            "reader": it.rita.device,
            "keeper": kim.device,
            "removed": gus.device,
            "removed while we talk": gus.device,
            "lost device": it.ada.devices[1],
            "stranger": it.stan.device,
            "guest": it.stan.device,
        }

    def feed_of(self, device: Device, named: Roster) -> m.Entries:
        """What a device wrote under the roster that it names."""
        under = Under(named.epochs[0].epoch_id, bytes(32), named.digest)
        entropy = dice("feed")
        writer, opened = FeedWriter.begin(self.id, device, under, now_ms=NOON, entropy=entropy)
        entries: list[Entry] = [opened, writer.append_change(NOTE, b"typed", now_ms=NOON, entropy=entropy)]
        packed = pack(entries, Tip.before_first(self.id, writer.feed))
        states = (write_state(self.id, named.heads),)
        return m.Entries(0, writer.feed, 0, packed, writer.signed_head().signature, True, states)

    def two_histories(self, device: Device) -> bytes:
        """A device's proof against itself."""
        tip = Tip.before_first(self.id, self.feed_of(device, self.after).feed)._replace(index=5)
        nonce = dice("feed")(16)
        one, two = (SignedHead.make(tip._replace(hash=bytes([nth]) * 32), device).data for nth in (1, 2))
        return Fork(device.device_id, nonce, one, b"", two, b"").write()

    def removal(self, standing: str) -> Record:
        """Somebody of this standing removes Rita."""
        return forge(self.after, self.devices[standing], "revoke", removing(self.it.rita.id))

    def messages(self, standing: str) -> dict[str, m.Message]:
        """What somebody of this standing says, each in his own name."""
        device = self.devices[standing]
        receipt = Receipt.make(device, self.id, 1, Book(self.id, All()).frontier)
        assert receipt is not None
        elsewhere = write(ROSTER, Payload("cut", bytes(32), device.device_id, (), 1, b"\x90", NOON), device.sign)
        return {
            "Books": m.Books((m.BookLine(9, b"another notebook" + bytes(16), bytes(32), bytes(32)),)),
            "Spans": m.Spans(0, (m.SpanLine(FIRST, END, 1, bytes(32)),)),
            "Table of records": m.Table(0, m.RECORDS, FIRST, END, table_of({FEED: Mark(0, bytes(32))}), False),
            "Table of feeds": m.Table(0, m.FEEDS, FIRST, END, table_of({FEED: Mark(3, bytes(32))}), False),
            "Have": m.Have(0, table_of({FEED: Mark(3, bytes(32))})),
            "Want of records": m.Want(0, m.RECORDS, write_wants({self.after.records[0].id[:16]: 0})),
            "Want of feeds": m.Want(0, m.FEEDS, write_wants({FEED: 0})),
            "Settled": m.Settled(0, bytes(32)),
            "Records": m.Records(0, (self.removal(standing).data,)),
            "Records of another notebook": m.Records(0, (elsewhere.data,)),
            "Entries of his own": self.feed_of(device, self.after),
            "Entries of a writer": self.feed_of(self.it.will.device, self.after),
            "Entries of a removed writer": self.feed_of(self.devices["removed"], self.before),
            "Entries of a stranger": self.feed_of(self.it.stan.device, self.after),
            "Entries of a reader": self.feed_of(self.it.rita.device, self.after),
            "Turned": m.Turned(0, FEED, "no"),
            "Trace": m.Trace(0, FEED, 0, 1, bytes(32)),
            "Branch": m.Branch(0, FEED, 0, bytes(168), b""),
            "Proof against himself": m.Proof(0, self.two_histories(device)),
            "Proof of nothing": m.Proof(0, b"\xc1"),
            "ChunksWanted": m.ChunksWanted(0, bytes(32)),
            "Chunk": m.Chunk(0, b"unasked"),
            "ChunksMissing": m.ChunksMissing(0, bytes(32)),
            "Presence": m.Presence(0, NOTE, 0, 0, b""),
            "Offers": m.Offers(0, (m.OfferLine(bytes(32), 0),)),
            "Receipted": m.Receipted(0, receipt.data),
            "Ask": m.Ask(b"let me in"),
            "Answer": m.Answer(b"come in"),
            "Ping": m.Ping(3),
            "Pong": m.Pong(3),
            "Credit": m.Credit(1 << 40),
            "Close": m.Close("good night"),
        }

    def talk(self, standing: str) -> Talk:
        """A session with somebody of this standing."""
        device = self.devices[standing].device_id
        if standing == "guest":
            return Talk(invite=b"i", books=0, begin=False, device=device)
        if standing != "removed while we talk":
            return talk_about(self.after, device)
        talk = talk_about(self.before, device)
        talk.session.add_book(Book(bytes(32), All()), 0)  # they share another one, so the link stays
        talk.book.rights = RosterRights(self.after)
        talk.book.put_records([one.data for one in self.after.records])
        talk.session.rejudged(self.id, 0)
        talk.listen()
        return talk


BOOK = Notebook()
ANYWHERE = {
    "Books": "taken",
    "Ping": "taken",
    "Pong": "nothing",
    "Credit": "closed: more was returned than had been sent",
    "Close": "closed: good night",
}
NOT_ASKED = {
    "Ask": "closed: somebody asked who came by no invite, or too often",
    "Answer": "closed: an answer came that nobody asked for",
}
TURNED = f"turned away: {NO_RIGHT}"
BY_A_MEMBER = {
    "Spans": "taken",
    "Table of records": "closed: a list of records came when none was due",
    "Table of feeds": "taken",
    "Have": "taken",
    "Want of records": "taken",
    "Want of feeds": "nothing",  # it isn't here
    "Settled": "nothing",
    "Records": "taken",  # and judged: see below
    "Records of another notebook": "closed: a record belongs to another notebook",
    "Entries of a writer": "taken",
    "Entries of a removed writer": TURNED,
    "Entries of a stranger": TURNED,
    "Entries of a reader": TURNED,
    "Turned": "taken",
    "Trace": "nothing",  # about a feed that isn't here
    "Branch": "nothing",
    "Proof against himself": "taken",
    "Proof of nothing": "closed: a proof of two histories is malformed",
    "ChunksWanted": "taken",
    "Chunk": "closed: a chunk came that nobody asked for",
    "ChunksMissing": "nothing",
    "Presence": "taken",
    "Offers": "taken",
    "Receipted": "taken",
}
WRITES = {"owner", "admin", "writer"}


def expected(name: str, standing: str) -> str:
    """What must become of a message."""
    if name in ANYWHERE:
        return ANYWHERE[name]
    if name in NOT_ASKED:
        return "taken" if standing == "guest" else NOT_ASKED[name]
    match standing:
        case "guest":
            return "closed: a message is about a notebook that was not announced"
        case "removed" | "lost device" | "stranger":
            return "closed: a message is about a notebook that only one of us announced"
        case "removed while we talk":
            return "nothing"  # he can't know it yet
    if name == "Entries of his own":
        return "taken" if standing in WRITES else TURNED
    return BY_A_MEMBER[name]


def outcome(talk: Talk, message: m.Message) -> str:
    """What it came to."""
    heard, told = len(talk.heard), len(talk.events)
    talk.say(message)
    if isinstance(talk.session.state, Closed):
        return f"closed: {talk.reason.partition(': ')[0]}"
    turned = talk.all(m.Turned)
    if turned:
        return f"turned away: {turned[0].reason}"
    return "taken" if len(talk.heard) > heard or len(talk.events) > told else "nothing"


def test_table_knows_every_message() -> None:
    said = {type(message) for message in BOOK.messages("owner").values()}
    assert said == {kind for kind, _ in m.KINDS.values()}


@pytest.mark.parametrize("standing", STANDINGS)
def test_every_message_ends_as_the_table_says(standing: str) -> None:
    messages = BOOK.messages(standing)
    found = {name: outcome(BOOK.talk(standing), message) for name, message in messages.items()}
    assert found == {name: expected(name, standing) for name in messages}


@pytest.mark.parametrize("standing", STANDINGS)
def test_only_members_are_told_anything_of_the_notebook(standing: str) -> None:
    for name, message in BOOK.messages(standing).items():
        talk = BOOK.talk(standing)
        outcome(talk, message)
        about = [one for one in talk.heard if isinstance(one, m.AboutBook)]
        lines = [line.notebook for books in talk.all(m.Books) for line in books.lines]
        if standing in MEMBERS:
            assert BOOK.id in lines
        elif standing == "removed while we talk":  # the records that say so are the last that he gets
            sent = {data for one in about if isinstance(one, m.Records) for data in one.records}
            assert all(isinstance(one, m.Records) for one in about), name
            assert sent == {one.data for one in BOOK.after.records} - {one.data for one in BOOK.before.records}
        else:
            assert (about, BOOK.id in lines) == ([], False), name


@pytest.mark.parametrize(
    ("standing", "fault"),
    [
        ("owner", ""),
        ("admin", ""),
        ("writer", "a member with the role writer can't say that"),
        ("commenter", "a member with the role commenter can't say that"),
        ("reader", "a member with the role reader can't say that"),
        ("keeper", "a member with the role keeper can't say that"),
        ("removed", "its author is no member"),
        ("lost device", "its device was revoked, and those who said so didn't know of it"),
        ("stranger", "its author is no member"),
    ],
)
def test_whose_removal_of_another_is_obeyed(standing: str, fault: str) -> None:
    carried = BOOK.talk("reader")  # by whom it comes makes no difference
    carried.say(m.Records(0, (BOOK.removal(standing).data,)))
    [event] = carried.all(RecordsArrived)
    after = BOOK.after.joined(event.roster)
    [record] = event.roster
    assert {**after.refused, **after.void}.get(record.id, "") == fault
    assert (BOOK.it.rita.id in after.members) is bool(fault)


@pytest.mark.parametrize("standing", STANDINGS)
def test_who_gets_through_the_handshake(standing: str) -> None:
    device = BOOK.devices[standing]
    door = Door(b"i" * 32, b"h" * 32)
    here = circle_of(BOOK.it.will.devices[1], BOOK.after, [door])
    there = circle_of(device, BOOK.before, [door] if standing == "guest" else [])
    key = there.of_door(door) if standing == "guest" else there.of_device(here.me.device_id, here.me.box)
    dialer = Dialer(there, [key], BINDING, 0, dice("dialer"))
    listener = Listener(here, BINDING, 0, dice("listener"))
    carry(dialer, listener)
    if standing in MEMBERS or standing == "guest":
        for end in (dialer, listener):
            assert isinstance(end.state, Proved)
            assert (end.state.invite_id is not None) is (standing == "guest")
        return
    listener.receive_time(SILENCE_MS + 1_000)
    assert listener.state == Failed(Refusal.STRANGER)  # in silence: what he was doesn't matter
    assert dialer.state == Greeting()


def circle_of(me: Device, roster: Roster, doors: Iterable[Door] = ()) -> Circle:
    """Whom a device would talk to by this roster."""
    [person] = [who.id for who in BOOK.everybody if me in who.devices]
    known = [
        Acquaintance(one.device_id, one.box, member.person_id, frozenset({BOOK.id}), one.active)
        for member in roster.members.values()
        for one in member.devices
    ]
    return Circle(me, Run(me.device_id[:16], NOON), person, bytes(32), known, doors)
