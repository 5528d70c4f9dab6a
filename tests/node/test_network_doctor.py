"""The connection doctor: what it says of a healthy network, of a wrong clock, of no DHT, and from both ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from notesapp.errors import NobodyToLookWith
from notesapp.identity.roles import Role
from notesapp.net.address import Address
from notesapp.net.candidate import NatClass
from notesapp.net.dht import DhtHealth, DhtState
from notesapp.net.internet import InternetReport
from notesapp.net.nat import NatReport, Seen, classified
from notesapp.node.network_doctor import MEET, dht_finding, nat_finding
from notesapp.node.node import Node
from notesapp.node.people_views import JoinStage
from notesapp.store.doctor import Finding, Level
from tests.node.air import Room, until, until_async
from tests.node.test_internet import OWN, far_room

pytestmark = pytest.mark.socket
TWO_HOURS_MS = 2 * 3_600_000


def knows_its_router(node: Node) -> bool:
    report = node.people.internet.view.report
    return report is not None and report.nat.nat is NatClass.CONSISTENT


async def is_wrong(node: Node) -> bool:
    return not await is_well(node, "clock")


@pytest.fixture
async def met(tmp_path: Path) -> AsyncIterator[Room]:
    """Alice and Bob with real ports, members of one notebook, linked."""
    async with far_room(tmp_path, "alice", "bob") as found:
        alice, bob = found["alice"], found["bob"]
        for one in (alice, bob):
            await one.people.internet.choose(agreed=True, mapping=False, bootstrap=OWN)
        link = (await alice.people.share(alice.default_notebook, Role.WRITER, approval=False)).link
        assert link is not None
        ended = await bob.people.joined(await bob.people.join(link))
        assert ended.stage is JoinStage.DONE, ended
        yield found


async def about(node: Node, what: str) -> Finding:
    return next(it for it in await node.people.network_findings() if it.what == what)


async def is_well(node: Node, what: str) -> bool:
    return (await about(node, what)).level is Level.OK


async def test_what_is_well_is_said_with_its_facts(met: Room) -> None:
    alice = met["alice"]
    await until(lambda: knows_its_router(alice))
    await until(lambda: alice.people.clock().report.compared)
    found = {it.what: it for it in await alice.people.network_findings()}
    assert list(found) == ["identity", "addresses", "mdns", "dht", "nat", "mapping", "clock", "reach"]
    assert " ".join(alice.people.me().words) in found["identity"].sentence
    assert "; seen at" not in found["nat"].sentence, "all see the same"
    assert "(seen at" in found["nat"].sentence
    assert "nodes" in found["dht"].sentence
    assert " UTC, and so it does at bob." in found["clock"].sentence
    await until(lambda: any(it.path for it in alice.people.reach()))


async def test_a_clock_two_hours_wrong_is_named(met: Room) -> None:
    alice, bob = met["alice"], met["bob"]
    vine = bob.people.internet.grapevine
    assert vine is not None
    right = vine.unix_ms
    vine.unix_ms = lambda: right() + TWO_HOURS_MS
    await until_async(lambda: is_wrong(alice))
    finding = await about(alice, "clock")
    assert finding.level is Level.WARN
    assert "2 h 0 min behind the clock of bob: one of the two is wrong" in finding.sentence
    assert "set its clock" in finding.remedy
    vine.unix_ms = right  # somebody set it
    assert await is_well(alice, "clock")


async def test_a_look_from_both_ends_tells_what_each_sees(met: Room) -> None:
    alice, bob = met["alice"], met["bob"]
    them = next(it for it in alice.people.everyone() if it.name == "bob")
    await until(lambda: knows_its_router(bob))
    await until(lambda: any(it.path for it in alice.people.reach()))
    (it,) = await alice.people.look_closer(them)
    assert (it.told, it.nat, it.dht) == (True, "consistent", "ready")
    assert it.answered > it.sent / 2
    assert it.lag_ms is not None
    assert it.sees_us_at
    assert it.path


async def test_without_the_other_end_it_says_why(met: Room) -> None:
    alice = met["alice"]
    them = next(it for it in alice.people.everyone() if it.name == "bob")
    await met.leave("bob")
    await until(lambda: not alice.people.peering.sessions())
    assert alice.people.internet.grapevine is not None
    alice.people.peering.network.station.paths.drop(them.devices[0].device_id)  # type: ignore[union-attr]
    with pytest.raises(NobodyToLookWith, match="bob"):
        await alice.people.look_closer(them)


def test_mirrors_that_contradict_each_other_are_told_as_that() -> None:
    answers = tuple(Seen(Address(f"8.{n}.0.1", 6881), Address(f"198.18.7.{n}", 7000)) for n in range(5))
    report = InternetReport(DhtHealth(DhtState.READY, 9), classified(answers, [], 5), None, "no router answers")
    told = nat_finding(report)
    assert told.level is Level.WARN
    assert told.sentence.startswith("Who sees this computer from outside doesn't agree where it is. 5 of 5 mirrors")
    assert "name other nodes" in told.remedy


def test_without_an_engine_nobody_is_sent_to_the_firewall() -> None:
    told = dht_finding(InternetReport(DhtHealth(DhtState.MISSING, 0, "There is none"), NatReport(), None, None))
    assert told.level is Level.WARN
    assert told.remedy == MEET


def test_while_nobody_can_see_the_router_from_outside_that_is_said() -> None:
    report = InternetReport(DhtHealth(DhtState.ALONE), NatReport(), None, "no router answers")
    told = nat_finding(report)
    assert told.level is Level.WARN
    assert "nobody outside answers: this network may let no UDP through" in told.sentence
    assert "hotspot" in told.remedy
    assert "0 of 0" not in told.sentence
