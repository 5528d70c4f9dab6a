"""Whole programs: `notesapp peer` in processes of its own, spoken to through its socket, in any network namespace."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from notesapp.control import calls
from notesapp.control import calls_people as people
from notesapp.control.calls import Call
from notesapp.control.client import connect
from notesapp.control.door import FarDoor
from notesapp.errors import NotesError
from notesapp.store.places import Home

R = TypeVar("R")
REPOSITORY = Path(__file__).resolve().parents[2]
START_S = 60.0


class Peer:
    """One person's headless node, in a namespace if one is named."""

    def __init__(
        self, name: str, folder: Path, *, namespace: str | None = None, quiet: bool = True, **environment: str
    ) -> None:
        self.name = name
        self.home = folder / name
        self._log = folder / f"{name}.log"
        self._before = ["ip", "netns", "exec", namespace] if namespace else []
        self._process: subprocess.Popen[bytes] | None = None
        self._env = dict(os.environ) | {"NOTESAPP_HOME": str(self.home), "NOTESAPP_LOG": "INFO"}
        self._env |= environment
        self._env.pop("NOTESAPP_PASSPHRASE", None)
        if quiet:
            self._env["NOTESAPP_DISCOVERY"] = "off"
        else:
            self._env.pop("NOTESAPP_DISCOVERY", None)

    @property
    def pid(self) -> int:
        """The running process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._before, sys.executable, "-m", "notesapp", "peer"],
                cwd=REPOSITORY,
                env=self._env,
                stdout=log,
                stderr=log,
            )
        wait(lambda: self.ask(calls.Status()).running, f"{self.name} to answer", START_S)

    def kill(self) -> None:
        """As a power cut does."""
        self.signal(signal.SIGKILL)
        assert self._process is not None
        self._process.wait(10)

    def stop(self) -> None:
        """In good order."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            self._process.wait(30)

    def signal(self, number: int) -> None:
        """To the node itself (`ip netns exec` replaces itself by it)."""
        os.kill(self.pid, number)

    def run(self, *words: str, deadline_s: float = 180.0) -> str:
        """What a command of its own prints; it must succeed."""
        done = self._run(words, deadline_s)
        assert done.returncode == 0, f"{self.name}: {words}: {done.stdout}{done.stderr}\n{self.tail()}"
        return done.stdout

    def said(self, *words: str) -> tuple[int, str]:
        """How a command of its own ended, and all that it said."""
        done = self._run(words, 180.0)
        return done.returncode, done.stdout + done.stderr

    def _run(self, words: tuple[str, ...], deadline_s: float) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self._before, sys.executable, "-m", "notesapp", *words],
            cwd=REPOSITORY,
            env=self._env,
            capture_output=True,
            text=True,
            timeout=deadline_s,
            check=False,
        )

    def ask(self, *asked: Call[R]) -> R:
        """The answer of the running node to the last of some calls, through its socket."""
        return asyncio.run(self._ask(*asked))

    async def _ask(self, *asked: Call[R]) -> R:
        client = await connect(Home(self.home))
        assert client is not None, f"{self.name} doesn't run: {self.tail()}"
        try:
            for call in asked[:-1]:
                await FarDoor(client).call(call)
            return await FarDoor(client).call(asked[-1])
        finally:
            await client.close()

    def log(self) -> str:
        """All that it told while it ran."""
        return self._log.read_text("utf-8", "replace") if self._log.exists() else ""

    def tail(self) -> str:
        """The end of its log."""
        return "\n".join(self.log().splitlines()[-15:])

    def texts(self, notebook: str) -> dict[str, str]:
        """All notes of a notebook: by id, what they say."""
        rows = self.ask(calls.Ls(notebook))
        return {row.id: self.ask(calls.Cat(row.id)).text for row in rows}

    def titles(self, notebook: str) -> list[str]:
        """What the notes of a notebook are called."""
        return sorted(row.title for row in self.ask(calls.Ls(notebook)))

    def export(self, notebook: str, into: Path) -> dict[str, bytes]:
        """All files of a notebook."""
        self.ask(calls.Export(str(into), notebook, overwrite=True))
        return {str(path.relative_to(into)): path.read_bytes() for path in sorted(into.rglob("*")) if path.is_file()}


def wait(what: Callable[[], object], for_what: str, deadline_s: float = 60.0) -> None:
    """Asks again and again, as a person would look again."""
    ends = time.monotonic() + deadline_s
    last: object = None
    while time.monotonic() < ends:
        try:
            if what():
                return
        except (AssertionError, NotesError) as error:
            last = error
        time.sleep(0.05)
    raise AssertionError(f"waited in vain for {for_what}: {last}")


def begin_to_join(host: Peer, guest: Peer, notebook: str) -> None:
    """The guest asks to become a writer of the host's notebook, and nobody is asked."""
    link = host.ask(people.Share(notebook, approval=False)).link
    assert link is not None
    guest.ask(people.Join(link))


def join(host: Peer, guest: Peer, notebook: str) -> None:
    """The guest becomes one."""
    begin_to_join(host, guest, notebook)
    wait(lambda: guest.ask(people.Joins())[-1].stage in ("done", "failed"), f"{guest.name} to join")
    row = guest.ask(people.Joins())[-1]
    assert row.stage == "done", row
