"""Who may say what: a record counts in the notebook that it was written for, and nowhere else."""

from __future__ import annotations

import pytest

from notesapp.errors import RemoteError
from notesapp.identity import home
from notesapp.identity.genesis import Genesis
from notesapp.identity.record import Payload, write
from notesapp.identity.roster import DOMAIN as ROSTER
from notesapp.sync import messages as m
from notesapp.sync.dispatch import read_any
from notesapp.sync.events import RecordsArrived
from tests.identity.company import Company
from tests.identity.people import NOON, dice
from tests.sync.talk import talk_about

ELSEWHERE = dice("another notebook")(32)


@pytest.mark.parametrize("domain", [ROSTER, home.DOMAIN])
def test_a_record_of_another_notebook_is_refused_though_it_is_signed(domain: bytes) -> None:
    it = Company().settle()
    notebook = it.roster.genesis.notebook_id
    said = {}
    for scope in (notebook, ELSEWHERE):
        payload = Payload("later", scope, it.ada.device.device_id, (), 1, b"", NOON)
        said[scope] = write(domain, payload, it.ada.device.sign)
        assert read_any(said[scope].data, scope) == [said[scope]]
    with pytest.raises(RemoteError, match="belongs to another notebook"):
        read_any(said[ELSEWHERE].data, notebook)
    talk = talk_about(it.roster)
    talk.say(m.Records(0, (said[notebook].data, said[ELSEWHERE].data)))
    assert "belongs to another notebook" in talk.reason
    assert not talk.all(RecordsArrived)  # nor is anything taken that came with it


def test_the_beginning_of_another_notebook_is_no_record_of_this_one() -> None:
    it = Company().settle()
    other = Genesis.make(it.alice.id, now_ms=NOON, entropy=dice("another genesis"))
    assert read_any(other.data, other.notebook_id) == []
    with pytest.raises(RemoteError, match="something else"):
        read_any(other.data, it.roster.genesis.notebook_id)
