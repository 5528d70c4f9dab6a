"""A disk that is really full under a running node: what commands say, what works, what is there later."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from notesapp.control import calls
from notesapp.control.door import Door, open_door, serving
from notesapp.errors import DiskFull, NotesError, NotSavedYet
from notesapp.node.events import TroubleOver
from notesapp.node.home import Unlock
from notesapp.node.node import Node
from notesapp.store.places import Home
from tests.store.test_disk_full import fill, small_disk

__all__ = ["small_disk"]  # a fixture

pytestmark = pytest.mark.socket
OPEN = Unlock(keyring=False)
PATIENCE_S = 20.0  # what is promised is three seconds; a busy machine gets more


async def fill_up(door: Door, film: Path) -> None:
    """Fills the disk, and what its files have of room in them."""
    fill(film)
    for _ in range(50):
        try:
            async with asyncio.timeout(PATIENCE_S):
                await door.call(calls.Append("Plan", "more " * 10_000))
        except NotSavedYet:
            return
        fill(film)
    raise AssertionError("the disk is never full")


async def test_a_full_disk_hangs_no_command_and_what_was_typed_is_saved_when_there_is_room(
    small_disk: Path, tmp_path: Path
) -> None:
    home = Home(small_disk / "home")
    node = await Node.open(home, OPEN)
    film = small_disk / "film"
    over = asyncio.Event()
    node.subscribe(lambda event: over.set() if event == TroubleOver("disk") else None)
    async with serving(node), open_door(home, OPEN) as door:
        await door.call(calls.New(text="# Plan\n\nmilk\n"))
        await door.call(calls.Search("milk"))
        await fill_up(door, film)
        async with asyncio.timeout(6 * PATIENCE_S):
            with pytest.raises(NotSavedYet, match="kept in memory"):
                await door.call(calls.Append("Plan", "the last line"))
            assert len(await door.call(calls.Ls())) == 1
            assert (await door.call(calls.Search("milk"))).total == 1
            assert (await door.call(calls.Export(str(tmp_path / "out")))).notes == 1
            assert (tmp_path / "out" / "Plan.md").read_text().endswith("the last line\n")
            assert await door.call(calls.Doctor())
            with pytest.raises(NotesError) as refusal:
                await door.call(calls.Backup())
            assert refusal.value.exit_code == 6
            assert "full" in " ".join((await door.call(calls.Status())).troubles)
        over.clear()
        film.unlink()
        async with asyncio.timeout(PATIENCE_S):
            await over.wait()
            await node.saved()
        assert (await door.call(calls.Status())).troubles == ()
    await node.close()
    async with open_door(home, OPEN) as door:
        assert (await door.call(calls.Cat("Plan"))).text.endswith("the last line\n")


async def test_a_full_disk_without_a_running_node_refuses_in_time_and_in_one_sentence(small_disk: Path) -> None:
    home = Home(small_disk / "home")
    async with open_door(home, OPEN) as door:
        await door.call(calls.New(text="# Plan\n\nmilk\n"))

    async def append() -> None:
        async with open_door(home, OPEN) as door:
            fill(small_disk / "film")
            await door.call(calls.Append("Plan", "x" * 1_500_000))

    with pytest.raises(DiskFull):
        await asyncio.wait_for(append(), PATIENCE_S)
    (small_disk / "film").unlink()
    async with open_door(home, OPEN) as door:
        assert (await door.call(calls.Cat("Plan"))).text == "# Plan\n\nmilk\n"
