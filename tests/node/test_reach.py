"""How others are reached, in words: near, directly, through a member, or not at all and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from notesapp.net.address import Address, Reach
from notesapp.net.candidate import NatClass
from notesapp.net.diagnosis import Cause, Remedy
from notesapp.net.standing import BondState, Stage
from notesapp.node.node import Node
from notesapp.node.people_views import Company
from notesapp.node.reach import path_words
from tests.node.air import MemoryNetwork, room, until
from tests.node.test_sharing import joined

RANDOM = (NatClass.RANDOM, NatClass.RANDOM)


@pytest.mark.parametrize(
    ("reach", "through", "words"),
    [
        (Reach.HERE, "", "same network"),
        (Reach.LAN, "", "same network"),
        (Reach.V6, "", "direct"),
        (Reach.V4, "", "direct"),
        (Reach.RELAY, "Ana", "through Ana"),
        (Reach.RELAY, "", "through another device"),
        (None, "", ""),
    ],
)
def test_words_for_a_path(reach: Reach | None, through: str, words: str) -> None:
    assert path_words(reach, through) == words


def network_of(node: Node) -> MemoryNetwork:
    network = node.people.peering.network
    assert isinstance(network, MemoryNetwork)
    return network


def device_of(node: Node, name: str) -> bytes:
    return next(view.device_id for view in node.people.reach() if view.name == name)


async def test_each_device_of_others_is_told_once_with_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room(tmp_path, "alice", "bob", "ana") as it:
        alice, bob, ana = it["alice"], it["bob"], it["ana"]
        await joined(alice, bob)
        await joined(alice, ana)
        await until(lambda: {view.name for view in alice.people.reach()} == {"bob", "ana"})
        anas, bobs = device_of(alice, "ana"), device_of(alice, "bob")
        states = {
            anas: BondState(Stage.DIRECT, Reach.V4, Address("203.0.113.7", 4_242), 0.031),
            bobs: BondState(Stage.RELAYED, Reach.RELAY, Address.relayed(1), 0.08, through=anas, nats=RANDOM),
        }
        monkeypatch.setattr(network_of(alice), "state", lambda name: states[name])
        views = {view.name: view for view in alice.people.reach()}
        assert (views["ana"].path, views["ana"].lag_ms, views["ana"].address) == ("direct", 31, "203.0.113.7:4242")
        assert (views["bob"].path, views["bob"].stage) == ("through ana", "relayed")
        assert views["bob"].address == ""  # a made-up one says nothing to anybody
        assert (views["bob"].my_nat, views["bob"].their_nat) == ("random", "random")


async def test_who_cant_be_reached_is_said_with_cause_and_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room(tmp_path, "alice", "bob") as it:
        alice, bob = it["alice"], it["bob"]
        notebook = await joined(alice, bob)
        await until(lambda: {view.name for view in alice.people.reach()} == {"bob"})
        it.air.part("alice", "bob")
        await until(lambda: not alice.people.of(notebook).members[1].online)
        stuck = BondState(Stage.PUNCHING, nats=RANDOM, cause=Cause.BOTH_RANDOM, remedy=Remedy.MAPPING)
        monkeypatch.setattr(network_of(alice), "state", lambda name: stuck)
        [view] = alice.people.reach()
        assert view.cause == f"{Cause.BOTH_RANDOM}."
        assert view.remedy == Remedy.MAPPING
        people = alice.people.of(notebook)
        assert people.company is Company.OFFLINE
        assert people.cause == f"bob can't be reached: both{str(Cause.BOTH_RANDOM)[4:]}."
        assert people.remedy == Remedy.MAPPING
        searching = BondState(Stage.PUNCHING, nats=RANDOM)
        monkeypatch.setattr(network_of(alice), "state", lambda name: searching)
        assert alice.people.of(notebook).company is Company.WAITING
