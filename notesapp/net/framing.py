"""Messages in a stream of bytes: four bytes of length, then the message. Decides limits; carries nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from notesapp.errors import LocalError, RemoteError

HEAD_BYTES: Final = 4
MESSAGE_LIMIT: Final = 4 * 1024 * 1024 + 64 * 1024  # a batch of a session (4 MiB) and its frame


def framed(message: bytes) -> bytes:
    """The head (4 bytes) that goes before this message; `LocalError` if it is larger than any link carries."""
    if len(message) > MESSAGE_LIMIT:
        raise LocalError(what=f"a message of {len(message)} bytes was to be sent, at most {MESSAGE_LIMIT} can be")
    return len(message).to_bytes(HEAD_BYTES, "big")


class Assembler:
    """Puts messages together from whatever pieces come. Holds at most one unfinished message."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._wanted: int | None = None  # bytes of the message that is being read; None: its head is

    @property
    def held(self) -> int:
        """Bytes of the unfinished message."""
        return len(self._buffer)

    def receive(self, data: bytes) -> Iterator[bytes]:
        """All messages that end within `data`; `RemoteError` at a length beyond the limit."""
        self._buffer += data
        at = 0
        while True:
            if self._wanted is None:
                if len(self._buffer) - at < HEAD_BYTES:
                    break
                self._wanted = int.from_bytes(self._buffer[at : at + HEAD_BYTES], "big")
                at += HEAD_BYTES
                if self._wanted > MESSAGE_LIMIT:
                    raise RemoteError(reason=f"a message of {self._wanted} bytes was announced")
            if len(self._buffer) - at < self._wanted:
                break
            end = at + self._wanted
            message = bytes(memoryview(self._buffer)[at:end])
            at, self._wanted = end, None
            yield message
        del self._buffer[:at]
