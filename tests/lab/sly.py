"""Whole programs far apart, and a phone book between them that can be told to lie (`phonebook`)."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from notesapp.control import calls
from notesapp.control import calls_people as people
from notesapp.control.rows_people import JoinRow, NetworkDoctorRow
from tests.lab.ground import Ground, Side, ground, nft
from tests.lab.kinds import Kind
from tests.lab.phonebook import PORT
from tests.net.lab import Process, run
from tests.node.processes import Peer, wait

NODES = 20
VICTIM = "198.51.100.7"
DNS = "203.0.113.1"
CLOSED = """
table ip portal {
  chain names { type nat hook prerouting priority dstnat - 1; policy accept;
    iifname "lan" meta l4proto { tcp, udp } th dport { 53, 80 } redirect
  }
  chain rest { type filter hook forward priority filter - 1; policy accept; iifname "lan" drop; }
}
"""


class Sly:
    """A ground with a phone book, a victim, and whoever is started in it."""

    def __init__(self, it: Ground, folder: Path) -> None:
        self.ground, self.folder = it, folder
        self.peers: dict[str, Peer] = {}
        self.sides: dict[str, Side] = {}
        self.folders: list[Path] = []
        hosts = [f"172.{16 + n % 5}.{100 + n}.1" for n in range(NODES)]
        for host in (*hosts, VICTIM):
            run("ip", "-n", it.core, "addr", "add", f"{host}/32", "dev", "lo")
        self.nodes = [f"{host}:{PORT}" for host in hosts]
        self.book = Process(it.core, "-m", "tests.lab.phonebook", *hosts)
        self.book.until("ready", 20)

    def are(self, how: str) -> None:
        """How the nodes are from now on."""
        self.book.tell(how)
        self.book.until("is", 10, time.monotonic() - 0.5, how=how)

    def peer(self, name: str, kind: Kind, *, far: bool = True, **environment: str) -> Peer:
        """Somebody behind a router of this kind, started; `far`: agreed to the internet, and asks four nodes first."""
        side = self.sides[name] = self.ground.side(kind)
        etc = Path("/etc/netns", side.host)  # what `ip netns exec` shows as /etc to whoever is started there
        etc.mkdir(parents=True)
        self.folders.append(etc)
        (etc / "resolv.conf").write_text(f"nameserver {DNS}\n")
        peer = self.peers[name] = Peer(
            name, self.folder, namespace=side.host, quiet=False, **environment
        )  # fmt: skip
        peer.start()
        peer.ask(people.Me(name))
        if far:
            peer.ask(people.Internet(agreed=True, bootstrap=tuple(self.nodes[:4]), mapping=False))
        return peer

    def close(self) -> None:
        """Ends all of them."""
        for peer in self.peers.values():
            peer.stop()
        for folder in self.folders:
            shutil.rmtree(folder)


@contextmanager
def sly(folder: Path) -> Iterator[Sly]:
    """Taken down whatever happens."""
    with ground("s") as it:
        them = Sly(it, folder)
        try:
            yield them
        finally:
            them.close()


class Portal:
    """A name server of the internet, and pages to log in on in whoever's router."""

    names = (f"one.book.example:{PORT}", f"two.book.example:{PORT}")

    def __init__(self, them: Sly) -> None:
        self._them = them
        core, first = them.ground.core, them.nodes[0].partition(":")[0]
        Process(core, "-m", "tests.lab.portal", DNS, first).until("ready", 20)

    def close_off(self, name: str) -> None:
        """His router answers all names with its own address, leads all pages to its own, and lets nothing through."""
        side = self._them.sides[name]
        Process(side.router, "-m", "tests.lab.portal", "192.168.1.1", "192.168.1.1").until("ready", 20)
        nft(side.router, CLOSED)

    def open(self, name: str) -> None:
        """He logged in."""
        nft(self._them.sides[name].router, "delete table ip portal")


class Wire:
    """Reads what comes to the victim, by whose port it was sent from."""

    def __init__(self, it: Ground) -> None:
        self._process = Process(it.core, "-m", "tests.lab.capture", "any", VICTIM)
        self._process.until("ready", 20)

    def counts(self) -> Counter[tuple[str, int]]:
        """By the sender."""
        self._process.listen(0.3)
        return Counter((it["by"], it["from"]) for it in self._process.seen if it["what"] == "packet")


def rss_kb(peer: Peer) -> int:
    """Memory in use."""
    lines = Path(f"/proc/{peer.pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS")))


def joined(host: Peer, guest: Peer, within_s: float) -> float:
    """The guest becomes a writer by a link; seconds."""
    link = host.ask(people.Share("Room", approval=False)).link
    assert link is not None
    began = time.monotonic()
    guest.ask(people.Join(link))
    wait(lambda: guest.ask(people.Joins())[-1].stage in ("done", "failed"), f"{guest.name} to join", within_s)
    assert guest.ask(people.Joins())[-1].stage == "done", guest.ask(people.Joins())[-1]
    return time.monotonic() - began


def asked(host: Peer, guest: Peer, within_s: float) -> tuple[float, JoinRow]:
    """The guest asks by a link; how it stands once he is in or a cause is told, and the seconds until then."""
    link = host.ask(people.Share("Room", approval=False)).link
    assert link is not None
    began = time.monotonic()
    guest.ask(people.Join(link))
    while True:
        row, took = guest.ask(people.Joins())[-1], time.monotonic() - began
        if row.stage in ("done", "failed") or row.cause or took > within_s:
            return took, row
        time.sleep(0.1)


def equal(one: Peer, other: Peer, what: str, within_s: float = 40.0) -> float:
    """A note of one is read by the other one; seconds."""
    began = time.monotonic()
    one.ask(calls.New(f"# {what}\n", "Room"))
    wait(lambda: what in other.titles("Room"), f"{what} at {other.name}'s", within_s)
    return time.monotonic() - began


def found(peer: Peer, about: str) -> tuple[str, str]:
    """What the doctor says about something: its state and its sentence; empty if nothing."""
    row: NetworkDoctorRow = peer.ask(people.NetworkDoctor())
    said = dict(zip(row.about, row.findings, strict=True))
    return (said[about].state, said[about].sentence) if about in said else ("", "")
