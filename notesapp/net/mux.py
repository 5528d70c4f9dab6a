"""The app's one UDP port, in both families. Decides for whom a datagram is; answers none itself.

Order: a sealed probe by its first bytes; a relay frame by its first byte; a packet of a connection that we have, by its
id; the first packet of a new connection, if it comes from a validated path; a reply of the DHT, if one is awaited; all
else is dropped in silence. (A DHT packet parses as a short QUIC header: ids are looked up first.)
"""

from __future__ import annotations

import logging
import socket
from collections import Counter
from collections.abc import Callable
from typing import Final, Protocol

from notesapp.errors import NoPort
from notesapp.net.address import Address
from notesapp.net.udp import UdpPort, bound

log = logging.getLogger(__name__)

PORT: Final = 45654  # tried first, so that a broadcast probe can find us; any other serves as well
INITIAL_BYTES: Final = 1_200  # a first packet is padded to this (RFC 9000 §14.1)
_PROBE, _RELAY, _LONG, _SHORT, _DHT = 0x1F, 0x1E, 0x80, 0x40, ord("d")
_QUIC_1: Final = b"\0\0\0\1"
_ID_BYTES: Final = 8  # of all ids that we give


class Receiver(Protocol):
    """What the mux hands datagrams to."""

    def receive_probe(self, data: bytes, address: Address) -> None:
        """Something that begins like a sealed probe."""

    def receive_packet(self, data: bytes, connection_id: bytes, address: Address) -> bool:
        """A QUIC packet; whether one of our connections has that id."""

    def receive_first(self, data: bytes, connection_id: bytes, address: Address) -> bool:
        """A first QUIC packet with an unknown id; whether a connection was made of it."""

    def receive_end(self) -> None:
        """That was all for now."""


class PathMux:
    """The sockets. `dht(data, address)` may be set to say whether an awaited reply was in it."""

    def __init__(self, receiver: Receiver) -> None:
        self.dropped: Counter[str] = Counter()
        self.dht: Callable[[bytes, Address], bool] | None = None
        self._receiver = receiver
        self._ports: dict[socket.AddressFamily, UdpPort] = {}

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
        why: OSError | None = None
        for number in (port if port is not None else PORT, 0):
            for family in (socket.AF_INET, socket.AF_INET6):
                if family in self._ports:
                    continue
                try:
                    sock = bound(family, number or (self.port if self._ports else 0))
                except OSError as error:
                    why = error
                    continue
                self._ports[family] = UdpPort(sock, self._datagram, self._receiver.receive_end)
        if not self._ports:
            raise NoPort(why=(why.strerror if why else None) or "no reason was given")
        for one in self._ports.values():
            await one.start()

    def send(self, data: bytes, address: Address) -> bool:
        """Whether the system took the datagram."""
        port = self._ports.get(address.family)
        return port is not None and port.send(data, address)

    def close(self) -> None:
        """Gives the ports back."""
        for port in self._ports.values():
            port.close()

    def _datagram(self, data: bytes, address: Address) -> None:
        kind = self._route(data, address)
        if kind is not None:
            self.dropped[kind] += 1

    def _route(self, data: bytes, address: Address) -> str | None:
        """Hands it on; what it was if nobody wanted it."""
        if not data:
            return "empty"
        first = data[0]
        if first == _PROBE:
            self._receiver.receive_probe(data, address)
            return None
        if first == _RELAY:
            return "relay"  # frames of a relaying member; there is none on a LAN
        if first & _LONG:
            return self._long(data, address)
        if first & _SHORT and self._receiver.receive_packet(data, data[1 : 1 + _ID_BYTES], address):
            return None
        if first == _DHT and self.dht is not None and self.dht(data, address):
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
