"""Decides what to announce, put, look up and fetch in the DHT, and when. Pure: knows meetings and times (seconds).

| what | when |
|---|---|
| announce | at once, when the port changed, each 13 min (nodes forget after 15 to 30) |
| put our record | at once, when it changed, each hour (nodes forget after two) |
| look up | 0, 5, 15, 30, 60 s after somebody went missing; then each 3 to 4 min, or 15 if another is linked |
| the same for an invite or a code | each 45 s for as long as it lives |
| fetch at an invite | each 3 s for two minutes, 5 s for ten, 15 s for an hour, then 45 s: he waits |
| fetch at a code | each 2 s for two minutes, then 3 s; both wait, before a screen |
| fetch a record | the same, and twice as often in the first seconds: it costs little |

A meeting of two devices begins when they have missed each other for a minute: the notebook's meeting finds nearly
everybody. Invariants: 1. what runs isn't started again; 2. at most `AT_ONCE` of a kind run; 3. the same act comes
again after 5 s (a fetch after 2) at the earliest, whatever happens.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from notesapp.net.bond import Side
from notesapp.net.topics import Meet, Topic

ANNOUNCE_S = 13 * 60.0
PUT_S = 3_600.0
SEARCH_S = (0.0, 5.0, 15.0, 30.0, 60.0)
FETCH_S = (0.0, 2.0, 4.0, 7.0, 10.0, 15.0, 30.0, 60.0)
LATER_S = 180.0
SPREAD_S = 60.0  # so that not all meetings are looked up in one moment
LINKED_S = 900.0
SHARED_S = 45.0
SHARED_FETCH_S = ((120.0, 3.0), (600.0, 5.0), (3_600.0, 15.0))  # until so long after it began: so often
CODE_FETCH_S = ((120.0, 2.0), (600.0, 3.0))  # a look again costs a dozen packets a slot (`quick_dht`)
LEAST_S = 5.0
FETCH_LEAST_S = 2.0
RETRY_S = (15.0, 30.0, 60.0, 120.0, 300.0)  # after a put that failed
PAIR_S = 60.0
PAIRS = 32
LOOK_S = 60.0  # at the latest: days change


class What(IntEnum):
    """Kinds of acts, the most urgent first."""

    ANNOUNCE = 0
    FETCH = 1
    LOOK_UP = 2
    PUT = 3


AT_ONCE = {What.ANNOUNCE: 16, What.FETCH: 16, What.LOOK_UP: 8, What.PUT: 4}


@dataclass(frozen=True)
class Meeting:
    """A topic and whom to find there: names of bonds; for a notebook and a pair these are device ids.

    `side`: which slots are ours, if the topic is an invite's or a code's.
    """

    topic: Topic
    bonds: tuple[bytes, ...]
    side: Side = Side.BOTH

    @property
    def is_shared(self) -> bool:
        """Whether records lie in slots, because nobody knows the other's device."""
        return self.topic.kind in (Meet.INVITE, Meet.CODE)


@dataclass(frozen=True)
class Act:
    """Something to do now; tell `DhtPlan.done` when it is over. `bond` is set for FETCH."""

    what: What
    topic: Topic
    day: int
    bond: bytes = b""


@dataclass(slots=True)
class _Told:
    last_at: float
    running: bool = True
    failures: int = 0


@dataclass(slots=True)
class _Missing:
    since: float
    again_at: float = field(default=0.0)


