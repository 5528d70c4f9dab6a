"""Real nodes behind routers, who know of each other but a link or three words; between them is the DHT alone."""

from __future__ import annotations

import json
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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

    def start(self, name: str, side: Side, by: str = "link") -> Process:
        """A node on the host of a side; the first name is the host of the notebook, others join `by` link or words."""
        config = {
            "name": name, "folder": str(self.folder), "bootstrap": self.bootstrap, "port": side.port,
            "host": name == self.names[0], "guests": len(self.names) - 1, "by": by,
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


def join(them: Friends, name: str, side: Side, by: str = "link", within_s: float = 60.0) -> float:
    """Starts a guest who joins and is let in; seconds from when he asked until both had read each other."""
    host = them.ends[them.names[0]]
    guest = them.start(name, side, by)
    asked = guest.until("joins", 30)["at"]
    words = host.until("asked", within_s, by=name)["words"]
    guest.until("join", 10, words=words)  # both see the same
    assert guest.until("joined", within_s)["stage"] == "done"
    read = [guest.until("heard", 30, by=them.names[0])["at"], host.until("heard", 30, by=name)["at"]]
    return float(max(read) - asked)


def carry(them: Friends, side: Side, kind: Kind) -> float:
    """Carries a host to another router; when it was there."""
    them.ground.move(side, kind)
    return time.monotonic()


def read_again(one: Process, other: Process, names: tuple[str, str], after: float, within_s: float) -> float:
    """Seconds until each has read what the other wrote after that time."""
    later = [
        one.until("heard", within_s, after=after + 0.3, by=names[1])["at"],
        other.until("heard", within_s, after=after + 0.3, by=names[0])["at"],
    ]
    return float(max(later) - after)


@dataclass(frozen=True, slots=True)
class Settled:
    """Nobody writes any more: all have one text, `seconds` after the last key."""

    seconds: float
    length: int
    stamps: dict[str, int]


def quiet(*ends: Process, within_s: float = 30.0) -> Settled:
    """Ends the writing, and waits until all have the same text with every stamp that anybody wrote."""
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
            stamps = last[0]["stamps"]
            assert sorted(line["wrote"] for line in last) == sorted(stamps.values()), (last, "an edit was lost")
            return Settled(max(line["at"] for line in last) - began, last[0]["length"], stamps)
        assert time.monotonic() - began < within_s, [line for end in ends for line in end.seen[-5:]]


def reached(end: Process, other: str, path: str, after: float, within_s: float) -> dict[str, Any]:
    """What is said of another one once he is reached by this path."""
    return end.until("reach", within_s, after=after, to=other, path=path)


def run_nodes(
    a: Kind,
    b: Kind,
    *,
    delay_ms: float = 0.0,
    loss: float = 0.0,
    by: str = "link",
    dead: bool = False,
    write_s: float = 4.0,
    join_s: float = 60.0,
    later_s: float = 0.0,
) -> Result:
    """Two real nodes share a note across routers of these kinds, or one of them reads why he can't.

    `later_s`: so long after the link and the words were there the other one is started, who joins at once.
    `dead`: the nodes of the DHT that they were told to ask first don't answer.
    """
    result = Result(a.value, b.value)
    with friends(["alice", "bob"]) as them:
        if dead:
            them.bootstrap = ["172.30.0.1:6881", "172.30.0.2:6881"]
        sides = [them.ground.side(kind) for kind in (a, b)]
        if delay_ms or loss:
            slow_down(them.ground, delay_ms, loss)
        alice = them.start("alice", sides[0])
        alice.until("invited", 30)
        time.sleep(later_s)
        bob = them.start("bob", sides[1], by)
        asked = bob.until("joins", 30)["at"]
        result.facts["bob"], result.facts["alice"] = bob.seen, alice.seen
        joined = _joined(bob, join_s)
        result.cause, result.cause_s, result.facts["remedy"] = _cause(bob, asked)
        if joined is None:
            return result
        result.connected_s = joined - asked
        firsts = [bob.until("heard", 30, by="alice")["at"], alice.until("heard", 30, by="bob")["at"]]
        result.converged_s = max(firsts) - asked
        settled = time.monotonic() + write_s
        while time.monotonic() < settled:
            alice.listen(0.1)
            bob.listen(0.1)
        end = quiet(alice, bob)
        result.facts["equal_s"], result.facts["length"] = end.seconds, end.length
        late = [line["late_s"] for one in (alice, bob) for line in one.seen if line["what"] == "heard"][4:]
        result.facts["keystroke_p50_s"] = statistics.median(late) if late else None
        reach = [line for line in alice.seen if line["what"] == "reach" and line["to"] == "bob" and line["path"]]
        result.path = reach[-1]["path"] if reach else "none"
        result.nats = tuple(reach[-1]["nats"]) if reach else result.nats
    return result


def _joined(bob: Process, within_s: float) -> float | None:
    """When he was a member with the notes; None if that didn't come, or a cause stands there."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        bob.listen(0.2)
        for line in bob.seen:
            if line["what"] == "joined":
                return float(line["at"]) if line["stage"] == "done" else None
        if any(line["what"] == "join" and line["cause"] for line in bob.seen):
            deadline = min(deadline, time.monotonic() + 10.0)  # it may still come
    return None


def _cause(bob: Process, asked: float) -> tuple[str | None, float | None, str | None]:
    told = next((line for line in bob.seen if line["what"] == "join" and line["cause"]), None)
    return (told["cause"], told["at"] - asked, told["remedy"]) if told is not None else (None, None, None)
