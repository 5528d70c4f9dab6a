"""An invite's link works at any device that may let people in, not only at its maker's: real nodes, links in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from notesapp.identity.roles import Role
from notesapp.node import hosting, joining
from notesapp.node.node import Node
from notesapp.node.people_views import JoinStage
from tests.node.air import DEADLINE_S, Room, room, until
from tests.node.test_sharing import joined


@pytest.fixture
async def three(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path, "alice", "bob", "carol") as found:
        yield found


async def with_admin(three: Room) -> bytes:
    """Alice's notebook, of which Bob is an admin."""
    alice, bob = three["alice"], three["bob"]
    notebook = await joined(alice, bob)
    await alice.people.set_role(notebook, bob.people.me().person_id, Role.ADMIN)
    await until(lambda: bob.people.of(notebook).my_role is Role.ADMIN)
    return notebook


def has_link(node: Node, notebook: bytes, link: str) -> bool:
    secret = link.rsplit(".", 1)[1][:100]  # notebook and seed; names and addresses of a link are its sender's
    return any(view.link is not None and secret in view.link for view in node.people.of(notebook).invites)


async def test_a_link_works_at_an_admin_while_its_maker_is_away(three: Room) -> None:
    bob, carol = three["bob"], three["carol"]
    notebook = await with_admin(three)
    note_id = await three["alice"].create_note(notebook, text="by way of bob")
    link = (await three["alice"].people.share(notebook, Role.WRITER)).link
    assert link is not None
    await until(lambda: has_link(bob, notebook, link) and any(view.note_id == note_id for view in bob.notes()))
    await three.leave("alice")

    join_id = await carol.people.join(link)
    await until(bob.people.requests)
    (request,) = bob.people.requests()
    await until(lambda: carol.people.joins()[0].words)
    assert carol.people.joins()[0].words == request.words
    await bob.people.approve(request.request_id, True)
    assert (await carol.people.joined(join_id)).stage is JoinStage.DONE
    await until(lambda: any(view.note_id == note_id for view in carol.notes()))

    alice = await three.enter("alice")  # and the invite is used up for her, too
    await until(lambda: [one.name for one in alice.people.of(notebook).members] == ["alice", "bob", "carol"])
    assert not alice.people.of(notebook).invites[0].open


async def test_while_the_maker_is_there_only_she_is_asked(three: Room) -> None:
    alice, bob, carol = three["alice"], three["bob"], three["carol"]
    notebook = await with_admin(three)
    link = (await alice.people.share(notebook, Role.WRITER)).link
    assert link is not None
    await until(lambda: has_link(bob, notebook, link))
    join_id = await carol.people.join(link)
    await until(alice.people.requests)
    assert not bob.people.requests()
    await three.leave("alice")  # before she has said anything
    await until(bob.people.requests)
    await bob.people.approve(bob.people.requests()[0].request_id, True)
    assert (await carol.people.joined(join_id)).stage is JoinStage.DONE


async def test_whoever_starts_anew_at_the_door_is_knocked_at_again(three: Room) -> None:
    alice, carol = three["alice"], three["carol"]
    link = (await alice.people.share(alice.default_notebook, Role.WRITER)).link
    assert link is not None
    join_id = await carol.people.join(link)
    await until(alice.people.requests)
    await three.leave("alice")
    alice = await three.enter("alice")
    await until(alice.people.requests)
    await until(lambda: carol.people.joins()[0].words == alice.people.requests()[0].words)
    await alice.people.approve(alice.people.requests()[0].request_id, True)
    assert (await carol.people.joined(join_id)).stage is JoinStage.DONE


async def test_who_becomes_an_admin_later_gets_the_links_that_are_open(three: Room) -> None:
    alice, bob, carol = three["alice"], three["bob"], three["carol"]
    notebook = await joined(alice, bob)
    made = await alice.people.share(notebook, Role.READER, uses=5)
    assert made.link is not None
    await until(lambda: len(bob.people.of(notebook).invites) == 2)
    assert not has_link(bob, notebook, made.link)  # a writer can let nobody in
    await alice.people.set_role(notebook, bob.people.me().person_id, Role.ADMIN)
    await until(lambda: has_link(bob, notebook, made.link or ""))
    await three.leave("bob")
    await three.leave("alice")
    bob = await three.enter("bob")  # the seed was kept
    join_id = await carol.people.join(made.link)
    assert (await carol.people.joined(join_id)).stage is JoinStage.DONE
    assert bob.people.of(notebook).members[-1].name == "carol"


