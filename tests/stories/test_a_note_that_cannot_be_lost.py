"""The promise of the command line, with real processes: import, list, search, append, kill -9, export, compare."""

from __future__ import annotations

import asyncio
import filecmp
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from notesapp.control import calls
from notesapp.control.client import connect
from notesapp.control.door import FarDoor
from notesapp.store.places import Home

pytestmark = pytest.mark.socket
ENVIRONMENT = {**os.environ, "NOTESAPP_KEYRING": "off"}


def run(home: Path, *words: str, code: int = 0) -> str:
    command = [sys.executable, "-m", "notesapp", "--home", str(home), *words]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


@contextmanager
def running(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A headless node in its own process, answering before the block starts."""
    command = [sys.executable, "-m", "notesapp", "--home", str(home), "peer"]
    process = subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        assert "Ctrl+C" in process.stderr.readline()
        yield process
    finally:
        process.kill()
        process.communicate()


async def append_until_it_dies(home: Path, note: str, process: subprocess.Popen[str], kill_after: int) -> list[str]:
    """Appends lines one after another; the acknowledged ones. The node is killed in the middle of the next."""
    client = await connect(Home(home))
    assert client is not None
    acknowledged: list[str] = []
    try:
        for number in range(1_000):
            line = f"line {kill_after} {number}"
            asking = asyncio.ensure_future(FarDoor(client).call(calls.Append(note, line)))
            if number == kill_after:
                await asyncio.sleep(random.Random(kill_after).random() * 0.02)
                process.kill()
            try:
                async with asyncio.timeout(10):
                    await asking
            except Exception:  # noqa: BLE001  # however the killed node's silence shows itself
                assert number >= kill_after
                break
            acknowledged.append(line)
    finally:
        await client.close()
    return acknowledged


@pytest.mark.timeout(300)  # many starts of a program: minutes on a busy machine
def test_every_acknowledged_append_survives_kill_9(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run(home, "new", "# Log")
    expected: list[str] = []
    for kill_after in (0, 1, 7, 40, 150):
        with running(home) as process:
            expected += asyncio.run(append_until_it_dies(home, "Log", process, kill_after))
        found = run(home, "cat", "Log").splitlines()
        missing = [line for line in expected if line not in found]
        assert missing == []
        assert len(found) == len(set(found))
        expected = found[1:]


def test_commands_work_through_a_running_node(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(home) as process:
        run(home, "new", "# Through the door")
        assert "Through the door" in run(home, "ls")
        assert json.loads(run(home, "status", "--json"))["pid"] == process.pid
        run(home, "backup", "restore", "nothing.db", "--yes", code=5)
        run(home, "shutdown")
        assert process.wait(15) == 0
    assert "Through the door" in run(home, "ls")


def test_two_first_commands_at_once_make_one_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    command = [sys.executable, "-m", "notesapp", "--home", str(home), "new"]
    started = [
        subprocess.Popen([*command, f"# Note {n}"], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for n in range(3)
    ]
    ended = [process.communicate(timeout=60) for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], ended
    assert {row["title"] for row in json.loads(run(home, "ls", "--json"))} == {"Note 0", "Note 1", "Note 2"}


def files_under(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_vault_comes_in_is_found_and_goes_out_the_same(tmp_path: Path, shared_data: Path) -> None:
    vault, home, out = shared_data / "vault", tmp_path / "home", tmp_path / "out"
    before = time.perf_counter()
    dry = json.loads(run(home, "import", str(vault), "--notebook", "Vault", "--dry-run", "--json"))
    first = json.loads(run(home, "import", str(vault), "--notebook", "Vault", "--json"))
    again = json.loads(run(home, "import", str(vault), "--notebook", "Vault", "--json"))
    assert time.perf_counter() - before < 60
    markdown = len(list(vault.rglob("*.md")))
    assert dry["notes_new"] == first["notes_new"] == markdown
    assert (again["notes_new"], again["notes_changed"], again["notes_same"]) == (0, 0, markdown)
    assert len(json.loads(run(home, "ls", "--notebook", "Vault", "--json"))) == markdown
    hits = json.loads(run(home, "search", "callout", "--json"))
    assert any("Callouts" in hit["note"]["title"] for hit in hits["hits"])
    run(home, "export", str(out), "--notebook", "Vault")
    assert files_under(out) == files_under(vault)
    same, different, odd = filecmp.cmpfiles(vault, out, sorted(files_under(vault)), shallow=False)
    assert (different, odd) == ([], [])
    assert len(same) >= markdown
