"""Keys as words that a person can write down and compare. Decides the spelling (BIP-39, English); keeps nothing.

The recovery kit is the root seed as 24 words, 8 bits of them a checksum. A fingerprint is 6 words, 66 bits of
a hash of a person's id: enough to compare aloud, never typed back in.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache

from mnemonic import Mnemonic

from notesapp.errors import LocalError, RecoveryWordCount, RecoveryWordsMixed, RecoveryWordUnknown
from notesapp.identity.primitives import KEY_BYTES, digest, domain

KIT_WORDS = 24
FINGERPRINT_WORDS = 6
FINGERPRINT_DOMAIN = domain("fingerprint")
_WORD_BITS = 11
_SHORT = 4  # the first four letters tell every BIP-39 word apart: steel plates show no more
_TYPED_LIMIT = 2000  # characters; beyond it nobody typed words
_SHOWN = 20  # letters of a wrong word that are shown back


@cache
def _mnemonic() -> Mnemonic:
    return Mnemonic("english")


@cache
def _by_beginning() -> dict[str, str]:
    return {word[:_SHORT]: word for word in _mnemonic().wordlist}


def kit_words(seed: bytes) -> tuple[str, ...]:
    """The 24 words of a root seed (32 bytes)."""
    if len(seed) != KEY_BYTES:
        raise LocalError(what=f"a recovery kit is made of 32 bytes, not {len(seed)}")
    return tuple(_mnemonic().to_mnemonic(seed).split())


def parse_kit(typed: str) -> bytes:
    """The root seed in what a person typed: any case, spacing, commas and numbering, words or their first four letters.

    `RecoveryWordCount`, `RecoveryWordUnknown` (with the nearest words) or `RecoveryWordsMixed` say what is wrong.
    """
    typed = typed[:_TYPED_LIMIT]
    words = "".join(letter if letter.isalpha() else " " for letter in typed.lower()).split()
    if len(words) != KIT_WORDS:
        raise RecoveryWordCount(found=len(words))
    full = [_word(word, number) for number, word in enumerate(words, start=1)]
    if not _mnemonic().check(" ".join(full)):
        raise RecoveryWordsMixed
    return bytes(_mnemonic().to_entropy(full))


def nearest_words(word: str, count: int = 3) -> tuple[str, ...]:
    """Words of the list that look like this one, the most alike first; never empty."""
    close = get_close_matches(word[:_SHOWN], _mnemonic().wordlist, n=count, cutoff=0.6)
    return tuple(close or get_close_matches(word[:_SHOWN], _mnemonic().wordlist, n=count, cutoff=0.0))


def fingerprint(person_id: bytes) -> tuple[str, ...]:
    """Six words that say who a person is; equal words, equal root key."""
    return words_of(digest(FINGERPRINT_DOMAIN + person_id), FINGERPRINT_WORDS)


def words_of(bits: bytes, count: int) -> tuple[str, ...]:
    """The first `count` * 11 of these bits as words, the highest bits first."""
    number = int.from_bytes(bits, "big") >> (8 * len(bits) - count * _WORD_BITS)
    picks = [(number >> (_WORD_BITS * place)) & 2047 for place in reversed(range(count))]
    return tuple(_mnemonic().wordlist[pick] for pick in picks)


def listed_word(typed: str) -> str | None:
    """The word of the list that a person typed, whole or its first four letters, in any case; None if none is."""
    typed = typed.lower()
    word = _by_beginning().get(typed[:_SHORT])
    return word if word is not None and typed in (word, word[:_SHORT]) else None


def _word(typed: str, number: int) -> str:
    word = listed_word(typed)
    if word is None:
        shown = typed if len(typed) <= _SHOWN else typed[:_SHOWN] + "…"
        raise RecoveryWordUnknown(number=number, word=shown, nearest=either(nearest_words(typed)))
    return word


def either(words: tuple[str, ...]) -> str:
    """The words as a choice, quoted: for sentences."""
    quoted = [f"“{word}”" for word in words]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
