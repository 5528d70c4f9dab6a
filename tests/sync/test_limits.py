"""Every limit of the language of peers, by the number that is promised: what is beyond it is refused, and how."""

from __future__ import annotations

import random

import pytest

from notesapp.errors import RemoteError
from notesapp.identity.person import DEVICES_LIMIT
from notesapp.identity.person import DOMAIN as PERSON
from notesapp.identity.person import read_record as read_person
from notesapp.identity.record import Payload, Record, write
from notesapp.identity.redeem import REDEEM_LIMIT
from notesapp.identity.roles import Role
from notesapp.identity.roster import DOMAIN as ROSTER
from notesapp.node import doorwords
from notesapp.sync import messages as m
from notesapp.sync import quota
from notesapp.sync.attachment import CHUNK_BYTES, CHUNKS_LIMIT, SIZE_LIMIT
from notesapp.sync.body import PLAIN_LIMIT, RATIO_LIMIT, Opened
from notesapp.sync.book import FEEDS_PER_DAY, FEEDS_PER_DEVICE, PROOFS_BESIDE, Book, Stored
from notesapp.sync.entry import BODY_LIMIT, HEADER_BYTES, Header, Kind, Tip, pack
from notesapp.sync.events import Asked, EntriesArrived, EntriesWanted, FeedTurnedAway, ForkProved, RecordsArrived
from notesapp.sync.frames import Frames
from notesapp.sync.frontier import Mark
from notesapp.sync.head import Fork, SignedHead
from notesapp.sync.intake import TOO_MANY
from notesapp.sync.pace import BURST, RATE
from notesapp.sync.pump import BULK_BYTES
from notesapp.sync.quota import ADMINS, AUTHOR, AUTHOR_DAY, MEMBERS, NOTEBOOK, STRANGERS, Quota
from notesapp.sync.rights import RosterRights, write_state
from notesapp.sync.session import Closed
from notesapp.sync.voice import WINDOW
from notesapp.sync.wire import BATCH_LIMIT, CONTROL_LIMIT, ENTRY_LIMIT, number
from tests.identity.company import Company, forge
from tests.identity.people import NOON, device
from tests.sync.ends import ALICE, BOB
from tests.sync.feeds import LAPTOP, Typed
from tests.sync.feeds import NOTEBOOK as SHARED
from tests.sync.talk import All, Talk, batch, talk_about

DAY_MS = 86_400_000
BULK = (m.Proof, m.Entries, m.Branch, m.Chunk)


def test_the_numbers_are_those_that_the_design_promises() -> None:
    assert (CONTROL_LIMIT, ENTRY_LIMIT, BATCH_LIMIT) == (256 << 10, 1 << 20, 4 << 20)
    assert (PLAIN_LIMIT, RATIO_LIMIT, WINDOW) == (64 << 20, 200, 8 << 20)
    assert (RATE, BURST, DEVICES_LIMIT) == (50, 2_000, 16)
    assert (CHUNK_BYTES, SIZE_LIMIT) == (256 << 10, 200_000_000)
    assert BULK_BYTES <= BATCH_LIMIT


@pytest.mark.parametrize("kind", sorted(m.KINDS))
def test_a_frame_is_refused_by_its_first_bytes_if_it_is_beyond_what_its_kind_may_weigh(kind: int) -> None:
    message, limit = m.KINDS[kind]
    assert limit <= (m.BULK_LIMIT if message in BULK else CONTROL_LIMIT)
    assert limit <= ENTRY_LIMIT + 16 * 1024
    frames = Frames(m.limit_of)
    frames.receive(number(1 + limit) + bytes([kind]))
    assert frames.next() is None  # a frame of just so many bytes is waited for
    frames = Frames(m.limit_of)
    frames.receive(number(2 + limit) + bytes([kind]))
    with pytest.raises(RemoteError, match="the limit is"):
        frames.next()


def test_an_entry_of_more_than_one_mebibyte_is_refused_by_its_header() -> None:
    beside = (bytes(32), Kind.CHANGE, 0, bytes(32), bytes(32))
    header = Header(SHARED, bytes(16), 1, *beside, BODY_LIMIT, bytes(24), 0, bytes(32))
    assert Header.read(header.write()).body_length + HEADER_BYTES == ENTRY_LIMIT
    with pytest.raises(RemoteError, match="out of range"):
        Header.read(header._replace(body_length=BODY_LIMIT + 1).write())


