"""Tells members how it stands with our network, and keeps what they tell. Decides when; what follows is others' matter.

Each run of a member is told once, when it first answers, and asked back. The same words make a look from both ends
(`look_closer`): fresh tidings of the other end, and some pings over the way in use.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from notesapp.errors import RemoteError
from notesapp.net.address import Address
from notesapp.net.disco import Answered
from notesapp.net.limits import Bucket
from notesapp.net.packet import What
from notesapp.net.station import Station
from notesapp.net.tidings import TIDINGS, Tidings

log = logging.getLogger(__name__)

PINGS: Final = 20
EACH_S: Final = 0.1
WAIT_S: Final = 2.0  # for the last answers
ANEW_S: Final = 1.0
ANSWERS_A_S: Final = 2.0
RUNS: Final = 256


@dataclass(frozen=True, slots=True)
class Heard:
    """What a member told. `ahead_ms`: how much later his clock is than ours."""

    tidings: Tidings
    ahead_ms: int
    at: float


@dataclass(frozen=True, slots=True)
class Closer:
    """What a look from both ends showed. `theirs`: None if the other end's program is older, or fell silent."""

    way: Address
    sent: int
    lags_s: tuple[float, ...]
    seen_as: Address | None
    theirs: Heard | None


class Grapevine:
    """One station's. `mine(asks)` builds our tidings; `on_tidings(bond, tidings)` hears what came."""

    def __init__(self, station: Station) -> None:
        self.unix_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
        self.mine: Callable[[bool], Tidings] = lambda asks: Tidings(asks, self.unix_ms())
        self.on_tidings: Callable[[bytes, Tidings], None] = lambda bond, tidings: None
        self._station = station
        self._loop = asyncio.get_running_loop()
        self._names: frozenset[bytes] = frozenset()
        self._heard: dict[bytes, Heard] = {}
        self._told: dict[tuple[bytes, bytes], None] = {}
        self._answers: dict[bytes, Bucket] = {}
        self._looks: dict[bytes, list[float]] = {}
        self._fresh: dict[bytes, asyncio.Event] = {}

    @property
    def heard(self) -> dict[bytes, Heard]:
        """The latest of each member, by bond."""
        return dict(self._heard)

    def want(self, names: Collection[bytes]) -> None:
        """The bonds of two devices: nobody else is told anything."""
        self._names = frozenset(names)
        for held in (self._heard, self._answers):
            for name in [it for it in held if it not in self._names]:
                del held[name]

    def answered(self, probe: Answered) -> None:
        """A pong came: whoever is new hears of us."""
        bond, run = probe.remote.bond, probe.remote.run
        if (lags := self._looks.get(bond)) is not None:
            lags.append(probe.lag_s)
        if bond in self._names and (bond, run) not in self._told:
            self._told[bond, run] = None
            while len(self._told) > RUNS:
                del self._told[next(iter(self._told))]
            self._say(bond, asks=True)

    def tell_all(self) -> None:
        """There is news that is worth a word to everybody who answers."""
        for bond in self._names:
            self._say(bond, asks=False)

    async def ask_anew(self) -> None:
        """Asks everybody who answers, and waits a second for what they say: a clock may have been set meanwhile."""
        asked_at = self._loop.time()
        there = [bond for bond in self._names if any(it.current for it in self._station.paths.of_bond(bond))]
        for bond in there:
            self._say(bond, asks=True)
        try:
            async with asyncio.timeout(ANEW_S):
                while any(  # noqa: ASYNC110  # each tells by itself
                    bond not in self._heard or self._heard[bond].at < asked_at for bond in there
                ):
                    await asyncio.sleep(EACH_S / 2)
        except TimeoutError:
            log.info("! not all told how it stands there")

    def said(self, bond: bytes, body: bytes, lag_s: float) -> None:
        """A member's tidings."""
        if bond not in self._names:
            return
        try:
            it = TIDINGS.decode(body)
        except RemoteError as error:
            log.info("! tidings of %s: %s", bond[:4].hex(), error)
            return
        ahead_ms = it.unix_ms + round(lag_s * 500) - self.unix_ms()
        self._heard[bond] = Heard(it, ahead_ms, self._loop.time())
        if (event := self._fresh.get(bond)) is not None:
            event.set()
        if it.asks and self._answers.setdefault(bond, Bucket(ANSWERS_A_S, 8)).take(self._loop.time()):
            self._say(bond, asks=False)
        self.on_tidings(bond, it)

    async def look_closer(self, bond: bytes) -> Closer | None:
        """A look from both ends, within about five seconds; None if no way leads there, or one is under way."""
        remote = next((it for it in reversed(self._station.paths.of_bond(bond)) if it.current is not None), None)
        if remote is None or remote.current is None or bond in self._looks:
            return None
        way, lags = remote.current.address, self._looks.setdefault(bond, [])
        fresh = self._fresh[bond] = asyncio.Event()
        sent = 0
        try:
            self._say(bond, asks=True)
            for _ in range(PINGS):
                sent += self._station.ping(bond, way)
                await asyncio.sleep(EACH_S)
            try:
                async with asyncio.timeout(WAIT_S):
                    await fresh.wait()
                    while len(lags) < sent:  # noqa: ASYNC110  # pongs are told one by one
                        await asyncio.sleep(EACH_S)
            except TimeoutError:
                log.info("! %d of %d pings were answered", len(lags), sent)
        finally:
            del self._looks[bond], self._fresh[bond]
        theirs = self._heard.get(bond) if fresh.is_set() else None
        return Closer(way, sent, tuple(lags[:sent]), remote.seen_as, theirs)

    def _say(self, bond: bytes, *, asks: bool) -> None:
        for remote in reversed(self._station.paths.of_bond(bond)):
            if remote.current is not None:
                body = TIDINGS.encode(self.mine(asks))
                self._station.disco.say(bond, What.TIDINGS, body, remote.current.address)
                return
