"""An invite's link works at any device that may let people in, not only at its maker's: real nodes, links in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from notesapp.identity.roles import Role
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
