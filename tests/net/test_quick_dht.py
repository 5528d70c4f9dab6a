"""Walks of our own among made-up nodes: a miss is one, the dead hold up no find, looking again costs little."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random

import pytest

from notesapp.identity.keys import Device
from notesapp.net import krpc, walk
from notesapp.net.address import Address
from notesapp.net.dht import Item
from notesapp.net.quick_dht import QuickDht
from notesapp.net.walk import FIRST, WIDTH
from tests.net.test_dht import Known

ANSWERS_S = 0.002


class Field:
    """Nodes that answer from a table, but for the dead ones; each names the twelve nearest to what is asked."""

    def __init__(self, count: int) -> None:
        chance = random.Random(7)
        self.ids = {Address(f"10.{n // 200}.{n % 200}.1", 6881): chance.randbytes(20) for n in range(count)}
        self.dead = set[Address]()
        self.item: tuple[bytes, Item, bytes] | None = None  # key, value, signature: all that live have it
        self.asked: list[Address] = []
        self.quick = QuickDht(Slow(tuple(self.ids)), self.send, os.urandom, private=True)

    def near(self, target: bytes) -> list[Address]:
        return sorted(self.ids, key=lambda it: int.from_bytes(self.ids[it]) ^ int.from_bytes(target))

    def send(self, data: bytes, address: Address) -> bool:
        self.asked.append(address)
        if address not in self.dead:
            asyncio.get_running_loop().call_later(ANSWERS_S, self._answer, data, address)
        return True

    def _answer(self, data: bytes, address: Address) -> None:
        said, _ = krpc._read(data, 0, 4)
        assert isinstance(said, dict)
        arguments, transaction = said[b"a"], said[b"t"]
        assert isinstance(arguments, dict)
        assert isinstance(transaction, bytes)
        target = arguments[b"target"]
        assert isinstance(target, bytes)
        nodes = b"".join(self.ids[it] + it.ip.packed + it.port.to_bytes(2, "big") for it in self.near(target)[:12])
        body: dict[bytes, krpc.Plain] = {b"id": self.ids[address], b"nodes": nodes, b"token": b"t"}
        if self.item is not None:
            key, item, signature = self.item
            body |= {b"k": key, b"seq": item.seq, b"sig": signature, b"v": item.value}
        answer = krpc.encoded({b"r": body, b"t": transaction, b"y": b"r"})
        self.quick.receive(answer, address, asyncio.get_running_loop().time())


class Slow(Known):
    """Another engine whose gets have no end."""

    async def get(self, public: bytes, salt: bytes) -> Item | None:
        await asyncio.Event().wait()
        raise AssertionError


def target_of(public: bytes, salt: bytes) -> bytes:
    return hashlib.sha1(public + salt, usedforsecurity=False).digest()


async def test_where_as_many_as_count_have_nothing_nobody_waits_for_the_other_engine() -> None:
    field = Field(60)
    async with asyncio.timeout(30):
        assert await field.quick.get(bytes(32), b"\1") is None
    nearest = field.near(target_of(bytes(32), b"\1"))[:WIDTH]
    assert set(nearest) <= set(field.asked)


async def test_what_is_found_does_not_wait_for_a_dead_node(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PATIENCE_S", "LATE_S", "WALK_S"):
        monkeypatch.setattr(walk, name, 600.0)
    field = Field(60)
    key, item = Device.generate(os.urandom).blinded(bytes(32), b"x"), Item(b"v" * 640, 3)
    field.item = key.public, item, key.sign(krpc.signed_part(b"\1", item))
    field.dead = set(field.near(target_of(key.public, b"\1"))[:3])
    async with asyncio.timeout(30):
        assert await field.quick.get(key.public, b"\1") == item


async def test_whoever_is_nearest_is_asked_first_when_it_is_looked_for_again() -> None:
    field = Field(400)
    target = target_of(bytes(32), b"\2")
    field.dead = {field.near(target)[2]}
    await field.quick.get(bytes(32), b"\2")
    assert len(field.asked) > WIDTH + 2 + len(field.dead)
    field.asked.clear()
    await field.quick.get(bytes(32), b"\2")
    alive = [it for it in field.near(target) if it not in field.dead]
    assert set(alive[:WIDTH]) <= set(field.asked)
    assert field.asked[0] == alive[0]
    assert len(field.asked) <= FIRST + len(field.dead)
    field.quick.new_network()  # there others may be out of reach: it begins with any
    field.asked.clear()
    await field.quick.get(bytes(32), b"\2")
    assert field.asked[:WIDTH] != alive[:WIDTH]
