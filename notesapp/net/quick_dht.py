"""A `DhtEngine` that walks by itself, from the app's own port, beside another engine that keeps the nodes.

libtorrent waits 15 s for each dead node on its way (and some always are); this one doesn't. What it announces is
announced from the port that others shall reach. It answers nobody, keeps no table and asks a node three times a second
at most. Whoever was nearest to a target is asked first when it is looked for again, so that looking often costs a dozen
packets and one round trip. What it can't do (no node known yet, too few answer) the other engine does as before.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import math
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final

from notesapp.errors import LocalError
from notesapp.identity.blinding import BlindedKey
from notesapp.identity.primitives import Entropy
from notesapp.net import krpc
from notesapp.net.address import Address
from notesapp.net.dht import VALUE_BYTES, DhtEngine, DhtHealth, DhtState, Item
from notesapp.net.limits import Bucket
from notesapp.net.silence import Silence
from notesapp.net.tasks import Tasks
from notesapp.net.walk import WIDTH, Near, Walk, usable_nodes

log = logging.getLogger(__name__)

STORED: Final = 3  # nodes that must have taken a value
STORE_S: Final = 1.5
WALKS: Final = 12  # at once
PENDING: Final = 1_024
A_NODE_A_S: Final = 3.0
NODES: Final = 2_048  # whose limits are remembered
ANSWER_S: Final = 5.0
NEWER_S: Final = 0.2  # after the first value another of the nearest may have a newer one; who looks again gets it then
SLOW_AFTER_S: Final = 1.0  # most walks are over by then
TARGETS: Final = 256  # whose nearest nodes are remembered

Said = dict[str, bytes | int | list[bytes]]
OnAnswer = Callable[[Address, krpc.Answer], None]


class QuickDht:
    """See the module. Hand it what may be an answer by `receive`."""

    def __init__(
        self, engine: DhtEngine, send: Callable[[bytes, Address], bool], entropy: Entropy, *, private: bool
    ) -> None:
        self._engine, self._send, self._entropy, self._private = engine, send, entropy, private
        self._loop = asyncio.get_running_loop()
        self._id = entropy(krpc.NODE_ID_BYTES)
        self._known: tuple[Address, ...] = ()
        self._pending: OrderedDict[bytes, tuple[Address, float, OnAnswer]] = OrderedDict()
        self._limits: OrderedDict[Address, Bucket] = OrderedDict()
        self._near: OrderedDict[bytes, list[Address]] = OrderedDict()
        self._silence = Silence()
        self._room = asyncio.Semaphore(WALKS)
        self._tasks = Tasks()

    @property
    def health(self) -> DhtHealth:
        """See `DhtEngine.health`."""
        return self._engine.health

    async def start(self, on_change: Callable[[], None]) -> None:
        """See `DhtEngine.start`."""
        await self._engine.start(on_change)

    def add_nodes(self, addresses: Iterable[Address]) -> None:
        """See `DhtEngine.add_nodes`."""
        self._engine.add_nodes(addresses)

    @property
    def can_walk(self) -> bool:
        """See `DhtEngine.can_walk`: walks need nodes, and nobody's table of them."""
        return self._engine.can_walk or (self.health.state is DhtState.JOINING and bool(self._known))

    def new_network(self) -> None:
        """See `DhtEngine.new_network`."""
        self._known = self.nodes()
        self._near.clear()
        self._silence.forget()
        self._engine.new_network()

    def nodes(self) -> tuple[Address, ...]:
        """See `DhtEngine.nodes`; those of a moment ago while the engine has none."""
        self._known = self._engine.nodes() or self._known
        return self._known

    def announce(self, info_hash: bytes, port: int) -> None:
        """See `DhtEngine.announce`."""
        self._engine.announce(info_hash, port)
        self._tasks.start(self._announce(info_hash, port))

    async def look_up(self, info_hash: bytes, on_peers: Callable[[tuple[Address, ...]], None]) -> None:
        """See `DhtEngine.look_up`."""

        def hear(_: Address, answer: krpc.Answer) -> None:
            if answer.peers:
                on_peers(answer.peers)

        quick = asyncio.ensure_future(self._walk(b"get_peers", info_hash, {"info_hash": info_hash}, hear))
        try:
            await self._engine.look_up(info_hash, on_peers)
            await quick
        finally:
            quick.cancel()

    async def put(self, key: BlindedKey, salt: bytes, value: bytes) -> bool:
        """See `DhtEngine.put`: here it is three nodes that say so."""
        if len(value) > VALUE_BYTES:
            raise LocalError(what=f"a DHT value has {len(value)} bytes")
        found, near = await self._get(key.public, salt)
        item = Item(value, 1 if found is None else found.seq + 1)
        signature = key.sign(krpc.signed_part(salt, item))
        said: Said = {"k": key.public, "seq": item.seq, "sig": signature, "v": value}
        if salt:
            said["salt"] = salt
        stored = await self._store(b"put", near, said)
        log.debug("> put at %d of %d nodes", stored, len(near))
        return stored >= STORED or await self._engine.put(key, salt, value)

    async def get(self, public: bytes, salt: bytes) -> Item | None:
        """See `DhtEngine.get`: where as many as count have nothing, nothing is there; else the other engine looks."""
        slow = asyncio.ensure_future(self._get_slowly(public, salt))
        try:
            found, near = await self._get(public, salt, newer_s=NEWER_S)
            return found if found is not None or len(near) >= WIDTH else await slow
        finally:
            slow.cancel()

    async def aclose(self) -> None:
        """See `DhtEngine.aclose`."""
        await self._tasks.aclose()
        await self._engine.aclose()

    def receive(self, data: bytes, address: Address, now: float) -> bool:
        """Whether this was an answer that a walk waits for."""
        said = krpc.answer(data)
        if said is None:
            return False
        asked, at, on_answer = self._pending.get(said.transaction, (None, 0.0, None))
        if asked != address or on_answer is None or now - at > ANSWER_S:
            return False
        del self._pending[said.transaction]
        self._silence.answered(address)
        on_answer(address, said)
        return True

    # -- inside -------------------------------------------------------------------------------------------------------

    async def _announce(self, info_hash: bytes, port: int) -> None:
        near = await self._walk(b"get_peers", info_hash, {"info_hash": info_hash}, lambda address, answer: None)
        await self._store(b"announce_peer", near, {"info_hash": info_hash, "port": port, "implied_port": 0})

    async def _get_slowly(self, public: bytes, salt: bytes) -> Item | None:
        await asyncio.sleep(SLOW_AFTER_S)
        return await self._engine.get(public, salt)

    async def _get(self, public: bytes, salt: bytes, newer_s: float = math.inf) -> tuple[Item | None, list[Near]]:
        """The newest item that comes at most `newer_s` after the first one, and who is near it."""
        best: list[Item] = []
        ends_at = math.inf

        def hear(_: Address, answer: krpc.Answer) -> None:
            nonlocal ends_at
            found = krpc.item(answer, public, salt)
            if found is not None and (not best or found.seq > best[0].seq):
                ends_at = min(ends_at, self._loop.time() + newer_s)
                best[:] = [found]

        target = hashlib.sha1(public + salt, usedforsecurity=False).digest()
        near = await self._walk(b"get", target, {"target": target}, hear, lambda: ends_at)
        return (best[0] if best else None), near

    async def _walk(
        self, what: bytes, target: bytes, said: Said, hear: OnAnswer, ends_at: Callable[[], float] = lambda: math.inf
    ) -> list[Near]:
        async with self._room:
            known, said = self._family(said)
            walk, news = Walk(target, (*self._near.get(target, ()), *known), self._loop.time()), asyncio.Event()

            def answered(address: Address, answer: krpc.Answer) -> None:
                nodes = usable_nodes(answer.nodes, private=self._private, like=address)
                walk.answered(address, krpc.Answer(answer.transaction, answer.node_id, None, nodes, (), answer.token))
                hear(address, answer)
                news.set()

            while not walk.is_over(now := self._loop.time()) and now < ends_at():
                while due := walk.due(now):
                    for address in due:
                        if not self._ask(what, address, said, answered):
                            walk.passed(address)
                news.clear()
                try:
                    async with asyncio.timeout_at(min(walk.wake_at(now), ends_at()) + 0.01):
                        await news.wait()
                except TimeoutError:
                    continue
            self._remember(target, walk.nearest)
            return walk.nearest

    def _remember(self, target: bytes, near: list[Near]) -> None:
        """Who is asked first the next time; nobody, if they fell silent."""
        self._near.pop(target, None)
        self._near[target] = [it.address for it in near]
        while len(self._near) > TARGETS:
            self._near.popitem(last=False)

    def _family(self, said: Said) -> tuple[list[Address], Said]:
        """Whom to begin with. IPv4 and IPv6 have a DHT each (BEP 32): the second one where nothing of the first is."""
        known = sorted(self.nodes(), key=lambda it: self._entropy(4))
        if four := [it for it in known if ":" not in it.host]:
            return four, said
        return known, said | {"want": [b"n6"]}

    async def _store(self, what: bytes, near: list[Near], said: Said) -> int:
        """At how many of the nearest nodes something lies now."""
        stored, enough = set[Address](), asyncio.Event()
        there = [it for it in near if it.token is not None]

        def answered(address: Address, _: krpc.Answer) -> None:
            stored.add(address)
            if len(stored) == len(there):
                enough.set()

        for it in there:
            self._ask(what, it.address, said | {"token": it.token or b""}, answered)
        try:
            async with asyncio.timeout(STORE_S if there else 0):
                await enough.wait()
        except TimeoutError:
            log.debug("! %d of %d nodes took it", len(stored), len(there))
        return len(stored)

    def _ask(self, what: bytes, address: Address, said: Said, on_answer: OnAnswer) -> bool:
        """Whether it was asked."""
        now = self._loop.time()
        limit = self._limits.setdefault(address, Bucket(A_NODE_A_S, 1_000 if self._private else A_NODE_A_S))
        self._limits.move_to_end(address)
        if not limit.take(now) or not self._silence.may(address, now):
            return False
        transaction = self._entropy(krpc.TRANSACTION_BYTES)
        sent = self._send(krpc.query(what, transaction, self._id, **said), address)
        if sent:
            self._pending[transaction] = (address, now, on_answer)
        while len(self._pending) > PENDING:
            self._pending.popitem(last=False)
        while len(self._limits) > NODES:
            self._limits.popitem(last=False)
        return sent
