"""Hostile bytes for what stands inside messages: records, chunks, lists of hashes, digests of ranges, kept lines."""

from __future__ import annotations

import msgspec
import pytest

from notesapp.identity.person import DOMAIN as PERSON_DOMAIN
from notesapp.identity.primitives import digest
from notesapp.identity.roster import read_record
from notesapp.sync import messages as m
from notesapp.sync.attachment import Manifest, Sealer, open_all, open_chunk
from notesapp.sync.dispatch import read_any
from notesapp.sync.fetching import split
from notesapp.sync.frames import Frame
from notesapp.sync.frontier import END, FIRST, Frontier, Mark
from notesapp.sync.have import Ledger
from notesapp.sync.ranges import answer
from notesapp.sync.receipt import Receipt
from tests.fuzzing import Decoder, attack
from tests.identity.people import dice
from tests.sync.feeds import LAPTOP, NOTEBOOK
from tests.sync.test_vectors import frozen

IDENTITY = frozen("identity-1")
SCOPE = read_record(IDENTITY["roster_rotate"]).scope
OWN = Frontier({dice(f"feed {n}")(16): Mark(n, bytes(32)) for n in range(300)})
SPANS = m.Spans(0, tuple(m.SpanLine(it.low, it.high, it.feeds, bytes(32)) for it in OWN.split(FIRST, END, 16)))
RECEIPT = Receipt.make(LAPTOP, NOTEBOOK, 3, OWN)


def attachment() -> tuple[Manifest, bytes]:
    sealer = Sealer(bytes(16), dice("attachment"))
    assert list(sealer.add(b"A picture. " * 9)) == []
    [chunk], manifest = sealer.finish()
    return manifest, chunk.sealed


MANIFEST, CHUNK = attachment()


def believed(sealed: bytes) -> object:
    """A chunk whose hash the list really names: its writer is the hostile one."""
    manifest = msgspec.structs.replace(MANIFEST, chunks=digest(sealed), size=min(MANIFEST.size, 256 * 1024))
    return list(open_all(manifest, [sealed]))


def compared(payload: bytes) -> object:
    """A peer's digests over ranges put beside our own."""
    spans = m.read(Frame(2, payload))
    assert isinstance(spans, m.Spans)
    return answer(OWN, spans.spans)


def kept() -> bytes:
    ledger = Ledger(OWN)
    assert RECEIPT is not None
    ledger.receipt(RECEIPT, 5)
    return ledger.write(LAPTOP.device_id)


DECODERS: dict[str, Decoder] = {
    "any record": Decoder(
        lambda data: read_any(data, SCOPE),
        [IDENTITY["roster_rotate"], IDENTITY["person_add_laptop_by_root"], IDENTITY["genesis"], PERSON_DOMAIN],
    ),
    "chunk": Decoder(lambda data: open_chunk(MANIFEST, 0, data), [CHUNK]),
    "chunk that its list names": Decoder(believed, [CHUNK]),
    "list of chunks": Decoder(split, [bytes(64)]),
    "digests of ranges": Decoder(compared, [m.write(SPANS)[3:]]),
    "kept line of a device": Decoder(lambda data: Ledger(OWN).load(data), [kept()]),
}


def test_honest_bytes_are_read() -> None:
    for name, decoder in DECODERS.items():
        for honest in decoder.honest:
            if honest != PERSON_DOMAIN:
                decoder.read(honest)
        assert decoder.honest, name


@pytest.mark.parametrize("name", sorted(DECODERS))
def test_ten_thousand_mutants_end_in_a_value_or_a_remote_error(name: str) -> None:
    attack(name, DECODERS[name], 10_000, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(DECODERS))
def test_a_million_mutants(name: str) -> None:
    for seed in range(2, 102):
        attack(name, DECODERS[name], 10_000, seed)
