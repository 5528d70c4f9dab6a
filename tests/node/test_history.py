"""Earlier versions of a note that was written in one go: there are some to go back to."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from notesapp.node.node import Node
from notesapp.store.places import Home
from notesapp.text import Splice
from tests.node.conftest import OPEN


async def test_a_long_sitting_has_versions_every_ten_minutes(tmp_path: Path) -> None:
    now_ms = [1_700_000_000_000]
    node = await Node.open(Home(tmp_path / "home"), OPEN, clock=lambda: now_ms[0])
    note_id = await node.create_note(text="0")
    for minute in range(1, 25):
        now_ms[0] += 60_000
        await node.change_text(note_id, [Splice(minute, "", "x")])
    versions = await node.history(note_id)
    assert [len(await node.text_at(note_id, version.heads)) for version in versions] == [25, 20, 10]
    assert [version.number for version in versions] == [3, 2, 1]
    await node.close()


async def test_much_that_is_written_at_once_has_versions_every_2000_letters(node: Node) -> None:
    note_id = await node.create_note(text="")
    for part in range(9):
        await node.change_text(note_id, [Splice(part * 500, "", "x" * 500)])
    lengths = [len(await node.text_at(note_id, version.heads)) for version in await node.history(note_id)]
    assert lengths[0] == 4500
    assert all(newer - older <= 2000 for newer, older in pairwise(lengths))
    assert len(lengths) == 3
