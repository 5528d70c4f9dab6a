"""The app's one UDP port, in both families. Decides for whom a datagram is; answers none itself.

Besides that port there may be further ones, opened for a NAT that gives each of them another outside port; an address
says from which of them it is reached.

Order: a sealed probe by its first bytes; a relay frame by its first byte; a packet of a connection that we have, by its
id; the first packet of a new connection, if it comes from a validated path; a reply of the DHT or of a STUN server, if
one is awaited; all else is dropped in silence. (A DHT packet parses as a short QUIC header: ids are looked up first.)
"""

from __future__ import annotations

import errno
import logging
import socket
from collections import Counter
from collections.abc import Callable
from typing import Final, Protocol

from notesapp.errors import NoPort
from notesapp.net.address import Address, Reach
from notesapp.net.udp import UdpPort, bound
from notesapp.net.wall import FIRST as _ECHO

log = logging.getLogger(__name__)

PORT: Final = 45654  # tried first, so that a broadcast probe can find us; any other serves as well
INITIAL_BYTES: Final = 1_200  # a first packet is padded to this (RFC 9000 §14.1)
_PROBE, _RELAY, _LONG, _SHORT, _DHT, _STUN = 0x1F, 0x1E, 0x80, 0x40, ord("d"), 0x01
_QUIC_1: Final = b"\0\0\0\1"
_TAKEN: Final = {errno.EADDRINUSE, errno.EACCES}  # Windows says the second of a port held by another program
_ID_BYTES: Final = 8  # of all ids that we give
SPARE_PORTS: Final = 300
SPARE_BUFFER_BYTES: Final = 256 * 1024


class Receiver(Protocol):
    """What the mux hands datagrams to."""

    def receive_probe(self, data: bytes, address: Address) -> bool:
        """Something that begins like a sealed probe; whether it was one for us."""

    def receive_packet(self, data: bytes, connection_id: bytes, address: Address) -> bool:
        """A QUIC packet; whether one of our connections has that id."""

    def receive_first(self, data: bytes, connection_id: bytes, address: Address) -> bool:
        """A first QUIC packet with an unknown id; whether a connection was made of it."""

    def receive_relayed(self, data: bytes, address: Address) -> bool:
        """A relay's frame; whether it was for us or for somebody whom we relay for."""

    def receive_end(self) -> None:
        """That was all for now."""


