"""Two whole programs on loopback: a vault goes both ways, whatever is killed when."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from notesapp.control import calls
from notesapp.control import calls_people as people
from notesapp.errors import NotesError
from tests.node.processes import Peer, begin_to_join, join, wait

pytestmark = pytest.mark.socket


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Peer, Peer]]:
    alice, bob = Peer("alice", tmp_path), Peer("bob", tmp_path)
    yield alice, bob
    alice.stop()
    bob.stop()


def folder_of_notes(folder: Path, count: int, letters: int) -> Path:
    """A folder of Markdown, with a picture."""
    folder.mkdir()
    for number in range(count):
        (folder / f"note {number:04}.md").write_text(f"# Note {number}\n\n" + f"words {number} " * (letters // 8))
    (folder / "picture.png").write_bytes(bytes(range(256)) * 600)
    (folder / "with picture.md").write_text("![](picture.png)\n")
    return folder


def test_two_programs_share_a_notebook_both_ways(pair: tuple[Peer, Peer], tmp_path: Path) -> None:
    alice, bob = pair
    alice.start()
    bob.start()
    alice.ask(calls.Import(str(folder_of_notes(tmp_path / "vault", 20, 400)), "Vault"))
    join(alice, bob, "Vault")
    assert len(bob.titles("Vault")) == 21
    bob.ask(calls.New("# From Bob\n", "Vault"))
    wait(lambda: "From Bob" in alice.titles("Vault"), "Bob's note at Alice's")
    alice.ask(calls.Append("From Bob", "and from Alice"))
    wait(lambda: "and from Alice" in bob.ask(calls.Cat("From Bob")).text, "Alice's line at Bob's")
    wait(lambda: bob.export("Vault", tmp_path / "b") == alice.export("Vault", tmp_path / "a"), "equal files")
    assert (tmp_path / "b" / "picture.png").stat().st_size == 153_600

    def everything_is_everywhere() -> bool:
        found = [peer.ask(people.People("Vault")).members for peer in pair]
        return all(one.has_all for members in found for one in members)

    wait(everything_is_everywhere, "each to know that the other has all")


def test_a_kill_at_any_moment_costs_nothing(pair: tuple[Peer, Peer], tmp_path: Path) -> None:
    alice, bob = pair
    dice = random.Random(4)
    alice.start()
    bob.start()
    alice.ask(calls.Import(str(folder_of_notes(tmp_path / "vault", 120, 2000)), "Vault"))
    begin_to_join(alice, bob, "Vault")
    wait(lambda: [row for row in bob.ask(calls.Notebooks()) if row.name == "Vault"], "the notebook")
    for victim in (bob, alice, bob):
        time.sleep(dice.uniform(0.0, 0.3))
        victim.kill()
        victim.start()
    wait(lambda: len(bob.titles("Vault")) == 121, "all notes at Bob's")
    for number in range(3):
        writer, victim = (alice, bob) if number % 2 else (bob, alice)
        writer.ask(calls.New(f"# Said {number}\n", "Vault"))
        victim.kill()
        writer.ask(calls.Append(f"Said {number}", "while the other was away"))
        victim.start()
    wait(lambda: len(alice.titles("Vault")) == len(bob.titles("Vault")) == 124, "what was said meanwhile")
    wait(lambda: bob.export("Vault", tmp_path / "b") == alice.export("Vault", tmp_path / "a"), "equal files")
    for peer in pair:
        assert not [row for row in peer.ask(calls.Doctor()) if row.state == "bad"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_vault_goes_both_ways_while_either_is_killed_again_and_again(pair: tuple[Peer, Peer], tmp_path: Path) -> None:
    """The folder that NOTESAPP_VAULT names, else one of its size: half of it is Alice's, half of it Bob's."""
    named = os.environ.get("NOTESAPP_VAULT")
    vault = Path(named) if named else folder_of_notes(tmp_path / "vault", 147, 4000)
    count = len(list(vault.rglob("*.md")))
    alice, bob = pair
    dice = random.Random(11)
    alice.start()
    bob.start()
    alice.ask(calls.Import(str(vault), "Vault"))
    begin_to_join(alice, bob, "Vault")
    wait(lambda: [row for row in bob.ask(calls.Notebooks()) if row.name == "Vault"], "the notebook")
    said: list[str] = []
    for number in range(12):
        writer, victim = (alice, bob) if number % 2 else (bob, alice)
        try:
            writer.ask(calls.New(f"# Kill {number}\n", "Vault"))
            said.append(f"Kill {number}")
        except NotesError:
            assert writer is bob  # the notebook's keys, or its beginning, may still be on their way to him
        time.sleep(dice.uniform(0.0, 0.4))
        victim.kill()
        victim.start()
    wait(lambda: len(alice.titles("Vault")) == len(bob.titles("Vault")) == count + len(said), "all notes at both")
    assert set(said) <= set(alice.titles("Vault"))
    wait(lambda: bob.export("Vault", tmp_path / "b") == alice.export("Vault", tmp_path / "a"), "equal files", 120)
    for peer in pair:
        assert not [row for row in peer.ask(calls.Doctor()) if row.state == "bad"]


@pytest.mark.slow
def test_a_vault_is_there_within_seconds(pair: tuple[Peer, Peer], tmp_path: Path) -> None:
    """The folder that NOTESAPP_VAULT names, else one of the same size as the vault of the figures."""
    named = os.environ.get("NOTESAPP_VAULT")
    vault = Path(named) if named else folder_of_notes(tmp_path / "vault", 147, 4000)
    count = len(list(vault.rglob("*.md")))
    alice, bob = pair
    alice.start()
    bob.start()
    alice.ask(calls.Import(str(vault), "Vault"))
    began = time.monotonic()
    join(alice, bob, "Vault")
    took = time.monotonic() - began
    print(f"\nthe vault's {len(bob.titles('Vault'))} notes were there after {took:.1f} s")
    assert len(bob.titles("Vault")) == count
    wait(lambda: bob.export("Vault", tmp_path / "b") == alice.export("Vault", tmp_path / "a"), "all pictures too")
    print(f"and all files after {time.monotonic() - began:.1f} s, the exports included")
    assert took < 15
