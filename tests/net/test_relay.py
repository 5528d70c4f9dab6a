"""Members who carry frames: whom for, how much, and what a ride that floods or holds nothing comes to."""

from __future__ import annotations

import os

from notesapp.net.address import Address, Reach
from notesapp.net.packet import What
from notesapp.net.paths import PathTable, Remote
from notesapp.net.relay import (
    ASK_PAUSE_S,
    ASKS,
    BAD_S,
    CHANNEL_BYTES,
    FRAME,
    FRAME_BYTES,
    IDLE_S,
    JUNK,
    RATE,
    SESSIONS,
    SESSIONS_EACH,
    Desk,
    Rides,
    Seek,
    mark,
)

NOW = 100.0


class Carol:
    """A relay with validated ways to everybody in `names`."""

    def __init__(self, *names: bytes) -> None:
        self.paths = PathTable()
        self.names = list(names)
        self.at = {name: Address(f"198.51.100.{at + 1}", 4_000) for at, name in enumerate(names)}
        self.remotes = {name: self.paths.answered(name, b"run", self.at[name], 0.01, NOW)[0] for name in names}
        self.desk = Desk(self.paths, os.urandom)

    def opens(self, a: bytes, b: bytes, now: float = NOW) -> dict[bytes, bytes]:
        """Who was told what channel."""
        said = self.desk.asked(self.remotes[a], mark(b), self.names, now)
        return {it.remote.bond: it.body[:CHANNEL_BYTES] for it in said if it.what is What.OPEN}


def frame(channel: bytes, data: bytes = b"datagram") -> bytes:
    return bytes([FRAME]) + channel + data


def test_a_frame_passes_from_either_end_to_the_other_and_only_its_channel_changes() -> None:
    carol = Carol(b"alice", b"bob")
    channels = carol.opens(b"alice", b"bob")
    there = carol.desk.frame(frame(channels[b"alice"]), carol.at[b"alice"], NOW)
    back = carol.desk.frame(frame(channels[b"bob"]), carol.at[b"bob"], NOW)
    assert there is not None
    assert (there.data, there.address) == (frame(channels[b"bob"]), carol.at[b"bob"])
    assert back is not None
    assert (back.data, back.address) == (frame(channels[b"alice"]), carol.at[b"alice"])


def test_asked_again_by_either_end_the_same_channels_are_told() -> None:
    carol = Carol(b"alice", b"bob")
    assert carol.opens(b"alice", b"bob") == carol.opens(b"alice", b"bob") == carol.opens(b"bob", b"alice")
    assert carol.desk.count == 1


def test_strangers_channels_of_others_and_long_frames_pass_nothing() -> None:
    carol = Carol(b"alice", b"bob", b"mallory")
    channels = carol.opens(b"alice", b"bob")
    assert carol.desk.frame(frame(channels[b"alice"]), Address("192.0.2.66", 66), NOW) is None
    assert carol.desk.frame(frame(channels[b"alice"]), carol.at[b"mallory"], NOW) is None
    assert carol.desk.frame(frame(os.urandom(8)), carol.at[b"alice"], NOW) is None
    assert carol.desk.frame(frame(channels[b"alice"], bytes(1_200)), carol.at[b"alice"], NOW) is not None
    assert len(frame(channels[b"alice"], bytes(1_200))) == FRAME_BYTES == 1_209
    assert carol.desk.frame(frame(channels[b"alice"], bytes(1_201)), carol.at[b"alice"], NOW) is None


def test_a_session_carries_so_many_bytes_a_second_and_no_more() -> None:
    carol = Carol(b"alice", b"bob")
    channel, passed = carol.opens(b"alice", b"bob")[b"alice"], 0
    for tick in range(1_000):
        for _ in range(4):  # 4.8 MB a second
            it = carol.desk.frame(frame(channel, bytes(1_200)), carol.at[b"alice"], NOW + tick / 1_000)
            passed += 0 if it is None else len(it.data)
    assert 0.9 * RATE < passed < 1.6 * RATE
    assert carol.desk.dropped > 3_000


def test_there_are_sixteen_sessions_and_four_for_one_member() -> None:
    names = [b"m%d" % n for n in range(40)]
    carol = Carol(*names)
    asked = [bool(carol.opens(b"m0", name)) for name in names[1:10]]
    assert asked == [True] * SESSIONS_EACH + [False] * (9 - SESSIONS_EACH)
    for one, other in zip(names[10::2], names[11::2], strict=True):
        carol.opens(one, other)
    assert carol.desk.count == SESSIONS
    carol.desk.expire(NOW + IDLE_S + 1)
    assert carol.desk.count == 0


def test_nobody_is_carried_to_strangers_to_himself_or_over_a_second_relay() -> None:
    carol = Carol(b"alice", b"bob")
    assert [it.what for it in carol.desk.asked(carol.remotes[b"alice"], mark(b"eve"), carol.names, NOW)] == [
        What.REFUSE
    ]
    assert carol.opens(b"alice", b"alice") == {}
    far = PathTable()
    far.answered(b"alice", b"run", Address("198.51.100.1", 1), 0.01, NOW)
    far.answered(b"bob", b"run", Address.relayed(1), 0.01, NOW)
    alice = far.remote(b"alice", b"run")
    assert alice is not None
    said = Desk(far, os.urandom).asked(alice, mark(b"bob"), [b"alice", b"bob"], NOW)
    assert [it.what for it in said] == [What.REFUSE]


