"""What others changed since one last looked, over real nodes: what comes without a window, a restart, a first sync."""

from __future__ import annotations

from pathlib import Path

from notesapp.text import Splice
from tests.node.air import Room, room, until, until_async
from tests.node.test_sharing import joined, text_of

WORDS = "from bob: "


async def written_by_bob(two: Room, note_id: bytes) -> None:
    """Bob writes in it, and Alice has it."""
    await two["bob"].change_text(note_id, [Splice(0, "", WORDS)])

    async def here() -> bool:
        return (await text_of(two["alice"], note_id)).startswith(WORDS)

    await until_async(here)


async def test_what_comes_without_a_window_is_unread_and_stays_so_over_a_restart(tmp_path: Path) -> None:
    async with room(tmp_path, "alice", "bob") as two:
        alice = two["alice"]
        hers, other = [await alice.create_note(text=text) for text in ("\nhers", "\nother")]
        await joined(alice, two["bob"])
        await until(lambda: len(two["bob"].notes()) == 2)
        alice.people.looking.look(hers)
        await written_by_bob(two, hers)
        await until(lambda: alice.people.looking.is_unread(hers))
        await two.leave("alice")
        alice = await two.enter("alice")
        looking = alice.people.looking
        assert (looking.is_unread(hers), looking.is_unread(other)) == (True, False)
        since_ms = looking.look(hers)
        assert since_ms is not None
        assert alice.note(hers).created_ms <= since_ms
        assert looking.look(hers) is None
        await two.leave("alice")
        alice = await two.enter("alice")
        assert not alice.people.looking.is_unread(hers)


async def test_what_comes_before_the_eyes_is_not_unread(tmp_path: Path) -> None:
    async with room(tmp_path, "alice", "bob") as two:
        alice = two["alice"]
        hers, other = [await alice.create_note(text=text) for text in ("\nhers", "\nother")]
        await joined(alice, two["bob"])
        await until(lambda: len(two["bob"].notes()) == 2)
        alice.people.looking.eyes = lambda: hers
        await written_by_bob(two, hers)
        await written_by_bob(two, other)
        await until(lambda: alice.people.looking.is_unread(other))
        assert not alice.people.looking.is_unread(hers)


async def test_nothing_of_a_notebook_is_unread_when_it_comes_for_the_first_time(tmp_path: Path) -> None:
    async with room(tmp_path, "alice", "bob") as two:
        alice, bob = two["alice"], two["bob"]
        notes = [await alice.create_note(text=f"note {number}\n") for number in range(30)]
        notebook = await joined(alice, bob)
        looking = bob.people.looking
        await until(lambda: len(bob.notes()) == 30 and looking._joined[notebook] > 0)
        assert not any(looking.is_unread(note_id) for note_id in notes)
        later = await alice.create_note(text="one that is new\n")
        await alice.change_text(notes[3], [Splice(0, "", "changed: ")])
        await until(lambda: looking.is_unread(later) and looking.is_unread(notes[3]))
        assert sum(looking.is_unread(note_id) for note_id in notes) == 1
        looking.forget(notebook)
        assert not looking.is_unread(later)
