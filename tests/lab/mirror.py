"""Nodes of a DHT that answer BEP 5 pings with the asker's address (BEP 42): `python -m tests.lab.mirror HOST...`."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import os
import re
import sys
import time
from typing import cast

PORT = 6_881
_ASKED = re.compile(rb"1:t(\d+):")


class Mirror(asyncio.DatagramProtocol):
    """One node."""

    def __init__(self) -> None:
        self._id = os.urandom(20)
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # no subclass of it before Python 3.12

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        asked = _ASKED.search(data)
        if self._transport is None or asked is None or b"4:ping" not in data:
            return
        at, length = asked.end(), int(asked.group(1))
        transaction = data[at : at + length]
        seen = ipaddress.ip_address(addr[0]).packed + addr[1].to_bytes(2, "big")
        answer = b"d2:ip%d:%s1:rd2:id20:%se1:t%d:%s1:y1:re" % (len(seen), seen, self._id, length, transaction)
        self._transport.sendto(answer, addr)


async def main(*hosts: str) -> None:
    """Runs until it is killed."""
    loop = asyncio.get_running_loop()
    for host in hosts:
        await loop.create_datagram_endpoint(Mirror, local_addr=(host, PORT))
    print(json.dumps({"at": time.monotonic(), "what": "ready"}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
