"""The ground of the lab: a core (the internet), routers around it, one host behind each. Namespaces of Linux.

Each router has a cable of its own into the core, which routes: so everything passes the core, which can delay and lose
packets (there is no such module in every kernel: `slow.py` does it in user space) and lets no packet through
that was sent to live for a few hops only, as the real internet between two routers.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.lab.kinds import Kind, hairpin, rules
from tests.net.lab import Process, run

MIRRORS = tuple(f"172.{16 + n}.{n}.1" for n in range(5))  # in five different /16s
HOPS = 12  # a packet that was sent to live for fewer hops ends in the core
PORT = 45_654


UPNP_RULES = """
table inet filter { chain miniupnpd { } ; }
table inet nat {
  chain prerouting_miniupnpd { }
  chain postrouting_miniupnpd { }
  chain prerouting { type nat hook prerouting priority dstnat - 1; policy accept; jump prerouting_miniupnpd; }
}
"""
UPNP_CONFIG = """
ext_ifname=wan
listening_ip=lan
enable_natpmp=no
enable_upnp=yes
secure_mode=yes
upnp_table_name=filter
upnp_nat_table_name=nat
upnp_forward_chain=miniupnpd
upnp_nat_chain=prerouting_miniupnpd
upnp_nat_postrouting_chain=postrouting_miniupnpd
uuid=1b7e3a10-0000-4000-8000-000000000001
allow 1024-65535 0.0.0.0/0 1024-65535
"""


@dataclass(slots=True)
class Side:
    """One host and what stands before it. `outside`: its address in the core, if it has one of its own."""

    kind: Kind
    host: str
    inside: str
    outside: str
    router: str
    port: int = PORT


@dataclass(slots=True)
class Ground:
    """Build it with `ground()`."""

    label: str
    names: list[str] = field(default_factory=list)
    sides: list[Side] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    _lans: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def core(self) -> str:
        """The namespace of the internet."""
        return f"{self.label}core"

    def namespace(self, name: str) -> str:
        """A new one, with loopback."""
        full = f"{self.label}{name}"
        run("ip", "netns", "add", full)
        self.names.append(full)
        run("ip", "-n", full, "link", "set", "lo", "up")
        return full

    def build(self) -> None:
        """The core itself, with the addresses of mirrors."""
        core = self.namespace("core")
        forwards(core)
        for host in MIRRORS:
            run("ip", "-n", core, "addr", "add", f"{host}/32", "dev", "lo")
        run("ip", "-n", core, "addr", "add", "203.0.113.1/32", "dev", "lo")
        run("ip", "-n", core, "-6", "addr", "add", "2001:db8::1/128", "dev", "lo", "nodad")
        nft(core, "table ip core {\n chain through { type filter hook forward priority filter; policy accept;\n"
                  f"  ip ttl < {HOPS} drop\n }}\n}}")  # fmt: skip

    def side(self, kind: Kind) -> Side:
        """Another host behind a router of this kind; behind the last one of the kind if they share it."""
        number = len(self.sides) + 1
        twin = next((it for it in self.sides if it.kind is kind and kind.shares_router), None)
        if twin is not None:
            made = self._beside(twin, number)
        elif kind is Kind.OPEN:
            made = self._open(number)
        else:
            made = self._behind(kind, number)
        self.sides.append(made)
        return made

    def move(self, side: Side, kind: Kind) -> None:
        """The host is carried to another router: its cable is pulled here and put in there."""
        run("ip", "-n", side.host, "link", "del", "lan")
        number = len(self.names) + 40
        fresh = self._behind(kind, number, host=side.host)
        side.kind, side.inside, side.outside, side.router = kind, fresh.inside, fresh.outside, fresh.router

    def restart(self, side: Side) -> None:
        """The router of a side begins anew: it has forgotten all it had open, and is given another outside address."""
        number = int(side.outside.rpartition(".")[2]) - 10
        fresh = f"203.0.113.{100 + number}"
        run("ip", "-n", side.router, "link", "set", "wan", "down")  # what was masqueraded is forgotten with it
        run("ip", "-n", side.router, "addr", "del", f"{side.outside}/32", "dev", "wan")
        run("ip", "-n", side.router, "addr", "add", f"{fresh}/32", "dev", "wan")
        run("ip", "-n", side.router, "link", "set", "wan", "up")
        run("ip", "-n", side.router, "route", "replace", "203.0.113.1/32", "dev", "wan")
        run("ip", "-n", side.router, "route", "replace", "default", "via", "203.0.113.1", "dev", "wan")
        run("ip", "-n", self.core, "route", "del", f"{side.outside}/32", "dev", f"s{number}")
        run("ip", "-n", self.core, "route", "replace", f"{fresh}/32", "dev", f"s{number}")
        side.outside = fresh

    def router(self, number: int, name: str, outside: str, gateway: str, towards: str) -> str:
        """A router with a cable to `towards` (the core, or a carrier's router)."""
        router = self.namespace(name)
        forwards(router)
        far = f"s{number}" if towards == self.core else "lan"
        run("ip", "-n", router, "link", "add", "wan", "type", "veth", "peer", "name", far, "netns", towards)
        run("ip", "-n", router, "addr", "add", f"{outside}/32", "dev", "wan")
        run("ip", "-n", router, "link", "set", "wan", "up")
        run("ip", "-n", towards, "link", "set", far, "up")
        run("ip", "-n", router, "route", "add", f"{gateway}/32", "dev", "wan")
        run("ip", "-n", router, "route", "add", "default", "via", gateway, "dev", "wan")
        run("ip", "-n", towards, "route", "add", f"{outside}/32", "dev", far)
        return router

    def cable(self, host: str, router: str, lan: str, inside: str, gateway: str) -> None:
        """A host's cable to its router."""
        run("ip", "-n", host, "link", "add", "lan", "type", "veth", "peer", "name", lan, "netns", router)
        run("ip", "-n", host, "addr", "add", f"{inside}/24", "broadcast", "+", "dev", "lan")
        run("ip", "-n", host, "link", "set", "lan", "up")
        run("ip", "-n", router, "addr", "add", f"{gateway}/24", "dev", lan)
        run("ip", "-n", router, "link", "set", lan, "up")
        run("ip", "-n", host, "route", "add", "default", "via", gateway, "dev", "lan")

    def close(self) -> None:
        """Ends what still runs in the namespaces and takes them down."""
        for name in self.names:
            listed = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True, check=False)
            for pid in listed.stdout.split():
                try:
                    os.kill(int(pid), signal.SIGKILL)
                except ProcessLookupError:
                    continue
        for file in self.files:
            Path(file).unlink(missing_ok=True)
        for name in reversed(self.names):
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _open(self, number: int) -> Side:
        base = 192 + 4 * number  # above the outside addresses of all routers, also of those that come later
        router = self.router(number, f"r{number}", f"203.0.113.{10 + number}", "203.0.113.1", self.core)
        host = self.namespace(f"h{number}")
        inside, gateway = f"203.0.113.{base + 2}", f"203.0.113.{base + 1}"
        run("ip", "-n", host, "link", "add", "lan", "type", "veth", "peer", "name", "lan", "netns", router)
        run("ip", "-n", host, "addr", "add", f"{inside}/30", "dev", "lan")
        run("ip", "-n", host, "link", "set", "lan", "up")
        run("ip", "-n", router, "addr", "add", f"{gateway}/30", "dev", "lan")
        run("ip", "-n", router, "link", "set", "lan", "up")
        run("ip", "-n", host, "route", "add", "default", "via", gateway)
        run("ip", "-n", self.core, "route", "add", f"203.0.113.{base}/30", "via", f"203.0.113.{10 + number}")
        nft(router, rules(Kind.OPEN, inside, ""))
        return Side(Kind.OPEN, host, inside, inside, router)

    def _behind(self, kind: Kind, number: int, host: str | None = None) -> Side:
        outside, inside = f"203.0.113.{10 + number}", f"192.168.1.{20 + number}"
        if kind is Kind.UPNP:
            outside = f"198.20.0.{10 + number}"  # miniupnpd maps nothing to an address for documents
        towards, gateway, wan = self.core, "203.0.113.1", outside
        if kind is Kind.CARRIER:
            towards = self.router(number, f"c{number}", outside, "203.0.113.1", self.core)
            nft(towards, rules(Kind.BLOCK, f"100.64.{number}.2", outside))
            gateway, wan = f"100.64.{number}.1", f"100.64.{number}.2"
        router = self.router(number, f"r{number}", wan, gateway, towards)
        if kind is Kind.CARRIER:
            run("ip", "-n", towards, "addr", "add", f"{gateway}/32", "dev", "lan")
        host = host or self.namespace(f"h{number}")
        self.cable(host, router, "lan", inside, "192.168.1.1")
        nft(router, hairpin([("lan", inside)], outside) if kind is Kind.HAIRPIN else rules(kind, inside, outside))
        if kind in (Kind.V6, Kind.V6ONLY):
            self._v6(host, router, number)
        if kind is Kind.V6ONLY:
            run("ip", "-n", host, "addr", "del", f"{inside}/24", "dev", "lan")  # its routes go with it
        if kind is Kind.NATPMP:
            Process(router, "-m", "tests.lab.natpmp", outside).until("ready", 20)
        if kind is Kind.UPNP:
            self._upnp(router)
        self._lans[router] = [("lan", inside)]
        return Side(kind, host, inside, outside, router)

    def _beside(self, twin: Side, number: int) -> Side:
        """Lan: one switch; hairpin: two networks that meet only by the outside address."""
        host, lans = self.namespace(f"h{number}"), self._lans[twin.router]
        if twin.kind is Kind.HAIRPIN:
            inside = f"192.168.2.{20 + number}"
            self.cable(host, twin.router, "lan2", inside, "192.168.2.1")
            lans.append(("lan2", inside))
            nft(twin.router, "flush ruleset\n" + hairpin(lans, twin.outside))
            return Side(twin.kind, host, inside, twin.outside, twin.router, port=47_654)
        inside, router = f"192.168.1.{20 + number}", twin.router
        # an address of its own: else it is that of one of its ports, and another once that port's cable is pulled
        switch = ("name", "switch", "address", "02:00:00:00:00:01", "type", "bridge", "forward_delay", "0")
        run("ip", "-n", router, "link", "add", *switch)
        run("ip", "-n", host, "link", "add", "lan", "type", "veth", "peer", "name", "lan2", "netns", router)
        run("ip", "-n", host, "addr", "add", f"{inside}/24", "broadcast", "+", "dev", "lan")
        run("ip", "-n", router, "addr", "flush", "dev", "lan")
        for lan in ("lan", "lan2"):
            run("ip", "-n", router, "link", "set", lan, "master", "switch", "up")
        run("ip", "-n", router, "addr", "add", "192.168.1.1/24", "dev", "switch")
        run("ip", "-n", router, "link", "set", "switch", "up")
        run("ip", "-n", host, "link", "set", "lan", "up")
        run("ip", "-n", host, "route", "add", "default", "via", "192.168.1.1")
        return Side(twin.kind, host, inside, twin.outside, router)

    def _upnp(self, router: str) -> None:
        nft(router, UPNP_RULES)
        with tempfile.NamedTemporaryFile("w", prefix="upnp", delete=False) as config:
            config.write(UPNP_CONFIG)
        self.files.append(config.name)
        run("ip", "-n", router, "route", "add", "239.0.0.0/8", "dev", "lan")
        subprocess.Popen(
            ["ip", "netns", "exec", router, "miniupnpd", "-d", "-f", config.name, "-P", f"{config.name}.pid"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.files.append(f"{config.name}.pid")

    def _v6(self, host: str, router: str, number: int) -> None:
        run("ip", "-n", router, "-6", "addr", "add", f"2001:db8:ffff:{number}::2/64", "dev", "wan", "nodad")
        run("ip", "-n", self.core, "-6", "addr", "add", f"2001:db8:ffff:{number}::1/64", "dev", f"s{number}", "nodad")
        run("ip", "-n", router, "-6", "route", "add", "default", "via", f"2001:db8:ffff:{number}::1")
        run("ip", "-n", self.core, "-6", "route", "add", f"2001:db8:{number}::/64", "via", f"2001:db8:ffff:{number}::2")
        run("ip", "-n", router, "-6", "addr", "add", f"2001:db8:{number}::1/64", "dev", "lan", "nodad")
        run("ip", "-n", host, "-6", "addr", "add", f"2001:db8:{number}::20/64", "dev", "lan", "nodad")
        run("ip", "-n", host, "-6", "route", "add", "default", "via", f"2001:db8:{number}::1")


@contextmanager
def ground(label: str = "") -> Iterator[Ground]:
    """The core with its mirrors; taken down whatever happens."""
    it = Ground(f"nw{os.getpid() % 100_000}{label}")
    try:
        it.build()
        Process(it.core, "-m", "tests.lab.mirror", *MIRRORS).until("ready", 20)
        yield it
    finally:
        it.close()


def forwards(namespace: str) -> None:
    """Makes a router of a namespace."""
    for key in (
        "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1", "net.ipv4.conf.all.rp_filter=0",
        "net.ipv4.conf.default.rp_filter=0",
    ):  # fmt: skip
        run("ip", "netns", "exec", namespace, "sysctl", "-qw", key)


def nft(namespace: str, text: str) -> None:
    """Adds rules in a namespace."""
    done = subprocess.run(
        ["ip", "netns", "exec", namespace, "nft", "-f", "-"],
        input=text, capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stderr}\n{text}"


def slow_down(it: Ground, delay_ms: float, loss_percent: float, reorder_percent: float = 0.0) -> None:
    """All that passes the core from one side to another is late by `delay_ms` (one way), and some of it is lost."""
    slow = Process(it.core, "-m", "tests.lab.slow", str(delay_ms), str(loss_percent), str(reorder_percent))
    slow.until("ready", 20)
    run("ip", "-n", it.core, "link", "set", "slow0", "up")
    for family, default in (("-4", "default"), ("-6", "default")):
        run("ip", "-n", it.core, family, "route", "add", default, "dev", "slow0", "table", "100")
        for number in range(1, len(it.sides) + 1):
            if f"s{number}" in run("ip", "-n", it.core, "-o", "link"):
                run("ip", "-n", it.core, family, "rule", "add", "iif", f"s{number}", "lookup", "100")
    time.sleep(0.05)
