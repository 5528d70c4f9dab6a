"""What the makers of the program say of its newest version: one signed announcement, and which version is newer.

Decides what is believed. Who fetches it, when, and whether the person agreed, is decided elsewhere (`node.releases`,
`ui.herald`). The program never changes itself: an announcement leads to a page that a person reads.
"""

from __future__ import annotations

import re
from typing import Annotated, Self

import msgspec

from notesapp.errors import RemoteError
from notesapp.identity.primitives import (
    HASH_BYTES,
    SIGNATURE_BYTES,
    domain,
    expect_domain,
    sign,
    signing_pair,
    verify,
)

FEED_LIMIT_BYTES = 16_384
FILES_LIMIT = 32
_DOMAIN = domain("release")
_VERSION = re.compile(r"(\d{1,6}(?:\.\d{1,6}){0,3})(?:(a|b|rc)(\d{1,6}))?(?:\.post(\d{1,6}))?(?:\.dev(\d{1,6}))?")
_STAGE = {"a": 0, "b": 1, "rc": 2}

Version = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Page = Annotated[str, msgspec.Meta(pattern=r"^https://[!-~]{1,192}\Z")]


class ReleaseFile(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """A file that people download: its name, length, and SHA-256 (what `sha256sum` prints)."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._+~-]{1,100}\Z")]
    size_bytes: Annotated[int, msgspec.Meta(ge=1, le=2**40)]
    sha256: Annotated[bytes, msgspec.Meta(min_length=HASH_BYTES, max_length=HASH_BYTES)]


class Release(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The newest version, when it was made, the page that tells of it, and its files."""

    version: Version
    made_ms: Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799_999)]
    page: Page
    files: Annotated[tuple[ReleaseFile, ...], msgspec.Meta(max_length=FILES_LIMIT)] = ()

    @classmethod
    def read(cls, feed: bytes, keys: tuple[bytes, ...]) -> Self:
        """The announcement, if one of these keys signed it; RemoteError says why it is none of ours."""
        if len(feed) > FEED_LIMIT_BYTES:
            raise RemoteError(reason=f"the announcement of a version has more than {FEED_LIMIT_BYTES} bytes")
        expect_domain(feed, _DOMAIN)
        signed, signature = feed[:-SIGNATURE_BYTES], feed[-SIGNATURE_BYTES:]
        if len(signed) <= len(_DOMAIN) or not any(verify(signed, signature, key) for key in keys):
            raise RemoteError(reason="none of the makers of Notesapp signed the announcement of a version")
        try:
            found = msgspec.msgpack.decode(signed[len(_DOMAIN) :], type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RemoteError(reason="the announcement of a version is malformed") from error
        _order(found.version)
        return found

    def write(self, seed: bytes) -> bytes:
        """The announcement, signed with the key of this seed (the release job's, never the program's)."""
        message = _DOMAIN + msgspec.msgpack.encode(self)
        return message + sign(message, signing_pair(seed)[1])

    def is_newer_than(self, version: str) -> bool:
        """Whether a person with this version would gain by it."""
        return _order(self.version) > _order(version)


def _order(version: str) -> tuple[tuple[int, ...], int, int, int, int]:
    """Python's order of versions (PEP 440): development, alpha, beta, candidate, the version, and what follows it."""
    found = _VERSION.fullmatch(version)
    if found is None:
        raise RemoteError(reason="the announcement names something that is no version")
    numbers, stage, count, post, dev = found.groups()
    base = tuple(int(part) for part in numbers.split("."))
    base += (0,) * (4 - len(base))
    kind = _STAGE[stage] if stage else -1 if dev and post is None else 3
    return base, kind, int(count or 0), -1 if post is None else int(post), _dev(dev)


def _dev(dev: str | None) -> int:
    return 10**6 if dev is None else int(dev)  # a development version comes before what it leads to
