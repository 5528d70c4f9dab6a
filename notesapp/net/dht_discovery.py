"""Finds people through the DHT: does what `DhtPlan` says is due, and tells where somebody may be.

Two things are found. A *record* opens only with the meeting's secret and lies where only its device can write; old
ones are known by their number. A *rumour* is an address that anybody may have announced: at most 32 of a meeting are
passed on in ten minutes, chosen by lot, each for one bond, so that nobody's address is asked more than three times,
and at most four of one host, whatever meeting they are of.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterable
from typing import Final, assert_never

from notesapp.errors import RemoteError
from notesapp.identity.blinding import BlindedKey
from notesapp.identity.primitives import Entropy
from notesapp.net.address import Address, Reach
from notesapp.net.candidate import Candidate, Found, Kind, PeerRecord
from notesapp.net.dht import DhtEngine, DhtState, Item
from notesapp.net.dht_memory import DhtMemory
from notesapp.net.dht_plan import Act, DhtPlan, Meeting, What
from notesapp.net.tasks import Tasks
from notesapp.net.topics import SLOTS, Place, Topic, occasion

log = logging.getLogger(__name__)

RUMOURS: Final = 32  # of a meeting, in
RUMOUR_S: Final = 600.0
AT_A_HOST: Final = 4  # ports, of all meetings together: a family behind one router
RUMOURS_KEPT: Final = 4_096
NEW_S: Final = 75 * 60.0  # a record that we hadn't seen: its device puts one each hour
OLD_S: Final = 15 * 60.0  # the same record again, after a start

Signer = Callable[[bytes, bytes], BlindedKey]  # (topic key, occasion) -> this device's blinded key


class DhtDiscovery:
    """Make it, `want` meetings, `start`. `record(number)` builds what we say of ourselves, `outside()` our port."""

    def __init__(
        self,
        engine: DhtEngine,
        memory: DhtMemory,
        sign: Signer,
        record: Callable[[int], PeerRecord],
        outside: Callable[[], int],
        on_found: Callable[[Found], None],
        entropy: Entropy,
        unix: Callable[[], float] = time.time,
        local: bool = False,
    ) -> None:
        self.engine = engine
        self._memory, self._sign, self._record, self._outside = memory, sign, record, outside
        self._on_found, self._entropy, self._unix, self._local = on_found, entropy, unix, local
        self._loop = asyncio.get_running_loop()
        self._plan = DhtPlan()
        self._tasks = Tasks()
        self._doing = set[asyncio.Task[None]]()
        self._on_change: Callable[[], None] = lambda: None
        self._timer: asyncio.TimerHandle | None = None
        self._slot = entropy(1)[0] % SLOTS
        self._fresh: dict[bytes, float] = {}
        self._rumours: OrderedDict[Address, float] = OrderedDict()
        self._counts: dict[Topic, tuple[float, int]] = {}  # since when, how many
        self._read_own: set[Place] = set()
        self._published: PeerRecord | None = None
        self._closed = False

    async def start(self, on_change: Callable[[], None] = lambda: None) -> None:
        """Begins; without an engine nothing ever happens. `on_change` tells when the engine's state is another one."""
        self._on_change = on_change
        await self.engine.start(self._engine_changed)
        self._schedule()

    def want(self, meetings: Iterable[Meeting]) -> None:
        """Exactly these meetings from now on."""
        self._plan.want(meetings, self._loop.time())
        self._schedule()

    def say(self, on: bool) -> None:
        """Whether we are announced and put our record; else we only look for others."""
        self._plan.says = on
        self._schedule()

    def linked(self, bonds: Collection[bytes]) -> None:
        """Exactly these bonds have a link."""
        self._plan.linked(bonds, self._loop.time())
        self._schedule()

    def changed(self) -> None:
        """Our record may say something else."""
        now, before = self._loop.time(), self._published
        new = self._record(before.number if before is not None else 0)
        if before is None or new != before:
            moved = before is None or _outside_ones(new) != _outside_ones(before)
            (self._plan.moved if moved else self._plan.changed)(now)
            self._schedule()

    def new_network(self, *, moved: bool) -> None:
        """This may be another network; it is, if our addresses are others (`moved`): what is under way goes nowhere."""
        self.engine.new_network()
        if moved:
            for task in list(self._doing):
                task.cancel()
            self._doing.clear()
        self._plan.new_network(self._loop.time(), moved=moved)
        self._rumours.clear()
        self._schedule()

    async def aclose(self) -> None:
        """Leaves the DHT; what is worth it is kept."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        await self._tasks.aclose()
        self._memory.keep(self.engine.nodes())
        await self.engine.aclose()

    # -- when ---------------------------------------------------------------------------------------------------------

    def _engine_changed(self) -> None:
        if self.engine.health.state is DhtState.READY:
            self._memory.keep(self.engine.nodes())
            self._plan.new_network(self._loop.time())
        self._on_change()
        self._schedule()

    def _schedule(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._closed or not self.engine.can_walk:
            return  # the engine tells when it is
        self._timer = self._loop.call_at(self._plan.wake_at(self._loop.time(), self._unix()), self._due)

    def _due(self) -> None:
        for act in self._plan.due(self._loop.time() + 0.01, self._unix()):
            doing = self._tasks.start(self._do(act))
            self._doing.add(doing)
            doing.add_done_callback(self._doing.discard)
        self._schedule()

    async def _do(self, act: Act) -> None:
        well = False
        try:
            match act.what:
                case What.ANNOUNCE:
                    self.engine.announce(act.topic.info_hash(act.day), self._outside())
                    well = True
                case What.PUT:
                    well = await self._put(act)
                case What.LOOK_UP:
                    await self.engine.look_up(act.topic.info_hash(act.day), lambda peers: self._heard(act.topic, peers))
                    well = True
                case What.FETCH:
                    await self._fetch(act)
                    well = True
                case _:
                    assert_never(act.what)
        finally:
            if asyncio.current_task() in self._doing:  # else the plan has begun anew meanwhile
                self._plan.done(act, self._loop.time(), well=well)
            if not self._closed:
                self._schedule()

    # -- our record ---------------------------------------------------------------------------------------------------

    async def _put(self, act: Act) -> bool:
        topic, day, meeting = act.topic, act.day, self._plan.meeting(act.topic)
        if meeting is None:
            return True
        if meeting.is_shared:
            place, key = topic.slot(meeting.side, self._slot, day), topic.slot_key(meeting.side, day)
        else:
            key = self._sign(topic.key, occasion(day))
            place = Place(key.public, b"", day)
            await self._go_on_behind(topic, place)
        record = self._current()
        log.info("> record %d of %d candidates for a %s", record.number, len(record.candidates), topic.kind)
        return await self.engine.put(key, place.salt, topic.sealed(record, place, self._entropy))

    def _current(self) -> PeerRecord:
        """The same number as long as it says the same."""
        before = self._published
        if before is None or self._record(before.number) != before:
            self._published = self._record(self._memory.next_number())
        assert self._published is not None
        return self._published

    async def _go_on_behind(self, topic: Topic, place: Place) -> None:
        """After a restored backup our number may be one that others have heard."""
        if place in self._read_own or self._published is not None:
            return
        self._read_own.add(place)
        record = _opened(topic, place, await self.engine.get(place.public, place.salt))
        if record is not None:
            self._memory.at_least(record.number)

    # -- others -------------------------------------------------------------------------------------------------------

    async def _fetch(self, act: Act) -> None:
        meeting, topic = self._plan.meeting(act.topic), act.topic
        if meeting is None:
            return
        if meeting.is_shared:
            places = [topic.slot(meeting.side.other, number, act.day) for number in range(SLOTS)]
        else:
            try:
                places = [topic.place_of(act.bond, act.day)]
            except RemoteError:
                return  # a device that named an unusable key can't be found
        for items in asyncio.as_completed([self._read(topic, place) for place in places]):
            record = await items
            if record is not None and act.bond in self._plan.missing(topic):
                self._tell(act.bond, record, keep=not meeting.is_shared)

    async def _read(self, topic: Topic, place: Place) -> PeerRecord | None:
        return _opened(topic, place, await self.engine.get(place.public, place.salt))

    def _tell(self, bond: bytes, record: PeerRecord, *, keep: bool) -> None:
        now = self._loop.time()
        if keep:
            is_new = self._memory.hear(bond, record.number)
            if is_new is None:
                log.info("! an old record of %s came again", bond[:4].hex())
                return
            until = now + NEW_S if is_new else self._fresh.get(bond, now + OLD_S)
            self._fresh[bond] = until
        else:
            until = now + OLD_S
        log.info(
            "< record %d of %s: %d candidates, %s", record.number, bond[:4].hex(), len(record.candidates), record.nat
        )
        self._on_found(Found(bond, record.candidates, record, until))

    def _heard(self, topic: Topic, peers: tuple[Address, ...]) -> None:
        """Somebody announced these: rumours."""
        now, bonds = self._loop.time(), self._plan.missing(topic)
        since, count = self._counts.get(topic, (now, 0))
        if now - since >= RUMOUR_S:
            since, count = now, 0
        while self._rumours and now - next(iter(self._rumours.values())) >= RUMOUR_S:
            self._rumours.popitem(last=False)  # the oldest is the first
        ours = _outside_ones(self._record(0))
        new = [it for it in peers if it not in ours and self._is_new(it, now)] if bonds else []
        believed = self._some_of(new, RUMOURS - count)
        self._counts[topic] = (since, count + len(believed))
        for address in believed:
            self._rumours.pop(address, None)
            self._rumours[address] = now
        while len(self._rumours) > RUMOURS_KEPT:
            self._rumours.popitem(last=False)
        if believed:
            log.info("< %d rumours (of %d) about a %s", len(believed), len(peers), topic.kind)
            unheard = [bond for bond in bonds if bond not in self._fresh]
            candidates = tuple(Candidate(it, Kind.RUMOUR) for it in believed)
            self._on_found(Found((unheard or list(bonds))[0], candidates, None, now + RUMOUR_S))

    def _is_new(self, address: Address, now: float) -> bool:
        told_at = self._rumours.get(address)
        far = self._local or address.reach in (Reach.V4, Reach.V6)
        return far and address.usable and (told_at is None or now - told_at >= RUMOUR_S)

    def _some_of(self, addresses: Iterable[Address], most: int) -> list[Address]:
        """By lot: a thousand false ones shall not keep out the true one for ever, few of one host: a victim's."""
        hosts, chosen = Counter(it.host for it in self._rumours), list[Address]()
        for it in sorted(dict.fromkeys(addresses), key=lambda it: self._entropy(4)):
            if len(chosen) < most and hosts[it.host] < AT_A_HOST:
                hosts[it.host] += 1
                chosen.append(it)
        return chosen


def _opened(topic: Topic, place: Place, item: Item | None) -> PeerRecord | None:
    if item is None:
        return None
    try:
        return topic.opened(item.value, place)
    except RemoteError as error:
        log.info("! a record that isn't one: %s", error)
        return None


def _outside_ones(record: PeerRecord) -> frozenset[Address]:
    return frozenset(it.address for it in record.candidates if it.kind is not Kind.LAN)
