"""A router's own answers to NAT-PMP (RFC 6886) and PCP (RFC 6887): `python -m tests.lab.natpmp OUTSIDE_ADDRESS`.

Runs in the router's namespace and opens ports with nft. `--only-pcp` and `--only-pmp` make it speak one of both.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from typing import cast

PORT = 5_351
UDP = 17


class Responder(asyncio.DatagramProtocol):
    """Answers on one socket."""

    def __init__(
        self, outside: str, speaks: frozenset[int], opens: Callable[[dict[tuple[str, int], int]], None] | None = None
    ) -> None:
        self._opens = opens or _open_with_nft
        self._outside, self._speaks = ipaddress.IPv4Address(outside), speaks
        self._began = time.monotonic()
        self._open: dict[tuple[str, int], int] = {}
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # no subclass of it before Python 3.12

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = None
        if len(data) >= 2 and data[0] not in self._speaks:
            answer = self._unknown_version(data)
        elif data[:1] == b"\0":
            answer = self._pmp(data, addr[0])
        elif data[:1] == b"\2" and len(data) >= 24:
            answer = self._pcp(data, addr[0])
        if answer is not None and self._transport is not None:
            self._transport.sendto(answer, addr)

    def _epoch(self) -> int:
        return int(time.monotonic() - self._began) + 100

    def _unknown_version(self, data: bytes) -> bytes:
        if 0 in self._speaks:
            return struct.pack("!BBHI", 0, 128 + (data[1] & 127), 1, self._epoch())
        return struct.pack("!BBBBII12x", 2, 128 | data[1], 0, 1, 0, self._epoch())

    def _pmp(self, data: bytes, host: str) -> bytes | None:
        if data[1] == 0:
            return struct.pack("!BBHI4s", 0, 128, 0, self._epoch(), self._outside.packed)
        if data[1] != 1 or len(data) < 12:
            return struct.pack("!BBHI", 0, 128 + (data[1] & 127), 5, self._epoch())
        inside, wanted, lease = struct.unpack("!HHI", data[4:12])
        given = self._map(host, inside, wanted, lease)
        return struct.pack("!BBHIHHI", 0, 129, 0, self._epoch(), inside, given, lease)

    def _pcp(self, data: bytes, host: str) -> bytes | None:
        lease = int.from_bytes(data[4:8], "big")
        if data[1] != 1 or len(data) < 60:
            return struct.pack("!BBBBII12x", 2, 128 | data[1], 0, 4, 0, self._epoch())
        nonce, protocol, inside, wanted = struct.unpack("!12sB3xHH", data[24:44])
        given = self._map(host, inside, wanted, lease) if protocol == UDP else 0
        outside = b"\0" * 10 + b"\xff\xff" + self._outside.packed
        head = struct.pack("!BBBBII12x", 2, 129, 0, 0, lease, self._epoch())
        return head + struct.pack("!12sB3xHH16s", nonce, protocol, inside, given, outside)

    def _map(self, host: str, inside: int, wanted: int, lease: int) -> int:
        key = (host, inside)
        if lease == 0:
            self._open.pop(key, None)
        elif key not in self._open:
            taken = set(self._open.values())
            self._open[key] = next(it for it in (wanted or inside, *range(50_000, 60_000)) if it not in taken)
        self._opens(self._open)
        return self._open.get(key, 0)


def _open_with_nft(ports: dict[tuple[str, int], int]) -> None:
    rules = "".join(
        f'add rule ip mapped before iifname "wan" meta l4proto udp udp dport {outside} dnat to {to}:{port}\n'
        for (to, port), outside in ports.items()
    )
    chain = "chain ip mapped before { type nat hook prerouting priority dstnat - 1; policy accept; }"
    text = f"add table ip mapped\nadd {chain}\nflush chain ip mapped before\n{rules}"
    subprocess.run(["nft", "-f", "-"], input=text, text=True, check=True)


async def main(outside: str, *options: str) -> None:
    """Runs until it is killed."""
    speaks = {"--only-pcp": frozenset({2}), "--only-pmp": frozenset({0})}.get("".join(options), frozenset({0, 2}))
    responder = Responder(outside, speaks)
    await asyncio.get_running_loop().create_datagram_endpoint(lambda: responder, local_addr=("0.0.0.0", PORT))
    print(json.dumps({"at": time.monotonic(), "what": "ready"}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
