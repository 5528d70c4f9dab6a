"""All QUIC connections of the app's port, of both roles. Decides which may begin and when packets go out.

Each connection has a made-up, constant address: where its packets really go is the path table's choice, so that either
end may move while a transfer runs. A first packet counts only from a validated way and with the knock of a bond that
its sender shares with us; whoever else knocks hears nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from notesapp.errors import LinkOver
from notesapp.identity.primitives import Entropy
from notesapp.net.address import Address
from notesapp.net.bond import TAG_BYTES, Bond
from notesapp.net.certificate import Certificate
from notesapp.net.connection import IDLE_S, PatientConnection, configuration
from notesapp.net.disco import Disco
from notesapp.net.link import End
from notesapp.net.paths import PathTable, Remote
from notesapp.net.quic_link import QuicLink

log = logging.getLogger(__name__)

HANDSHAKE_S: Final = 8.0
CONNECTIONS: Final = 256
GREETING_A_REMOTE: Final = 4  # handshakes at once with one remote
VIRTUAL: Final = ("link", 0)


@dataclass(slots=True)
class _Held:
    link: QuicLink
    ids: set[bytes]
    timer: asyncio.TimerHandle | None = None
    fires_at: float = 0.0
    dirty: bool = False


class QuicEndpoint:
    """Dials and accepts. `on_link(link)` is called for each link that somebody else opened, once it can be used."""

    def __init__(
        self,
        disco: Disco,
        paths: PathTable,
        send: Callable[[bytes, Address], bool],
        entropy: Entropy,
        on_link: Callable[[QuicLink], None],
        idle_s: float = IDLE_S,
    ) -> None:
        self._disco, self._paths, self._send, self._entropy, self._on_link = disco, paths, send, entropy, on_link
        self._loop = asyncio.get_running_loop()
        self._idle_s = idle_s
        self._certificate = Certificate.fresh()
        self._held: dict[bytes, _Held] = {}  # by connection id
        self._links: dict[QuicLink, _Held] = {}
        self._dirty: list[_Held] = []
        self._flushing = False
        self._dials: dict[QuicLink, asyncio.Future[None]] = {}

    @property
    def links(self) -> list[QuicLink]:
        """All links that can be used."""
        return [link for link in self._links if link.ready and link.end is None]

    async def dial(self, bond: Bond, run: bytes, deadline_s: float = HANDSHAKE_S) -> QuicLink:
        """A link to a remote run to which a validated way leads; `LinkOver` if it doesn't answer in time."""
        remote = self._paths.remote(bond.name, run)
        if remote is None or remote.current is None:
            raise LinkOver(why=End.NO_ANSWER)
        nonce = self._entropy(TAG_BYTES)
        knock = nonce + bond.knock(nonce, self._disco.run, run)
        connection = PatientConnection(configuration(None, self._idle_s), first_id=knock)
        held = self._hold(connection, bond.name, run, {connection.host_cid}, is_dialer=True)
        opened = self._dials[held.link] = self._loop.create_future()
        connection.connect(VIRTUAL, self._loop.time())
        self._mark(held)
        try:
            async with asyncio.timeout(deadline_s):
                await opened
        except (TimeoutError, asyncio.CancelledError) as error:
            held.link.abort(End.NO_ANSWER)
            if isinstance(error, asyncio.CancelledError):
                raise
            raise LinkOver(why=End.NO_ANSWER) from None
        finally:
            self._dials.pop(held.link, None)
        return held.link

    def receive(self, data: bytes, connection_id: bytes, address: Address) -> bool:
        """A packet; whether its id is one of ours. `end_batch` follows."""
        held = self._held.get(connection_id)
        if held is None:
            return False
        self._take(held, data)
        return True

    def receive_first(self, data: bytes, connection_id: bytes, address: Address) -> bool:
        """The first packet of a connection, if its sender may open one."""
        if len(connection_id) != 2 * TAG_BYTES or len(self._links) >= CONNECTIONS:
            return False
        remote = self._knocker(connection_id, address)
        if remote is None:
            return False
        greeting = sum(1 for it in self._links if it.run == remote.run and not it.ready)
        if greeting >= GREETING_A_REMOTE:
            return False
        connection = PatientConnection(configuration(self._certificate, self._idle_s), first_id=connection_id)
        ids = {connection_id, connection.host_cid}
        held = self._hold(connection, remote.bond, remote.run, ids, is_dialer=False)
        self._take(held, data)
        if not connection.has_begun:
            self._forget(held)
        return connection.has_begun

    def end_batch(self) -> None:
        """All datagrams that had arrived were given: now answer."""
        self._flush()

    def revive(self, bond: bytes, run: bytes) -> None:
        """The way to a remote is new or carries again: send what waits."""
        for held in list(self._links.values()):
            if (held.link.bond, held.link.run) == (bond, run):
                held.link.connection.revive(self._loop.time())
                self._mark(held)

    def keep_alive(self) -> None:
        """Asks each link for a sign of life, so that none ends by silence while the other end lives."""
        for held in list(self._links.values()):
            if held.link.ready and held.link.end is None and self._loop.time() - held.link.packet_at > self._idle_s / 8:
                held.link.connection.send_ping(0)
                self._mark(held)

    async def aclose(self, flush_s: float = 1.0) -> None:
        """Ends all links, after what waits was sent (for at most `flush_s`)."""
        closing = [asyncio.ensure_future(link.aclose()) for link in list(self._links)]
        if closing:
            _, late = await asyncio.wait(closing, timeout=flush_s)
            for it in late:
                it.cancel()
        for held in list(self._links.values()):
            held.link.abort(End.CLOSED_HERE)
            self._settle(held)
            self._forget(held)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _knocker(self, connection_id: bytes, address: Address) -> Remote | None:
        nonce, knock = connection_id[:TAG_BYTES], connection_id[TAG_BYTES:]
        for remote in self._paths.fresh_at(address, self._loop.time()):
            bond = self._disco.bond(remote.bond)
            if bond is not None and bond.expects_knock(nonce, remote.run, self._disco.run) == knock:
                return remote
        return None

    def _hold(
        self, connection: PatientConnection, bond: bytes, run: bytes, ids: set[bytes], *, is_dialer: bool
    ) -> _Held:
        link = QuicLink(connection, bond, run, self._paths, self._transmit, is_dialer=is_dialer)
        held = self._links[link] = _Held(link, ids)
        for it in ids:
            self._held[it] = held
        return held

    def _take(self, held: _Held, data: bytes) -> None:
        held.link.heard_at = held.link.packet_at = now = self._loop.time()
        try:
            held.link.connection.receive_datagram(data, VIRTUAL, now)
        except Exception:
            log.warning("! a packet broke the connection with %s", held.link.remote, exc_info=True)
            held.link.abort(End.REFUSED)
        self._mark(held, soon=False)

    def _transmit(self, link: QuicLink) -> None:
        held = self._links.get(link)
        if held is not None:
            self._mark(held)

    def _mark(self, held: _Held, *, soon: bool = True) -> None:
        if not held.dirty:
            held.dirty = True
            self._dirty.append(held)
            if soon and not self._flushing:
                self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        if self._flushing:
            return
        self._flushing = True
        try:
            while self._dirty:
                held = self._dirty.pop()
                held.dirty = False
                if held.link in self._links:
                    self._settle(held)
        finally:
            self._flushing = False

    def _settle(self, held: _Held) -> None:
        """After each input: events out, ids kept, packets sent, the timer set, endings told."""
        link, connection = held.link, held.link.connection
        became_ready, came, went = link.pump()
        for it in came:
            held.ids.add(it)
            self._held[it] = held
        for it in went:
            held.ids.discard(it)
            self._held.pop(it, None)
        self._send_packets(held)
        if became_ready:
            self._opened(link)
        if link.end is not None and (dialling := self._dials.get(link)) is not None and not dialling.done():
            dialling.set_exception(LinkOver(why=link.end))
        if (at := connection.get_timer()) is None or link.end is End.SILENT:
            self._forget(held)
        elif held.timer is None or at < held.fires_at or held.timer.cancelled():
            if held.timer is not None:
                held.timer.cancel()
            held.timer, held.fires_at = self._loop.call_at(at, self._fire, held), at

    def _send_packets(self, held: _Held) -> None:
        remote = held.link.remote
        if remote.port and held.link.connection.has_begun:
            for packet, _ in held.link.connection.datagrams_to_send(self._loop.time()):
                self._send(packet, remote)

    def _opened(self, link: QuicLink) -> None:
        dialling = self._dials.get(link)
        if dialling is not None:
            if not dialling.done():
                dialling.set_result(None)
        elif not link.is_dialer:
            self._on_link(link)

    def _fire(self, held: _Held) -> None:
        held.timer = None
        connection, now = held.link.connection, self._loop.time()
        at = connection.get_timer()
        if at is not None and at <= now:
            connection.handle_timer(now)
        if not held.link.ready and held.link.end is None and now - held.link.began_at > HANDSHAKE_S:
            held.link.abort(End.NO_ANSWER)
        self._mark(held)

    def _forget(self, held: _Held) -> None:
        if held.timer is not None:
            held.timer.cancel()
            held.timer = None
        self._links.pop(held.link, None)
        for it in held.ids:
            self._held.pop(it, None)