class PathMux:
    """The sockets. `dht(data, address)` may be set to say whether an awaited reply was in it."""

    def __init__(self, receiver: Receiver) -> None:
        self.dropped: Counter[str] = Counter()
        self.dht: Callable[[bytes, Address], bool] | None = None
        self.echo: Callable[[bytes], bool] | None = None  # what we sent to ourselves
        self._receiver = receiver
        self.relay: Callable[[bytes, Address], bool] | None = None  # sends what goes by way of a member
        self._ports: dict[socket.AddressFamily, UdpPort] = {}
        self._spare: dict[int, UdpPort] = {}
        self._opened = 0

    @property
    def port(self) -> int:
        """The number of the port, the same in both families if it was free in both."""
        return next(iter(self._ports.values())).number

    @property
    def port_v6(self) -> int | None:
        """The number of the IPv6 port; None on a system without IPv6."""
        port = self._ports.get(socket.AF_INET6)
        return None if port is None else port.number

    @property
    def unsent(self) -> int:
        """Datagrams that the system had no way for."""
        return sum(port.unsent for port in self._ports.values())

    async def open(self, port: int | None = None) -> None:
        """Binds the given port, else the usual one, else any; `NoPort` if there is none at all."""
        found, why = _both(port if port is not None else PORT)
        if why is not None and why.errno in _TAKEN:  # by another program, in one family at least: another for both
            for sock in found.values():
                sock.close()
            found, why = _both(0)
        for family, sock in found.items():
            self._ports[family] = UdpPort(sock, self._datagram, self._receiver.receive_end)
        if not self._ports:
            raise NoPort(why=(why.strerror if why else None) or "no reason was given")
        for one in self._ports.values():
            await one.start()

    async def open_spare(self) -> int | None:
        """One more IPv4 port: what `Address.mine` calls it; None if the system gives none."""
        if len(self._spare) >= SPARE_PORTS or not self._ports:
            return None
        try:
            sock = bound(socket.AF_INET, 0, SPARE_BUFFER_BYTES)
        except OSError as error:
            log.info("! no further port: %s", error)
            return None
        self._opened += 1
        port = self._spare[self._opened] = UdpPort(sock, self._datagram, self._receiver.receive_end, self._opened)
        mine = self._opened
        await port.start()
        return mine

    def close_spare(self, mine: int) -> None:
        """Gives one of the further ports back."""
        if (port := self._spare.pop(mine, None)) is not None:
            port.close()

    @property
    def spare(self) -> dict[int, int]:
        """The further ports: what they are called, and their numbers."""
        return {mine: port.number for mine, port in self._spare.items()}

    def send(self, data: bytes, address: Address, hops: int = 0) -> bool:
        """Whether the system took the datagram. `hops`: how many routers it shall pass at most; 0: as many as usual."""
        if address.reach is Reach.RELAY:
            return self.relay is not None and self.relay(data, address)
        port = self._spare.get(address.mine) if address.mine else self._ports.get(address.family)
        if port is None:
            return False
        return port.send_short(data, address, hops) if hops else port.send(data, address)

    def send_to_self(self, data: bytes, host: str) -> None:
        """See `UdpPort.send_to_self`; without an IPv4 port `OSError`."""
        port = self._ports.get(socket.AF_INET)
        if port is None:
            raise OSError(errno.EAFNOSUPPORT, "no IPv4 port")
        port.send_to_self(data, host)

    def close(self) -> None:
        """Gives the ports back."""
        for port in (*self._ports.values(), *self._spare.values()):
            port.close()

    def again(self, data: bytes, address: Address) -> bool:
        """What a relay's frame held, as if it had come from the way's made-up address; whether it was for us."""
        if data[:1] != bytes([_RELAY]):  # one hop: no frame in a frame
            return self._datagram(data, address)
        return False

    def _datagram(self, data: bytes, address: Address) -> bool:
        kind = self._route(data, address)
        if kind:
            self.dropped[kind] += 1
        return kind is None

    def _route(self, data: bytes, address: Address) -> str | None:
        """Hands it on; what it was if nobody wanted it."""
        if not data:
            return "empty"
        first = data[0]
        if first == _PROBE:
            return None if self._receiver.receive_probe(data, address) else ""  # counted there
        if first == _RELAY:
            return None if self._receiver.receive_relayed(data, address) else "relay"
        if first & _LONG:
            return self._long(data, address)
        if first & _SHORT and self._receiver.receive_packet(data, data[1 : 1 + _ID_BYTES], address):
            return None
        if first in (_DHT, _STUN) and self.dht is not None and self.dht(data, address):
            return None
        if first == _ECHO and self.echo is not None and self.echo(data):
            return None
        return "noise"

    def _long(self, data: bytes, address: Address) -> str | None:
        length = data[5] if len(data) > 5 else 0
        connection_id = data[6 : 6 + length]
        if not 8 <= length <= 20 or len(connection_id) != length or data[1:5] != _QUIC_1:
            return "not our QUIC"
        if self._receiver.receive_packet(data, connection_id, address):
            return None
        if data[0] & 0x30 == 0 and len(data) >= INITIAL_BYTES:
            return None if self._receiver.receive_first(data, connection_id, address) else "stranger"
        return "unknown connection"


def _both(number: int) -> tuple[dict[socket.AddressFamily, socket.socket], OSError | None]:
    """Sockets of this port in both families (0: any, the same if it can be had), and why one is missing."""
    found: dict[socket.AddressFamily, socket.socket] = {}
    why: OSError | None = None
    for family in (socket.AF_INET, socket.AF_INET6):
        same = [int(sock.getsockname()[1]) for sock in found.values()]
        for one in (number,) if number else (*same, 0):
            try:
                found[family] = bound(family, one)
            except OSError as error:
                why = error if why is None or error.errno in _TAKEN else why
            else:
                break
    return found, why