def test_entries_that_no_head_vouches_for_end_the_session_at_the_batch_limit() -> None:
    talk, typed = Talk(), Typed()
    talk.say(batch(typed, typed.entries, typed.start))
    sent = 0
    for turn in range(12):
        before = typed.writer.tip
        whole = batch(typed, [typed.type(random.Random(turn).randbytes(900_000))], before)
        sent += len(whole.packed)
        talk.say(m.Entries(0, whole.feed, whole.first, whole.packed, b"", False))
        if isinstance(talk.session.state, Closed):
            break
    assert "without a signed head" in talk.reason
    assert BATCH_LIMIT - 1_000 < sent < BATCH_LIMIT + 900_000
    assert len(talk.all(EntriesArrived)) == 1


@pytest.mark.parametrize("count", [m.STATES_LIMIT, m.STATES_LIMIT + 1])
def test_a_batch_names_so_many_rosters_and_one_message_too(count: int) -> None:
    states = tuple(write_state(SHARED, [bytes([nth]) * 32]) for nth in range(count))
    typed = Typed(changes=1)
    whole = batch(typed, typed.entries, typed.start)
    first = pack(typed.entries[:1], typed.start)
    rest = pack(typed.entries[1:], Tip.at(typed.entries[0]))
    talk = Talk()
    talk.say(m.Entries(0, whole.feed, 0, first, b"", True, states[:40]))
    talk.say(m.Entries(0, whole.feed, 1, rest, whole.signature, True, states[39:]))
    alone = Talk()
    alone.raw(m.write(m.Entries(0, whole.feed, 0, whole.packed, whole.signature, True, states)))
    if count > m.STATES_LIMIT:
        assert talk.reason == "a batch names too many rosters"
        assert "malformed" in alone.reason
        assert not talk.all(EntriesArrived) + alone.all(EntriesArrived)
    else:
        assert [len(one.all(EntriesArrived)[0].entries) for one in (talk, alone)] == [2, 2]


def test_a_feed_that_was_asked_for_is_not_held_to_the_pace_of_typing() -> None:
    talk, typed = Talk(), Typed(changes=2_500)
    head = Mark(typed.writer.tip.index, typed.writer.tip.hash)
    talk.say(m.Have(0, typed.writer.feed + number(head.index) + head.hash))
    talk.say(batch(typed, typed.entries, typed.start, live=False))
    assert len(talk.all(EntriesArrived)[0].entries) == 2_501


