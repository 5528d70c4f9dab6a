"""People share notebooks: real nodes over links in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from notesapp.identity.roles import Role
from notesapp.node.node import Node
from notesapp.node.people_views import JoinStage
from notesapp.text import Splice
from tests.node.air import Room, room, until, until_async


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path, "alice", "bob") as found:
        yield found


async def text_of(node: Node, note_id: bytes) -> str:
    note = await node.open_note(note_id)
    node.close_note(note_id)
    return note.text


async def joined(host: Node, guest: Node, role: Role = Role.WRITER, approve: bool = True) -> bytes:
    """The guest is a member of the host's first notebook; its id."""
    notebook = host.default_notebook
    invite = await host.people.share(notebook, role)
    assert invite.link is not None
    join_id = await guest.people.join(invite.link)
    if invite.approval:
        await until(host.people.requests)
        await host.people.approve(host.people.requests()[0].request_id, approve)
    ended = await guest.people.joined(join_id)
    assert ended.stage is JoinStage.DONE, ended
    return notebook


async def test_an_invited_person_gets_the_notes(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    note_id = await alice.create_note(text="# Shopping\n\nmilk\n")
    notebook = await joined(alice, bob)
    await until(lambda: any(view.note_id == note_id for view in bob.notes()))
    assert await text_of(bob, note_id) == "# Shopping\n\nmilk\n"
    assert [one.name for one in bob.people.of(notebook).members] == ["bob", "alice"]
    assert [one.role for one in alice.people.of(notebook).members] == [Role.OWNER, Role.WRITER]
    await until(lambda: [one.name for one in alice.people.of(notebook).members] == ["alice", "bob"])


async def test_both_write_and_both_read(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    hers = await alice.create_note(text="hers\n")
    notebook = await joined(alice, bob)
    his = await bob.create_note(notebook, text="his\n")
    await until(lambda: any(view.note_id == his for view in alice.notes()))
    assert await text_of(alice, his) == "his\n"
    await bob.open_note(hers)
    await alice.open_note(hers)
    bob.edit(hers, Splice(0, "", "bob: "))
    alice.edit(hers, Splice(5, "", "alice\n"))

    async def equal() -> bool:
        return await text_of(alice, hers) == await text_of(bob, hers) == "bob: hers\nalice\n"

    await until_async(equal)


async def test_who_starts_again_goes_on_with_feeds_whose_notes_nobody_opened(two: Room) -> None:
    for name in ("alice", "bob"):
        await two[name].create_note(text=f"{name}'s own\n")
    hers = await two["alice"].create_note(text="hers\n")
    notebook = await joined(two["alice"], two["bob"])
    his = await two["bob"].create_note(notebook, text="his\n")
    await until(lambda: any(view.note_id == his for view in two["alice"].notes()))
    for name in ("alice", "bob"):
        await two.leave(name)
    for name in ("alice", "bob"):
        await two.enter(name)
    await two["alice"].change_text(hers, [Splice(5, "", "more of hers\n")])
    await two["bob"].change_text(his, [Splice(4, "", "more of his\n")])

    async def equal() -> bool:
        texts = [(await text_of(two[name], hers), await text_of(two[name], his)) for name in ("alice", "bob")]
        return texts == [("hers\nmore of hers\n", "his\nmore of his\n")] * 2

    await until_async(equal)
    assert not two["alice"].troubles
    assert not two["bob"].troubles
