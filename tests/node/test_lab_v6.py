"""Whole programs in a room without any IPv4: found by multicast DNS, joined, equal; and what the doctor says there."""

from __future__ import annotations

from pathlib import Path

import pytest

from notesapp.control import calls
from notesapp.control import calls_people as people
from tests.net.lab import need_lab, room, run
from tests.node.processes import Peer, join, wait

pytestmark = [pytest.mark.lab, pytest.mark.timeout(200)]


@pytest.mark.parametrize("own", [True, False], ids=["with addresses of the room's own", "with link-local ones alone"])
def test_two_people_in_a_room_without_ipv4(own: bool, tmp_path: Path) -> None:
    need_lab()
    with room("6") as lan:
        hosts = [lan.host_v6(f"fd00:77::{number}/64" if own else "") for number in (1, 2)]
        alice, bob = (Peer(name, tmp_path, namespace=host, quiet=False) for name, host in zip(("alice", "bob"), hosts))
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
            for peer in (alice, bob):
                row = peer.ask(people.NetworkDoctor())
                print()
                for about, it in zip(row.about, row.findings):
                    print(about, it)
        finally:
            for peer in (alice, bob):
                peer.stop()
            assert run("ip", "-n", hosts[0], "-4", "addr", "show", "dev", "lan") == ""
