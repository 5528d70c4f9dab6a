"""Which machines may be our router. Decides by the system's routes where it tells them, else by custom."""

from __future__ import annotations

import ipaddress
import logging
from pathlib import Path
from typing import Final

from notesapp.net.interfaces import networks

log = logging.getLogger(__name__)

_ROUTES: Final = Path("/proc/net/route")
_GATEWAY_FLAG: Final = 0x2
MOST: Final = 4


def gateways() -> tuple[tuple[str, str], ...]:
    """(router, our own address towards it), likely ones first; IPv4 only, and only in private networks."""
    told = _told()
    out: list[tuple[str, str]] = []
    for it in networks():
        if ":" in it.host or it.is_virtual or it.prefix >= 31:
            continue
        inside = ipaddress.ip_interface(f"{it.host}/{it.prefix}").network
        here = [host for host in told if ipaddress.ip_address(host) in inside]
        custom = [str(inside.network_address + 1), str(inside.broadcast_address - 1)]
        out += [(host, it.host) for host in (here or custom) if host != it.host]
    return tuple(dict.fromkeys(out))[:MOST]


def _told() -> list[str]:
    """The default routes of Linux (proc(5)); elsewhere none."""
    try:
        lines = _ROUTES.read_text("ascii").splitlines()[1:]
    except OSError:
        return []
    found = []
    for line in lines:
        cells = line.split()
        if len(cells) > 3 and cells[1] == "00000000" and int(cells[3], 16) & _GATEWAY_FLAG:
            found.append(str(ipaddress.IPv4Address(bytes.fromhex(cells[2])[::-1])))
    return found
