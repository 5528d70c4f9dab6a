"""Members who carry frames for each other: the desk of one who does, and the rides of those who are carried. Pure.

A member with direct ways to two others gives each a channel, 8 bytes, and passes on what comes over it: `0x1E | channel
| datagram`. What the datagrams hold is sealed end to end; the relay sees their sizes. He asks nobody to trust him:
whoever gets nothing through, or too much, takes another one.

Invariants: 1. at most `SESSIONS` pairs, each `RATE` bytes a second, only between our own bonds of two devices; 2. a
frame counts only from a validated way of the end that owns its channel; 3. one hop: nothing is carried to an end that
is itself reached by a relay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from notesapp.identity.primitives import Entropy, domain
from notesapp.net.address import Address, Reach
from notesapp.net.limits import Bucket
from notesapp.net.packet import What
from notesapp.net.paths import PathTable, Remote

FRAME: Final = 0x1E
CHANNEL_BYTES: Final = 8
MARK_BYTES: Final = 16
FRAME_BYTES: Final = 1 + CHANNEL_BYTES + 1_200
SESSIONS: Final = 16
SESSIONS_EACH: Final = 4  # that one member may ask for
RATE: Final = 256 * 1024  # bytes a second and session
BURST: Final = 128 * 1024
IDLE_S: Final = 60.0
FLOOD: Final = 4 * RATE  # more than any relay of ours passes on
JUNK: Final = 200  # frames in ten seconds that were nothing to us: somebody makes them up
JUNK_S: Final = 10.0


def mark(name: bytes) -> bytes:
    """What a bond's other end is called towards a relay: from the device id, which all members know."""
    return blake2b(domain("relay-mark") + name, digest_size=MARK_BYTES).digest()


@dataclass(frozen=True, slots=True)
class Say:
    """Tell this remote something."""

    remote: Remote
    what: What
    body: bytes


@dataclass(frozen=True, slots=True)
class Pass:
    """Send this frame to an address."""

    data: bytes
    address: Address


@dataclass(slots=True)
class _Session:
    ends: tuple[tuple[bytes, bytes], tuple[bytes, bytes]]  # (bond, run) of who asked, and of whom he asked for
    channels: tuple[bytes, bytes]
    asked_by: bytes
    used_at: float
    bucket: Bucket = field(default_factory=lambda: Bucket(RATE, BURST))
    passed: int = 0


class Desk:
    """What we carry for others. `on`: whether we do at all; `limit` changes it, also for those who are carried now."""

    def __init__(self, paths: PathTable, entropy: Entropy) -> None:
        self.on = True
        self.sessions = SESSIONS
        self.rate = RATE
        self.dropped = 0
        self._paths, self._entropy = paths, entropy
        self._of: dict[bytes, _Session] = {}
        self._all: list[_Session] = []

    def limit(self, *, on: bool, sessions: int, rate: int) -> None:
        """What the person allows from now on: for so many pairs, each so many bytes a second."""
        self.on, self.sessions, self.rate = on, sessions, rate
        for session in self._all[sessions if on else 0 :]:
            self._end(session)
        for session in self._all:
            session.bucket = self._bucket()

    @property
    def passed(self) -> int:
        """Bytes carried for those who are carried now."""
        return sum(it.passed for it in self._all)

    @property
    def count(self) -> int:
        """How many pairs are carried."""
        return len(self._all)

    def asked(self, by: Remote, body: bytes, names: Iterable[bytes], now: float) -> list[Say]:
        """A member wants to be carried to the one whose mark this is; asked again, it is told again."""
        self.expire(now)
        name = next((it for it in names if mark(it) == body), None)
        other = self._direct(name) if name is not None else None
        refused = Say(by, What.REFUSE, body[:MARK_BYTES])
        if not self.on or name is None or other is None or other.bond == by.bond or len(body) != MARK_BYTES:
            return [refused]
        ends = ((by.bond, by.run), (other.bond, other.run))
        session = next((it for it in self._all if set(it.ends) == set(ends)), None)
        if session is None:
            mine = sum(1 for it in self._all if it.asked_by == by.bond)
            if len(self._all) >= self.sessions or mine >= SESSIONS_EACH:
                return [refused]
            channels = (self._entropy(CHANNEL_BYTES), self._entropy(CHANNEL_BYTES))
            session = _Session(ends, channels, by.bond, now, self._bucket())
            self._all.append(session)
            self._of.update(dict.fromkeys(channels, session))
        session.used_at = now
        mine_at = session.ends.index(ends[0])
        return [
            Say(other, What.OPEN, session.channels[1 - mine_at] + mark(by.bond)),
            Say(by, What.OPEN, session.channels[mine_at] + mark(other.bond)),
        ]

    def frame(self, data: bytes, address: Address, now: float) -> Pass | None:
        """A frame; what to send on, if its channel is one of ours and belongs to who sent it."""
        session = self._of.get(data[1 : 1 + CHANNEL_BYTES])
        if session is None or not self.on or len(data) > FRAME_BYTES:
            return None
        at = session.channels.index(data[1 : 1 + CHANNEL_BYTES])
        here, there = (self._paths.remote(*session.ends[it]) for it in (at, 1 - at))
        if here is None or address not in here.ways or there is None or there.current is None:
            return None
        if there.current.address.reach is Reach.RELAY:
            return None
        if not session.bucket.take(now, len(data)):
            self.dropped += 1
            return None
        session.used_at, session.passed = now, session.passed + len(data)
        return Pass(bytes([FRAME]) + session.channels[1 - at] + data[1 + CHANNEL_BYTES :], there.current.address)

    def owns(self, data: bytes) -> bool:
        """Whether a frame's channel is one that we gave."""
        return data[1 : 1 + CHANNEL_BYTES] in self._of

    def expire(self, now: float) -> None:
        """Forgets whom nobody wrote to for a minute."""
        for session in [it for it in self._all if now - it.used_at > IDLE_S or not self.on]:
            self._end(session)

    def _end(self, session: _Session) -> None:
        self._all.remove(session)
        for channel in session.channels:
            self._of.pop(channel, None)

    def _bucket(self) -> Bucket:
        return Bucket(self.rate, min(BURST, self.rate))

    def _direct(self, name: bytes) -> Remote | None:
        for remote in reversed(self._paths.of_bond(name)):
            if remote.current is not None and remote.current.address.reach is not Reach.RELAY:
                return remote
        return None


