"""Hostile bytes for decoders: mutants of honest ones, and a run that says what came of them.

A decoder may give a value or raise what its table names (by default `RemoteError`). Whatever else escapes fails, and so
does one that takes a second for a few hundred bytes.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from notesapp.errors import RemoteError

TOO_LONG_S = 1.0


@dataclass(frozen=True)
class Decoder:
    """Something that reads foreign bytes, honest bytes for it, and what it may raise."""

    read: Callable[[bytes], object]
    honest: Sequence[bytes]
    raises: tuple[type[Exception], ...] = (RemoteError,)


def mutant(data: bytes, chance: random.Random) -> bytes:
    """Honest bytes, spoilt: bits flipped, pieces cut, doubled, put in, numbers set to their limits."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        at = chance.randrange(len(out) + 1) if out else 0
        match chance.randrange(7):
            case 0 if out:
                out[at % len(out)] ^= 1 << chance.randrange(8)
            case 1:
                out[at : at + 1] = bytes([chance.choice((0, 0x7F, 0x80, 0xFF, 0x90, 0xC4, 0xDD, 0xCF))])
            case 2:
                del out[at : at + chance.randrange(1, 40)]
            case 3:
                out[at:at] = chance.randbytes(chance.randrange(1, 12))
            case 4:
                out[at:at] = out[at : at + chance.randrange(1, 80)]
            case 5:
                out[at : at + 8] = b"\xff" * 8
            case _:
                del out[at:]
    return bytes(out)


def attack(name: str, decoder: Decoder, count: int, seed: int) -> int:
    """How many of `count` mutants were let through; fails if anything escapes that may not."""
    chance = random.Random(f"{name} {seed}")
    let_through = 0
    for _ in range(count):
        let_through += survives(name, decoder, mutant(chance.choice(decoder.honest), chance))
    return let_through


def survives(name: str, decoder: Decoder, hostile: bytes) -> bool:
    """Whether these bytes were let through; fails if anything escapes that may not."""
    began = time.process_time()
    try:
        decoder.read(hostile)
        return True
    except decoder.raises:
        return False
    except BaseException as error:
        raise AssertionError(f"{name} let {error!r} escape for {hostile.hex()}") from error
    finally:
        took_s = time.process_time() - began
        if took_s > TOO_LONG_S:
            raise AssertionError(f"{name} took {took_s:.1f} s for {hostile.hex()}")
