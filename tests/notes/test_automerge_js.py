"""Automerge from JavaScript, which nobody here wrote, reads our notes, and the vetter judges what it writes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind
from notesapp.text import Splice
from tests import npm

pytestmark = pytest.mark.slow

PACKAGES = {"@automerge/automerge": "3.5.0"}
ALICE, BOB, SCRIPT = bytes(range(16)), bytes(range(16, 32)), b"\xaa" * 16
NOTE_ID = b"n" * 16
REASONS = {
    "key": "a key is unknown",
    "body": "an action is unknown",
    "deleted": "a key is unknown",
    "mark": "something other than a character is inserted",
    "block": "something other than a character is inserted",
    "counter": "a value's kind is unknown",
    "text": "a container is made where none belongs",
    "control": "a character may not stand in a note",
    "timed": "it carries a time or a message",
    "message": "it carries a time or a message",
}


def javascript(*words: str) -> Any:
    folder = npm.installed("automerge", PACKAGES)
    script = npm.script(folder, Path(__file__).with_name("automerge.mjs"))
    done = subprocess.run(["node", script, *words], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def written_by_two() -> Replica:
    """A note by Alice and Bob, at once and one after the other, with letters of every length."""
    alice = Replica.create_note(ALICE, NOTE_ID, "# Héllo 👩‍👩‍👧\n\n𝔘𝔫𝔦 and 日本語, e\u0301.\n" * 40)
    bob = Replica.empty(Kind.NOTE, BOB)
    assert bob.receive([change.raw for change in alice.history()]).refused == ()
    for number in range(60):
        ours = alice.edit([Splice(number * 7 % len(alice.text), "", f"𐍈{number} 😀")])
        theirs = bob.edit([Splice(number, bob.text[number], "é" * (number % 3))])
        alice.receive([change.raw for change in theirs])
        bob.receive([change.raw for change in ours])
    apart = alice.edit([Splice(0, "", "last words of Alice ")])
    alice.receive([change.raw for change in bob.edit([Splice(5, "", "last words of Bob ")])])
    bob.receive([change.raw for change in apart])
    assert alice.text == bob.text
    assert len(alice.heads) == 2
    return alice


def test_automerge_in_javascript_reads_our_note_with_its_history(tmp_path: Path) -> None:
    note = written_by_two()
    file = tmp_path / "note.automerge"
    file.write_bytes(note.automerge())
    said = javascript("read", str(file))
    assert said["text"] == note.text
    assert tuple(sorted(bytes.fromhex(head) for head in said["heads"])) == note.heads
    assert (said["id"], said["schema"], said["keys"]) == (NOTE_ID.hex(), 1, ["body", "comments", "id", "schema"])
    assert said["actors"] == sorted([ALICE.hex(), BOB.hex()])
    assert {bytes.fromhex(change) for change in said["changes"]} == {change.hash for change in note.history()}


def test_edits_made_in_javascript_are_taken_in_and_everything_else_is_refused_with_a_reason(tmp_path: Path) -> None:
    note = written_by_two()
    file = tmp_path / "note.automerge"
    file.write_bytes(note.automerge())
    done = javascript("change", str(file), str(tmp_path))
    history = [change.raw for change in note.history()]
    for name in done["plain"]:
        reader = Replica.empty(Kind.NOTE, ALICE)
        reader.receive(history)
        received = reader.receive([(tmp_path / f"{name}.change").read_bytes()], feeds=[SCRIPT])
        assert received.refused == (), name
        assert reader.text == (tmp_path / f"{name}.txt").read_text(encoding="utf-8"), name
        reader.verify()
    assert set(done["strange"]) == set(REASONS)
    for name, reason in REASONS.items():
        reader = Replica.empty(Kind.NOTE, ALICE)
        reader.receive(history)
        received = reader.receive([(tmp_path / f"{name}.change").read_bytes()], feeds=[SCRIPT])
        assert [why for _, why in received.refused] == [reason], name
        assert (reader.text, reader.heads) == (note.text, note.heads)