def test_a_sender_keeps_the_pace_by_itself() -> None:
    talk, typed = Talk(), Typed(changes=BURST)
    opened = Opened(BOB.device_id, typed.nonce)
    own = typed.writer.feed

    def commit(entries: list, first: int) -> None:  # type: ignore[type-arg]  # of entries
        talk.book.commit(opened, entries, typed.writer.signed_head())
        talk.session.grew(SHARED, {own: first}, talk.now_ms)
        talk.listen()

    def serve() -> int:
        asked = talk.all(EntriesWanted)
        event = asked[-1]
        entries = typed.entries[event.first :]
        before = Tip.at(typed.entries[event.first - 1]) if event.first else typed.start
        talk.session.serve_entries(event.ticket, before, entries, typed.writer.signed_head().signature, talk.now_ms)
        talk.listen()
        return len(asked)

    commit(list(typed.entries), 0)
    assert serve() == 1
    more = typed.type(b"one more")
    commit([more], typed.writer.tip.index)
    assert len(talk.all(EntriesWanted)) == 1  # the burst is used up
    talk.wait(1_000 // RATE * 2)
    assert len(talk.all(EntriesWanted)) == 2


# -- feeds ------------------------------------------------------------------------------------------------------------


def stored(typed: Typed, began_ms: int) -> Stored:
    opened = Opened(LAPTOP.device_id, typed.nonce)
    return Stored(typed.writer.tip, opened, SignedHead.make(typed.writer.tip, LAPTOP), ((0, bytes(32)),), began_ms)


def full_book(count: int, began_ms: int) -> Book:
    """A book that has so many feeds of the laptop, all of which began then."""
    book, typed = Book(SHARED, All()), Typed()
    pattern = stored(typed, began_ms)
    for nth in range(count):
        feed = nth.to_bytes(16, "big")
        book.put_feed(
            Stored(pattern.tip._replace(feed=feed), pattern.opened, pattern.head, pattern.under, began_ms),
            Mark(0, bytes(32)),
        )
    return book


def test_a_device_begins_so_many_feeds_a_day_and_so_many_in_all() -> None:
    opened = Opened(LAPTOP.device_id, bytes(16))
    today = full_book(FEEDS_PER_DAY, NOON)
    assert not today.has_room(b"f" * 16, opened, NOON)
    assert today.has_room(b"f" * 16, opened, NOON + DAY_MS)
    assert today.has_room(b"f" * 16, Opened(ALICE.device_id, bytes(16)), NOON)
    assert today.has_room((0).to_bytes(16, "big"), opened, NOON)  # one that is here goes on
    assert not full_book(FEEDS_PER_DEVICE, 0).has_room(b"f" * 16, opened, NOON)


def test_a_feed_too_many_is_turned_away_and_its_carrier_is_not_blamed() -> None:
    talk, typed = Talk(), Typed(changes=1)
    opened = Header.read(typed.entries[0].header)
    for number_, one in full_book(FEEDS_PER_DAY, opened.time_ms)._stored.items():
        talk.book.put_feed(one, Mark(0, bytes(32)))
        assert number_
    talk.say(batch(typed, typed.entries, typed.start))
    assert not talk.all(EntriesArrived)
    assert talk.all(m.Turned)[0].reason == TOO_MANY
    assert talk.all(FeedTurnedAway)[0].reason == TOO_MANY
    talk.say(m.Ping(1))
    assert talk.all(m.Pong)


def two_histories(seed: str) -> Fork:
    """A proof that costs its maker two signatures, about a feed that nobody has."""
    typed = Typed(seed)
    tip = typed.writer.tip
    one, two = (SignedHead.make(tip._replace(hash=hash_), LAPTOP).data for hash_ in (tip.hash, bytes(32)))
    return Fork(LAPTOP.device_id, typed.nonce, one, b"", two, b"")


def test_proofs_about_feeds_that_are_not_here_are_kept_up_to_a_number() -> None:
    talk = Talk()
    for nth in range(PROOFS_BESIDE):
        fork = two_histories(f"feed {nth}")
        assert talk.book.improves(fork)
        talk.book.put_fork(fork, {})
    one_more = two_histories("one more")
    talk.say(m.Proof(0, one_more.write()), m.Ping(1))
    assert not talk.all(ForkProved)
    assert talk.all(m.Pong)  # the session goes on; whoever carries it isn't blamed
    typed = Typed("one more")
    talk.book.put_feed(stored(typed, NOON), Mark(0, typed.writer.tip.hash))
    talk.say(m.Proof(0, one_more.write()))
    assert [event.feed for event in talk.all(ForkProved)] == [typed.writer.feed]  # of what is here, all are taken


# -- records ----------------------------------------------------------------------------------------------------------


def record(author: bytes, nth: int, time_ms: int = NOON) -> Record:
    """One that need not be signed to be counted."""
    return Record(nth.to_bytes(32, "big"), ROSTER, "cut", SHARED, author, (), 1, b"", time_ms)


class Authors:
    """Who is who: role and keys by key; everybody else is a stranger."""

    def __init__(self, *people: tuple[Role | None, tuple[bytes, ...]]) -> None:
        self.people = {key: (role, keys) for role, keys in people for key in keys}

    def keys(self, record: Record) -> tuple[bytes, ...]:
        return self.people.get(record.author, (None, ()))[1]

    def role(self, record: Record) -> Role | None:
        return self.people.get(record.author, (None, ()))[0]


WHO = Authors(
    (Role.OWNER, (b"olga",)),
    (Role.ADMIN, (b"ada", b"ada's phone")),
    (Role.WRITER, (b"will", b"will's phone", b"will's tablet")),
    (Role.READER, (b"rita",)),
    (None, (b"gone",)),
)


def test_one_author_has_so_many_records_a_day_and_so_many_in_all() -> None:
    it = Quota()
    took = [it.takes(record(b"ada", nth), b"bob", WHO) for nth in range(AUTHOR_DAY + 5)]
    assert took == [True] * AUTHOR_DAY + [False] * 5
    assert it.takes(record(b"ada", 10**6, NOON + DAY_MS), b"bob", WHO)  # another day
    assert it.takes(record(b"rita", 10**6 + 1), b"bob", WHO)  # another author
    assert it.takes(record(b"ada", 7), b"carol", WHO)  # one that was counted already
    it = Quota()
    days = -(-AUTHOR // AUTHOR_DAY) + 1
    took = [it.takes(record(b"ada", nth, nth % days * DAY_MS), b"bob", WHO) for nth in range(AUTHOR + 5)]
    assert took == [True] * AUTHOR + [False] * 5


def test_a_person_who_may_not_remove_has_no_more_records_with_many_devices_than_with_one() -> None:
    devices = (b"will", b"will's phone", b"will's tablet")
    it, days = Quota(), -(-AUTHOR // AUTHOR_DAY)
    for nth in range(AUTHOR):
        assert it.takes(record(devices[nth % 3], nth, nth % days * DAY_MS), b"bob", WHO)
    for nth, name in enumerate(devices):
        assert not it.takes(record(name, AUTHOR + nth, days * DAY_MS), b"bob", WHO)
    assert it.takes(record(b"rita", AUTHOR + 3), b"bob", WHO)
    it = Quota()
    for nth in range(AUTHOR):
        it.put(record(b"ada", nth, nth % days * DAY_MS))
    assert not it.takes(record(b"ada", AUTHOR), b"bob", WHO)
    assert it.takes(record(b"ada's phone", AUTHOR), b"bob", WHO)  # an admin's deeds are for others


@pytest.mark.parametrize(
    ("count", "taken"),
    [
        (MEMBERS - 1, {b"olga", b"ada", b"will", b"rita", b"gone", b"a stranger"}),
        (MEMBERS, {b"olga", b"ada"}),
        (ADMINS - 1, {b"olga", b"ada"}),
        (ADMINS, {b"olga"}),
        (NOTEBOOK - 1, {b"olga"}),
        (NOTEBOOK, set()),
    ],
)
def test_the_last_part_of_the_room_is_for_those_who_may_remove(count: int, taken: set[bytes]) -> None:
    full = Quota()
    for nth in range(count):
        full.put(record(nth.to_bytes(4, "big"), nth))
    assert len(full) == count
    found = set[bytes]()
    for name in (b"olga", b"ada", b"will", b"rita", b"gone", b"a stranger"):
        assert full.takes(record(name, 1), b"bob", WHO)  # what is here is never refused
        if full.takes(record(name, NOTEBOOK), b"bob", WHO):
            found.add(name)
            full._counted.discard(record(name, NOTEBOOK).id)  # the next one finds it as full
    assert found == taken


def test_whoever_makes_up_authors_runs_out_of_room_for_them_until_they_are_members() -> None:
    it, who = Quota(), Authors()
    for nth in range(STRANGERS):
        assert it.takes(record(b"made up %d" % nth, nth), b"mallory", who)
    assert not it.takes(record(b"one more", STRANGERS), b"mallory", who)
    assert it.takes(record(b"one more", STRANGERS), b"bob", who)  # whom an honest peer brings still comes
    who.people[b"made up 3"] = Role.READER, (b"made up 3",)
    assert it.takes(record(b"next", STRANGERS + 1), b"mallory", who)
    assert not it.takes(record(b"and next", STRANGERS + 2), b"mallory", who)


def signed(nth: int) -> bytes:
    payload = Payload("cut", SHARED, LAPTOP.device_id, (), 1, b"%d" % nth, NOON)
    return write(ROSTER, payload, LAPTOP.sign).data


def test_records_over_the_limit_are_dropped_and_the_session_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "AUTHOR_DAY", 3)
    talk = Talk(begin=False)
    records = [signed(nth) for nth in range(5)]
    theirs = Book(SHARED, All())
    theirs.put_records(records)
    talk.say(m.Books((m.BookLine(0, SHARED, theirs.records.span().digest, theirs.frontier.span().digest),)))
    [(low, high, rows)] = [(bytes(16), b"\xff" * 16 + b"\0", theirs.records.write())]
    talk.say(m.Table(0, m.RECORDS, low, high, rows, False), m.Records(0, tuple(records)))
    [event] = talk.all(RecordsArrived)
    assert len(event.roster) == 3
    talk.book.put_records([one.data for one in event.roster])
    talk.session.done(event.ticket, 0)
    talk.listen()
    talk.say(m.Settled(0, theirs.frontier.span().digest))
    assert talk.session.is_current(SHARED)  # the two that are over wait for another day


def test_the_removal_of_whoever_floods_a_notebook_is_taken_when_his_records_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    it = Company().settle()
    before = it.roster
    flood = [forge(before, it.will.device, "later", b"%d" % nth) for nth in range(9)]
    removal = it.scribe(it.ada).remove(it.will.id, {})
    late = forge(it.roster, it.alice.device, "later", b"the owner's")
    monkeypatch.setattr(quota, "MEMBERS", len(before.records) + 4)
    monkeypatch.setattr(quota, "ADMINS", len(before.records) + 5)
    talk = talk_about(before)
    talk.say(m.Records(0, tuple(one.data for one in (*flood, removal, late))))
    [event] = talk.all(RecordsArrived)
    assert event.roster == (*flood[:4], removal, late)
    assert before.joined(event.roster).members.keys() == before.members.keys() - {it.will.id}


def test_a_record_of_more_than_four_kilobytes_is_refused() -> None:
    with pytest.raises(RemoteError, match="the limit is 4096"):
        read_person(PERSON + bytes(4_096))
    talk = Talk()
    data = b"\x92\x00\x91\xc5" + (4_097).to_bytes(2, "big") + bytes(4_097)
    talk.raw(number(1 + len(data)) + b"\7" + data)
    assert "malformed" in talk.reason


def test_the_largest_request_to_join_fits_what_may_be_said_at_the_door() -> None:
    knock = doorwords.write(doorwords.Knock(bytes(REDEEM_LIMIT), bytes(32)))
    talk = Talk(invite=b"i", books=0, begin=False)
    talk.say(m.Ask(knock))
    assert talk.all(Asked) == [Asked(knock)]
    assert m.limit_of(22) <= CONTROL_LIMIT


def test_lists_inside_messages_have_ends() -> None:
    assert m.CHUNKS_LIMIT * 32 < CONTROL_LIMIT
    assert CHUNKS_LIMIT == 763  # of the largest attachment
    chunks, heads = bytes(32 * (m.CHUNKS_LIMIT + 1)), bytes(32 * (m.HEADS_LIMIT + 1))
    for message in (m.ChunksWanted(0, chunks), m.Presence(0, bytes(16), 0, 0, heads)):
        talk = Talk()
        talk.raw(m.write(message))
        assert "malformed" in talk.reason


def test_members_and_who_was_one_are_known_by_all_their_keys_and_nobody_else_is() -> None:
    it = Company(devices=2).settle()
    it.scribe(it.ada).remove(it.rita.id, {})
    rights = RosterRights(it.roster)
    roles = {it.alice: Role.OWNER, it.ada: Role.ADMIN, it.will: Role.WRITER, it.rita: None, it.stan: None}
    for somebody, role in roles.items():
        by_root, said = somebody.log.records[0], forge(it.roster, somebody.devices[1], "cut", b"\x90")
        keys = {somebody.id, *(one.device_id for one in somebody.devices)} if somebody is not it.stan else set()
        assert [set(rights.keys(one)) for one in (by_root, said)] == [keys, keys], somebody
        assert [rights.role(one) for one in (by_root, said)] == [role, role], somebody
    it.ada.revoke(it.ada.devices[1], it.ada.devices[0])
    it.hear(logs=[it.ada.log])
    rights = RosterRights(it.roster)
    lost = forge(it.roster, it.ada.devices[1], "cut", b"\x90")
    assert rights.role(lost) is None  # no room is kept for a lost device
    assert it.ada.devices[1].device_id in rights.keys(lost)


def test_a_record_in_a_members_name_by_a_made_up_key_is_a_strangers() -> None:
    it = Company().settle()
    rights, made_up = RosterRights(it.roster), device("made up")
    about_will = write(PERSON, Payload("later", it.will.id, made_up.device_id, (), 1, b"", NOON), made_up.sign)
    by_will = write(
        PERSON, Payload("later", it.will.id, it.will.device.device_id, (), 1, b"", NOON), it.will.device.sign
    )
    by_his_root = write(PERSON, Payload("later", it.will.id, it.will.id, (), 1, b"", NOON), it.will.root.sign)
    assert [bool(rights.keys(one)) for one in (about_will, by_will, by_his_root)] == [False, True, True]
    assert [rights.role(one) for one in (about_will, by_will, by_his_root)] == [None, Role.WRITER, Role.WRITER]
