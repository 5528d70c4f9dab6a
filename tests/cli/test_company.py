"""The commands that need somebody else: code, nearby, link-device, revoke-device, petname, hand-over, share-note."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from notesapp.cli.people import _has
from notesapp.control import calls
from notesapp.control import calls_people as people
from notesapp.control.rows_people import MemberRow
from tests.cli.conftest import Run
from tests.node.processes import Peer, wait

RUNNING = "notesapp peer"
NOTES = 150


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("petname", "Bob", "Bobby"), "nobody in this notebook"),
        (("hand-over",), "--accept"),
        (("hand-over", "Bob"), "nobody in this notebook"),
        (("hand-over", "--accept"), "Nobody offers you"),
        (("revoke-device", "Phone"), "no device of yours"),
        (("code", "zoo", "nonsense"), "three words"),
        (("code", "zoo", "zoo", "nonsense"), "nonsense"),
        (("link-device", "zoo", "zoo", "zoo"), "--bring"),
        (("me", "--name", ""), "1 to 80 letters"),
        (("me", "--name", "  "), "1 to 80 letters"),
        (("code",), RUNNING),
        (("link-device", "--json"), RUNNING),
        (("nearby", "--json"), RUNNING),
        (("nearby", "Bob"), RUNNING),
    ],
)
def test_what_can_t_be_done_is_one_sentence(notesapp: Run, words: tuple[str, ...], said: str) -> None:
    notesapp("new", "# Beans")
    ended = notesapp(*words)
    assert (ended.code, ended.out) == (2, ""), ended
    assert ended.err.startswith("notesapp: ")
    assert len(ended.err.strip().splitlines()) == 1
    assert said in ended.err


def test_one_note_goes_into_a_notebook_of_its_own(notesapp: Run) -> None:
    notesapp("new", "# Beans")
    assert notesapp("share-note", "Peas", "Kitchen").code == 3
    ended = notesapp("share-note", "Beans", "Kitchen")
    assert ended.code == 0
    assert "notesapp share" in ended.out + ended.err
    assert [row["title"] for row in notesapp("ls", "--notebook", "Kitchen", "--json").json] == ["Beans"]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Peer, Peer]]:
    alice, bob = Peer("alice", tmp_path), Peer("bob", tmp_path)
    for peer in (alice, bob):
        peer.start()
    yield alice, bob
    alice.stop()
    bob.stop()


@pytest.mark.slow
@pytest.mark.socket
def test_three_words_a_petname_and_a_new_owner(pair: tuple[Peer, Peer]) -> None:
    alice, bob = pair
    for peer in pair:
        peer.ask(people.Me(peer.name))
    alice.ask(calls.New("# Beans\n"))
    assert json.loads(alice.run("nearby", "--json")) == []
    made = json.loads(alice.run("code", "--json"))
    there = f"127.0.0.1:{alice.ask(people.Network()).port}"
    with ThreadPoolExecutor(1) as other:
        joining = other.submit(bob.run, "code", *made["words"], "--at", there, "--json")
        wait(lambda: alice.ask(people.Requests()), "Bob to be at the door")
        alice.ask(people.Approve(alice.ask(people.Requests())[0].id))
        assert json.loads(joining.result(60))["stage"] == "done"
    wait(lambda: [row for row in bob.ask(calls.Notebooks()) if row.notes == 1], "the note")
    wait(lambda: "bob" in [one.name for one in alice.ask(people.People()).members], "Bob's name")
    alice.run("petname", "bob", "Bobby")
    assert "Bobby" in [one.name for one in alice.ask(people.People()).members]
    alice.run("hand-over", "Bobby")
    shared = next(row.id for row in bob.ask(calls.Notebooks()) if row.notes == 1)

    def accepted() -> bool:
        bob.run("hand-over", "--accept", "--notebook", shared)
        return True

    wait(accepted, "the offer at Bob's")
    wait(lambda: [one.role for one in alice.ask(people.People()).members if not one.me] == ["owner"], "a new owner")


@pytest.mark.slow
@pytest.mark.socket
def test_a_second_device_is_linked_by_three_words_and_taken_away_again(pair: tuple[Peer, Peer]) -> None:
    laptop, phone = pair
    for peer in pair:
        peer.ask(people.Me(peer.name))
    laptop.ask(calls.New("# Beans\n"))
    phone.ask(calls.New("# Tried out here\n"))
    code, said = phone.said("link-device", "zoo", "zoo", "zoo")
    assert (code, "--bring" in said) == (2, True), said
    linked(laptop, phone, "--bring")
    wait(lambda: "Tried out here" in [row.title for row in laptop.ask(calls.Ls())], "what the phone had")
    wait(lambda: "Beans" in [row.title for row in phone.ask(calls.Ls())], "the note on the new device")
    phone.ask(calls.New("# From the phone\n"))
    wait(lambda: "From the phone" in [row.title for row in laptop.ask(calls.Ls())], "the new device's note")
    phones = next(one for one in json.loads(laptop.run("me", "--json"))["devices"] if not one["this"])

    assert "gets nothing" in laptop.said("revoke-device", phones["id"][:8])[1]
    laptop.ask(calls.New("# After\n"))
    wait(lambda: refused(phone), "the phone to hear that it was taken away")
    assert "After" not in [row.title for row in phone.ask(calls.Ls())]
    laptop.stop()
    phone.stop()
    laptop.start()
    phone.start()  # and a new start is no way back
    assert refused(phone)
    assert "After" not in [row.title for row in phone.ask(calls.Ls())]
    assert {row.title for row in laptop.ask(calls.Ls())} == {"Beans", "From the phone", "After", "Tried out here"}


def linked(laptop: Peer, phone: Peer, *more: str) -> None:
    """The phone becomes a device of the laptop's person, each at its own command line."""
    made = json.loads(laptop.run("link-device", "--json"))
    there = f"127.0.0.1:{laptop.ask(people.Network()).port}"
    with ThreadPoolExecutor(1) as other:
        joining = other.submit(phone.run, "link-device", *made["words"], "--at", there, "--json", *more)
        wait(lambda: laptop.ask(people.Requests()), "the new device at the door")
        wait(lambda: [one for one in phone.ask(people.Joins()) if one.stage == "matching"], "the words at the phone")
        request, join = laptop.ask(people.Requests())[0], phone.ask(people.Joins())[0]
        assert request.words == join.words
        assert laptop.run("approve", request.id[:8]) == ""
        assert phone.said("approve", join.id[:8]) == (0, "You agreed.\n"), phone.ask(people.Joins())
        assert json.loads(joining.result(60))["stage"] == "done"


