"""People share notebooks: real nodes over links in memory."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from notesapp.errors import AttachmentAway
from notesapp.identity.invite import InviteKeys, JoinLink
from notesapp.identity.roles import Role
from notesapp.node import attempts, joining
from notesapp.node.events import AttachmentArrived, PeopleChanged, PresenceChanged
from notesapp.node.held import Held
from notesapp.node.node import Node
from notesapp.node.people_views import JoinStage, JoinView
from notesapp.node.receiving import Taken
from notesapp.node.sessions import CANT_KEEP
from notesapp.sync.entry import Entry
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


async def test_carets_are_seen_and_stay_right_while_both_write(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    note_id = await alice.create_note(text="hello world")
    await joined(alice, bob)
    await until(lambda: bob.notes())
    ours, theirs = await alice.open_note(note_id), await bob.open_note(note_id)
    alice.people.show(note_id, 5, 5)
    bob.people.show(note_id, 11, 6)
    await until(lambda: bob.people.carets(note_id) and alice.people.carets(note_id))
    (seen,) = bob.people.carets(note_id)
    assert (seen.name, seen.at, seen.anchor) == ("alice", 5, 5)
    assert [(one.at, one.anchor) for one in alice.people.carets(note_id)] == [(11, 6)]
    assert [one.name for one in bob.people.who_is_in(note_id)] == ["alice"]

    bob.edit(note_id, Splice(0, "", ">> "))  # not sent yet: her caret moves on his screen at once
    assert bob.people.carets(note_id)[0].at == 8
    alice.edit(note_id, Splice(5, "", ","))
    alice.people.show(note_id, 6, 6)
    await until(lambda: ours.text == theirs.text == ">> hello, world")
    await until(lambda: [one.at for one in bob.people.carets(note_id)] == [9])
    await until(lambda: [one.at for one in alice.people.carets(note_id)] == [15])

    alice.people.hide_me(True)
    await until(lambda: not bob.people.carets(note_id))
    alice.people.hide_me(False)
    await until(lambda: bob.people.carets(note_id))
    device = bob.people.carets(note_id)[0].device_id
    for hear in bob.people.peering.on_bond:
        hear(device, True)  # nothing has been heard of her for long, though the link is kept
    assert not bob.people.carets(note_id)
    alice.people.show(note_id, 2, 2)
    await until(lambda: bob.people.carets(note_id))
    alice.people.show(None)
    await until(lambda: not bob.people.who_is_in(note_id))


async def test_a_caret_that_waits_for_its_edit_moves_with_what_comes_meanwhile(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    note_id = await alice.create_note(text="hello world")
    await joined(alice, bob)
    await until(lambda: bob.notes())
    ours = await alice.open_note(note_id)
    await bob.open_note(note_id)
    alice.edit(note_id, Splice(5, "", ","))
    alice.people.show(note_id, 6, 6)  # to be told when the comma is durable
    bob.edit(note_id, Splice(0, "", ">> "))
    bob.flush(note_id)
    alice._opened._bursts._running[note_id].timer.cancel()  # she doesn't pause before his words are here
    await until(lambda: ours.text == ">> hello, world")
    await until(lambda: [one.at for one in bob.people.carets(note_id)] == [9])


async def test_typing_is_passed_on_at_once_while_somebody_is_in_the_note(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    note_id = await alice.create_note(text="")
    await joined(alice, bob)
    await until(lambda: bob.notes())
    await alice.open_note(note_id)
    theirs = await bob.open_note(note_id)
    bob.people.show(note_id, 0, 0)
    await until(lambda: alice.people.who_is_in(note_id))
    began = asyncio.get_running_loop().time()
    alice.edit(note_id, Splice(0, "", "x"))
    assert alice._opened._bursts._running[note_id].timer.when() - began < 0.05
    await until(lambda: theirs.text == "x")


async def test_pictures_come_by_themselves_and_large_files_when_they_are_wanted(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    picture, film = os.urandom(300_000), os.urandom(9_000_000)
    notebook = alice.default_notebook
    await alice.attach(notebook, picture, "cat.png")
    await alice.attach(notebook, film, "cat.mp4")
    told: list[tuple[int, int]] = []
    bob.subscribe(
        lambda event: told.append((event.done, event.total)) if isinstance(event, AttachmentArrived) else None
    )
    await joined(alice, bob)
    await until(lambda: told and told[-1] == (300_000, 300_000))
    assert await bob.read_attachment(notebook, "cat.png") == picture
    assert await bob.read_attachment(notebook, "cat.mp4") == film
    assert told[-1] == (9_000_000, 9_000_000)
    assert len(told) == 2 + 35  # one for each chunk of 256 KiB


async def test_a_file_that_nobody_here_has_is_said_to_be_away(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    notebook = await joined(alice, bob)
    await two.leave("alice")
    alice = await two.enter("alice", online=False)
    await alice.attach(notebook, os.urandom(9_000_000), "cat.mp4")
    await two.go_online("alice")
    await until_async(lambda: bob.attachments(notebook))
    two.air.part("alice", "bob")
    with pytest.raises(AttachmentAway):
        await bob.read_attachment(notebook, "cat.mp4")
    two.air.join("alice", "bob")
    await until(lambda: bob.people.of(notebook).members[1].online)
    assert len(await bob.read_attachment(notebook, "cat.mp4")) == 9_000_000


async def test_a_file_is_only_here_until_somebody_else_said_that_it_is_on_his_disk(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    notebook = await joined(alice, bob)
    two.air.part("alice", "bob")
    await alice.attach(notebook, os.urandom(300_000), "cat.png")
    await alice.attach(notebook, b"tiny", "note.txt")
    await alice.attach(notebook, os.urandom(9_000_000), "cat.mp4")
    await until(lambda: alice.people.of(notebook).files_only_here == 3)
    two.air.join("alice", "bob")
    await until(lambda: alice.people.of(notebook).files_only_here == 1)  # nobody asked for the film yet
    assert alice.people.company().files_only_here == 1
    await until_async(lambda: bob.attachments(notebook))
    assert len(await bob.read_attachment(notebook, "cat.mp4")) == 9_000_000
    await until(lambda: alice.people.of(notebook).files_only_here == 0)
    assert bob.people.of(notebook).files_only_here == 0  # what came from others is with others

    for name in ("alice", "bob"):  # and that is remembered
        await two.leave(name)
        node = await two.enter(name)
        told = list[object]()
        node.subscribe(told.append)
        node.people.of(notebook)
        await until(lambda told=told: PeopleChanged(notebook) in told)  # type: ignore[misc]
        assert node.people.of(notebook).files_only_here == 0


async def test_who_is_not_heard_is_not_shown_in_a_note_though_his_link_is_kept(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    note_id = await alice.create_note(text="hello world")
    await joined(alice, bob)
    await until(lambda: bob.notes())
    await bob.open_note(note_id)
    await alice.open_note(note_id)
    alice.people.show(note_id, 5, 5)
    await until(lambda: bob.people.carets(note_id))
    told = list[object]()
    bob.subscribe(told.append)
    two.air.hush("alice", "bob")
    await until(lambda: not bob.people.carets(note_id) and not bob.people.who_is_in(note_id))
    assert PresenceChanged(note_id) in told
    two.air.hush("alice", "bob", silent=False)
    await until(lambda: bob.people.carets(note_id))
    assert [one.at for one in bob.people.carets(note_id)] == [5]


async def test_who_sent_an_edit_is_known_to_have_it(two: Room) -> None:
    hers = await two["alice"].create_note(text="hers\n")
    notebook = await joined(two["alice"], two["bob"])
    await two.leave("bob")
    await two.enter("bob")
    await two["bob"].change_text(hers, [Splice(0, "", "his\n")])
    await two["alice"].change_text(hers, [Splice(0, "", "more\n")])
    for name in ("alice", "bob"):
        await until(lambda name=name: all(one.has_all for one in two[name].people.of(notebook).members))  # type: ignore[misc]
        assert two[name].people.of(notebook).only_here == 0


async def test_what_could_not_be_taken_in_ends_the_session_by_name_and_comes_with_the_next(
    two: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = two["alice"], two["bob"]
    notebook = await joined(alice, bob)
    await until(lambda: bob.people.peering.sessions())
    receiving, ends = bob.people.peering.receiving, list[str]()
    alice.people.peering.on_over.append(lambda call: ends.append(call.why))
    look_at = receiving.look_at

    async def fail_once(held: Held, entries: Iterable[Entry]) -> Taken:
        monkeypatch.setattr(receiving, "look_at", look_at)
        raise ZeroDivisionError

    monkeypatch.setattr(receiving, "look_at", fail_once)
    note_id = await alice.create_note(notebook, text="here all the same")
    await until(lambda: any(view.note_id == note_id for view in bob.notes()))
    await until(lambda: CANT_KEEP in ends and not bob.troubles)


async def test_who_is_let_in_again_gets_what_is_written_though_another_notebook_kept_the_link(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    first = await joined(alice, bob)
    second = await alice.create_notebook("Second")

    async def let_in() -> None:
        invite = await alice.people.share(second, Role.WRITER, approval=False)
        assert invite.link is not None
        ended = await bob.people.joined(await bob.people.join(invite.link))
        assert ended.stage is JoinStage.DONE, ended

    await let_in()
    await alice.people.remove(second, bob.people.me().person_id)
    await until(lambda: bob._core.held[second].role is None)
    await let_in()
    await until(lambda: not [call for call in alice.people.peering.sessions() if call.proved and call.proved.invite_id])
    note_id = await alice.create_note(second, text="welcome back")
    await until(lambda: any(view.note_id == note_id for view in bob.notes()))
    assert await text_of(bob, note_id) == "welcome back"
    assert alice.people.of(first).members


async def test_what_is_written_at_the_old_place_of_a_note_that_was_moved_comes_after_it(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    await joined(alice, bob)
    travel = await alice.create_notebook("Travel")
    note_id = await alice.create_note(text="# Route\n\nfirst\n\nlast\n")
    await until(lambda: any(view.note_id == note_id for view in bob.notes()))
    await bob.people.online(False)
    await bob.change_text(note_id, [Splice(14, "", ", he says")])
    await bob.saved()
    new_id = await alice.move_to_notebook(note_id, travel)
    await alice.change_text(new_id, [Splice(0, "# Route", "# Our route")])
    await bob.people.online(True)

    async def came() -> bool:
        return await text_of(alice, new_id) == "# Our route\n\nfirst, he says\n\nlast\n"

    await until_async(came)
    await until(lambda: all(view.note_id != note_id for view in bob.notes()))
    await bob.change_text(note_id, [Splice(0, "", "More: ")])  # it is still open on his screen

    async def more_came() -> bool:
        return await text_of(alice, new_id) == "More: # Our route\n\nfirst, he says\n\nlast\n"

    await until_async(more_came)
    await two.leave("alice")
    alice = await two.enter("alice")
    assert await text_of(alice, new_id) == "More: # Our route\n\nfirst, he says\n\nlast\n"  # once, not twice


async def test_the_versions_of_a_note_tell_who_wrote_by_name(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    note_id = await alice.create_note(text="hers")
    notebook = await joined(alice, bob)
    await until(lambda: any(view.note_id == note_id for view in bob.notes()))
    await until(lambda: {one.name for one in bob.people.of(notebook).members} == {"alice", "bob"})
    await until(lambda: {one.name for one in alice.people.of(notebook).members} == {"alice", "bob"})
    await bob.change_text(note_id, [Splice(4, "", " and his")])

    async def equal() -> bool:
        return await text_of(alice, note_id) == "hers and his"

    await until_async(equal)
    assert [one.author for one in await alice.history(note_id)] == ["bob", "You"]
    assert [one.author for one in await bob.history(note_id)] == ["You", "alice"]
    bobs = next(one for one in alice.people.of(notebook).members if not one.me)
    await alice.people.petname(bobs.person_id, "Robert")
    assert [one.author for one in await alice.history(note_id)] == ["Robert", "You"]


async def test_somebody_joins_though_the_host_writes_without_a_pause(
    two: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_equal = type("NeverEqual", (), {"__match_args__": ("notebook",)})
    monkeypatch.setattr(joining, "Synced", never_equal)  # as on a slow line: what was written last is under way
    monkeypatch.setattr(attempts, "TOLD_S", 0.2)
    alice, bob = two["alice"], two["bob"]
    note_id = await alice.create_note(text="# Log\n")
    note = await alice.open_note(note_id)

    async def write() -> None:
        for number in range(10_000):
            alice.edit(note_id, Splice(len(note.text), "", f"{number}\n"))
            await asyncio.sleep(0.05)

    writing = asyncio.ensure_future(write())
    await joined(alice, bob)
    assert "# Log" in await text_of(bob, note_id)
    assert not writing.done()
    writing.cancel()


@pytest.mark.parametrize(
    ("told", "have", "after_s", "caught_up"),
    [
        ({b"a": 3}, {b"a": 3}, 5.0, True),
        ({b"a": 3}, {b"a": 7, b"b": 1}, 5.0, True),
        ({b"a": 3}, {b"a": 3}, 1.0, False),  # more may be told yet
        ({b"a": 3, b"b": 0}, {b"a": 3}, 5.0, False),
        ({b"a": 3}, {b"a": 2}, 5.0, False),
        ({}, {}, 5.0, False),
    ],
)
def test_whoever_joins_has_caught_up_once_all_is_here_that_was_told(
    told: dict[bytes, int], have: dict[bytes, int], after_s: float, caught_up: bool
) -> None:
    link = JoinLink(bytes(32), bytes(32), Role.WRITER, "Notes", "Alice")
    view = JoinView(b"id", attempts.offer_of(link), JoinStage.FETCHING)
    attempt = attempts.Attempt(view, link, InviteKeys.from_seed(link.seed))
    assert not attempt.caught_up(told, have, 100.0)
    assert attempt.caught_up(told, have, 100.0 + after_s) == caught_up
