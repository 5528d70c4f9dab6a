"""Linux's own news of links and addresses (rtnetlink(7)). Decides which messages mean that something changed."""

from __future__ import annotations

import socket
import struct
from typing import Final

_GROUPS: Final = 0x1 | 0x10 | 0x100  # links, IPv4 addresses, IPv6 addresses
_HEAD: Final = struct.Struct("=IHHII")  # length, type, flags, sequence, port id
_LINK: Final = struct.Struct("=BxHiII")  # family, type, index, flags, change
_NEW_LINK, _DEL_LINK, _NEW_ADDRESS, _DEL_ADDRESS = 16, 17, 20, 21
_RUNNING: Final = 0x40  # IFF_RUNNING: there is a carrier


def listening() -> socket.socket:
    """A socket that becomes readable when a link or an address changes; `OSError` if the system gives none."""
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE)
    try:
        sock.setblocking(False)
        sock.bind((0, _GROUPS))
    except OSError:
        sock.close()
        raise
    return sock


class Links:
    """Remembers which links have a carrier."""

    def __init__(self) -> None:
        self._running: dict[int, bool] = {}

    def changed(self, data: bytes) -> bool:
        """Whether one batch of messages says that a carrier came or went, or that addresses may differ."""
        found, at = False, 0
        while at + _HEAD.size <= len(data):
            length, kind, *_ = _HEAD.unpack_from(data, at)
            if length < _HEAD.size or at + length > len(data):
                break
            body = at + _HEAD.size
            if kind in (_NEW_ADDRESS, _DEL_ADDRESS):
                found = True
            elif kind in (_NEW_LINK, _DEL_LINK) and length >= _HEAD.size + _LINK.size:
                _, _, index, flags, _ = _LINK.unpack_from(data, body)
                running = kind == _NEW_LINK and bool(flags & _RUNNING)
                found |= self._running.get(index) is not running
                self._running[index] = running
            at += (length + 3) & ~3
        return found
