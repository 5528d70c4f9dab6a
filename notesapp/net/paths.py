"""Which ways lead to a remote run, and which one is used. Pure: knows addresses and answers; probes nobody.

A way exists once a sealed pong came over it. It is only ever changed by pongs, never by where a packet came from:
anyone can send a packet from anywhere. Rules: 1. a healthy way is kept unless a nearer one is healthy; 2. a way is
suspect when a ping is unanswered for a second; 3. from a suspect way we go to whichever answered since.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from notesapp.net.address import Address

SUSPECT_S = 1.0
FRESH_S = 60.0  # a first QUIC packet is taken from a way that answered within a minute
WAYS = 8  # per remote; a laptop has three interfaces with two families each
REMOTES = 256


@dataclass(slots=True)
class Way:
    """One validated address of a remote."""

    address: Address
    answered_at: float
    lag_s: float
    waiting_since: float | None = None  # when the first ping went out that is unanswered

    def suspect(self, now: float) -> bool:
        """Whether an answer is overdue."""
        return self.waiting_since is not None and now - self.waiting_since > SUSPECT_S


@dataclass(slots=True)
class Remote:
    """One run of somebody, as found through one bond."""

    bond: bytes
    run: bytes
    ways: dict[Address, Way] = field(default_factory=dict)
    current: Way | None = None
    seen_as: Address | None = None  # our own address, as this remote sees it

    def settle(self, now: float) -> bool:
        """Chooses the way by the rules above; whether it changed."""
        before = self.current
        healthy = [way for way in self.ways.values() if not way.suspect(now)]
        best = min(healthy, key=lambda way: (way.address.reach, way.lag_s, str(way.address)), default=None)
        if self.current is None or self.current.address not in self.ways:
            self.current = best or next(iter(self.ways.values()), None)
        elif best is not None and (self.current.suspect(now) or best.address.reach < self.current.address.reach):
            self.current = best
        return self.current is not before


class PathTable:
    """All remotes that ever answered in this run, the least recent forgotten first."""

    def __init__(self) -> None:
        self._remotes: dict[tuple[bytes, bytes], Remote] = {}
        self._at: dict[Address, set[tuple[bytes, bytes]]] = {}

    def remote(self, bond: bytes, run: bytes) -> Remote | None:
        """The run as found through this bond."""
        return self._remotes.get((bond, run))

    def of_bond(self, bond: bytes) -> list[Remote]:
        """All runs found through a bond, the one that answered last at the end."""
        return [remote for (name, _), remote in self._remotes.items() if name == bond]

    def at(self, address: Address) -> Iterator[Remote]:
        """Whoever answered from this address."""
        for key in self._at.get(address, ()):
            yield self._remotes[key]

    def fresh_at(self, address: Address, now: float) -> list[Remote]:
        """Whoever answered from this address within a minute: these may open a connection."""
        return [it for it in self.at(address) if now - it.ways[address].answered_at <= FRESH_S]

    def pinged(self, bond: bytes, address: Address, now: float) -> None:
        """A ping goes out: the way is suspect unless an answer comes."""
        for remote in self.at(address):
            if remote.bond == bond and (way := remote.ways[address]).waiting_since is None:
                way.waiting_since = now

    def answered(self, bond: bytes, run: bytes, address: Address, lag_s: float, now: float) -> tuple[Remote, bool]:
        """A pong came; (the remote, whether the way used changed or carries again)."""
        key = (bond, run)
        remote = self._remotes.pop(key, None) or Remote(bond, run)
        self._remotes[key] = remote  # at the end: the most recent
        way = remote.ways.get(address)
        if way is None:
            way = remote.ways[address] = Way(address, now, lag_s)
            self._at.setdefault(address, set()).add(key)
            self._trim(remote, now)
        back = way is remote.current and way.suspect(now)
        way.answered_at, way.lag_s, way.waiting_since = now, lag_s, None
        changed = remote.settle(now)
        return remote, changed or back

    def settle(self, now: float) -> list[Remote]:
        """Leaves ways that became suspect; the remotes whose way changed."""
        return [remote for remote in self._remotes.values() if remote.settle(now)]

    def is_waiting(self, now: float) -> bool:
        """Whether an answer is due on a way in use, and not overdue yet."""
        used = [remote.current for remote in self._remotes.values() if remote.current is not None]
        return any(way.waiting_since is not None and not way.suspect(now) for way in used)

    def drop(self, bond: bytes, run: bytes | None = None) -> None:
        """Forgets a run, or all runs of a bond."""
        for key in [key for key in self._remotes if key[0] == bond and run in (None, key[1])]:
            remote = self._remotes.pop(key)
            for address in remote.ways:
                self._unplace(address, key)

    def forget(self, address: Address) -> list[Remote]:
        """A way is no more; the remotes that go another one now, or none."""
        left = []
        for key in list(self._at.get(address, ())):
            remote = self._remotes[key]
            way = remote.ways.pop(address)
            self._unplace(address, key)
            if remote.current is way:
                remote.current = None
                remote.settle(way.answered_at)
                left.append(remote)
        return left

    def forget_mine(self, mine: int) -> None:
        """One of our further ports was closed."""
        for address in [it for it in self._at if it.mine == mine]:
            self.forget(address)

    def _trim(self, remote: Remote, now: float) -> None:
        while len(remote.ways) > WAYS:
            spare = [way for way in remote.ways.values() if way is not remote.current]
            oldest = min(spare, key=lambda way: way.answered_at)
            del remote.ways[oldest.address]
            self._unplace(oldest.address, (remote.bond, remote.run))
        while len(self._remotes) > REMOTES:
            bond, run = next(iter(self._remotes))
            self.drop(bond, run)

    def _unplace(self, address: Address, key: tuple[bytes, bytes]) -> None:
        there = self._at.get(address)
        if there is not None:
            there.discard(key)
            if not there:
                del self._at[address]
