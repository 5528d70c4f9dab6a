"""The backup of each day, also for people who only use single commands."""

from __future__ import annotations

import pytest

from notesapp.control import calls
from notesapp.control.door import open_door
from notesapp.node import upkeep
from notesapp.store import backup as days
from notesapp.store.backup import DUE_MS, backups
from notesapp.store.places import Home
from tests.node.conftest import OPEN

pytestmark = pytest.mark.socket


async def command(home: Home, text: str) -> tuple[str, ...]:
    """What a person hears of one command."""
    async with open_door(home, OPEN) as door:
        await door.call(calls.New(text=text))
        return door.notices


def a_day_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = days.is_due
    monkeypatch.setattr(days, "is_due", lambda folder, now_ms: now(folder, now_ms + DUE_MS))
    monkeypatch.setattr(upkeep, "_YOUNG_MS", 0)


async def test_the_first_command_of_a_day_ends_with_a_backup(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await command(home, "# One") == ()
    assert backups(home.backups) == (), "a store that was begun just now"
    a_day_passes(monkeypatch)
    assert await command(home, "# Two") == ()
    assert [made.reason for made in backups(home.backups)] == ["daily"]
    monkeypatch.undo()
    await command(home, "# Three")
    assert len(backups(home.backups)) == 1, "one a day is enough"


async def test_many_new_notes_are_backed_up_at_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "_YOUNG_NOTES", 1)
    await command(home, "# One")
    assert backups(home.backups) == ()
    await command(home, "# Two")
    assert len(backups(home.backups)) == 1


async def test_a_large_store_is_not_copied_by_the_way_and_that_is_said(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "BY_THE_WAY_BYTES", 1000)
    assert await command(home, "# One") == ()
    a_day_passes(monkeypatch)
    [notice] = await command(home, "# Two")
    assert "notesapp backup" in notice
    assert backups(home.backups) == ()
