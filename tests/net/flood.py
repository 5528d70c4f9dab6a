"""Whoever floods a port: `python -m tests.net.flood KIND HOST PORT SECONDS RATE`, in any namespace; prints how many.

Kinds: `noise` (random bytes), `likely` (what begins like probes, first packets, short packets, STUN, the DHT, relay
frames), `spoofed` (the same from ever other addresses of the network; needs root), `quic` (first packets of valid QUIC
clients, each with a fresh id).
"""

from __future__ import annotations

import random
import socket
import struct
import sys
import time

from aioquic.quic.connection import QuicConnection

from notesapp.net.connection import configuration

PROBE, QUIC, STUN = b"\x1fndp\x01\x00", b"\xc3\0\0\0\1\x10", b"\x01\x01\0\x0c!\x12\xa4B"
BEGINNINGS = (PROBE, QUIC, b"\x40", b"\x7f", b"d1:rd2:id20:", b"\x1e", STUN, b"\0", b"")
SIZES = (16, 122, 400, 1_194)
KEPT = 500


def noise(dice: random.Random, *, likely: bool) -> list[bytes]:
    """Datagrams to send again and again."""
    begins = BEGINNINGS if likely else (b"",)
    return [dice.choice(begins) + dice.randbytes(dice.choice(SIZES)) for _ in range(KEPT)]


def first_packets() -> list[bytes]:
    """What strangers with valid QUIC clients send first."""
    found = []
    for _ in range(KEPT // 5):
        client = QuicConnection(configuration=configuration(None))
        client.connect(("x", 1), 0.0)
        found.append(client.datagrams_to_send(0.0)[0][0])
    return found


def spoofed(data: bytes, source: str, host: str, port: int, from_port: int) -> bytes:
    """An IPv4 packet as if another had sent it; the kernel fills in length and checksum of the header."""
    udp = struct.pack("!HHHH", from_port, port, 8 + len(data), 0) + data
    ends = socket.inet_aton(source) + socket.inet_aton(host)
    return struct.pack("!BBHHHBBH", 0x45, 0, 0, 0, 0, 64, socket.IPPROTO_UDP, 0) + ends + udp


def main(kind: str, host: str, port: int, seconds: float, rate: float) -> int:
    """Sends at an even pace; how many the system took."""
    dice, taken, due = random.Random(1), 0, 0
    packets = first_packets() if kind == "quic" else noise(dice, likely=kind != "noise")
    raw = kind == "spoofed"
    if raw:
        sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        sources = [f"10.77.{dice.randrange(256)}.{dice.randrange(1, 255)}" for _ in range(4_000)]
    else:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    began = time.monotonic()
    while (now := time.monotonic()) - began < seconds:
        while due < (now - began) * rate:
            data = packets[due % len(packets)]
            if raw:
                data = spoofed(data, sources[due % len(sources)], host, port, dice.randrange(1_024, 65_536))
            due += 1
            try:
                sock.sendto(data, (host, 0 if raw else port))
                taken += 1
            except OSError:
                pass  # its own buffer is full, or nobody listens: a flood goes on
        time.sleep(0.001)
    return taken


if __name__ == "__main__":
    print(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5])))
