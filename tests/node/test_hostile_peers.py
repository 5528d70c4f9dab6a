"""What a member with a program of his own making gets of others, and leaves on their disks: no more than is his."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from notesapp.identity.keys import Device
from notesapp.identity.person import PersonLog, offer_device
from notesapp.identity.primitives import digest
from notesapp.identity.roles import Role
from notesapp.node.call import Call
from notesapp.node.node import Node
from notesapp.node.outbox import Deed
from notesapp.node.shelf import FORK
from notesapp.notes.change import write_change
from notesapp.store.store import Store
from notesapp.sync.body import feed_id
from notesapp.sync.entry import Tip
from notesapp.sync.events import ChunkArrived, ChunksLacking, Event
from notesapp.sync.frontier import Frontier
from notesapp.sync.head import Fork, SignedHead
from notesapp.sync.messages import Proof, Records
from notesapp.sync.receipt import Receipt
from notesapp.text import Splice
from tests.identity.company import forge
from tests.identity.people import dice
from tests.node.air import Room, room, until
from tests.node.test_sharing import joined


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path, "alice", "mallory") as found:
        yield found


def call_of(node: Node) -> Call:
    """His one call with a member, in the test's own hand."""
    peering = node.people.peering
    [found] = [call for call in peering.sessions() if call.proved is not None and call.proved.invite_id is None]
    return found


def linked(node: Node, notebook: bytes) -> bool:
    """Whether he talks about a notebook with a member."""
    calls = [call for call in node.people.peering.sessions() if call.proved and call.proved.invite_id is None]
    return len(calls) == 1 and calls[0].session is not None and calls[0].session.is_current(notebook)


async def test_the_word_of_a_device_that_is_nobodys_is_not_kept_nor_passed_on(two: Room) -> None:
    alice, mallory = two["alice"], two["mallory"]
    notebook = await joined(alice, mallory, Role.READER)
    await until(lambda: linked(mallory, notebook))
    call, mine = call_of(mallory), mallory._core.persona.device
    assert call.session is not None
    for nth in range(3):
        made_up = Device.generate(dice(f"made up {nth}"))
        word = Receipt.make(made_up, notebook, 1, Frontier())
        assert word is not None
        call.session.pass_receipt(notebook, word.data, call.now_ms)
    own = Receipt.make(mine, notebook, 1, Frontier())
    assert own is not None
    call.session.pass_receipt(notebook, own.data, call.now_ms)
    call.settle()
    ledger = alice.people.peering.volume(notebook).ledger
    await until(lambda: ledger.receipts())
    assert ledger.receipts() == (own.data,)


async def test_of_many_proofs_about_one_feed_one_lies_on_the_disk(two: Room) -> None:
    alice, mallory = two["alice"], two["mallory"]
    notebook = await joined(alice, mallory)
    await until(lambda: linked(mallory, notebook))
    device, nonce = mallory._core.persona.device, bytes(16)
    feed = feed_id(notebook, device.device_id, nonce)
    start = Tip.before_first(notebook, feed)._replace(index=5)
    heads = [SignedHead.make(start._replace(hash=bytes([nth]) * 32), device).data for nth in range(6)]
    proofs = [Fork(device.device_id, nonce, heads[0], b"", head, b"").write() for head in heads[1:]]
    proofs.sort(key=digest, reverse=True)  # each says more than the one before: the smaller hash counts
    call = call_of(mallory)
    assert call.session is not None
    for proof in proofs:
        call.session._voice.say(Proof(call.session._parts.talks[notebook].number, proof))
        call.settle()
    book = alice.people.peering.volume(notebook).book
    await until(lambda: (kept := book.fork(feed)) is not None and kept.write() == proofs[-1])

    def kept(store: Store) -> list[bytes]:
        return [row.data for row in store.records(notebook, FORK)]

    assert await alice._core.journal.read(kept) == [proofs[-1]]


async def test_records_that_say_nothing_take_room_also_after_a_restart(two: Room) -> None:
    alice, mallory = two["alice"], two["mallory"]
    notebook = await joined(alice, mallory, Role.READER)
    await until(lambda: linked(mallory, notebook))
    roster, device = mallory._core.held[notebook].roster, mallory._core.persona.device
    forged = [forge(roster, device, "withdraw", b"%d" % nth) for nth in range(7)]
    call = call_of(mallory)
    assert call.session is not None
    call.session._voice.say(Records(call.session._parts.talks[notebook].number, tuple(one.data for one in forged)))
    call.settle()

    def on_disk(node: Node) -> set[bytes]:
        return {one.id for one in node._core.held[notebook].on_disk}

    await until(lambda: {one.id for one in forged} <= on_disk(alice))
    ids, kept = on_disk(alice), {one.id for one in alice._core.held[notebook].roster.records}
    assert not kept & {one.id for one in forged}
    await two.leave("mallory")
    await two.leave("alice")
    alice = await two.enter("alice")
    volume = alice.people.peering.volume(notebook)
    await until(lambda: volume.is_open)
    assert on_disk(alice) >= ids
    assert len(volume.book.quota) == len(on_disk(alice))


