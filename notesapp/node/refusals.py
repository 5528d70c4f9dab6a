"""Changes that the vetter refuses: it stops that feed in that note. Decides who is told of it, and in which words.

Whoever could ask the author, or take his right away, reads a sentence; for all others it is a line in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from hashlib import sha256

from notesapp.errors import ChangeRefused
from notesapp.identity.roles import RULERS
from notesapp.node.core import Core
from notesapp.node.held import Held
from notesapp.node.profiles import claims

logger = logging.getLogger(__name__)

_CHUNK_AT = 8  # a change is named by the SHA-256 of all behind its checksum


def tell_refused(
    core: Core, held: Held, changes: Sequence[tuple[bytes, bytes]], refused: Sequence[tuple[bytes, str]]
) -> None:
    """Of these (feed, raw change) these (hash or nothing, reason) were refused."""
    for name, reason in refused:
        logger.error("! change %s refused: %s", name.hex()[:8], reason)
    if not refused or not changes or held.role not in RULERS:
        return
    first, reason = refused[0]
    named = (feed for feed, raw in changes if sha256(raw[_CHUNK_AT:]).digest() == first)
    feed = next(named, changes[0][0])
    device = core.openings.device(feed)
    person = held.roster.person_of(device) if device is not None else None
    profile = claims(held.roster).persons.get(person) if person is not None else None
    who = profile.name if profile is not None and profile.name else "somebody"
    core.trouble(f"refused {feed.hex()}", ChangeRefused(who=who, name=held.name, reason=reason))
