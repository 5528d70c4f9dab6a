"""A notebook that somebody has flooded: what those who may remove him follow still comes, and nothing else."""

from __future__ import annotations

import pytest

from notesapp.identity.record import Record
from notesapp.identity.roles import Role
from notesapp.identity.roster import Roster
from notesapp.sync import messages as m
from notesapp.sync import quota
from notesapp.sync.events import RecordsArrived
from notesapp.sync.ranges import read_wants
from notesapp.sync.rights import RosterRights
from tests.identity.company import Company, Somebody, forge, removing
from tests.sync.talk import Talk, talk_about


class Flooded:
    """Will has said twelve things, each of which follows the one before; here was room for three of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, admins: int = 1_000) -> None:
        self.it = Company().settle()
        self.before = self.here = self.it.roster
        self.flood: list[Record] = []
        for nth in range(12):
            self.flood.append(forge(self.it.roster, self.it.will.device, "later", b"%d" % nth))
            self.it.hear(self.flood[-1])
        self.monkeypatch = monkeypatch
        monkeypatch.setattr(quota, "MEMBERS", len(self.before.records) + self._logs(self.before) + 3)
        monkeypatch.setattr(quota, "ADMINS", quota.MEMBERS + admins)
        self.talk = talk_about(self.before)
        for log in self.before.logs.values():
            self.talk.book.put_records([one.data for one in log.records])

    @staticmethod
    def _logs(roster: Roster) -> int:
        return sum(len(log.records) for log in roster.logs.values())

    def say(self, *records: Record) -> None:
        """The peer passes these on; what is taken is judged."""
        done = len(self.talk.all(RecordsArrived))
        self.talk.say(m.Records(0, tuple(one.data for one in records)))
        while len(found := self.talk.all(RecordsArrived)) > done:
            event = found[done]
            done += 1
            self.here = self.here.joined(event.roster)
            self.talk.book.rights = RosterRights(self.here)
            self.talk.book.put_records([one.data for one in self.here.records])
            self.talk.session.done(event.ticket, 0)
            self.talk.listen()

    def answer(self) -> list[Record]:
        """The peer gives what he is asked for."""
        keys = {key for want in self.talk.all(m.Want) for key in read_wants(want.rows)}
        asked = [one for one in self.it.roster.records if one.id[:16] in keys]
        assert len(asked) == len(keys)
        self.say(*asked)
        return asked

    def removal(self, by: Somebody) -> Record:
        """It follows all that there is of the flood."""
        record = forge(self.it.roster, by.device, "revoke", removing(self.it.will.id))
        self.it.hear(record)
        return record


def test_a_removal_that_follows_a_flood_brings_what_it_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    it = Flooded(monkeypatch)
    it.say(*it.flood[::-1])  # in whatever order
    assert len(it.here.waiting) == 3
    assert not it.talk.all(m.Want)
    it.say(removal := it.removal(it.it.ada))
    assert removal.id in it.here.waiting
    assert it.answer() == it.flood[:-3]
    assert it.here == it.it.roster
    assert it.it.will.id not in it.here.members
    assert len(it.talk.all(m.Want)) == 1


def test_it_does_so_when_the_removal_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    it = Flooded(monkeypatch)
    it.say(it.removal(it.it.ada))
    it.say(*it.flood[:6])
    it.say(*it.flood[6:])  # the last of them lets the removal's past be known, back to the first
    it.answer()
    assert it.here == it.it.roster


def test_it_does_so_in_another_session_after_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    it = Flooded(monkeypatch)
    it.say(*it.flood[::-1], removal := it.removal(it.it.ada))
    assert removal.id in it.here.waiting
    it.talk = again(it)
    it.say(*it.flood, removal)
    it.answer()
    assert it.here == it.it.roster


def again(it: Flooded) -> Talk:
    """Another session: what was taken is on the disk, what was dropped is forgotten."""
    talk = talk_about(it.here)
    talk.book.count(it.here._it.known.values())
    return talk


def test_what_a_writer_follows_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    it = Flooded(monkeypatch)
    it.say(*it.flood[::-1])
    more = forge(it.it.roster, it.it.rita.device, "later", b"hers")
    it.say(more, it.removal(it.it.rita))
    assert not it.talk.all(m.Want)
    assert it.here.lacking() == {}


def test_nothing_is_asked_for_twice_when_there_is_no_room_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    it = Flooded(monkeypatch, admins=3)
    it.say(*it.flood[::-1])
    it.say(removal := it.removal(it.it.ada))
    it.answer()
    assert len(it.talk.book.quota) <= quota.ADMINS
    assert len(it.talk.all(m.Want)) == 1
    assert removal.id in it.here.waiting
    owners = it.removal(it.it.alice)  # but the owner has room left
    it.say(owners)
    it.talk = again(it)
    it.say(*it.flood, removal, owners)
    it.answer()
    assert it.it.will.id not in it.here.members


def test_who_answers_for_what_is_lacking_is_the_highest_who_follows_it() -> None:
    it = Company().settle()
    before = it.roster
    first = forge(before, it.will.device, "later", b"1")
    second = forge(before.joined([first]), it.will.device, "later", b"2")
    third = forge(before.joined([first, second]), it.rita.device, "later", b"3")
    whole = before.joined([first, second, third])
    by_ada = forge(whole, it.ada.device, "later", b"a")
    by_alice = forge(whole.joined([by_ada]), it.alice.device, "later", b"o")
    assert before.joined([third]).lacking() == {}
    assert before.joined([by_ada]).lacking() == {third.id: Role.ADMIN}
    assert before.joined([third, by_ada]).lacking() == {second.id: Role.ADMIN}
    assert before.joined([third, by_ada, by_alice]).lacking() == {second.id: Role.OWNER}
    assert before.joined([first, second, third, by_ada, by_alice]).lacking() == {}
