"""What a joiner and his host say to each other at the door, before any notebook is shared. Decides the messages only.

They travel as `Ask` (the joiner's) and `Answer` of a session that began by an invite, a code or a card: msgpack maps
with the name of their kind. Whoever doesn't understand one ends the conversation.
"""

from __future__ import annotations

from typing import Annotated, cast

import msgspec

from notesapp.identity.record import RECORD_LIMIT, Bytes32, Form
from notesapp.sync.messages import ASK_LIMIT

RECORDS_BYTES = 48 * 1024  # of one message: it must fit an answer
_Sealed = Annotated[bytes, msgspec.Meta(max_length=ASK_LIMIT)]
_Point = Annotated[bytes, msgspec.Meta(min_length=33, max_length=33)]
_Record = Annotated[bytes, msgspec.Meta(max_length=RECORD_LIMIT)]
_Reason = Annotated[str, msgspec.Meta(max_length=300)]


class Word(msgspec.Struct, frozen=True, tag_field="kind", tag=str.lower, array_like=False, forbid_unknown_fields=True):
    """A message at the door."""


# -- by an invite -----------------------------------------------------------------------------------------------------


class Knock(Word, frozen=True):
    """The joiner: his request (`identity.redeem`), and the commitment to his part of the matching words."""

    redeem: _Sealed
    commitment: Bytes32


class Wait(Word, frozen=True):
    """The host: a person must approve. His commitment and, as the joiner has committed, his nonce."""

    commitment: Bytes32
    nonce: Bytes32


class Reveal(Word, frozen=True):
    """The joiner's nonce: now both can show the words."""

    nonce: Bytes32


class Refused(Word, frozen=True):
    """The host: no, and why."""

    reason: _Reason


class Admitted(Word, frozen=True):
    """The host: the notebook's beginning and its records, in parts; `more` follow."""

    genesis: Annotated[bytes, msgspec.Meta(max_length=256)]
    records: tuple[_Record, ...]
    more: bool


# -- by a code of three words -----------------------------------------------------------------------------------------


class CodeBegin(Word, frozen=True):
    """The joiner's nonce."""

    nonce: Bytes32


class CodeNonce(Word, frozen=True):
    """The sharer's nonce."""

    nonce: Bytes32


class CodeAsk(Word, frozen=True):
    """The joiner's first message of SPAKE2."""

    out: _Point


class CodeAnswer(Word, frozen=True):
    """The sharer's."""

    out: _Point


class CodeProof(Word, frozen=True):
    """The joiner proves that he knows the code."""

    proof: Bytes32


class CodeOpen(Word, frozen=True):
    """The sharer does, too, and seals what it leads to: an invite link, or the welcome of a trusted device."""

    proof: Bytes32
    sealed: _Sealed


class CodeWrongSaid(Word, frozen=True):
    """The words don't match; so many tries are left, 0: the code has ended."""

    left: Annotated[int, msgspec.Meta(ge=0, le=9)]


# -- words that both compare, for a card and for linking a device -----------------------------------------------------


class Offer(Word, frozen=True):
    """Who dialled begins: what it is about, and a commitment."""

    about: _Sealed
    commitment: Bytes32


class Counter(Word, frozen=True):
    """The other one's commitment and nonce."""

    commitment: Bytes32
    nonce: Bytes32


class Sealed(Word, frozen=True):
    """Something under the key of a code, or (at a card, after both agreed) an invite link."""

    data: _Sealed


class Agree(Word, frozen=True):
    """The person says that the words match (or don't)."""

    yes: bool


Any_ = (
    Knock
    | Wait
    | Reveal
    | Refused
    | Admitted
    | CodeBegin
    | CodeNonce
    | CodeAsk
    | CodeAnswer
    | CodeProof
    | CodeOpen
    | CodeWrongSaid
    | Offer
    | Counter
    | Sealed
    | Agree
)
_FORM: Form[Word] = Form(cast(type[Word], Any_), ASK_LIMIT, "what was said at the door")


def write(word: Word) -> bytes:
    """The bytes of a message."""
    return _FORM.encode(word)


def read(data: bytes) -> Word:
    """The message in these bytes; `RemoteError` for anything else."""
    return _FORM.decode(data)


def admitted(genesis: bytes, records: list[bytes]) -> list[Admitted]:
    """The parts in which a notebook's records are given to a joiner."""
    parts: list[list[bytes]] = [[]]
    size = 0
    for data in records:
        if size + len(data) > RECORDS_BYTES:
            parts.append([])
            size = 0
        parts[-1].append(data)
        size += len(data)
    return [Admitted(genesis, tuple(part), more=part is not parts[-1]) for part in parts]
