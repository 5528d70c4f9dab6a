"""No phone book (DHT), a page to log in on, a wrong clock: whole programs say so, and go on. Needs root and nft."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from notesapp.control import calls
from notesapp.control import calls_people as people
from tests.lab.kinds import Kind
from tests.lab.sly import Portal, equal, found, joined, sly
from tests.net.lab import need_lab
from tests.node.processes import Peer, wait

pytestmark = [pytest.mark.lab, pytest.mark.timeout(300)]
TOLD_S = 30.0
NO_WHEEL = 'raise ImportError("no wheel of it for this system")\n'
WRONG_CLOCK = """
import time
_ns, _s = time.time_ns, time.time
time.time_ns = lambda: _ns() + 7_200_000_000_000
time.time = lambda: _s() + 7_200.0
"""


def told(peer: Peer, about: str, state: str) -> None:
    """Waits until the doctor says so."""
    wait(lambda: found(peer, about)[0] == state, f"the doctor to call {about} {state}", TOLD_S)
    print(*found(peer, about))


@pytest.mark.soak
@pytest.mark.parametrize("how", ["silent", "gone"])
def test_nodes_that_dont_answer_are_named_and_a_shared_network_goes_on(how: str, tmp_path: Path) -> None:
    need_lab("nft")
    with sly(tmp_path) as them:
        if how == "silent":
            them.are("silent")
        else:
            them.book.close()
        began = time.monotonic()
        alice, bob = (them.peer(name, Kind.LAN) for name in ("alice", "bob"))
        alice.ask(calls.NewNotebook("Room"))
        online = time.monotonic()
        print(f"\njoined in one network after {joined(alice, bob, 30):.1f} s")
        wait(lambda: found(alice, "dht")[0] == "bad", "the doctor to tell", TOLD_S)
        print(f"told after {time.monotonic() - online:.1f} s ({time.monotonic() - began:.1f}):", *found(alice, "dht"))
        print(alice.run("doctor", "network"))
        print(alice.run("internet"))
        assert "No node of the DHT answers" in found(alice, "dht")[1]
        equal(alice, bob, "without a book")
        if how == "silent":
            them.are("honest")
            opened = time.monotonic()
            wait(lambda: found(alice, "dht")[0] == "ok", "the book to be used by itself", 30)
            print(f"used again {time.monotonic() - opened:.1f} s after it answered")


def test_without_libtorrent_that_is_said_and_the_rest_works(tmp_path: Path) -> None:
    need_lab("nft")
    shadow = tmp_path / "shadow" / "libtorrent"
    shadow.mkdir(parents=True)
    (shadow / "__init__.py").write_text(NO_WHEEL)
    with sly(tmp_path) as them:
        alice = them.peer("alice", Kind.OPEN, PYTHONPATH=str(shadow.parent))
        bob = them.peer("bob", Kind.PORT, PYTHONPATH=str(shadow.parent))
        alice.ask(calls.NewNotebook("Room"))
        took = joined(alice, bob, 60)  # the link names her address, which has no router before it
        print(f"\njoined by a link with an address after {took:.1f} s; then {equal(alice, bob, 'no book'):.1f} s")
        state, sentence = found(alice, "dht")
        print(state, sentence)
        print(alice.run("doctor", "network"))
        print(alice.run("internet"))
        assert state == "warn"
        assert "no libtorrent for this system (no wheel of it for this system)" in sentence
        assert "page to log in on" not in sentence
        assert alice.ask(people.Internet()).dht == "missing"
        assert "Traceback" not in alice.log() + bob.log()


@pytest.mark.soak
def test_a_page_to_log_in_on_is_thought_of_and_all_goes_on_once_it_opens(tmp_path: Path) -> None:
    need_lab("nft")
    with sly(tmp_path) as them:
        portal = Portal(them)
        alice = them.peer("alice", Kind.PORT)
        bob = them.peer("bob", Kind.PORT, far=False)
        alice.ask(calls.NewNotebook("Room"))
        portal.close_off("bob")
        link = alice.ask(people.Share("Room", approval=False)).link
        assert link is not None
        began = time.monotonic()
        bob.ask(people.Internet(agreed=True, bootstrap=portal.names, mapping=False))
        bob.ask(people.Join(link))
        wait(lambda: bob.ask(people.Joins())[-1].cause, "the cause to be told", TOLD_S)
        row = bob.ask(people.Joins())[-1]
        print(f"\ntold after {time.monotonic() - began:.1f} s: {row.cause} {row.remedy}")
        assert "Log in if the network asks for it" in (row.remedy or "")
        wait(lambda: found(bob, "dht")[0] == "bad", "the doctor to tell", TOLD_S - (time.monotonic() - began))
        print(bob.run("doctor", "network"))
        assert "log in" in found(bob, "dht")[1]
        portal.open("bob")
        opened = time.monotonic()
        wait(lambda: bob.ask(people.Joins())[-1].stage == "done", "Bob to join by himself", 60)
        print(f"joined {time.monotonic() - opened:.1f} s after the page was gone")
        equal(alice, bob, "after the page")


def test_a_clock_two_hours_wrong_keeps_nobody_apart_and_is_named(tmp_path: Path) -> None:
    need_lab("nft")
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / "sitecustomize.py").write_text(WRONG_CLOCK)
    with sly(tmp_path) as them:
        alice = them.peer("alice", Kind.PORT)
        bob = them.peer("bob", Kind.PORT, PYTHONPATH=str(wrong))
        alice.ask(calls.NewNotebook("Room"))
        took = joined(alice, bob, 60)
        print(f"\njoined after {took:.1f} s")
        for one, other in ((alice, bob), (bob, alice)):
            print(f"equal after {equal(one, other, f'by {one.name}'):.1f} s")
        for peer, said in ((alice, "behind"), (bob, "ahead of")):
            told(peer, "clock", "warn")
            assert f"is 2 h 0 min {said} the clock of" in found(peer, "clock")[1]
    shutil.rmtree(wrong)
