"""The small change of every message: numbers, pieces, limits. Decides how they are written; knows no message.

A number is unsigned LEB128, as short as can be. A `Cursor` walks over foreign bytes; it raises only `RemoteError`.
"""

from __future__ import annotations

from notesapp.errors import LocalError, RemoteError

CONTROL_LIMIT = 256 * 1024  # bytes of one control frame
ENTRY_LIMIT = 1024 * 1024  # bytes of one entry, header and body
BATCH_LIMIT = 4 * 1024 * 1024  # bytes of one batch of entries
MAX_NUMBER = (1 << 63) - 1  # what SQLite and every other language can hold
_NUMBER_BYTES = 9  # 63 bits


def number(value: int) -> bytes:
    """`value` (0 to 2^63 - 1) as LEB128."""
    if 0 <= value < 0x80:
        return value.to_bytes(1, "big")
    if not 0 <= value <= MAX_NUMBER:
        raise LocalError(what=f"{value} can't be written as a number")
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value: int) -> int:
    """A signed difference as an unsigned number, small ones staying small: 0, -1, 1, -2 … become 0, 1, 2, 3 …"""
    return value << 1 if value >= 0 else (-value << 1) - 1


def unzigzag(value: int) -> int:
    """The inverse of `zigzag`."""
    return value >> 1 if not value & 1 else -((value + 1) >> 1)


class Cursor:
    """A place in foreign bytes."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return len(self._data) - self._at

    def byte(self) -> int:
        """The next byte."""
        return self.take(1)[0]

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        end = self._at + count
        if end > len(self._data):
            raise RemoteError(reason="a message is cut off")
        piece = self._data[self._at : end]
        self._at = end
        return piece

    def number(self, limit: int = MAX_NUMBER) -> int:
        """The next number, at most `limit`; a form longer than needed is refused."""
        value = 0
        for place in range(_NUMBER_BYTES):
            byte = self.byte()
            value |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                if byte == 0 and place:
                    raise RemoteError(reason="a number is written longer than needed")
                if value > limit:
                    raise RemoteError(reason=f"a number is {value}, the limit is {limit}")
                return value
        raise RemoteError(reason="a number has more than 63 bits")

    def end(self) -> None:
        """Checks that nothing is left over."""
        if self.left:
            raise RemoteError(reason=f"{self.left} bytes are left over")
