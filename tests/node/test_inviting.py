"""Who may invite whom where, and which doors are open: one node alone, or several in memory."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from notesapp.errors import BadRequest
from notesapp.identity.roles import Role
from notesapp.identity.spare_key import spare_keys
from notesapp.node.node import Node
from tests.node.air import Room, room, until
from tests.node.test_sharing import joined


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path, "alice", "bob") as found:
        yield found


@pytest.mark.parametrize("before_ms", [0, 1, 10**9])
async def test_an_invite_that_ends_before_it_begins_is_not_made(node: Node, before_ms: int) -> None:
    now_ms = node._core.clock()
    node._core.clock = lambda: now_ms
    with pytest.raises(BadRequest, match="can't end before it begins"):
        await node.people.share(node.default_notebook, Role.WRITER, ends_ms=now_ms - before_ms)
    assert not node.people.of(node.default_notebook).invites
    made = await node.people.share(node.default_notebook, Role.READER, ends_ms=now_ms + 1)
    assert made.ends_ms == now_ms + 1


async def test_an_invite_to_write_ends_by_itself_and_one_to_read_does_not(node: Node) -> None:
    writing = await node.people.share(node.default_notebook, Role.WRITER)
    reading = await node.people.share(node.default_notebook, Role.READER)
    assert writing.ends_ms
    assert (writing.approval, reading.approval, reading.ends_ms) == (True, False, None)


async def test_a_look_at_an_invite_tells_that_it_is_of_no_use_here(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    invite = await alice.people.share(alice.default_notebook, Role.READER, ends_ms=alice._core.clock() + 3_600_000)
    assert invite.link is not None
    with pytest.raises(BadRequest, match=r"You are a member of “.*” already; that invite is for somebody else"):
        alice.people.look(invite.link)
    assert bob.people.look(invite.link).inviter == "alice"
    now_ms = bob._core.clock()
    bob._core.clock = lambda: now_ms + 3_600_001
    with pytest.raises(BadRequest, match="has ended; ask for a new one"):
        bob.people.look(invite.link)
    with pytest.raises(BadRequest, match="has ended; ask for a new one"):
        await bob.people.join(invite.link)
    assert not bob.people.joins()


async def test_an_invite_that_is_not_there_can_not_be_withdrawn(node: Node) -> None:
    made = await node.people.share(node.default_notebook, Role.READER)
    records = node._core.held[node.default_notebook].records
    with pytest.raises(BadRequest, match="no such invite"):
        await node.people.withdraw(node.default_notebook, secrets.token_bytes(32))
    assert node._core.held[node.default_notebook].records == records
    await node.people.withdraw(node.default_notebook, made.invite_id)
    [view] = node.people.of(node.default_notebook).invites
    assert (view.withdrawn, view.open, view.link, view.text) == (True, False, None, None)


async def test_nobody_is_invited_to_the_notebook_of_my_devices(node: Node) -> None:
    home = node._core.home_notebook
    for invited in (node.people.share(home, Role.WRITER), node.people.code(home, Role.WRITER)):
        with pytest.raises(BadRequest, match="for your own devices"):
            await invited
    assert not node._core.held[home].roster.invites


async def test_who_may_only_write_invites_nobody_and_withdraws_nothing(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    notebook = await joined(alice, bob)
    made = await alice.people.share(notebook, Role.READER)
    await until(lambda: len(bob.people.of(notebook).invites) == 2)
    for asked in (
        bob.people.share(notebook, Role.READER),
        bob.people.code(notebook, Role.READER),
        bob.people.withdraw(notebook, made.invite_id),
    ):
        with pytest.raises(BadRequest, match="Only the owner and admins"):
            await asked
    assert len(bob.people.of(notebook).invites) == 2
    assert any(view.open for view in bob.people.of(notebook).invites)


async def test_links_that_end_soon_or_were_withdrawn_are_kept_by_no_admin(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    notebook = await joined(alice, bob)
    await alice.people.set_role(notebook, bob.people.me().person_id, Role.ADMIN)
    await until(lambda: bob.people.of(notebook).my_role is Role.ADMIN)
    two.air.part("alice", "bob")
    soon = await alice.people.share(notebook, Role.READER, ends_ms=alice._core.clock() + 60_000)
    gone = await alice.people.share(notebook, Role.READER)
    stays = await alice.people.share(notebook, Role.READER)
    await alice.people.withdraw(notebook, gone.invite_id)
    shared = {spare.invite for _, spare in spare_keys(alice._core.held[notebook].roster)}
    assert {gone.invite_id, stays.invite_id} <= shared
    assert soon.invite_id not in shared
    two.air.join("alice", "bob")
    hosted = bob.people._inviting.hosted
    await until(lambda: stays.invite_id in hosted)
    assert gone.invite_id not in hosted
    assert soon.invite_id not in hosted
    [view] = [view for view in bob.people.of(notebook).invites if view.invite_id == stays.invite_id]
    assert view.link is not None


async def test_doors_are_open_for_as_long_as_their_invites_are(two: Room) -> None:
    alice = two["alice"]
    assert not alice.people.peering.ways
    made = await alice.people.share(alice.default_notebook, Role.READER)
    assert list(alice.people.peering.ways) == [made.invite_id]
    await two.leave("alice")
    alice = await two.enter("alice")  # the seed is among the secrets
    await until(lambda: list(alice.people.peering.ways) == [made.invite_id])
    await alice.people.withdraw(alice.default_notebook, made.invite_id)
    assert not alice.people.peering.ways


async def test_doors_are_looked_at_again_when_the_next_invite_ends(two: Room) -> None:
    alice = two["alice"]
    inviting, now_ms = alice.people._inviting, alice._core.clock()
    made = await alice.people.share(alice.default_notebook, Role.READER, ends_ms=now_ms + 60_000)
    assert list(alice.people.peering.ways) == [made.invite_id]
    assert inviting._timer is not None
    assert 0 < inviting._timer.when() - asyncio.get_running_loop().time() < 61
    alice._core.clock = lambda: now_ms + 60_001
    inviting._again()  # as the timer does
    await until(lambda: not alice.people.peering.ways)
    [view] = alice.people.of(alice.default_notebook).invites
    assert (view.open, view.withdrawn, view.link) == (False, False, None)
