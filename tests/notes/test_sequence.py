"""The order of characters kept here is the engine's, whatever several people do at the same places at once."""

from __future__ import annotations

import random

import pytest

from notesapp.notes.replica import Replica
from notesapp.notes.sequence import Sequence
from notesapp.text import Splice, apply
from tests.notes.forge import ALICE, BOB, CAROL, joined, note

ALPHABET = "ab\né😀"


class Crowd:
    """Three people who type, delete and replace at random, mostly at the same few places."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        alice = note("same place")
        self.replicas = [alice, joined(alice, BOB), joined(alice, CAROL)]

    def edit(self, replica: Replica) -> None:
        """One burst; the text is what its splices say."""
        text, burst = replica.text, []
        for _ in range(self.random.randint(1, 4)):
            at = self.random.randint(0, min(len(text), self.random.choice((4, len(text)))))
            gone = text[at : at + self.random.choice((0, 0, 1, 3, 8))]
            typed = "".join(self.random.choices(ALPHABET, k=self.random.choice((0, 1, 2, 5))))
            burst.append(Splice(at, gone, typed))
            text = apply(text, burst[-1])
        replica.edit(burst)
        assert replica.text == text

    def send(self, source: Replica, target: Replica) -> None:
        """All that the target lacks, shuffled; the splices lead from the old text to the new."""
        raws = [change.raw for change in source.changes_since(target.heads)]
        self.random.shuffle(raws)
        before = target.text
        received = target.receive(raws)
        assert not received.refused
        assert not received.waiting
        for splice in received.splices:
            before = apply(before, splice)
        assert before == target.text

    def step(self) -> None:
        """Somebody edits; sometimes somebody sends."""
        self.edit(self.random.choice(self.replicas))
        if self.random.random() < 0.4:
            source, target = self.random.sample(self.replicas, 2)
            self.send(source, target)
            assert target._engine.text() == target.text

    def settle(self) -> None:
        """Everybody gets everything."""
        for _ in range(2):
            for source in self.replicas:
                for target in self.replicas:
                    self.send(source, target)


@pytest.mark.parametrize("seed", range(12))
def test_crowd_at_one_place_agrees_with_the_engine(seed: int) -> None:
    crowd = Crowd(seed)
    for _ in range(150):
        crowd.step()
    crowd.settle()
    assert len({replica.text for replica in crowd.replicas}) == 1
    assert len({replica.heads for replica in crowd.replicas}) == 1
    for replica in crowd.replicas:
        replica.verify()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1100))
def test_large_crowds_agree_with_the_engine(seed: int) -> None:
    crowd = Crowd(seed)
    for _ in range(600):
        crowd.step()
    crowd.settle()
    for replica in crowd.replicas:
        replica.verify()


def test_both_delete_the_same_word_at_once() -> None:
    alice = note("one two three")
    bob = joined(alice, BOB)
    mine, theirs = alice.edit([Splice(4, "two ", "")]), bob.edit([Splice(2, "e two t", "")])
    assert alice.receive([theirs[0].raw]).splices == (Splice(2, "e t", ""),)
    assert bob.receive([mine[0].raw]).splices == ()
    assert alice.text == bob.text == "onhree"
    alice.verify()


def test_text_typed_beside_tombstones_stands_where_it_was_typed() -> None:
    alice = note("abcdef")
    alice.edit([Splice(1, "bcde", "")])
    bob = joined(alice, BOB)
    alice.edit([Splice(1, "", "X")])
    bob.edit([Splice(1, "", "Y")])
    for replica in (alice, bob):
        other = bob if replica is alice else alice
        replica.receive([change.raw for change in other.changes_since(replica.heads)])
    assert alice.text == bob.text
    assert set(alice.text) == set("aXYf")
    alice.verify()


def test_spans_of_a_typed_and_backspaced_text_stay_few() -> None:
    sequence = Sequence([ALICE])
    sequence.insert(None, (1, 0), "x" * 1_000)
    for number in range(900, 100, -1):
        sequence.delete(0, number, 1)
    assert len(sequence.dump()) // 4 == 3
    assert sequence.text == "x" * 200


def test_restored_order_is_the_same_order() -> None:
    crowd = Crowd(77)
    for _ in range(60):
        crowd.step()
    crowd.settle()
    sequence = crowd.replicas[0]._state.sequence
    again = Sequence.restore(sequence._actors, sequence.dump(), sequence.text)
    assert again.dump() == sequence.dump()
    assert [again.anchor(at) for at in range(again.length + 1)] == [
        sequence.anchor(at) for at in range(sequence.length + 1)
    ]


def test_spans_that_do_not_fit_their_text_are_an_error() -> None:
    with pytest.raises(ValueError, match="don't fit"):
        Sequence.restore([ALICE], [0, 1, 5, 1], "four")


def test_positions_in_a_long_text_are_found_from_any_place() -> None:
    alice = note("0123456789\n" * 3_000)
    chance = random.Random(5)
    text = alice.text
    for _ in range(600):
        at = chance.randrange(len(text))
        splice = Splice(at, text[at : at + 2], chance.choice(("", "new", "ü")))
        text = apply(text, splice)
        alice.edit([splice])
        far = chance.randrange(len(text))
        assert alice._state.sequence.slice(far, 50) == text[far : far + 50]
    assert alice.text == text
    alice.verify()
