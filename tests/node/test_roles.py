"""Who may do what, and what becomes of it when that changes: real nodes over links in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from notesapp.errors import BadRequest, ReadOnlyNotebook
from notesapp.identity.roles import Role
from notesapp.node import bursts
from notesapp.node.aside import FOLLOWS, NO_RIGHT
from notesapp.node.events import Event, PersonRemoved
from notesapp.node.people_views import Company
from notesapp.text import Splice
from tests.node.air import Room, room, until, until_async
from tests.node.test_sharing import joined, text_of


@pytest.fixture
async def three(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path, "alice", "bob", "carol") as found:
        yield found


async def test_a_reader_reads_and_changes_nothing(three: Room) -> None:
    alice, bob = three["alice"], three["bob"]
    note_id = await alice.create_note(text="look")
    notebook = await joined(alice, bob, Role.READER)
    await until(lambda: bob.notes())
    await bob.open_note(note_id)
    with pytest.raises(ReadOnlyNotebook, match="may only read"):
        bob.edit(note_id, Splice(0, "", "x"))
    with pytest.raises(ReadOnlyNotebook):
        await bob.create_note(notebook, text="mine")
    with pytest.raises(ReadOnlyNotebook):
        await bob.pin(note_id)
    assert len(bob.notes()) == 1
    await alice.people.set_role(notebook, bob.people.me().person_id, Role.WRITER)
    await until(lambda: bob.people.of(notebook).my_role is Role.WRITER)
    bob.edit(note_id, Splice(0, "", "now I "))
    await bob.saved()

    async def came() -> bool:
        return await text_of(alice, note_id) == "now I look"

    await until_async(came)


async def test_three_people_hear_of_each_other_and_of_what_each_wrote(three: Room) -> None:
    alice, bob, carol = three["alice"], three["bob"], three["carol"]
    notebook = await joined(alice, bob)
    await joined(alice, carol)
    three.air.part("alice", "carol")
    note_id = await carol.create_note(notebook, text="by way of bob")
    await until(lambda: any(view.note_id == note_id for view in alice.notes()))
    await until(lambda: [one.name for one in bob.people.of(notebook).members] == ["bob", "alice", "carol"])
    assert [one.online for one in alice.people.of(notebook).members] == [True, True, False]
    await alice.create_note(notebook, text="for both")

    def carol_has_all() -> bool:  # by her own signed word, carried by Bob
        return alice.people.of(notebook).members[2].has_all

    await until(carol_has_all)


async def test_what_each_has_is_told_truly(three: Room) -> None:
    alice, bob = three["alice"], three["bob"]
    notebook = await joined(alice, bob)
    note_id = await alice.create_note(notebook, text="one")

    def bobs() -> tuple[bool, int]:
        one = next(one for one in alice.people.of(notebook).members if one.name == "bob")
        return one.has_all, one.waiting

    await until(lambda: bobs() == (True, 0))
    assert alice.people.of(notebook).company is Company.SHARING
    assert alice.people.of(notebook).only_here == 0
    await three.leave("bob")
    await until(lambda: alice.people.of(notebook).company in (Company.OFFLINE, Company.WAITING))
    await alice.change_text(note_id, [Splice(3, "", "two")])
    assert bobs() == (False, 1)
    view = alice.people.of(notebook)
    assert (view.waiting_for, view.only_here) == (("bob",), 1)
    await three.leave("alice")
    alice = await three.enter("alice")  # and it is still known after a restart
    assert bobs_of(alice, notebook) == (False, 1)
    await three.enter("bob")
    await until(lambda: bobs_of(alice, notebook) == (True, 0))


def bobs_of(alice: object, notebook: bytes) -> tuple[bool, int]:
    one = next(one for one in alice.people.of(notebook).members if one.name == "bob")  # type: ignore[attr-defined]
    return one.has_all, one.waiting


async def test_a_removed_member_keeps_what_he_has_and_gets_nothing_new(three: Room) -> None:
    alice, bob, carol = three["alice"], three["bob"], three["carol"]
    notebook = await joined(alice, bob)
    await joined(alice, carol)
    note_id = await alice.create_note(notebook, text="old")
    await until(lambda: bob.notes() and carol.notes())
    told: list[PersonRemoved] = []

    def hear(event: Event) -> None:
        if isinstance(event, PersonRemoved):
            told.append(event)

    bob.subscribe(hear)
    carol.subscribe(hear)
    await alice.people.remove(notebook, bob.people.me().person_id)
    await until(lambda: bob.people.of(notebook).removed)
    await until(
        lambda: (
            sorted(told, key=lambda one: one.me)
            == [PersonRemoved(notebook, "bob", False), PersonRemoved(notebook, "bob", True)]
        )
    )
    fresh = await alice.create_note(notebook, text="new")
    await until(lambda: any(view.note_id == fresh for view in carol.notes()))
    assert [view.note_id for view in bob.notes()] == [note_id]
    with pytest.raises(ReadOnlyNotebook, match="no member any more"):
        await bob.create_note(notebook, text="mine")
    assert await text_of(bob, note_id) == "old"
    await until(lambda: [one.name for one in carol.people.of(notebook).members] == ["carol", "alice"])
    epochs = alice._core.held[notebook].roster.epochs
    assert len(epochs) == 2  # the keys were changed at once
    assert epochs[1].epoch_id in carol._core.held[notebook].keys
    assert epochs[1].epoch_id not in bob._core.held[notebook].keys


async def test_what_a_removed_member_wrote_meanwhile_is_set_aside_and_can_be_put_back(three: Room) -> None:
    alice, bob, carol = three["alice"], three["bob"], three["carol"]
    notebook = await joined(alice, bob)
    await joined(alice, carol)
    note_id = await alice.create_note(notebook, text="start\n")
    await until(lambda: bob.notes() and carol.notes())
    three.air.part("alice", "bob")
    three.air.part("alice", "carol")
    await bob.change_text(note_id, [Splice(6, "", "bob was here\n")])

    async def carol_has() -> bool:
        return "bob was here" in await text_of(carol, note_id)

    await until_async(carol_has)
    shown = await carol.open_note(note_id)
    await alice.people.remove(notebook, bob.people.me().person_id)
    three.air.join("alice", "carol")
    await until(lambda: carol.people.of(notebook).recovered == 1)
    await until(lambda: shown.text == "start\n")
    (aside,) = await carol.people.recovered(notebook)
    assert (aside.who, aside.note_id, aside.text) == ("bob", note_id, "bob was here\n")
    await carol.people.put_back(aside.recovered_id)
    assert shown.text == "start\nbob was here\n"

    async def alice_has() -> bool:
        return await text_of(alice, note_id) == "start\nbob was here\n"

    await until_async(alice_has)
    assert carol.people.of(notebook).recovered == 0


async def test_leaving_ends_a_membership_and_the_owner_must_hand_over_first(three: Room) -> None:
    alice, bob = three["alice"], three["bob"]
    notebook = await joined(alice, bob)
    with pytest.raises(BadRequest, match="hand it over"):
        await alice.people.leave(notebook)
    await bob.people.leave(notebook)
    assert bob.people.of(notebook).removed
    await until(lambda: len(alice.people.of(notebook).members) == 1)
    await until(lambda: len(alice._core.held[notebook].roster.epochs) == 2)  # by itself, a little later


async def test_a_notebook_is_handed_over_when_the_heir_agrees(three: Room) -> None:
    alice, bob = three["alice"], three["bob"]
    notebook = await joined(alice, bob)
    await alice.people.hand_over(notebook, bob.people.me().person_id)
    await until(lambda: bob.people.of(notebook).offered)
    await bob.people.take_over(notebook)
    await until(lambda: bob.people.of(notebook).my_role is Role.OWNER)
    await until(lambda: alice.people.of(notebook).my_role is Role.ADMIN)
    await alice.people.leave(notebook)
    await until(lambda: len(bob.people.of(notebook).members) == 1)


async def test_one_note_is_shared_in_a_notebook_of_its_own(three: Room) -> None:
    alice, bob = three["alice"], three["bob"]
    await alice.create_note(text="private")
    note_id = await alice.create_note(text="for bob ![](cat.png)")
    await alice.attach(alice.default_notebook, b"meow" * 1000, "cat.png")
    notebook = await alice.people.share_note(note_id, "For Bob")
    invite = await alice.people.share(notebook, Role.WRITER, approval=False)
    assert invite.link is not None
    await bob.people.joined(await bob.people.join(invite.link))
    await until(lambda: [view.title[:7] for view in bob.notes()] == ["for bob"])
    await until_async(lambda: bob.attachments(notebook))
    assert await bob.read_attachment(notebook, "cat.png") == b"meow" * 1000


async def test_two_who_were_apart_are_equal_again_after_a_restart_of_both(three: Room) -> None:
    alice, bob = three["alice"], three["bob"]
    notebook = await joined(alice, bob)
    note_id = await alice.create_note(notebook, text="0\n")
    await until(lambda: bob.notes())
    three.air.part("alice", "bob")
    for number in range(5):
        await alice.change_text(note_id, [Splice(0, "", f"a{number}\n")])
        await bob.change_text(note_id, [Splice(0, "", f"b{number}\n")])
        await bob.create_note(notebook, text=f"bob {number}")
    await three.leave("alice")
    await three.leave("bob")
    three.air.join("alice", "bob")
    alice, bob = await three.enter("alice"), await three.enter("bob")
    await until(lambda: len(alice.notes()) == len(bob.notes()) == 6)

    async def equal() -> bool:
        return await text_of(alice, note_id) == await text_of(bob, note_id)

    await until_async(equal)
    assert len((await text_of(alice, note_id)).splitlines()) == 11


@pytest.mark.parametrize(
    ("role", "moment"),
    [
        (None, "in a burst"),
        (None, "before it is judged"),
        (Role.READER, "in a burst"),
        (Role.READER, "before it is judged"),
        (Role.READER, "when its feed is dropped"),
    ],
)
async def test_what_is_being_written_when_the_right_goes_is_set_aside_and_nothing_is_lost(
    three: Room, monkeypatch: pytest.MonkeyPatch, role: Role | None, moment: str
) -> None:
    alice, bob = three["alice"], three["bob"]
    note_id = await alice.create_note(text="start\n")
    notebook = await joined(alice, bob)
    await until(lambda: bob.notes())
    shown, bobs, me = await bob.open_note(note_id), bob._core.held[notebook], bob.people.me().person_id
    unsent = "unsent\n" if role is not None else ""  # who was removed while he was away is not told
    if unsent:
        three.air.part("alice", "bob")
        bob.edit(note_id, Splice(6, "", unsent))
        await bob.saved(note_id)

    def first(do: Callable[[], None], then: Callable[..., None]) -> Callable[..., None]:
        def both(*what: object) -> None:
            do()
            then(*what)

        return both

    monkeypatch.setattr(bursts, "QUIET_S", 2.0)
    bob.edit(note_id, Splice(6 + len(unsent), "", "on its way\n"))
    if moment == "before it is judged":
        monkeypatch.setattr(bobs, "learn", first(lambda: bob.flush(note_id), bobs.learn))
    elif moment == "when its feed is dropped":
        monkeypatch.setattr(bobs.feed, "drop", first(lambda: bob.flush(note_id), bobs.feed.drop))
    if role is None:
        await alice.people.remove(notebook, me)
    else:
        await alice.people.set_role(notebook, me, role)
    three.air.join("alice", "bob")
    await until(lambda: bobs.role is role)

    async def aside() -> bool:
        return "".join(one.text for one in await bob.people.recovered(notebook)) == unsent + "on its way\n"

    await until_async(aside)
    await until(lambda: shown.text == "start\n")
    await bob.saved(note_id)
    assert bob.troubles == {}
    assert await text_of(alice, note_id) == "start\n"
    if role is None:
        return
    await three.leave("bob")
    bob = await three.enter("bob", online=False)
    assert await text_of(bob, note_id) == "start\n"  # also before anybody is met
    await three.go_online("bob")
    await alice.people.set_role(notebook, me, Role.WRITER)
    await until(lambda: bob._core.held[notebook].role is Role.WRITER)
    for one in await bob.people.recovered(notebook):
        await bob.people.put_back(one.recovered_id)

    async def came() -> bool:
        return await text_of(alice, note_id) == f"start\n{unsent}on its way\n"

    await until_async(came)


async def test_what_was_typed_on_top_of_an_edit_that_is_set_aside_and_a_note_made_without_right_come_back_too(
    three: Room,
) -> None:
    alice, bob, carol = three["alice"], three["bob"], three["carol"]
    notebook = await joined(alice, bob)
    await joined(alice, carol)
    note_id = await alice.create_note(notebook, text="start\n")
    await until(lambda: bob.notes() and carol.notes())
    three.air.part("alice", "bob")
    three.air.part("alice", "carol")
    await bob.change_text(note_id, [Splice(6, "", "bob\n")])
    await bob.create_note(notebook, text="all of it by bob\n")
    await until(lambda: len(carol.notes()) == 2)

    async def carol_has() -> bool:
        return await text_of(carol, note_id) == "start\nbob\n"

    await until_async(carol_has)
    await carol.change_text(note_id, [Splice(10, "", "carol\n")])
    await alice.people.remove(notebook, bob.people.me().person_id)
    three.air.join("alice", "carol")
    await until(lambda: carol.people.of(notebook).recovered == 3)
    found = {one.text: one for one in await carol.people.recovered(notebook)}
    assert {text: (one.who, one.why) for text, one in found.items()} == {
        "bob\n": ("bob", NO_RIGHT),
        "carol\n": ("carol", FOLLOWS),
        "all of it by bob\n": ("bob", NO_RIGHT),
    }
    for text in ("carol\n", "all of it by bob\n"):
        await carol.people.put_back(found[text].recovered_id)

    async def alice_has() -> bool:
        texts = {await text_of(alice, view.note_id) for view in alice.notes()}
        return texts == {"start\ncarol\n", "all of it by bob\n"}

    await until_async(alice_has)
    assert carol.people.of(notebook).recovered == 1
    assert await text_of(carol, note_id) == "start\ncarol\n"
