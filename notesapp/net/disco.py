"""Sealed probes: who answers where. Decides what is answered, and that nobody is probed who never answers.

A ping goes to an address; a pong with its transaction proves that somebody who shares the bond reads there. Whoever
holds no bond gets no byte. A probe heard from a new address is answered, and probed itself first, so that both ends
have validated the way before the first QUIC packet arrives. Replayed packets are dropped by number; of an earlier run
they can earn one answer, no path: a path needs a fresh transaction.

Invariants: 1. at most 3 pings go to an address that never answered (per bond and network generation),
and one more for each new ping heard from there; only an address that the peer himself vouched for, in a record
sealed with his key, may be asked more often, and all of these together `VOUCHED_A_S` times a second; 2. finding
whose tag a packet from an unknown address carries costs at most `TRIALS` keyed hashes a second; 3. everything
remembered is bounded.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from notesapp.errors import RemoteError
from notesapp.identity.primitives import Entropy
from notesapp.net.address import Address, Reach
from notesapp.net.bond import Bond
from notesapp.net.limits import Bucket
from notesapp.net.packet import (
    RUN_BYTES,
    TRANSACTION_BYTES,
    Probe,
    What,
    looks_like_probe,
    mark_and_nonce,
    opened,
    sealed,
)
from notesapp.net.paths import PathTable, Remote

TRIES = 3
TRIALS = 5_000  # keyed hashes a second for packets of unknown senders: 5 ms of a core
ASKED_S = 0.5  # a ping this young is still awaited: no second one
ANSWER_S = 10.0  # a pong later than this proves nothing about now
NUMBERS = 1_024  # how far behind the newest a probe's number may be
RUNS = 64  # remembered for replays, per bond
PENDING = 4_096
ADDRESSES = 4_096
VOUCHED_A_S = 200  # per bond: a spray is 100, the opening of 256 ports a burst
VOUCHED_BURST = 400
WORDS_A_S = 16  # per bond: what is neither ping nor pong
ANSWERS_A_S = 64  # pongs per bond: what an honest end asks for stays far below


@dataclass(frozen=True, slots=True)
class Answered:
    """A pong: this way works. `changed` says that the remote's way in use is new or carries again.

    `seen`: where the other end saw our ping come from.
    """

    remote: Remote
    address: Address
    lag_s: float
    changed: bool
    seen: Address | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A ping that was meant for us, from an address that has not answered one of ours yet."""

    bond: bytes
    address: Address


@dataclass(frozen=True, slots=True)
class Said:
    """Something else that came over a validated way: asked of a relay, told by one, or a call."""

    remote: Remote
    address: Address
    what: What
    body: bytes


@dataclass(slots=True)
class _Numbers:
    newest: int
    seen: set[int]

    def is_new(self, number: int) -> bool:
        if number <= self.newest - NUMBERS or number in self.seen:
            return False
        self.seen.add(number)
        if number > self.newest:
            self.newest = number
            if len(self.seen) > 2 * NUMBERS:
                self.seen = {it for it in self.seen if it > number - NUMBERS}
        return True


