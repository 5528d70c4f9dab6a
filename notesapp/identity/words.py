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
    bits = int.from_bytes(digest(FINGERPRINT_DOMAIN + person_id), "big") >> (256 - FINGERPRINT_WORDS * _WORD_BITS)
    picks = [(bits >> (_WORD_BITS * place)) & 2047 for place in reversed(range(FINGERPRINT_WORDS))]
    return tuple(_mnemonic().wordlist[pick] for pick in picks)


def _word(typed: str, number: int) -> str:
    word = _by_beginning().get(typed[:_SHORT])
    if word is None or typed not in (word, word[:_SHORT]):
        shown = typed if len(typed) <= _SHOWN else typed[:_SHOWN] + "…"
        raise RecoveryWordUnknown(number=number, word=shown, nearest=_either(nearest_words(typed)))
    return word


def _either(words: tuple[str, ...]) -> str:
    quoted = [f"“{word}”" for word in words]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
