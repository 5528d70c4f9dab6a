"""What the nodes to ask first are called and where they are now. Decides when a name is looked up again: each time.

libtorrent keeps what it was told of a name for twenty minutes. In a hotel that is the address of the page to log in
on, so it would find no node long after the page has opened: names are looked up here, and it is told addresses.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterable
from typing import Final

from notesapp.net.address import Address
from notesapp.net.tasks import Tasks

log = logging.getLogger(__name__)

LOOK_UP_S: Final = 10.0
OF_A_NAME: Final = 4  # addresses


class Bootstrap:
    """The names "host:port"; `on_found` is called with addresses, some time after `ask`."""

    def __init__(self, names: Iterable[str], on_found: Callable[[list[Address]], None]) -> None:
        self._names, self._on_found = tuple(names), on_found
        self._tasks = Tasks()

    def ask(self) -> None:
        """Looks all of them up, unless that is being done."""
        if not len(self._tasks):
            for name in self._names:
                self._tasks.start(self._look_up(name))

    async def aclose(self) -> None:
        """Finds nothing more."""
        await self._tasks.aclose()

    async def _look_up(self, name: str) -> None:
        host, _, port = name.rpartition(":")
        try:
            async with asyncio.timeout(LOOK_UP_S):
                loop = asyncio.get_running_loop()
                infos = await loop.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_DGRAM)
        except (OSError, TimeoutError) as error:
            log.info("! the node %s has no address: %s", name, error)
            return
        self._on_found([Address.of(it[4]) for it in infos[:OF_A_NAME]])
