"""The bytes of NAT-PMP (RFC 6886) and PCP (RFC 6887), for one UDP port. Pure: asks and answers, no socket, no clock.

Both go to the router's port 5351. A router of the older kind answers a PCP question with "unsupported version" and the
other way round, so both may be asked at once and the first good answer taken.
"""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass
from typing import Final

PORT: Final = 5_351
LEASE_S: Final = 3_600
LEASE_MOST_S: Final = 86_400
NONCE_BYTES: Final = 12
_UDP: Final = 17
_PMP, _PCP = 0, 2
_PMP_EXTERNAL, _PMP_MAP_UDP, _PCP_MAP = 0, 1, 1
_ANSWER: Final = 128
_PCP_BYTES: Final = 60


@dataclass(frozen=True, slots=True)
class External:
    """NAT-PMP: the router's outside address."""

    host: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """The router keeps an outside port open. `host` is None where the protocol asks for it apart (NAT-PMP)."""

    inside: int
    outside: int
    lease_s: int
    epoch: int  # the router's own seconds: if they jump back, it forgot its mappings
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The router says no, with its number (RFC 6886 §3.5, RFC 6887 §7.4)."""

    version: int
    code: int


Answer = External | Mapped | Refused


def ask_external() -> bytes:
    """NAT-PMP: where are we?"""
    return bytes([_PMP, _PMP_EXTERNAL])


def ask_map(inside: int, outside: int, lease_s: int = LEASE_S) -> bytes:
    """NAT-PMP: keep this port open; lease 0 takes it back."""
    return struct.pack("!BBHHHI", _PMP, _PMP_MAP_UDP, 0, inside, outside if lease_s else 0, lease_s)


def ask_pcp(nonce: bytes, own: str, inside: int, outside: int, lease_s: int = LEASE_S) -> bytes:
    """PCP MAP: keep this port of `own` (our address as we know it) open; the nonce is ours for the mapping's life."""
    head = struct.pack("!BBHI16s", _PCP, _PCP_MAP, 0, lease_s, _mapped_v6(own))
    wanted = b"\0" * 10 + b"\xff\xff" + b"\0" * 4  # any IPv4 address
    return head + struct.pack("!12sB3xHH16s", nonce, _UDP, inside, outside, wanted)


def read(data: bytes, nonce: bytes) -> Answer | None:
    """What a router answered; None if it is nothing that was asked for. Never raises: anybody may send anything."""
    if len(data) < 8 or not data[1] & _ANSWER:
        return None
    if data[0] == _PMP:
        return _read_pmp(data)
    return _read_pcp(data, nonce) if data[0] == _PCP else None


def _read_pmp(data: bytes) -> Answer | None:
    code = int.from_bytes(data[2:4], "big")
    if code:
        return Refused(_PMP, code)
    match data[1] - _ANSWER:
        case 0 if len(data) == 12:
            return External(str(ipaddress.IPv4Address(data[8:12])))
        case 1 if len(data) == 16:
            epoch, inside, outside, lease = struct.unpack("!IHHI", data[4:])
            return Mapped(inside, outside, min(lease, LEASE_MOST_S), epoch)
        case _:
            return None


def _read_pcp(data: bytes, nonce: bytes) -> Answer | None:
    if data[3]:
        return Refused(_PCP, data[3])
    if len(data) < _PCP_BYTES or data[1] != _ANSWER | _PCP_MAP:
        return None
    lease, epoch = struct.unpack("!II", data[4:12])
    told, protocol, inside, outside, raw = struct.unpack("!12sB3xHH16s", data[24:60])
    host = ipaddress.IPv6Address(raw).ipv4_mapped
    if told != nonce or protocol != _UDP or host is None:
        return None
    return Mapped(inside, outside, min(lease, LEASE_MOST_S), epoch, str(host))


def _mapped_v6(host: str) -> bytes:
    address = ipaddress.ip_address(host)
    return address.packed if address.version == 6 else b"\0" * 10 + b"\xff\xff" + address.packed
