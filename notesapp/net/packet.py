"""The bytes of a sealed probe. Decides their layout; when to send one and what it means is `disco`'s.

    magic 4 | version 1 | kind of seal 1 | tag 8 | nonce 24 | sealed box
    in the box: what 1 | transaction 8 | run 8 | number 8 | address 19 | length 2, body | zeros

A packet has exactly 128 bytes, or 512 where the body needs them. The tag is fresh with each
nonce and names the bond to whoever shares it; to all others the packet is noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from notesapp.errors import LocalError, RemoteError
from notesapp.identity.primitives import NONCE_BYTES, TAG_BYTES, Entropy, seal, unseal
from notesapp.net.address import PACKED_BYTES, Address
from notesapp.net.bond import TAG_BYTES as MARK_BYTES
from notesapp.net.bond import Bond

MAGIC: Final = b"\x1fndp"
VERSION: Final = 1
SEALED_BY_BOND: Final = 0
PACKET_BYTES: Final = 128
LONG_BYTES: Final = 512
RUN_BYTES: Final = 8
TRANSACTION_BYTES: Final = 8
_HEAD: Final = MAGIC + bytes([VERSION, SEALED_BY_BOND])
_NONCE_AT: Final = len(_HEAD) + MARK_BYTES
_SEALED_AT: Final = _NONCE_AT + NONCE_BYTES
_MEANT: Final = 1 + TRANSACTION_BYTES + RUN_BYTES + 8 + PACKED_BYTES


class What(IntEnum):
    """What a probe says."""

    PING = 1
    PONG = 2
    ASK = 3  # relay me to the one whose mark this is
    OPEN = 4  # there is a channel: its 8 bytes, and the mark of whoever is at its other end
    REFUSE = 5  # none: the mark
    CALL = 6  # where I may be reached now: a record
    TIDINGS = 7  # how it stands with my network, my clock, and some nodes of the DHT


_KNOWN: Final = frozenset(What)


@dataclass(frozen=True, slots=True)
class Probe:
    """One sealed probe: `number` counts the packets of a run, `seen` is the other's address as its sender sees it."""

    what: What
    transaction: bytes
    run: bytes
    number: int
    seen: Address | None = None
    body: bytes = b""


def looks_like_probe(data: bytes) -> bool:
    """Whether to try keys on it at all; the cheap test that stands before all others."""
    return data[:4] == MAGIC and len(data) in (PACKET_BYTES, LONG_BYTES) and data[: len(_HEAD)] == _HEAD


def mark_and_nonce(data: bytes) -> tuple[bytes, bytes]:
    """The tag and the nonce from which the right bond makes that tag."""
    return data[len(_HEAD) : _NONCE_AT], data[_NONCE_AT:_SEALED_AT]


def sealed(probe: Probe, bond: Bond, entropy: Entropy) -> bytes:
    """The packet: of 128 bytes if the body has at most 28, else of 512."""
    nonce = entropy(NONCE_BYTES)
    seen = probe.seen.packed() if probe.seen is not None else bytes(PACKED_BYTES)
    meant = bytes([probe.what]) + probe.transaction + probe.run + probe.number.to_bytes(8, "big") + seen
    meant += len(probe.body).to_bytes(2, "big") + probe.body
    size = PACKET_BYTES if len(meant) <= PACKET_BYTES - _SEALED_AT - TAG_BYTES else LONG_BYTES
    if len(meant) > size - _SEALED_AT - TAG_BYTES:
        raise LocalError(what=f"a probe's body has {len(probe.body)} bytes")
    head = _HEAD + bond.tag(nonce) + nonce
    return head + seal(meant.ljust(size - _SEALED_AT - TAG_BYTES, b"\0"), bond.box_key, nonce, head)


def opened(data: bytes, bond: Bond) -> Probe:
    """What a packet says that carries this bond's tag; `RemoteError` if it was changed or says nothing known."""
    head, nonce = data[:_SEALED_AT], data[_NONCE_AT:_SEALED_AT]
    meant = unseal(data[_SEALED_AT:], bond.box_key, nonce, head)
    length = int.from_bytes(meant[_MEANT : _MEANT + 2], "big")
    body = meant[_MEANT + 2 : _MEANT + 2 + length]
    if len(meant) < _MEANT + 2 or meant[0] not in _KNOWN or len(body) != length:
        raise RemoteError(reason="a probe says nothing known")
    at = 1 + TRANSACTION_BYTES
    run, number = meant[at : at + RUN_BYTES], meant[at + RUN_BYTES : at + RUN_BYTES + 8]
    seen = Address.unpacked(meant[_MEANT - PACKED_BYTES : _MEANT])
    return Probe(What(meant[0]), meant[1:at], run, int.from_bytes(number, "big"), seen, body)
