"""The few cryptographic acts under everything else. Decides algorithms and domain prefixes; keeps no keys.

Ed25519, X25519 and XChaCha20-Poly1305 are libsodium's (PyNaCl), BLAKE2b is hashlib's, the same function. Each signed
or hashed thing begins with its domain, `notesapp/<kind>/<version>` and a zero byte, so that no bytes mean two things.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

from nacl import bindings
from nacl.exceptions import CryptoError

from notesapp.errors import NewerFormat, RemoteError

Entropy = Callable[[int], bytes]  # n -> n bytes that nobody can guess

KEY_BYTES = 32
HASH_BYTES = 32
NONCE_BYTES = 24
SIGNATURE_BYTES = 64
TAG_BYTES = 16
BOX_BYTES = 48  # what `box_seal` adds: the passing key (32) and the tag (16)

_VERSION_ROOM = 8  # a version is a short decimal number


def domain(kind: str, version: int = 1) -> bytes:
    """The prefix of a signed or hashed thing; the zero byte keeps one prefix from beginning another."""
    return f"notesapp/{kind}/{version}".encode("ascii") + b"\0"


def expect_domain(data: bytes, prefix: bytes) -> None:
    """`RemoteError` unless `data` begins with `prefix`; `NewerFormat` if it is the kind in another version."""
    if data.startswith(prefix):
        return
    stem = prefix[: prefix.rindex(b"/") + 1]
    version = data[len(stem) : len(stem) + _VERSION_ROOM].split(b"\0")[0]
    if data.startswith(stem) and version.isdigit():
        raise NewerFormat(what=f"{stem.decode()}{version.decode()}")
    raise RemoteError(reason=f"it doesn't begin with {prefix[:-1].decode()}")


def digest(data: bytes) -> bytes:
    """BLAKE2b-256 (RFC 7693) of `data`."""
    return blake2b(data, digest_size=HASH_BYTES).digest()


def derive(secret: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose: BLAKE2b-256 of its domain, keyed with `secret` (at most 64 bytes)."""
    return blake2b(domain(purpose), digest_size=KEY_BYTES, key=secret).digest()


# -- signatures ---------------------------------------------------------------------------------------------------


def signing_pair(seed: bytes) -> tuple[bytes, bytes]:
    """(public key 32, secret key 64) of Ed25519 for a seed of 32 bytes."""
    public, secret = bindings.crypto_sign_seed_keypair(seed)
    return public, secret


def sign(message: bytes, secret: bytes) -> bytes:
    """The Ed25519 signature (64 bytes) of `message`, which must begin with its domain."""
    signed: bytes = bindings.crypto_sign(message, secret)
    return signed[:SIGNATURE_BYTES]


def verify(message: bytes, signature: bytes, public: bytes) -> bool:
    """Whether `signature` was made over exactly these bytes by the holder of `public`; any bytes may be asked about."""
    if len(signature) != SIGNATURE_BYTES or len(public) != KEY_BYTES:
        return False
    try:
        bindings.crypto_sign_open(signature + message, public)
    except CryptoError:
        return False
    return True


# -- sealing under a shared key -----------------------------------------------------------------------------------


def seal(plain: bytes, key: bytes, nonce: bytes, beside: bytes) -> bytes:
    """XChaCha20-Poly1305, 16 bytes longer; `beside` is vouched for, not contained. A nonce serves once."""
    sealed: bytes = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, beside, nonce, key)
    return sealed


def unseal(sealed: bytes, key: bytes, nonce: bytes, beside: bytes) -> bytes:
    """The inverse of `seal`; `RemoteError` if anything differs."""
    if len(sealed) < TAG_BYTES:
        raise RemoteError(reason="a sealed piece is shorter than its seal")
    try:
        plain: bytes = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, beside, nonce, key)
    except CryptoError:
        raise RemoteError(reason="a seal is broken or made with another key") from None
    return plain


# -- sealing to one device ----------------------------------------------------------------------------------------


def box_pair(seed: bytes) -> tuple[bytes, bytes]:
    """(public key 32, secret key 32) of X25519; the secret is the seed itself, clamped when used."""
    public: bytes = bindings.crypto_scalarmult_base(seed)
    return public, seed


def box_seal(plain: bytes, to: bytes, entropy: Entropy) -> bytes:
    """A libsodium sealed box for the X25519 key `to`, 48 bytes longer: it says nothing of who made it.

    The passing key comes from `entropy`, so that a simulated world repeats itself; `crypto_box_seal_open` opens it.
    `RemoteError` if `to` is a point of small order.
    """
    public, secret = box_pair(entropy(KEY_BYTES))
    try:
        boxed: bytes = bindings.crypto_box(plain, _box_nonce(public, to), to, secret)
    except CryptoError:
        raise RemoteError(reason="a device's box key is no usable key") from None
    return public + boxed


def box_open(boxed: bytes, public: bytes, secret: bytes) -> bytes:
    """The inverse of `box_seal` for the pair's holder; `RemoteError` if it is not for him or was changed."""
    if len(boxed) < BOX_BYTES:
        raise RemoteError(reason="a sealed box is shorter than its seal")
    try:
        plain: bytes = bindings.crypto_box_seal_open(boxed, public, secret)
    except (CryptoError, TypeError, ValueError):
        raise RemoteError(reason="a sealed box is for somebody else or was changed") from None
    return plain


def _box_nonce(passing: bytes, to: bytes) -> bytes:
    return blake2b(passing + to, digest_size=NONCE_BYTES).digest()
