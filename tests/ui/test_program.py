"""The whole program as a process: one window per home, links handed over, an end that loses nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from notesapp.control import calls
from notesapp.control.client import connect
from notesapp.control.door import FarDoor
from notesapp.control.rows import NoteRow
from notesapp.store.places import Home

pytestmark = [pytest.mark.gui, pytest.mark.socket]

START = "import sys; from notesapp.ui.app import run; sys.exit(run(sys.argv[1:]))"
T = TypeVar("T")

ENVIRONMENT = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "NOTESAPP_KEYRING": "off"}


def start(home: Path, *words: str, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", START, "--home", str(home), *words],
        env={**ENVIRONMENT, **environment},
        stderr=subprocess.PIPE,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def window(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = start(home)
    try:
        until_up(home, process)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=60)


def until_up(home: Path, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 90  # on a machine that does much else
    while True:
        try:
            notes(home)
        except ConnectionError:
            assert process.poll() is None, process.communicate()[1].decode()
            assert time.monotonic() < ends, "the window did not come up"
            time.sleep(0.05)
        else:
            return


def notes(home: Path) -> tuple[NoteRow, ...]:
    """The notes of the running program."""
    return asked(home, calls.Ls())


def asked(home: Path, call: calls.Call[T]) -> T:
    """What the running program answers through its socket."""

    async def ask() -> T:
        client = await connect(Home.find(home))
        if client is None:
            raise ConnectionError
        try:
            return await FarDoor(client).call(call)
        finally:
            await client.close()

    return asyncio.run(ask())


def test_a_second_start_hands_over_and_ends(home: Path, window: subprocess.Popen[bytes], tmp_path: Path) -> None:
    assert asked(home, calls.Status()).window, "the status denies the window"
    file = tmp_path / "dropped.md"
    file.write_text("# From a file\n")
    second = start(home, str(file))
    assert second.wait(timeout=60) == 0
    ends = time.monotonic() + 60
    while "From a file" not in [row.title for row in notes(home)]:
        assert time.monotonic() < ends, "the file was not handed over"
        time.sleep(0.05)
    assert window.poll() is None
    assert start(home, "--quick-note").wait(timeout=60) == 0
    assert window.poll() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_signal_ends_it_cleanly_and_soon(home: Path, number: signal.Signals) -> None:
    process = start(home)
    until_up(home, process)
    began = time.monotonic()
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said.decode()
    assert time.monotonic() - began < 30
    assert b"Traceback" not in said
    again = start(home)
    until_up(home, again)
    assert len(notes(home)) == 1
    again.terminate()
    again.communicate(timeout=60)


def test_without_a_display_it_says_so_in_one_sentence(home: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only X11 and Wayland need a display's name")
    process = start(home, DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 11
    assert said.decode().count("\n") == 1
    assert "no display" in said.decode()


def test_an_unknown_option_is_refused(home: Path) -> None:
    process = start(home, "--wat")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "--wat" in said.decode()
