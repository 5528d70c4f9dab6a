"""What is promised of devices that are set back, doubled or lying, kept in a simulated world."""

from __future__ import annotations

import copy

from notesapp.identity.roles import Role
from notesapp.sync.handshake import Refusal
from tests.world.disk import Disk
from tests.world.world import World, forks_of


def backup_of(disk: Disk) -> dict[str, object]:
    """A copy of what lies on a disk."""
    names = ("feeds", "persons", "rosters", "states", "forks", "arrival")
    return copy.deepcopy({name: getattr(disk, name) for name in names})


def restore(disk: Disk, backup: dict[str, object]) -> None:
    """The database is set back; the high-water file beside it isn't part of any backup."""
    for name, value in copy.deepcopy(backup).items():
        setattr(disk, name, value)


def test_restored_backup_forks_nothing_and_gets_everything_back() -> None:
    world = World("backup", ["Alice", "Bob"])
    note = world["Alice"].create_note("Before. ")
    world.run(10_000)
    backup = backup_of(world["Alice"].disk)
    world["Alice"].type(note, "After the backup. ")
    world.run(5000)
    alice = world["Alice"]
    alice.crash()
    restore(alice.disk, backup)
    alice.start()
    alice.type(note, "Since then. ")
    world.settle()
    text = world["Bob"].texts()[note]
    assert "After the backup." in text
    assert "Since then." in text
    assert not forks_of(world)
    assert len({feed for feed, kept in alice.disk.feeds.items() if alice.feed_is_own(kept)}) == 2


def test_cloned_profile_becomes_a_new_feed_and_the_younger_run_is_told_to_yield() -> None:
    world = World("clone", ["Alice", "Bob"])
    note = world["Alice"].create_note("Before. ")
    world.run(10_000)
    clone = world.clone("Alice", "Alice's copy")
    assert clone.disk.marks == {}  # the high-water file is bound to machine and folder
    world.run(1000)
    clone.type(note, "From the copy. ")
    world["Alice"].type(note, "From the original. ")
    world.run(30_000)
    text = world["Bob"].texts()[note]
    assert "From the original." in text
    assert not forks_of(world)
    twins = [failed for replica in world.running for failed in replica.calls.failed if failed.refusal is Refusal.TWIN]
    assert twins
    assert clone.run.is_younger_than(world["Alice"].run)
    assert all(failed.twin is not None for failed in clone.calls.failed if failed.refusal is Refusal.TWIN)


def test_whole_machine_set_back_forks_its_feed_and_everybody_suspends_it_at_the_same_place() -> None:
    world = World("fork", ["Alice", "Bob", "Carol"])
    world.unlucky.add("Bob")
    note = world["Alice"].create_note("Once. ")
    world.run(10_000)
    bob = world["Bob"]
    bob.type(note, "Common. ")
    world.run(5000)
    world.part("Bob", "Carol")
    world.part("Alice", "Carol")
    tip = bob.writer_tip
    bob.type(note, "One history. ")
    world.run(5000)
    assert "One history." in world["Alice"].texts()[note]
    world.part("Alice", "Bob")
    bob.crash()
    bob.set_back(tip)  # a virtual machine's snapshot: the high-water file went back with everything else
    bob.start()
    world.join("Bob", "Carol")
    world.run(3000)
    bob.type(note, "Another history. ")
    world.run(10_000)
    assert "Another history." in world["Carol"].texts()[note]
    world.settle()
    assert forks_of(world)
    for name in ("Alice", "Bob", "Carol"):
        text = world[name].texts()[note]
        assert "Common." in text
        assert "history" not in text
    assert world["Alice"].recovered
    bob.type(note, "In a new feed. ")
    world["Alice"].type(note, "Life goes on. ")
    world.settle()
    assert all(word in world["Carol"].texts()[note] for word in ("In a new feed.", "Life goes on."))
    dave = world.welcome("Dave", Role.WRITER, by="Alice")  # he learns of the fork before he has the feed
    world.settle()
    assert dave.texts()[note] == world["Carol"].texts()[note]


def test_lost_commit_leaves_no_trace_anywhere() -> None:
    world = World("lost commit", ["Alice", "Bob"])
    note = world["Alice"].create_note("Saved. ")
    world.run(10_000)
    world["Alice"].type(note, "Not saved. ")
    world.crash("Alice")
    world.settle()
    assert world["Alice"].texts()[note] == world["Bob"].texts()[note] == "Saved. "
    world["Alice"].type(note, "Saved again. ")
    world.settle()
    assert world["Bob"].texts()[note] == "Saved. Saved again. "