def test_a_member_who_switched_it_off_carries_nothing_any_more() -> None:
    carol = Carol(b"alice", b"bob")
    carol.opens(b"alice", b"bob")
    carol.desk.on = False
    assert carol.opens(b"alice", b"bob") == {}
    assert carol.desk.count == 0


def test_a_switch_and_a_quota_count_for_those_who_are_carried_already() -> None:
    carol = Carol(b"alice", b"bob", b"dave", b"eve")
    channel, later = carol.opens(b"alice", b"bob")[b"alice"], carol.opens(b"dave", b"eve")[b"dave"]
    carol.desk.limit(on=True, sessions=1, rate=8 * 1024)
    assert carol.desk.count == 1  # who came first stays
    assert carol.desk.frame(frame(later), carol.at[b"dave"], NOW) is None
    passed = 0
    for tick in range(1_000):
        it = carol.desk.frame(frame(channel, bytes(1_200)), carol.at[b"alice"], NOW + tick / 1_000)
        passed += 0 if it is None else len(it.data)
    assert 8 * 1024 < passed < 16 * 1024 + FRAME_BYTES
    carol.desk.limit(on=False, sessions=16, rate=RATE)
    assert carol.desk.frame(frame(channel), carol.at[b"alice"], NOW + 9) is None
    assert carol.desk.count == 0


def riding() -> tuple[Rides, Remote, Address, bytes]:
    """Alice's ride to Bob through Carol."""
    paths = PathTable()
    at = Address("198.51.100.3", 4_000)
    carol, _ = paths.answered(b"carol", b"run", at, 0.01, NOW)
    rides, channel = Rides(paths), os.urandom(8)
    ride = rides.opened(carol, channel + mark(b"bob"), [b"bob", b"carol"])
    assert ride is not None
    assert ride.address.reach is Reach.RELAY
    assert not ride.address.usable  # nobody can be told to go there
    return rides, carol, ride.address, channel


def test_a_channel_that_is_opened_again_is_the_same_ride() -> None:
    rides, carol, address, channel = riding()
    again = rides.opened(carol, channel + mark(b"bob"), [b"bob", b"carol"])
    assert again is rides.at(address)
    assert len(rides.all) == 1
    other = rides.opened(carol, os.urandom(8) + mark(b"bob"), [b"bob", b"carol"])  # she has forgotten the old one
    assert rides.all == [other]


def test_a_ride_wraps_and_unwraps() -> None:
    rides, carol, address, channel = riding()
    assert carol.current is not None
    it = rides.wrap(b"hello", address)
    assert it is not None
    assert (it.data, it.address) == (frame(channel, b"hello"), carol.current.address)
    got = rides.frame(frame(channel, b"hello"), carol.current.address, NOW)
    assert got is not None
    assert (got[0], got[1].address) == (b"hello", address)
    assert rides.frame(frame(channel, b"hello"), Address("192.0.2.66", 66), NOW) is None


def test_a_relay_that_opens_a_channel_to_somebody_unwanted_is_not_heeded() -> None:
    rides, carol, _, _ = riding()
    assert rides.opened(carol, os.urandom(8) + mark(b"eve"), [b"bob", b"carol"]) is None
    assert rides.opened(carol, os.urandom(8) + mark(b"carol"), [b"bob", b"carol"]) is None
    assert len(rides.all) == 1


def test_a_relay_that_floods_is_given_up() -> None:
    rides, carol, address, channel = riding()
    assert carol.current is not None
    for _ in range(1_000):
        rides.frame(frame(channel, bytes(1_200)), carol.current.address, NOW)
    ride = rides.at(address)
    assert ride is not None
    assert ride.bad


def test_a_relay_that_makes_frames_up_is_given_up() -> None:
    rides, _, address, _ = riding()
    ride = rides.at(address)
    assert ride is not None
    for _ in range(JUNK):
        rides.wasted(ride, NOW)
    assert not ride.bad
    rides.wasted(ride, NOW)
    assert ride.bad


def test_members_are_asked_three_times_each_and_a_bad_one_not_for_ten_minutes() -> None:
    seek, asked = Seek(), list[bytes]()
    for second in range(int(ASKS * 2 + 1)):
        it = seek.whom([b"carol", b"dave"], float(second))
        asked += [it] if it is not None else []
    assert asked == [b"carol"] * ASKS + [b"dave"] * ASKS
    assert seek.next_at >= ASK_PAUSE_S
    seek.failed(b"carol", 50.0)
    assert seek.whom([b"carol"], 60.0) is None
    assert seek.whom([b"carol"], 50.0 + BAD_S + 21) == b"carol"


def test_a_ride_lost_makes_the_next_best_way_the_way() -> None:
    paths = PathTable()
    relayed, direct = Address.relayed(1), Address("198.51.100.9", 9)
    remote, _ = paths.answered(b"bob", b"run", relayed, 0.05, NOW)
    paths.answered(b"bob", b"run", direct, 0.5, NOW)
    assert remote.current is not None
    assert remote.current.address == direct  # direct is better however slow
    assert paths.forget(direct) == [remote]
    assert remote.current.address == relayed
    assert paths.forget(relayed) == [remote]
    assert remote.current is None  # type: ignore[comparison-overlap,unused-ignore]