async def test_a_piece_of_another_notebooks_attachment_is_not_given(two: Room) -> None:
    alice, mallory = two["alice"], two["mallory"]
    secret = await alice.create_notebook("Secret")
    await alice.attach(secret, b"what nobody shall see", "secret.txt")
    shared = await joined(alice, mallory)
    await alice.attach(shared, b"what both see", "shared.txt")

    def all_pieces(store: Store) -> set[bytes]:
        return {row[0] for row in store.db.execute("SELECT hash FROM blob_chunks")}

    pieces = await alice._core.journal.read(all_pieces)
    assert len(pieces) == 2
    await until(lambda: linked(mallory, shared))
    told: list[Event] = []
    mallory.people.peering.on_event.append(lambda call, event: told.append(event))
    call = call_of(mallory)
    assert call.session is not None
    call.session.fetch(shared, pieces, call.now_ms)
    call.settle()
    await until(lambda: len([one for one in told if isinstance(one, ChunkArrived | ChunksLacking)]) == 2)
    [given] = [one.hash for one in told if isinstance(one, ChunkArrived)]
    [lacking] = [one.hashes for one in told if isinstance(one, ChunksLacking)]
    assert {given, *lacking} == pieces


async def test_a_device_that_was_revoked_is_met_for_no_notebook_any_more(two: Room) -> None:
    alice, bob = two["alice"], two["mallory"]
    first = await joined(alice, bob)
    second = await alice.create_notebook("Second")
    invite = await alice.people.share(second, Role.WRITER, approval=False)
    assert invite.link is not None
    await bob.people.joined(await bob.people.join(invite.link))
    core, root, log = bob._core, alice._core.persona.root, alice._core.persona.log
    assert root is not None
    phone = Device.generate(dice("alice's phone"))
    added = log.add(offer_device(phone, log.person_id), root, now_ms=1)
    after = PersonLog.judge(log.person_id, (*log.records, added))
    revoked = after.revoke(phone.device_id, root, now_ms=2)
    hearing = bob.people.peering.volumes
    await two.leave("alice")  # else she would say it in both by herself

    def seen(notebook: bytes) -> bool | None:
        own = core.held[notebook].logs[log.person_id].device(phone.device_id)
        return None if own is None else own.active

    await hearing[second].learn(persons=[added])
    await until(lambda: (seen(first), seen(second)) == (True, True))
    await hearing[first].learn(persons=[revoked])  # only this one is told of it
    await until(lambda: (seen(first), seen(second)) == (False, False))
    await bob.people.peering.refresh()
    circle = bob.people.peering._circle
    assert circle is not None
    assert not circle.people[phone.device_id].active


async def test_a_change_that_is_none_is_told_to_who_may_act_on_it_and_stops_nobody_else(two: Room) -> None:
    alice, mallory = two["alice"], two["mallory"]
    notebook = await joined(alice, mallory)
    note_id = await alice.create_note(text="hers")
    await until(lambda: any(view.note_id == note_id for view in mallory.notes()))
    note = await alice.open_note(note_id)
    await mallory.open_note(note_id)
    mallory.edit(note_id, Splice(0, "", "his, "))
    await mallory.saved(note_id)
    await until(lambda: note.text == "his, hers")
    feed, heads = mallory._core.held[notebook].feed, note.heads
    false = write_change(actor=feed.actor, seq=2, start_op=2**20, deps=heads, others=(), columns={}, rows=0)
    await mallory._core.outbox.put(Deed([(feed, note_id, (false.raw,))]))
    await until(lambda: alice.troubles)
    [sentence] = alice.troubles.values()
    assert "Something that mallory wrote" in sentence
    assert "numbered out of order" in sentence
    alice.edit(note_id, Splice(0, "", "still "))
    await alice.saved(note_id)
    assert note.text == "still his, hers"
    assert alice.people.peering.sessions()  # whoever carried it isn't sent away
    alice.close_note(note_id)
    await two.leave("alice")
    again = await two.enter("alice", online=False)
    assert (await again.open_note(note_id)).text == "still his, hers"
    assert sentence in again.troubles.values()
