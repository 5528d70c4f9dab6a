"""Walks through a simulated DHT: to the nearest, past the dead, never led on without end."""

from __future__ import annotations

import random

from notesapp.net.address import Address
from notesapp.net.krpc import Answer, Node
from notesapp.net.walk import QUESTIONS, WALK_S, WIDTH, Walk, usable_nodes

TARGET = bytes(20)


def world(count: int, seed: int = 1) -> dict[Address, bytes]:
    chance = random.Random(seed)
    return {Address(f"8.{n // 250}.{n % 250}.9", 6881): chance.randbytes(20) for n in range(count)}


def walked(nodes: dict[Address, bytes], dead: set[Address] = frozenset()) -> tuple[Walk, float, int]:  # type: ignore[assignment]
    """The walk through it, how long it took with 50 ms for each answer, and how many were asked."""
    chance, now, asked = random.Random(2), 0.0, 0
    walk = Walk(TARGET, chance.sample(sorted(nodes, key=str), 10), now)
    waiting: list[tuple[float, Address]] = []
    while not walk.is_over(now):
        for address in walk.due(now):
            asked += 1
            if address not in dead:
                waiting.append((now + 0.05, address))
        now = min([walk.wake_at(now), *(at for at, _ in waiting)])
        for at, address in [it for it in waiting if it[0] <= now]:
            waiting.remove((at, address))
            near = sorted(chance.sample(sorted(nodes, key=str), 60), key=lambda it: nodes[it])[:8]
            walk.answered(
                address, Answer(b"", nodes[address], nodes=tuple(Node(nodes[it], it) for it in near), token=b"t")
            )
    return walk, now, asked


def test_it_ends_at_the_nearest_quickly() -> None:
    nodes = world(400)
    walk, took, asked = walked(nodes)
    found = [it.node_id for it in walk.nearest]
    assert found == sorted(nodes.values())[:WIDTH]
    assert took < 1.0
    assert asked <= QUESTIONS


def test_dead_nodes_hold_it_up_for_moments_only() -> None:
    nodes = world(400)
    order = sorted(nodes, key=lambda it: nodes[it])
    walk, took, _ = walked(nodes, dead=set(order[0:12:2]))
    assert [it.address for it in walk.nearest][:6] == order[1:12:2]
    assert took < WALK_S


def test_all_dead_is_over_in_seconds() -> None:
    nodes = world(30)
    walk, took, _ = walked(nodes, dead=set(nodes))
    assert walk.nearest == []
    assert took <= WALK_S


def test_who_names_ever_nearer_nodes_that_are_not_there_ends_it_no_later() -> None:
    walk, now, asked = Walk(TARGET, [Address("8.8.8.8", 1)], 0.0), 0.0, 0
    while not walk.is_over(now):
        for address in walk.due(now):
            asked += 1
            nearer = [Node(bytes(19) + bytes([n]), Address(f"9.{asked % 250}.{n}.1", 1)) for n in range(16)]
            walk.answered(address, Answer(b"", bytes(20), nodes=tuple(nearer)))
        now += 0.01
    assert asked <= QUESTIONS
    assert now <= WALK_S + 0.02


def test_nobody_is_asked_twice_and_unasked_answers_count_nothing() -> None:
    walk = Walk(TARGET, [Address("8.8.8.8", 1)], 0.0)
    assert walk.due(0.0) == [Address("8.8.8.8", 1)]
    assert walk.due(0.1) == []
    walk.answered(Address("9.9.9.9", 1), Answer(b"", bytes(20)))
    assert walk.nearest == []


def test_addresses_inside_other_networks_are_followed_in_ones_own_only() -> None:
    nodes = [Node(bytes(20), Address(host, 1)) for host in ("8.8.8.8", "192.168.0.1", "127.0.0.1", "10.1.1.1")]
    assert usable_nodes(nodes, private=False, like=nodes[0].address) == (nodes[0],)
    assert len(usable_nodes(nodes, private=True, like=nodes[0].address)) == 4
    assert usable_nodes(nodes, private=True, like=Address("2001:db8::1", 1)) == ()
