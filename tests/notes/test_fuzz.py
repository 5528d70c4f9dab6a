"""Honest changes spoilt at random, with the checksum repaired: refused without a trace, or harmless.

What is accepted must leave a document that the engine holds too, that saves and loads again and can be edited.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, replace

import pytest

from notesapp.notes.change import HASH_BYTES, read_frame
from notesapp.notes.columns import read_unsigned, write_signed, write_unsigned
from notesapp.notes.deeds import Deed, Deleted, Dropped, Id, Put, Scalar, Typed
from notesapp.notes.encode import encode
from notesapp.notes.ops import read
from notesapp.notes.replica import Replica
from notesapp.text import Splice
from tests.notes.forge import ALICE, BOB, CAROL, MALLORY, exchange, joined, note, seal, taken_apart

_TOOK_TOO_LONG_S = 1.0


@dataclass(frozen=True)
class Target:
    """A replica as a snapshot, and an honest change that it could take in."""

    snapshot: bytes
    honest: bytes


def targets() -> list[Target]:
    """Changes of all sorts: typing, deleting, pasting, both at once, concurrent, keys put, replaced, deleted."""
    alice = note("Liebe Grüße 😀 an alle\n" * 3)
    bob, carol = joined(alice, BOB), joined(alice, CAROL)
    bob.edit([Splice(3, "", "xyz")])
    carol.edit([Splice(3, "be", "")])
    exchange(bob, carol)
    found = []
    for splices in (
        [Splice(1, "", "a")],
        [Splice(0, "L", "")],
        [Splice(5, "", "häß 😀 ok")],
        [Splice(20, carol.text[20:30], "nothing")],
        [Splice(2, carol.text[2:4], ""), Splice(30, "", "later"), Splice(9, carol.text[11:12], "")],
    ):
        writer = joined(carol, MALLORY)
        found.append(Target(carol.save(compact=True), writer.edit(splices)[0].raw))
    writer = joined(alice, MALLORY)
    raw = writer.edit([Splice(1, "", "zwei"), Splice(5, writer.text[1:6], "drei")])[0].raw
    found.append(Target(carol.save(compact=True), raw))
    return found + _index_targets()


def _index_targets() -> list[Target]:
    key: tuple[str, ...] = ("notes", "0123456789abcdef" * 2 + ".file_name")
    trashed: tuple[str, ...] = ("notes", "0123456789abcdef" * 2 + ".trashed")
    home = Replica.create_index(ALICE, "Home")
    home.put({key: "Grüße", trashed: None})
    bob = joined(home, BOB)
    bob.put({key: "Bob's"})
    home.put({key: "Alice's"})
    exchange(home, bob)
    found = []
    edits: list[dict[tuple[str, ...], Scalar]] = [
        {key: "both"},
        {key: None},
        {trashed: 12345, ("name",): "House"},
    ]
    for fields in edits:
        writer = joined(home, MALLORY)
        found.append(Target(home.save(compact=True), writer.put(fields).raw))
    return found


class Mutator:
    """Spoils changes; the same seed spoils in the same way."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def mutate(self, raw: bytes) -> bytes:
        """A change that differs, with a right length and checksum."""
        spoil = self.random.choice((self._bytes, self._columns, self._deeds, self._deeds, self._header))
        return spoil(raw)

    def _bytes(self, raw: bytes) -> bytes:
        _, start = read_unsigned(raw, 9)
        body = bytearray(raw[start:])
        for _ in range(self.random.choice((1, 1, 1, 2, 5))):
            at = self.random.randrange(len(body))
            match self.random.randrange(5):
                case 0:
                    body[at] ^= 1 << self.random.randrange(8)
                case 1:
                    body[at] = self.random.randrange(256)
                case 2:
                    body[at] = max(0, min(255, body[at] + self.random.choice((-1, 1))))
                case 3:
                    body.insert(at, self.random.choice((0, 1, 0x7F, 0x80, 0xFF)))
                case _:
                    del body[at]
        return seal(b"\x01" + write_unsigned(len(body)) + bytes(body))

    def _columns(self, raw: bytes) -> bytes:
        parts = taken_apart(raw)
        for _ in range(self.random.choice((1, 1, 2, 3))):
            number, data = self.random.choice(parts.columns)
            match self.random.randrange(5):
                case 0:
                    spoilt = bytearray(data)
                    spoilt[self.random.randrange(len(data))] = self.random.randrange(256)
                    parts = parts.column(number, bytes(spoilt))
                case 1:
                    parts = parts.column(number, data + self._run())
                case 2:
                    parts = parts.column(number, self._run())
                case 3:
                    other = self.random.choice(parts.columns)[1]
                    parts = parts.column(number, other)
                case _ if len(parts.columns) > 1:
                    parts = parts.column(number, None)
        return parts.raw

    def _deeds(self, raw: bytes) -> bytes:
        """Every byte in order, but other numbers, keys and characters; deeds left out, doubled or exchanged."""
        frame = read_frame(raw)
        change, actors = frame.change, [frame.change.actor, *frame.others]
        deeds: list[Deed] = list(read(frame, range(len(actors))))
        for _ in range(self.random.choice((1, 1, 2))):
            nth = self.random.randrange(len(deeds))
            match self.random.randrange(6):
                case 0:
                    deeds.insert(nth, self.random.choice(deeds))
                case 1 if len(deeds) > 1:
                    del deeds[nth]
                case 2:
                    self.random.shuffle(deeds)
                case _:
                    deeds[nth] = self._deed(deeds[nth], len(actors))
        return encode(deeds, actor=0, actors=actors, seq=change.seq, start_op=change.start_op, deps=change.deps).raw

    def _deed(self, deed: Deed, actors: int) -> Deed:
        near = self.random.choice((-3, -2, -1, 1, 2, 3, 50))
        actor = self.random.randrange(actors)
        other: Id | None = self.random.choice((None, (max(1, deed.into[0] + near if deed.into else 3), actor)))
        if self.random.randrange(4) == 0:
            return replace(deed, into=other)
        match deed:
            case Typed() if deed.after and self.random.randrange(2):
                return replace(deed, after=(max(1, deed.after[0] + near), actor))
            case Typed():
                return replace(deed, after=other, text=deed.text[::-1] + self.random.choice("aß😀\x00"))
            case Deleted():
                step, count = self.random.choice(((1, 1), (-1, 2), (2, 2), (0, 2), (1, 5), (-2, 3), (1, 300)))
                return replace(deed, first=max(1, deed.first + near), step=step, count=count, actor=actor)
            case Put() | Dropped() if deed.over and self.random.randrange(2):
                return replace(deed, over=(*deed.over[1:], (max(1, deed.over[0][0] + near), actor)))
            case Put():
                kind, value = self.random.choice((("int", -5), ("uint", 5), ("null", None), ("bytes", b"x" * 32)))
                return replace(deed, kind=kind, value=value)
            case _:
                return replace(deed, key=deed.key[:-1])

    def _run(self) -> bytes:
        count = self.random.choice((-2, -1, 0, 1, 2, 3, 64, 10_000, 2**31, 2**40))
        value = self.random.choice((0, 1, 2, 3, 5, 22, 127, 2**20, 2**32 - 1, 2**50))
        return write_signed(count) + write_unsigned(value)

    def _header(self, raw: bytes) -> bytes:
        parts = taken_apart(raw)
        near = self.random.choice((-2, -1, 1, 2, 1000))
        match self.random.randrange(6):
            case 0:
                return replace(parts, seq=max(0, parts.seq + near)).raw
            case 1:
                return replace(parts, start_op=max(0, parts.start_op + near)).raw
            case 2:
                return replace(parts, actor=self.random.choice((ALICE, BOB, CAROL, bytes(16)))).raw
            case 3:
                others = [ALICE, BOB, CAROL, MALLORY, bytes(16)]
                return replace(parts, others=tuple(sorted(self.random.sample(others, 2)))).raw
            case 4:
                return replace(parts, deps=parts.deps[1:]).raw
            case _:
                return replace(parts, deps=tuple(sorted({*parts.deps, self.random.randbytes(HASH_BYTES)}))).raw


