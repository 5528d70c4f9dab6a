"""A name server that gives one address for every name, and a page to log in on: `... tests.lab.portal HOST ADDRESS`.

It answers at HOST: questions for names at UDP port 53, and any request at TCP port 80 with a way to the page.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import sys
import time
from typing import cast

A_RECORD = 1
PAGE = b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Names(asyncio.DatagramProtocol):
    """One address for all."""

    def __init__(self, address: str) -> None:
        self._address = ipaddress.IPv4Address(address).packed
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        end = data.index(b"\0", 12) + 5
        has = int.from_bytes(data[end - 4 : end - 2], "big") == A_RECORD
        head = data[:2] + b"\x81\x80\0\1" + (b"\0\1" if has else b"\0\0") + bytes(4)
        record = b"\xc0\x0c\0\1\0\1" + (300).to_bytes(4, "big") + b"\0\4" + self._address
        assert self._transport is not None
        self._transport.sendto(head + data[12:end] + (record if has else b""), addr)


async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Whatever is asked."""
    await reader.read(4_096)
    writer.write(PAGE)
    writer.close()


async def main(host: str, address: str) -> None:
    """Runs until it is killed."""
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: Names(address), local_addr=(host, 53))
    async with await asyncio.start_server(page, host, 80):
        print(json.dumps({"at": time.monotonic(), "what": "ready"}), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
