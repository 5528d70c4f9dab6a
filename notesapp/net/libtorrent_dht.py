"""A `DhtEngine` over libtorrent. Decides its settings and keeps its traps inside this file.

1. An alert is dead memory after the next `pop_alerts()`: every field is copied in `_drain` (`libtorrent_alerts`).
2. No Python runs on libtorrent's thread: `set_alert_notify` needs the interpreter's lock there, while calls that wait
   for that thread (`session_state`, the destructor) hold it: both would wait for ever. A pipe wakes us instead.
3. `dht_put_mutable_item` takes an expanded key; with any other the put "completes" with no node: `num_success` counts.
4. A get of peers has no end and no miss; a put, an announcement and the whole of a get take 15 s if one node on the way
is dead. 5. Without `dht_restrict_*` off, nodes in one small network ignore each other, private lookups find little
there, and more than five packets a second from one address get it blocked for five minutes.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Final

import libtorrent as lt

from notesapp.errors import LocalError
from notesapp.identity.blinding import BlindedKey
from notesapp.net.address import Address
from notesapp.net.bootstrap import Bootstrap
from notesapp.net.dht import (
    ALONE_S,
    ENOUGH,
    GET_S,
    LOOK_UP_S,
    PUT_S,
    SAVED,
    VALUE_BYTES,
    DhtHealth,
    DhtOptions,
    DhtState,
    Item,
)
from notesapp.net.krpc import compact
from notesapp.net.libtorrent_alerts import ALERTS, Got, Peers, Put, Stats, copied
from notesapp.net.topics import TOPIC_BYTES

log = logging.getLogger(__name__)

JOINING_S: Final = 0.25  # between looks at the number of nodes
JOINED_S: Final = 15.0
ASK_S: Final = 3.0  # between questions to those who answered before, while too few do
ASKED: Final = 16
POLL_S: Final = 0.05
FIRST_ITEM_S: Final = 1.5  # after the first answer others may have a newer one
READ_BACK: Final = 3


class LibtorrentDht:
    """See `DhtEngine`."""

    def __init__(self, options: DhtOptions) -> None:
        self.health = DhtHealth(DhtState.JOINING)
        self._options, self._bootstrap = options, Bootstrap(options.bootstrap, self.add_nodes)
        self._loop = asyncio.get_running_loop()
        self._session: Any = None
        self._on_change: Callable[[], None] = lambda: None
        self._began_at = self._asked_at = 0.0
        self._known: tuple[Address, ...] = options.saved  # who answered last
        self._timer: asyncio.TimerHandle | None = None
        self._poll: asyncio.TimerHandle | None = None
        self._ends: tuple[int, ...] = ()
        self._listeners: dict[bytes, list[Callable[[tuple[Address, ...]], None]]] = defaultdict(list)
        self._gets: dict[tuple[bytes, bytes], list[Callable[[Got], None]]] = defaultdict(list)
        self._puts: dict[tuple[bytes, bytes], asyncio.Future[int]] = {}
        self._locks: dict[tuple[bytes, bytes], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def start(self, on_change: Callable[[], None]) -> None:
        """See `DhtEngine.start`."""
        self._on_change, self._began_at = on_change, self._loop.time()
        try:
            self._session = _session(_settings(self._options))
        except RuntimeError as error:  # no socket or no thread to be had
            self.health = DhtHealth(DhtState.ALONE, 0, f"The DHT can't be joined: {error}")
            return
        self._listen()
        self.add_nodes(self._options.saved)
        self._look()

    def add_nodes(self, addresses: Iterable[Address]) -> None:
        """See `DhtEngine.add_nodes`."""
        for address in list(addresses)[:SAVED] if self._session is not None else ():
            if address.usable:
                self._session.add_dht_node((address.host, address.port))

    @property
    def can_walk(self) -> bool:
        """See `DhtEngine.can_walk`."""
        return self.health.state is DhtState.READY

    def new_network(self) -> None:
        """See `DhtEngine.new_network`; libtorrent opens new sockets then, whose tables of nodes are empty."""
        self._known = self.nodes() or self._known
        self._began_at = self._loop.time()
        if self._timer is not None:
            self._timer.cancel()
            self._look()

    def nodes(self) -> tuple[Address, ...]:
        """See `DhtEngine.nodes`."""
        if self._session is None:
            return ()
        params = self._session.session_state(lt.save_state_flags_t.save_dht_state)
        saved: Any = lt.bdecode(lt.write_session_params_buf(params))
        state = saved.get(b"dht state", {})
        found = [compact(raw) for name in (b"nodes", b"nodes6") for raw in state.get(name, ())]
        return tuple(it for it in found if it is not None)[:SAVED]

    def announce(self, info_hash: bytes, port: int) -> None:
        """See `DhtEngine.announce`."""
        if self._session is not None:
            self._session.dht_announce(_sha1(info_hash), port, 0)

    async def look_up(self, info_hash: bytes, on_peers: Callable[[tuple[Address, ...]], None]) -> None:
        """See `DhtEngine.look_up`."""
        if self._session is None:
            return
        listeners = self._listeners[info_hash]
        listeners.append(on_peers)
        try:
            self._session.dht_get_peers(_sha1(info_hash))
            await asyncio.sleep(LOOK_UP_S)
        finally:
            listeners.remove(on_peers)
            if not listeners:
                self._listeners.pop(info_hash, None)

    async def put(self, key: BlindedKey, salt: bytes, value: bytes) -> bool:
        """See `DhtEngine.put`."""
        if len(value) > VALUE_BYTES:
            raise LocalError(what=f"a DHT value has {len(value)} bytes")
        place = (key.public, salt)
        async with self._locks[place]:
            for _ in range(READ_BACK):
                if not await self._put_once(key, salt, value):
                    return False
                found = await self.get(key.public, salt)
                if found is not None and found.value == value:
                    return True
        return False

    async def get(self, public: bytes, salt: bytes) -> Item | None:
        """See `DhtEngine.get`."""
        if self._session is None:
            return None
        best: Item | None = None
        over: asyncio.Future[None] = self._loop.create_future()

        def on_got(got: Got) -> None:
            nonlocal best
            if got.item is not None and (best is None or got.item.seq > best.seq):
                if best is None:
                    self._loop.call_later(FIRST_ITEM_S, end)
                best = got.item
            if got.is_last:
                end()

        def end() -> None:
            if not over.done():
                over.set_result(None)

        waiting = self._gets[(public, salt)]
        waiting.append(on_got)
        try:
            self._session.dht_get_mutable_item(public, salt)
            async with asyncio.timeout(GET_S):
                await over
        except TimeoutError:
            log.debug("! no end of a get within %s s", GET_S)
        finally:
            waiting.remove(on_got)
            if not waiting:
                self._gets.pop((public, salt), None)
        return best

    async def aclose(self) -> None:
        """See `DhtEngine.aclose`."""
        if self._timer is not None:
            self._timer.cancel()
        session, self._session = self._session, None
        await self._bootstrap.aclose()
        if session is None:
            return
        self.health = DhtHealth(DhtState.OFF)
        if self._poll is not None:
            self._poll.cancel()
        ends, self._ends = self._ends, ()
        if ends:
            self._loop.remove_reader(ends[0])
        dying = [session]
        del session
        await asyncio.to_thread(dying.clear)  # the destructor waits for sockets and threads
        for end in ends:
            os.close(end)

    # -- inside -------------------------------------------------------------------------------------------------------

    async def _put_once(self, key: BlindedKey, salt: bytes, value: bytes) -> bool:
        if self._session is None:
            return False
        done: asyncio.Future[int] = self._loop.create_future()
        self._puts[(key.public, salt)] = done
        try:
            self._session.dht_put_mutable_item(key.expanded, key.public, value, salt)
            async with asyncio.timeout(PUT_S):
                return await done > 0
        except TimeoutError:
            return False
        finally:
            self._puts.pop((key.public, salt), None)

    def _listen(self) -> None:
        """A pipe wakes us; where a loop can't wait for one (Windows) we look 20 times a second."""
        if sys.platform != "win32":
            self._ends = os.pipe()
            for end in self._ends:
                os.set_blocking(end, False)
            try:
                self._loop.add_reader(self._ends[0], self._woken)
            except NotImplementedError:
                for end in self._ends:
                    os.close(end)
                self._ends = ()
        if self._ends:
            self._session.set_alert_fd(self._ends[1])
        else:
            self._poll_on()

    def _woken(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._ends[0], 4_096)
        self._drain()

    def _poll_on(self) -> None:
        if self._session is not None:
            self._drain()
            self._poll = self._loop.call_later(POLL_S, self._poll_on)

    def _drain(self) -> None:
        if self._session is None:
            return
        for heard in [copy for alert in self._session.pop_alerts() if (copy := copied(alert)) is not None]:
            match heard:
                case Peers():
                    for listener in list(self._listeners.get(heard.info_hash, ())):
                        listener(heard.peers)
                case Got():
                    for waiting in list(self._gets.get(heard.key, ())):
                        waiting(heard)
                case Put():
                    if (done := self._puts.get(heard.key)) is not None and not done.done():
                        done.set_result(heard.nodes)
                case Stats():
                    self._counted(heard.nodes)

    def _look(self) -> None:
        """Asks how many nodes there are: nobody tells."""
        if self._session is not None:
            self._session.post_dht_stats()
            is_ready = self.health.state is DhtState.READY
            self._timer = self._loop.call_later(JOINED_S if is_ready else JOINING_S, self._look)

    def _counted(self, nodes: int) -> None:
        was = self.health.state
        few = (
            min(ENOUGH, max(1, len(self._options.saved) + len(self._options.bootstrap)))
            if self._options.private
            else ENOUGH
        )
        now = self._loop.time()
        waited = now - self._began_at > ALONE_S
        if nodes < few and now - self._asked_at >= ASK_S:
            self._asked_at = now
            self._known = (*self._known[ASKED:], *self._known[:ASKED])
            self.add_nodes(self._known[:ASKED])
            self._bootstrap.ask()
        if nodes >= few or (nodes and waited):
            self.health = DhtHealth(DhtState.READY, nodes)
        elif waited:
            trouble = "No node of the DHT answers: this network may block it, or the bootstrap nodes are wrong"
            self.health = DhtHealth(DhtState.ALONE, nodes, trouble)
        else:
            self.health = DhtHealth(DhtState.JOINING, nodes)
        if self.health.state is DhtState.READY and was is not DhtState.READY:
            self._known = self.nodes() or self._known
        if self.health.state is not was:
            log.info("= DHT %s with %d nodes", self.health.state, nodes)
            self._on_change()


