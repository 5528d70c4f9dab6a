"""The other ways in: three words, somebody nearby, a device of mine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from notesapp.errors import BadRequest, CodeWordsUnknown, NotHereYet
from notesapp.identity.roles import Role
from notesapp.identity.three_words import CodeWords, Purpose
from notesapp.net.address import Address, Reach
from notesapp.node import codes, linking
from notesapp.node.indexes import OpenIndex
from notesapp.node.luggage import BOXES, NOTES, Luggage
from notesapp.node.node import Node
from notesapp.node.outbox import Deed
from notesapp.node.people_views import JoinStage
from notesapp.node.safekeeping import use_kit
from tests.node.air import Room, room, until
from tests.node.conftest import OPEN
from tests.node.test_sharing import joined, text_of


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path, "alice", "bob") as found:
        yield found


async def test_three_words_said_aloud_let_somebody_in(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    note_id = await alice.create_note(text="secret plan")
    code = await alice.people.code(alice.default_notebook, Role.WRITER)
    join_id = await bob.people.join(code.words)
    await until(lambda: alice.people.requests() and bob.people.a_join(join_id).words)
    (request,) = alice.people.requests()  # words may have been overheard: a person lets the other one in
    assert request.words == bob.people.a_join(join_id).words
    assert not any(view.note_id == note_id for view in bob.notes())
    await alice.people.approve(request.request_id, True)
    await until(lambda: bob.people.a_join(join_id).stage in (JoinStage.DONE, JoinStage.FAILED))
    assert bob.people.a_join(join_id).stage is JoinStage.DONE, bob.people.a_join(join_id)
    await until(lambda: any(view.note_id == note_id for view in bob.notes()))
    assert [one.over for one in alice.people.codes()] == ["These words were used."]
    assert await text_of(bob, note_id) == "secret plan"


async def test_whoever_said_the_words_is_asked_for_by_his_invite_where_he_is(
    two: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else two hard routers would have to be passed a second time."""
    alice, bob = two["alice"], two["bob"]
    peering, hints = alice.people.peering, dict[bytes, list[Address]]()
    monkeypatch.setattr(peering, "hint", lambda name, there: hints.setdefault(name, []).extend(there))
    await alice.create_note(text="secret plan")
    code = await alice.people.code(alice.default_notebook, Role.WRITER)
    await bob.people.join(code.words)
    await until(lambda: bool(alice.people.requests()))
    (invite,) = {call.proved.invite_id for call in peering.calls if call.proved is not None} - {code.code_id}
    assert invite is not None
    assert [there.reach for there in hints[invite]] == [Reach.HERE]


async def test_of_several_codes_with_one_first_word_the_one_that_was_said_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room(tmp_path, "alice", "bob", "carol", "dave") as three:
        said, bob = {}, three["bob"]
        for last, name in (("zoo", "alice"), ("zero", "carol"), ("zone", "dave")):
            made = CodeWords.read(f"abandon ability {last}", Purpose.INVITE)
            monkeypatch.setattr(CodeWords, "generate", lambda purpose, entropy, made=made: made)
            await three[name].create_note(text=f"by {name}")
            said[name] = (await three[name].people.code(three[name].default_notebook, Role.WRITER)).words
        dave = three["dave"]  # the last one who is met
        join_id = await bob.people.join(said["dave"])
        await until(dave.people.requests)
        await dave.people.approve(dave.people.requests()[0].request_id, True)
        await bob.people.joined(join_id)
        await until(lambda: any(view.title == "by dave" for view in bob.notes()))
        assert [three[name].people.codes()[0].tries_left for name in ("alice", "carol")] == [2, 2]


async def test_three_wrong_guesses_end_a_code(two: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "OTHERS_S", 0.2)
    alice, bob = two["alice"], two["bob"]
    code = await alice.people.code(alice.default_notebook, Role.READER)
    wrong = (code.words[0], "zoo", "zoo")
    for left in (2, 1, 0):
        join_id = await bob.people.join(wrong)
        await until(lambda join_id=join_id: bob.people.a_join(join_id).stage is JoinStage.FAILED)  # type: ignore[misc]  # a default argument has no type in a lambda
        assert alice.people.codes()[0].tries_left == left
        await until(lambda: not bob.people.peering.ways)
    assert "three wrong tries" in (alice.people.codes()[0].over or "")
    with pytest.raises(CodeWordsUnknown):
        await bob.people.join(("no", "such", "wordz"))


