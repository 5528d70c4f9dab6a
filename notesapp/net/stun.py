"""STUN (RFC 8489) as one more kind of mirror, for those who name servers in the settings: none is asked by default.

Decides what is asked and which answer counts; the bytes are aioice's. The question is the plain one (a binding request
without attributes), from the app's own port; of the answer only the mapped address is taken.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from typing import Final

from notesapp.identity.primitives import Entropy
from notesapp.net.address import Address

TRANSACTION_BYTES: Final = 12
ANSWER_BYTES: Final = 548  # RFC 8489 §6.1: what a server may send over IPv4 without knowing the path
EACH_S: Final = 15.0
ANSWER_S: Final = 5.0
PENDING: Final = 16
_RESPONSE: Final = b"\x01\x01"
_COOKIE: Final = b"\x21\x12\xa4\x42"


class Stun:
    """Give it answers and the time (seconds); it calls `send(packet, address)`."""

    def __init__(self, entropy: Entropy, send: Callable[[bytes, Address], bool]) -> None:
        self._entropy, self._send = entropy, send
        self._asked: dict[Address, float] = {}
        self._pending: dict[bytes, tuple[Address, float]] = {}

    def ask(self, servers: Iterable[Address], now: float) -> None:
        """Asks each of them where it sees us, at most once in 15 s."""
        self._pending = {key: it for key, it in self._pending.items() if now - it[1] <= ANSWER_S}
        for server in servers:
            if now - self._asked.get(server, -EACH_S) < EACH_S or len(self._pending) >= PENDING:
                continue
            self._asked[server] = now
            transaction = self._entropy(TRANSACTION_BYTES)
            if self._send(question(transaction), server):
                self._pending[transaction] = (server, now)

    def receive(self, data: bytes, address: Address, now: float) -> Address | None:
        """Where a server sees us, if this is an answer that we wait for."""
        if not looks_like_answer(data):
            return None
        asked, at = self._pending.get(data[8:20], (None, 0.0))
        if asked != address or now - at > ANSWER_S:
            return None
        del self._pending[data[8:20]]
        return answer(data)


def question(transaction: bytes) -> bytes:
    """A binding request."""
    from aioice import stun  # loaded by whoever names a server

    return bytes(stun.Message(stun.Method.BINDING, stun.Class.REQUEST, transaction))


def looks_like_answer(data: bytes) -> bool:
    """The cheap test that stands before all others."""
    return 20 <= len(data) <= ANSWER_BYTES and data[:2] == _RESPONSE and data[4:8] == _COOKIE


def answer(data: bytes) -> Address | None:
    """The mapped address in an answer; None for anything else."""
    from aioice import stun

    try:
        said = stun.parse_message(data)
        found = said.attributes.get("XOR-MAPPED-ADDRESS") or said.attributes.get("MAPPED-ADDRESS")
        address = Address(str(found[0]), int(found[1])) if found else None
        return address if address is not None and address.usable else None
    except (ValueError, LookupError, TypeError, struct.error):
        return None
