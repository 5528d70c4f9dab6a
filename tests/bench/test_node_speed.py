"""How long a person waits for the node: import of a real vault, start and search with ten thousand notes."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from notesapp.node.home import Unlock
from notesapp.node.node import Node
from notesapp.node.views import NoteView, to_card
from notesapp.store.places import Home
from notesapp.store.rows import Batch, CardRow
from notesapp.text import Splice

pytestmark = pytest.mark.slow
OPEN = Unlock(keyring=False)
NOTES = 10_000


async def test_importing_the_vault(shared_data: Path, tmp_path: Path) -> None:
    node = await Node.open(Home(tmp_path / "home"), OPEN)
    before = time.perf_counter()
    done = await node.import_folder(shared_data / "vault", node.default_notebook)
    took_s = time.perf_counter() - before
    await node.close()
    print(f"\nimport: {done.notes_new} notes and {done.attachments} files in {took_s:.2f} s (limit 5 s)")
    assert took_s < 5


async def test_starting_with_ten_thousand_notes(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    node = await Node.open(home, OPEN)
    notebook = node.default_notebook
    views = [
        NoteView(number.to_bytes(16, "big"), notebook, f"Note {number}", "a snippet " * 12, ("tag",), f"f{number % 20}")
        for number in range(NOTES)
    ]
    cards = tuple(CardRow(view.note_id, notebook, to_card(view)) for view in views)
    await node._core.journal.submit(Batch(cards=cards))
    await node.close()
    before = time.perf_counter()
    node = await Node.open(home, OPEN)
    listed = node.notes()
    took_s = time.perf_counter() - before
    await node.close()
    print(f"\nstart: {len(listed)} notes listed after {took_s * 1000:.0f} ms (limit 600 ms)")
    assert len(listed) == NOTES
    assert took_s < 0.6


async def test_a_key_through_the_node(tmp_path: Path) -> None:
    node = await Node.open(Home(tmp_path / "home"), OPEN)
    note_id = await node.create_note(text="word " * 20_000)
    note = await node.open_note(note_id)
    times: list[float] = []
    for number in range(2_000):
        at = len(note.text) // 2
        before = time.perf_counter()
        node.edit(note_id, Splice(at, "", "x"))
        times.append(time.perf_counter() - before)
        if number % 20 == 0:
            await asyncio.sleep(0)
    before = time.perf_counter()
    await node.saved(note_id)
    saved_ms = (time.perf_counter() - before) * 1000
    await node.close()
    times.sort()
    p95_us = times[int(len(times) * 0.95)] * 1e6
    print(f"\na key at 100 kB: median {times[1000] * 1e6:.0f} µs, p95 {p95_us:.0f} µs; saved after {saved_ms:.1f} ms")
    assert p95_us < 1_000
