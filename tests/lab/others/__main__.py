"""`python -m tests.lab.others [A B] [--runs N] [--delay MS --loss PERCENT]`: ours and hyperdht for the same pairs.

Without kinds, all pairs of two ends of the design's table. hyperdht has its own DHT of ten nodes in the core, and its
time begins when both ends know the DHT and one of them waits there; ours begins when both are online, finding out about
the routers included, so the figures flatter hyperdht. Needs root, `ip`, `nft` and Node.js.
"""

from __future__ import annotations

import argparse
import secrets
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import npm
from tests.lab.ground import MIRRORS, ground, slow_down
from tests.lab.kinds import Kind
from tests.lab.pair import run_pair
from tests.lab.table import PAIRS
from tests.net.lab import Process, why_not

PACKAGES = {"hyperdht": "6.34.0"}
ENOUGH_S = 60.0
_NODE = "import os, sys; os.execvp('node', ['node', *sys.argv[1:]])"


@dataclass(frozen=True, slots=True)
class Came:
    """What one run came to: seconds until connected, or why not."""

    connected_s: float | None
    why: str = ""

    def __str__(self) -> str:
        return f"{self.connected_s:6.2f} s" if self.connected_s is not None else f"never ({self.why})"


@contextmanager
def _closing(*processes: Process) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            process.close()


def hyperdht(a: Kind, b: Kind, *, delay_ms: float = 0.0, loss: float = 0.0) -> Came:
    """One waits behind a router of the one kind, another dials from behind the other."""
    folder = npm.installed("hyperdht", PACKAGES)
    script = str(npm.script(folder, Path(__file__).with_name("hyperdht.mjs")))
    with ground(secrets.token_hex(1)) as it:
        listens, dials = it.side(a), it.side(b)
        if delay_ms or loss:
            slow_down(it, delay_ms, loss)
        nodes = Process(it.core, "-c", _NODE, script, "nodes", *MIRRORS)
        with _closing(nodes):
            nodes.until("ready", 60)
            listener = Process(listens.host, "-c", _NODE, script, "listen", *MIRRORS)
            with _closing(listener):
                listener.listen(20.0)
                known = next((one for one in listener.seen if one["what"] == "listening"), None)
                if known is None:
                    return Came(None, "the one who waits reaches no DHT")
                return _dialled(Process(dials.host, "-c", _NODE, script, "dial", known["key"], *MIRRORS))


def _dialled(dialer: Process) -> Came:
    with _closing(dialer):
        over = time.monotonic() + ENOUGH_S
        while time.monotonic() < over:
            dialer.listen(0.1)
            said = {one["what"]: one for one in reversed(dialer.seen)}
            if "failed" in said:
                return Came(None, said["failed"]["why"])
            if "answered" in said:
                return Came(said["opened"]["at"] - said["bootstrapped"]["at"])
        return Came(None, f"nothing within {ENOUGH_S:g} s")


def ours(a: Kind, b: Kind, *, delay_ms: float = 0.0, loss: float = 0.0) -> Came:
    """Two swarms for the same pair."""
    result = run_pair(a, b, delay_ms=delay_ms, loss=loss)
    if result.converged_s is None:
        return Came(None, result.cause or "no cause was said")
    return Came(result.connected_s)


def _row(a: Kind, b: Kind, runs: dict[str, list[Came]]) -> str:
    cells = [f"{a} × {b}"]
    for them in runs.values():
        times = sorted(one.connected_s for one in them if one.connected_s is not None)
        p95 = times[min(len(times) - 1, round(0.95 * (len(times) - 1)))] if times else 0.0
        figures = f", p50 {statistics.median(times):.2f} s, p95 {p95:.2f} s" if times else ""
        cells.append(f"{len(times)}/{len(them)}{figures}")
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """The exit code: 0 if all ran, whatever the figures."""
    kinds = [it.value for it in Kind]
    parser = argparse.ArgumentParser(prog="python -m tests.lab.others", description=__doc__)
    parser.add_argument("a", nargs="?", choices=kinds)
    parser.add_argument("b", nargs="?", choices=kinds)
    parser.add_argument("--delay", type=float, default=0.0, metavar="MS")
    parser.add_argument("--loss", type=float, default=0.0, metavar="PERCENT")
    parser.add_argument("--runs", type=int, default=1)
    asked = parser.parse_args()
    if (why := why_not("nft") or npm.why_not()) is not None:
        print(f"no lab here: {why}", file=sys.stderr)
        return 2
    pairs = [(a, b) for a, b, helper in PAIRS if helper is None]
    if asked.a is not None and asked.b is not None:
        pairs = [(Kind(asked.a), Kind(asked.b))]
    rows = ["", "| pair | Notesapp | hyperdht |", "|---|---|---|"]
    for a, b in pairs:
        runs: dict[str, list[Came]] = {"Notesapp": [], "hyperdht": []}
        for _ in range(asked.runs):
            runs["Notesapp"].append(ours(a, b, delay_ms=asked.delay, loss=asked.loss))
            runs["hyperdht"].append(hyperdht(a, b, delay_ms=asked.delay, loss=asked.loss))
            print(f"{a} × {b}: Notesapp {runs['Notesapp'][-1]}, hyperdht {runs['hyperdht'][-1]}", flush=True)
        rows.append(_row(a, b, runs))
    print("\n".join(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
