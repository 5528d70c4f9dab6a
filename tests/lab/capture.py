"""What leaves by an interface: `python -m tests.lab.capture INTERFACE`, a JSON line for each packet.

With an address behind it: what comes to that address, by any interface.

Reads at the link (AF_PACKET), so nothing that a program sends is missed; what interfaces say by themselves (ARP,
neighbours, groups) is left out.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import sys
import time

IPV4, IPV6, ALL = 0x0800, 0x86DD, 0x0003
OUTGOING = 4
UDP, TCP, ICMPV6 = 17, 6, 58


def told(data: bytes, kind: int) -> dict[str, object] | None:
    """Where a packet goes; None for what an interface says by itself."""
    if kind == IPV4:
        proto, at, to = data[9], (data[0] & 15) * 4, ipaddress.ip_address(data[16:20])
    elif kind == IPV6:
        proto, at, to = data[6], 40, ipaddress.ip_address(data[24:40])
        if proto in (0, ICMPV6):  # neighbours, routers, groups
            return None
    else:
        return None
    ports = [int.from_bytes(data[at + n : at + n + 2], "big") if proto in (UDP, TCP) else 0 for n in (0, 2)]
    by = ipaddress.ip_address(data[12:16] if kind == IPV4 else data[8:24])
    return {"to": str(to), "port": ports[1], "proto": proto, "bytes": len(data), "by": str(by), "from": ports[0]}


def main(interface: str, only: str = "") -> None:
    """Until it is killed."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ALL)) as sock:
        if not only:
            sock.bind((interface, ALL))
        print(json.dumps({"at": time.monotonic(), "what": "ready"}), flush=True)
        while True:
            data, (_, kind, direction, *_) = sock.recvfrom(2_048)
            if (direction == OUTGOING) is bool(only) or (it := told(data, kind)) is None:
                continue
            if only in ("", it["to"]):
                print(json.dumps({"at": time.monotonic(), "what": "packet", **it}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
