"""Far apart with nothing but a topic: real libtorrent nodes in the core, real routers, no file and no server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.lab.ground import Ground, Side, ground
from tests.lab.kinds import Kind
from tests.lab.nodes import lay
from tests.net.lab import Process, need_lab

pytestmark = [pytest.mark.lab, pytest.mark.timeout(240)]

NODES = 24


@dataclass
class Internet:
    """A core with its own DHT; `bootstrap`: two of its nodes."""

    ground: Ground
    bootstrap: str


@pytest.fixture
def internet() -> Iterator[Internet]:
    need_lab("nft")
    with ground("d") as it:
        yield Internet(it, ",".join(lay(it, NODES)[:2]))


@contextmanager
def ends(sides: list[Side], names: tuple[str, str], kind: str, bootstrap: str) -> Iterator[list[Process]]:
    """Both ends, started at once."""
    started = [
        Process(side.host, "-m", "tests.lab.far", name, other, bootstrap, kind)
        for side, name, other in zip(sides, names, reversed(names), strict=True)
    ]
    try:
        yield started
    finally:
        for one in started:
            one.close()


def linked(internet: Internet, kinds: tuple[Kind, Kind], names: tuple[str, str], topic: str, within_s: float) -> None:
    """Starts both, and says how long it took from when both were up."""
    sides = [internet.ground.side(kind) for kind in kinds]
    with ends(sides, names, topic, internet.bootstrap) as both:
        up = max(end.until("ready", 20)["at"] for end in both)
        heard = [end.until("heard", within_s) for end in both]
        took = max(it["at"] for it in heard) - up
        facts = [[line for line in end.seen if line["what"] == "internet"][-1] for end in both]
        print(f"{topic} {kinds[0]} x {kinds[1]}: linked in {took:.1f} s; {[(it['nat'], it['nodes']) for it in facts]}")
        for end in both:
            for line in end.seen:
                print("  ", round(line["at"] - up, 2), {k: v for k, v in line.items() if k != "at"})
        assert took < within_s


def test_two_members_behind_routers_link_by_their_notebook(internet: Internet) -> None:
    linked(internet, (Kind.PORT, Kind.PORT), ("alice", "bob"), "notebook", 90.0)


def test_a_joiner_finds_the_host_of_an_invite(internet: Internet) -> None:
    linked(internet, (Kind.PORT, Kind.ADDRESS), ("host", "joiner"), "invite", 90.0)


def test_three_words_reach_across_the_internet(internet: Internet) -> None:
    linked(internet, (Kind.PORT, Kind.PORT), ("host", "joiner"), "code", 90.0)


def test_one_of_two_routers_is_random(internet: Internet) -> None:
    linked(internet, (Kind.PORT, Kind.SYMMETRIC), ("alice", "bob"), "notebook", 90.0)


def test_no_dht_at_all_is_said(internet: Internet) -> None:
    side = internet.ground.side(Kind.PORT)
    lonely = Process(side.host, "-m", "tests.lab.far", "alice", "bob", "172.30.0.1:6881", "notebook")
    try:
        lonely.until("ready", 20)
        began = time.monotonic()
        lonely.until("internet", 45, dht="alone")
        print(f"said after {time.monotonic() - began:.0f} s")
        assert time.monotonic() - began < 40
    finally:
        lonely.close()
