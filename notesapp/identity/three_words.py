"""A code of three words, said aloud. Decides how it is spelled, proven and used up; finds nobody and keeps no link.

The first word picks the meeting place, the other two are a password of 22 bits for SPAKE2 (RFC 9382's idea, by the
package `spake2`): each conversation allows one guess, and three wrong ones end the code. The joiner proves himself
first, so that the sharer tells a guesser nothing. Everything is bound to `context`: the certificates of both sides,
nonces and roles, so that whoever carries the bytes to another link has nothing.

joiner:  Asked --theirs--> Proving --their proof--> CodeKey
sharer:  SharedCode --ask--> Answered --their proof--> (our proof, CodeKey) | one try less
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b

from nacl import bindings
from spake2 import SPAKE2_A, SPAKE2_B, SPAKEError  # type: ignore[import-untyped]  # the package has no types

from notesapp.errors import CodeEnded, CodeWordCount, CodeWordsUnknown, CodeWrong, RemoteError
from notesapp.identity.primitives import NONCE_BYTES, TAG_BYTES, Entropy, derive, digest, domain, seal, unseal
from notesapp.identity.words import either, listed_word, nearest_words, words_of

WORDS = 3
TRIES = 3
ASK_BYTES = ANSWER_BYTES = 33  # a side byte and a point of Ed25519
PROOF_BYTES = 32
_TYPED_LIMIT = 200  # characters
_SEALED_LIMIT = 64 * 1024


class Purpose(StrEnum):
    """What a code is for: one for inviting never links a device."""

    INVITE = "invite"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class CodeWords:
    """Three words of the list and what they are for."""

    words: tuple[str, ...] = field(repr=False)
    purpose: Purpose

    @classmethod
    def generate(cls, purpose: Purpose, entropy: Entropy) -> CodeWords:
        """A new code."""
        return cls(words_of(entropy(5), WORDS), purpose)

    @classmethod
    def read(cls, typed: str, purpose: Purpose) -> CodeWords:
        """The code that a person typed: any case, spaces or hyphens, whole words or their first four letters."""
        words = "".join(c if c.isalpha() else " " for c in typed[:_TYPED_LIMIT]).split()
        if len(words) != WORDS:
            raise CodeWordCount(found=len(words))
        for word in words:
            if listed_word(word) is None:
                raise CodeWordsUnknown(typed=word[:20], nearest=either(nearest_words(word.lower())))
        return cls(tuple(listed_word(word) or "" for word in words), purpose)

    def __str__(self) -> str:
        return "-".join(self.words)

    @property
    def topic(self) -> bytes:
        """The meeting place (32 bytes): one of 2,048 per purpose, so no secret."""
        return digest(domain("code-topic") + f"{self.purpose} {self.words[0]}".encode("ascii"))

    @property
    def hello(self) -> bytes:
        """The key (32 bytes) of Hello tags for strangers who meet by this first word; no secret either."""
        return digest(domain("code-hello") + f"{self.purpose} {self.words[0]}".encode("ascii"))

    @property
    def _password(self) -> bytes:
        return domain("code-password") + f"{self.purpose} {self.words[1]} {self.words[2]}".encode("ascii")


def code_context(
    *, binding: bytes, joiner_certificate: bytes, joiner: bytes, sharer: bytes, nonces: tuple[bytes, bytes]
) -> bytes:
    """What a code's conversation is bound to (32 bytes), all parts 32 bytes long.

    The link's binding (hash of the sharer's certificate), the hash of the joiner's (zeros if he showed none), both
    device keys, the joiner's and the sharer's nonce.
    """
    parts = (binding, joiner_certificate, joiner, sharer, *nonces)
    if any(len(part) != 32 for part in parts):
        raise RemoteError(reason="a code is used over a link without two certificates, keys and nonces")
    return digest(domain("code-context") + b"".join(parts))


@dataclass(frozen=True, slots=True)
class CodeKey:
    """The key that only the two who know the code share. Seals a few messages each way."""

    _send: bytes = field(repr=False)
    _receive: bytes = field(repr=False)

    def seal(self, plain: bytes, entropy: Entropy) -> bytes:
        """A message for the other one, 40 bytes longer."""
        nonce = entropy(NONCE_BYTES)
        return nonce + seal(plain, self._send, nonce, domain("code-message"))

    def open(self, sealed: bytes) -> bytes:
        """A message from the other one; `RemoteError` if it isn't."""
        if not NONCE_BYTES + TAG_BYTES <= len(sealed) <= _SEALED_LIMIT:
            raise RemoteError(reason=f"a message under a code has {len(sealed)} bytes")
        return unseal(sealed[NONCE_BYTES:], self._receive, sealed[:NONCE_BYTES], domain("code-message"))


