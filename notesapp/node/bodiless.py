"""Tells of changes that lie here without their text. Decides which of them a note deleted for ever may explain.

Without its body nobody can tell which note an entry is about, so a deletion that is known explains it or doesn't; it
surely doesn't where none is known in that notebook, where a file was announced (no deletion erases that), and where
the list has a note whose first change is among what is missing. Entries erased here still name their note.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from notesapp.node.core import Core
from notesapp.node.entries import kind_of
from notesapp.store.doctor import Finding, Level
from notesapp.store.rows import Batch, EntryRow, PendingRow
from notesapp.store.store import Store
from notesapp.sync.entry import CLEAR_KINDS, MAX_INDEX, Header, Kind
from notesapp.sync.events import EntriesArrived
from notesapp.sync.naming import names

BROUGHT = b"brought-bodiless"
"""Scope of the pending rows that say which device brought entries of a feed without bodies: feed 16, device 32."""

WHAT = "missing"
"""What these findings are about."""

_FEED_BYTES = 16
_SOMEBODY = "somebody"


class _Bare(NamedTuple):
    """An entry without a body."""

    notebook: bytes
    feed: bytes
    place: int
    kind: int
    note_id: bytes | None


@dataclass(slots=True)
class _Told:
    """What is missing, by feed, and of which notebooks: what nothing explains, and what deletions may explain."""

    unexplained: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)
    maybe: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)


def brought(event: EntriesArrived, device: bytes) -> Batch | None:
    """The row that remembers who brought entries without bodies; None if all have theirs."""
    bare = (Header.read(entry.header).kind for entry in event.entries if entry.body is None)
    if all(kind in CLEAR_KINDS for kind in bare):
        return None
    return Batch(pending=(PendingRow(BROUGHT, event.feed + device, b""),))


async def examined(core: Core, owner: Callable[[bytes], str]) -> tuple[Finding, ...]:
    """What the doctor says of changes without text, if there are any; `owner` tells whose a device is."""
    bare, brought_by = await core.journal.read(lambda store: (list(_bare(store)), _bringers(store)))
    counted = [one for one in bare if _counts(core, one)]
    if not counted:
        return ()
    deleted = Counter(view.notebook_id for view in core.library if view.deleted)
    listed = [view.note_id for view in core.library if view.shown]
    feeds = {one.feed for one in counted}

    def look(store: Store) -> tuple[list[bytes], list[EntryRow | None]]:
        return [it for it in listed if not _has_entries(store, it)], [store.entry(feed, 0) for feed in feeds]

    absent, openings = await core.journal.read(look)
    core.openings.learn(row for row in openings if row is not None)  # not all are known while nobody is reached
    told = _told(core, counted, deleted, absent)
    found: list[Finding] = []
    if told.unexplained:
        bringers = {owner(device) for feed, device in brought_by if any(it == feed for _, it in told.unexplained)}
        found.append(_warning(core, told.unexplained, owner, bringers))
    if told.maybe:
        found.append(_note(core, told.maybe, deleted))
    return tuple(found)


def _bare(store: Store) -> Iterator[_Bare]:
    sql = (
        "SELECT f.notebook, f.feed, e.idx, e.header, e.note_id FROM entries e JOIN feeds f ON f.no = e.feed"
        " WHERE e.body IS NULL"
    )
    rows: list[Any] = store.db.execute(sql).fetchall()
    for notebook, feed, index, header, note_id in rows:
        if (kind := kind_of(header)) not in CLEAR_KINDS:  # what is clear says nothing that its header doesn't
            yield _Bare(notebook, feed, index, kind, note_id)


def _bringers(store: Store) -> list[tuple[bytes, bytes]]:
    return [(row.id[:_FEED_BYTES], row.id[_FEED_BYTES:]) for row in store.pending(BROUGHT)]


def _has_entries(store: Store, note_id: bytes) -> bool:
    return bool(store.db.execute("SELECT EXISTS(SELECT 1 FROM entries WHERE note_id = ?)", (note_id,)).get)


def _counts(core: Core, one: _Bare) -> bool:
    """Whether its text would show: within what counts, and not of a note that was deleted here or by others."""
    held = core.held.get(one.notebook)
    if held is None or one.place > held.limits.get(one.feed, MAX_INDEX):
        return False
    if one.note_id is None:
        return True
    view = core.library.get(one.note_id)
    return view is not None and not view.deleted


def _told(core: Core, bare: Iterable[_Bare], deleted: Counter[bytes], absent: Iterable[bytes]) -> _Told:
    told, waiting = _Told(), list(absent)
    for one in bare:
        where = one.notebook, one.feed
        if one.note_id is not None or one.kind == Kind.BLOB or not deleted[one.notebook]:
            told.unexplained[where] += 1
        else:
            told.maybe[where] += 1
    for where in list(told.maybe):
        firsts = min(sum(names(note_id, where[1]) for note_id in waiting), told.maybe[where])
        told.unexplained[where] += firsts
        told.maybe[where] -= firsts
    return _Told(+told.unexplained, +told.maybe)


def _warning(
    core: Core, missing: Counter[tuple[bytes, bytes]], owner: Callable[[bytes], str], bringers: set[str]
) -> Finding:
    """What nothing explains: how many, whose, where, who brought them, and who may be asked."""
    writers = {owner(core.openings.device(feed) or b"") for _, feed in missing}
    by, where = _joined(writers), _books(core, missing)
    sentence = (
        "The text of some changes is missing here, and no note deleted for ever explains it: "
        f"{missing.total():,} by {by} in {where}."
    )
    if bringers:
        sentence = f"{sentence[:-1]}, brought by {_joined(bringers)}."
    remedy = (
        "Whoever brought them may have left it out, or a deletion hasn't come here yet. It isn't fetched again: if "
        "this stays so, ask whoever wrote them, or others who have it, for an export or a copy in a new note."
    )
    return Finding(Level.WARN, WHAT, sentence, remedy)


def _note(core: Core, missing: Counter[tuple[bytes, bytes]], deleted: Counter[bytes]) -> Finding:
    """What deletions may explain: said, because nobody can tell whether they do."""
    count = sum(deleted[notebook] for notebook in {notebook for notebook, _ in missing})
    sentence = (
        "The text of some changes is missing here, as deleting for ever leaves it: "
        f"{missing.total():,} in {_books(core, missing)}. Notes deleted so there: {count:,}; whether all of these "
        "changes were theirs can't be told."
    )
    return Finding(Level.OK, WHAT, sentence)


def _books(core: Core, missing: Iterable[tuple[bytes, bytes]]) -> str:
    known = core.library.names()
    return ", ".join(sorted({f"“{known.get(notebook) or notebook.hex()[:8]}”" for notebook, _ in missing}))


def _joined(people: set[str]) -> str:
    named = sorted(people - {""})
    return ", ".join(named) if named else _SOMEBODY