async def test_somebody_nearby_is_invited_by_matching_words(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    note_id = await alice.create_note(text="hello neighbour")
    await alice.people.show_nearby(True)
    await bob.people.show_nearby(True)
    await until(lambda: [one.name for one in alice.people.nearby()] == ["bob"])
    await alice.people.invite_nearby(alice.people.nearby()[0].nearby_id, alice.default_notebook, Role.WRITER)
    await until(lambda: alice.people.requests() and bob.people.joins())
    await until(lambda: bob.people.joins()[0].stage is JoinStage.MATCHING)
    (request,), (join,) = alice.people.requests(), bob.people.joins()
    assert request.words == join.words
    assert (join.offer.notebook_name, join.offer.inviter) == ("Notes", "alice")
    await alice.people.approve(request.request_id, True)
    await bob.people.confirm(join.join_id, True)
    await until(lambda: bob.people.a_join(join.join_id).stage is JoinStage.DONE)
    await until(lambda: any(view.note_id == note_id for view in bob.notes()))
    await alice.people.show_nearby(False)
    await until(lambda: not bob.people.nearby())


async def test_two_who_agree_in_one_moment_make_one_link(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    for one in (alice, bob):
        await one.people.show_nearby(True)
    await until(alice.people.nearby)
    await alice.people.invite_nearby(alice.people.nearby()[0].nearby_id, alice.default_notebook, Role.WRITER)
    await until(lambda: bob.people.joins() and bob.people.joins()[0].stage is JoinStage.MATCHING)
    (request,) = alice.people.requests()
    inviting = alice.people._nearby._inviting[request.request_id]
    inviting.we_agreed = True  # as it is when both say so before either has been heard
    await bob.people.confirm(bob.people.joins()[0].join_id, True)
    await until(lambda: alice.people.of(alice.default_notebook).invites)
    with suppress(BadRequest):  # his yes may have brought him in already
        await alice.people.approve(request.request_id, True)
    await until(lambda: len(bob.notebooks()) == 2)
    assert len(alice.people.of(alice.default_notebook).invites) == 1


async def test_somebody_nearby_who_declines_joins_nothing(two: Room) -> None:
    alice, bob = two["alice"], two["bob"]
    await bob.people.show_nearby(True)
    await alice.people.show_nearby(True)
    await until(alice.people.nearby)
    await alice.people.invite_nearby(alice.people.nearby()[0].nearby_id, alice.default_notebook, Role.WRITER)
    await until(lambda: bob.people.joins() and bob.people.joins()[0].stage is JoinStage.MATCHING)
    await bob.people.confirm(bob.people.joins()[0].join_id, False)
    await until(lambda: not alice.people.requests())
    assert len(bob.notebooks()) == 1
    assert [one.me for one in alice.people.of(alice.default_notebook).members] == [True]


async def linked(two: Room, laptop: str, phone: str, *, bring: bool = False) -> None:
    """The phone becomes one of the laptop's person's devices."""
    join_id = await begin_to_link(two, laptop, phone, bring=bring)
    await until(lambda: two[phone].people.a_join(join_id).stage is JoinStage.DONE)


async def test_a_device_killed_before_it_kept_that_it_was_linked_is_linked_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = Luggage.go

    async def killed(self: Luggage, rows: Any) -> None:
        await asyncio.Event().wait()  # here the program ends

    monkeypatch.setattr(Luggage, "go", killed)
    async with room(tmp_path, "laptop", "phone") as found:
        laptop = found["laptop"]
        mine = await laptop.create_note(text="mine")
        await begin_to_link(found, "laptop", "phone")
        await until(lambda: len(laptop._core.persona.log.devices) == 2)
        await found.leave("phone")
        monkeypatch.setattr(Luggage, "go", go)
        phone = await found.enter("phone")
        assert phone.people.me().person_id != laptop.people.me().person_id
        await linked(found, "laptop", "phone")
        await until(lambda: mine in {view.note_id for view in phone.notes()})
        assert await text_of(phone, mine) == "mine"
        new = await phone.create_note(text="from the phone")
        await until(lambda: new in {view.note_id for view in laptop.notes()})
        assert len(laptop._core.persona.log.devices) == 2


async def test_a_device_that_was_taken_away_is_not_linked_again(two: Room) -> None:
    laptop, phone = two["alice"], two["bob"]
    await linked(two, "alice", "bob")
    await laptop.people.revoke_device(phone._core.persona.device.device_id)
    await until(lambda: not phone._core.held[phone._core.home_notebook].role)
    join_id = await begin_to_link(two, "alice", "bob", agree=False)
    with pytest.raises(BadRequest, match="taken away from you before"):
        await laptop.people.approve(laptop.people.requests()[0].request_id, True)
    await until(lambda: phone.people.a_join(join_id).stage is JoinStage.FAILED)
    assert not laptop.people.requests()


async def test_no_code_is_made_for_more_devices_than_a_person_may_have(
    two: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await linked(two, "alice", "bob")
    monkeypatch.setattr(linking, "DEVICES_LIMIT", 2)
    with pytest.raises(BadRequest, match="take one away"):
        await two["alice"].people.link_device()


async def begin_to_link(two: Room, laptop: str, phone: str, *, bring: bool = False, agree: bool = True) -> bytes:
    """Both have the words before them, and have said yes to them unless they shall not; the attempt's id."""
    one, other = two[laptop], two[phone]
    code = await one.people.link_device()
    join_id = await other.people.join_as_device(code.words, bring=bring)
    await until(lambda: other.people.a_join(join_id).stage is JoinStage.MATCHING)
    await until(one.people.requests)
    assert one.people.requests()[0].words == other.people.a_join(join_id).words
    if agree:
        await other.people.confirm(join_id, True)
        await one.people.approve(one.people.requests()[0].request_id, True)
    return join_id


async def test_a_second_device_gets_all_my_notebooks_and_what_i_call_people(tmp_path: Path) -> None:
    async with room(tmp_path, "laptop", "carol") as found:
        laptop, carol = found["laptop"], found["carol"]
        mine = await laptop.create_note(text="mine")
        garden = await laptop.create_notebook("Garden")
        theirs = await carol.create_note(text="from carol")
        shared = await joined(carol, laptop)
        await laptop.people.petname(carol.people.me().person_id, "Caro")
        phone = await found.enter("phone")
        await linked(found, "laptop", "phone")
        await until(lambda: {view.note_id for view in phone.notes()} == {mine, theirs})
        await until(lambda: {one.name for one in phone.notebooks()} == {"Notes", "Garden"})
        assert await text_of(phone, mine) == "mine"
        assert await text_of(phone, theirs) == "from carol"
        assert phone.people.me().person_id == laptop.people.me().person_id
        await until(lambda: "Caro" in [one.name for one in phone.people.of(shared).members])

        third = await phone.create_note(garden, text="from the phone")  # and it writes
        await until(lambda: any(view.note_id == third for view in laptop.notes()))
        fourth = await phone.create_note(shared, text="to carol")
        await until(lambda: any(view.note_id == fourth for view in carol.notes()))

        await found.leave("phone")
        kit = " ".join(laptop.recovery_kit())
        use_kit(phone.home, replace(OPEN, kit=kit))  # the person's kit opens this device's store, too
        phone = await found.enter("phone")
        assert {view.note_id for view in phone.notes()} == {mine, theirs, third, fourth}
        later = await laptop.create_notebook("Later")
        await until(lambda: later in phone._core.held)


async def test_a_device_that_was_taken_away_gets_nothing_more(tmp_path: Path) -> None:
    async with room(tmp_path, "laptop") as found:
        laptop = found["laptop"]
        await laptop.create_note(text="before")
        phone = await found.enter("phone")
        await linked(found, "laptop", "phone")
        await until(lambda: phone.notes())
        notebook = laptop.default_notebook
        await laptop.people.revoke_device(phone._core.persona.device.device_id)
        await until(lambda: not laptop.people.peering.sessions())
        await laptop.create_note(text="after")
        assert [one.active for one in laptop.people.me().devices] == [True, False]
        await until(lambda: phone.people.of(notebook).removed)
        with pytest.raises(Exception, match="no member any more"):
            await phone.create_note(notebook, text="too late")
        assert len(phone.notes()) == 1


async def test_a_device_with_notes_of_its_own_is_not_linked_unasked(two: Room) -> None:
    await two["bob"].create_note(text="mine")
    code = await two["alice"].people.link_device()
    with pytest.raises(BadRequest, match="notes of its own"):
        await two["bob"].people.join_as_device(code.words)


async def test_a_device_that_shares_with_others_is_not_linked(tmp_path: Path) -> None:
    async with room(tmp_path, "alice", "bob", "carol") as found:
        alice, bob, carol = found["alice"], found["bob"], found["carol"]
        await bob.create_note(text="ours")
        await joined(bob, carol)
        code = await alice.people.link_device()
        with pytest.raises(BadRequest, match=r"shares notes with others \(“Notes”\).*leave them first"):
            await bob.people.join_as_device(code.words, bring=True)
        assert [view.title for view in bob.notes()] == ["ours"]


async def furnished(node: Node) -> dict[str, tuple[str, str, bool, bool]]:
    """Notes as somebody has them who tried the program: in folders, pinned, in the trash, with a picture."""
    first = await node.create_note(text="# Beans\n![[pod.png]]", folder="Garden/Beds", file_name="beans")
    await node.pin(first, True)
    await node.attach(node.default_notebook, b"a picture of a pod", "pod.png")
    await node.add_folder(node.default_notebook, "Empty")
    await node.trash(await node.create_note(text="thrown away"))
    kitchen = await node.create_notebook("Kitchen")
    for number in range(40):
        await node.create_note(kitchen, text=f"recipe {number}")
    await node.create_notebook("Nothing in it")
    return await furniture(node)


async def furniture(node: Node) -> dict[str, tuple[str, str, bool, bool]]:
    """All notes by their text: folder, name, pinned, trashed."""
    views = [view for view in node._core.library if view.shown]
    return {
        await text_of(node, view.note_id): (view.folder, view.file_name, view.pinned, view.trashed_ms is not None)
        for view in views
    }


async def test_a_device_with_notes_of_its_own_brings_them_along(tmp_path: Path) -> None:
    async with room(tmp_path, "laptop", "phone") as found:
        laptop, phone = found["laptop"], found["phone"]
        mine = await laptop.create_note(text="mine")
        before = await furnished(phone)
        assert phone.people.own_notes() == 42
        await linked(found, "laptop", "phone", bring=True)
        everything = before | {"mine": ("", "", False, False)}
        await until(lambda: len(laptop.notes()) == len(phone.notes()) == 42)
        await until(lambda: all(view.title for view in laptop.notes()))
        assert await furniture(phone) == everything
        assert await furniture(laptop) == everything
        names = {one.name for one in laptop.notebooks()}
        assert names == {"Notes", "Kitchen", f"Notes ({phone.people._profile.device})"}
        brought = next(one for one in phone.notebooks() if one.name.startswith("Notes ("))
        assert "Empty" in brought.folders
        assert await phone.read_attachment(brought.notebook_id, "pod.png") == b"a picture of a pod"
        await until(lambda: brought.notebook_id in laptop._core.held)
        assert await laptop.read_attachment(brought.notebook_id, "pod.png") == b"a picture of a pod"
        assert (await phone.search("pod")).hits[0].note_id in {view.note_id for view in phone.notes()}
        assert mine in {view.note_id for view in phone.notes()}


async def test_what_is_made_while_everything_is_packed_comes_along_and_is_not_doubled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts, packing = Luggage._texts, [0]

    async def meanwhile(self: Luggage) -> dict[bytes, str]:
        packing[0] += 1
        if packing[0] == 2:  # the first time is the look whether it can be done
            late = await phone.create_notebook("Late")
            await phone.create_note(late, text="just in time")
            await phone.attach(phone.default_notebook, b"a picture of a pod", "pod.png")
            await phone.add_folder(phone.default_notebook, "Empty")
        return await texts(self)

    monkeypatch.setattr(Luggage, "_texts", meanwhile)
    async with room(tmp_path, "laptop", "phone") as found:
        phone = found["phone"]
        await phone.create_note(text="mine")
        await linked(found, "laptop", "phone", bring=True)
        await until(lambda: len(found["laptop"].notes()) == 2)
        await found.leave("phone")
        phone = await found.enter("phone")
        assert {(await text_of(phone, view.note_id)) for view in phone.notes()} == {"mine", "just in time"}
        assert {one.name for one in phone.notebooks()} == {"Notes", "Late", f"Notes ({phone.people._profile.device})"}
        brought = next(one for one in phone.notebooks() if one.name.startswith("Notes ("))
        assert "Empty" in brought.folders
        assert await phone.read_attachment(brought.notebook_id, "pod.png") == b"a picture of a pod"


async def test_nothing_is_asked_of_notebooks_that_are_being_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    async with room(tmp_path, "laptop", "phone") as found:
        phone = found["phone"]
        note_id = await phone.create_note(text="mine")
        put = phone._core.outbox.put

        def look(deed: Deed) -> asyncio.Future[None]:
            if any(row.scope == BOXES and row.data is not None for row in deed.rows.pending) and not seen:
                seen.extend((phone.people.carets(note_id), phone.people.who_is_in(note_id)))
                with pytest.raises(NotHereYet, match="has not come here yet"):
                    seen.append(phone.default_notebook)
            return put(deed)

        monkeypatch.setattr(phone._core.outbox, "put", look)
        await linked(found, "laptop", "phone", bring=True)
        assert seen == [(), ()]


@pytest.mark.parametrize("after", [0, 1, 17, 41])
async def test_notes_brought_along_survive_a_kill_at_any_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    unpack_note, left = Luggage._unpack_note, [after]

    async def until_killed(self: Luggage, index: OpenIndex, old_id: bytes, item: Any) -> None:
        if not left[0]:
            await asyncio.Event().wait()  # here the program ends
        left[0] -= 1
        await unpack_note(self, index, old_id, item)

    monkeypatch.setattr(Luggage, "_unpack_note", until_killed)
    async with room(tmp_path, "laptop", "phone") as found:
        before = await furnished(found["phone"])
        await linked(found, "laptop", "phone", bring=True)
        await until(lambda: not left[0])
        await found.leave("phone")
        monkeypatch.setattr(Luggage, "_unpack_note", unpack_note)
        phone = await found.enter("phone")
        await until(lambda: len([view for view in phone._core.library if view.shown]) == 42)
        await phone._core.outbox.settled()
        assert await furniture(phone) == before
        await until(lambda: len(found["laptop"].notes()) == 41)
        assert not await phone._core.journal.read(lambda store: [*store.pending(NOTES), *store.pending(BOXES)])


async def test_the_words_of_a_new_device_are_compared_without_haste(two: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "TOLD_S", 0.01)  # what has passed before anybody has looked from one screen to the other
    alice, bob = two["alice"], two["bob"]
    code = await alice.people.link_device()
    join_id = await bob.people.join_as_device(code.words)
    await until(lambda: bob.people.a_join(join_id).stage is JoinStage.MATCHING)
    await until(alice.people.requests)
    await asyncio.sleep(0.3)
    assert bob.people.a_join(join_id).stage is JoinStage.MATCHING
    await alice.people.approve(alice.people.requests()[0].request_id, True)
    await asyncio.sleep(0.1)
    await bob.people.confirm(join_id, True)
    await until(lambda: bob.people.a_join(join_id).stage is JoinStage.DONE)
    await until(lambda: not alice.people.peering.ways)
