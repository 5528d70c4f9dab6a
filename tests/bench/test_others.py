"""One keystroke from window to window and from replica to replica, and the first sync of 1,000 notes, beside what a
person might pick instead.

All on loopback, each end a process of its own, the same text and the same fingers for all. The others are installed
from npm for the run (`tests/npm.py`). They keep nothing on a disk; ours sends an edit only when it is durable.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import npm
from tests.programs import ROOT, Program, running, window

pytestmark = [pytest.mark.slow, pytest.mark.socket, pytest.mark.timeout(900)]

HERE = Path(__file__).resolve().parent / "others"
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
SENTENCE = "All happy families are alike; each unhappy family is unhappy in its own way. "
TEXT = "\n\n".join([(SENTENCE * 7).strip()] * 38)[:20_000]  # paragraphs of some lines, as people write
OURS = "Notesapp (durable first)"
WINDOW, REPLICA = "a keystroke to the other window, painted", "a keystroke to the other replica"
SYNC = "first sync of 1,000 notes of 5 kB"
KEYS = 200
NOTES = 1_000
NOTE = SENTENCE * 64  # 5 kB


def gaps() -> list[int]:
    """The pauses between two keys in ms: somebody who types fast."""
    chance = random.Random("typing")
    return [chance.randint(60, 140) for _ in range(KEYS)]


def notes() -> list[str]:
    return [f"# Note {number}\n{NOTE}" for number in range(1, NOTES + 1)]


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


@pytest.fixture
def windows(tmp_path: Path) -> Iterator[list[Program]]:
    """Two whole programs of ours with their windows: one who writes, one who reads."""
    with ExitStack() as stack:
        yield [stack.enter_context(window(tmp_path / name)) for name in ("alice", "bob")]


@pytest.fixture(scope="module")
def table() -> Iterator[list[tuple[str, str, str]]]:
    """What was measured, of whom, the figure; printed as one table when all have had their turn."""
    rows: list[tuple[str, str, str]] = []
    yield rows
    print("\n")
    for what, who, figure in sorted(rows, key=lambda row: row[0]):
        print(f"{what:<48} {who:<28} {figure}")


def load() -> str:
    """What else this machine does: without it no figure of time says anything."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


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


def test_a_keystroke_from_window_to_window(windows: list[Program], table: list[tuple[str, str, str]]) -> None:
    writer, reader = windows
    made = writer.ask("share", name="Alice", text=TEXT, uses=1)
    reader.ask("join", name="Bob", link=made["link"], note=made["note"])
    middle = len(TEXT) // 2
    reader.ask("place", at=middle, company=0)
    writer.ask("place", at=middle, company=1)
    reader.ask("place", at=middle, company=1)
    reader.tell("seen", count=KEYS)
    typed = writer.ask("type", letters="x" * KEYS, gaps=gaps())
    struck = [at for _, at in typed["struck"]]
    p50, p95 = percentiles(struck, [at for _, at in reader.hear()["seen"]])
    own50, own95 = percentiles(struck, typed["echoed"])
    table.append((WINDOW, OURS, f"p50 {p50:.1f} ms, p95 {p95:.1f} ms; {load()}"))
    table.append(("a key in the own window, painted", OURS, f"p50 {own50:.1f} ms, p95 {own95:.1f} ms"))
    busy = sorted(typed["busy"])
    cost = f"p50 {statistics.median(busy):.1f} ms, p95 {busy[int(len(busy) * 0.95)]:.1f} ms"
    table.append(("the same in processor time of its thread", OURS, cost))
    assert reader.ask("state")["text"] == writer.ask("state")["text"]
    assert busy[int(len(busy) * 0.95)] < 50  # time by the clock is the machine's other work's, too: that is to be read


def test_a_keystroke_of_ours(nodes: list[Program], table: list[tuple[str, str, str]]) -> None:
    writer, reader = nodes
    made = writer.ask("create", texts=[TEXT])
    reader.ask("fetch", link=made["link"], count=1)
    assert reader.ask("open", name=made["names"][0], keys=KEYS)["length"] == len(TEXT)
    writer.ask("open", name=made["names"][0], keys=0)
    reader.tell("seen")
    struck = writer.ask("type", gaps=gaps(), at=len(TEXT) // 2)["struck"]
    p50, p95 = percentiles(struck, reader.hear()["seen"])
    table.append((REPLICA, OURS, f"p50 {p50:.1f} ms, p95 {p95:.1f} ms; {load()}"))
    assert p50 < 60 * 3  # other work on the machine counts here; the figure above is what is to be read


def test_a_first_sync_of_ours(nodes: list[Program], table: list[tuple[str, str, str]]) -> None:
    writer, reader = nodes
    texts = notes()
    made = writer.ask("create", texts=texts)
    done = reader.ask("fetch", link=made["link"], count=NOTES)
    assert done["letters"] == sum(map(len, texts))
    listed, joined, opened = (done[f"{one}ms"] / 1000 for one in ("listed_", "joined_", ""))
    figure = f"{listed:.2f} s on the disk and listed, {opened:.2f} s all opened (let in after {joined:.2f} s); {load()}"
    table.append((SYNC, OURS, figure))


@pytest.mark.parametrize(("programs", "name"), [(name, name) for name in OTHERS], indirect=["programs"], ids=OTHERS)
def test_a_keystroke_of_the_others(programs: list[Program], name: str, table: list[tuple[str, str, str]]) -> None:
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
    table.append((REPLICA, name, f"p50 {p50:.1f} ms, p95 {p95:.1f} ms; {load()}"))


@pytest.mark.parametrize(("programs", "name"), [(name, name) for name in OTHERS], indirect=["programs"], ids=OTHERS)
def test_a_first_sync_of_the_others(programs: list[Program], name: str, table: list[tuple[str, str, str]]) -> None:
    server, writer, reader = programs
    port = server.ask("serve")["port"]
    writer.ask("connect", port=port)
    texts = notes()
    names = writer.ask("create", texts=texts)["names"]
    wait_until_kept(server, NOTES)
    done = reader.ask("fetch", port=port, names=names)
    assert done["letters"] == sum(map(len, texts))
    table.append((SYNC, name, f"{done['ms'] / 1000:.2f} s; {load()}"))
