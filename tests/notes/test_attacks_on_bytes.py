"""Attacks that play with names, byte forms and characters: refused in under a millisecond, with the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notesapp.notes.change import (
    KEY_ACTOR,
    PRED_ACTOR,
    PRED_COUNT,
    PRED_COUNTER,
    VALUE,
    read_frame,
)
from notesapp.notes.columns import write_booleans, write_deltas, write_integers
from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind
from notesapp.text import Splice
from tests.notes.forge import ALICE, BOB, CAROL, MALLORY, joined, note, repaired, taken_apart
from tests.notes.scene import Scene, honest_passes, refused


@pytest.fixture
def scene() -> Scene:
    return Scene()


# -- names --------------------------------------------------------------------------------------------------------


def test_unknown_actor_in_the_table(scene: Scene) -> None:
    unused = replace(scene.parts, others=(ALICE, CAROL))
    refused(scene, unused.raw, "it names an unknown actor")


def test_known_but_unused_actor_in_the_table(scene: Scene) -> None:
    scene.carol.receive([scene.honest.raw])
    parts = taken_apart(joined(scene.carol, MALLORY).edit([Splice(0, "", "x")])[0].raw)
    assert parts.others == (ALICE,)
    refused(scene, replace(parts, others=(ALICE, BOB)).raw, "it names an actor that it doesn't use")


def test_unsorted_actors(scene: Scene) -> None:
    bad = replace(scene.parts, others=(CAROL, ALICE))
    refused(scene, bad.raw, "its actors aren't sorted and unique")


def test_own_name_among_the_others(scene: Scene) -> None:
    bad = replace(scene.parts, others=(ALICE, BOB))
    refused(scene, bad.raw, "its actors aren't sorted and unique")


def test_actor_that_is_no_feed(scene: Scene) -> None:
    refused(scene, replace(scene.parts, actor=BOB + b"x").raw, "an actor isn't a feed id")


def test_change_on_behalf_of_another_feed(scene: Scene) -> None:
    received = scene.carol.receive([scene.honest.raw], feeds=[MALLORY])
    assert [why for _, why in received.refused] == ["it is made in the name of another feed"]
    assert scene.carol.receive([scene.honest.raw], feeds=[BOB]).applied


# -- two byte forms of one change ---------------------------------------------------------------------------------


def test_bytes_after_the_columns(scene: Scene) -> None:
    refused(scene, replace(scene.parts, extra=b"x").raw, "bytes follow its columns")


def test_bytes_after_the_values(scene: Scene) -> None:
    refused(scene, scene.typing(2, value=b"aaa").raw, "bytes follow its values")


def test_number_not_in_its_shortest_form(scene: Scene) -> None:
    refused(scene, replace(scene.parts, length_padding=b"\x00").raw, "a number isn't in its shortest form")


def test_columns_out_of_order(scene: Scene) -> None:
    bad = replace(scene.parts, columns=tuple(reversed(scene.parts.columns)))
    refused(scene, bad.raw, "its columns aren't in order")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x02\x16\x02\x16", "a run isn't maximal"),
        (b"\x01\x16\x03\x16", "a run isn't maximal"),
        (b"\x7c\x16\x16\x16\x16", "a run isn't maximal"),
        (b"\x7e\x16\x26\x7e\x16\x26", "a run isn't maximal"),
        (b"\x00\x02\x00\x02", "a run of nothing"),
    ],
)
def test_columns_that_would_be_written_otherwise(scene: Scene, data: bytes, reason: str) -> None:
    refused(scene, scene.typing(4, meta=data).raw, reason)


@pytest.mark.parametrize("parts", [{"time": b"\x01"}, {"time": b"\x80" * 8 + b"\xc0\x00"}, {"message": b"hi"}], ids=str)
def test_time_and_message(scene: Scene, parts: dict[str, bytes]) -> None:
    refused(scene, replace(scene.parts, **parts).raw, "it carries a time or a message")  # type: ignore[arg-type]


def test_bad_checksum(scene: Scene) -> None:
    refused(scene, replace(scene.parts, checksum=b"\x00" * 4).raw, "its checksum is wrong")


def test_changed_content_under_a_right_checksum_is_another_change(scene: Scene) -> None:
    twin = scene.honest.raw.replace(b" oldd", b" OLDd")
    assert repaired(twin) != twin
    refused(scene, twin, "its checksum is wrong")
    assert read_frame(repaired(twin)).change.hash != scene.honest.hash


def test_two_chunks_in_one(scene: Scene) -> None:
    refused(scene, scene.honest.raw + scene.honest.raw, "its length is wrong")


def test_document_chunk(scene: Scene) -> None:
    scene.alice.save(compact=True)
    refused(scene, scene.alice._engine.base, "it isn't a change chunk")


def test_empty_input(scene: Scene) -> None:
    refused(scene, b"", "it isn't a change")


def test_truncated_chunk(scene: Scene) -> None:
    for end in range(1, len(scene.honest.raw)):
        (received,) = scene.carol.receive([scene.honest.raw[:end]]).refused
        assert received[1] in ("it isn't a change", "its length is wrong", "it is cut off inside a number")
    honest_passes(scene)


def test_corrupt_third_of_five(scene: Scene) -> None:
    five = [scene.bob.edit([Splice(0, "", letter)])[0].raw for letter in "abcde"]
    five[2] = five[2][:-1] + bytes((five[2][-1] ^ 1,))
    received = scene.carol.receive([scene.honest.raw, *five])
    assert len(received.applied) == 3
    assert [why for _, why in received.refused] == ["its checksum is wrong"]
    assert len(received.waiting) == 1
    assert scene.carol.text.startswith("badear old")
    scene.carol.verify()


# -- characters ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meta", "value", "reason"),
    [
        (0x26, b"ab", "a character isn't one code point"),
        (0x06, b"", "a character isn't one code point"),
        (0x416, b"a" * 65, "a character isn't one code point"),
        (0x36, b"\xed\xa0\x80", "a character isn't UTF-8"),
        (0x26, b"\xc0\x80", "a character isn't UTF-8"),
        (0x16, b"\x00", "a character may not stand in a note"),
        (0x16, b"\r", "a character may not stand in a note"),
        (0x36, "\u2029".encode(), "a character may not stand in a note"),
        (0x14, b"\x01", "a character isn't one code point"),
    ],
    ids=["two", "none", "65", "surrogate", "overlong", "nul", "return", "paragraph", "number"],
)
def test_element_that_is_not_one_character(scene: Scene, meta: int, value: bytes, reason: str) -> None:
    refused(scene, scene.typing(1, meta=write_integers([(meta, 1)]), value=value).raw, reason)


def test_two_characters_shared_wrongly_between_two_elements(scene: Scene) -> None:
    meta = write_integers([(0x16, 2), (0x26, 1), (0x16, 1)])
    bad = scene.typing(4, meta=meta, value="aaaé".encode())
    refused(scene, bad.raw, "a character isn't one code point")


def test_character_after_one_that_does_not_exist(scene: Scene) -> None:
    bad = scene.typing(1, key_counter=write_deltas([(3, 1)]))
    refused(scene, bad.raw, "it names a character that doesn't exist")


def test_character_after_itself(scene: Scene) -> None:
    bad = scene.typing(1, key_counter=write_deltas([(scene.parts.start_op, 1)]), key_actor=write_integers([(0, 1)]))
    refused(scene, bad.raw, "it names a character that doesn't exist")


def test_character_after_one_that_its_author_had_not_seen(scene: Scene) -> None:
    scene.carol.receive([scene.honest.raw])
    unseen = scene.honest.max_op - 1
    bad = scene.typing(1, key_counter=write_deltas([(unseen, 1)]))
    bad = replace(bad, others=(ALICE, BOB)).column(KEY_ACTOR, write_integers([(2, 1)]))
    assert bad.start_op == scene.honest.start_op
    refused(scene, bad.raw, "it names a character that its author had not seen")


def test_deletion_that_names_another_pred(scene: Scene) -> None:
    parts = taken_apart(joined(scene.alice, MALLORY).edit([Splice(3, "r", "")])[0].raw)
    bad = parts.column(PRED_COUNTER, write_deltas([(scene.body + 2, 1)]))
    refused(scene, bad.raw, "it deletes another character than it names")


def test_key_that_replaces_what_its_author_did_not_see() -> None:
    home = Replica.create_index(ALICE, "Home")
    bob, carol = joined(home, BOB), joined(home, CAROL)
    parts = taken_apart(bob.put({("name",): "House"}).raw)
    blind = parts.column(PRED_COUNT, write_integers([(0, 1)])).column(PRED_ACTOR, None)
    blind = replace(blind.column(PRED_COUNTER, None), others=())
    assert carol.receive([blind.raw]).refused[0][1] == "it replaces other operations than its author saw"
    assert carol.receive([parts.raw]).fields_changed
    carol.verify()


# -- marks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [{148: b"\x00\x01"}, {165: b"\x7f\x04bold"}], ids=["expand", "name"])
def test_marks(scene: Scene, columns: dict[int, bytes]) -> None:
    bad = scene.typing(1, action=write_integers([(7, 1)]), insert=write_booleans([(1, 1)]))
    for number, data in columns.items():
        bad = bad.column(number, data)
    received = scene.carol.receive([bad.raw])
    assert received.refused
    scene = Scene()
    honest = scene.typing(1)
    for number, data in columns.items():
        honest = honest.column(number, data)
    refused(scene, honest.raw, "it marks text")


# -- what is newer than this program ------------------------------------------------------------------------------


def test_newer_schema_is_kept_aside_and_not_refused() -> None:
    parts = taken_apart(note("").history()[0].raw)
    newer = parts.column(VALUE, b"\x02" + dict(parts.columns)[VALUE][1:])
    carol = Replica.empty(Kind.NOTE, CAROL)
    received = carol.receive([newer.raw])
    assert received.newer
    assert not received.refused
    assert received.held == (read_frame(newer.raw).change.hash,)
    assert carol.newer
    assert not carol.created