async def test_who_is_removed_takes_no_open_link_along(three: Room) -> None:
    alice, bob = three["alice"], three["bob"]
    notebook = await with_admin(three)
    link = (await alice.people.share(notebook, Role.READER, uses=5)).link
    assert link is not None
    await until(lambda: has_link(bob, notebook, link))
    await alice.people.remove(notebook, bob.people.me().person_id)
    assert [view.open for view in alice.people.of(notebook).invites] == [False, False]
    await until(lambda: bob.people.of(notebook).my_role is not Role.ADMIN)
    await until(lambda: not alice.people.peering.ways and not bob.people.peering.ways)  # nobody opens by them


async def test_who_waits_is_let_in_though_others_came_and_went_meanwhile(three: Room) -> None:
    alice, carol = three["alice"], three["carol"]
    notebook = alice.default_notebook
    link = (await alice.people.share(notebook, Role.WRITER)).link
    assert link is not None
    join_id = await carol.people.join(link)
    await until(alice.people.requests)
    await alice.people.share(notebook, Role.READER)  # records that are judged while she is no member yet
    await alice.people.approve(alice.people.requests()[0].request_id, True)
    async with asyncio.timeout(DEADLINE_S):
        assert (await carol.people.joined(join_id)).stage is JoinStage.DONE


async def test_an_admin_is_asked_where_the_joiner_does_not_reach_the_maker(three: Room) -> None:
    alice, bob, carol = three["alice"], three["bob"], three["carol"]
    notebook = await with_admin(three)
    link = (await alice.people.share(notebook, Role.WRITER)).link
    assert link is not None
    await until(lambda: has_link(bob, notebook, link))
    three.air.part("alice", "carol")
    join_id = await carol.people.join(link)
    await until(bob.people.requests)
    (request,) = bob.people.requests()
    await until(lambda: carol.people.joins()[0].words == request.words)
    assert not alice.people.requests()  # though she is online, and linked with Bob
    assert await bob.people.approve(request.request_id, True) == ""
    assert await bob.people.approve(request.request_id, True) == ""  # a second press
    assert await ended(carol, join_id) is JoinStage.DONE
    await until(lambda: [one.name for one in alice.people.of(notebook).members] == ["alice", "bob", "carol"])


async def test_who_reaches_an_admin_first_is_seen_by_the_maker_all_the_same(
    three: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosting, "PATIENCE_S", 20.0)  # a busy machine is no reason to ask Bob
    alice, bob, carol = three["alice"], three["bob"], three["carol"]
    notebook = await with_admin(three)
    link = (await alice.people.share(notebook, Role.WRITER)).link
    assert link is not None
    await until(lambda: has_link(bob, notebook, link))
    three.air.part("alice", "carol")
    join_id = await carol.people.join(link)
    await until(lambda: carol.people.joins()[0].stage is JoinStage.PROVING)  # at Bob's door
    three.air.join("alice", "carol")
    await until(alice.people.requests)
    await until(lambda: carol.people.joins()[0].words == alice.people.requests()[0].words)
    assert not bob.people.requests()
    await three.leave("alice")  # before she has said anything
    await until(bob.people.requests)
    await bob.people.approve(bob.people.requests()[0].request_id, True)
    assert await ended(carol, join_id) is JoinStage.DONE


async def test_a_maker_who_comes_back_meanwhile_disturbs_nobody_who_waits_at_an_admins(three: Room) -> None:
    alice, bob, carol = three["alice"], three["bob"], three["carol"]
    notebook = await with_admin(three)
    link = (await alice.people.share(notebook, Role.WRITER)).link
    assert link is not None
    await until(lambda: has_link(bob, notebook, link))
    await three.leave("alice")
    join_id = await carol.people.join(link)
    await until(bob.people.requests)
    (request,) = bob.people.requests()
    alice = await three.enter("alice")
    await until(lambda: len(carol.people.peering.sessions()) == 2)
    assert bob.people.requests() == (request,)
    await bob.people.approve(request.request_id, True)
    assert await ended(carol, join_id) is JoinStage.DONE
    await until(lambda: len(alice.people.of(notebook).members) == 3)
    assert not alice.people.requests()


