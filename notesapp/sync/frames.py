"""How messages lie in the bytes of a link. Decides the frame and its limits; knows no message.

A frame is `length LEB128 | kind u8 | payload`; the length counts kind and payload. What a kind may weigh is the
caller's table: a frame of an unknown kind, an empty one, or one too heavy closes the link before its bytes are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from notesapp.errors import RemoteError
from notesapp.sync.wire import number

_LENGTH_BYTES = 4  # 28 bits: more than any limit


class Frame(NamedTuple):
    """One message as it came: its kind and the bytes of its fields."""

    kind: int
    payload: bytes

    @property
    def size(self) -> int:
        """Bytes on the link."""
        return len(number(1 + len(self.payload))) + 1 + len(self.payload)


def frame(kind: int, payload: bytes) -> bytes:
    """The bytes of a frame."""
    return number(1 + len(payload)) + kind.to_bytes(1, "big") + payload


class Frames:
    """Takes bytes as they come, gives frames. It holds at most what was received and not yet taken."""

    def __init__(self, limit_of: Callable[[int], int]) -> None:
        """`limit_of(kind)` is the most bytes of a payload of this kind; it raises `RemoteError` for unknown kinds."""
        self._limit_of = limit_of
        self._data = bytearray()
        self._at = 0

    def __len__(self) -> int:
        return len(self._data) - self._at

    def receive(self, data: bytes) -> None:
        """More bytes of the link."""
        self._data += data

    def next(self) -> Frame | None:
        """The next whole frame; None if it isn't all here. `RemoteError` as soon as its beginning shows a fault."""
        length, begin = self._length()
        if begin is None or begin >= len(self._data):
            return None
        kind = self._data[begin]
        if length - 1 > (limit := self._limit_of(kind)):
            raise RemoteError(reason=f"a message of kind {kind} has {length - 1} bytes, the limit is {limit}")
        if len(self._data) - begin < length:
            return None
        payload = bytes(self._data[begin + 1 : begin + length])
        self._at = begin + length
        if self._at > 65536 or self._at == len(self._data):  # moving the rest for each small frame would be quadratic
            del self._data[: self._at]
            self._at = 0
        return Frame(kind, payload)

    def rest(self) -> bytes:
        """What was received and not taken, for whoever goes on reading this link; nothing is left here."""
        data = bytes(self._data[self._at :])
        self._data.clear()
        self._at = 0
        return data

    def _length(self) -> tuple[int, int | None]:
        value = 0
        for place in range(_LENGTH_BYTES):
            if self._at + place >= len(self._data):
                return 0, None
            byte = self._data[self._at + place]
            value |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                if value == 0 or (byte == 0 and place):
                    raise RemoteError(reason="a message is empty or its length is written longer than needed")
                return value, self._at + place + 1
        raise RemoteError(reason="a message announces more than 256 MB")
