"""Real histories through replicas and vetter: the same text at the end, and no honest change refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind
from tests.notes.forge import ALICE, BOB, NOTE_ID, exchange
from tests.notes.traces import Writers, read_trace


def write_and_send(shared_data: Path, name: str, size: int, first: int | None) -> None:
    """Alice writes the history; Bob gets it in portions out of order; both engines agree."""
    trace = read_trace(shared_data, name)
    alice, bob = Replica.create_note(ALICE, NOTE_ID), Replica.empty(Kind.NOTE, BOB)
    changes = list(alice.history())
    for burst in trace.bursts(size, first):
        changes += alice.edit(burst)
    if first is None:
        assert alice.text == trace.end
    for start in range(0, len(changes), 1_000):
        received = bob.receive([change.raw for change in reversed(changes[start : start + 1_000])])
        assert not received.refused
        assert not received.waiting
    assert bob.text == alice.text
    assert bob.heads == alice.heads
    bob.verify()


@pytest.mark.parametrize(("size", "first"), [(20, 40_000), (1, 4_000)])
def test_paper_typed_in_bursts_and_key_by_key(shared_data: Path, size: int, first: int) -> None:
    write_and_send(shared_data, "automerge-paper", size, first)


def test_source_code_with_jumps_and_large_deletions(shared_data: Path) -> None:
    write_and_send(shared_data, "sveltecomponent", 20, None)


def test_two_friends_typing_at_once(shared_data: Path) -> None:
    play_friends(shared_data, 10_000)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), [("automerge-paper", 20), ("automerge-paper", 3), ("sveltecomponent", 1)])
def test_whole_histories(shared_data: Path, name: str, size: int) -> None:
    write_and_send(shared_data, name, size, None)


@pytest.mark.slow
def test_two_friends_to_the_end(shared_data: Path) -> None:
    play_friends(shared_data, None)


def play_friends(shared_data: Path, first: int | None) -> None:
    """Both friends' replicas, each given what the other had seen, end alike."""
    trace = read_trace(shared_data, "friendsforever")
    writers = Writers(trace, agents=2)
    writers.replay(first)
    assert not writers.refused
    one, other = writers.replicas
    exchange(one, other)
    assert one.text == other.text
    if first is None:
        assert one.text == trace.end
    other.verify()
