"""Alice, her devices and her dice: the same in every run."""

from __future__ import annotations

from hashlib import blake2b

from notesapp.identity.epoch import EpochKeys
from notesapp.identity.genesis import Genesis
from notesapp.identity.keys import Device, Root
from notesapp.identity.person import PersonLog, offer_device
from notesapp.identity.primitives import Entropy
from notesapp.identity.record import Record
from notesapp.identity.roster import Roster, found_notebook

NOON = 1_790_000_000_000  # ms


def dice(seed: str) -> Entropy:
    """Bytes that look like chance and repeat: BLAKE2b-512 of seed and counter."""
    state = {"n": 0}

    def roll(count: int) -> bytes:
        out = b""
        while len(out) < count:
            out += blake2b(f"{seed}/{state['n']}".encode()).digest()
            state["n"] += 1
        return out[:count]

    return roll


def device(name: str) -> Device:
    return Device.generate(dice(name))


class Person:
    """A person with a root key and a growing log, as her own devices see it."""

    def __init__(self, name: str) -> None:
        self.root = Root.generate(dice(f"{name}'s root"))
        self.records: list[Record] = []

    @property
    def log(self) -> PersonLog:
        return PersonLog.judge(self.root.person_id, self.records)

    def offer(self, new: Device) -> None:
        self.add(new, self.root)

    def add(self, new: Device, by: Device | Root) -> Record:
        record = self.log.add(offer_device(new, self.root.person_id), by, now_ms=NOON)
        self.records.append(record)
        return record

    def revoke(self, old: Device, by: Device | Root) -> Record:
        record = self.log.revoke(old.device_id, by, now_ms=NOON)
        self.records.append(record)
        return record


def alice_with(*devices: Device) -> Person:
    alice = Person("Alice")
    for new in devices:
        alice.add(new, alice.root)
    return alice


def notebook_of(alice: Person, laptop: Device) -> tuple[Roster, EpochKeys]:
    genesis = Genesis.make(alice.root.person_id, now_ms=NOON, entropy=dice("genesis"))
    keys = EpochKeys.generate(dice("epoch 0"))
    return found_notebook(genesis, alice.log, laptop, keys, now_ms=NOON, entropy=dice("boxes")), keys
