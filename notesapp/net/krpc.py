"""The one question that we ask DHT nodes from our own port, and its answer (BEP 5, BEP 42, BEP 43). Decides bytes only.

d1:ad2:id20:…e1:q4:ping2:roi1e1:t8:…1:y1:qe      asks; `ro`: don't remember us as a node
d2:ip6:…1:rd2:id20:…e1:t8:…1:y1:re               answers; `ip`: where the asker is seen
"""

from __future__ import annotations

from typing import Final

from notesapp.net.address import Address

NODE_ID_BYTES: Final = 20
TRANSACTION_BYTES: Final = 8
ANSWER_BYTES: Final = 1_024  # no honest one is longer
_DEPTH: Final = 4
_DIGITS: Final = 12

Bencoded = bytes | int | list["Bencoded"] | dict[bytes, "Bencoded"]


def ping(transaction: bytes, node_id: bytes) -> bytes:
    """The question; `node_id` is 20 random bytes that nobody shall remember."""
    return b"d1:ad2:id20:%se1:q4:ping2:roi1e1:t%d:%s1:y1:qe" % (node_id, len(transaction), transaction)


def answer(data: bytes) -> tuple[bytes, Address | None] | None:
    """(transaction, where we are seen) of an answer to a ping; None for anything else.

    The address is missing if the node doesn't tell.
    """
    if len(data) > ANSWER_BYTES or not data.startswith(b"d"):
        return None
    try:
        said, end = _read(data, 0, _DEPTH)
    except ValueError:
        return None
    if end != len(data) or not isinstance(said, dict) or said.get(b"y") != b"r" or not isinstance(said.get(b"r"), dict):
        return None
    transaction, ip = said.get(b"t"), said.get(b"ip")
    if not isinstance(transaction, bytes):
        return None
    return transaction, compact(ip) if isinstance(ip, bytes) else None


def compact(raw: bytes) -> Address | None:
    """An address of 6 or 18 bytes; None if nobody can be there."""
    family = {6: 4, 18: 6}.get(len(raw))
    if family is None:
        return None
    address = Address.unpacked(bytes([family]) + raw[:-2].ljust(16, b"\0") + raw[-2:])
    return address if address is not None and address.usable else None


def _read(data: bytes, at: int, depth: int) -> tuple[Bencoded, int]:
    """One bencoded value and where it ends; `ValueError` for anything that isn't one."""
    kind = data[at : at + 1]
    if kind == b"i":
        end = data.index(b"e", at, at + _DIGITS + 2)
        return int(_digits(data[at + 1 : end].removeprefix(b"-"))), end + 1
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
        item, at = _read(data, at, depth - 1)
        items.append(item)
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
