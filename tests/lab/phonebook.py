"""Nodes of a DHT that can be told to lie: `python -m tests.lab.phonebook HOST...`; they share what is put at one.

A line on standard input changes how they are from now on: `honest`; `poison VICTIM` (a thousand false addresses for
each topic, many of them the victim's, as peers and as nodes near it, and items that a stranger signed); `replay` (half
of them give the first item that was put at a place); `mirror N` (the first N name an address of their own making as
the asker's, `mirror N same`: all the same); `silent`. Each is told back once it holds.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import json
import os
import sys
import time
from collections import defaultdict
from typing import Any, cast

import libtorrent as lt

from notesapp.net.krpc import encoded

PORT = 6_883
FALSE = 1_000
A_TIME = 60  # of them in one answer
FALSE_NODES = 8


def say(what: str, **facts: object) -> None:
    """One line of JSON."""
    print(json.dumps({"at": time.monotonic(), "what": what, **facts}), flush=True)


def compact(host: str, port: int) -> bytes:
    """Six bytes."""
    return ipaddress.IPv4Address(host).packed + port.to_bytes(2, "big")


class Book:
    """What all nodes know, and how they are."""

    def __init__(self) -> None:
        self.how: list[str] = ["honest"]
        self.peers: dict[bytes, list[bytes]] = defaultdict(list)
        self.items: dict[bytes, list[dict[bytes, Any]]] = defaultdict(list)
        self.nodes: list[bytes] = []  # 26 bytes each
        self.told = 0

    def false(self, victim: str, count: int, at: int) -> list[bytes]:
        """Some of the thousand: every other is the victim's, each with another port."""
        chosen = [(at * A_TIME + n) % FALSE for n in range(count)]
        self.told += count
        return [compact(victim if n % 2 else f"198.18.{n % 256}.{n // 256 + 1}", 2_000 + n) for n in chosen]


class Node(asyncio.DatagramProtocol):
    """One of them."""

    def __init__(self, book: Book, number: int, host: str) -> None:
        self._book, self._number = book, number
        self._id = hashlib.sha1(host.encode(), usedforsecurity=False).digest()
        self._transport: asyncio.DatagramTransport | None = None
        book.nodes.append(self._id + compact(host, PORT))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._book.how[0] == "silent" or self._transport is None:
            return
        try:
            said: Any = lt.bdecode(data)
            asked, what = said[b"a"], said[b"q"].decode()
        except (RuntimeError, KeyError, TypeError):
            return
        body: dict[bytes, Any] = {b"id": self._id}
        match what:
            case "ping":
                pass
            case "find_node" | "get_peers" | "get":
                body |= self._looked_up(what, asked)
            case "announce_peer":
                port = addr[1] if asked.get(b"implied_port") else asked[b"port"]
                peer, known = compact(addr[0], port), self._book.peers[asked[b"info_hash"]]
                if peer not in known:
                    known.append(peer)
            case "put":
                item = {key: asked[key] for key in (b"k", b"seq", b"sig", b"v") if key in asked}
                place = hashlib.sha1(asked[b"k"] + asked.get(b"salt", b""), usedforsecurity=False).digest()
                self._book.items[place].append(item)
        answer = {b"ip": self._seen(addr), b"r": body, b"t": said[b"t"], b"y": b"r"}
        self._transport.sendto(encoded(answer), addr)

    def _looked_up(self, what: str, asked: dict[bytes, Any]) -> dict[bytes, Any]:
        book, target = self._book, asked.get(b"info_hash") or asked[b"target"]
        near = sorted(book.nodes, key=lambda it: int.from_bytes(it[:20], "big") ^ int.from_bytes(target, "big"))[:8]
        body: dict[bytes, Any] = {b"nodes": b"".join(near), b"token": b"token"}
        values, items = list(book.peers[target]), book.items[target]
        newest = max(items, key=lambda it: it[b"seq"]) if items else None
        if book.how[0] == "replay" and self._number % 2 and items:
            newest = items[0]
        if book.how[0] == "poison":
            victim = book.how[1]
            false = book.false(victim, FALSE_NODES, self._number + int(time.monotonic()))
            nearest = [target[:-1] + os.urandom(1) + it for it in false]
            body[b"nodes"] = b"".join([*nearest, *near])
            values += book.false(victim, A_TIME, self._number)
            if self._number % 2 and newest is not None:
                newest = newest | {b"sig": os.urandom(64), b"seq": newest[b"seq"] + 1_000, b"v": os.urandom(640)}
        if what == "get_peers" and values:
            body[b"values"] = values
        if what == "get" and newest is not None:
            body |= newest
        return body

    def _seen(self, addr: tuple[str, int]) -> bytes:
        how = self._book.how
        if how[0] == "mirror" and self._number < int(how[1]):
            return compact("198.18.7.7" if len(how) > 2 else f"198.18.7.{self._number + 1}", 7_000)
        return compact(*addr)


async def main(*hosts: str) -> None:
    """Runs until it is killed."""
    loop, book = asyncio.get_running_loop(), Book()
    for number, host in enumerate(hosts):
        await loop.create_datagram_endpoint(lambda n=number, h=host: Node(book, n, h), local_addr=(host, PORT))  # type: ignore[misc]
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    say("ready")
    while line := (await reader.readline()).decode().split():
        book.how = line
        say("is", how=" ".join(line), told=book.told, places=len(book.items), topics=len(book.peers))
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
