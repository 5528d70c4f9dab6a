"""Helper processes that work, hang, crash, panic, chatter and eat memory."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from notesapp.errors import HelperStopped, LocalError, TooLarge
from notesapp.node import worker
from notesapp.node.worker import Workers
from notesapp.notes.replica import Replica
from notesapp.text import Splice


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    found = Workers(size=1)
    yield found
    found.close()


@pytest.fixture
def misbehaving(monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).resolve().parents[2]
    script = Path(__file__).with_name("helpers.py")
    start = (
        f"import sys, runpy; sys.path.insert(0, {str(root)!r}); runpy.run_path({str(script)!r}, run_name='__main__')"
    )
    monkeypatch.setattr(worker, "_command", lambda: [sys.executable, "-P", "-c", start])


async def test_a_snapshot_is_built_from_the_old_one_and_what_came_after(workers: Workers) -> None:
    actor = bytes(range(16))
    replica = Replica.create_note(actor, bytes(16), "one")
    base = await workers.run("build_snapshot", kind="note", base=None, changes=raws(replica, ()))
    assert (base["text"], base["heads"], base["held"]) == ("one", list(replica.heads), 0)
    heads = replica.heads
    replica.edit([Splice(3, "", " two")])
    built = await workers.run("build_snapshot", kind="note", base=base["data"], changes=raws(replica, heads))
    assert (built["text"], built["heads"]) == ("one two", list(replica.heads))
    checked = await workers.run("check_snapshot", data=built["data"])
    assert checked == {"heads": list(replica.heads), "text": "one two", "kind": "note"}
    assert Replica.load(built["data"], actor).text == "one two"
    with pytest.raises(LocalError):
        await workers.run("check_snapshot", data=built["data"][:-1])


def raws(replica: Replica, heads: tuple[bytes, ...]) -> list[tuple[bytes, bytes]]:
    return [(change.actor, change.raw) for change in replica.changes_since(heads)]


@pytest.mark.usefixtures("misbehaving")
async def test_a_job_that_hangs_is_killed_and_the_next_one_runs(workers: Workers) -> None:
    with pytest.raises(HelperStopped, match="no answer within"):
        await workers.run("hang", 0.5)
    assert await workers.run("echo", value=[1, b"two"]) == [1, b"two"]


@pytest.mark.usefixtures("misbehaving")
async def test_a_crash_is_an_error_of_that_job_alone(workers: Workers) -> None:
    with pytest.raises(HelperStopped, match="code 3"):
        await workers.run("die", code=3)
    with pytest.raises(HelperStopped, match="code 86"):
        await workers.run("panic")
    assert await workers.run("echo", value="still here") == "still here"


@pytest.mark.usefixtures("misbehaving")
async def test_an_error_comes_back_as_itself_and_a_bug_as_a_bug(workers: Workers) -> None:
    with pytest.raises(TooLarge) as found:
        await workers.run("refuse")
    assert found.value.facts == {"what": "The note", "size": "3 MB", "limit": "2 MB"}
    with pytest.raises(LocalError, match="ZeroDivisionError oops"):
        await workers.run("bug")
    with pytest.raises(LocalError, match="KeyError"):
        await workers.run("no such job")


@pytest.mark.usefixtures("misbehaving")
async def test_stray_prints_do_not_reach_the_pipe(workers: Workers) -> None:
    assert await workers.run("noisy") == "quiet"
    assert await workers.run("echo", value=1) == 1


@pytest.mark.usefixtures("misbehaving")
async def test_the_passphrase_is_not_handed_on(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTESAPP_PASSPHRASE", "secret")
    assert await workers.run("secrets") == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a process from taking all memory")
@pytest.mark.usefixtures("misbehaving")
async def test_a_memory_bomb_ends_in_the_helper(workers: Workers) -> None:
    with pytest.raises((HelperStopped, LocalError)):
        await workers.run("eat", megabytes=8 * 1024)
    assert await workers.run("eat", megabytes=1) == 1024 * 1024


@pytest.mark.usefixtures("misbehaving")
async def test_a_cancelled_job_leaves_no_answer_for_the_next(workers: Workers) -> None:
    job = asyncio.create_task(workers.run("hang"))
    while not workers.pids:  # noqa: ASYNC110 - the process starts on the first step of the task
        await asyncio.sleep(0)
    (pid,) = workers.pids
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert await workers.run("echo", value="mine") == "mine"


@pytest.mark.usefixtures("misbehaving")
async def test_closing_ends_running_jobs_and_all_processes(workers: Workers) -> None:
    job = asyncio.create_task(workers.run("hang"))
    while not workers.pids:  # noqa: ASYNC110 - see above
        await asyncio.sleep(0)
    (pid,) = workers.pids
    workers.close()
    with pytest.raises(HelperStopped):
        await job
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(HelperStopped, match="closing"):
        await workers.run("echo", value=1)
