"""Who has what: only what devices told or signed counts, one device of a person is enough."""

from __future__ import annotations

import pytest

from notesapp.errors import RemoteError
from notesapp.identity.keys import PeerId
from notesapp.sync.frontier import Frontier, Mark
from notesapp.sync.have import Ledger
from notesapp.sync.receipt import Receipt
from tests.identity.people import NOON, device, dice
from tests.sync.feeds import NOTEBOOK
from tests.world.net import Weather
from tests.world.world import World

ONE, TWO = dice("one")(16), dice("two")(16)
ANA, ANAS_PHONE, BEN = device("Ana"), device("Ana's phone"), device("Ben")
NOBODY = PeerId(bytes(32))


def ours() -> Frontier:
    return Frontier({ONE: Mark(4, bytes(32)), TWO: Mark(9, bytes(32))})


def test_ana_has_everything_up_to_a_time_and_three_edits_wait_for_ben() -> None:
    frontier = ours()
    ledger = Ledger(frontier)
    ledger.told(ANA.device_id, {ONE: 4, TWO: 9}, NOON)
    ledger.told(BEN.device_id, {ONE: 4, TWO: 6}, NOON)
    ana, ben = ledger.standing([ANA.device_id]), ledger.standing([BEN.device_id])
    assert (ana.has_all, ana.waiting, ana.complete_ms) == (True, 0, NOON)
    assert (ben.has_all, ben.waiting, ben.complete_ms) == (False, 3, 0)
    frontier.set(ONE, Mark(6, bytes(32)))
    ledger.grown(NOON + 60_000)
    ana = ledger.standing([ANA.device_id])
    assert (ana.has_all, ana.waiting, ana.complete_ms) == (False, 2, NOON)


def test_one_device_is_enough_and_silence_is_not_having() -> None:
    ledger = Ledger(ours())
    ledger.told(ANAS_PHONE.device_id, {ONE: 4, TWO: 9}, NOON)
    ledger.told(ANA.device_id, {ONE: 0}, NOON)
    standing = ledger.standing([ANA.device_id, ANAS_PHONE.device_id])
    assert standing.has_all
    assert standing.device == ANAS_PHONE.device_id
    unknown = ledger.standing([NOBODY])
    assert (unknown.device, unknown.waiting, unknown.has_all) == (None, 15, False)


def test_receipt_is_believed_from_anybody_once_and_never_taken_back() -> None:
    ledger = Ledger(ours())
    new, old = Receipt.make(BEN, NOTEBOOK, 2, ours()), Receipt.make(BEN, NOTEBOOK, 1, Frontier())
    assert new is not None
    assert old is not None
    assert ledger.receipt(Receipt.read(new.data), NOON)
    assert not ledger.receipt(Receipt.read(new.data), NOON)
    assert not ledger.receipt(Receipt.read(old.data), NOON)
    assert ledger.standing([BEN.device_id]).has_all
    assert ledger.receipts() == (new.data,)
    again = Ledger(ours())
    again.load(ledger.write(BEN.device_id))
    assert again.standing([BEN.device_id]) == ledger.standing([BEN.device_id])
    for at in range(0, len(new.data), 13):
        forged = bytearray(new.data)
        forged[at] ^= 1
        with pytest.raises(RemoteError):
            Receipt.read(bytes(forged))


def test_receipts_go_on_being_news_when_a_clock_that_was_years_ahead_is_set_right() -> None:
    ledger, year_ms = Ledger(ours()), 365 * 86_400_000
    assert ledger.next_number(BEN.device_id, NOON) == NOON
    ahead = Receipt.make(BEN, NOTEBOOK, ledger.next_number(BEN.device_id, NOON + 2 * year_ms), Frontier())
    assert ahead is not None
    assert ledger.receipt(ahead, NOON)
    again = Ledger(ours())
    again.load(ledger.write(BEN.device_id))  # after a restart, too
    now = Receipt.make(BEN, NOTEBOOK, again.next_number(BEN.device_id, NOON), ours())
    assert now is not None
    assert now.number == NOON + 2 * year_ms + 1
    assert ledger.receipt(now, NOON)


def test_what_the_screen_says_of_others_is_true_while_it_changes() -> None:
    """At every moment: whatever Alice's ledger says that Bob has, is on Bob's disk."""
    world = World("truth", ["Alice", "Bob", "Carol"], Weather(loss=0.2))
    note = world["Alice"].create_note("x")
    bob = world["Bob"]
    for step in range(60):
        world.run(37)
        if step % 3 == 0:
            world["Alice"].type(note, "y")
        if step == 20:
            world.crash("Bob")
        if step == 40:
            world.part("Alice", "Bob")
        for session in world["Alice"].calls.sessions():
            if session.peer.device_id == bob.device.device_id:
                for feed, index in session.told(world.household.genesis.notebook_id).items():
                    assert index < 0 or index < len(bob.disk.feeds[feed].entries)
    world.settle()
    assert world["Alice"].ledger.standing([bob.device.device_id]).has_all
