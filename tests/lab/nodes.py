"""Real libtorrent nodes that form a DHT of their own in the lab's core: `python -m tests.lab.nodes NAMESPACE/HOST...`.

libtorrent binds its sockets to a device, so each node needs a namespace of its own with one cable: on addresses of `lo`
no packet from outside would reach it. All nodes run in one process, each made while the thread is in its namespace.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import sys
import time
from pathlib import Path

from notesapp.net.address import Address
from notesapp.net.dht import DhtOptions
from notesapp.net.libtorrent_dht import LibtorrentDht
from tests.lab.ground import Ground, forwards
from tests.net.lab import Process, run

PORT = 6_882
_NEW_NETWORK = 0x4000_0000  # CLONE_NEWNET


def lay(ground: Ground, count: int) -> list[str]:
    """The cables and the nodes; their addresses, in five different /16s."""
    forwards(ground.core)
    hosts = [f"172.{16 + n % 5}.{100 + n}.1" for n in range(count)]
    where = []
    for n, host in enumerate(hosts):
        node = ground.namespace(f"n{n}")
        run("ip", "-n", node, "link", "add", "wan", "type", "veth", "peer", "name", f"n{n}", "netns", ground.core)
        run("ip", "-n", node, "addr", "add", f"{host}/32", "dev", "wan")
        run("ip", "-n", node, "link", "set", "wan", "up")
        run("ip", "-n", ground.core, "link", "set", f"n{n}", "up")
        run("ip", "-n", node, "route", "add", "203.0.113.1/32", "dev", "wan")
        run("ip", "-n", node, "route", "add", "default", "via", "203.0.113.1", "dev", "wan")
        run("ip", "-n", ground.core, "route", "add", f"{host}/32", "dev", f"n{n}")
        where.append(f"{node}/{host}")
    Process(ground.core, "-m", "tests.lab.nodes", *where).until("ready", 60)
    return [f"{host}:{PORT}" for host in hosts]


def enter(namespace: str) -> None:
    """This thread, and all that it starts, is in that namespace from now on."""
    with Path("/run/netns", namespace).open() as handle:
        assert ctypes.CDLL(None, use_errno=True).setns(handle.fileno(), _NEW_NETWORK) == 0, ctypes.get_errno()


async def main(*nodes: str) -> None:
    """Runs until it is killed."""
    engines: dict[Address, LibtorrentDht] = {}
    for node in nodes:
        namespace, host = node.split("/")
        enter(namespace)
        at = Address(host, PORT)
        engines[at] = LibtorrentDht(DhtOptions(private=True, reachable=True, listen=(str(at),)))
        await engines[at].start(lambda: None)
    for own, engine in engines.items():
        engine.add_nodes(it for it in engines if it != own)
    while any(it.health.nodes < min(8, len(nodes) - 1) for it in engines.values()):  # noqa: ASYNC110  # nobody tells
        await asyncio.sleep(0.1)
    print(json.dumps({"at": time.monotonic(), "what": "ready"}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
