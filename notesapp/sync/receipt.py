"""A device's signed word of what it has committed, so that anybody may carry it. Decides its bytes.

domain "receipt" | notebook 32 | device 32 | number u64 | frontier table | signature 64. `number` grows with each
receipt of a device in a notebook, so an older one never takes back a newer.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from notesapp.errors import RemoteError
from notesapp.identity.keys import Device
from notesapp.identity.primitives import SIGNATURE_BYTES, domain, expect_domain, verify
from notesapp.sync.frontier import Frontier, read_frontier
from notesapp.sync.messages import RECEIPT_LIMIT

DOMAIN = domain("receipt")
_FIELDS = struct.Struct(">32s32sQ")
_BEGIN = len(DOMAIN) + _FIELDS.size
MAX_NUMBER = (1 << 53) - 1


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt whose signature holds."""

    data: bytes
    notebook: bytes
    device: bytes
    number: int
    frontier: Frontier

    @classmethod
    def make(cls, device: Device, notebook: bytes, number: int, frontier: Frontier) -> Receipt | None:
        """Our word; None if we know more feeds than a receipt may name (about 1,200)."""
        message = DOMAIN + _FIELDS.pack(notebook, device.device_id, number) + frontier.write()
        if len(message) + SIGNATURE_BYTES > RECEIPT_LIMIT:
            return None
        return cls(message + device.sign(message), notebook, device.device_id, number, Frontier(frontier.marks()))

    @classmethod
    def read(cls, data: bytes) -> Receipt:
        """The receipt in these bytes; `RemoteError` for anything else."""
        if len(data) > RECEIPT_LIMIT or len(data) < _BEGIN + SIGNATURE_BYTES:
            raise RemoteError(reason=f"a receipt has {len(data)} bytes")
        expect_domain(data, DOMAIN)
        notebook, device, number = _FIELDS.unpack_from(data, len(DOMAIN))
        if number > MAX_NUMBER:
            raise RemoteError(reason="a receipt's number is out of range")
        if not verify(data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:], device):
            raise RemoteError(reason="a receipt is not signed by its device")
        return cls(data, notebook, device, number, read_frontier(data[_BEGIN:-SIGNATURE_BYTES]))
