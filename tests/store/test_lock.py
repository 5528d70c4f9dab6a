"""One program per home, held by the operating system."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from notesapp.errors import AlreadyRunning, ReadOnlyHome
from notesapp.store.lock import Lock, holder

REPOSITORY = Path(__file__).resolve().parents[2]

HOLD = """
import sys, time
from pathlib import Path
from notesapp.store.lock import Lock
lock = Lock.take(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


def test_a_second_program_is_refused_and_a_killed_one_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, cwd=REPOSITORY, env={**os.environ}
    )
    try:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning) as refusal:
            Lock.take(path)
        assert str(tmp_path) in refusal.value.sentence
        assert holder(path) == first.pid
    finally:
        first.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        first.wait(10)
    with Lock.take(path):
        assert holder(path) == os.getpid()


def test_the_same_program_is_refused_a_second_time_too(tmp_path: Path) -> None:
    with Lock.take(tmp_path / "lock"), pytest.raises(AlreadyRunning):
        Lock.take(tmp_path / "lock")
    Lock.take(tmp_path / "lock").release()


def test_a_child_that_outlives_us_does_not_hold_our_lock(tmp_path: Path) -> None:
    lock = Lock.take(tmp_path / "lock")
    child = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, close_fds=False
    )
    try:
        lock.release()
        Lock.take(tmp_path / "lock").release()
    finally:
        child.communicate()


def test_a_folder_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReadOnlyHome):
        Lock.take(tmp_path / "nowhere" / "lock")
    assert holder(tmp_path / "nowhere" / "lock") is None
