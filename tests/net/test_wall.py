"""Whether a firewall stands in the way: what our own packets to ourselves tell."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest

from notesapp.net import wall
from notesapp.net.diagnosis import Wall
from notesapp.net.wall import MISSED, WallWatch
from tests.net.lab import REPOSITORY, need_lab, room


class Ground:
    """Gives back what was sent, unless told otherwise."""

    def __init__(self) -> None:
        self.error: int | None = None
        self.deaf = False
        self.watch = WallWatch(os.urandom, self._send)
        self.sent: list[bytes] = []

    def found(self) -> Wall:
        return self.watch.found

    def _send(self, data: bytes, host: str) -> None:
        if self.error is not None:
            raise OSError(self.error, os.strerror(self.error))
        self.sent.append(data)
        if not self.deaf:
            assert self.watch.hear(data)


@pytest.fixture
def ground(monkeypatch: pytest.MonkeyPatch) -> Ground:
    monkeypatch.setattr(wall, "_where", lambda: "192.0.2.1")
    monkeypatch.setattr(sys, "platform", "linux")
    return Ground()


def test_nothing_is_in_the_way_while_we_hear_ourselves(ground: Ground) -> None:
    assert not any(ground.watch.look() for _ in range(5))
    assert ground.found() is Wall.NONE
    assert len(set(ground.sent)) == 5


def test_a_wall_is_told_of_after_three_unheard_packets_and_gone_with_the_next_that_is_heard(ground: Ground) -> None:
    ground.deaf = True
    assert [ground.watch.look() for _ in range(MISSED + 1)] == [False] * MISSED + [True]
    assert ground.found() is Wall.IN
    ground.deaf = False
    ground.watch.look()
    assert ground.found() is Wall.NONE


def test_a_wall_is_forgotten_once_everybody_is_heard_again(ground: Ground) -> None:
    ground.deaf = True
    for _ in range(MISSED + 1):
        ground.watch.look()
    ground.watch.rest()
    assert ground.found() is Wall.NONE
    assert not any(ground.watch.look() for _ in range(MISSED))


def test_what_may_not_go_out_is_told_at_once_and_only_that(ground: Ground) -> None:
    ground.error = errno.EPERM
    assert ground.watch.look()
    assert ground.found() is Wall.OUT
    ground.error = errno.ENETUNREACH
    assert ground.watch.look()
    assert ground.found() is Wall.NONE
    assert not any(ground.watch.look() for _ in range(2 * MISSED))


def test_nobody_else_can_answer_for_us(ground: Ground) -> None:
    ground.deaf = True
    ground.watch.look()
    assert not ground.watch.hear(bytes(17))
    assert not ground.watch.hear(b"")
    assert ground.watch.hear(ground.sent[0])
    assert not ground.watch.hear(ground.sent[0])


def test_without_an_interface_nothing_is_said(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.deaf = True
    for _ in range(MISSED + 1):
        ground.watch.look()
    monkeypatch.setattr(wall, "_where", lambda: None)
    assert ground.watch.look()
    assert ground.found() is Wall.NONE


LOOK = """
import asyncio, os, subprocess, sys
from notesapp.net.station import Station

async def main():
    station = Station(os.urandom)
    await station.open()
    for rules in sys.argv[1:]:
        subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
        for _ in range(6):
            station.wall.look()
            await asyncio.sleep(0.1)
        print(station.wall.found.value, station.mux.dropped["noise"])
    await station.aclose()

asyncio.run(main())
"""
RULES = {
    "input: udp dport 5353 drop": Wall.NONE,
    "input: meta l4proto udp drop": Wall.IN,
    "input: accept": Wall.NONE,
    "input: udp dport 45654 drop": Wall.IN,
    "output: meta l4proto udp drop": Wall.OUT,
    "output: accept": Wall.NONE,
    "input: iifname lo accept; ct state established,related accept; udp dport 5353 accept; drop": Wall.IN,
    "output: meta l4proto udp reject": Wall.OUT,
}


def table(rule: str) -> str:
    """A rule as nft reads it, in place of all others."""
    hook, _, what = rule.partition(": ")
    lines = "\n".join(what.split("; "))
    return f"flush ruleset\ntable inet t {{\nchain c {{\ntype filter hook {hook} priority 0\n{lines}\n}}\n}}\n"


@pytest.mark.lab
def test_real_firewalls_are_recognised_and_forgotten_when_they_are_gone() -> None:
    need_lab("nft")
    with room("x") as place:
        command = ["ip", "netns", "exec", place.host(), sys.executable, "-c", LOOK, *map(table, RULES)]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == [f"{told.value} 0" for told in RULES.values()]
