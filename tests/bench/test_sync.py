"""What syncing costs, in bytes and seconds: `pytest -m slow -s tests/bench/test_sync.py` prints it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from notesapp.notes.replica import Replica as Document
from notesapp.sync.attachment import Sealer, write_manifest
from notesapp.text import clean
from tests.world.net import Weather
from tests.world.replica import Replica
from tests.world.world import World

pytestmark = pytest.mark.slow
FAST = Weather(loss=0, double=0, latency_ms=0, jitter_ms=0, piece_bytes=1 << 22)


def carried(world: World) -> int:
    """All bytes that were sent over the links that are open."""
    return sum(end.sent_bytes for replica in world.running for end in replica.calls.ends())


def show(what: str) -> None:
    print(f"\n= {what}", end="")


def apart(seed: str) -> World:
    """Alice and Bob, who have the empty notebook in common and don't talk."""
    world = World(seed, ["Alice", "Bob"], FAST)
    world.run(5000)
    world.part("Alice", "Bob")
    return world


def write_many(replica: Replica, texts: dict[bytes, str]) -> None:
    """Notes in one commit, as an import makes them."""
    changes = []
    for note_id, text in texts.items():
        document = Document.create_note(replica.feed, note_id, text)
        replica.notes[note_id] = document
        changes += [(note_id, change.raw) for change in document.changes_since(())]
    for at in range(0, len(changes), 500):  # a store commits in groups, each with its head
        replica.write(changes[at : at + 500])


def meet(world: World, timed: Callable[[], float] = time.perf_counter) -> tuple[int, float]:
    """(bytes, seconds) until both are equal."""
    begin = timed()
    world.join("Alice", "Bob")
    world.dial("Alice", "Bob")
    assert world.clock.run(600_000, world.settled)
    return carried(world), timed() - begin


def test_two_replicas_that_agree_on_ten_thousand_notes() -> None:
    world = apart("agree")
    texts = {number.to_bytes(16, "big"): f"Note {number}" for number in range(1, 10_001)}
    write_many(world["Alice"], texts)
    world.run(5000)
    meet(world)
    assert len(world["Bob"].notes) == 10_001
    world.part("Alice", "Bob")
    world.run(2000)
    world.join("Alice", "Bob")
    world.dial("Alice", "Bob")
    world.run(1000)
    assert world.settled()
    show(f"agreeing on 10,000 notes: {carried(world)} bytes in all, handshake included")
    assert carried(world) < 1024


def test_lone_edit_and_typing() -> None:
    world = World("typing", ["Alice", "Bob"], FAST)
    note = world["Alice"].create_note("Begin. ")
    world.run(10_000)
    before = carried(world)
    world["Alice"].type(note, "Twenty keys of text. ")
    world.run(3000)
    show(f"a lone edit: {carried(world) - before} bytes, acknowledgement included")
    assert carried(world) - before < 1024
    before = carried(world)
    for number in range(200):
        world["Alice"].type(note, f"Burst {number:04} of typing. "[:20])
        world.run(300)
    world.run(1000)
    live = (carried(world) - before) / 200
    end = next(end for end in world["Alice"].calls.ends())
    show(f"typed live, 20 keys a burst: {live:.0f} bytes per change, both ways; head and acknowledgement in it")
    assert end.sent_bytes
    world = apart("typed while apart")
    note = world["Alice"].create_note("Begin. ")
    for number in range(500):
        world["Alice"].type(note, f"Burst {number:04} of typing. "[:20])
    world.run(10_000)
    size, _ = meet(world)
    show(f"a note typed in 500 bursts, synced later: {size / 500:.0f} bytes per change")
    assert size / 500 <= 250


def test_first_sync_of_the_vault(shared_data: Path) -> None:
    files = sorted(path for path in (shared_data / "vault").rglob("*") if path.is_file())
    packed = sum(len(zstandard.compress(path.read_bytes(), 3)) for path in files)
    world = apart("vault")
    alice = world["Alice"]
    texts: dict[bytes, str] = {}
    for number, path in enumerate(files, 1):
        if path.suffix == ".md":
            texts[number.to_bytes(16, "big")] = clean(path.read_text(encoding="utf-8"))
        else:
            sealer = Sealer(number.to_bytes(16, "big"), world.clock.entropy)
            chunks = {chunk.hash: chunk.sealed for chunk in sealer.add(path.read_bytes())}
            last, manifest = sealer.finish()
            alice.chunks |= chunks | {chunk.hash: chunk.sealed for chunk in last}
            assert write_manifest(manifest)
    write_many(alice, texts)
    world.run(60_000)
    size, seconds = meet(world)
    assert world["Bob"].texts() == alice.texts()
    begin = time.perf_counter()
    session = world["Bob"].calls.sessions()[0]
    session.fetch(alice.genesis.notebook_id, list(alice.chunks), world.clock.now_ms)
    world["Bob"].calls.run_all()
    assert world.clock.run(600_000, lambda: len(world["Bob"].chunks) == len(alice.chunks))
    seconds += time.perf_counter() - begin
    total = carried(world)
    show(f"first sync of the vault: {len(texts)} notes, {len(alice.chunks)} chunks, {seconds:.2f} s, ")
    show(f"{size} bytes of notes, {total} in all = {total / packed:.2f} of the zstd-compressed files")
    assert seconds < 3
    assert total <= 1.5 * packed


def test_thousand_notes_of_five_kilobytes() -> None:
    world = apart("thousand")
    words = "All happy families are alike; each unhappy family is unhappy in its own way. "
    texts = {number.to_bytes(16, "big"): f"# Note {number}\n" + words * 64 for number in range(1, 1001)}
    write_many(world["Alice"], texts)
    world.run(60_000)
    size, seconds = meet(world)
    assert world["Bob"].texts() == world["Alice"].texts()
    show(f"1,000 notes of 5 kB: {seconds:.2f} s, {size} bytes")
    assert seconds < 10
