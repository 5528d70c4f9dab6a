"""Where a device can be reached on UDP. Decides how addresses are written, read and ranked; resolves no names."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from notesapp.errors import BadAddress, LocalError

SockAddr = tuple[str, int] | tuple[str, int, int, int]


class Reach(IntEnum):
    """How near an address is, nearest first: the order in which equal paths are preferred."""

    HERE = 0  # this very machine
    LAN = 1
    V6 = 2
    V4 = 3
    RELAY = 4  # through a member


# What no packet on the internet carries as its destination (RFC 1918, 3927, 6598, 4193, 4291).
_LANS = tuple(
    map(
        ipaddress.ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10"),
    )
)
_RELAYED = ipaddress.IPv6Network("100::/64")  # the discard prefix (RFC 6666): so nothing real is ever called so


@dataclass(frozen=True)
class Address:
    """An IP address and a UDP port; `scope` is the interface of a link-local IPv6 address.

    `mine` says from which port of ours it is reached: 0 is the app's port, others were opened for a hard NAT.
    """

    host: str
    port: int
    scope: int = 0
    mine: int = 0

    @classmethod
    def of(cls, sockaddr: tuple[object, ...], mine: int = 0) -> Address:
        """What a socket calls the other end: (host, port) or (host, port, flow, scope)."""
        match sockaddr:
            case (str(host), int(port)):
                return cls(host, port, 0, mine)
            case (str(host), int(port), int(), int(scope)):
                return cls(host.split("%")[0], port, scope, mine)
        raise LocalError(what=f"a socket called an address {sockaddr!r}")

    @classmethod
    def parse(cls, text: str, port: int | None = None) -> Address:
        """What a person typed: `192.168.1.7:4242`, `[fe80::1%eth0]:4242`, or without a port if one is given.

        `BadAddress` says what is wrong.
        """
        shown = text.strip()
        host, _, tail = shown.rpartition(":")
        if shown.startswith("["):
            host, closed, tail = shown[1:].partition("]")
            if not closed or (tail and not tail.startswith(":")):
                raise BadAddress(text=shown)
            tail = tail[1:]
        elif not host or ":" in host:  # no port, or a bare IPv6 address
            host, tail = shown, ""
        bare, _, zone = host.partition("%")
        number = int(tail) if tail.isascii() and tail.isdigit() and len(tail) <= 5 else (None if tail else port)
        try:
            address = ipaddress.ip_address(bare)
        except ValueError:
            raise BadAddress(text=shown) from None
        if number is None or not 0 < number < 65536 or (zone and address.version == 4):
            raise BadAddress(text=shown)
        return cls(str(address), number, _scope(zone, shown) if zone else 0)

    @cached_property
    def ip(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
        """The host as a number that knows its kind."""
        return ipaddress.ip_address(self.host)

    @property
    def family(self) -> socket.AddressFamily:
        """The socket family that reaches it."""
        return socket.AF_INET6 if ":" in self.host else socket.AF_INET

    @property
    def sockaddr(self) -> SockAddr:
        """What `sendto` takes."""
        return (self.host, self.port, 0, self.scope) if ":" in self.host else (self.host, self.port)

    @cached_property
    def reach(self) -> Reach:
        """How near it is."""
        ip = self.ip
        if ip.is_loopback:
            return Reach.HERE
        if ip in _RELAYED:
            return Reach.RELAY
        if any(ip.version == it.version and ip in it for it in _LANS):
            return Reach.LAN
        return Reach.V6 if ip.version == 6 else Reach.V4

    @classmethod
    def relayed(cls, number: int) -> Address:
        """What the way through a relay is called here: no address, only a name for it."""
        return cls(str(_RELAYED.network_address + number), 1)

    @cached_property
    def usable(self) -> bool:
        """Whether one device can be there: not a group, not nowhere, and a link-local one names its link."""
        ip = self.ip
        if ip.is_multicast or ip.is_unspecified or self.host == "255.255.255.255" or not 0 < self.port < 65536:
            return False
        return self.reach is not Reach.RELAY and not (ip.version == 6 and ip.is_link_local and not self.scope)

    def packed(self) -> bytes:
        """19 bytes: family, 16 bytes of address, port; the scope means nothing to anybody else."""
        raw = self.ip.packed
        return bytes([self.ip.version]) + raw.ljust(16, b"\0") + self.port.to_bytes(2, "big")

    @classmethod
    def unpacked(cls, data: bytes) -> Address | None:
        """The inverse of `packed`; None if it is no address."""
        if len(data) != PACKED_BYTES or data[0] not in (4, 6):
            return None
        raw = data[1:5] if data[0] == 4 else data[1:17]
        return cls(str(ipaddress.ip_address(raw)), int.from_bytes(data[17:], "big"))

    def __str__(self) -> str:
        zone = f"%{self.scope}" if self.scope else ""
        return f"[{self.host}{zone}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


PACKED_BYTES = 19


def _scope(zone: str, shown: str) -> int:
    if zone.isascii() and zone.isdigit() and len(zone) < 10:
        return int(zone)
    try:
        return socket.if_nametoindex(zone)
    except (OSError, ValueError):
        raise BadAddress(text=shown) from None
