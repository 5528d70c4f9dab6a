"""Bodies: what is packed, and bombs that are not unpacked."""

from __future__ import annotations

import pytest
import zstandard

from notesapp.errors import RemoteError
from notesapp.identity.primitives import digest, seal
from notesapp.sync.body import PLAIN_LIMIT, Changed, read_entry
from notesapp.sync.entry import BESIDE_BYTES, ZSTD, Entry, Header, Kind
from tests.identity.people import NOON, dice
from tests.sync.feeds import KEYS, NOTE, NOTEBOOK, UNDER, Typed


def sealed(plain: bytes, flags: int = ZSTD, kind: int = Kind.CHANGE) -> Entry:
    """An entry as a malicious writer, who has the keys, may seal it."""
    nonce = dice("nonce")(24)
    where = (NOTEBOOK, bytes(16), 1, bytes(32))
    it = Header(*where, kind, flags, UNDER.epoch, UNDER.roster, len(plain) + 16, nonce, NOON, bytes(32))
    beside = it.write()[:BESIDE_BYTES]
    body = seal(plain, UNDER.content_key, nonce, beside)
    return Entry.of(beside + digest(body), body)


def test_large_change_is_packed_and_a_small_one_is_not() -> None:
    typed = Typed()
    small, large = typed.type(b"a" * 200), typed.type(b"The quick brown fox. " * 100)
    assert [Header.read(entry.header).flags for entry in (small, large)] == [0, ZSTD]
    assert len(large.body or b"") < 200
    assert read_entry(large, KEYS) == Changed(NOTE, b"The quick brown fox. " * 100)


def test_change_that_would_look_like_a_bomb_is_not_packed() -> None:
    typed = Typed()
    entry = typed.type(bytes(100_000))
    assert Header.read(entry.header).flags == 0
    assert read_entry(entry, KEYS) == Changed(NOTE, bytes(100_000))


def test_honest_packed_body_is_read() -> None:
    assert read_entry(sealed(zstandard.compress(NOTE + b"text " * 50)), KEYS) == Changed(NOTE, b"text " * 50)


@pytest.mark.parametrize(
    "bomb",
    [
        zstandard.compress(bytes(100_000)),  # 200 times and more
        zstandard.compress(bytes(PLAIN_LIMIT + 1)),
        zstandard.ZstdCompressor(write_content_size=False).compress(NOTE + b"text " * 50),  # doesn't say how large
        zstandard.compress(NOTE + b"text " * 50) + b"more",
        zstandard.compress(NOTE + b"text " * 50) * 2,
        zstandard.compress(NOTE + b"text " * 50)[:-1],
        b"",
        b"no frame at all",
        b"\x50\x2a\x4d\x18\x04\x00\x00\x00skip",  # a skippable frame
    ],
)
def test_bomb_and_broken_frame_are_refused(bomb: bytes) -> None:
    with pytest.raises(RemoteError):
        read_entry(sealed(bomb), KEYS)


@pytest.mark.parametrize("lie", [40, 300, 100_000])
def test_frame_that_lies_about_its_size_is_refused(lie: int) -> None:
    frame = bytearray(zstandard.compress(bytes(range(256)) + NOTE))  # single segment, 2 bytes of size (value - 256)
    assert zstandard.get_frame_parameters(bytes(frame)).content_size == 272
    at = 5
    frame[at : at + 2] = max(0, min(lie - 256, 0xFFFF)).to_bytes(2, "little")
    with pytest.raises(RemoteError):
        read_entry(sealed(bytes(frame)), KEYS)


def test_malformed_contents_under_a_good_seal_are_refused() -> None:
    for entry in (
        sealed(NOTE, flags=0),
        sealed(b"", flags=0),
        sealed(b"\x90", flags=0, kind=Kind.BLOB),
        sealed(b"\xc1", flags=0, kind=Kind.BLOB),
    ):
        with pytest.raises(RemoteError):
            read_entry(entry, KEYS)
