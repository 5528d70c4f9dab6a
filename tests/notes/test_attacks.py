"""Each attack on the engine that a writer could make, by name: refused in under a millisecond, with the reason.

The honest change beside each passes, and the note goes on. Here: numbers, deps, objects, bombs; what plays with bytes,
names and characters is in test_attacks_on_bytes. What the bare engine does with them: test_bare_engine.
"""

from __future__ import annotations

import time
import zlib
from dataclasses import replace

import pytest

from notesapp.notes.change import (
    ACTION,
    INSERT,
    KEY_ACTOR,
    KEY_COUNTER,
    KEY_STRING,
    MAX_OPS,
    OBJECT_ACTOR,
    OBJECT_COUNTER,
    PRED_ACTOR,
    PRED_COUNT,
    PRED_COUNTER,
    VALUE,
    VALUE_META,
    read_frame,
)
from notesapp.notes.columns import write_booleans, write_deltas, write_integers, write_strings
from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind
from notesapp.text import Splice
from tests.notes.forge import ALICE, CAROL, MALLORY, note, seal, taken_apart
from tests.notes.scene import Scene, honest_passes, refused, resigned


@pytest.fixture
def scene() -> Scene:
    return Scene()


# -- numbers of changes and operations ----------------------------------------------------------------------------


def test_two_changes_with_one_number(scene: Scene) -> None:
    scene.carol.receive([scene.honest.raw])
    twin = scene.parts.column(VALUE, b" OLDd")
    assert twin.raw != scene.honest.raw
    refused(scene, twin.raw, "its author made two changes with one number")


def test_two_changes_with_one_number_through_the_queue(scene: Scene) -> None:
    later = scene.bob.edit([Splice(0, "", "x")])[0]
    twin = scene.parts.column(VALUE, b" OLDd").raw
    received = scene.carol.receive([later.raw, twin, scene.honest.raw])
    assert [change.hash for change in received.applied] == [read_frame(twin).change.hash]
    assert [why for _, why in received.refused] == [
        "its author made two changes with one number",
        "it follows a change that was refused",
    ]
    scene.carol.verify()


@pytest.mark.parametrize("seq", [6, 2**53 - 1])
def test_gap_in_the_numbers_of_changes(scene: Scene, seq: int) -> None:
    refused(scene, replace(resigned(scene), seq=seq).raw, "its author's earlier changes are not in its past")


def test_number_of_a_change_beyond_all_integers(scene: Scene) -> None:
    refused(scene, replace(scene.parts, seq=2**63).raw, "a number is too long")


def test_next_number_without_the_chain_of_deps(scene: Scene) -> None:
    loose = replace(resigned(scene), deps=scene.alice.heads, start_op=scene.parts.start_op)
    refused(scene, loose.raw, "its author's earlier changes are not in its past")


def test_operations_numbered_too_low(scene: Scene) -> None:
    low = replace(scene.parts, start_op=scene.parts.start_op - 1)
    refused(scene, low.raw, "its operations are numbered out of order")


@pytest.mark.parametrize("start_op", [2**32 - 1, 2**31, 2**53 - 1])
def test_operations_numbered_at_the_end_of_all_numbers(scene: Scene, start_op: int) -> None:
    refused(scene, replace(scene.parts, start_op=start_op).raw, "its operations are numbered too high")


def test_operations_numbered_beyond_all_integers(scene: Scene) -> None:
    refused(scene, replace(scene.parts, start_op=2**64 - 1).raw, "a number is too long")


# -- deps ---------------------------------------------------------------------------------------------------------


def test_unknown_dep_waits_and_leaves_no_trace(scene: Scene) -> None:
    orphan = replace(scene.parts, deps=(b"\x07" * 32,))
    received = scene.carol.receive([orphan.raw])
    assert received.waiting == (b"\x07" * 32,)
    assert not received.applied
    honest_passes(scene)


def test_many_orphans_cost_nothing_that_stays(scene: Scene) -> None:
    before = len(scene.carol.save())
    orphans = [replace(scene.parts, deps=(number.to_bytes(32, "big"),)).raw for number in range(2_000)]
    start = time.process_time()
    received = scene.carol.receive(orphans)
    assert (time.process_time() - start) / len(orphans) < 0.001
    assert len(received.waiting) == len(received.held) == len(orphans)
    assert len(scene.carol.save()) == before
    honest_passes(scene)


