"""One keystroke from replica to replica, and the first sync of 1,000 notes, beside what a person might pick instead.

All on loopback, each end a process of its own, the same text and the same fingers for all. The others are installed
from npm for the run (`tests/npm.py`). They keep nothing on a disk; ours sends an edit only when it is durable.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import npm

pytestmark = [pytest.mark.slow, pytest.mark.socket, pytest.mark.timeout(900)]

HERE = Path(__file__).resolve().parent / "others"
ROOT = HERE.parents[2]
PACKAGES = {
    "@automerge/automerge": "3.5.0",
    "@automerge/automerge-repo": "2.5.6",
    "@automerge/automerge-repo-network-websocket": "2.5.6",
    "@y/websocket-server": "0.1.1",
    "ws": "8.23.0",
    "y-websocket": "3.1.0",
    "yjs": "13.6.33",
}
OTHERS = {"automerge-repo + websocket": "automerge_repo.mjs", "Yjs + y-websocket": "yjs.mjs"}
TEXT = ("All happy families are alike; each unhappy family is unhappy in its own way. " * 260)[:20_000]
KEYS = 200
NOTES = 1_000
NOTE = "All happy families are alike; each unhappy family is unhappy in its own way. " * 64  # 5 kB


def gaps() -> list[int]:
    """The pauses between two keys in ms: somebody who types fast."""
    chance = random.Random("typing")
    return [chance.randint(60, 140) for _ in range(KEYS)]


def notes() -> list[str]:
    return [f"# Note {number}\n{NOTE}" for number in range(1, NOTES + 1)]


class Program:
    """A process that is told what to do, one JSON line each way."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def tell(self, do: str, **rest: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **rest}) + "\n")
        self._process.stdin.flush()

    def hear(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"a program ended with {self._process.wait(10)}"
        said = json.loads(line)
        assert "error" not in said, said["error"]
        return said

    def ask(self, do: str, **rest: object) -> Any:
        self.tell(do, **rest)
        return self.hear()


@contextmanager
def running(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Iterator[Program]:
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        yield Program(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def folder() -> Path:
    found = npm.installed("bench", PACKAGES)
    npm.script(found, HERE / "talk.mjs")
    return found


@pytest.fixture
def programs(folder: Path, request: pytest.FixtureRequest) -> Iterator[list[Program]]:
    """Three of one kind: a server, one who writes, one who reads."""
    script = npm.script(folder, HERE / OTHERS[request.param])
    with ExitStack() as stack:
        yield [stack.enter_context(running(["node", script])) for _ in range(3)]


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[list[Program]]:
    """Two nodes of ours: one who writes, one who reads."""
    environment = {**os.environ, "NOTESAPP_KEYRING": "off", "NOTESAPP_DISCOVERY": "off", "PYTHONPATH": str(ROOT)}
    with ExitStack() as stack:
        homes = [str(tmp_path / name) for name in ("alice", "bob")]
        ours = [sys.executable, str(HERE / "ours.py")]
        yield [stack.enter_context(running([*ours, home], environment)) for home in homes]


def percentiles(struck: Sequence[float], seen: Sequence[float]) -> tuple[float, float]:
    """(p50, p95) of what each key took, in ms."""
    assert len(struck) == len(seen) == KEYS
    took = sorted(after - before for before, after in zip(struck, seen, strict=True))
    assert took[0] > 0
    return statistics.median(took), took[int(KEYS * 0.95)]


def wait_until_kept(server: Program, count: int) -> None:
    """Until the server has so many notes."""
    deadline = time.monotonic() + 120
    while server.ask("count")["count"] < count:
        assert time.monotonic() < deadline, "the server never got the notes"
        time.sleep(0.05)


def test_a_keystroke_of_ours(nodes: list[Program]) -> None:
    writer, reader = nodes
    made = writer.ask("create", texts=[TEXT])
    reader.ask("fetch", link=made["link"], count=1)
    assert reader.ask("open", name=made["names"][0], keys=KEYS)["length"] == len(TEXT)
    writer.ask("open", name=made["names"][0], keys=0)
    reader.tell("seen")
    struck = writer.ask("type", gaps=gaps(), at=len(TEXT) // 2)["struck"]
    p50, p95 = percentiles(struck, reader.hear()["seen"])
    print(f"\na keystroke to the other replica, Notesapp (on the disk first): p50 {p50:.1f} ms, p95 {p95:.1f} ms")
    assert p50 < 60 * 3  # other work on the machine counts here; the figure above is what is to be read


def test_a_first_sync_of_ours(nodes: list[Program]) -> None:
    writer, reader = nodes
    texts = notes()
    made = writer.ask("create", texts=texts)
    done = reader.ask("fetch", link=made["link"], count=NOTES)
    assert done["letters"] == sum(map(len, texts))
    print(
        f"\nfirst sync of 1,000 notes of 5 kB, Notesapp: {done['listed_ms'] / 1000:.2f} s until all are on the disk "
        f"and listed (let in after {done['joined_ms'] / 1000:.2f} s), {done['ms'] / 1000:.2f} s until all were opened"
    )


@pytest.mark.parametrize(("programs", "name"), [(name, name) for name in OTHERS], indirect=["programs"], ids=OTHERS)
def test_a_keystroke_of_the_others(programs: list[Program], name: str) -> None:
    server, writer, reader = programs
    port = server.ask("serve")["port"]
    writer.ask("connect", port=port)
    reader.ask("connect", port=port)
    [note] = writer.ask("create", texts=[TEXT])["names"]
    wait_until_kept(server, 1)
    assert reader.ask("open", name=note, keys=KEYS)["length"] == len(TEXT)
    reader.tell("seen")
    struck = writer.ask("type", gaps=gaps(), at=len(TEXT) // 2)["struck"]
    p50, p95 = percentiles(struck, reader.hear()["seen"])
    print(f"\na keystroke to the other replica, {name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms")


@pytest.mark.parametrize(("programs", "name"), [(name, name) for name in OTHERS], indirect=["programs"], ids=OTHERS)
def test_a_first_sync_of_the_others(programs: list[Program], name: str) -> None:
    server, writer, reader = programs
    port = server.ask("serve")["port"]
    writer.ask("connect", port=port)
    texts = notes()
    names = writer.ask("create", texts=texts)["names"]
    wait_until_kept(server, NOTES)
    done = reader.ask("fetch", port=port, names=names)
    assert done["letters"] == sum(map(len, texts))
    print(f"\nfirst sync of 1,000 notes of 5 kB, {name}: {done['ms'] / 1000:.2f} s")
