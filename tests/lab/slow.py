"""Delay, loss and disorder for what passes the core: `python -m tests.lab.slow DELAY_MS LOSS_PERCENT REORDER_PERCENT`.

It owns the device `slow0`: each packet that is routed into it comes out again later, or never.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import random
import struct
import sys
import time

_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
WAITING = 20_000  # packets on the way at once; more are lost, as in a real queue


class Slow:
    """The device and what is on its way."""

    def __init__(self, delay_s: float, loss: float, reorder: float) -> None:
        self._delay_s, self._loss, self._reorder = delay_s, loss, reorder
        self._dice = random.Random(1)
        self._waiting = 0
        self._tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self._tun, _TUNSETIFF, struct.pack("16sH", b"slow0", _IFF_TUN | _IFF_NO_PI))
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._tun, self._read)

    def _read(self) -> None:
        for _ in range(256):
            try:
                packet = os.read(self._tun, 65_536)
            except BlockingIOError:
                return
            if self._dice.random() < self._loss or self._waiting >= WAITING:
                continue
            late = self._delay_s * (0.5 if self._dice.random() < self._reorder else 1.0)
            self._waiting += 1
            self._loop.call_later(late, self._write, packet)

    def _write(self, packet: bytes) -> None:
        self._waiting -= 1
        try:
            os.write(self._tun, packet)
        except OSError:  # the device is down or its queue full: lost
            return


async def main(delay_ms: str, loss_percent: str, reorder_percent: str) -> None:
    """Runs until it is killed."""
    slow = Slow(float(delay_ms) / 1000, float(loss_percent) / 100, float(reorder_percent) / 100)
    print(json.dumps({"at": time.monotonic(), "what": "ready"}), flush=True)
    await asyncio.Event().wait()
    del slow


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
