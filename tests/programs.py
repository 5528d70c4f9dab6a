"""Programs that a test starts and tells what to do, one JSON line each way; each ends with its input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


class Program:
    """A running one."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def tell(self, do: str, **rest: object) -> None:
        """Says something; the answer is to be heard later."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **rest}) + "\n")
        self._process.stdin.flush()

    def hear(self) -> Any:
        """The next answer."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"a program ended with {self._process.wait(10)}"
        said = json.loads(line)
        assert "error" not in said, said["error"]
        return said

    def ask(self, do: str, **rest: object) -> Any:
        """Says something and waits for the answer."""
        self.tell(do, **rest)
        return self.hear()


@contextmanager
def running(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Iterator[Program]:
    """Starts a program and ends it afterwards."""
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


@contextmanager
def window(home: Path, host: str | None = None) -> Iterator[Program]:
    """A real window over a real node in a process of its own, on a screen that nobody sees (`window_end`).

    `host` is one of the lab's: there others are found by themselves; elsewhere only by the address in an invite.
    """
    environment = {**os.environ, "NOTESAPP_KEYRING": "off", "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    if host is None:
        environment["NOTESAPP_DISCOVERY"] = "off"
    else:
        environment.pop("NOTESAPP_DISCOVERY", None)
    within = () if host is None else ("ip", "netns", "exec", host)
    with running([*within, sys.executable, "-m", "tests.window_end", str(home)], environment) as program:
        yield program