def test_many_duplicate_deps(scene: Scene) -> None:
    refused(scene, replace(scene.parts, deps=scene.parts.deps * 20_000).raw, "it has too many deps")
    scene = Scene()
    refused(scene, replace(scene.parts, deps=scene.parts.deps * 2).raw, "its deps aren't sorted and unique")


def test_unsorted_deps(scene: Scene) -> None:
    deps = tuple(sorted((*scene.parts.deps, b"\x07" * 32), reverse=True))
    refused(scene, replace(scene.parts, deps=deps).raw, "its deps aren't sorted and unique")


def test_more_deps_claimed_than_sent(scene: Scene) -> None:
    refused(scene, replace(scene.parts, dep_count=1_000).raw, "it is cut off inside its deps")


# -- what may be written ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meta", "value"),
    [(0x18, b"\x01"), (0x99, b"\xff" * 8 + b"\x00"), (0x1E, b"x"), (0x85, b"\x00" * 8)],
    ids=["counter", "timestamp", "unknown type", "float"],
)
def test_values_of_foreign_kinds(scene: Scene, meta: int, value: bytes) -> None:
    refused(scene, scene.putting("id", meta=meta, value=value).raw, "a value's kind is unknown")


@pytest.mark.parametrize("action", [2, 5, 6, 7, 8, 99])
def test_unknown_actions_and_tables(scene: Scene, action: int) -> None:
    bad = scene.putting("id").column(ACTION, write_integers([(action, 1)]))
    refused(scene, bad.raw, "an action is unknown")


def test_key_put_into_the_text(scene: Scene) -> None:
    refused(scene, scene.putting("id", into=write_integers([(scene.body, 1)])).raw, "a key is put into the text")


def test_put_on_an_object_that_does_not_exist(scene: Scene) -> None:
    bad = scene.putting("id", into=write_integers([(77, 1)]))
    refused(scene, bad.raw, "it changes an object that doesn't exist")


def test_character_into_a_map(scene: Scene) -> None:
    bad = scene.typing(1, object_counter=write_integers([(scene.body + 1, 1)]))
    refused(scene, bad.raw, "a character is put into something that isn't the text")


def test_second_container_at_the_body(scene: Scene) -> None:
    bad = scene.putting("body", meta=0, value=b"").column(ACTION, write_integers([(4, 1)]))
    refused(scene, bad.raw, "a container is made where none belongs")


def test_unknown_key(scene: Scene) -> None:
    refused(scene, scene.putting("colour").raw, "a key is unknown")


def test_second_creating_change(scene: Scene) -> None:
    other = note("another beginning", MALLORY).history()[0]
    refused(scene, other.raw, "the document was created already")


def test_creating_change_without_a_text() -> None:
    parts = taken_apart(note("").history()[0].raw)
    index = taken_apart(Replica.create_index(ALICE, "Home").history()[0].raw)
    carol = Replica.empty(Kind.NOTE, CAROL)
    assert carol.receive([index.raw]).refused[0][1] == "a key is unknown"
    assert carol.receive([parts.raw]).applied


def test_container_made_later_inside_the_comments(scene: Scene) -> None:
    bad = scene.putting("a" * 32 + ".text", into=write_integers([(scene.body + 1, 1)]), meta=0, value=b"")
    bad = bad.column(ACTION, write_integers([(0, 1)]))
    refused(scene, bad.raw, "a container is made where none belongs")


def test_object_that_is_its_own_ancestor(scene: Scene) -> None:
    start = scene.parts.start_op
    bad = scene.putting("x", into=write_integers([(start, 1)]), meta=0, value=b"")
    bad = bad.column(OBJECT_ACTOR, write_integers([(0, 1)])).column(ACTION, write_integers([(0, 1)]))
    refused(scene, replace(bad, others=()).raw, "it changes an object that doesn't exist")


