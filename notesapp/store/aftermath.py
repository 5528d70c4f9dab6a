"""What must outlive the run that met damage. Decides how a suspicion and the tale of a repair reach later runs.

The suspicion is an empty file beside the store, because a damaged database may refuse to be written to: while it is
there, the next start reads every page and heals. The tale stays in the store until a person has seen it in the doctor.
"""

from __future__ import annotations

import logging

import apsw
import msgspec

from notesapp.store.places import Home
from notesapp.store.store import Store

logger = logging.getLogger(__name__)

TELL_MS = 30 * 24 * 3600 * 1000  # what nobody asked the doctor about for so long is told no more
_TALE = "repair_told"  # in the table meta


class _Tale(msgspec.Struct, frozen=True):
    at_ms: int
    sentences: tuple[str, ...]


def suspect(home: Home) -> None:
    """The store showed damage: the next start looks at all of it. Never raises; a disk may refuse even this."""
    try:
        home.suspicion.touch(0o600)
    except OSError as error:
        logger.error("! the damage can't be marked: %s", error)


def is_suspected(home: Home) -> bool:
    """Whether the store showed damage since it was last sound."""
    return home.suspicion.exists()


def trust(home: Home) -> None:
    """All of the store was read and is sound, or it was healed."""
    try:
        home.suspicion.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("! the next start will look at the whole store again: %s", error)


def remember(store: Store, sentences: tuple[str, ...], now_ms: int) -> None:
    """Keeps what a repair did until `seen`; after what is still untold of earlier ones."""
    tale = _Tale(now_ms, (*untold(store, now_ms), *sentences))
    store.db.execute("REPLACE INTO meta VALUES (?, ?)", (_TALE, msgspec.json.encode(tale)))


def untold(store: Store, now_ms: int) -> tuple[str, ...]:
    """What repairs did that no person has seen yet."""
    data = store.fact(_TALE)
    if data is None:
        return ()
    try:
        tale = msgspec.json.decode(data, type=_Tale)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ()  # of another version
    return tale.sentences if 0 <= now_ms - tale.at_ms < TELL_MS else ()


def seen(db: apsw.Connection) -> None:
    """A person has read it."""
    db.execute("DELETE FROM meta WHERE name = ?", (_TALE,))


def ago(passed_ms: int) -> str:
    """How long ago, for a person."""
    hours = max(0, passed_ms) // 3_600_000
    if hours < 1:
        return "less than an hour ago"
    if hours < 48:
        return "1 hour ago" if hours == 1 else f"{hours} hours ago"
    return f"{hours // 24:,} days ago"
