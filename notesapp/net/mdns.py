"""Announcing and looking by multicast DNS (RFC 6762, 6763). Decides when to announce; what it says is `discovery`'s."""

from __future__ import annotations

import asyncio
import logging
import os
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from zeroconf import Error as ZeroconfError
from zeroconf import IPVersion, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from notesapp.errors import BadAddress
from notesapp.identity.primitives import Entropy
from notesapp.net import interfaces
from notesapp.net.address import Address
from notesapp.net.discovery import Announcement, Notice, read, written
from notesapp.net.limits import Bucket
from notesapp.net.tasks import Tasks

log = logging.getLogger(__name__)

SERVICE: Final = "_notesapp._udp.local."
RESOLVE_MS: Final = 3_000
RESOLVING: Final = 16  # at once
RESOLVES_A_S: Final = 20.0  # a room full of people who all arrive at once; a flood of rogue names gets no more
WAITING: Final = 512  # a flood of names may delay those who come in it, and push out only what is older
RETRY_S: Final = 5.0
GOODBYE_S: Final = 2.0
# It reports each interface that has no way out with a stack trace; what matters of that is in `trouble`.
logging.getLogger("zeroconf").setLevel(logging.ERROR)

RECORD_S: Final = 75  # how long others believe an address without hearing it again


