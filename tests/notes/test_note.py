"""Typing into a note: bursts, limits, others' changes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.errors import LocalError, NewerNote, NotHereYet, TooLarge
from notesapp.notes.note import Note
from notesapp.notes.replica import Replica
from notesapp.notes.schema import MAX_TEXT_BYTES, Kind
from notesapp.text import Splice, apply

NOTE_ID = b"n" * 16
ALICE, BOB = b"a" * 16, b"b" * 16


def note(text: str = "") -> Note:
    return Note(NOTE_ID, Replica.create_note(ALICE, NOTE_ID, text))


def type_into(target: Note, at: int, text: str) -> None:
    for offset, char in enumerate(text):
        target.edit(Splice(at + offset, "", char))


def joined(mine: Note, actor: bytes = BOB) -> Note:
    other = Replica.empty(Kind.NOTE, actor)
    other.receive([change.raw for change in mine.replica.changes_since(())])
    return Note(NOTE_ID, other)


def test_a_burst_of_typing_is_one_change() -> None:
    alice = note()
    heads = alice.heads
    type_into(alice, 0, "hello")
    assert (alice.text, alice.pending, alice.heads) == ("hello", True, heads)
    assert len(alice.flush()) == 1
    assert (alice.text, alice.pending) == ("hello", False)
    assert alice.replica.text == "hello"
    assert alice.flush() == ()


def test_what_is_typed_and_taken_back_in_one_burst_makes_no_change() -> None:
    alice = note("x")
    type_into(alice, 1, "oops")
    for at in range(4, 0, -1):
        alice.edit(Splice(at, alice.text[at], ""))
    assert not alice.pending
    assert alice.flush() == ()


def test_bobs_change_comes_after_my_burst() -> None:
    alice = note("one two")
    bob = joined(alice)
    bob.edit(Splice(7, "", " three"))
    changes = bob.flush()
    type_into(alice, 0, "zero ")
    own, received = alice.receive([change.raw for change in changes])
    assert len(own) == 1
    assert received.splices == (Splice(12, "", " three"),)
    assert alice.text == "zero one two three"
    _, back = bob.receive([change.raw for change in own])
    assert bob.text == alice.text
    assert back.splices == (Splice(0, "", "zero "),)


@pytest.mark.parametrize(
    "splice",
    [
        Splice(9, "", "x"),
        Splice(-1, "", "x"),
        Splice(0, "x", ""),
        Splice(3, "tt", ""),
        Splice(1, "", "a\x00"),
        Splice(1, "", "\r\n"),
    ],
)
def test_a_splice_that_doesnt_fit_changes_nothing(splice: Splice) -> None:
    alice = note("text")
    with pytest.raises(LocalError):
        alice.edit(splice)
    assert (alice.text, alice.pending) == ("text", False)


def test_too_much_text_is_refused_before_anything_changes() -> None:
    alice = note("é" * 10)
    with pytest.raises(TooLarge, match="nothing was changed"):
        alice.edit(Splice(0, "", "é" * (MAX_TEXT_BYTES // 2)))
    assert (alice.text, alice.pending) == ("é" * 10, False)
    alice.edit(Splice(0, "", "é" * (MAX_TEXT_BYTES // 2 - 10)))
    assert len(alice.text) == MAX_TEXT_BYTES // 2
    with pytest.raises(TooLarge):
        alice.edit(Splice(0, "", "x"))
    alice.edit(Splice(0, "é", "x"))


edits = st.lists(
    st.tuples(st.booleans(), st.integers(0, 99), st.integers(0, 3), st.text("abé🙂\n", max_size=3)), max_size=25
)


@given(edits, st.integers(0, 30))
def test_any_edits_by_two_people_end_in_one_text(steps: list[tuple[bool, int, int, str]], exchange_every: int) -> None:
    alice = note("base text")
    bob = joined(alice)
    for nth, (alices, at, removed, inserted) in enumerate(steps):
        target, other = (alice, bob) if alices else (bob, alice)
        at %= len(target.text) + 1
        splice = Splice(at, target.text[at : at + removed], inserted)
        expected = apply(target.text, splice)
        target.edit(splice)
        assert target.text == expected
        if exchange_every and nth % exchange_every == 0:
            exchange(target, other)
    exchange(alice, bob)
    exchange(bob, alice)
    assert alice.text == bob.text == alice.replica.text
    alice.replica.verify()


def exchange(sender: Note, receiver: Note) -> None:
    sender.flush()
    before = receiver.text
    missing = [change.raw for change in sender.replica.history() if change.hash not in receiver.replica]
    _, received = receiver.receive(missing)
    for splice in received.splices:
        before = apply(before, splice)
    assert before == receiver.text


def test_a_key_costs_little_more_than_a_copy_of_100_kb() -> None:
    alice = note("lorem ipsum " * 8_500)
    keys = [Splice(50_000 + n, "", "x") for n in range(2_000)]
    best = 1.0
    for _ in range(3):
        began = time.process_time()
        for key in keys:
            alice.edit(key)
        best = min(best, (time.process_time() - began) / len(keys))
        alice.flush()
        keys = [Splice(key.at, "", "y") for key in keys]
    text, copies = alice.text, 0.0
    began = time.process_time()
    for key in keys:
        text = text[: key.at] + "x" + text[key.at :]
    copies = (time.process_time() - began) / len(keys)
    print(f"note: {best * 1e6:.1f} µs a key at 100 kB, of which {copies * 1e6:.1f} µs are the copy")
    assert best - copies < 20e-6


def test_a_note_of_a_newer_program_refuses_each_letter_before_anything_changes() -> None:
    note = Note(NOTE_ID, Replica.create_note(ALICE, NOTE_ID, "text"))
    note.replica.newer = True
    with pytest.raises(NewerNote):
        note.edit(Splice(0, "", "x"))
    assert (note.text, note.pending) == ("text", False)


def test_what_is_typed_while_changes_are_taken_out_stays_in_its_place() -> None:
    alice = note("one two three")
    kept = joined(alice)
    type_into(alice, 3, " refused")
    alice.flush()
    type_into(alice, 3, "!")  # right where the other text goes
    type_into(alice, len(alice.text), " four")
    shown = alice.text
    splice = alice.begin_again(kept.replica)
    assert alice.text == "one! two three four"
    assert splice is not None
    assert apply(shown, splice) == alice.text
    assert alice.pending
    alice.flush()
    assert alice.replica.text == alice.text


def test_a_note_that_takes_nothing_is_not_begun_again_over_a_burst() -> None:
    alice = note("text")
    newer = joined(alice).replica
    newer.newer = True
    type_into(alice, 4, "!")
    with pytest.raises(NewerNote):
        alice.begin_again(newer)
    assert (alice.text, alice.pending) == ("text!", True)


def test_what_has_not_begun_here_asks_for_patience() -> None:
    for kind, named in ((Kind.NOTE, "note"), (Kind.INDEX, "notebook")):
        with pytest.raises(NotHereYet, match=f"beginning of this {named} has not come"):
            Replica.empty(kind, BOB).check_writable()