@dataclass(slots=True)
class Ride:
    """A way to `bond` through the member `via`."""

    bond: bytes
    via: bytes
    via_run: bytes
    channel: bytes
    address: Address
    flood: Bucket = field(default_factory=lambda: Bucket(FLOOD, FLOOD))
    junk: Bucket = field(default_factory=lambda: Bucket(JUNK / JUNK_S, JUNK))
    bad: bool = False


class Rides:
    """The ways through members that we use; each has a made-up address."""

    def __init__(self, paths: PathTable) -> None:
        self._paths = paths
        self._count = 0
        self._at: dict[Address, Ride] = {}
        self._by: dict[tuple[bytes, bytes, bytes], Ride] = {}

    @property
    def all(self) -> list[Ride]:
        """All of them."""
        return list(self._at.values())

    def at(self, address: Address) -> Ride | None:
        """The ride that is called so."""
        return self._at.get(address)

    def opened(self, via: Remote, body: bytes, names: Iterable[bytes]) -> Ride | None:
        """A member opened a channel to somebody whom we look for; None for anybody else."""
        channel, wanted = body[:CHANNEL_BYTES], body[CHANNEL_BYTES:]
        name = next((it for it in names if it != via.bond and mark(it) == wanted), None)
        if name is None:
            return None
        key = (via.bond, via.run, channel)
        known = self._by.get(key)
        if known is not None:
            return known
        for old in [it for it in self.all if (it.bond, it.via) == (name, via.bond)]:
            self.drop(old.address)
        self._count += 1
        ride = Ride(name, via.bond, via.run, channel, Address.relayed(self._count))
        self._at[ride.address] = self._by[key] = ride
        return ride

    def wrap(self, data: bytes, address: Address) -> Pass | None:
        """The frame for a datagram to a made-up address, and where it goes."""
        ride = self._at.get(address)
        via = self._paths.remote(ride.via, ride.via_run) if ride is not None else None
        if ride is None or via is None or via.current is None or via.current.address.reach is Reach.RELAY:
            return None
        return Pass(bytes([FRAME]) + ride.channel + data, via.current.address)

    def frame(self, data: bytes, address: Address, now: float) -> tuple[bytes, Ride] | None:
        """What a frame holds and by which ride it came; None if it is none for us."""
        channel = data[1 : 1 + CHANNEL_BYTES]
        for remote in self._paths.at(address):
            ride = self._by.get((remote.bond, remote.run, channel))
            if ride is not None:
                if len(data) > FRAME_BYTES or not ride.flood.take(now, len(data)):
                    ride.bad = True
                return None if ride.bad else (data[1 + CHANNEL_BYTES :], ride)
        return None

    def wasted(self, ride: Ride, now: float) -> None:
        """A frame held nothing for us."""
        ride.bad = ride.bad or not ride.junk.take(now)

    def drop(self, address: Address) -> None:
        """A ride is over."""
        ride = self._at.pop(address, None)
        if ride is not None:
            self._by.pop((ride.via, ride.via_run, ride.channel), None)

    def keep(self, wanted: Callable[[Ride], bool]) -> list[Ride]:
        """Drops all others; those that were dropped."""
        gone = [ride for ride in self.all if not wanted(ride)]
        for ride in gone:
            self.drop(ride.address)
        return gone


@dataclass(slots=True)
class Seek:
    """Whom to ask for a ride next. One per bond looked for."""

    asked: dict[bytes, int] = field(default_factory=dict)
    bad_until: dict[bytes, float] = field(default_factory=dict)
    next_at: float = 0.0

    def whom(self, vias: Iterable[bytes], now: float) -> bytes | None:
        """The member to ask now: each up to three times, a second apart; then all again after a pause."""
        if now < self.next_at:
            return None
        fit = [it for it in vias if self.bad_until.get(it, 0.0) <= now]
        open_ = [it for it in fit if self.asked.get(it, 0) < ASKS]
        if not open_:
            self.asked.clear()
            self.next_at = now + (ASK_PAUSE_S if fit else ASK_EACH_S)
            return None
        chosen = min(open_, key=lambda it: (self.asked.get(it, 0) == 0, it))  # go on with whom we began
        self.asked[chosen] = self.asked.get(chosen, 0) + 1
        self.next_at = now + ASK_EACH_S
        return chosen

    def refused(self, via: bytes, now: float) -> None:
        """He doesn't, for now."""
        self.bad_until[via] = now + REFUSED_S
        self.asked.pop(via, None)
        self.next_at = now

    def failed(self, via: bytes, now: float) -> None:
        """He lets nothing through, or floods."""
        self.bad_until[via] = now + BAD_S
        self.asked.pop(via, None)
        self.next_at = now


ASKS: Final = 3
ASK_EACH_S: Final = 1.0
ASK_PAUSE_S: Final = 20.0
REFUSED_S: Final = 60.0
BAD_S: Final = 600.0
