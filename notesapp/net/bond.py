"""A secret that two ends share, and what grows from it. Decides tags and keys; keeps no list and knows no names.

A bond belongs to a pair of devices, or to a live invite (then several joiners share it). From its secret come the key
of sealed probes, the tags by which an announcement is recognised, and the mark that a first QUIC packet carries. Each
is made for one direction, so nothing can be sent back to where it came from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from hashlib import blake2b

from notesapp.errors import LocalError
from notesapp.identity.primitives import KEY_BYTES, domain

TAG_BYTES = 8


class Side(IntEnum):
    """Which end of a bond we are."""

    FIRST = 1  # the smaller device key; the host of an invite
    SECOND = 2  # the larger device key; the joiner
    BOTH = 3  # another run of this very device

    @property
    def other(self) -> Side:
        """Which end the peer is."""
        return {Side.FIRST: Side.SECOND, Side.SECOND: Side.FIRST, Side.BOTH: Side.BOTH}[self]


@dataclass(frozen=True)
class Bond:
    """Whom to look for: `name` is the caller's own word for it (unique), `secret` 32 bytes that both ends have.

    `many`: several joiners share the secret (an invite): SECOND dials, FIRST only answers, each run gets its own link.
    """

    name: bytes
    secret: bytes = field(repr=False)
    side: Side
    many: bool = False

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise LocalError(what=f"a bond's secret has {len(self.secret)} bytes instead of 32")

    @cached_property
    def box_key(self) -> bytes:
        """What seals probes, in both directions: a nonce is random, and each packet says who made it."""
        return _key(self.secret, "probe-box", 0)

    def tag(self, nonce: bytes) -> bytes:
        """8 bytes that mark our sealed probe with this nonce."""
        return _mac(self._probe_out, nonce)

    def expects_tag(self, nonce: bytes) -> bytes:
        """The mark of the other end's probe with this nonce."""
        return _mac(self._probe_in, nonce)

    def sign_post(self, nonce: bytes) -> bytes:
        """8 bytes in our announcement with this nonce, for the other end to recognise."""
        return _mac(self._post_out, nonce)

    def expects_post(self, nonce: bytes) -> bytes:
        """The mark in the other end's announcement with this nonce."""
        return _mac(self._post_in, nonce)

    def knock(self, nonce: bytes, dialer_run: bytes, listener_run: bytes) -> bytes:
        """8 bytes that the first packet of a dialled connection carries as (half) its connection id."""
        return _mac(self._knock_out, nonce + dialer_run + listener_run)

    def expects_knock(self, nonce: bytes, dialer_run: bytes, listener_run: bytes) -> bytes:
        """The same, made by the other end."""
        return _mac(self._knock_in, nonce + dialer_run + listener_run)

    @cached_property
    def _probe_out(self) -> bytes:
        return _key(self.secret, "probe-tag", self.side)

    @cached_property
    def _probe_in(self) -> bytes:
        return _key(self.secret, "probe-tag", self.side.other)

    @cached_property
    def _post_out(self) -> bytes:
        return _key(self.secret, "sign-post", self.side)

    @cached_property
    def _post_in(self) -> bytes:
        return _key(self.secret, "sign-post", self.side.other)

    @cached_property
    def _knock_out(self) -> bytes:
        return _key(self.secret, "knock", self.side)

    @cached_property
    def _knock_in(self) -> bytes:
        return _key(self.secret, "knock", self.side.other)


def _key(secret: bytes, purpose: str, side: int) -> bytes:
    return blake2b(domain(purpose) + bytes([side]), key=secret, digest_size=KEY_BYTES).digest()


def _mac(key: bytes, data: bytes) -> bytes:
    return blake2b(data, key=key, digest_size=TAG_BYTES).digest()
