"""Asks the router to keep our port open: NAT-PMP and PCP at once, then UPnP. Decides when to ask again.

A mapping is only worth telling if the router's outside address is one of the internet; behind a carrier's NAT it isn't.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from notesapp.net import portmap_wire as wire
from notesapp.net.address import Address, Reach
from notesapp.net.gateways import gateways
from notesapp.net.tasks import Tasks

log = logging.getLogger(__name__)

TRIES_S: Final = (0.25, 0.5, 1.0, 2.0)  # RFC 6886 §3.1 goes on to 64 s; a router at home answers in milliseconds
AGAIN_S: Final = 900.0  # after nobody opened a port
SOONEST_S: Final = 60.0
UPNP_AFTER_S: Final = 1.0  # a router that speaks one of the small languages has answered by then
UPNP_WAIT_MS: Final = 1_500
UPNP_DEADLINE_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Mapping:
    """An open outside port; `by`: who opened it."""

    outside: Address
    by: str
    lease_s: float
    gateway: str = ""


class PortMapper:
    """Keeps one UDP port open. `on_change(outside)` is called when the outside address is another one, or None."""

    def __init__(self, port: int, on_change: Callable[[Address | None], None], *, upnp: bool = True) -> None:
        self.mapping: Mapping | None = None
        self.trouble: str | None = "nobody was asked yet"
        self._port, self._on_change, self._upnp = port, on_change, upnp
        self._nonce = os.urandom(wire.NONCE_BYTES)
        self._wake = asyncio.Event()
        self._tasks = Tasks()

    @property
    def external(self) -> Address | None:
        """The outside address that leads to our port."""
        return self.mapping.outside if self.mapping is not None else None

    def start(self) -> None:
        """Begins to ask."""
        self._tasks.start(self._keep())

    def again(self) -> None:
        """Another network: ask at once."""
        self._wake.set()

    async def aclose(self) -> None:
        """Stops, and takes the mapping back if the router listens."""
        await self._tasks.aclose()
        if self.mapping is not None and self.mapping.gateway:
            for gateway, own in gateways():
                if gateway == self.mapping.gateway:
                    await self._ask(gateway, own, lease_s=0, tries=TRIES_S[:1])

    async def _keep(self) -> None:
        while True:
            self._wake.clear()
            mapping = await self._map()
            before, self.mapping = self.external, mapping
            if self.external != before:
                log.info("= port mapping: %s", mapping if mapping is not None else self.trouble)
                self._on_change(self.external)
            wait = max(SOONEST_S, mapping.lease_s / 2) if mapping is not None else AGAIN_S
            try:
                async with asyncio.timeout(wait):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _map(self) -> Mapping | None:
        routers = gateways()
        if not routers:
            self.trouble = "there is no router"
            return None
        self.trouble = "no router answers"
        asked = [asyncio.ensure_future(self._ask(gateway, own)) for gateway, own in routers]
        if self._upnp:
            asked.append(asyncio.ensure_future(self._ask_upnp()))
        try:
            for done in asyncio.as_completed(asked):
                if (mapping := self._useful(await done)) is not None:
                    return mapping
        finally:
            for it in asked:
                it.cancel()
        return None

    def _useful(self, mapping: Mapping | None) -> Mapping | None:
        if mapping is None:
            return None
        if mapping.outside.reach is not Reach.V4 or not mapping.outside.usable:
            self.trouble = f"the router's outside address {mapping.outside.host} is itself behind a NAT"
            return None
        self.trouble = None
        return mapping

    # -- NAT-PMP and PCP ----------------------------------------------------------------------------------------------

    async def _ask(
        self, gateway: str, own: str, *, lease_s: int = wire.LEASE_S, tries: tuple[float, ...] = TRIES_S
    ) -> Mapping | None:
        """Both languages at once; the first answer with a port and an outside address."""
        loop = asyncio.get_running_loop()
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            sock.bind((own, 0))
            sock.connect((gateway, wire.PORT))
        except OSError:
            sock.close()
            return None
        asking = _Asking(self._nonce)
        transport, _ = await loop.create_datagram_endpoint(lambda: asking, sock=sock)
        outside = self._port if self.mapping is None else self.mapping.outside.port
        try:
            for wait in tries:
                transport.sendto(wire.ask_pcp(self._nonce, own, self._port, outside, lease_s))
                transport.sendto(wire.ask_external())
                transport.sendto(wire.ask_map(self._port, outside, lease_s))
                found = await asking.wait(wait)
                if found is not None:
                    return Mapping(Address(found[0], found[1].outside), found[2], found[1].lease_s, gateway)
        finally:
            transport.close()
        return None

    # -- UPnP ---------------------------------------------------------------------------------------------------------

    async def _ask_upnp(self) -> Mapping | None:
        await asyncio.sleep(UPNP_AFTER_S)
        try:
            library = importlib.import_module("miniupnpc")
        except ImportError:
            log.info("= no UPnP here: there is no miniupnpc for this system")
            return None
        try:
            async with asyncio.timeout(UPNP_DEADLINE_S):
                return await _aside(_upnp, library, self._port)
        except TimeoutError:
            self.trouble = "a UPnP router doesn't finish its answer"
            return None


class _Asking(asyncio.DatagramProtocol):
    """Collects answers until a port and an address are known."""

    def __init__(self, nonce: bytes) -> None:
        self._nonce = nonce
        self._host: str | None = None
        self._mapped: wire.Mapped | None = None
        self._known = asyncio.Event()
        self._by = "NAT-PMP"

    def datagram_received(self, data: bytes, addr: object) -> None:
        match wire.read(data, self._nonce):
            case wire.External(host):
                self._host = self._host or host
            case wire.Mapped(_, outside, lease, _, host) as mapped if lease and outside:
                self._mapped = mapped
                if host is not None:
                    self._host, self._by = host, "PCP"
            case _:
                return
        if self._host is not None and self._mapped is not None:
            self._known.set()

    def error_received(self, exc: Exception) -> None:
        log.debug("! the router's port says %s", exc)  # nobody listens there

    async def wait(self, seconds: float) -> tuple[str, wire.Mapped, str] | None:
        """(outside host, mapping, language) once known."""
        try:
            async with asyncio.timeout(seconds):
                await self._known.wait()
        except TimeoutError:
            return None
        assert self._host is not None
        assert self._mapped is not None
        return self._host, self._mapped, self._by


async def _aside(work: Callable[[Any, int], Mapping | None], library: Any, port: int) -> Mapping | None:
    """In a thread that nobody waits for: a router that never answers must not keep the program from ending."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Mapping | None] = loop.create_future()

    def tell(found: Mapping | None) -> None:
        if not done.done():
            done.set_result(found)

    def run() -> None:
        found = work(library, port)
        try:
            loop.call_soon_threadsafe(tell, found)
        except RuntimeError:  # the loop has ended meanwhile
            log.debug("= UPnP answered too late")

    threading.Thread(target=run, name="upnp", daemon=True).start()
    return await done


def _upnp(library: Any, port: int) -> Mapping | None:
    """In a thread: the library waits for the network. It raises plain `Exception` for whatever a router says."""
    igd = library.UPnP()
    igd.discoverdelay = UPNP_WAIT_MS
    try:
        if igd.discover() < 1:
            return None
        igd.selectigd()
        host = igd.externalipaddress()
        lease_s = wire.LEASE_S
        for outside in (port, port + 1, port + 2, port + 3):
            for lease in (wire.LEASE_S, 0):  # some routers know only mappings that last
                if _added(igd, port, outside, lease):
                    return Mapping(Address(host, outside), "UPnP", lease_s)
    except Exception as error:  # noqa: BLE001
        log.info("! UPnP: %s", error)
    return None


def _added(igd: Any, port: int, outside: int, lease_s: int) -> bool:
    try:
        return bool(igd.addportmapping(outside, "UDP", igd.lanaddr, port, "Notesapp", "", lease_s))
    except Exception as error:  # noqa: BLE001
        log.info("! UPnP refuses port %d: %s", outside, error)
        return False
