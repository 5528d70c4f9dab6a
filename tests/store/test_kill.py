"""What survives `kill -9`: every acknowledged commit, the lock's freedom, and the right to go on with the feed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL and fork are POSIX; Windows has TerminateProcess")


def kill(folder: Path, kills: int, seed: int) -> dict[str, int]:
    command = [sys.executable, "-m", "tests.store.killing", str(folder), str(kills), str(seed)]
    told = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=kills * 3, check=False)
    assert told.returncode == 0, told.stderr
    result: dict[str, int] = json.loads(told.stdout)
    return result


def test_50_kills_lose_no_acknowledged_commit_and_open_no_needless_feed(tmp_path: Path) -> None:
    result = kill(tmp_path / "home", 50, seed=1)
    assert result["kills"] == 50
    assert result["acknowledged"] > 200, "the victims hardly wrote: the kills prove nothing"
    assert (result["lost"], result["new_feeds"]) == (0, 0)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_1000_kills_lose_no_acknowledged_commit(tmp_path: Path) -> None:
    for seed in range(10):  # ten homes, so that the checks stay short
        result = kill(tmp_path / f"home{seed}", 100, seed)
        assert (result["kills"], result["lost"], result["new_feeds"]) == (100, 0, 0)
