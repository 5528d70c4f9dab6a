"""Who may create a document. Decides how a note's id names the feed that creates it, so that nobody else can.

Two creating changes of one note would make two notes of one id, and which came first differs from device to device. So
a note's id is 6 bytes of chance and 10 bytes of a hash over these and the feed: a creating change in any other feed
counts nowhere, whenever it comes. (Of two in one feed the first counts, and a feed has one order everywhere.)
"""

from __future__ import annotations

from hashlib import blake2b

from notesapp.identity.primitives import Entropy
from notesapp.sync.body import NOTE_ID_BYTES

CHANCE_BYTES = 6  # a hundred thousand notes of one feed meet with a chance of 2 in 100,000; who makes one looks first
_DOMAIN = b"notesapp/note/1|"


def new_note_id(feed: bytes, entropy: Entropy) -> bytes:
    """An id for a note that this feed is about to create."""
    return _named(feed, entropy(CHANCE_BYTES))


def names(note_id: bytes, feed: bytes) -> bool:
    """Whether the note of this id is this feed's to create."""
    return note_id == _named(feed, note_id[:CHANCE_BYTES])


def _named(feed: bytes, chance: bytes) -> bytes:
    rest = blake2b(_DOMAIN + feed + chance, digest_size=NOTE_ID_BYTES - CHANCE_BYTES).digest()
    return chance + rest
