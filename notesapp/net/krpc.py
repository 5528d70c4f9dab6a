"""What we ask DHT nodes from our own port, and their answers (BEP 5, 42, 43, 44). Decides bytes only.

d1:ad2:id20:…e1:q4:ping2:roi1e1:t8:…1:y1:qe      asks; `ro`: don't remember us as a node
… 4:wantl2:n6e … (in `a`)                         asks for nodes of IPv6 (BEP 32)
d2:ip6:…1:rd2:id20:…e1:t8:…1:y1:re               answers; `ip`: where the asker is seen
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from notesapp.identity.primitives import verify
from notesapp.net.address import Address
from notesapp.net.dht import Item

NODE_ID_BYTES: Final = 20
TRANSACTION_BYTES: Final = 8
ANSWER_BYTES: Final = 2_048  # no honest one is longer
NODES: Final = 16  # believed of one answer
PEERS: Final = 100
TOKEN_BYTES: Final = 64
_DEPTH: Final = 4
_DIGITS: Final = 12

Bencoded = bytes | int | list["Bencoded"] | dict[bytes, "Bencoded"]
Plain = bytes | int | list[bytes] | Mapping[bytes, "Plain"]


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the DHT as another one names it."""

    node_id: bytes
    address: Address


@dataclass(frozen=True, slots=True)
class Answer:
    """What a node said: `us` is where it sees us, `raw` an item as it lies there (`item` reads it)."""

    transaction: bytes
    node_id: bytes
    us: Address | None = None
    nodes: tuple[Node, ...] = ()
    peers: tuple[Address, ...] = ()
    token: bytes | None = None
    raw: tuple[bytes, bytes, bytes, int] | None = None  # value, key, signature, number


def ping(transaction: bytes, node_id: bytes) -> bytes:
    """The simplest question; `node_id` is 20 random bytes that nobody shall remember."""
    return query(b"ping", transaction, node_id)


def query(what: bytes, transaction: bytes, node_id: bytes, **arguments: bytes | int | list[bytes]) -> bytes:
    """Any question with its arguments."""
    said: dict[bytes, Plain] = {name.encode(): value for name, value in arguments.items()}
    return encoded({b"a": {b"id": node_id} | said, b"q": what, b"ro": 1, b"t": transaction, b"y": b"q"})


def encoded(value: Plain) -> bytes:
    """Bencoding; keys in order."""
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, list):
        return b"l" + b"".join(map(encoded, value)) + b"e"
    return b"d" + b"".join(encoded(key) + encoded(value[key]) for key in sorted(value)) + b"e"


def signed_part(salt: bytes, item: Item) -> bytes:
    """What the signature of an item is over (BEP 44)."""
    salted = b"4:salt" + encoded(salt) if salt else b""
    return salted + b"3:seq" + encoded(item.seq) + b"1:v" + encoded(item.value)


def answer(data: bytes) -> Answer | None:
    """What an answer says; None for anything else. Of what is in it only what can be right is taken."""
    if len(data) > ANSWER_BYTES or not data.startswith(b"d"):
        return None
    try:
        said, end = _read(data, 0, _DEPTH)
    except ValueError:
        return None
    if end != len(data) or not isinstance(said, dict) or said.get(b"y") != b"r":
        return None
    transaction, body = said.get(b"t"), said.get(b"r")
    if not isinstance(transaction, bytes) or not isinstance(body, dict):
        return None
    ip, values = said.get(b"ip"), body.get(b"values")
    peers = [compact(it) for it in values[:PEERS] if isinstance(it, bytes)] if isinstance(values, list) else []
    token = body.get(b"token")
    return Answer(
        transaction,
        _bytes(body.get(b"id"), NODE_ID_BYTES) or bytes(NODE_ID_BYTES),
        compact(ip) if isinstance(ip, bytes) else None,
        _nodes(body.get(b"nodes"), 26) + _nodes(body.get(b"nodes6"), 38),
        tuple(it for it in peers if it is not None),
        token if isinstance(token, bytes) and len(token) <= TOKEN_BYTES else None,
        _raw(body),
    )


def item(found: Answer, public: bytes, salt: bytes) -> Item | None:
    """The item in an answer, if this key signed it."""
    if found.raw is None:
        return None
    value, key, signature, seq = found.raw
    it = Item(value, seq)
    return it if key == public and verify(signed_part(salt, it), signature, public) else None


def compact(raw: bytes) -> Address | None:
    """An address of 6 or 18 bytes; None if nobody can be there."""
    family = {6: 4, 18: 6}.get(len(raw))
    if family is None:
        return None
    address = Address.unpacked(bytes([family]) + raw[:-2].ljust(16, b"\0") + raw[-2:])
    return address if address is not None and address.usable else None


def _nodes(raw: Bencoded | None, each: int) -> tuple[Node, ...]:
    """Ids with addresses, of IPv4 in 26 bytes or of IPv6 in 38 (BEP 32)."""
    if not isinstance(raw, bytes):
        return ()
    pieces = [raw[at : at + each] for at in range(0, min(len(raw), each * NODES) - each + 1, each)]
    found = [(piece[:20], compact(piece[20:])) for piece in pieces]
    return tuple(Node(node_id, address) for node_id, address in found if address is not None)


def _raw(body: dict[bytes, Bencoded]) -> tuple[bytes, bytes, bytes, int] | None:
    value, key, signature, seq = body.get(b"v"), body.get(b"k"), body.get(b"sig"), body.get(b"seq")
    if not (isinstance(value, bytes) and isinstance(key, bytes) and isinstance(signature, bytes)):
        return None
    return (value, key, signature, seq) if isinstance(seq, int) and 0 <= seq < 2**63 else None


def _bytes(value: Bencoded | None, length: int) -> bytes | None:
    return value if isinstance(value, bytes) and len(value) == length else None


def _read(data: bytes, at: int, depth: int) -> tuple[Bencoded, int]:
    """One bencoded value and where it ends; `ValueError` for anything that isn't one."""
    kind = data[at : at + 1]
    if kind == b"i":
        end = data.index(b"e", at, at + 22)
        digits = data[at + 1 : end]
        return int(_digits(digits.removeprefix(b"-"))) * (-1 if digits.startswith(b"-") else 1), end + 1
    if kind.isdigit():
        colon = data.index(b":", at, at + _DIGITS)
        end = colon + 1 + int(_digits(data[at:colon]))
        if end > len(data):
            raise ValueError
        return data[colon + 1 : end], end
    if kind not in (b"l", b"d") or depth == 0:
        raise ValueError
    items: list[Bencoded] = []
    at += 1
    while data[at : at + 1] != b"e":
        one, at = _read(data, at, depth - 1)
        items.append(one)
    if kind == b"l":
        return items, at + 1
    keys, values = items[::2], items[1::2]
    if len(keys) != len(values):
        raise ValueError
    return {key: value for key, value in zip(keys, values, strict=True) if isinstance(key, bytes)}, at + 1


def _digits(raw: bytes) -> bytes:
    if not raw.isdigit():
        raise ValueError
    return raw