class DhtPlan:
    """Tell it what happened; ask `due` what to do now and `wake_at` when to ask again."""

    def __init__(self) -> None:
        self.says = True  # else nothing is announced or put: we only look
        self._meetings: dict[Topic, Meeting] = {}
        self._missing: dict[bytes, _Missing] = {}
        self._linked: frozenset[bytes] = frozenset()
        self._told: dict[Act, _Told] = {}
        self._moved_at = self._changed_at = -math.inf

    def want(self, meetings: Iterable[Meeting], now: float) -> None:
        """Exactly these meetings from now on."""
        self._meetings = {it.topic: it for it in meetings}
        self._told = {act: told for act, told in self._told.items() if act.topic in self._meetings}
        self._count(now)

    def linked(self, bonds: Collection[bytes], now: float) -> None:
        """Exactly these bonds have a link; all others are missing."""
        self._linked = frozenset(bonds)
        self._count(now)

    def meeting(self, topic: Topic) -> Meeting | None:
        """What is wanted of a topic."""
        return self._meetings.get(topic)

    def missing(self, topic: Topic) -> tuple[bytes, ...]:
        """Whose bonds of this meeting have no link, the one missing longest first."""
        meeting = self._meetings.get(topic)
        gone = [it for it in meeting.bonds if it in self._missing] if meeting is not None else []
        return tuple(sorted(gone, key=lambda it: self._missing[it].since))

    def moved(self, now: float) -> None:
        """Our port is seen elsewhere: announce and put anew."""
        self._moved_at = self._changed_at = now

    def changed(self, now: float) -> None:
        """Our record says something else: put it anew."""
        self._changed_at = now

    def new_network(self, now: float, *, moved: bool = True) -> None:
        """Everything anew, as at the first start: announce, put, look for all who are missing; else only the last."""
        if moved:
            self._told.clear()
            self.moved(now)
        for it in self._missing.values():
            it.again_at = now

    def done(self, act: Act, now: float, *, well: bool = True) -> None:
        """It is over; a put that failed comes again soon."""
        if (told := self._told.get(act)) is not None:
            told.running = False
            told.failures = 0 if well else told.failures + 1
            if act.what is What.PUT and not well:
                told.last_at = now

    def due(self, now: float, unix_s: float) -> list[Act]:
        """What to do now, the most urgent first."""
        running = Counter(act.what for act, told in self._told.items() if told.running)
        acts: list[Act] = []
        for act in sorted(self._acts(now, unix_s), key=lambda it: (it.what, self._last(it))):
            if running[act.what] < AT_ONCE[act.what] and self._next_at(act) <= now:
                running[act.what] += 1
                failures = told.failures if (told := self._told.get(act)) is not None else 0
                self._told[act] = _Told(now, failures=failures)
                acts.append(act)
        self._forget(unix_s)
        return acts

    def wake_at(self, now: float, unix_s: float) -> float:
        """When `due` has something next, as far as it is known now."""
        running = Counter(act.what for act, told in self._told.items() if told.running)
        times = [self._next_at(act) for act in self._acts(now, unix_s) if running[act.what] < AT_ONCE[act.what]]
        waking = [since + PAIR_S for it in self._missing.values() if (since := it.since) + PAIR_S > now]
        return max(now, min([now + LOOK_S, *times, *waking]))

    # -- inside -------------------------------------------------------------------------------------------------------

    def _acts(self, now: float, unix_s: float) -> Iterator[Act]:
        pairs = 0
        for topic in self._meetings:
            missing = self.missing(topic)
            if topic.kind is Meet.PAIR:
                if not missing or now - self._missing[missing[0]].since < PAIR_S or pairs >= PAIRS:
                    continue
                pairs += 1
            for day in topic.days(unix_s):
                if self.says:
                    yield Act(What.ANNOUNCE, topic, day)
                    yield Act(What.PUT, topic, day)
                if missing:
                    yield Act(What.LOOK_UP, topic, day)
                for bond in missing:
                    yield Act(What.FETCH, topic, day, bond)

    def _next_at(self, act: Act) -> float:
        told = self._told.get(act)
        if told is None:
            return -math.inf
        if told.running:
            return math.inf
        least = FETCH_LEAST_S if act.what is What.FETCH else LEAST_S
        return max(told.last_at + least, self._again_at(act, told))

    def _again_at(self, act: Act, told: _Told) -> float:
        last = told.last_at
        match act.what:
            case What.ANNOUNCE:
                return last if self._moved_at > last else last + ANNOUNCE_S
            case What.PUT:
                if self._changed_at > last:
                    return last
                return last + (RETRY_S[min(told.failures, len(RETRY_S)) - 1] if told.failures else PUT_S)
            case What.LOOK_UP | What.FETCH:
                gone = [act.bond] if act.bond else self.missing(act.topic)
                began = max(max(it.since, it.again_at) for it in (self._missing[bond] for bond in gone))
                steps = FETCH_S if act.bond else SEARCH_S
                soon = next((began + after for after in steps if began + after > last), math.inf)
                meeting = self._meetings[act.topic]
                if meeting.is_shared:  # nothing else tells when somebody comes, and he waits in front of the screen
                    return min(soon, last + _shared_s(last - began, act))
                each = LINKED_S if any(it in self._linked for it in meeting.bonds) else LATER_S
                return min(soon, last + each + act.topic.key[0] / 256 * SPREAD_S)

    def _last(self, act: Act) -> float:
        told = self._told.get(act)
        return -math.inf if told is None else told.last_at

    def _count(self, now: float) -> None:
        wanted = {bond for meeting in self._meetings.values() for bond in meeting.bonds}
        gone = wanted - self._linked
        self._missing = {bond: self._missing.get(bond) or _Missing(now) for bond in gone}

    def _forget(self, unix_s: float) -> None:
        """What was told of days that are over."""
        past = [act for act, told in self._told.items() if not told.running and act.day not in act.topic.days(unix_s)]
        for act in past:
            del self._told[act]


def _shared_s(since_s: float, act: Act) -> float:
    """The pause between two looks at an invite or a code that is so old."""
    fetches = CODE_FETCH_S if act.topic.kind is Meet.CODE else SHARED_FETCH_S
    return next((each for until, each in (fetches if act.bond else ()) if since_s < until), SHARED_S)
