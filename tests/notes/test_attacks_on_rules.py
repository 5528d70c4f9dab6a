"""Rules of the vetter that a change breaks while all its bytes are in order; each has its own reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from notesapp.notes.change import (
    ACTION,
    INSERT,
    KEY_ACTOR,
    KEY_COUNTER,
    OBJECT_ACTOR,
    OBJECT_COUNTER,
    PRED_ACTOR,
    PRED_COUNT,
    PRED_COUNTER,
    VALUE_META,
    Change,
)
from notesapp.notes.columns import write_booleans, write_deltas, write_integers
from notesapp.notes.deeds import MAKE_MAP, MAKE_TEXT, Deed, Deleted, Dropped, Made, Put, Typed
from notesapp.notes.encode import encode
from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind
from notesapp.text import Splice
from tests.notes.forge import ALICE, CAROL, MALLORY, Forged, joined, note
from tests.notes.scene import Scene, refused

KEY = "0123456789abcdef" * 2


@pytest.fixture
def scene() -> Scene:
    return Scene()


def deleting(
    scene: Scene, numbers: Sequence[int], *, into: int | None = None, action: int = 3, whose: int = 1
) -> Forged:
    """Mallory deletes the characters with these numbers, one operation each; `whose`: the actor of what is replaced."""
    count = len(numbers)
    steps = [(number - before, 1) for before, number in zip((0, *numbers), numbers, strict=False)]
    return scene.forged(
        {
            OBJECT_ACTOR: write_integers([(1, count)]),
            OBJECT_COUNTER: write_integers([(scene.body if into is None else into, count)]),
            KEY_ACTOR: write_integers([(1, count)]),
            KEY_COUNTER: write_deltas(steps),
            INSERT: write_booleans([(0, count)]),
            ACTION: write_integers([(action, count)]),
            VALUE_META: write_integers([(0, count)]),
            PRED_COUNT: write_integers([(1, count)]),
            PRED_ACTOR: write_integers([(whose, count)]),
            PRED_COUNTER: write_deltas(steps),
        }
    )


def first_character(scene: Scene) -> int:
    return scene.alice.history()[-1].max_op - len(scene.alice.text) + 1


def written(replica: Replica, deeds: Callable[[int, int], Sequence[Deed]]) -> Change:
    """A change with any deeds at all, in canonical bytes; `deeds(first operation, own index)`. Nobody vets it here."""
    graph = replica._state.graph
    actor = graph.learn_actor(replica.actor)
    start = 1 + graph.max_op
    return encode(
        deeds(start, actor),
        actor=actor,
        actors=graph.actors,
        seq=graph.last_seq(actor) + 1,
        start_op=start,
        deps=sorted(graph.heads),
    )


# -- characters ---------------------------------------------------------------------------------------------------


def test_honest_deletion_passes(scene: Scene) -> None:
    first = first_character(scene)
    assert scene.carol.receive([deleting(scene, [first, first + 1]).raw]).applied
    assert scene.carol.text == "ar Bob, how are you?\n"


@pytest.mark.parametrize("apart", [(0, 0), (0, 0, 0), (0, 2, 0), (0, 1, 2, 1)])
def test_character_deleted_twice_in_one_change(scene: Scene, apart: tuple[int, ...]) -> None:
    first = first_character(scene)
    refused(scene, deleting(scene, [first + n for n in apart]).raw, "it deletes a character twice")


def test_deletion_from_what_is_no_text(scene: Scene) -> None:
    into = scene.body + 1
    reason = "a character is deleted from something that isn't the text"
    refused(scene, deleting(scene, [first_character(scene)], into=into).raw, reason)


def test_deletion_that_replaces_another_character_than_it_names(scene: Scene) -> None:
    reason = "it deletes another character than it names"
    refused(scene, deleting(scene, [first_character(scene)], whose=0).raw, reason)


def test_character_put_in_place_of_another(scene: Scene) -> None:
    refused(scene, deleting(scene, [first_character(scene)], action=1).raw, "an action on a character is unknown")


def test_deletion_runs_on_into_characters_that_the_change_does_not_make(scene: Scene) -> None:
    mallory = joined(scene.alice, MALLORY)
    (own,) = mallory.edit([Splice(0, "", "m")])
    scene.carol.receive([own.raw])
    body = mallory._state.containers["body"]
    change = written(mallory, lambda start, me: [Deleted(body, start, me, own.max_op, 1, 2)])
    assert [why for _, why in scene.carol.receive([change.raw]).refused] == ["it names a character that doesn't exist"]


def test_character_after_an_operation_of_the_change_that_makes_none(scene: Scene) -> None:
    mallory = joined(scene.alice, MALLORY)
    body, alice = mallory._state.containers["body"], mallory._state.graph.actor_index[ALICE]
    first = first_character(scene)
    change = written(
        mallory,
        lambda start, me: [
            Deleted(body, start, alice, first, 1, 1),
            Typed(body, (start, me), start + 1, "x", chained=True),
        ],
    )
    refused(scene, change.raw, "it names a character that doesn't exist")


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"action": write_integers([(3, 1)])}, "something other than a character is inserted"),
        ({"key_counter": write_deltas([(-1, 1)])}, "a character's number is out of range"),
        ({"key_counter": write_deltas([(0, 1)])}, "a character follows number 0"),
        ({"key_actor": b""}, "a character follows one without an actor"),
        ({"object_counter": b""}, "an object has half a name"),
        ({"pred_count": b""}, "a column is missing"),
    ],
)
def test_character_inserted_in_a_way_that_makes_no_sense(scene: Scene, columns: dict[str, bytes], reason: str) -> None:
    forged = scene.typing(1, **columns)
    forged = replace(forged, columns=tuple((n, d) for n, d in forged.columns if d))
    refused(scene, forged.raw, reason)


def test_two_values_that_are_one_character(scene: Scene) -> None:
    refused(scene, scene.typing(3, value="aé".encode()).raw, "a character isn't one code point")


def test_first_change_of_an_author_that_claims_an_earlier_one(scene: Scene) -> None:
    forged = replace(scene.typing(1), seq=2)
    refused(scene, forged.raw, "its author's earlier changes are not in its past")


# -- keys ---------------------------------------------------------------------------------------------------------


def test_key_that_is_a_character_too(scene: Scene) -> None:
    forged = scene.putting(f"{KEY}.text", into=write_integers([(scene.body + 1, 1)]))
    refused(scene, forged.column(KEY_COUNTER, write_deltas([(5, 1)])).raw, "a key is both a character and a name")


def test_key_without_a_kind_of_value(scene: Scene) -> None:
    forged = scene.putting(f"{KEY}.text", into=write_integers([(scene.body + 1, 1)]), value=b"")
    refused(scene, forged.column(VALUE_META, None).raw, "a column is missing")


def test_number_with_bytes_behind_it(scene: Scene) -> None:
    into = write_integers([(scene.body + 1, 1)])
    forged = scene.putting(f"{KEY}.text", into=into, meta=0x23, value=b"\x01\x01")
    refused(scene, forged.raw, "a value has bytes to spare")


def test_deletion_of_a_key_that_is_not_there(scene: Scene) -> None:
    into = write_integers([(scene.body + 1, 1)])
    forged = scene.putting(f"{KEY}.text", into=into, meta=0, value=b"").column(ACTION, write_integers([(3, 1)]))
    refused(scene, forged.raw, "it deletes nothing")


@pytest.mark.parametrize(("kind", "value"), [("str", "yes"), ("int", 1), ("null", None)])
def test_value_of_a_kind_that_its_key_may_not_hold(kind: str, value: object) -> None:
    index = Replica.create_index(ALICE, "Home")
    mallory, carol = joined(index, MALLORY), joined(index, CAROL)
    notes = mallory._state.containers["notes"]
    change = written(mallory, lambda start, me: [Put(notes, start, f"{KEY}.pinned", kind, value, ())])  # type: ignore[arg-type]  # on purpose
    assert [why for _, why in carol.receive([change.raw]).refused] == ["a value doesn't fit its key"]
    honest = written(mallory, lambda start, me: [Put(notes, start, f"{KEY}.pinned", "bool", True, ())])
    assert carol.receive([honest.raw]).applied


@pytest.mark.parametrize(
    ("key", "kind", "value"),
    [
        ("attachments.hash", "bytes", bytes(31)),
        ("notes.moved_to", "bytes", bytes(65_537)),
        ("notes.folder", "str", "a" * 65_537),
        ("notes.folder", "str", "é" * 40_000),
    ],
)
def test_value_that_is_longer_or_shorter_than_its_key_may_hold(key: str, kind: str, value: str | bytes) -> None:
    index = Replica.create_index(ALICE, "Home")
    mallory, carol = joined(index, MALLORY), joined(index, CAROL)
    name, field = key.split(".")
    into = mallory._state.containers[name]
    change = written(mallory, lambda start, me: [Put(into, start, f"{KEY}.{field}", kind, value, ())])
    assert [why for _, why in carol.receive([change.raw]).refused] == ["a value doesn't fit its key"]
    fits = value[:32].ljust(32, b"\0") if isinstance(value, bytes) else value[:32_768]
    honest = written(mallory, lambda start, me: [Put(into, start, f"{KEY}.{field}", kind, fits, ())])
    assert carol.receive([honest.raw]).applied


def test_the_name_of_a_notebook_can_not_be_deleted() -> None:
    index = Replica.create_index(ALICE, "Home")
    mallory, carol = joined(index, MALLORY), joined(index, CAROL)
    over = mallory._state.registers.visible("", "name")
    change = written(mallory, lambda start, me: [Dropped(None, start, "name", over)])
    assert [why for _, why in carol.receive([change.raw]).refused] == ["a key of the document itself is deleted"]


# -- beginnings ---------------------------------------------------------------------------------------------------

_ID = Put(None, 2, "id", "bytes", b"i" * 16, ())
_BODY, _COMMENTS = Made(None, 3, "body", MAKE_TEXT), Made(None, 4, "comments", MAKE_MAP)


@pytest.mark.parametrize(
    ("deeds", "reason"),
    [
        ([Put(None, 1, "schema", "uint", 1, ()), _ID, _BODY], "the document is created incompletely"),
        ([_ID, _BODY, _COMMENTS], "the document is created incompletely"),
        ([Put(None, 1, "schema", "uint", 0, ()), _ID, _BODY, _COMMENTS], "a value doesn't fit its key"),
    ],
)
def test_document_that_is_created_otherwise(deeds: list[Put | Made], reason: str) -> None:
    mallory, carol = Replica.empty(Kind.NOTE, MALLORY), Replica.empty(Kind.NOTE, CAROL)
    numbered = [replace(deed, op=nth) for nth, deed in enumerate(deeds, start=1)]
    change = written(mallory, lambda start, me: numbered)
    assert [why for _, why in carol.receive([change.raw]).refused] == [reason]
    assert not carol.created
    assert carol.receive([note().history()[0].raw]).applied
