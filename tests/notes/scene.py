"""The scene of the attacks: Alice's note, Bob's honest edit, Mallory's forgeries; Carol must tell them apart."""

from __future__ import annotations

import statistics
import time

from notesapp.notes.change import (
    ACTION,
    INSERT,
    KEY_ACTOR,
    KEY_COUNTER,
    KEY_STRING,
    OBJECT_ACTOR,
    OBJECT_COUNTER,
    PRED_ACTOR,
    PRED_COUNT,
    PRED_COUNTER,
    VALUE,
    VALUE_META,
)
from notesapp.notes.columns import write_booleans, write_deltas, write_integers, write_strings
from notesapp.text import Splice
from tests.notes.forge import ALICE, BOB, CAROL, MALLORY, Forged, joined, note, taken_apart


class Scene:
    """Alice's note, Bob's honest edit of it, and Carol, who has the note but not yet the edit."""

    def __init__(self) -> None:
        self.alice = note("Dear Bob, how are you?\n")
        self.bob = joined(self.alice, BOB)
        self.carol = joined(self.alice, CAROL)
        self.honest = self.bob.edit([Splice(4, "", " old"), Splice(0, "D", "d")])[0]
        self.parts = taken_apart(self.honest.raw)

    @property
    def body(self) -> int:
        """The number of the operation that made the text."""
        return next(c.max_op for c in self.alice.history()) - 1

    def forged(self, rows: dict[int, bytes], others: tuple[bytes, ...] = (ALICE,)) -> Forged:
        """A change of Mallory's on top of the note."""
        start = self.alice.history()[-1].max_op + 1
        return Forged(self.alice.heads, MALLORY, 1, start, others, tuple(sorted(rows.items())))

    def typing(self, count: int, **columns: bytes) -> Forged:
        """Mallory types `count` times the letter a at the end of the first line."""
        start = self.alice.history()[-1].max_op + 1
        rows = {
            OBJECT_ACTOR: write_integers([(1, count)]),
            OBJECT_COUNTER: write_integers([(self.body, count)]),
            KEY_ACTOR: write_integers([(1, 1), (0, count - 1)]),
            KEY_COUNTER: write_deltas([(start - 1, 1), (1, count - 1)]),
            INSERT: write_booleans([(1, count)]),
            ACTION: write_integers([(1, count)]),
            VALUE_META: write_integers([(0x16, count)]),
            VALUE: b"a" * count,
            PRED_COUNT: write_integers([(0, count)]),
        }
        rows |= {_COLUMNS[name]: data for name, data in columns.items()}
        return self.forged({number: data for number, data in rows.items() if data})

    def putting(
        self, key: str, *, into: bytes | None = None, meta: int = 0x16, value: bytes = b"x", count: int = 1
    ) -> Forged:
        """Mallory puts a key of the note itself (`into` None) or elsewhere, `count` times."""
        rows = {
            KEY_STRING: write_strings([(key, count)]),
            INSERT: write_booleans([(0, count)]),
            ACTION: write_integers([(1, count)]),
            VALUE_META: write_integers([(meta, count)]),
            VALUE: value,
            PRED_COUNT: write_integers([(0, count)]),
        }
        if into is not None:
            rows |= {OBJECT_ACTOR: write_integers([(1, count)]), OBJECT_COUNTER: into}
        return self.forged({n: d for n, d in rows.items() if d}, () if into is None else (ALICE,))


_COLUMNS = {
    "insert": INSERT,
    "action": ACTION,
    "meta": VALUE_META,
    "value": VALUE,
    "pred_count": PRED_COUNT,
    "pred_actor": PRED_ACTOR,
    "pred_counter": PRED_COUNTER,
    "key_counter": KEY_COUNTER,
    "key_actor": KEY_ACTOR,
    "object_counter": OBJECT_COUNTER,
}


def refused(scene: Scene, raw: bytes, reason: str) -> None:
    """Carol refuses the bytes for that reason in under a millisecond, and then takes Bob's honest edit."""
    text, heads = scene.carol.text, scene.carol.heads
    took: list[float] = []
    for _ in range(7):
        start = time.process_time()
        received = scene.carol.receive([raw])
        took.append(time.process_time() - start)
        assert [why for _, why in received.refused] == [reason]
        assert not received.applied
        assert not received.splices
    assert statistics.median(took) < 0.001
    assert (scene.carol.text, scene.carol.heads) == (text, heads)
    honest_passes(scene)


def honest_passes(scene: Scene) -> None:
    """Bob's edit is taken in, the engine agrees, and Carol can go on writing."""
    assert not scene.carol.receive([scene.honest.raw]).refused
    assert scene.carol.text == "dear old Bob, how are you?\n"
    scene.carol.edit([Splice(0, "", "My ")])
    scene.carol.verify()


def resigned(scene: Scene) -> Forged:
    """Bob's next change after the honest one, taken apart; Carol has the honest one already."""
    scene.carol.receive([scene.honest.raw])
    return taken_apart(scene.bob.edit([Splice(0, "", "x")])[0].raw)
