"""Hostile bytes for what guests and hosts say at the door, and for what people claim to be called."""

from __future__ import annotations

import pytest

from notesapp.identity.spare_key import SPARE, SpareKey
from notesapp.node import doorwords as words
from notesapp.node.profiles import PROFILE, Profile
from tests.fuzzing import Decoder, attack

SAID: list[words.Word] = [
    words.Knock(b"request", bytes(32)),
    words.Wait(bytes(32), bytes(32)),
    words.Reveal(bytes(32)),
    words.Refused("this invite has ended"),
    words.Admitted(b"genesis", (b"record", bytes(300)), True),
    words.CodeBegin(bytes(32)),
    words.CodeNonce(bytes(32)),
    words.CodeAsk(bytes(33)),
    words.CodeAnswer(bytes(33)),
    words.CodeProof(bytes(32)),
    words.CodeOpen(bytes(32), b"sealed"),
    words.CodeWrongSaid(2),
    words.Offer(b"about", bytes(32)),
    words.Counter(bytes(32), bytes(32)),
    words.Sealed(b"sealed"),
    words.Agree(True),
]
DECODERS: dict[str, Decoder] = {
    "word at the door": Decoder(words.read, [words.write(word) for word in SAID]),
    "spare key": Decoder(SPARE.decode, [SPARE.encode(SpareKey(bytes(32), bytes(32), bytes(80)))]),
    "profile": Decoder(PROFILE.decode, [PROFILE.encode(Profile("Ana", 3, "laptop"))]),
}


def test_every_word_is_read_back_as_it_was_written() -> None:
    assert {type(word) for word in SAID} == set(words.Any_.__args__)
    assert [words.read(words.write(word)) for word in SAID] == SAID


@pytest.mark.parametrize("name", sorted(DECODERS))
def test_ten_thousand_mutants_end_in_a_value_or_a_remote_error(name: str) -> None:
    attack(name, DECODERS[name], 10_000, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(DECODERS))
def test_a_million_mutants(name: str) -> None:
    for seed in range(2, 102):
        attack(name, DECODERS[name], 10_000, seed)
