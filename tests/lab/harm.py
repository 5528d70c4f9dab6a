"""What a member may do to those whom he carries: `harm(swarm, how)` makes a relay of the lab a bad one, from now on.

`blackhole` takes frames and passes none on; `picky` passes probes on and nothing larger, so the way looks alive;
`flood` passes on what it should, and besides makes up 10,000 frames a second for each end. All answer pings as before.
"""

from __future__ import annotations

import asyncio
import os
from typing import Final

from notesapp.net.relay import FRAME, Pass
from notesapp.net.swarm import Swarm

PROBE: Final = 400  # bytes; packets of a link that carries something are larger
FRAMES_A_TICK: Final = 100
TICK_S: Final = 0.01
_running = set[asyncio.Task[None]]()


def harm(swarm: Swarm, how: str) -> None:
    """From now on, for all that it carries."""
    desk = swarm.outreach.desk
    honest = desk.frame

    def picky(data: bytes, address: object, now: float) -> Pass | None:
        return honest(data, address, now) if len(data) <= PROBE else None  # type: ignore[arg-type]  # as it came

    match how:
        case "blackhole":
            desk.frame = lambda data, address, now: None  # type: ignore[method-assign]
        case "picky":
            desk.frame = picky  # type: ignore[method-assign]
        case "flood":
            task = asyncio.get_running_loop().create_task(_flood(swarm))
            _running.add(task)
        case _:
            raise AssertionError(how)


async def _flood(swarm: Swarm) -> None:
    """Frames with noise in them, on each channel to each end, as fast as they go."""
    desk, loop, paths = swarm.outreach.desk, asyncio.get_running_loop(), swarm.station.paths
    due = loop.time()
    while True:
        for session in list(desk._all):
            for end, channel in zip(session.ends, session.channels, strict=True):
                remote = paths.remote(*end)
                if remote is None or remote.current is None:
                    continue
                for number in range(FRAMES_A_TICK):
                    noise = os.urandom(16) + bytes(184 if number % 2 else 1_100)
                    swarm.station.mux.send(bytes([FRAME]) + channel + noise, remote.current.address)
        due = max(due + TICK_S, loop.time())
        await asyncio.sleep(due - loop.time())
