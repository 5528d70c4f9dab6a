"""Columns, frames and deeds: what is written is what Automerge writes, and what is read is written again the same."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from automerge.core import ROOT, Document, ObjType, ScalarType
from hypothesis import given
from hypothesis import strategies as st

from notesapp.notes import columns as col
from notesapp.notes.change import ACTION, MAX_CHANGE_BYTES, MAX_DEPS, MAX_OP_NUMBER, MAX_OPS, read_frame
from notesapp.notes.columns import Refused
from notesapp.notes.encode import encode
from notesapp.notes.ops import read
from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind
from tests.notes.forge import ALICE, BOB, CAROL, NOTE_ID, Forged, note, taken_apart

NUMBERS = st.integers(0, col.MAX_INTEGER)
SIGNED = st.integers(-col.MAX_INTEGER, col.MAX_INTEGER)
COUNTS = st.integers(1, 300)


@given(NUMBERS)
def test_unsigned_numbers_come_back(value: int) -> None:
    raw = col.write_unsigned(value)
    assert col.read_unsigned(raw, 0) == (value, len(raw))


@given(SIGNED)
def test_signed_numbers_come_back(value: int) -> None:
    raw = col.write_signed(value)
    assert col.read_signed(raw, 0) == (value, len(raw))


@given(st.binary(min_size=1, max_size=10))
def test_any_bytes_are_one_number_in_its_only_form_or_refused(raw: bytes) -> None:
    for read_number, write_number in (
        (col.read_unsigned, col.write_unsigned),
        (col.read_signed, col.write_signed),
    ):
        try:
            value, end = read_number(raw, 0)
        except Refused:
            continue
        assert write_number(value) == raw[:end]


@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 5)), COUNTS), min_size=1))
def test_columns_of_integers_come_back(runs: list[tuple[int | None, int]]) -> None:
    rows = sum(count for _, count in runs)
    raw = col.write_integers(runs)
    again = col.read_integers(raw or None, rows)
    assert [value for value, count in again for _ in range(count)] == [
        value for value, count in runs for _ in range(count)
    ]
    assert col.write_integers(again) == raw
    assert not raw or col.count_rows(raw) == rows


@given(st.lists(st.tuples(st.integers(0, 1), COUNTS), min_size=1))
def test_columns_of_booleans_come_back(runs: list[tuple[int | None, int]]) -> None:
    rows = sum(count for _, count in runs)
    raw = col.write_booleans(runs)
    assert col.write_booleans(col.read_booleans(raw, rows)) == raw


@given(st.binary(max_size=40), st.integers(0, 50))
def test_any_bytes_are_one_column_in_its_only_form_or_refused(raw: bytes, rows: int) -> None:
    for read_column, write_column in (
        (col.read_integers, col.write_integers),
        (col.read_deltas, col.write_deltas),
        (col.read_booleans, col.write_booleans),
    ):
        try:
            runs = read_column(raw, rows)
        except Refused:
            continue
        assert write_column(runs) == raw
        assert sum(count for _, count in runs) == rows


class Bare:
    """A note written by the bare engine, as another program would write it."""

    def __init__(self) -> None:
        self.document = Document(ALICE)
        with self.document.transaction() as transaction:
            transaction.put(ROOT, "schema", ScalarType.Uint, 1)
            transaction.put(ROOT, "id", ScalarType.Bytes, NOTE_ID)
            self.body = transaction.put_object(ROOT, "body", ObjType.Text)
            self.comments = transaction.put_object(ROOT, "comments", ObjType.Map)

    def scribble(self, chance: random.Random, document: Document) -> None:
        """Some insertions, deletions and keys in one transaction."""
        with document.transaction() as transaction:
            for _ in range(chance.randint(1, 12)):
                length = transaction.length(self.body)
                if length and chance.random() < 0.4:
                    transaction.delete(self.body, chance.randrange(length))
                else:
                    letter = chance.choice("abé😀\n")
                    transaction.insert(self.body, chance.randint(0, length), ScalarType.Str, letter)
            if chance.random() < 0.3:
                key = "ab" * 16 + chance.choice((".text", ".done"))
                transaction.put(self.comments, key, ScalarType.Int, chance.randint(-9, 9))


@pytest.mark.parametrize("seed", range(20))
def test_what_the_bare_engine_writes_is_read_and_written_again_the_same(seed: int) -> None:
    chance, bare = random.Random(seed), Bare()
    one = bare.document
    two = one.fork()
    two.set_actor(BOB)
    for _ in range(20):
        bare.scribble(chance, one)
        bare.scribble(chance, two)
        if chance.random() < 0.3:
            one.merge(two)
    one.merge(two)
    replica = Replica.empty(Kind.NOTE, CAROL)
    changes = one.get_changes([])
    received = replica.receive([change.raw_bytes for change in changes])
    assert not received.refused
    assert len(received.applied) == len(changes)
    assert replica.text == one.text(bare.body)
    replica.verify()
    for change in received.applied:
        frame = read_frame(change.raw)
        actors = [change.actor, *frame.others]
        deeds = list(read(frame, range(len(actors))))
        again = encode(deeds, actor=0, actors=actors, seq=change.seq, start_op=change.start_op, deps=change.deps)
        assert again == change


# -- numbers --------------------------------------------------------------------------------------------------------


def parts() -> Forged:
    return taken_apart(note("hello").history()[-1].raw)


def test_a_change_is_taken_up_to_its_limit_and_refused_a_byte_above_it_before_anything_else_is_read() -> None:
    of_limit, above = bytes(MAX_CHANGE_BYTES), bytes(MAX_CHANGE_BYTES + 1)
    with pytest.raises(Refused, match="isn't a change"):
        read_frame(of_limit)
    with pytest.raises(Refused, match="larger than a change may be"):
        read_frame(above)


@pytest.mark.parametrize("zero", ["seq", "start_op"])
def test_a_change_whose_numbers_start_at_zero_is_refused(zero: str) -> None:
    assert read_frame(replace(parts(), seq=1, start_op=1).raw).change.seq == 1
    with pytest.raises(Refused, match="its numbers start at 0"):
        read_frame(replace(parts(), **{zero: 0}).raw)  # type: ignore[arg-type]  # both are numbers


def test_the_last_operation_has_the_highest_number_that_the_engine_can_count_to() -> None:
    rows = read_frame(parts().raw).rows
    last = MAX_OP_NUMBER - rows + 1
    assert read_frame(replace(parts(), start_op=last).raw).change.max_op == MAX_OP_NUMBER
    with pytest.raises(Refused, match="numbered too high"):
        read_frame(replace(parts(), start_op=last + 1).raw)


@pytest.mark.parametrize(("rows", "taken"), [(MAX_OPS, True), (MAX_OPS + 1, False)])
def test_a_change_has_no_more_operations_than_it_may(rows: int, taken: bool) -> None:
    raw = parts().column(ACTION, col.write_integers([(1, rows)])).raw
    if taken:
        assert read_frame(raw).rows == MAX_OPS
    else:
        with pytest.raises(Refused, match="too many operations"):
            read_frame(raw)


@pytest.mark.parametrize(("count", "taken"), [(MAX_DEPS, True), (MAX_DEPS + 1, False)])
def test_a_change_follows_no_more_others_than_it_may(count: int, taken: bool) -> None:
    raw = replace(parts(), deps=tuple(nth.to_bytes(32, "big") for nth in range(count))).raw
    if taken:
        assert len(read_frame(raw).change.deps) == MAX_DEPS
    else:
        with pytest.raises(Refused, match="too many deps"):
            read_frame(raw)
