"""A verdict depends on a change and its past, not on what else has come before it."""

from __future__ import annotations

import pytest

from notesapp.notes.change import read_frame
from notesapp.notes.columns import Refused
from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind
from notesapp.notes.vet import Known, Newer, Ready, Waiting, vet
from notesapp.text import Splice
from tests.notes.forge import ALICE, BOB, CAROL, MALLORY, exchange, joined, note
from tests.notes.test_fuzz import Mutator


def verdict(replica: Replica, raw: bytes) -> str:
    """What the replica would do with the bytes, in a word or with the reason."""
    try:
        judged = vet(replica._state, read_frame(raw))
    except Refused as refusal:
        return refusal.reason
    match judged:
        case Ready():
            return "ready"
        case Waiting():
            return "waiting"
        case Newer():
            return "newer"
        case Known():
            return "known"


def test_verdicts_are_the_same_for_who_has_only_the_past_and_who_has_more() -> None:
    alice = note("Dear all,\nthis is it.\n")
    bob = joined(alice, BOB)
    bob.edit([Splice(5, "all", "you")])
    exchange(alice, bob)
    writer, plain, rich = joined(alice, MALLORY), joined(alice, CAROL), joined(alice, CAROL)
    for replica in (alice, bob):
        replica.edit([Splice(3, "r", ""), Splice(0, "", "My "), Splice(len(replica.text) - 1, "", "now")])
    rich.receive([change.raw for other in (alice, bob) for change in other.changes_since(rich.heads)])
    assert len(rich.heads) == 2
    (honest,) = writer.edit([Splice(2, "ar", "ER"), Splice(9, "", "more"), Splice(20, writer.text[16:18], "")])
    assert verdict(plain, honest.raw) == verdict(rich, honest.raw) == "ready"
    mutator, seen = Mutator(seed=11), set[str]()
    for _ in range(4_000):
        raw = mutator.mutate(honest.raw)
        one, other = verdict(plain, raw), verdict(rich, raw)
        if one != other:
            # who has more may know the name, the change or the character that isn't in the change's past
            assert (one, other) in {
                ("it names a character that doesn't exist", "it names a character that its author had not seen"),
                ("its author's earlier changes are not in its past", "its author made two changes with one number"),
            }, raw.hex()
        seen.add(one)
    assert {"ready", "waiting"} < seen
    assert len(seen) > 20


def test_known_change_is_known_and_one_without_its_past_waits() -> None:
    alice = note("a")
    bob = joined(alice, BOB)
    change = alice.edit([Splice(0, "", "b")])[0]
    assert verdict(bob, change.raw) == "ready"
    assert verdict(alice, change.raw) == "known"
    assert verdict(Replica.empty(Kind.NOTE, CAROL), change.raw) == "waiting"


@pytest.mark.parametrize("kind", list(Kind))
def test_document_of_the_other_kind_is_refused(kind: Kind) -> None:
    replica = note("a") if kind is Kind.INDEX else Replica.create_index(ALICE, "Home")
    joiner = Replica.empty(kind, BOB)
    received = joiner.receive([change.raw for change in replica.history()])
    assert received.refused
    assert not joiner.created


def test_text_far_over_the_limit_is_refused_without_a_trace() -> None:
    alice = note("x" * 1_000)
    carol = joined(alice, CAROL)
    (change,) = joined(alice, MALLORY).edit([Splice(0, "", "z" * 9_000)])
    carol._state.sequence.size_bytes = 3_991_001  # stands for hundreds of writers at the limit at once
    assert carol.receive([change.raw]).refused == ((change.hash, "the text would become far too long"),)
    assert carol.text == alice.text
    carol._state.sequence.size_bytes = 3_991_000
    assert carol.receive([change.raw]).applied
