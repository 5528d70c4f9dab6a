"""What a person reads when nobody is found: the network's word first, then what is wrong on the way there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from notesapp.identity.roles import Role
from notesapp.net.candidate import NatClass
from notesapp.net.dht import DhtHealth, DhtState
from notesapp.net.diagnosis import REMEDIES, Cause
from notesapp.net.internet import InternetReport
from notesapp.net.nat import NatReport
from notesapp.net.standing import BondState, Stage
from notesapp.node import codes, joining, seeking
from notesapp.node.faraway import Choice, InternetView
from notesapp.node.people_views import JoinStage, JoinView, OfferView
from notesapp.node.seeking import why
from tests.node.air import Room, room, until

SEEKS = BondState(Stage.SEARCHING)
BOTH = BondState(
    Stage.PUNCHING, nats=(NatClass.RANDOM, NatClass.RANDOM), cause=Cause.BOTH_RANDOM, remedy=REMEDIES[Cause.BOTH_RANDOM]
)


def internet(
    state: DhtState = DhtState.READY, *, agreed: bool | None = True, nodes: tuple[str, ...] = ()
) -> InternetView:
    report = InternetReport(DhtHealth(state, 0), NatReport(), None, None) if agreed else None
    return InternetView(Choice(agreed, bootstrap=nodes), agreed is True, report)


@pytest.mark.parametrize(
    ("state", "view", "cause", "remedy"),
    [
        (BOTH, internet(), "Both routers use another port", "third device of a member"),
        (SEEKS, internet(agreed=None), "Nobody answers in this network", "Find people on the internet"),
        (SEEKS, internet(agreed=False), "Nobody answers in this network", "Find people on the internet"),
        (SEEKS, internet(DhtState.ALONE), "phone book (DHT) doesn’t answer", "another network"),
        (SEEKS, internet(DhtState.ALONE, nodes=("a:1",)), "None of the nodes that are set", "in the settings"),
        (SEEKS, internet(DhtState.MISSING), "no engine", "in one network"),
    ],
)
def test_each_cause_has_one_remedy(state: BondState, view: InternetView, cause: str, remedy: str) -> None:
    found = why(state, view)
    assert found is not None
    assert cause in found.cause
    assert remedy in found.remedy


def test_as_long_as_nothing_is_wrong_nothing_is_said() -> None:
    assert why(SEEKS, internet()) is None
    assert why(SEEKS, internet(DhtState.JOINING)) is None


def test_what_waiting_does_not_mend_is_said_at_once_and_everything_else_after_a_while() -> None:
    view, other = JoinView(b"j", OfferView("", "", Role.WRITER), JoinStage.SEARCHING), seeking.Why("Nobody.", "Wait.")
    assert "Both routers" in (seeking.explained(view, BOTH, internet(), other, 9.0).cause or "")
    assert seeking.explained(view, SEEKS, internet(DhtState.ALONE), other, 9.0).cause is None
    assert seeking.explained(view, SEEKS, internet(), other, seeking.TELL_S).cause == "Nobody."
    assert seeking.explained(view, None, internet(), other, 99.0).cause is None
    assert seeking.explained(view, BOTH, internet(), other, 0.0).seen


@pytest.fixture
async def alone(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path, "alice", "bob") as found:
        yield found


async def test_whoever_types_words_nobody_made_reads_why_and_the_search_goes_on(
    alone: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeking, "TELL_S", 0.2)
    monkeypatch.setattr(codes, "AGAIN_S", 0.05)
    bob = alone["bob"].people
    join_id = await bob.join(("abandon", "ability", "zoo"))
    await until(lambda: bob.a_join(join_id).cause)
    view = bob.a_join(join_id)
    assert view.stage is JoinStage.SEARCHING
    assert view.cause == "Nobody answers in this network."
    assert "Find people on the internet" in (view.remedy or "")
    monkeypatch.setattr(codes, "LIFETIME_S", 0.0)
    await until(lambda: bob.a_join(join_id).stage is JoinStage.FAILED)
    assert bob.a_join(join_id).cause == view.cause


async def test_whoever_comes_by_a_link_and_finds_nobody_reads_why_until_somebody_is_there(
    alone: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeking, "TELL_S", 0.2)
    monkeypatch.setattr(joining, "AGAIN_S", 0.05)
    alice, bob = alone["alice"], alone["bob"].people
    link = (await alice.people.share(alice.default_notebook, Role.WRITER)).link
    assert link is not None
    alone.air.part("alice", "bob")
    join_id = await bob.join(link)
    await until(lambda: bob.a_join(join_id).cause)
    assert bob.a_join(join_id).stage is JoinStage.SEARCHING
    alone.air.join("alice", "bob")
    await until(lambda: alice.people.requests())
    assert bob.a_join(join_id).cause is None  # what was said while he was missing is taken back
