"""This device's own feed in one notebook: where its changes are sealed, and in whose name replicas are edited.

Decides into which of this run's feeds a change goes; when a feed is resumed or dropped is told from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from notesapp.errors import LocalError
from notesapp.identity.keys import Device
from notesapp.identity.primitives import Entropy
from notesapp.node.entries import Openings
from notesapp.notes.change import actor_of
from notesapp.store.rows import EntryRow, HeadRow, Mark
from notesapp.sync.attachment import Manifest
from notesapp.sync.body import INDEX_ID, Under
from notesapp.sync.entry import Entry, Tip
from notesapp.sync.feed import FeedWriter

NOBODY = bytes(16)
Clock = Callable[[], int]


def index_id(notebook_id: bytes) -> bytes:
    """The id under which a notebook's own index lies among the documents on this disk (in feeds it is all zeros)."""
    return notebook_id[:16]


class OwnFeed:
    """This device's feed in one notebook. It has an id at once, and entries from the first change on.

    A change goes into the feed in whose name it was made, also if that one was dropped while the change was on its way
    to the disk: in any other feed nobody could take it in. What the old one says then lies beyond what counts, and is
    set aside like all such edits.
    """

    def __init__(self, notebook: bytes, device: Device, openings: Openings, clock: Clock, entropy: Entropy) -> None:
        self._notebook = notebook
        self._device = device
        self._under: Under | None = None
        self._openings = openings
        self._clock = clock
        self._entropy = entropy
        self._writer: FeedWriter | None = None
        self._writers: dict[bytes, FeedWriter] = {}  # all of this run: each names the roster that it knew last
        self._unsent: dict[bytes, Entry] = {}  # the openings of feeds that have no change yet
        self._sealed: dict[bytes, FeedWriter] = {}  # those written since the last heads

    def go_under(self, under: Under | None) -> None:
        """From now on seals under these keys and names this roster; None: there are no keys to write under."""
        self._under = under
        if self._writer is not None and under is not None:
            self._writer.go_under(under)

    def resume(self, last: Tip) -> None:
        """Goes on with a feed whose newest entry ever written is at `last`."""
        if self._under is not None:
            self._writer = self._writers[last.feed] = FeedWriter(self._device, last, self._under)

    @property
    def has_keys(self) -> bool:
        """Whether there is an epoch to write under."""
        return self._under is not None

    def drop(self) -> None:
        """What it said last doesn't count any more: a later edit begins another feed."""
        self._writer = None

    @property
    def begun(self) -> bytes | None:
        """The feed's id if it has one already."""
        return self._writer.feed if self._writer is not None else None

    @property
    def actor(self) -> bytes:
        """The feed's id, in whose name replicas are edited; zeros where nothing can be written."""
        return NOBODY if self._under is None else self._open().feed

    def seal(self, doc_id: bytes, raws: Iterable[bytes]) -> list[EntryRow]:
        """See `outbox.Sealer`."""
        said = INDEX_ID if doc_id == index_id(self._notebook) else doc_id
        rows: list[EntryRow] = []
        for raw in raws:
            writer = self._writers.get(actor_of(raw))
            if writer is None:
                raise LocalError(what="a change was made in the name of a feed that is not written here")
            rows += self._opening(writer)
            entry = writer.append_change(said, raw, now_ms=self._clock(), entropy=self._entropy)
            rows.append(self._openings.row(entry, doc_id))
        return rows

    def announce(self, manifest: Manifest) -> list[EntryRow]:
        """The entry of an attachment."""
        writer = self._open()
        rows = self._opening(writer)
        entry = writer.append_blob(manifest, now_ms=self._clock(), entropy=self._entropy)
        return [*rows, self._openings.row(entry, manifest.attachment_id)]

    def heads(self) -> tuple[tuple[HeadRow, ...], dict[bytes, Mark]]:
        """See `outbox.Sealer`."""
        signed = [writer.signed_head() for writer in self._sealed.values()]
        self._sealed.clear()
        rows = tuple(HeadRow(head.feed, head.index, head.data) for head in signed)
        return rows, {head.feed: Mark(head.index, head.hash) for head in signed}

    def _open(self) -> FeedWriter:
        if self._under is None:
            raise LocalError(what="a notebook was to be written without its keys")
        if self._writer is None:
            self._writer, opening = FeedWriter.begin(
                self._notebook, self._device, self._under, now_ms=self._clock(), entropy=self._entropy
            )
            self._writers[self._writer.feed] = self._writer
            self._unsent[self._writer.feed] = opening
        return self._writer

    def _opening(self, writer: FeedWriter) -> list[EntryRow]:
        self._sealed[writer.feed] = writer
        opening = self._unsent.pop(writer.feed, None)
        return [] if opening is None else [self._openings.row(opening, None)]
