"""Key epochs: the two keys of a notebook between two rotations. Decides how they reach devices and successors.

A `rotate` record commits to its keys, so that nobody can hand different keys to different members; its id is
the epoch's id. The keys travel sealed to one device's box key (`keybox` records); each rotation seals the keys
before it under a key that grew from its own content key, so that who joins late can read everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from notesapp.errors import RemoteError
from notesapp.identity.keys import Device
from notesapp.identity.primitives import (
    BOX_BYTES,
    KEY_BYTES,
    NONCE_BYTES,
    TAG_BYTES,
    Entropy,
    box_seal,
    derive,
    digest,
    domain,
    seal,
    unseal,
)

COMMITMENT_DOMAIN = domain("epoch-commitment")
PREVIOUS_DOMAIN = domain("epoch-previous")
KEYS_BYTES = 2 * KEY_BYTES
KEYBOX_BYTES = KEYS_BYTES + BOX_BYTES
PREVIOUS_BYTES = NONCE_BYTES + KEYS_BYTES + TAG_BYTES


@dataclass(frozen=True, slots=True)
class EpochKeys:
    """The content key seals entries, the topic key names meeting places; 32 bytes each, never printed."""

    content: bytes = field(repr=False)
    topic: bytes = field(repr=False)

    @classmethod
    def generate(cls, entropy: Entropy) -> EpochKeys:
        """Fresh keys for a rotation."""
        return cls(entropy(KEY_BYTES), entropy(KEY_BYTES))

    @property
    def commitment(self) -> bytes:
        """The hash (32 bytes) by which a `rotate` record vouches for both keys; it tells nothing about them."""
        return digest(COMMITMENT_DOMAIN + self.content + self.topic)

    def to_device(self, box: bytes, entropy: Entropy) -> bytes:
        """The keys sealed to a device's X25519 key: 112 bytes. `RemoteError` if that key is no usable one."""
        return box_seal(self.content + self.topic, box, entropy)

    @classmethod
    def from_box(cls, sealed: bytes, device: Device, commitment: bytes) -> EpochKeys:
        """The keys in a device's own key box; `RemoteError` unless they are those that the rotation committed to."""
        if len(sealed) != KEYBOX_BYTES:
            raise RemoteError(reason=f"a key box has {len(sealed)} bytes instead of {KEYBOX_BYTES}")
        return _checked(device.open_box(sealed), commitment)

    def seal_previous(self, epoch: bytes, previous: EpochKeys, entropy: Entropy) -> bytes:
        """The keys of the earlier epoch of this id, sealed under these: 104 bytes."""
        nonce = entropy(NONCE_BYTES)
        plain = previous.content + previous.topic
        return nonce + seal(plain, self._previous_key(), nonce, PREVIOUS_DOMAIN + epoch)

    def open_previous(self, epoch: bytes, sealed: bytes, commitment: bytes) -> EpochKeys:
        """The inverse; `commitment` is that of the earlier epoch's own `rotate` record."""
        if len(sealed) != PREVIOUS_BYTES:
            raise RemoteError(reason=f"sealed earlier keys have {len(sealed)} bytes instead of {PREVIOUS_BYTES}")
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return _checked(unseal(rest, self._previous_key(), nonce, PREVIOUS_DOMAIN + epoch), commitment)

    def _previous_key(self) -> bytes:
        return derive(self.content, "epoch-previous-key")


def _checked(plain: bytes, commitment: bytes) -> EpochKeys:
    if len(plain) != KEYS_BYTES:
        raise RemoteError(reason="a key box holds something else than two keys")
    keys = EpochKeys(plain[:KEY_BYTES], plain[KEY_BYTES:])
    if keys.commitment != commitment:
        raise RemoteError(reason="a key box holds other keys than its epoch has")
    return keys
