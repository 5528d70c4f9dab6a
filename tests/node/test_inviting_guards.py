"""What the doors of invites leave undone: no seed, a guest on the way, a sharing under way, the program's end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from notesapp.identity.roles import Role
from notesapp.node.call import Call
from notesapp.node.node import Node
from notesapp.sync.handshake import Proved
from notesapp.sync.hello import Run
from tests.node.air import Room, room


@pytest.fixture
async def alone(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path, "alice") as found:
        yield found


async def test_an_invite_whose_seed_is_not_here_stands_on_the_list_and_opens_no_door(alone: Room) -> None:
    alice = alone["alice"]
    made = await alice.people.share(alice.default_notebook, Role.READER)
    alice.people._inviting.forget(made.invite_id)
    await alone.leave("alice")
    alice = await alone.enter("alice")
    [view] = alice.people.of(alice.default_notebook).invites
    assert (view.open, view.link, view.text) == (True, None, None)
    assert not alice.people._inviting.hosted
    assert not alice.people.peering.ways


async def test_one_timer_waits_for_the_next_end_and_never_longer_than_a_day(node: Node) -> None:
    inviting, now_ms = node.people._inviting, node._core.clock()
    await node.people.share(node.default_notebook, Role.READER, ends_ms=now_ms + 100 * 86_400_000)
    first = inviting._timer
    assert first is not None
    assert first.when() - asyncio.get_running_loop().time() <= 86_400
    await node.people.share(node.default_notebook, Role.READER, ends_ms=now_ms + 60_000)
    second = inviting._timer
    assert second is not None
    assert first.cancelled()
    assert second.when() < first.when()
    inviting.close()
    assert second.cancelled()


async def test_invites_are_shared_once_at_a_time_and_not_after_the_end(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    inviting = node.people._inviting
    inviting._share_later()
    assert not inviting._sharing  # nothing is unshared
    monkeypatch.setattr(inviting, "_unshared", lambda: ["an invite"])
    inviting._share_later()
    first = inviting._sharing
    assert first is not None
    inviting._share_later()
    assert inviting._sharing is first
    inviting.close()
    assert first.cancelled()


async def test_doors_are_looked_at_when_one_who_was_let_in_is_met_as_a_member_and_not_as_a_guest(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    inviting, looked = node.people._inviting, []
    monkeypatch.setattr(inviting, "_again", lambda: looked.append("again"))
    me = node._core.persona
    member = Proved(me.device.device_id, me.person_id, bytes(32), Run(bytes(16), 1), True)
    guest = replace(member, invite_id=bytes(32))

    def pass_by(proved: Proved) -> int:
        looked.clear()
        inviting._met(cast("Call", SimpleNamespace(proved=proved)), proved)
        return len(looked)

    assert pass_by(member) == 0  # nobody was let in
    inviting.owe(b"an invite", member.device_id)
    assert pass_by(guest) == 0
    assert pass_by(member) == 1
    assert pass_by(member) == 0  # was met


async def test_nothing_is_begun_at_the_doors_once_the_program_has_ended(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    inviting, begun = node.people._inviting, []

    class Ended:
        is_open = False

        def start(self, work: Coroutine[object, object, None], what: str) -> None:
            begun.append(what)
            work.close()

    monkeypatch.setattr(inviting, "_unshared", lambda: ["an invite"])
    monkeypatch.setattr(inviting._core, "tasks", Ended())
    inviting._again()
    inviting._share_later()
    assert inviting._sharing is None
    inviting._share_now()
    assert not begun
