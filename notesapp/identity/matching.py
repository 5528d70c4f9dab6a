"""Matching words: three words that two people compare aloud. Decides the exchange; whoever sits between can't steer it.

Both sides first send the hash of a nonce, then the nonce. Who stands in the middle must commit to his nonces
before he learns theirs, so his chance that both people see the same words is 1 in 2^33.

state:   Offered --their commitment--> Revealed --their nonce--> Matched(words)
sends:   commitment                    nonce
"""

from __future__ import annotations

from dataclasses import dataclass, field

from notesapp.errors import LocalError, RemoteError
from notesapp.identity.primitives import HASH_BYTES, Entropy, digest, domain
from notesapp.identity.words import words_of

COMMIT_DOMAIN = domain("matching-commit")
WORDS_DOMAIN = domain("matching-words")
NONCE_BYTES = 32
WORDS = 3
DIALER, LISTENER = b"D", b"L"


@dataclass(frozen=True, slots=True)
class Offered:
    """We said our commitment (`out`, 32 bytes) and wait for theirs."""

    out: bytes
    side: bytes
    context: bytes
    nonce: bytes = field(repr=False)

    def receive(self, commitment: bytes) -> Revealed:
        """Their commitment; now our nonce may go out."""
        if len(commitment) != HASH_BYTES:
            raise RemoteError(reason="a commitment to matching words has another length than 32 bytes")
        if commitment == self.out:
            raise RemoteError(reason="a commitment to matching words was reflected")
        return Revealed(self.nonce, self.side, self.context, commitment)


@dataclass(frozen=True, slots=True)
class Revealed:
    """We said our nonce (`out`, 32 bytes) and wait for theirs."""

    out: bytes
    side: bytes
    context: bytes
    theirs: bytes

    def receive(self, nonce: bytes) -> Matched:
        """Their nonce; `RemoteError` unless it is the one to which they committed."""
        other = LISTENER if self.side == DIALER else DIALER
        if len(nonce) != NONCE_BYTES or _commitment(other, self.context, nonce) != self.theirs:
            raise RemoteError(reason="a nonce for matching words is not the one that was promised")
        dialers, listeners = (self.out, nonce) if self.side == DIALER else (nonce, self.out)
        return Matched(words_of(digest(WORDS_DOMAIN + self.context + dialers + listeners), WORDS))


@dataclass(frozen=True, slots=True)
class Matched:
    """The words that both people must see."""

    words: tuple[str, ...]


def begin_matching(side: bytes, context: bytes, entropy: Entropy) -> Offered:
    """Begins on one side (`DIALER` or `LISTENER`); `context` (32 bytes) says of which link, devices and purpose."""
    if side not in (DIALER, LISTENER) or len(context) != HASH_BYTES:
        raise LocalError(what="matching words were begun without side or context")
    nonce = entropy(NONCE_BYTES)
    return Offered(_commitment(side, context, nonce), side, context, nonce)


def matching_context(binding: bytes, dialer: bytes, listener: bytes, purpose: str) -> bytes:
    """The context of one exchange: the link's binding, both device keys, and what the words are about."""
    return digest(domain("matching-context") + binding + dialer + listener + purpose.encode("utf-8"))


def _commitment(side: bytes, context: bytes, nonce: bytes) -> bytes:
    return digest(COMMIT_DOMAIN + side + context + nonce)
