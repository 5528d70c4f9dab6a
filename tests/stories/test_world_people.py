"""What is promised to people who write together, kept in a simulated world."""

from __future__ import annotations

from notesapp.identity.roles import Role
from notesapp.sync.events import FeedTurnedAway
from notesapp.sync.handshake import Refusal
from tests.world.net import Weather
from tests.world.time import YEAR_MS
from tests.world.world import World

WEEK_MS = 7 * 24 * 3600 * 1000


def shared_note(world: World, text: str = "Once. ") -> bytes:
    """A note of Alice that everybody has."""
    note = world["Alice"].create_note(text)
    world.run(20_000)
    assert all(text in replica.texts().get(note, "") for replica in world.running)
    return note


def test_two_people_who_wrote_offline_have_both_texts() -> None:
    world = World("offline merge", ["Alice", "Bob"])
    note = shared_note(world)
    world.part("Alice", "Bob")
    for word in ("one ", "two ", "three "):
        world["Alice"].type(note, word)
        world["Bob"].type(note, word.upper())
        world.run(60_000)
    assert "ONE" not in world["Alice"].texts()[note]
    world.settle()
    text = world["Alice"].texts()[note]
    assert all(word in text for word in ("one two three ", "ONE TWO THREE "))
    assert world["Bob"].texts()[note] == text


def test_late_joiner_receives_the_whole_notebook() -> None:
    world = World("late joiner", ["Alice", "Bob"])
    notes = [shared_note(world, f"Note {number}. ") for number in range(5)]
    world["Bob"].type(notes[0], "By Bob. ")
    carol = world.welcome("Carol", Role.WRITER, by="Alice")
    world.settle()
    assert carol.texts() == world["Alice"].texts()
    assert "By Bob." in carol.texts()[notes[0]]
    carol.type(notes[1], "By Carol. ")
    world.settle()
    assert "By Carol." in world["Bob"].texts()[notes[1]]


def test_joiner_reads_what_was_written_under_earlier_keys() -> None:
    world = World("old keys", ["Alice", "Bob", "Dave"])
    note = shared_note(world, "Before. ")
    world["Alice"].remove(world.household.person("Dave"))
    world.run(10_000)
    world["Bob"].type(note, "After. ")
    carol = world.welcome("Carol", Role.READER, by="Alice")
    world.settle()
    assert carol.texts()[note] == "Before. After. "


def test_second_device_of_a_person_brings_everything_and_writes() -> None:
    world = World("device linked", ["Alice", "Bob"])
    note = shared_note(world)
    phone = world.link_device("Bob/phone", by="Alice")
    world.settle()
    assert phone.texts() == world["Bob"].texts()
    phone.type(note, "On the way. ")
    world.part("Alice", "Bob")
    world.settle()
    assert "On the way." in world["Alice"].texts()[note]


def test_reader_reads_and_what_he_writes_goes_nowhere() -> None:
    world = World("reader", ["Alice", "Bob", "Rita"], roles={"Rita": Role.READER})
    note = shared_note(world)
    rita = world["Rita"]
    assert not rita.type(note, "Mine! ")
    rita.dishonest = True
    assert rita.type(note, "Mine! ")
    world.run(20_000)
    for name in ("Alice", "Bob"):
        assert "Mine!" not in world[name].texts()[note]
        assert not any(entries.entries for entries in [world[name].disk.feeds.get(rita.feed)] if entries)
    assert all(session.state.__class__.__name__ == "Syncing" for session in world["Alice"].calls.sessions())
    world["Alice"].type(note, "Still read. ")
    world.run(5000)
    assert "Still read." in rita.texts()[note]


def test_reader_with_a_lying_program_is_turned_away_and_stays_connected() -> None:
    world = World("lying reader", ["Alice", "Rita"], roles={"Rita": Role.READER})
    note = shared_note(world)
    rita = world["Rita"]
    rita.believe_everything()
    assert rita.type(note, "Mine! ")
    world.run(20_000)
    assert any(isinstance(event, FeedTurnedAway) and not event.by_peer for event in world["Alice"].calls.events)
    assert any(isinstance(event, FeedTurnedAway) and event.by_peer for event in rita.calls.events)
    assert "Mine!" not in world["Alice"].texts()[note]
    assert rita.feed not in world["Alice"].disk.feeds
    assert rita.device.device_id in world["Alice"].calls.peers()


