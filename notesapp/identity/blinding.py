"""Keys that only their owner can use and only insiders can find. Decides how a public key is blinded for one occasion.

As in Tor's onion services v3 (rend-spec-v3, appendix A): a factor grows from the public key, a secret that insiders
share, and the occasion; the key times the factor is the blinded key. Whoever knows key and secret computes the blinded
public key, only the key's owner its secret half, and to anybody else two blinded keys have nothing in common.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b, sha512

from nacl import bindings
from nacl.exceptions import RuntimeError as SodiumRefused
from nacl.exceptions import TypeError as SodiumTypeError

from notesapp.errors import RemoteError
from notesapp.identity.primitives import KEY_BYTES, derive, domain


@dataclass(frozen=True, slots=True)
class BlindedKey:
    """An Ed25519 key pair without a seed: `expanded` is scalar 32 | prefix 32, the form that libtorrent signs with."""

    public: bytes
    expanded: bytes = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature (64 bytes), which any verifier accepts for `public`."""
        scalar, prefix = self.expanded[:KEY_BYTES], self.expanded[KEY_BYTES:]
        nonce = _reduced(sha512(prefix + message).digest())
        point = bindings.crypto_scalarmult_ed25519_base_noclamp(nonce)
        challenge = _reduced(sha512(point + self.public + message).digest())
        proof = bindings.crypto_core_ed25519_scalar_add(
            nonce, bindings.crypto_core_ed25519_scalar_mul(challenge, scalar)
        )
        return bytes(point + proof)


def blinded_public(public: bytes, secret: bytes, occasion: bytes) -> bytes:
    """The blinded key (32 bytes) of somebody's Ed25519 key; `RemoteError` if that is no usable key.

    `secret` (32 bytes) is what the insiders share; what they may not know of each other belongs in no occasion.
    """
    try:
        blinded = bindings.crypto_scalarmult_ed25519_noclamp(_factor(public, secret, occasion), public)
    except (SodiumRefused, SodiumTypeError):
        raise RemoteError(reason="a device's key is no point of the curve that could be blinded") from None
    return bytes(blinded)


def blinded_pair(seed: bytes, public: bytes, secret: bytes, occasion: bytes) -> BlindedKey:
    """The same key with its secret half, for the owner of the Ed25519 seed."""
    factor = _factor(public, secret, occasion)
    expanded = sha512(seed).digest()
    scalar = bytearray(expanded[:KEY_BYTES])
    scalar[0] &= 248
    scalar[31] = scalar[31] & 63 | 64
    blinded = bytes(bindings.crypto_core_ed25519_scalar_mul(factor, bytes(scalar)))
    prefix = derive(expanded[KEY_BYTES:] + factor, "blind-prefix")
    return BlindedKey(bytes(bindings.crypto_scalarmult_ed25519_base_noclamp(blinded)), blinded + prefix)


def _factor(public: bytes, secret: bytes, occasion: bytes) -> bytes:
    return _reduced(blake2b(domain("blind") + public + occasion, digest_size=64, key=secret).digest())


def _reduced(wide: bytes) -> bytes:
    return bytes(bindings.crypto_core_ed25519_scalar_reduce(wide))
