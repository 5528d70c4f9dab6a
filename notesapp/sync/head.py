"""Signed heads, and the proof that a device signed two histories. Decides both formats; what follows from them, others.

A signed head is `notesapp/head/1\\0`, notebook 32, feed 16, index u64, entry hash 32, Ed25519 signature 64: 168 bytes.
It vouches for its own feed up to that entry, and for nothing else.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Annotated

import msgspec

from notesapp.errors import LocalError, RemoteError
from notesapp.identity.keys import Device
from notesapp.identity.primitives import SIGNATURE_BYTES, digest, domain, expect_domain, verify
from notesapp.identity.record import Bytes16, Bytes32, Form
from notesapp.sync.body import feed_id
from notesapp.sync.entry import HEADER_BYTES, MAX_INDEX, Header, Tip
from notesapp.sync.wire import ENTRY_LIMIT

DOMAIN = domain("head")
_FIELDS = struct.Struct(">32s16sQ32s")
_MESSAGE_BYTES = len(DOMAIN) + _FIELDS.size
HEAD_BYTES = _MESSAGE_BYTES + SIGNATURE_BYTES
_BRANCH_LIMIT = ENTRY_LIMIT // 2  # bytes of headers on one side of a fork: 2,193 entries


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head whose signature was verified; `data` are its exact bytes."""

    data: bytes
    notebook: bytes
    feed: bytes
    index: int
    hash: bytes

    @classmethod
    def make(cls, tip: Tip, device: Device) -> SignedHead:
        """The device's word that its feed goes to `tip`."""
        if tip.index < 0:
            raise LocalError(what="a feed without entries has no head to sign")
        message = _message(tip)
        return cls(message + device.sign(message), tip.notebook, tip.feed, tip.index, tip.hash)

    @classmethod
    def read(cls, data: bytes, device: bytes) -> SignedHead:
        """The head in these bytes, if the device of this key signed it; `RemoteError` for anything else."""
        if len(data) > 2 * HEAD_BYTES:
            raise RemoteError(reason=f"a signed head has {len(data)} bytes")
        expect_domain(data, DOMAIN)
        if len(data) != HEAD_BYTES:
            raise RemoteError(reason=f"a signed head has {len(data)} bytes instead of {HEAD_BYTES}")
        notebook, feed, index, hash_ = _FIELDS.unpack_from(data, len(DOMAIN))
        if index > MAX_INDEX:
            raise RemoteError(reason="a signed head's index is out of range")
        if not verify(data[:_MESSAGE_BYTES], data[_MESSAGE_BYTES:], device):
            raise RemoteError(reason="a head is not signed by its feed's device")
        return cls(data, notebook, feed, index, hash_)

    @property
    def signature(self) -> bytes:
        """All that must travel (64 bytes) beside the entries up to this head."""
        return self.data[_MESSAGE_BYTES:]


def head_bytes(tip: Tip, signature: bytes) -> bytes:
    """The signed head that `signature` makes of a tip that the receiver calculated himself; not verified."""
    return _message(tip) + signature


def _message(tip: Tip) -> bytes:
    return DOMAIN + _FIELDS.pack(tip.notebook, tip.feed, tip.index, tip.hash)


Branch = Annotated[bytes, msgspec.Meta(max_length=_BRANCH_LIMIT)]
HeadBytes = Annotated[bytes, msgspec.Meta(min_length=HEAD_BYTES, max_length=HEAD_BYTES)]


class Fork(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """Proof that a device signed two histories of one feed. Anybody can check it with nothing else in hand.

    Each side is a signed head and the full headers that lead to it, beginning after the first entry that was written
    twice (none if the head names that entry); `nonce` shows that the feed is the device's.
    """

    device: Bytes32
    nonce: Bytes16
    one: HeadBytes
    one_branch: Branch
    other: HeadBytes
    other_branch: Branch

    def check(self) -> tuple[bytes, int]:
        """(feed, index of the first entry that was written twice); `RemoteError` if nothing is proven."""
        one = SignedHead.read(self.one, self.device)
        other = SignedHead.read(self.other, self.device)
        if (one.notebook, one.feed) != (other.notebook, other.feed):
            raise RemoteError(reason="a proof of two histories is about two feeds")
        if one.feed != feed_id(one.notebook, self.device, self.nonce):
            raise RemoteError(reason="a proof of two histories is about a feed of another device")
        index, hash_ = _walk_back(one, self.one_branch)
        other_index, other_hash = _walk_back(other, self.other_branch)
        if index != other_index or hash_ == other_hash:
            raise RemoteError(reason="a proof of two histories shows only one")
        return one.feed, index

    def write(self) -> bytes:
        """The bytes of the proof."""
        return _FORK.encode(self)

    @classmethod
    def read(cls, data: bytes) -> Fork:
        """The proof in these bytes, checked."""
        fork = _FORK.decode(data)
        fork.check()
        return fork


_FORK: Form[Fork] = Form(Fork, 2 * _BRANCH_LIMIT + 1024, "a proof of two histories")


def _walk_back(head: SignedHead, branch: bytes) -> tuple[int, bytes]:
    """Follows the headers of a branch back from its head: (index, hash) of the entry before the first of them."""
    if len(branch) % HEADER_BYTES:
        raise RemoteError(reason="a branch of a proof is cut off")
    index, hash_ = head.index, head.hash
    for at in range(len(branch) - HEADER_BYTES, -1, -HEADER_BYTES):
        header = branch[at : at + HEADER_BYTES]
        it = Header.read(header)
        if digest(header) != hash_ or (it.notebook, it.feed, it.index) != (head.notebook, head.feed, index):
            raise RemoteError(reason="a branch of a proof doesn't lead to its head")
        index, hash_ = index - 1, it.prev
    if index < 0:
        raise RemoteError(reason="a branch of a proof is longer than its feed")
    return index, hash_
