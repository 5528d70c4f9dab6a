"""Hostile bytes for what notes are kept and described in: changes, columns, snapshots, front matter, Markdown."""

from __future__ import annotations

import hashlib

import pytest
import zstandard

from notesapp.notes import columns, front_matter, snapshot
from notesapp.notes.change import read_frame
from notesapp.notes.columns import Refused
from notesapp.notes.markup import parse
from notesapp.notes.ops import read as read_ops
from notesapp.text import Splice, clean
from tests.fuzzing import Decoder, attack
from tests.notes.forge import BOB, exchange, joined, note, repaired

ALICES = note("# Liebe Grüße 😀\n\n- [ ] [[Plan]] #tag/sub\n" * 3)
BOBS = joined(ALICES, BOB)
BOBS.edit([Splice(3, "", "xyz")])
ALICES.edit([Splice(1, " ", "")])
exchange(ALICES, BOBS)
SAVED = [ALICES.save(), ALICES.save(compact=True)]
HEAD = len(snapshot._MAGIC) + 1 + 32
PLAIN = [zstandard.decompress(saved[HEAD:]) for saved in SAVED]
FRONT = "---\ntitle: Plan\ntags: [a, b/c]\naliases:\n  - Other\n---\n"
MARKDOWN = f"{FRONT}# Plan\n\n- [ ] do [[Beans|b]] #x\n\n```py\n1\n```\n"


def believed(plain: bytes) -> object:
    """A snapshot whose hash is right, whatever it holds."""
    packed = zstandard.compress(plain)
    head = SAVED[0][: HEAD - 32] + hashlib.blake2b(packed, digest_size=32).digest()
    return snapshot.read(head + packed)


def change(raw: bytes) -> object:
    """A change whose checksum is right, whatever it holds."""
    frame = read_frame(repaired(raw)) if len(raw) > 12 else read_frame(raw)
    return list(read_ops(frame, range(1 + len(frame.others))))


DECODERS: dict[str, Decoder] = {
    "change": Decoder(change, [change.raw for change in ALICES.history()], (Refused,)),
    "integers": Decoder(lambda data: columns.read_integers(data, 20), [bytes([20, 3]), b"\x7f\5\x13\2"], (Refused,)),
    "deltas": Decoder(lambda data: columns.read_deltas(data, 20), [bytes([20, 1])], (Refused,)),
    "strings": Decoder(lambda data: columns.read_strings(data, 3), [b"\x03\x05title", b"\x7f\4body\2\2id"], (Refused,)),
    "booleans": Decoder(lambda data: columns.read_booleans(data, 20), [bytes([5, 15])], (Refused,)),
    "snapshot": Decoder(snapshot.read, SAVED, (snapshot.Damaged,)),
    "snapshot with a right hash": Decoder(believed, PLAIN, (snapshot.Damaged,)),
    "front matter": Decoder(
        lambda data: front_matter.find(clean(data.decode("utf-8", "replace"))), [MARKDOWN.encode()], ()
    ),
    "Markdown": Decoder(lambda data: parse(clean(data.decode("utf-8", "replace")), "Plan"), [MARKDOWN.encode()], ()),
}


@pytest.mark.parametrize("name", sorted(DECODERS))
def test_ten_thousand_mutants_end_in_a_value_or_a_named_error(name: str) -> None:
    attack(name, DECODERS[name], 10_000, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(DECODERS))
def test_a_million_mutants(name: str) -> None:
    for seed in range(2, 102):
        attack(name, DECODERS[name], 10_000, seed)
