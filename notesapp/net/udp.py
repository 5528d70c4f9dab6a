"""One UDP socket on the event loop. Decides how much is read in one go; what the bytes are is the mux's."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import sys
from collections.abc import Callable
from typing import Final

from notesapp.net.address import Address

log = logging.getLogger(__name__)

SLICE_S: Final = 0.002  # of each tick: the window is painted on the same loop
DATAGRAM_BYTES: Final = 2_048  # more than we ever send; what is longer is not for us
BUFFER_BYTES: Final = 4 * 1024 * 1024
ALL_HOSTS: Final = "224.0.0.1"  # every system is in this group (RFC 1112 §4)
# An answer "port unreachable" to an earlier packet: says nothing about this one.
_HARMLESS: Final = {errno.ECONNREFUSED, errno.ECONNRESET, errno.EMSGSIZE}


class UdpPort:
    """A bound socket of one family. `on_datagrams_end` is called once after each batch of `on_datagram`."""

    def __init__(
        self,
        sock: socket.socket,
        on_datagram: Callable[[bytes, Address], object],
        on_datagrams_end: Callable[[], None],
        mine: int = 0,
    ) -> None:
        self.lost_sending = 0  # datagrams that found the system's buffer full
        self.unsent = 0  # datagrams to where no way leads: the network is gone, or the address means nothing here
        self._sock, self._loop = sock, asyncio.get_running_loop()
        self._on_datagram, self._on_end = on_datagram, on_datagrams_end
        self._mine = mine
        self._transport: asyncio.DatagramTransport | None = None
        self._closed = False

    @property
    def number(self) -> int:
        """The port."""
        return int(self._sock.getsockname()[1])

    async def start(self) -> None:
        """Begins to read."""
        try:
            self._loop.add_reader(self._sock.fileno(), self._drain)
        except NotImplementedError:  # a proactor loop: Qt's on Windows
            self._transport, _ = await self._loop.create_datagram_endpoint(lambda: _Reader(self), sock=self._sock)

    def send(self, data: bytes, address: Address) -> bool:
        """Whether the system took it; a full buffer loses it, as any network may."""
        if self._closed:
            return False
        try:
            if self._transport is not None:
                self._transport.sendto(data, address.sockaddr)
            else:
                self._sock.sendto(data, address.sockaddr)
        except (BlockingIOError, InterruptedError):
            self.lost_sending += 1
        except OSError as error:
            if error.errno not in _HARMLESS:
                self.unsent += 1
                return False
        return True

    def send_short(self, data: bytes, address: Address, hops: int) -> bool:
        """The same, to live for so many routers only: it opens ours and dies before it disturbs the other one's."""
        if self._closed:
            return False
        level, option = (
            (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS)
            if address.family == socket.AF_INET6
            else (socket.IPPROTO_IP, socket.IP_TTL)
        )
        usual = self._sock.getsockopt(level, option)
        self._sock.setsockopt(level, option, hops)
        try:
            return self.send(data, address)
        finally:
            self._sock.setsockopt(level, option, usual)

    def send_to_self(self, data: bytes, host: str) -> None:
        """A packet that comes back from the interface with this IPv4 address and goes nowhere else; else `OSError`."""
        out = socket.inet_aton(host)
        self._sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, out)
        self._sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 0)
        self._sock.sendto(data, (ALL_HOSTS, self.number))

    def close(self) -> None:
        """Stops reading and gives the port back."""
        if self._closed:
            return
        self._closed = True
        if self._transport is not None:
            self._transport.close()
        else:
            self._loop.remove_reader(self._sock.fileno())
            self._sock.close()

    def receive(self, data: bytes, sockaddr: tuple[object, ...]) -> None:
        """One datagram from a loop that reads by itself."""
        self._on_datagram(data, Address.of(sockaddr, self._mine))
        self._on_end()

    def _drain(self) -> None:
        until = self._loop.time() + SLICE_S
        receive, on_datagram, mine = self._sock.recvfrom, self._on_datagram, self._mine
        try:
            while not self._closed:
                data, sockaddr = receive(DATAGRAM_BYTES)
                on_datagram(data, Address.of(sockaddr, mine))
                if self._loop.time() >= until:
                    break
        except (BlockingIOError, InterruptedError):
            pass
        except OSError as error:
            if error.errno not in _HARMLESS:
                log.info("! the socket says %s", error)
        self._on_end()


class _Reader(asyncio.DatagramProtocol):
    def __init__(self, port: UdpPort) -> None:
        self._port = port

    def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:
        self._port.receive(data, addr)

    def error_received(self, exc: Exception) -> None:
        log.debug("! the socket says %s", exc)


def bound(family: socket.AddressFamily, port: int, buffer_bytes: int = BUFFER_BYTES) -> socket.socket:
    """A socket for all interfaces on this port (0: any); `OSError` if it is busy or the family unknown."""
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            sock.setsockopt(socket.SOL_SOCKET, option, buffer_bytes)
        _forgive_unreachable(sock)
        sock.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", port))
    except OSError:
        sock.close()
        raise
    return sock


def _forgive_unreachable(sock: socket.socket) -> None:
    """Windows only: else one peer whose port is closed ends all reading (SIO_UDP_CONNRESET, which Python lacks)."""
    if sys.platform == "win32":
        import ctypes

        off, returned = ctypes.c_ulong(0), ctypes.c_ulong(0)
        ctypes.windll.ws2_32.WSAIoctl(
            ctypes.c_void_p(sock.fileno()), ctypes.c_ulong(0x9800000C),
            ctypes.byref(off), 4, None, 0, ctypes.byref(returned), None, None,
        )  # fmt: skip
