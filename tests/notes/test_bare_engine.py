"""Shows that the vetter is needed: what the bare engine does with some of the attacks, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest

from notesapp.notes.change import ACTION, VALUE
from notesapp.notes.columns import write_integers
from notesapp.text import Splice
from tests.notes.forge import taken_apart
from tests.notes.scene import Scene

pytestmark = pytest.mark.slow

_VICTIM = """
import sys
from automerge.core import Document, Message, ObjType, ROOT, ScalarType, SyncState
from notesapp.notes.engine import sync_message

document = Document(b"v" * 16)
for raw in map(bytes.fromhex, sys.stdin.read().split()):
    document.receive_sync_message(SyncState(), Message.decode(sync_message([], [raw])))
body = document.get(ROOT, "body")[1]
document.text(body)
for key in document.keys(ROOT):
    document.values(ROOT), document.get(ROOT, key)
document.get_changes([])
with document.transaction() as transaction:
    transaction.insert(body, 0, ScalarType.Str, "x")
again = Document.load(document.save())
assert sorted(again.get_heads()) == sorted(document.get_heads())
assert again.text(body).startswith("x")
print("unharmed", len(again.get_changes([])))
"""


def unharmed(raws: list[bytes]) -> str:
    """What the victim says at its end; empty if it didn't get there in 10 s and 2 GB."""
    try:
        done = subprocess.run(
            ["bash", "-c", 'ulimit -v 2000000; exec "$@"', "-", sys.executable, "-c", _VICTIM],
            input="\n".join(raw.hex() for raw in raws),
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def history(scene: Scene) -> list[bytes]:
    return [change.raw for change in scene.alice.history()]


def test_honest_changes_do_no_harm_to_the_bare_engine() -> None:
    scene = Scene()
    assert unharmed([*history(scene), scene.honest.raw]) == "unharmed 4"


def _colliding(scene: Scene) -> list[bytes]:
    later = taken_apart(scene.bob.edit([Splice(0, "", "x")])[0].raw)
    return [scene.honest.raw, replace(later, start_op=scene.parts.start_op).raw]


ATTACKS: dict[str, Callable[[Scene], list[bytes]]] = {
    "gap in the numbers of changes": lambda s: [replace(s.parts, seq=6).raw],
    "operations numbered too low": lambda s: _colliding(s),
    "operations numbered at the end": lambda s: [replace(s.parts, start_op=2**32 - 1).raw],
    "two changes with one number": lambda s: [s.honest.raw, s.parts.column(VALUE, b" OLDd").raw],
    "counter": lambda s: [s.putting("id", meta=0x18, value=b"\x01").raw],
    "timestamp": lambda s: [s.putting("id", meta=0x99, value=b"\xff" * 8 + b"\x00").raw],
    "unknown action": lambda s: [s.putting("id").column(ACTION, write_integers([(99, 1)])).raw],
    "key in the text": lambda s: [s.putting("id", into=write_integers([(s.body, 1)])).raw],
    "object that doesn't exist": lambda s: [s.putting("id", into=write_integers([(77, 1)])).raw],
    "puts without end": lambda s: [s.putting("id", meta=0x06, value=b"", count=2_000_000).raw],
    "unknown dep": lambda s: [replace(s.parts, deps=(b"\x07" * 32,)).raw],
}


@pytest.mark.parametrize("name", ATTACKS)
def test_bare_engine_is_harmed(name: str) -> None:
    scene = Scene()
    raws = ATTACKS[name](scene)
    assert unharmed(history(scene) + raws) != f"unharmed {len(history(scene)) + len(raws) + 1}"
