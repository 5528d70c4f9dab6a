"""kill -9 in the middle of appends: every acknowledged one is there, and nothing is doubled."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from notesapp.control import calls
from notesapp.control.client import connect
from notesapp.control.door import FarDoor
from notesapp.errors import Cancelled, NoAnswer
from notesapp.node.node import Node
from notesapp.store.places import Home
from tests.node.conftest import OPEN

pytestmark = pytest.mark.socket

ROOT = Path(__file__).resolve().parents[2]


def start(home: Home, selector: str, first: int, *more: str) -> subprocess.Popen[str]:
    script = Path(__file__).with_name("appending.py")
    child = subprocess.Popen(
        [sys.executable, str(script), str(home.folder), selector, str(first), *more],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def append_until_killed(home: Home, selector: str, first: int, count: int, after_s: float) -> int:
    """The last acknowledged number when the program was killed, some time after `count` acknowledgements."""
    child = start(home, selector, first)
    assert child.stdout is not None
    for _ in range(count):
        child.stdout.readline()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(after_s)
    child.kill()
    rest, _ = child.communicate()
    numbers = [int(line) for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    return numbers[-1] if numbers else first + count - 1


async def killed(home: Home, runs: int, seed: int) -> None:
    dice = random.Random(seed)
    node = await Node.open(home, OPEN)
    note_id = await node.create_note(text="# Log\n", file_name="Log")
    await node.close()
    acknowledged, next_number = 0, 1
    for _ in range(runs):
        last = await asyncio.to_thread(
            append_until_killed, home, note_id.hex(), next_number, dice.randint(1, 12), dice.random() * 0.05
        )
        acknowledged = max(acknowledged, last)
        node = await Node.open(home, OPEN)
        note = await node.open_note(note_id)
        lines = note.text.splitlines()
        assert lines[0] == "# Log"
        assert lines[1:] == [f"line {number}" for number in range(1, len(lines))]  # in order, once, without holes
        assert len(lines) - 1 in (acknowledged, acknowledged + 1)  # the one under way may be in
        next_number = acknowledged = len(lines) - 1
        next_number += 1
        node.close_note(note_id)
        await node.search("line")  # texts that the kill left behind are read again
        assert await node.stored_text(note_id) == note.text
        await node.close()
    node = await Node.open(home, OPEN)
    findings = await node.doctor()
    feeds = await node._core.journal.read(lambda store: store.frontier(node.default_notebook))
    await node.close()
    assert [finding.sentence for finding in findings if finding.level == "bad"] == []
    assert len(feeds) == 1  # no kill costs a new feed


async def test_kills_between_appends_lose_nothing_that_was_acknowledged(home: Home) -> None:
    await killed(home, runs=6, seed=1)


@pytest.mark.slow
@pytest.mark.timeout(1800)
async def test_many_kills_between_appends_lose_nothing_that_was_acknowledged(home: Home) -> None:
    await killed(home, runs=200, seed=2)


async def test_a_kill_of_the_node_that_others_talk_to_loses_nothing_that_they_were_told(home: Home) -> None:
    node = await Node.open(home, OPEN)
    note_id = await node.create_note(text="", file_name="Log")
    await node.close()
    child = await asyncio.to_thread(start, home, note_id.hex(), 0, "listen")
    client = await connect(home)
    assert client is not None
    told: list[int] = []

    async def append() -> None:
        for number in range(1000):
            await FarDoor(client).call(calls.Append(note_id.hex(), f"line {number}"))
            told.append(number)
            if number == 30:
                child.kill()

    with pytest.raises((NoAnswer, Cancelled)):
        await append()
    await client.close()
    await asyncio.to_thread(child.communicate)
    node = await Node.open(home, OPEN)
    text = await node.open_note(note_id)
    lines = text.text.splitlines()
    await node.close()
    assert len(told) >= 31
    assert lines == [f"line {number}" for number in range(len(lines))]
    assert len(lines) in (len(told), len(told) + 1)