class Disco:
    """Pings and pongs for all bonds. Give it packets and the time (seconds); it calls `send(packet, address, hops)`."""

    def __init__(self, entropy: Entropy, send: Callable[[bytes, Address, int], bool], paths: PathTable) -> None:
        self.run = entropy(RUN_BYTES)
        self.dropped = 0  # packets that looked like probes and were none for us
        self._entropy, self._send, self._paths = entropy, send, paths
        self._bonds: dict[bytes, Bond] = {}
        self._number = 0
        self._pending: OrderedDict[bytes, tuple[bytes, Address | None, float]] = OrderedDict()
        self._tries: OrderedDict[tuple[bytes, Address], tuple[int, float]] = OrderedDict()  # how many, the last when
        self._numbers: dict[bytes, OrderedDict[bytes, _Numbers]] = {}
        self._answers: dict[bytes, Bucket] = {}
        self._vouched: dict[bytes, Bucket] = {}
        self._words: dict[bytes, Bucket] = {}
        self._trials = Bucket(TRIALS, TRIALS)

    def know(self, bonds: Iterable[Bond]) -> None:
        """Exactly these bonds from now on; the paths of all others are forgotten."""
        self._bonds, before = {bond.name: bond for bond in bonds}, self._bonds
        for name, bond in before.items():
            if self._bonds.get(name) != bond:
                self._paths.drop(name)
                self._numbers.pop(name, None)
                for held in (self._answers, self._vouched, self._words):
                    held.pop(name, None)

    def bond(self, name: bytes) -> Bond | None:
        """A bond by its name."""
        return self._bonds.get(name)

    def new_network(self) -> None:
        """Addresses that never answered get their tries again: this is another network."""
        self._tries.clear()

    def tries_left(self, name: bytes, address: Address) -> int:
        """How many pings may go to an address that has not answered yet."""
        return TRIES - self._tries.get((name, address), (0, 0.0))[0]

    def ping(
        self,
        name: bytes,
        address: Address,
        now: float,
        *,
        to_all: bool = False,
        vouched: bool = False,
        hops: int = 0,
    ) -> bool:
        """Asks whether somebody with this bond is there; False if it may not or can't be sent.

        `to_all`: the address is a subnet's broadcast; then any address may answer. `vouched`: the peer's own sealed
        record names it. `hops`: how many routers the packet shall pass at most (0: all).
        """
        bond = self._bonds.get(name)
        known = any(remote.bond == name for remote in self._paths.at(address))
        if bond is None or not (known or to_all or vouched or self.tries_left(name, address) > 0):
            return False
        if vouched and not known:
            bucket = self._vouched.setdefault(name, Bucket(VOUCHED_A_S, VOUCHED_BURST))
            if not bucket.take(now):
                return False
        transaction = self._entropy(TRANSACTION_BYTES)
        if known:
            self._paths.pinged(name, address, now)  # sent or not: a way without a route is no way
        if not self._say(bond, What.PING, transaction, address, hops=hops):
            return False
        self._remember(transaction, name, None if to_all else address, now)
        if not (known or to_all or vouched):
            self._tries[(name, address)] = (self._tries.pop((name, address), (0, 0.0))[0] + 1, now)
            if len(self._tries) > ADDRESSES:
                self._tries.popitem(last=False)
        return True

    def say(self, name: bytes, what: What, body: bytes, address: Address) -> bool:
        """Tells something over a validated way; whether it went out."""
        bond = self._bonds.get(name)
        if bond is None or not any(remote.bond == name for remote in self._paths.at(address)):
            return False
        return self._say(bond, what, self._entropy(TRANSACTION_BYTES), address, body)

    def receive(self, data: bytes, address: Address, now: float) -> Answered | Heard | Said | None:
        """A packet that begins like a probe; whatever else it is, nothing happens."""
        found = self._open(data, address, now) if looks_like_probe(data) else None
        if found is None:
            self.dropped += 1
            return None
        bond, probe = found
        match probe.what:
            case What.PING:
                return self._pinged(bond, probe, address, now)
            case What.PONG:
                return self._ponged(bond, probe, address, now)
            case _:
                return self._said(bond, probe, address, now)

    def _pinged(self, bond: Bond, probe: Probe, address: Address, now: float) -> Heard | None:
        if not self._answers.setdefault(bond.name, Bucket(ANSWERS_A_S, ANSWERS_A_S)).take(now):
            return None
        known = any(it.bond == bond.name and it.run == probe.run for it in self._paths.at(address))
        if not known:
            tries, asked_at = self._tries.get((bond.name, address), (0, -ANSWER_S))
            if tries >= TRIES:
                self._tries[(bond.name, address)] = (TRIES - 1, asked_at)
            if now - asked_at > ASKED_S:  # before the pong: then this end has validated when the other dials
                self.ping(bond.name, address, now)
        self._say(bond, What.PONG, probe.transaction, address)
        moved = None if known else self._paths.remote(bond.name, probe.run)
        if moved is not None and moved.current is not None:
            self.ping(bond.name, moved.current.address, now)  # does the way that we use still work?
        return None if known else Heard(bond.name, address)

    def _ponged(self, bond: Bond, probe: Probe, address: Address, now: float) -> Answered | None:
        name, asked, sent_at = self._pending.pop(probe.transaction, (b"", None, 0.0))
        if name != bond.name or now - sent_at > ANSWER_S or asked not in (None, address):
            return None
        self._tries.pop((name, address), None)
        before = self._paths.remote(name, probe.run)
        is_new = before is None or address not in before.ways
        remote, changed = self._paths.answered(name, probe.run, address, now - sent_at, now)
        if is_new and remote.current is not None and remote.current.address != address:
            self.ping(name, remote.current.address, now)  # it may have moved: does the way that we use still work?
        if not address.mine and address.reach is not Reach.RELAY:
            remote.seen_as = probe.seen
        return Answered(remote, address, now - sent_at, changed, probe.seen)

    def _said(self, bond: Bond, probe: Probe, address: Address, now: float) -> Said | None:
        remote = self._paths.remote(bond.name, probe.run)
        if remote is None or address not in remote.ways:
            return None
        if not self._words.setdefault(bond.name, Bucket(WORDS_A_S, WORDS_A_S)).take(now):
            return None
        return Said(remote, address, probe.what, probe.body)

    def _open(self, data: bytes, address: Address, now: float) -> tuple[Bond, Probe] | None:
        mark, nonce = mark_and_nonce(data)
        bond = self._whose(mark, nonce, address, now)
        if bond is None:
            return None
        try:
            probe = opened(data, bond)
        except RemoteError:
            return None  # a tag by chance, or changed on the way: the same silence as for noise
        if probe.run == self.run:
            return None  # our own, sent back or broadcast
        runs = self._numbers.setdefault(bond.name, OrderedDict())
        numbers = runs.get(probe.run)
        if numbers is None:
            numbers = runs[probe.run] = _Numbers(probe.number - 1, set())
            if len(runs) > RUNS:
                runs.popitem(last=False)
        return (bond, probe) if numbers.is_new(probe.number) else None

    def _whose(self, mark: bytes, nonce: bytes, address: Address, now: float) -> Bond | None:
        near = {remote.bond for remote in self._paths.at(address)}
        for name in near:
            bond = self._bonds.get(name)
            if bond is not None and bond.expects_tag(nonce) == mark:
                return bond
        if not self._trials.take(now, max(1, len(self._bonds))):
            return None
        return next((bond for bond in self._bonds.values() if bond.expects_tag(nonce) == mark), None)

    def _say(
        self, bond: Bond, what: What, transaction: bytes, address: Address, body: bytes = b"", hops: int = 0
    ) -> bool:
        self._number += 1
        probe = Probe(what, transaction, self.run, self._number, address if what is What.PONG else None, body)
        return self._send(sealed(probe, bond, self._entropy), address, hops)

    def _remember(self, transaction: bytes, name: bytes, address: Address | None, now: float) -> None:
        self._pending[transaction] = (name, address, now)
        while self._pending:
            oldest = next(iter(self._pending))
            if len(self._pending) <= PENDING and now - self._pending[oldest][2] <= ANSWER_S:
                break
            del self._pending[oldest]
