"""Consent and the off switch, packet by packet: whole programs behind a router; all that leaves the host is read."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from notesapp.control import calls
from notesapp.control import calls_people as people
from tests.lab.ground import Side, ground
from tests.lab.kinds import Kind
from tests.lab.nodes import lay
from tests.net.lab import Process, need_lab
from tests.node.processes import Peer, wait

pytestmark = [pytest.mark.lab, pytest.mark.timeout(240)]

GOODBYE_S = 1.0  # what was on its way when the switch was turned


class Wire:
    """Reads what leaves a host by its cable."""

    def __init__(self, side: Side) -> None:
        self._process = Process(side.host, "-m", "tests.lab.capture", "lan")
        self._process.until("ready", 20)

    def far(self, seconds: float = 0.0, after: float = 0.0) -> list[dict[str, Any]]:
        """What went further than the own network, up to `seconds` from now."""
        self._process.listen(max(0.05, seconds))
        said = [it for it in self._process.seen if it["what"] == "packet" and it["at"] > after]
        return [it for it in said if not _near(ipaddress.ip_address(it["to"]))]

    def close(self) -> None:
        """The end."""
        self._process.close()


def _near(to: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return to in ipaddress.ip_network("192.168.1.0/24") or to.is_multicast or to.is_link_local


@contextmanager
def alone(tmp_path: Path, *, nodes: int) -> Iterator[tuple[Peer, Wire, list[str]]]:
    """Alice, who has shared a notebook with nobody yet, behind a router; the nodes of a DHT."""
    with ground("o") as it:
        bootstrap = lay(it, nodes) if nodes else []
        side = it.side(Kind.PORT)
        wire = Wire(side)
        alice = Peer("alice", tmp_path, namespace=side.host, quiet=False)
        try:
            alice.start()
            alice.ask(people.Me("alice"))
            alice.ask(calls.NewNotebook("Room"))
            yield alice, wire, bootstrap
        finally:
            alice.stop()
            wire.close()


@pytest.mark.parametrize("for_s", [10.0, pytest.param(40.0, marks=pytest.mark.soak)])
def test_nothing_leaves_the_network_before_consent_nor_after_the_switch(for_s: float, tmp_path: Path) -> None:
    need_lab("nft")
    with alone(tmp_path, nodes=10) as (alice, wire, nodes):
        alice.ask(people.Share("Room"))
        assert wire.far(5.0) == []
        alice.ask(people.Internet(agreed=True, bootstrap=tuple(nodes[:4])))
        wait(lambda: wire.far(), "packets to the internet", 20)
        alice.ask(people.Internet(agreed=False))  # in the midst of the search
        off = time.monotonic()
        assert wire.far(for_s, off + GOODBYE_S) == []


def test_with_nodes_of_ones_own_nobody_else_is_asked(tmp_path: Path) -> None:
    need_lab("nft")
    with alone(tmp_path, nodes=10) as (alice, wire, nodes):
        alice.ask(people.Internet(agreed=True, bootstrap=tuple(nodes[:4]), mapping=False))
        alice.ask(people.Share("Room"))
        wait(lambda: alice.ask(people.Internet()).dht == "ready", "the DHT", 30)
        mine = str(alice.ask(people.Internet()).external).rpartition(":")[0]  # her own router, as its nodes name it
        went = {f"{it['to']}:{it['port']}" for it in wire.far(5.0) if it["to"] != mine}
        assert went
        assert went <= set(nodes)
