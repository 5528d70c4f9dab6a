"""What survives a power cut: every acknowledged commit, at every recorded write and sync."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from notesapp.store.places import Home
from notesapp.store.store import Store
from tests.store.disks import Acknowledged, Event, Platter, RecordingDisk, Sync
from tests.store.work import KEY, batch, last_whole_commit, new_home

COMMITS = 36
_names = iter(range(1_000_000))


def recorded_life(folder: Path, synchronous: str, commits: int = COMMITS) -> list[Event]:
    """The tape of a store that is made, written to, closed, opened and written to again, with many checkpoints."""
    disk = RecordingDisk(f"tape{next(_names)}")
    vfs = f"multipleciphers-{disk.name}"
    home = new_home(folder)
    number = 0
    for share in (commits // 2, commits):
        with Store.open(home, KEY, vfs=vfs) as store:
            store.db.pragma("synchronous", synchronous)
            store.db.pragma("wal_autocheckpoint", 24)
            while number < share:
                store.write(batch(number))
                disk.tape.append(Acknowledged(number))
                number += 1
    return disk.tape


@dataclass
class Verdict:
    points: int = 0
    lost: list[tuple[int, int, int]] = field(default_factory=list)  # (event, acknowledged, found)
    broken: list[tuple[int, str]] = field(default_factory=list)


def cut_everywhere(tape: list[Event], folder: Path, points: int, seed: int) -> Verdict:
    """Cuts the power `points` times, spread over the whole tape, and looks at what is left each time."""
    chance = random.Random(seed)
    rounds, rest = divmod(points, len(tape))
    extra = set(chance.sample(range(len(tape)), rest))
    platter, verdict, acknowledged = Platter(), Verdict(), -1
    home = new_home(folder)
    for at, event in enumerate(tape):
        platter.feed(event)
        if isinstance(event, Acknowledged):
            acknowledged = event.number
        for _ in range(rounds + (at in extra)):
            verdict.points += 1
            _look(home, platter.cut(chance), at, acknowledged, verdict)
    return verdict


def _look(home: Home, files: dict[str, bytes], at: int, acknowledged: int, verdict: Verdict) -> None:
    for old in home.folder.iterdir():
        old.unlink()
    for name, content in files.items():
        (home.folder / name).write_bytes(content)
    try:
        with Store.open(home, KEY) as store:
            found = last_whole_commit(store)
            if store.db.pragma("quick_check") != "ok":
                verdict.broken.append((at, "quick_check"))
    except Exception as error:  # noqa: BLE001 - whatever it is, the verdict names it and the test fails
        verdict.broken.append((at, f"{type(error).__name__}: {error}"))
        return
    if found < acknowledged:
        verdict.lost.append((at, acknowledged, found))


def test_a_power_cut_at_any_of_1500_points_loses_no_acknowledged_commit(tmp_path: Path) -> None:
    tape = recorded_life(tmp_path / "life", "full")
    verdict = cut_everywhere(tape, tmp_path / "after", 1500, seed=1)
    assert verdict.points == 1500
    assert (verdict.lost, verdict.broken) == ([], [])


def test_the_same_power_cuts_do_lose_commits_under_synchronous_normal(tmp_path: Path) -> None:
    tape = recorded_life(tmp_path / "life", "normal")
    verdict = cut_everywhere(tape, tmp_path / "after", 200, seed=1)
    assert len(verdict.lost) > 50, "the power cuts don't bite: the test above proves nothing"


def test_the_life_has_checkpoints_in_it(tmp_path: Path) -> None:
    tape = recorded_life(tmp_path / "life", "full")
    syncs = [event.file for event in tape if isinstance(event, Sync)]
    assert syncs.count("notes.db") > 5
    assert syncs.count("notes.db-wal") >= COMMITS


@pytest.mark.soak
@pytest.mark.timeout(3600 * 3)
@pytest.mark.parametrize("seed", range(20))
def test_a_power_cut_at_any_of_100000_points_loses_no_acknowledged_commit(tmp_path: Path, seed: int) -> None:
    tape = recorded_life(tmp_path / "life", "full", commits=COMMITS + seed)
    verdict = cut_everywhere(tape, tmp_path / "after", 5000, seed)
    assert (verdict.points, verdict.lost, verdict.broken) == (5000, [], [])
