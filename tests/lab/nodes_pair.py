"""Real nodes behind routers, who know of each other nothing but an invite's link; between them is the DHT alone."""

from __future__ import annotations

import json
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.lab.ground import Ground, Side, ground, slow_down
from tests.lab.kinds import Kind
from tests.lab.nodes import lay
from tests.lab.pair import Result
from tests.net.lab import Process

DHT_NODES = 24


class Friends:
    """Real nodes in a ground with a DHT of its own."""

    def __init__(self, it: Ground, folder: Path, names: list[str]) -> None:
        self.ground, self.folder, self.names = it, folder, names
        self.ends: dict[str, Process] = {}
        self.bootstrap = lay(it, DHT_NODES)[:4]

    def start(self, name: str, side: Side) -> Process:
        """A node on the host of a side; the first name is the host of the notebook."""
        config = {
            "name": name, "folder": str(self.folder), "bootstrap": self.bootstrap, "port": side.port,
            "host": name == self.names[0], "guests": len(self.names) - 1,
        }  # fmt: skip
        end = self.ends[name] = Process(side.host, "-m", "tests.lab.node_end", json.dumps(config))
        return end

    def close(self) -> None:
        """Ends all of them."""
        for end in self.ends.values():
            end.close()


@contextmanager
def friends(names: list[str]) -> Iterator[Friends]:
    """A ground, its DHT, and nobody yet."""
    with ground(secrets.token_hex(1)) as it, tempfile.TemporaryDirectory(prefix="labnodes") as folder:
        them = Friends(it, Path(folder), names)
        try:
            yield them
        finally:
            them.close()


def quiet(*ends: Process, within_s: float = 30.0) -> tuple[float, int]:
    """Nobody writes any more: (seconds until all have the same text, its length)."""
    began = time.monotonic()
    for end in ends:
        end.tell("quiet")
    while True:
        last: list[dict[str, Any]] = []
        for end in ends:
            end.listen(0.05)
            said = [line for line in end.seen if line["what"] == "text" and line["at"] > began]
            last += said[-1:]
        if len(last) == len(ends) and len({line["digest"] for line in last}) == 1:
            return max(line["at"] for line in last) - began, last[0]["length"]
        assert time.monotonic() - began < within_s, [line for end in ends for line in end.seen[-5:]]


def run_nodes(
    a: Kind,
    b: Kind,
    *,
    delay_ms: float = 0.0,
    loss: float = 0.0,
    helper: Kind | None = None,
    write_s: float = 4.0,
    join_s: float = 60.0,
) -> Result:
    """Two real nodes (and a third member behind `helper`) share a note across routers of these kinds."""
    names = ["alice", "bob"] + (["carol"] if helper is not None else [])
    result = Result(a.value, b.value)
    with friends(names) as them:
        sides = {name: them.ground.side(kind) for name, kind in zip(names, (a, b, helper), strict=False) if kind}
        if delay_ms or loss:
            slow_down(them.ground, delay_ms, loss)
        alice = them.start("alice", sides["alice"])
        alice.until("invited", 30)
        if helper is not None:
            carol = them.start("carol", sides["carol"])
            carol.until("heard", 60, by="alice")
        bob = them.start("bob", sides["bob"])
        online = bob.until("joins", 30)["at"]
        result.facts["bob"], result.facts["alice"] = bob.seen, alice.seen
        joined = bob.within("joined", join_s)
        if joined is None or joined["stage"] != "done":
            told = [line for line in bob.seen if line["what"] in ("join", "joined") and line["cause"]]
            if told:
                result.cause, result.cause_s = told[0]["cause"], told[0]["at"] - online
            return result
        result.connected_s = joined["at"] - online
        firsts = [bob.until("heard", 30, by="alice")["at"], alice.until("heard", 30, by="bob")["at"]]
        result.converged_s = max(firsts) - online
        settled = time.monotonic() + write_s
        while time.monotonic() < settled:
            alice.listen(0.1)
            bob.listen(0.1)
        result.facts["equal_s"], result.facts["length"] = quiet(alice, bob)
        late = [line["late_s"] for end in (alice, bob) for line in end.seen if line["what"] == "heard"][4:]
        result.facts["keystroke_p50_s"] = statistics.median(late) if late else None
        reach = [line for line in alice.seen if line["what"] == "reach" and line["to"] == "bob" and line["path"]]
        result.path = reach[-1]["path"] if reach else "none"
        result.nats = tuple(reach[-1]["nats"]) if reach else result.nats
    return result