def harmless(replica: Replica) -> None:
    """The replica and the engine agree, and both go on: save, load, edit."""
    replica.verify()
    again = Replica.load(replica.save(), CAROL)
    assert (again.text, again.heads) == (replica.text, replica.heads)
    if "body" in again._state.containers:
        again.edit([Splice(len(again.text) // 2, "", "on")])
    else:
        again.put({("name",): "on"})
    again.verify()


def fuzz(count: int, seed: int) -> Counter[str]:
    """How many mutants got which verdict."""
    mutator, verdicts = Mutator(seed), Counter[str]()
    places = targets()
    replicas = [Replica.load(place.snapshot, CAROL) for place in places]
    for nth in range(count):
        where = nth % len(places)
        raw = mutator.mutate(places[where].honest)
        replica = replicas[where]
        before = replica.heads
        start = time.process_time()
        received = replica.receive([raw])
        assert time.process_time() - start < _TOOK_TOO_LONG_S, raw.hex()
        if not received.applied:
            assert replica.heads == before
            verdicts[received.refused[0][1] if received.refused else "waits"] += 1
            continue
        verdicts["accepted"] += 1
        try:
            harmless(replica)
        except Exception as error:
            raise AssertionError(f"accepted, but not harmless: {raw.hex()}") from error
        replicas[where] = Replica.load(places[where].snapshot, CAROL)
    return verdicts


def test_spoilt_changes_are_refused_or_harmless() -> None:
    verdicts = fuzz(20_000, seed=1)
    assert sum(verdicts.values()) == 20_000
    assert verdicts["accepted"] > 100
    assert len(verdicts) > 25, verdicts


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize("seed", range(100, 200))
def test_two_million_spoilt_changes_are_refused_or_harmless(seed: int) -> None:
    assert sum(fuzz(20_000, seed).values()) == 20_000


def test_honest_changes_of_all_sorts_pass() -> None:
    for target in targets():
        replica = Replica.load(target.snapshot, CAROL)
        assert [c.hash for c in replica.receive([target.honest]).applied] == [read_frame(target.honest).change.hash]
        harmless(replica)
