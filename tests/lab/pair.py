"""One run of the lab: two ends behind routers of given kinds, what came of it, and how long it took."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.lab.ground import MIRRORS, Ground, Side, ground, slow_down
from tests.lab.kinds import Kind
from tests.net.lab import Process

ENOUGH_S = 60.0


@dataclass(slots=True)
class Result:
    """What a run came to. Seconds count from when both were online and knew of each other."""

    a: str
    b: str
    path: str = "none"  # lan, v6, v4, relay, or none
    nats: tuple[str, str] = ("unknown", "unknown")
    connected_s: float | None = None
    converged_s: float | None = None
    direct_s: float | None = None
    cause: str | None = None
    cause_s: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))

    def __str__(self) -> str:
        def seconds(it: float | None) -> str:
            return "    —" if it is None else f"{it:5.2f}"

        words = f"{self.a:>10} x {self.b:<10}  {'/'.join(self.nats):<24} {self.path:<6}"
        words += f" connected {seconds(self.connected_s)} s  converged {seconds(self.converged_s)} s"
        return words + (f"  ({self.cause} after {seconds(self.cause_s)} s)" if self.cause else "")


class People:
    """Ends in a ground, all bonded with each other."""

    def __init__(self, it: Ground, folder: Path, names: list[str], **options: Any) -> None:
        self.ground, self.folder, self.options = it, folder, options
        self.names = names
        self._secrets = {frozenset((a, b)): secrets.token_hex(32) for a in names for b in names if a < b}
        self.ends: dict[str, Process] = {}

    def start(self, name: str, side: Side, **options: Any) -> Process:
        """One end on the host of a side."""
        bonds = [
            {
                "name": other,
                "secret": self._secrets[frozenset((name, other))],
                "side": "FIRST" if name < other else "SECOND",
            }
            for other in self.names
            if other != name
        ]
        config = {
            "name": name, "folder": str(self.folder), "mirrors": list(MIRRORS), "bonds": bonds, "port": side.port,
            **self.options, **options,
        }  # fmt: skip
        end = self.ends[name] = Process(side.host, "-m", "tests.lab.end", json.dumps(config))
        return end

    def close(self) -> None:
        """Ends all of them."""
        for end in self.ends.values():
            end.close()


@contextmanager
def people(names: list[str], **options: Any) -> Iterator[People]:
    """A ground with nobody in it yet."""
    label = secrets.token_hex(1)
    with ground(label) as it, tempfile.TemporaryDirectory(prefix=f"lab{os.getpid()}") as folder:
        them = People(it, Path(folder), names, **options)
        try:
            yield them
        finally:
            them.close()


def run_pair(
    a: Kind, b: Kind, *, delay_ms: float = 0.0, loss: float = 0.0, helper: Kind | None = None,
    enough_s: float = ENOUGH_S, found_after_s: float = 0.0,
) -> Result:  # fmt: skip
    """Starts two ends behind these kinds (and a third, a member who may relay) and watches."""
    names = ["alice", "bob"] + (["carol"] if helper is not None else [])
    result = Result(a.value, b.value)
    with people(names, found_after_s=found_after_s) as them:
        kinds = [a, b] + ([helper] if helper is not None else [])
        sides = [them.ground.side(kind) for kind in kinds]
        if delay_ms or loss:
            slow_down(them.ground, delay_ms, loss)
        if helper is not None:
            them.start("carol", sides[2]).until("class", 20)
        ends = [them.start(name, side) for name, side in zip(names[:2], sides[:2], strict=True)]
        online = max(end.until("ready", 20)["at"] for end in ends)
        _watch(result, ends[0], ends[1], online, enough_s, wants_direct=helper is None)
        for at, end in enumerate(ends):
            result.facts[names[at]] = [it for it in end.seen if it["what"] in ("class", "mapped", "state", "read")]
    return result


def _watch(result: Result, alice: Process, bob: Process, online: float, enough_s: float, *, wants_direct: bool) -> None:
    over = time.monotonic() + enough_s
    while time.monotonic() < over:
        alice.listen(0.1)
        bob.listen(0.0)
        told = [it for it in alice.seen if it["what"] == "state" and it["bond"] == "bob"]
        for it in told:
            result.nats = tuple(it["nats"])
            if it["cause"] and result.cause is None:
                result.cause, result.cause_s = it["cause"], it["at"] - online
            if it["stage"] in ("direct", "relayed"):
                result.path = "relay" if it["stage"] == "relayed" else it["reach"]
                if result.direct_s is None and it["stage"] == "direct":
                    result.direct_s = it["at"] - online
        opened = [max(x["at"] for x in both) - online for both in _both(alice, bob, "opened")]
        answered = [max(x["at"] for x in both) - online for both in _both(alice, bob, "answered")]
        result.connected_s = opened[0] if opened else None
        result.converged_s = answered[0] if answered else None
        if answered and result.path != "none":
            return
        if result.cause and time.monotonic() - online > (result.cause_s or 0) + 5 and not opened:
            return


def _both(alice: Process, bob: Process, what: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    first = [
        next((it for it in end.seen if it["what"] == what and it["bond"] == other), None)
        for end, other in ((alice, "bob"), (bob, "alice"))
    ]
    return [(first[0], first[1])] if first[0] is not None and first[1] is not None else []
