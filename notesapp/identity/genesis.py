"""The first bytes of a notebook. Decides its id and its owner; everything later is the roster's business."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from notesapp.errors import RemoteError
from notesapp.identity.keys import PersonId
from notesapp.identity.primitives import Entropy, digest, domain, expect_domain
from notesapp.identity.record import MAX_TIME_MS, clamp_time

DOMAIN = domain("genesis")
_FIELDS = struct.Struct(">32s32sQ")
GENESIS_BYTES = len(DOMAIN) + _FIELDS.size


@dataclass(frozen=True, slots=True)
class Genesis:
    """Who made a notebook, and when by his clock (ms, advisory); its id is the hash of `data`, the exact bytes.

    It isn't signed: whoever lies about the owner makes a notebook for which no record of the owner exists.
    """

    data: bytes
    notebook_id: bytes
    owner: PersonId
    time_ms: int

    @classmethod
    def make(cls, owner: PersonId, *, now_ms: int, entropy: Entropy) -> Genesis:
        """A new notebook of this person; nobody can make another with the same id."""
        return cls.read(DOMAIN + _FIELDS.pack(entropy(32), owner, clamp_time(now_ms)))

    @classmethod
    def read(cls, data: bytes) -> Genesis:
        """The genesis in these bytes; `RemoteError` if they are anything else. notebook_id = BLAKE2b-256(data)."""
        if len(data) > 2 * GENESIS_BYTES:
            raise RemoteError(reason=f"a notebook's beginning has {len(data)} bytes")
        expect_domain(data, DOMAIN)
        if len(data) != GENESIS_BYTES:
            raise RemoteError(reason=f"a notebook's beginning has {len(data)} bytes instead of {GENESIS_BYTES}")
        _, owner, time_ms = _FIELDS.unpack_from(data, len(DOMAIN))
        if time_ms > MAX_TIME_MS:
            raise RemoteError(reason="a notebook's beginning lies beyond the calendar")
        return cls(data, digest(data), PersonId(owner), time_ms)