def test_removed_member_who_was_offline_for_a_week_meets_silence_and_changes_nothing() -> None:
    world = World("removed", ["Alice", "Bob", "Dave"])
    note = shared_note(world)
    world["Dave"].type(note, "In time. ")
    world.run(10_000)
    world.part("Alice", "Dave")
    world.part("Bob", "Dave")
    world["Alice"].remove(world.household.person("Dave"))
    for day in range(7):
        world["Dave"].type(note, f"Day {day}. ")
        world.sleep(WEEK_MS // 7)
    world["Bob"].type(note, "Without him. ")
    world.join("Alice", "Dave")
    world.join("Bob", "Dave")
    world.run(60_000)
    text = world["Alice"].texts()[note]
    assert "In time." in text
    assert "Day" not in text
    assert world["Bob"].texts()[note] == text
    assert "Without him." not in world["Dave"].texts()[note]
    assert all(failed.refusal in (Refusal.NOBODY, Refusal.CUT_OFF) for failed in world["Dave"].calls.failed)
    assert world["Dave"].calls.failed
    assert {failed.refusal for failed in world["Bob"].calls.failed} == {Refusal.STRANGER}


def test_edits_of_a_removed_member_that_came_another_way_are_kept_aside() -> None:
    world = World("recovered edits", ["Alice", "Bob", "Dave"])
    note = shared_note(world)
    world.part("Alice", "Bob")
    world.part("Alice", "Dave")
    world["Dave"].type(note, "To Bob only. ")
    world.run(5000)
    assert "To Bob only." in world["Bob"].texts()[note]
    world["Alice"].remove(world.household.person("Dave"))
    world.run(1000)
    world.join("Alice", "Bob")
    world.run(20_000)
    assert world["Bob"].texts()[note] == world["Alice"].texts()[note] == "Once. "
    assert world["Bob"].recovered
    world.settle()


def test_member_who_was_away_while_keys_rotated_still_gets_in() -> None:
    world = World("rotated", ["Alice", "Bob", "Carol", "Dave"])
    note = shared_note(world)
    for other in ("Alice", "Bob", "Dave"):
        world.part("Carol", other)
    world["Carol"].type(note, "Under the old keys. ")
    world["Alice"].remove(world.household.person("Dave"))
    world.run(20_000)
    world["Alice"].type(note, "Under the new keys. ")
    world.sleep(WEEK_MS)
    world.settle()
    assert "Under the old keys." in world["Alice"].texts()[note]
    assert "Under the new keys." in world["Carol"].texts()[note]


def test_two_admins_at_once_agree_in_the_end() -> None:
    world = World(
        "two admins", ["Alice", "Bob", "Carol", "Dave", "Eve"], roles={"Bob": Role.ADMIN, "Carol": Role.ADMIN}
    )
    note = shared_note(world)
    world.part_all()
    people = world.household
    world["Bob"].remove(people.person("Dave"))
    world["Carol"].remove(people.person("Eve"))
    world["Bob"].type(note, "Bob. ")
    world["Carol"].type(note, "Carol. ")
    world.run(10_000)
    world.settle()
    for name in ("Alice", "Bob", "Carol"):
        assert set(world[name].roster.members) == {people.person(one) for one in ("Alice", "Bob", "Carol")}
    epochs = [world[name].roster.epoch_among(world[name].keys) for name in ("Alice", "Bob", "Carol")]
    assert len({epoch.epoch_id for epoch in epochs if epoch}) == 1
    assert all(word in world["Alice"].texts()[note] for word in ("Bob.", "Carol."))


def test_owner_demotes_an_admin_who_removes_somebody_at_the_same_time() -> None:
    world = World("demoted admin", ["Alice", "Bob", "Carol"], roles={"Bob": Role.ADMIN})
    note = shared_note(world)
    world.part_all()
    bob, carol = world.household.person("Bob"), world.household.person("Carol")
    world["Alice"].rule(lambda scribe: scribe.change(bob, Role.READER, world["Alice"].have_of(bob)))
    world["Bob"].remove(carol)
    world["Carol"].type(note, "Am I still here? ")
    world.run(10_000)
    world.settle()
    assert all(replica.roster.members[carol].role is Role.WRITER for replica in world.running)
    assert "Am I still here?" in world["Alice"].texts()[note]
    assert not world["Bob"].may_write


def test_a_clock_that_is_two_years_wrong_changes_no_text() -> None:
    world = World("clocks", ["Alice", "Bob", "Carol"])
    world["Bob"].skew_ms, world["Carol"].skew_ms = 2 * YEAR_MS, -2 * YEAR_MS
    note = shared_note(world)
    for word in ("a ", "b ", "c "):
        for replica in world.running:
            replica.type(note, word)
            world.run(500)
    world.settle()
    assert len({replica.texts()[note] for replica in world.running}) == 1


def test_ten_people_with_thirty_cut_links_heal() -> None:
    names = ["Alice", "Bob", "Carol", "Dave", "Eve", "Frank", "Grace", "Heidi", "Ivan", "Judy"]
    world = World("ten people", names, Weather(loss=0.1))
    note = shared_note(world)
    cut = world.clock.chance.sample(sorted(sorted(pair) for pair in world.reach), 30)
    for one, other in cut:
        world.part(one, other)
    for place, name in enumerate(names):
        world[name].type(note, chr(0x4E00 + place))
        world.run(700)
    world.run(60_000)
    assert world.settled(), world.differences()  # 15 links are enough: others carry what two can't tell each other
    world.check()
    world.settle()
