"""How many records of whom a notebook takes: whoever is over every limit may still leave."""

from __future__ import annotations

import pytest

from notesapp.identity.person import DOMAIN as PERSON
from notesapp.identity.record import Record
from notesapp.identity.roles import Role
from notesapp.identity.roster import DOMAIN as ROSTER
from notesapp.sync import messages as m
from notesapp.sync import quota
from notesapp.sync.events import RecordsArrived
from notesapp.sync.quota import ADMINS, AUTHOR, DEPARTURES, MEMBERS, Quota
from tests.identity.company import Company, forge
from tests.identity.people import NOON
from tests.sync.feeds import NOTEBOOK
from tests.sync.talk import talk_about
from tests.sync.test_limits import WHO, record

ADA_WRITES_NOW = type(WHO)((Role.WRITER, (b"ada", b"ada's phone")), (None, (b"gone",)))


def departure(author: bytes, nth: int, domain: bytes = ROSTER) -> Record:
    return Record(nth.to_bytes(32, "big"), domain, "leave", NOTEBOOK, author, (), 1, b"", NOON)


def test_who_was_an_admin_and_wrote_more_than_a_member_may_can_still_leave() -> None:
    it = Quota()
    for nth in range(AUTHOR + 5):
        it.put(record(b"ada" if nth % 2 else b"ada's phone", nth))
    assert not it.takes(record(b"ada", AUTHOR + 5), b"bob", ADA_WRITES_NOW)
    assert it.takes(departure(b"ada", AUTHOR + 5), b"bob", ADA_WRITES_NOW)
    assert len(it) == AUTHOR + 6


def test_departures_beside_the_limits_have_an_end_over_all_devices_of_a_person() -> None:
    it = Quota()
    for nth in range(AUTHOR):
        it.put(record(b"ada", nth))
    devices = (b"ada", b"ada's phone")
    took = [it.takes(departure(devices[nth % 2], AUTHOR + nth), b"bob", ADA_WRITES_NOW) for nth in range(20)]
    assert took == [True] * DEPARTURES + [False] * (20 - DEPARTURES)


def test_only_members_leave_and_only_by_a_record_of_the_roster() -> None:
    it = Quota()
    for nth in range(MEMBERS):
        it.put(record(nth.to_bytes(4, "big"), nth))
    assert not it.takes(departure(b"gone", MEMBERS), b"bob", ADA_WRITES_NOW)
    assert not it.takes(departure(b"a stranger", MEMBERS), b"bob", ADA_WRITES_NOW)
    assert not it.takes(departure(b"ada", MEMBERS, PERSON), b"bob", ADA_WRITES_NOW)
    assert it.takes(departure(b"ada", MEMBERS), b"bob", ADA_WRITES_NOW)


@pytest.mark.parametrize(("count", "taken"), [(MEMBERS, True), (ADMINS - 1, True), (ADMINS, False)])
def test_departures_leave_the_last_room_to_the_owner(count: int, taken: bool) -> None:
    it = Quota()
    for nth in range(count):
        it.put(record(nth.to_bytes(4, "big"), nth))
    assert it.takes(departure(b"ada", count), b"bob", ADA_WRITES_NOW) is taken


def test_the_departure_of_an_admin_who_only_writes_now_goes_through_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    it = Company().settle()
    for nth in range(9):
        it.hear(forge(it.roster, it.ada.device, "later", b"%d" % nth))
    it.scribe(it.alice).change(it.ada.id, Role.WRITER, {})
    before = it.roster
    left = it.scribe(it.ada).leave({})
    more = forge(before, it.ada.device, "later", b"one more")
    monkeypatch.setattr(quota, "AUTHOR", 9)
    talk = talk_about(before)
    talk.book.count(before.records)
    talk.say(m.Records(0, (more.data, left.data)))
    [event] = talk.all(RecordsArrived)
    assert event.roster == (left,)
    assert it.ada.id in before.members
    assert it.ada.id not in before.joined(event.roster).members
