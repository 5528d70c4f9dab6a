"""Rooms with real networks: namespaces of Linux on one bridge. Needs root; everything is taken down at the end."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def run(*command: str) -> str:
    """Runs a command that must succeed; what it printed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
    return done.stdout


def why_not(*commands: str) -> str | None:
    """Why there can be no lab here; None if there can."""
    if sys.platform != "linux":
        return "network namespaces exist on Linux only"
    if os.geteuid() != 0:
        return "network namespaces need root"
    for command in ("ip", *commands):
        if shutil.which(command) is None:
            return f"the command `{command}` is missing (packages iproute2, nftables)"
    name = f"notesapp-try{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
    return None if made.returncode == 0 else f"this system makes no namespaces ({made.stderr.strip()})"


def need_lab(*commands: str) -> None:
    """Skips where no namespace can be made or one of these commands is missing; in CI that is a failure."""
    if (why := why_not(*commands)) is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must run this: {why}")
        pytest.skip(why)


class Room:
    """A bridge in a namespace of its own, and hosts on it: `10.77.0.<n>` and IPv6 link-local addresses."""

    def __init__(self, label: str) -> None:
        self.label = f"nl{os.getpid() % 10_000}{label}"
        self.hosts: list[str] = []
        self.switch = f"{self.label}sw"
        run("ip", "netns", "add", self.switch)
        run("ip", "-n", self.switch, "link", "add", "name", "bridge0", "type", "bridge", "forward_delay", "0")
        run("ip", "-n", self.switch, "link", "set", "bridge0", "up")

    def host(self, address: str | None = None) -> str:
        """Another host with a cable into the bridge; its namespace's name."""
        number = len(self.hosts) + 1
        name = f"{self.label}h{number}"
        run("ip", "netns", "add", name)
        run("ip", "-n", name, "link", "set", "lo", "up")
        run("ip", "-n", name, "link", "add", "lan", "type", "veth", "peer", "name", f"p{number}", "netns", self.switch)
        run("ip", "-n", self.switch, "link", "set", f"p{number}", "master", "bridge0", "up")
        run("ip", "-n", name, "addr", "add", address or f"10.77.0.{number}/24", "broadcast", "+", "dev", "lan")
        run("ip", "-n", name, "link", "set", "lan", "up")
        run("ip", "-n", name, "route", "add", "default", "dev", "lan")
        self.hosts.append(name)
        return name

    def host_v6(self, address: str = "") -> str:
        """One without any IPv4: the link-local address that its cable gives it, and the given one (`fd00:77::1/64`)."""
        name = self.host(address="10.77.0.250/24")
        run("ip", "-n", name, "addr", "flush", "dev", "lan", "scope", "global")
        run("ip", "-n", name, "-4", "route", "flush", "dev", "lan")
        if address:
            run("ip", "-n", name, "-6", "addr", "add", address, "dev", "lan", "nodad")
        return name

    def cable(self, host: str, *, plugged: bool) -> None:
        """Pulls a host's cable at the switch, or puts it back."""
        port = f"p{self.hosts.index(host) + 1}"
        run("ip", "-n", self.switch, "link", "set", port, "up" if plugged else "down")

    def close(self) -> None:
        """Takes all of it down."""
        for name in [*self.hosts, self.switch]:
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


@contextmanager
def room(label: str) -> Iterator[Room]:
    """A room that is taken down whatever happens."""
    it = Room(label)
    try:
        yield it
    finally:
        it.close()


class Process:
    """A program in a host of the lab that prints JSON lines."""

    def __init__(self, host: str, *command: str, **environment: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), **environment}
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", host, sys.executable, *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
            cwd=REPOSITORY,
        )  # fmt: skip
        self.seen: list[dict[str, Any]] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self._errors: list[str] = []
        for stream, into in ((self.process.stdout, self._lines.put), (self.process.stderr, self._errors.append)):
            assert stream is not None
            threading.Thread(target=_pass_on, args=(stream, into), daemon=True).start()

    def until(self, what: str, within_s: float, after: float = 0.0, **facts: object) -> dict[str, Any]:
        """The first line of this kind, said after the given time; fails with all that was said instead."""
        deadline = time.monotonic() + within_s
        at = 0
        while True:
            for line in self.seen[at:]:
                if line["what"] == what and line["at"] > after and facts.items() <= line.items():
                    return line
            at = len(self.seen)
            try:
                self.seen.append(json.loads(self._lines.get(timeout=max(0.0, deadline - time.monotonic()))))
            except queue.Empty:
                tail = "\n".join(map(str, self.seen[-25:]))
                pytest.fail(f"no {what} {facts} within {within_s} s:\n{tail}\n{''.join(self._errors)}")

    def within(self, what: str, seconds: float) -> dict[str, Any] | None:
        """The first line of this kind, if it is said in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.listen(0.2)
            if (line := next((it for it in self.seen if it["what"] == what), None)) is not None:
                return line
        return None

    def listen(self, seconds: float) -> None:
        """Takes what it says within this time, at least what it has said."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                self.seen.append(json.loads(self._lines.get(timeout=max(0.001, deadline - time.monotonic()))))
            except queue.Empty:
                return

    def tell(self, line: str) -> None:
        """Says something to it."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def signal(self, number: signal.Signals) -> None:
        """Stops, continues or kills it."""
        self.process.send_signal(number)

    def close(self) -> None:
        """Kills it."""
        self.process.kill()
        self.process.wait(10)


def _pass_on(stream: Any, into: Any) -> None:
    for line in stream:
        into(line)
