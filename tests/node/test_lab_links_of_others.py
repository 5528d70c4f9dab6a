"""A link whose maker is away: real programs behind routers; an admin lets the joiner in, with matching words."""

from __future__ import annotations

from pathlib import Path

import pytest

from notesapp.control import calls
from notesapp.control import calls_people as people
from tests.lab.ground import ground
from tests.lab.kinds import Kind
from tests.lab.nodes import lay
from tests.net.lab import need_lab, run
from tests.node.processes import Peer, join, wait

pytestmark = [pytest.mark.lab, pytest.mark.soak, pytest.mark.timeout(240)]


def test_an_admin_lets_in_by_the_link_of_one_who_is_away(tmp_path: Path) -> None:
    need_lab("nft")
    with ground("a") as it:
        nodes, peers = tuple(lay(it, 12)[:4]), []
        try:
            for name in ("alice", "bob", "carl"):
                peer = Peer(name, tmp_path, namespace=it.side(Kind.PORT).host, quiet=False)
                peers.append(peer)
                peer.start()
                peer.ask(people.Me(name))
                peer.ask(people.Internet(agreed=True, bootstrap=nodes, mapping=False))
            alice, bob, carl = peers
            alice.ask(calls.NewNotebook("Room"))
            join(alice, bob, "Room")
            alice.ask(people.SetRole("bob", "admin", "Room"))
            alice.ask(calls.New("# by way of bob\n", "Room"))
            link = alice.ask(people.Share("Room")).link
            assert link is not None
            wait(
                lambda: any(row.link for row in bob.ask(people.People("Room")).invites),
                "Bob to have the link's key",
                30,
            )
            wait(lambda: bob.titles("Room") == ["by way of bob"], "the note", 30)
            alice.stop()

            carl.ask(people.Join(link))
            wait(lambda: bob.ask(people.Requests()), "Carl's request at Bob's", 60)
            (request,) = bob.ask(people.Requests())
            wait(lambda: carl.ask(people.Joins())[-1].words == request.words, "the same words on both screens", 20)
            bob.ask(people.Approve(request.id))
            wait(lambda: carl.ask(people.Joins())[-1].stage == "done", "Carl to be a member", 60)
            wait(lambda: carl.titles("Room") == ["by way of bob"], "the note", 30)
        finally:
            for peer in peers:
                peer.stop()


def test_an_admin_lets_in_whoever_does_not_reach_the_maker_who_is_online(tmp_path: Path) -> None:
    need_lab("nft")
    with ground("a") as it:
        nodes, peers = tuple(lay(it, 12)[:4]), []
        try:
            sides = {}
            for name in ("alice", "bob", "carl"):
                sides[name] = it.side(Kind.PORT)
                peer = Peer(name, tmp_path, namespace=sides[name].host, quiet=False)
                peers.append(peer)
                peer.start()
                peer.ask(people.Me(name))
                peer.ask(people.Internet(agreed=True, bootstrap=nodes, mapping=False))
            alice, bob, carl = peers
            alice.ask(calls.NewNotebook("Room"))
            join(alice, bob, "Room")
            alice.ask(people.SetRole("bob", "admin", "Room"))
            link = alice.ask(people.Share("Room")).link
            assert link is not None
            wait(
                lambda: any(row.link for row in bob.ask(people.People("Room")).invites),
                "Bob to have the link's key",
                30,
            )
            cut(sides["carl"].host, sides["alice"].outside)
            cut(sides["alice"].host, sides["carl"].outside)

            carl.ask(people.Join(link))
            wait(lambda: bob.ask(people.Requests()), "Carl's request at Bob's", 90)
            (request,) = bob.ask(people.Requests())
            assert not alice.ask(people.Requests())
            wait(lambda: carl.ask(people.Joins())[-1].words == request.words, "the same words on both screens", 20)
            bob.ask(people.Approve(request.id))
            wait(lambda: carl.ask(people.Joins())[-1].stage == "done", "Carl to be a member", 60)
            alice.ask(calls.New("# by way of bob\n", "Room"))
            wait(lambda: carl.titles("Room") == ["by way of bob"], "Alice's note, by way of Bob", 60)
            assert sorted(row.name for row in alice.ask(people.People("Room")).members) == ["alice", "bob", "carl"]
        finally:
            for peer in peers:
                peer.stop()


def cut(host: str, address: str) -> None:
    """Nothing from or to this address passes at this host."""
    for rule in (
        "add table inet cut",
        "add chain inet cut out { type filter hook output priority 0 ; }",
        "add chain inet cut in { type filter hook input priority 0 ; }",
        f"add rule inet cut out ip daddr {address} drop",
        f"add rule inet cut in ip saddr {address} drop",
    ):
        run("ip", "netns", "exec", host, "nft", rule)
