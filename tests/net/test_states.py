"""What a person reads of a link on which nothing is heard, in virtual time."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from notesapp.net.address import Address
from notesapp.net.diagnosis import Cause, Wall
from notesapp.net.paths import PathTable
from notesapp.net.plan import DialPlan
from notesapp.net.relay import Rides
from notesapp.net.standing import BondState, Stage
from notesapp.net.states import States

BOB, RUN = b"bob", b"r" * 8
HERE, THERE = Address("10.77.0.1", 45654), Address("10.77.0.2", 45654)


@dataclass
class World:
    """One link, whose end is heard until it isn't; a clock, a cable of our own."""

    plugged: bool = True
    heard_at: float = 0.0
    at: Address = THERE
    paths: PathTable = field(default_factory=PathTable)

    def __post_init__(self) -> None:
        self.link = SimpleNamespace(remote=self.at, lag_s=0.001, quiet_s=0.0)
        self.links = {(BOB, RUN): self.link}
        links = cast("Any", self.links)
        wall = cast("Any", SimpleNamespace(found=Wall.NONE))
        self.states = States(
            links, self.paths, DialPlan(b"me"), Rides(self.paths), lambda: [HERE] if self.plugged else [], wall
        )
        self.states.keep([BOB], 0.0)
        self.paths.answered(BOB, RUN, self.at, 0.001, 0.0)

    def state(self, now: float) -> BondState:
        """How it stands then."""
        self.link.quiet_s = now - self.heard_at
        return self.states.state(BOB, now)

    def first(self, asked_from: float, until: float) -> float | None:
        """When a link counts as lost whose end is asked from then on each second, and says nothing."""
        self.paths.pinged(BOB, self.at, asked_from)
        steps = (asked_from + step / 10 for step in range(int((until - asked_from) * 10)))
        return next((round(now, 1) for now in steps if self.state(now).is_lost), None)


@pytest.mark.parametrize(("heartbeat", "lost"), [(1.0, 8.0), (5.0, 8.0), (15.0, 18.0)])
def test_silence_counts_from_the_last_word_once_a_few_questions_went_unanswered(heartbeat: float, lost: float) -> None:
    assert World().first(heartbeat, 60) == lost


def test_one_lost_answer_after_a_long_rest_is_no_lost_link() -> None:
    world = World()
    world.paths.pinged(BOB, THERE, 15.0)
    assert (world.state(16.5).stage, world.state(16.5).is_lost) == (Stage.SILENT, False)
    world.paths.answered(BOB, RUN, THERE, 0.001, 17.0)
    world.heard_at = 17.0
    assert world.state(17.0).stage is Stage.DIRECT


def test_a_cable_pulled_here_is_told_at_once_and_forgotten_with_the_next() -> None:
    world = World()
    world.plugged = False
    assert world.state(1.0).stage is Stage.DIRECT  # nobody has said that it changed
    world.states.moved(1.0)
    state = world.state(1.0)
    assert (state.stage, state.cause, state.is_lost) == (Stage.SILENT, Cause.NO_NETWORK, True)
    world.plugged = True
    assert world.state(1.1).stage is Stage.DIRECT


def test_a_program_on_this_computer_needs_no_network() -> None:
    world = World(at=Address("127.0.0.1", 45654))
    world.plugged = False
    world.states.moved(1.0)
    assert world.state(1.0).stage is Stage.DIRECT


def test_the_dead_link_of_a_run_that_was_killed_says_nothing_of_the_run_that_followed() -> None:
    world = World()
    world.paths.pinged(BOB, THERE, 1.0)
    world.link.quiet_s = 20.0
    assert world.states.state(BOB, 20.0).is_lost
    world.paths.answered(BOB, b"n" * 8, THERE, 0.001, 20.0)
    world.links[(BOB, b"n" * 8)] = SimpleNamespace(remote=THERE, lag_s=0.002, quiet_s=0.1)
    assert (world.states.state(BOB, 20.0).stage, world.states.state(BOB, 20.0).lag_s) == (Stage.DIRECT, 0.002)