async def test_what_another_admin_has_answered_goes_from_here(three: Room) -> None:
    """Carol's link with Bob falls silent; she goes to Alice, and nobody tells Bob's screen."""
    alice, bob, carol = three["alice"], three["bob"], three["carol"]
    notebook = await with_admin(three)
    link = (await alice.people.share(notebook, Role.WRITER)).link
    assert link is not None
    await until(lambda: has_link(bob, notebook, link))
    three.air.part("alice", "carol")
    join_id = await carol.people.join(link)
    await until(bob.people.requests)
    (request,) = bob.people.requests()
    three.air.join("alice", "carol")
    join = carol.people._joining._joins[join_id]
    await until(lambda: len(carol.people.peering.sessions()) == 2)
    [door] = [call for call in carol.people.peering.sessions() if call is not join.call]
    assert door.proved is not None
    join.call = None  # as when Bob isn't heard for long
    carol.people._joining._proved(door, door.proved)
    await until(alice.people.requests)
    await alice.people.approve(alice.people.requests()[0].request_id, True)
    assert await ended(carol, join_id) is JoinStage.DONE
    await until(lambda: not bob.people.requests())
    told = await bob.people.approve(request.request_id, True)
    assert told == "carol was let in already, by another admin."
    await until(lambda: names(bob, notebook) == ["alice", "bob", "carol"])
    assert [(view.used, view.open) for view in bob.people.of(notebook).invites] == [(1, False), (1, False)]


async def test_who_lost_the_link_while_being_let_in_finds_the_door_open(three: Room) -> None:
    alice, carol = three["alice"], three["carol"]
    notebook = alice.default_notebook
    link = (await alice.people.share(notebook, Role.WRITER)).link
    assert link is not None
    join_id = await carol.people.join(link)
    await until(alice.people.requests)
    door = next(call for call in alice.people.peering.sessions())
    door.answer = lambda data: door.close("the wire was cut")  # type: ignore[method-assign]  # instead of what makes her a member
    await alice.people.approve(alice.people.requests()[0].request_id, True)
    assert await ended(carol, join_id) is JoinStage.DONE
    await until(lambda: not alice.people.peering.ways)


@pytest.mark.parametrize("approval", [True, False])
async def test_whoever_is_answered_at_two_doors_at_once_comes_in_once(
    three: Room, approval: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosting, "PATIENCE_S", 0.0)  # as if no admin reached the other one
    monkeypatch.setattr(joining, "ANSWER_S", 0.0)  # a second door is knocked at before the first has answered
    alice, bob, carol = three["alice"], three["bob"], three["carol"]
    notebook = await with_admin(three)
    link = (await alice.people.share(notebook, Role.WRITER, approval=approval)).link
    assert link is not None
    await until(lambda: has_link(bob, notebook, link))
    join_id = await carol.people.join(link)
    if approval:
        await until(lambda: carol.people.joins()[0].words)
        await until(lambda: alice.people.requests() or bob.people.requests())
        host = alice if alice.people.requests() else bob
        assert carol.people.joins()[0].words == host.people.requests()[0].words
        await host.people.approve(host.people.requests()[0].request_id, True)
    assert await ended(carol, join_id) is JoinStage.DONE
    for one in (alice, bob, carol):
        await until(lambda one=one: names(one, notebook) == ["alice", "bob", "carol"])  # type: ignore[misc]  # a default argument has no type in a lambda
        assert [view.used for view in one.people.of(notebook).invites] == [1, 1]
    await until(lambda: not alice.people.requests() and not bob.people.requests())


def names(node: Node, notebook: bytes) -> list[str]:
    return sorted(member.name for member in node.people.of(notebook).members)


async def ended(node: Node, join_id: bytes) -> JoinStage:
    async with asyncio.timeout(DEADLINE_S):
        return (await node.people.joined(join_id)).stage
