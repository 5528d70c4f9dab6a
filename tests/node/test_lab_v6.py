"""Whole programs in a room without any IPv4: found by multicast DNS, joined, equal; and what the doctor says there."""

from __future__ import annotations

from pathlib import Path

import pytest

from notesapp.control import calls
from notesapp.control import calls_people as people
from tests.net.lab import need_lab, room, run
from tests.node.processes import Peer, join, wait

pytestmark = [pytest.mark.lab, pytest.mark.timeout(200)]


@pytest.mark.parametrize("own", [pytest.param(True, marks=pytest.mark.soak), False], ids=["own", "link-local"])
def test_two_people_in_a_room_without_ipv4(own: bool, tmp_path: Path) -> None:
    need_lab()
    with room("6") as lan:
        hosts = [lan.host_v6(f"fd00:77::{number}/64" if own else "") for number in (1, 2)]
        names = ("alice", "bob")
        alice, bob = (Peer(it, tmp_path, namespace=at, quiet=False) for it, at in zip(names, hosts, strict=True))
        try:
            for peer in (alice, bob):
                peer.start()
                peer.ask(people.Me(peer.name))
                peer.ask(people.Nearby())
            wait(lambda: [one.name for one in alice.ask(people.Nearby())] == ["bob"], "Bob to be seen", 30)
            alice.ask(calls.NewNotebook("Room"))
            join(alice, bob, "Room")
            alice.ask(calls.New("# hello\n", "Room"))
            wait(lambda: bob.titles("Room") == ["hello"], "the note", 30)
            bob.ask(calls.Append("hello", "from bob"))
            wait(lambda: "from bob" in alice.ask(calls.Cat("hello")).text, "what Bob wrote", 30)
            row = alice.ask(people.NetworkDoctor())
            told = dict(zip(row.about, row.findings, strict=True))
            assert ("fd00:77::1" if own else "fe80::") in told["addresses"].sentence
            assert told["mdns"].state == "ok"
            assert told["reach"].sentence.startswith("bob: same network")
        finally:
            for peer in (alice, bob):
                peer.stop()
            assert run("ip", "-n", hosts[0], "-4", "addr", "show", "dev", "lan") == ""
