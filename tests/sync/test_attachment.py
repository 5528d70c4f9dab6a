"""Attachments: cut, sealed, fetched in any order, checked chunk by chunk."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notesapp.errors import LocalError, RemoteError, TooLarge
from notesapp.sync.attachment import (
    CHUNK_BYTES,
    SIZE_LIMIT,
    Chunk,
    Manifest,
    Sealer,
    open_all,
    open_chunk,
    read_manifest,
    sealed_bytes,
    write_manifest,
)
from tests.identity.people import dice


def cut(data: bytes, step: int = 100_000) -> tuple[list[Chunk], Manifest]:
    sealer = Sealer(bytes(16), dice("key"))
    chunks = [chunk for at in range(0, len(data), step) for chunk in sealer.add(data[at : at + step])]
    last, manifest = sealer.finish()
    return [*chunks, *last], manifest


@settings(max_examples=12)
@given(
    st.sampled_from([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES]),
    st.sampled_from([70_001, CHUNK_BYTES, 10 * CHUNK_BYTES]),
)
def test_file_comes_out_as_it_went_in(size: int, step: int) -> None:
    data = dice("file")(size)
    chunks, manifest = cut(data, step)
    assert b"".join(open_all(manifest, [chunk.sealed for chunk in chunks])) == data
    assert manifest.hashes == tuple(chunk.hash for chunk in chunks)
    assert sum(len(chunk.sealed) for chunk in chunks) == sealed_bytes(size)
    assert read_manifest(write_manifest(manifest)) == manifest


def test_chunk_is_checked_alone_and_another_one_is_refused() -> None:
    data = dice("file")(2 * CHUNK_BYTES + 5)
    chunks, manifest = cut(data)
    assert open_chunk(manifest, 2, chunks[2].sealed) == data[-5:]
    for number, sealed in ((0, chunks[1].sealed), (1, chunks[1].sealed[:-1]), (3, b""), (-1, chunks[2].sealed)):
        with pytest.raises(RemoteError):
            open_chunk(manifest, number, sealed)
    with pytest.raises(RemoteError):
        list(open_all(manifest, [chunk.sealed for chunk in chunks[:-1]]))


def test_manifest_that_lies_is_refused() -> None:
    chunks, manifest = cut(dice("file")(CHUNK_BYTES + 5))
    lies = [
        Manifest(bytes(16), manifest.key, manifest.size + CHUNK_BYTES, manifest.content_hash, manifest.chunks),
        Manifest(bytes(16), manifest.key, manifest.size, manifest.content_hash, manifest.chunks[:-1]),
        Manifest(bytes(16), manifest.key, SIZE_LIMIT + 1, manifest.content_hash, manifest.chunks),
        Manifest(bytes(15), manifest.key, manifest.size, manifest.content_hash, manifest.chunks),
    ]
    for lie in lies:
        with pytest.raises(RemoteError):
            read_manifest(write_manifest(lie))
    sealed = [chunk.sealed for chunk in chunks]
    for lie in (
        Manifest(bytes(16), manifest.key, manifest.size + 1, manifest.content_hash, manifest.chunks),
        Manifest(bytes(16), manifest.key, manifest.size, bytes(32), manifest.chunks),
        Manifest(bytes(16), bytes(32), manifest.size, manifest.content_hash, manifest.chunks),
    ):
        with pytest.raises(RemoteError):
            list(open_all(read_manifest(write_manifest(lie)), sealed))


def test_file_above_200_mb_is_refused_before_it_is_sealed() -> None:
    sealer = Sealer(bytes(16), dice("key"), "holiday.mov")
    piece = bytes(SIZE_LIMIT // 2 + 1)
    sealer.add(piece)
    with pytest.raises(TooLarge, match=r"holiday.mov has more than 200 MB"):
        sealer.add(piece)


def test_chunks_that_were_not_taken_are_not_forgotten_in_silence() -> None:
    sealer = Sealer(bytes(16), dice("key"))
    sealer.add(bytes(CHUNK_BYTES))
    with pytest.raises(LocalError, match="before its chunks were taken"):
        sealer.finish()
    done = Sealer(bytes(16), dice("key"))
    done.finish()
    with pytest.raises(LocalError, match="after its end"):
        done.add(b"late")


def test_key_is_not_printed() -> None:
    _, manifest = cut(b"x")
    assert manifest.key.hex() not in repr(manifest)
    assert repr(manifest.key) not in repr(manifest)