def _session(settings: Any) -> Any:
    return lt.session(settings)


def _settings(options: DhtOptions) -> dict[str, object]:
    together = options.private and len({it.rpartition(":")[0] for it in options.bootstrap}) < 2
    # many nodes behind one address: the usual limit would block them all after five packets a second
    in_one_place = {"dht_block_ratelimit": 1_000, "dht_upload_rate_limit": 200_000} if options.private else {}
    return in_one_place | {
        "listen_interfaces": ",".join(options.listen),
        "alert_mask": ALERTS,
        "enable_dht": True,
        "enable_lsd": False,
        "enable_upnp": False,  # its mapper opens its own port on the router, not ours
        "enable_natpmp": False,
        "enable_incoming_tcp": False,
        "enable_outgoing_tcp": False,
        "enable_incoming_utp": False,
        "enable_outgoing_utp": False,
        "dht_bootstrap_nodes": ",".join(options.bootstrap),
        "dht_read_only": not options.reachable,
        "dht_privacy_lookups": not options.private,
        "dht_restrict_routing_ips": not together,
        "dht_restrict_search_ips": not together,  # else a false answer sends it to a thousand ports of one host
        "dht_prefer_verified_node_ids": not options.private,
        "dht_ignore_dark_internet": not options.private,
    }


def _sha1(info_hash: bytes) -> Any:
    if len(info_hash) != TOPIC_BYTES:
        raise LocalError(what=f"an info hash has {len(info_hash)} bytes")
    return lt.sha1_hash(info_hash)
