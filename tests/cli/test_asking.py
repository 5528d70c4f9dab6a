"""Questions at a terminal while something goes on: Ctrl+C ends them, and so does the end of what they are about."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
import time
from typing import Any, cast

import msgspec
import pytest

from notesapp.cli import people
from notesapp.control import calls_people as calls
from notesapp.control.door import Door
from notesapp.control.rows_people import JoinRow

pty = pytest.importorskip("pty")

ASKING = "import asyncio; from notesapp.cli.context import answer; print('said', asyncio.run(answer('Same?')))"
LONG_S = 60.0
ROW = JoinRow("01", "matching", "Garden", None, "Alice", "writer", ("bird", "neck", "pulse"), 0, 0, None, None)


class Terminal:
    """A program with a terminal of its own, and a person who types."""

    def __init__(self, script: str) -> None:
        self.fd, inside = pty.openpty()
        self.program = subprocess.Popen(
            [sys.executable, "-c", script], stdin=inside, stdout=inside, stderr=inside, preexec_fn=_take_over
        )
        os.close(inside)
        self.shown = ""

    def see(self, text: str) -> None:
        """Waits until it is shown."""
        ends_at = time.monotonic() + LONG_S
        while text not in self.shown:
            left_s = ends_at - time.monotonic()
            assert select.select([self.fd], [], [], max(0.0, left_s))[0], f"{text!r} isn't shown: {self.shown!r}"
            self.shown += os.read(self.fd, 4096).decode()

    def type(self, text: str) -> None:
        os.write(self.fd, text.encode())

    def end(self) -> int:
        """Its exit code; it must end by itself."""
        try:
            return self.program.wait(LONG_S)
        finally:
            self.program.kill()
            self.program.wait()
            os.close(self.fd)


def _take_over() -> None:
    import fcntl
    import termios

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever runs these tests in the background ignores it
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_ctrl_c_at_a_question_ends_the_program_without_another_key() -> None:
    terminal = Terminal(ASKING)
    terminal.see("Same? [y/N]: ")
    terminal.type("\x03")
    assert terminal.end() != 0
    assert "said" not in terminal.shown


def test_an_answer_that_is_none_is_asked_for_again() -> None:
    terminal = Terminal(ASKING)
    terminal.see("Same? [y/N]: ")
    terminal.type("perhaps\n")
    terminal.see("Type y or n.")
    terminal.type("Yes\n")
    terminal.see("said True")
    assert terminal.end() == 0


class _Joining:
    """A door behind which an attempt goes through these stages."""

    def __init__(self, row: JoinRow, *stages: str) -> None:
        self.row = row
        self.stages = list(stages)
        self.calls: list[object] = []

    async def call(self, call: object) -> Any:
        if isinstance(call, calls.Joins):
            if len(self.stages) > 1:
                self.stages.pop(0)
            return (msgspec.structs.replace(self.row, stage=self.stages[0]),)
        self.calls.append(call)
        return None


@pytest.mark.parametrize(("typed", "said"), [("", []), ("yes\n", [calls.ConfirmJoin("01", True)])])
async def test_a_question_ends_with_what_it_is_about(
    typed: str, said: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    master, inside = pty.openpty()
    with os.fdopen(inside) as keyboard:
        monkeypatch.setattr(sys, "stdin", keyboard)
        monkeypatch.setattr(people, "can_ask", lambda: True)
        os.write(master, typed.encode())
        door = _Joining(ROW, "matching", "matching", "failed")
        async with asyncio.timeout(LONG_S):
            ended = await people.followed(cast(Door, door), ROW)
        assert (ended.stage, door.calls) == ("failed", said)
    os.close(master)
