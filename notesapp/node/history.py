"""Decides how the changes of a note become stretches of work: by one person, of ten minutes or 2,000 letters at most.

Order is the order in which the changes follow each other; the times are the devices' clocks, only labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from notesapp.node.core import Core
from notesapp.node.entries import read_document
from notesapp.node.held import Held
from notesapp.node.loading import newest_snapshot, raws_beyond
from notesapp.notes.change import read_frame
from notesapp.notes.columns import Refused
from notesapp.store.rows import EntryRow
from notesapp.sync.body import Changed, Opened

LONGEST_MS = 10 * 60 * 1000
MOST_LETTERS = 2_000  # written and struck; one change is never cut
YOU, SOMEBODY = "You", "Somebody"  # an author who has no name here
_COUNTED = 200  # of older stretches nobody asks how many letters they had


@dataclass(slots=True)
class Version:
    """A stretch of work, numbered from 1, the oldest; `heads` are where the note stood at its end."""

    number: int
    at_ms: int
    author: str
    heads: tuple[bytes, ...]
    inserted: int = 0
    removed: int = 0
    began_ms: int = 0
    letters: int = 0  # about, to know where to cut


async def history(core: Core, note_id: bytes, names: Mapping[bytes, str]) -> list[Version]:
    """The stretches of work on a note, the newest first; `names`: what people are called here."""
    held = core.notebook(core.library.note(note_id).notebook_id)
    stored = await core.journal.read(lambda store: read_document(store, note_id, {}))
    core.openings.learn(stored.openings)
    authors = {row.feed: _author(core, held, row) for row in stored.openings}
    versions = _stretches(held, stored.rows, authors, {**names, core.persona.person_id: YOU})
    counted = versions[-_COUNTED:]
    before = versions[-_COUNTED - 1].heads if len(versions) > _COUNTED else ()
    snapshot, beyond = await core.journal.read(lambda store: newest_snapshot(store, note_id))
    sizes = await core.workers.run(
        "sizes",
        base=snapshot.data if snapshot is not None else None,
        changes=raws_beyond(core, held, beyond),
        steps=[list(before), *(list(version.heads) for version in counted)],
    )
    for version, (inserted, removed) in zip(counted, sizes, strict=True):
        version.inserted, version.removed = inserted, removed
    return versions[::-1]


async def text_at(core: Core, note_id: bytes, heads: tuple[bytes, ...]) -> str:
    """The note's text as it was at earlier heads."""
    held = core.notebook(core.library.note(note_id).notebook_id)
    snapshot, beyond = await core.journal.read(lambda store: newest_snapshot(store, note_id))
    text: str = await core.workers.run(
        "text_at",
        base=snapshot.data if snapshot is not None else None,
        changes=raws_beyond(core, held, beyond),
        heads=list(heads),
    )
    return text


async def automerge_file(core: Core, note_id: bytes) -> bytes:
    """The note with its history, for other programs that speak Automerge."""
    held = core.notebook(core.library.note(note_id).notebook_id)
    snapshot, beyond = await core.journal.read(lambda store: newest_snapshot(store, note_id))
    data: bytes = await core.workers.run(
        "automerge_file",
        base=snapshot.data if snapshot is not None else None,
        changes=raws_beyond(core, held, beyond),
    )
    return data


def _stretches(
    held: Held, rows: list[EntryRow], authors: Mapping[bytes, bytes | None], names: Mapping[bytes, str]
) -> list[Version]:
    versions: list[Version] = []
    before: bytes | None = None
    heads: set[bytes] = set()
    for row in rows:
        body = held.read(row)
        if not isinstance(body, Changed):
            continue
        try:
            change = read_frame(body.raw).change
        except Refused:
            continue  # the vetter keeps it out of the note, so it is in no version
        heads = (heads - set(change.deps)) | {change.hash}
        at_ms, author = held.time_ms(row), authors.get(row.feed)
        letters = change.max_op - change.start_op + 1
        last = versions[-1] if versions else None
        if last is not None and before == author and _goes_on(last, at_ms, letters):
            last.at_ms, last.heads = max(at_ms, last.at_ms), tuple(sorted(heads))
            last.letters += letters
        else:
            name = names.get(author, SOMEBODY) if author is not None else SOMEBODY
            version = Version(len(versions) + 1, at_ms, name, tuple(sorted(heads)), began_ms=at_ms, letters=letters)
            versions.append(version)
        before = author
    return versions


def _goes_on(last: Version, at_ms: int, letters: int) -> bool:
    """Whether a change belongs to the stretch before it."""
    return abs(at_ms - last.began_ms) < LONGEST_MS and last.letters + letters <= MOST_LETTERS


def _author(core: Core, held: Held, opening: EntryRow) -> bytes | None:
    """The person who wrote a feed; None if nobody's log has that device."""
    body = held.read(opening)
    if not isinstance(body, Opened):
        return None
    if body.device == core.persona.device.device_id or core.persona.log.device(body.device) is not None:
        return core.persona.person_id
    return held.roster.person_of(body.device)
