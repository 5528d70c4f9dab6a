"""Ctrl+C: a command that is stopped says how far it came, by either door, and the loop may end at any moment."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from notesapp.control import calls
from notesapp.control.client import connect
from notesapp.control.door import Door, FarDoor, NearDoor, serving
from notesapp.errors import ImportStopped
from notesapp.node.home import Unlock
from notesapp.node.node import Node
from notesapp.node.tasks import Tasks
from notesapp.store.places import Home

pytestmark = pytest.mark.socket


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    found = await Node.open(Home(tmp_path / "home"), Unlock(keyring=False))
    yield found
    await found.close()


@pytest.fixture(params=["near", "far"])
async def door(request: pytest.FixtureRequest, node: Node) -> AsyncIterator[Door]:
    if request.param == "near":
        yield NearDoor(node)
        return
    async with serving(node):
        client = await connect(node.home)
        assert client is not None
        yield FarDoor(client)
        await client.close()


async def test_an_import_that_is_stopped_says_how_far_it_came_and_goes_on(
    door: Door, node: Node, tmp_path: Path
) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    for number in range(300):
        (root / f"{number:03}.md").write_text(f"note {number}")
    far = asyncio.Event()
    facts = node._opened.indexing.facts

    async def slow(text: str, file_name: str) -> object:
        if file_name == "150":
            far.set()
            await asyncio.sleep(3600)
        return await facts(text, file_name)

    node._opened.indexing.facts = slow  # type: ignore[method-assign,assignment]  # to stop at a known place
    running = asyncio.ensure_future(door.call(calls.Import(str(root))))
    await far.wait()
    running.cancel()
    with pytest.raises(ImportStopped, match=r"150 of 300 notes are in.*again") as stopped:
        await running
    assert stopped.value.exit_code == 130
    node._opened.indexing.facts = facts  # type: ignore[method-assign]
    done = await door.call(calls.Import(str(root)))
    assert (done.notes_new, done.notes_same) == (150, 150)
    assert len(node.notes()) == 300


async def test_a_group_whose_loop_is_being_cancelled_takes_no_more_work() -> None:
    tasks = await Tasks().open()
    ended = asyncio.Event()

    async def late() -> None:
        raise AssertionError("never begun")

    async def holds_on() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            await ended.wait()

    running = tasks.start(holds_on(), "holding on")
    await asyncio.sleep(0)
    assert tasks._holder is not None
    tasks._holder.cancel()  # as `asyncio.run` does with every task when its main one has ended
    await asyncio.sleep(0.01)
    assert not tasks.is_open
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        with pytest.raises(RuntimeError, match="the group is closed"):
            tasks.start(late(), "something late")
        gc.collect()
    assert [str(one.message) for one in said] == []
    ended.set()
    await asyncio.wait([running, tasks._holder])