@pytest.mark.slow
@pytest.mark.socket
@pytest.mark.timeout(400)
@pytest.mark.parametrize("seed", range(3))
def test_a_device_killed_again_and_again_while_it_is_linked_brings_each_note_once(
    pair: tuple[Peer, Peer], seed: int
) -> None:
    laptop, phone = pair
    dice = random.Random(seed)
    laptop.ask(calls.New("# Beans\n"))
    phone.ask(*(calls.New(f"# Note {number}\n") for number in range(NOTES)))
    while not linked_in(laptop, phone, dice.random() * 0.6):  # the kill came before the commit: nothing has happened
        assert len(phone.ask(calls.Ls())) == NOTES
    for _ in range(4):
        time.sleep(dice.random() * 0.3)
        phone.kill()
        phone.start()
    expected = sorted(["Beans", *(f"Note {number}" for number in range(NOTES))])
    for peer in pair:
        wait(lambda peer=peer: all_titles(peer) == expected, f"each note once at {peer.name}", 150.0)  # type: ignore[misc]


def linked_in(laptop: Peer, phone: Peer, killed_s: float) -> bool:
    """Whether the phone is the laptop's after both agreed and the phone was killed some time later."""
    words = " ".join(laptop.ask(people.LinkDevice()).words)
    there = f"127.0.0.1:{laptop.ask(people.Network()).port}"
    join = phone.ask(people.JoinAsDevice(words, (there,), bring=True)).id
    wait(lambda: laptop.ask(people.Requests()), "the new device at the door")
    wait(lambda: [one for one in phone.ask(people.Joins()) if one.stage == "matching"], "the words at the phone")
    laptop.ask(people.Approve(laptop.ask(people.Requests())[0].id))
    phone.ask(people.ConfirmJoin(join))
    time.sleep(killed_s)
    phone.kill()
    phone.start()
    return len(phone.ask(people.Me()).devices) == 2


def all_titles(peer: Peer) -> list[str]:
    """The titles of all notes in all notebooks."""
    return sorted(title for one in peer.ask(calls.Notebooks()) for title in peer.titles(one.id))


def refused(phone: Peer) -> bool:
    """Whether it may write no more, and says why in a sentence."""
    code, said = phone.said("new", "# Too late")
    return code != 0 and "no member any more" in said


@pytest.mark.parametrize(
    ("has_all", "waiting", "until_ms", "said"),
    [
        (True, 0, 1_000_000, "^everything$"),
        (False, 0, None, "^not known$"),
        (False, 1, None, "^1 change waits$"),
        (False, 3, None, "^3 changes wait$"),
        (False, 3, 1_000_000, "^everything up to .+; 3 changes wait$"),
    ],
)
def test_what_a_member_has_is_said_as_far_as_it_is_known(
    has_all: bool, waiting: int, until_ms: int | None, said: str
) -> None:
    member = MemberRow("", "Ana", "Ana", "writer", False, (), False, has_all, waiting, (), until_ms)
    assert re.match(said, _has(member))
