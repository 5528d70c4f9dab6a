"""A room with a firewall and with somebody who lies: real nodes go on, believe no more than they must, and say why."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from notesapp.control import calls
from notesapp.control import calls_people as people
from tests.net.lab import REPOSITORY, Room, need_lab, room
from tests.node.processes import Peer, join, wait

pytestmark = [pytest.mark.lab, pytest.mark.timeout(300)]
LIES_S = 5.0
TOLD_S = 60.0  # 18 s on a quiet machine; the promise is 30
PROBES = 400  # 128 B each: what all that was said of a victim's address may bring there from both nodes together
SHOWN = 64
GROWN_KB = 40_000
COUNT = """
import socket, sys
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 9999))
sock.settimeout(1.0)
print("ready", flush=True)
count = 0
while not sys.stdin.closed:
    try:
        sock.recv(2048)
        count += 1
    except TimeoutError:
        import select
        if select.select([sys.stdin], [], [], 0)[0]:
            break
print(count)
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Room, Peer, Peer]]:
    need_lab("nft")
    folder = tmp_path_factory.mktemp("hostile")
    with room("l") as lan:
        alice, bob = (Peer(name, folder, namespace=lan.host(), quiet=False) for name in ("alice", "bob"))
        try:
            for peer in (alice, bob):
                peer.start()
                peer.ask(people.Me(peer.name))
            alice.ask(calls.NewNotebook("Room"))
            join(alice, bob, "Room")
            yield lan, alice, bob
        finally:
            alice.stop()
            bob.stop()


def rss_kb(peer: Peer) -> int:
    """Memory in use."""
    lines = Path(f"/proc/{peer.pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS")))


def test_lies_by_multicast_neither_stop_nor_fill_nor_misuse_anybody(place: tuple[Room, Peer, Peer]) -> None:
    lan, alice, bob = place
    rogue, victim = lan.host(), lan.host()
    counting = subprocess.Popen(
        ["ip", "netns", "exec", victim, sys.executable, "-c", COUNT],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert counting.stdout is not None
        assert counting.stdout.readline() == "ready\n"
        bob.ask(people.Nearby(on=True))
        wait(lambda: [it.name for it in alice.ask(people.Nearby(on=True))] == ["bob"], "Bob to be seen", 30)
        before = rss_kb(alice)
        command = [sys.executable, "-m", "tests.net.rogue", "10.77.0.3", "10.77.0.4", str(LIES_S)]
        done = subprocess.run(
            ["ip", "netns", "exec", rogue, *command], cwd=REPOSITORY, capture_output=True, text=True, check=False,
            timeout=90,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert len(told["others"]) == 2, "it heard whose names to take"
        alice.ask(calls.New("# while they lie\n", "Room"))
        wait(lambda: "while they lie" in bob.titles("Room"), "the note at Bob's", 30)
        names = [it.name for it in alice.ask(people.Nearby())]
        grown = rss_kb(alice) - before
        probes = int(counting.communicate("\n", timeout=30)[0])
        print(f"\n{told['lies']} lies: {len(names)} shown, {probes} probes to the victim, {grown} kB more")
        assert "bob" in names
        assert len(names) <= SHOWN
        assert all(name.strip() and name.isprintable() and len(name) <= 60 for name in names), names
        assert probes <= PROBES
        assert grown < GROWN_KB
        assert "Traceback" not in alice.log() + bob.log()
    finally:
        counting.kill()


def rules(host: str, text: str) -> None:
    """These rules of nft instead of all others."""
    command = ["ip", "netns", "exec", host, "nft", "-f", "-"]
    subprocess.run(command, input=f"flush ruleset\n{text}", text=True, check=True, timeout=30)


def test_a_firewall_is_named_and_the_room_heals_when_it_is_gone(place: tuple[Room, Peer, Peer]) -> None:
    lan, alice, bob = place
    wait(lambda: alice.ask(people.People("Room")).state == "sharing", "the two to be linked", 30)
    rules(lan.hosts[0], "table inet t {\nchain c {\ntype filter hook input priority 0\nmeta l4proto udp drop\n}\n}\n")
    began = time.monotonic()
    wait(lambda: "firewall" in (alice.ask(people.People("Room")).cause or ""), "the cause to be told", TOLD_S)
    told = time.monotonic() - began
    view = alice.ask(people.People("Room"))
    assert view.state == "offline"
    assert view.cause == "bob can't be reached: a firewall on this computer lets nothing in to Notesapp."
    assert "UDP port 45654" in (view.remedy or "")
    doctor = alice.ask(people.NetworkDoctor())
    assert ("firewall", "bad") in zip(doctor.about, (it.state for it in doctor.findings), strict=True)
    alice.ask(calls.New("# behind a wall\n", "Room"))
    rules(lan.hosts[0], "")
    began = time.monotonic()
    wait(lambda: "behind a wall" in bob.titles("Room"), "the note at Bob's", TOLD_S)
    print(f"\ntold after {told:.1f} s, equal {time.monotonic() - began:.1f} s after the wall was gone")
    wait(lambda: alice.ask(people.People("Room")).state == "sharing", "all to be well", 30)
    wait(lambda: "firewall" not in alice.ask(people.NetworkDoctor()).about, "the doctor to forget it", 30)