class MdnsDiscovery:
    """A `Discovery` on all interfaces. Its instance name is random and new in each run."""

    def __init__(self, entropy: Entropy = os.urandom) -> None:
        self.instance = entropy(8).hex()
        self.trouble: str | None = None  # why nothing can be announced now
        self._entropy = entropy
        self._on_notice: Callable[[Notice], None] = lambda notice: None
        self._zeroconf: AsyncZeroconf | None = None
        self._browser: AsyncServiceBrowser | None = None
        self._info: AsyncServiceInfo | None = None
        self._wanted: Announcement | None = None
        self._changed = asyncio.Event()
        self._tasks = Tasks(self._failed)
        self._resolving: set[str] = set()
        self._waiting: OrderedDict[str, None] = OrderedDict()  # names that are to be asked after
        self._next: asyncio.TimerHandle | None = None
        self._resolves = Bucket(RESOLVES_A_S, 2 * RESOLVES_A_S)
        self._rescan = False

    @property
    def name(self) -> str:
        """Our full service name."""
        return f"{self.instance}.{SERVICE}"

    async def start(self, on_notice: Callable[[Notice], None]) -> None:
        """See `Discovery.start`."""
        self._on_notice = on_notice
        self._tasks.start(self._keep())

    def announce(self, announcement: Announcement) -> None:
        """See `Discovery.announce`."""
        self._wanted = announcement
        self._changed.set()

    def refresh(self) -> None:
        """See `Discovery.refresh`."""
        self._rescan = True
        self._changed.set()

    async def aclose(self) -> None:
        """See `Discovery.aclose`: the goodbye takes at most two seconds."""
        await self._tasks.aclose()
        await self._stop()

    async def _stop(self) -> None:
        zeroconf, browser = self._zeroconf, self._browser
        if self._next is not None:
            self._next.cancel()
        self._zeroconf, self._browser, self._info = None, None, None
        try:
            async with asyncio.timeout(GOODBYE_S):
                if browser is not None:
                    await browser.async_cancel()
                if zeroconf is not None:
                    await zeroconf.async_unregister_all_services()
        except (TimeoutError, OSError, ZeroconfError) as error:
            log.debug("= no goodbye was heard: %s", error)
        if zeroconf is not None:
            await zeroconf.async_close()

    # -- one task keeps what is announced equal to what is wanted ------------------------------------------------------

    async def _keep(self) -> None:
        while True:
            self._changed.clear()
            try:
                await self._catch_up()
                self.trouble = None
            except (OSError, RuntimeError, ZeroconfError) as error:
                self.trouble = str(error) or type(error).__name__
                log.info("= not announced: %s", self.trouble)
            try:
                async with asyncio.timeout(RETRY_S if self.trouble is not None else None):
                    await self._changed.wait()
            except TimeoutError:
                pass  # another try: perhaps there is an interface now

    async def _catch_up(self) -> None:
        if self._zeroconf is None:
            self._zeroconf = _opened()
            self._browser = AsyncServiceBrowser(self._zeroconf.zeroconf, SERVICE, handlers=[self._changed_name])
        elif self._rescan:
            self._rescan = False
            await self._zeroconf.async_update_interfaces()
        if self._wanted is not None:
            await self._say(self._zeroconf, self._wanted)

    async def _say(self, zeroconf: AsyncZeroconf, wanted: Announcement) -> None:
        here = interfaces.addresses(wanted.port, wanted.port_v6, interfaces.networks())
        same_port = [it for it in here if it.port == wanted.port]  # a service has one port for both families
        info = AsyncServiceInfo(
            SERVICE,
            self.name,
            port=wanted.port,
            properties=written(wanted, self._entropy),
            server=f"{self.instance}.local.",
            parsed_addresses=[it.host for it in same_port],
            host_ttl=RECORD_S,
        )
        if self._info is None:
            told = await zeroconf.async_register_service(info, allow_name_change=True)
        else:
            told = await zeroconf.async_update_service(info)
        self._info = info
        await told

    # -- others --------------------------------------------------------------------------------------------------------

    def _changed_name(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if self._is_mine(name):
            return
        if state_change is ServiceStateChange.Removed:
            self._waiting.pop(name, None)
            self._on_notice(Notice(name, gone=True))
            return
        self._waiting.pop(name, None)
        self._waiting[name] = None
        if len(self._waiting) > WAITING:
            self._waiting.popitem(last=False)
        self._resolve_next(zeroconf)

    def _resolve_next(self, zeroconf: Zeroconf) -> None:
        """Asks after as many of the names that wait as may be asked after now, and for the others soon."""
        loop = asyncio.get_running_loop()
        while self._waiting and len(self._resolving) < RESOLVING and self._resolves.take(loop.time()):
            name, _ = self._waiting.popitem(last=False)
            if name not in self._resolving:
                self._resolving.add(name)
                self._tasks.start(self._resolve(zeroconf, name))
        if self._waiting and self._next is None and self._zeroconf is not None:
            self._next = loop.call_later(1 / RESOLVES_A_S, self._next_due, zeroconf)

    def _next_due(self, zeroconf: Zeroconf) -> None:
        self._next = None
        if self._zeroconf is not None and self._zeroconf.zeroconf is zeroconf:
            self._resolve_next(zeroconf)

    def _is_mine(self, name: str) -> bool:
        mine = self._info.name if self._info is not None else self.name
        return name.lower() in (mine.lower(), self.name.lower())

    async def _resolve(self, zeroconf: Zeroconf, name: str) -> None:
        try:
            info = AsyncServiceInfo(SERVICE, name)
            if await info.async_request(zeroconf, RESOLVE_MS):
                notice = read(name, info.properties, _places(info))
                if notice is not None:
                    self._on_notice(notice)
        except (OSError, ValueError, ZeroconfError) as error:
            log.debug("! %s can't be resolved: %s", name[:80], error)
        finally:
            self._resolving.discard(name)

    def _failed(self, error: BaseException) -> None:
        self.trouble = str(error) or type(error).__name__


def _opened() -> AsyncZeroconf:
    """On both families if the system has both."""
    try:
        return AsyncZeroconf(ip_version=IPVersion.All)
    except (OSError, RuntimeError):
        return AsyncZeroconf(ip_version=IPVersion.V4Only)


def _places(info: AsyncServiceInfo) -> list[Address]:
    found = []
    for text in info.parsed_scoped_addresses():
        try:
            found.append(Address.parse(f"[{text}]:{info.port}" if ":" in text else f"{text}:{info.port}"))
        except BadAddress:
            continue  # rogue, or of an interface that is gone: the other addresses stand
    return found