class Asked:
    """The joiner's first step: `out` (33 bytes) goes to a sharer."""

    def __init__(self, code: CodeWords, context: bytes, entropy: Entropy) -> None:
        self._context = context
        self._spake = SPAKE2_A(code._password, b"joiner" + context, b"sharer" + context, entropy_f=entropy)
        self.out: bytes = self._spake.start()

    def receive(self, answer: bytes) -> Proving:
        """The sharer's answer (33 bytes)."""
        return Proving(_finish(self._spake, answer, b"B"), self._context)


class Proving:
    """The joiner proves that he knows the code: `out` (32 bytes)."""

    def __init__(self, key: bytes, context: bytes) -> None:
        self._key, self._context = key, context
        self.out = _proof(key, "code-joiner", context)

    def receive(self, proof: bytes) -> CodeKey:
        """The sharer's proof (32 bytes); `CodeWrong` if he has other words (he may share on the same first word)."""
        if not hmac.compare_digest(proof, _proof(self._key, "code-sharer", self._context)):
            raise CodeWrong(left="Some")
        return CodeKey(derive(self._key, "code-to-sharer"), derive(self._key, "code-to-joiner"))


class SharedCode:
    """A code that waits for its joiner, over however many links. Three wrong proofs, or a right one, end it."""

    def __init__(self, code: CodeWords) -> None:
        self.code = code
        self.tries_left = TRIES
        self.used = False

    @property
    def ended(self) -> bool:
        """Whether nobody can join by it any more."""
        return self.used or self.tries_left <= 0

    def answer(self, ask: bytes, context: bytes, entropy: Entropy) -> Answered:
        """Answers one who asks over one link; `CodeEnded` if it is too late."""
        if self.ended:
            raise CodeEnded
        spake = SPAKE2_B(self.code._password, b"joiner" + context, b"sharer" + context, entropy_f=entropy)
        out: bytes = spake.start()
        return Answered(self, out, _finish(spake, ask, b"A"), context)


class Answered:
    """The sharer answered (`out`, 33 bytes) and waits for the joiner's proof, once."""

    def __init__(self, code: SharedCode, out: bytes, key: bytes, context: bytes) -> None:
        self.out = out
        self._code, self._key, self._context = code, key, context
        self._done = False

    def receive(self, proof: bytes) -> tuple[bytes, CodeKey]:
        """(our proof of 32 bytes, the shared key); `CodeWrong` costs a try, `CodeEnded` says there is none."""
        if self._code.ended:
            raise CodeEnded
        if self._done:
            raise RemoteError(reason="a second proof came for one answer")
        self._done = True
        if not hmac.compare_digest(proof, _proof(self._key, "code-joiner", self._context)):
            self._code.tries_left -= 1
            if self._code.ended:
                raise CodeEnded
            raise CodeWrong(left=self._code.tries_left)
        self._code.used = True
        key = CodeKey(derive(self._key, "code-to-joiner"), derive(self._key, "code-to-sharer"))
        return _proof(self._key, "code-sharer", self._context), key


def _finish(spake: SPAKE2_A | SPAKE2_B, message: bytes, side: bytes) -> bytes:
    """The raw shared key; libsodium checks the point first (canonical, of the right order), then `spake2` reads it."""
    if len(message) != ASK_BYTES or message[:1] != side:
        raise RemoteError(reason="a code's first message has a wrong length or side")
    if not bindings.crypto_core_ed25519_is_valid_point(message[1:]):
        raise RemoteError(reason="a code's first message is no point of the curve")
    try:
        key: bytes = spake.finish(message)
    except (SPAKEError, ValueError) as error:
        raise RemoteError(reason=f"a code's first message can't be used: {type(error).__name__}") from None
    return key


def _proof(key: bytes, who: str, context: bytes) -> bytes:
    return blake2b(context, digest_size=PROOF_BYTES, key=derive(key, who)).digest()
