"""Figures of the engine half of notes: `pytest tests/bench/test_engine.py -m slow -s` prints them.

Ratios to the bare engine are measured in one run, one beside the other; times are medians or 95th percentiles
of this process's own CPU time, so that a busy machine blurs them less.
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from automerge.core import ROOT, Document, ObjType, ScalarType

from notesapp.notes.change import (
    ACTION,
    INSERT,
    KEY_COUNTER,
    OBJECT_ACTOR,
    OBJECT_COUNTER,
    PRED_COUNT,
    VALUE,
    VALUE_META,
)
from notesapp.notes.columns import write_booleans, write_deltas, write_integers
from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind
from notesapp.text import Splice
from tests.notes.forge import ALICE, BOB, CAROL, NOTE_ID, Forged, joined, note
from tests.notes.scene import Scene
from tests.notes.traces import Trace, read_trace

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def say(line: str) -> None:
    """Print a figure."""
    print(f"  {line}")


def percentile(took: list[float], share: float) -> float:
    """The value under which that share of the times lies."""
    return sorted(took)[int(len(took) * share)]


@pytest.fixture(autouse=True)
def _quiet_collector() -> Iterator[None]:
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def bare_cost(bursts: list[list[Splice]]) -> float:
    """Seconds that the bare engine takes for the bursts, a transaction each."""
    document = Document(ALICE)
    with document.transaction() as transaction:
        body = transaction.put_object(ROOT, "body", ObjType.Text)
    start = time.process_time()
    for burst in bursts:
        with document.transaction() as transaction:
            for splice in burst:
                for _ in splice.removed:
                    transaction.delete(body, splice.at)
                for nth, letter in enumerate(splice.inserted):
                    transaction.insert(body, splice.at + nth, ScalarType.Str, letter)
    return time.process_time() - start


def replay(trace: Trace, size: int) -> tuple[Replica, int, list[float], list[list[Splice]]]:
    """The replica after the whole history, how many keys, what each burst took, and the bursts."""
    bursts = list(trace.bursts(size))
    keys = sum(len(s.removed) + len(s.inserted) for burst in bursts for s in burst)
    replica, took = Replica.create_note(ALICE, NOTE_ID), []
    gc.freeze()  # the bursts are not what is measured
    for burst in bursts:
        start = time.process_time()
        replica.edit(burst)
        took.append(time.process_time() - start)
    assert replica.text == trace.end
    return replica, keys, took, bursts


@pytest.mark.parametrize("name", ["automerge-paper", "sveltecomponent"])
def test_replay_in_bursts_of_20_keys(shared_data: Path, name: str) -> None:
    replica, keys, took, bursts = replay(read_trace(shared_data, name), 20)
    bare = bare_cost(bursts) / keys * 1e6
    ours = sum(took) / keys * 1e6
    start = time.process_time()
    replica.warm()
    engine = (time.process_time() - start) / keys * 1e6
    say(f"{name}, bursts of 20: {ours:.1f} µs a key, the engine's own part later {engine:.1f}; bare {bare:.1f}")
    say(f"{name}, bursts of 20: p95 {percentile(took, 0.95) * 1e3:.2f} ms, worst {max(took) * 1e3:.1f} ms a burst")
    assert ours + engine <= bare + 10
    replica.verify()


def test_opening_a_long_history(shared_data: Path) -> None:
    replica, *_ = replay(read_trace(shared_data, "automerge-paper"), 20)
    for compact in (False, True):
        data = replica.save(compact=compact)
        start = time.process_time()
        again = Replica.load(data, BOB)
        text = again.text
        shown = time.process_time()
        again.edit([Splice(0, "", "x")])
        edited = time.process_time()
        again.warm()
        warm = time.process_time()
        assert text == replica.text
        say(
            f"automerge-paper, snapshot of {len(data) / 1e6:.2f} MB: text and replica {(shown - start) * 1e3:.0f} ms, "
            f"first edit {(edited - shown) * 1e3:.1f} ms, engine {(warm - edited) * 1e3:.0f} ms"
        )
        assert warm - start < 1


def test_opening_20_kb_with_5_000_changes() -> None:
    replica, chance = note("x" * 10_000), random.Random(1)
    for _ in range(5_000):
        at = chance.randrange(len(replica.text))
        replica.edit([Splice(at, "", "yz")])
    for compact in (False, True):
        data, took = replica.save(compact=compact), []
        for _ in range(5):
            start = time.process_time()
            again = Replica.load(data, BOB)
            assert len(again.text) == 20_000
            loaded = time.process_time()
            again.warm()
            took.append((loaded - start, time.process_time() - start))
        ready, warm = (statistics.median(column) * 1e3 for column in zip(*took, strict=True))
        say(f"20 kB, 5,000 changes, {len(data) / 1e3:.0f} kB: ready {ready:.0f} ms, engine too {warm:.0f} ms")
        assert warm < 150


def test_remote_keys_in_a_long_note() -> None:
    alice, chance = note("Lorem ipsum dolor sit amet\n" * 1_000), random.Random(2)
    bob = joined(alice, BOB)
    length, at, took = len(alice.text), 0, []
    for nth in range(100_000):
        if nth % 50 == 0:
            at = chance.randrange(length)
        (change,) = alice.edit([Splice(at, "", "k")])
        at, length = at + 1, length + 1
        start = time.process_time()
        received = bob.receive([change.raw])
        took.append(time.process_time() - start)
        assert received.splices == (Splice(at - 1, "", "k"),)
    assert bob.text == alice.text
    late = took[-10_000:]
    say(
        f"remote key into 127 kB with 100,000 keys of history: median {statistics.median(late) * 1e6:.0f} µs, "
        f"p95 {percentile(late, 0.95) * 1e6:.0f} µs, worst {max(late) * 1e3:.2f} ms"
    )
    start = time.process_time()
    data = bob.save()
    saved = time.process_time()
    again = Replica.load(data, CAROL)
    loaded = time.process_time()
    assert again.text == bob.text
    save, load = (saved - start) * 1e3, (loaded - saved) * 1e3
    say(f"that note: save {save:.0f} ms, {len(data) / 1e6:.1f} MB, load {load:.0f} ms")
    assert percentile(late, 0.95) < 0.001


def test_two_people_typing_at_once_in_a_long_note() -> None:
    alice = note("Lorem ipsum dolor sit amet\n" * 4_000)
    bob = joined(alice, BOB)
    took = []
    for nth in range(5_000):
        mine = alice.edit([Splice(10 + nth, "", "a")])
        start = time.process_time()
        theirs = bob.edit([Splice(len(bob.text) - 10, "", "b")])
        alice.receive([theirs[0].raw])
        took.append(time.process_time() - start)
        bob.receive([mine[0].raw])
    assert alice.text == bob.text
    say(f"key of mine + key of theirs, both ends of 108 kB: p95 {percentile(took, 0.95) * 1e6:.0f} µs")


def test_vetting_of_small_changes_good_and_bad() -> None:
    scene = Scene()
    honest = [scene.bob.edit([Splice(5, "", "some words here")])[0].raw for _ in range(300)]
    took = []
    for raw in [scene.honest.raw, *honest]:
        start = time.process_time()
        scene.carol.receive([raw])
        took.append(time.process_time() - start)
    start = time.process_time()
    for raw in honest:
        spoilt = raw[:-3] + bytes((raw[-3] ^ 1,)) + raw[-2:]
        scene.carol.receive([spoilt])
    bad = (time.process_time() - start) / len(honest)
    good = statistics.median(took)
    say(f"vet and take in 15 keys: {good * 1e6:.0f} µs; refuse as many bytes: {bad * 1e6:.0f} µs")
    assert good < 0.0003
    assert bad < good * 2


def test_bad_change_costs_no_more_than_an_honest_one_of_its_size() -> None:
    pasted = "".join(random.Random(3).choices("abcdeé 😀\n", k=20_000))
    alice = note("x")
    (honest,) = alice.edit([Splice(0, "", pasted)])
    fresh = Replica.empty(Kind.NOTE, BOB)
    fresh.receive([change.raw for change in alice.history()[:-1]])
    start = time.process_time()
    assert fresh.receive([honest.raw]).applied
    good = time.process_time() - start
    say(f"paste of 20,000 mixed characters, {len(honest.raw) / 1e3:.0f} kB: {good * 1e3:.1f} ms")
    assert good < 0.1


def test_characters_forced_past_as_many_concurrent_ones() -> None:
    alice = note("hello")
    dave = joined(alice, CAROL)
    dave.edit([Splice(0, "", "z" * 20_000)])
    carol = joined(dave, BOB)
    high, low = at_the_beginning(dave, b"h" * 16, 20_000), at_the_beginning(alice, b"l" * 16, 20_000)
    for name, raw in (("after nothing", high), ("past 20,000 concurrent ones", low)):
        start = time.process_time()
        assert carol.receive([raw]).applied
        say(f"20,000 characters, each at the beginning, {name}: {time.process_time() - start:.2f} s")


def at_the_beginning(base: Replica, actor: bytes, count: int) -> bytes:
    """A change of a hundred bytes and more that puts `count` characters at the beginning one by one."""
    columns = {
        OBJECT_ACTOR: write_integers([(1, count)]),
        OBJECT_COUNTER: write_integers([(3, count)]),
        KEY_COUNTER: write_deltas([(0, count)]),
        INSERT: write_booleans([(1, count)]),
        ACTION: write_integers([(1, count)]),
        VALUE_META: write_integers([(0x16, count)]),
        VALUE: b"a" * count,
        PRED_COUNT: write_integers([(0, count)]),
    }
    start = base.history()[-1].max_op + 1
    return Forged(base.heads, actor, 1, start, (ALICE,), tuple(sorted(columns.items()))).raw
