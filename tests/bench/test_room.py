"""Two people's programs in one room, each at a computer of its own: how soon they find each other, and what a pulled
cable does to a caret. `pytest tests/bench/test_room.py -m lab -s`; needs root.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.net.lab import Room, need_lab, room, run
from tests.programs import ROOT, Program, running, window

pytestmark = [pytest.mark.slow, pytest.mark.lab, pytest.mark.timeout(400)]

NODE = Path(__file__).resolve().parent / "others" / "ours.py"
ROUNDS = 3


@pytest.fixture
def lan() -> Iterator[Room]:
    need_lab()
    with room("b") as it:
        for _ in range(2):
            it.host()
        yield it


@contextmanager
def node(lan: Room, number: int, home: Path) -> Iterator[Program]:
    """A node without a window at one of the computers."""
    environment = {**os.environ, "NOTESAPP_KEYRING": "off", "PYTHONPATH": str(ROOT)}
    environment.pop("NOTESAPP_DISCOVERY", None)
    with running(["ip", "netns", "exec", lan.hosts[number], sys.executable, str(NODE), str(home)], environment) as it:
        yield it


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def move(lan: Room, number: int, before: str, after: str) -> None:
    """Another address for a computer: what others remember of it is void."""
    name = lan.hosts[number]
    run("ip", "-n", name, "addr", "del", before, "dev", "lan")
    run("ip", "-n", name, "addr", "add", after, "broadcast", "+", "dev", "lan")
    run("ip", "-n", name, "route", "replace", "default", "dev", "lan")


def test_how_soon_two_programs_find_each_other(lan: Room, tmp_path: Path) -> None:
    homes = [tmp_path / name for name in ("alice", "bob")]
    with node(lan, 0, homes[0]) as alice, node(lan, 1, homes[1]) as bob:
        made = alice.ask("create", texts=["# A note"])
        bob.ask("fetch", link=made["link"], count=1)
    cold, warm = list[float](), list[float]()
    for turn in range(ROUNDS):
        for number in range(2):
            hosts = [f"10.77.0.{20 * each + number + 1}/24" for each in (turn, turn + 1)]
            move(lan, number, *hosts)
        with node(lan, 0, homes[0]) as alice:
            with node(lan, 1, homes[1]) as bob:
                for one in (alice, bob):
                    one.ask("open", name=made["names"][0], keys=1)  # both have started and are still alone
                alice.tell("meet")
                bob.tell("meet")
                times = [alice.hear(), bob.hear()]
                cold.append((max(one["met"] for one in times) - max(one["began"] for one in times)) / 1000)
            with node(lan, 1, homes[1]) as bob:  # he comes back, and she is where he left her
                back = bob.ask("meet")
                warm.append((back["met"] - back["began"]) / 1000)
    for name, took in (("cold, new addresses of both", cold), ("warm, one comes back", warm)):
        print(f"\ntwo programs find each other, {name}: {', '.join(f'{one:.2f}' for one in took)} s; {load()}", end="")
    assert max(cold) < 30
    assert max(warm) < 15


def seconds_until(true: Callable[[], bool], what: str, within_s: float = 60.0) -> float:
    """How long it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < within_s, what
        time.sleep(0.05)
    return time.monotonic() - began


def test_a_caret_whose_owner_is_cut_off_vanishes_and_comes_back(lan: Room, tmp_path: Path) -> None:
    with ExitStack() as stack:
        ana, bo = (
            stack.enter_context(window(tmp_path / name, host))
            for name, host in zip(("ana", "bo"), lan.hosts, strict=True)
        )
        made = ana.ask("share", name="Ana", text="Broad beans first.\n\n", uses=1)
        bo.ask("join", name="Bo", link=made["link"], note=made["note"])
        ana.ask("place", at=0, company=0)
        bo.ask("place", at=20, company=1)
        ana.ask("place", at=0, company=1)
        bo.ask("type", letters="then peas", gaps=[100] * 9)
        ana.ask("seen", count=9)
        lan.cable(lan.hosts[1], plugged=False)
        gone = seconds_until(lambda: not ana.ask("state")["others"], "his caret stays for ever")
        said = gone + seconds_until(lambda: "With Bo" not in ana.ask("state")["said"], "she isn't told that he is away")
        words = ana.ask("state")["said"]
        bo.ask("type", letters=" alone", gaps=[100] * 6)
        lan.cable(lan.hosts[1], plugged=True)
        began = time.monotonic()
        ana.ask("seen", count=15)
        flows = time.monotonic() - began
        back = flows + seconds_until(lambda: "Bo" in ana.ask("state")["others"], "his caret doesn't come back")
        print(
            f"\na cable is pulled: the caret is gone after {gone:.1f} s, the status says so after {said:.1f} s "
            f"(“{words}”); plugged in: traffic after {flows:.1f} s, the caret after {back:.1f} s; {load()}"
        )
        assert gone < 30
        assert flows < 30