def test_thousands_of_nested_objects(scene: Scene) -> None:
    count, start = 8_000, scene.parts.start_op
    rows = {
        OBJECT_ACTOR: write_integers([(None, 1), (0, count - 1)]),
        OBJECT_COUNTER: write_integers([(None, 1), *[(start + n, 1) for n in range(count - 1)]]),
        KEY_STRING: write_strings([("x", count)]),
        INSERT: write_booleans([(0, count)]),
        ACTION: write_integers([(0, count)]),
        VALUE_META: write_integers([(0, count)]),
        PRED_COUNT: write_integers([(0, count)]),
    }
    frame_cost = scene.forged(rows, ()).raw
    start_s = time.process_time()
    received = scene.carol.receive([frame_cost])
    took = time.process_time() - start_s
    assert [why for _, why in received.refused] == ["a container is made where none belongs"]
    assert took < 0.05  # 24 kB are read; an honest change of that size costs as much
    honest_passes(scene)


# -- bombs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [32_000, 2_000_000, 2**40])
def test_run_length_bomb_of_puts_on_one_key(scene: Scene, count: int) -> None:
    bad = scene.putting("id", count=count)
    assert len(bad.raw) < 150
    refused(scene, bad.raw, "it has too many operations")


def test_as_many_puts_on_one_key_as_operations_are_allowed(scene: Scene) -> None:
    bad = scene.putting("id", meta=0x06, value=b"", count=MAX_OPS)
    refused(scene, bad.raw, "a key is put that only the creating change may put")
    scene = Scene()
    bad = scene.putting(
        "a" * 32 + ".text",
        into=write_integers([(scene.body + 1, MAX_OPS)]),
        meta=0x06,
        value=b"",
        count=MAX_OPS,
    )
    refused(scene, bad.raw, "it puts a key twice")


def test_three_million_insertions_in_a_hundred_bytes(scene: Scene) -> None:
    bad = scene.typing(3_000_000, value=b"a")
    assert len(bad.raw) < 200
    refused(scene, bad.raw, "it has too many operations")


def test_insertions_whose_values_are_missing(scene: Scene) -> None:
    refused(scene, scene.typing(MAX_OPS, value=b"a").raw, "it is cut off inside its values")


@pytest.mark.parametrize("column", [OBJECT_ACTOR, KEY_ACTOR, KEY_STRING, VALUE_META])
def test_run_of_nulls_without_end(scene: Scene, column: int) -> None:
    bad = scene.parts.column(column, b"\x00" + b"\xff" * 7 + b"\x1f")
    refused(scene, bad.raw, "a number is too large")
    scene = Scene()
    bad = scene.parts.column(column, b"\x00" + b"\xff" * 6 + b"\x0f")
    refused(scene, bad.raw, "a column is longer than the change")


def test_boolean_run_without_end(scene: Scene) -> None:
    long = scene.typing(3, insert=b"\x00" + b"\xff" * 6 + b"\x0f")
    refused(scene, long.raw, "a column is longer than the change")
    scene = Scene()
    refused(scene, scene.typing(3, insert=b"\x00\x00\x00\x03").raw, "a run of nothing")


def test_deletions_of_one_character_by_the_thousand(scene: Scene) -> None:
    count, first = MAX_OPS, scene.body + 2
    rows = {
        OBJECT_ACTOR: write_integers([(1, count)]),
        OBJECT_COUNTER: write_integers([(scene.body, count)]),
        KEY_ACTOR: write_integers([(1, count)]),
        KEY_COUNTER: write_deltas([(first, 1), (0, count - 1)]),
        INSERT: write_booleans([(0, count)]),
        ACTION: write_integers([(3, count)]),
        VALUE_META: write_integers([(0, count)]),
        PRED_COUNT: write_integers([(1, count)]),
        PRED_ACTOR: write_integers([(1, count)]),
        PRED_COUNTER: write_deltas([(first, 1), (0, count - 1)]),
    }
    refused(scene, scene.forged(rows).raw, "it deletes a character twice")


def test_more_preds_than_operations(scene: Scene) -> None:
    bad = scene.putting("id").column(PRED_COUNT, write_integers([(2**40, 1)]))
    refused(scene, bad.raw, "it replaces too many operations")


def test_deflated_change(scene: Scene) -> None:
    body = zlib.compress(b"\x00" * 1_000_000)
    chunk = b"\x02" + bytes((len(body) & 0x7F | 0x80, len(body) >> 7)) + body
    refused(scene, seal(chunk), "it is deflated")
