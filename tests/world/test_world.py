"""Hundreds of small worlds: whatever happens, all become equal and nothing that was saved is missing."""

from __future__ import annotations

import pytest

from tests.world.adventure import live


@pytest.mark.parametrize("block", range(30))
def test_whatever_happens_all_become_equal_and_no_saved_edit_is_missing(block: int) -> None:
    for seed in range(block * 10, block * 10 + 10):
        world = live(seed)
        assert not any(replica.troubles for replica in world.running), seed


@pytest.mark.parametrize("seed", [6882, 8619])
def test_worlds_that_once_stayed_apart_become_equal(seed: int) -> None:
    """What was turned away for a right that had not come yet was never asked for again."""
    assert not any(replica.troubles for replica in live(seed).running)


def test_a_world_is_worth_its_name() -> None:
    """That the adventures contain what they are about: crashes, lost commits, many edits, several feeds per device."""
    worlds = [live(seed) for seed in range(40)]
    assert sum(len(r.saved) for world in worlds for r in world.running) > 400
    assert sum(r.disk.life for world in worlds for r in world.running) > 20
    assert any(len(world["Alice"].book.frontier) > 3 for world in worlds)


def test_what_grew_between_saying_and_hearing_is_sent_too() -> None:
    """A life in which somebody was removed just after the records were announced, and before the other's word came."""
    live(1065)


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("block", range(100))
def test_ten_thousand_worlds(block: int) -> None:
    for seed in range(1000 + block * 100, 1000 + block * 100 + 100):
        live(seed)
