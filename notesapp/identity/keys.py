"""Keys of devices and persons. Decides how secrets become key pairs; keeps none on disk and trusts nobody.

A `Device` is one installation: it signs everything that it says. A `Root` is the person: it only ever signs the person
log, and leaves the device once its recovery kit is confirmed. Both grow from one secret of 32 bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NewType

from notesapp.errors import LocalError
from notesapp.identity.blinding import BlindedKey, blinded_pair
from notesapp.identity.primitives import (
    KEY_BYTES,
    Entropy,
    box_open,
    box_pair,
    derive,
    sign,
    signing_pair,
)

PeerId = NewType("PeerId", bytes)  # a device's public signing key, 32 bytes: anyone's name in the protocol
PersonId = NewType("PersonId", bytes)  # a person's public root key, 32 bytes


@dataclass(frozen=True, slots=True)
class Device:
    """One installation's keys: Ed25519 signs, X25519 receives sealed boxes. Printed by its public keys only."""

    device_id: PeerId
    box: bytes
    seed: bytes = field(repr=False, compare=False)
    _signing: bytes = field(repr=False, compare=False)
    _opening: bytes = field(repr=False, compare=False)

    @classmethod
    def generate(cls, entropy: Entropy) -> Device:
        """A new device; keep its `seed` (32 bytes) where secrets are kept."""
        return cls.from_seed(entropy(KEY_BYTES))

    @classmethod
    def from_seed(cls, seed: bytes) -> Device:
        """The device that grew from this seed of 32 bytes."""
        if len(seed) != KEY_BYTES:
            raise LocalError(what=f"a device's seed has {len(seed)} bytes instead of 32")
        public, signing = signing_pair(derive(seed, "device-sign"))
        box, opening = box_pair(derive(seed, "device-box"))
        return cls(PeerId(public), box, seed, signing, opening)

    def sign(self, message: bytes) -> bytes:
        """The signature (64 bytes) of `message`, which begins with its domain."""
        return sign(message, self._signing)

    def blinded(self, secret: bytes, occasion: bytes) -> BlindedKey:
        """This device's key for one occasion, which whoever has `secret` can compute from `device_id` to find it."""
        return blinded_pair(self._signing[:KEY_BYTES], self.device_id, secret, occasion)

    def open_box(self, boxed: bytes) -> bytes:
        """What was sealed to this device's box key; `RemoteError` if it wasn't."""
        return box_open(boxed, self.box, self._opening)


@dataclass(frozen=True, slots=True)
class Root:
    """A person's root key. To `recovery_box` the store's key is sealed: it stays when the root leaves."""

    person_id: PersonId
    recovery_box: bytes
    seed: bytes = field(repr=False, compare=False)
    _signing: bytes = field(repr=False, compare=False)
    _opening: bytes = field(repr=False, compare=False)

    @classmethod
    def generate(cls, entropy: Entropy) -> Root:
        """A new person; the `seed` (32 bytes) is what the 24 words of the recovery kit say."""
        return cls.from_seed(entropy(KEY_BYTES))

    @classmethod
    def from_seed(cls, seed: bytes) -> Root:
        """The person whose recovery kit holds this seed of 32 bytes."""
        if len(seed) != KEY_BYTES:
            raise LocalError(what=f"a root seed has {len(seed)} bytes instead of 32")
        public, signing = signing_pair(derive(seed, "root-sign"))
        box, opening = box_pair(derive(seed, "root-recovery"))
        return cls(PersonId(public), box, seed, signing, opening)

    def sign(self, message: bytes) -> bytes:
        """The signature (64 bytes) of `message`, which begins with its domain."""
        return sign(message, self._signing)

    def open_box(self, boxed: bytes) -> bytes:
        """What was sealed to `recovery_box`; `RemoteError` if it wasn't."""
        return box_open(boxed, self.recovery_box, self._opening)
