"""A notebook as this device holds it: who may, under which keys, and the own feed that its changes go into.

Decides when a feed is resumed (only by the high-water rule) and when a new one begins: lazily, at the first edit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from notesapp.errors import LocalError, RemoteError
from notesapp.identity import roster
from notesapp.identity.epoch import EpochKeys
from notesapp.identity.genesis import Genesis
from notesapp.identity.keys import Device
from notesapp.identity.primitives import Entropy
from notesapp.identity.roster import Roster
from notesapp.node.entries import Openings
from notesapp.node.persona import Persona
from notesapp.store.highwater import Highwater
from notesapp.store.rows import Batch, EntryRow, HeadRow, Mark, RecordRow
from notesapp.store.store import Store
from notesapp.sync.attachment import Manifest
from notesapp.sync.body import INDEX_ID, Body, Under, read_entry
from notesapp.sync.entry import Entry, Header, Tip
from notesapp.sync.feed import FeedWriter

GENESIS, ROSTER = "genesis", "roster"
Clock = Callable[[], int]


def index_id(notebook_id: bytes) -> bytes:
    """The id under which a notebook's own index lies among the documents on this disk (in feeds it is all zeros)."""
    return notebook_id[:16]


class OwnFeed:
    """This device's feed in one notebook. It has an id at once, and entries from the first change on."""

    def __init__(
        self, notebook: bytes, device: Device, under: Under, openings: Openings, clock: Clock, entropy: Entropy
    ) -> None:
        self._notebook = notebook
        self._device = device
        self._under = under
        self._openings = openings
        self._clock = clock
        self._entropy = entropy
        self._writer: FeedWriter | None = None
        self._unsent: list[Entry] = []  # the opening of a feed that has no change yet

    def resume(self, last: Tip) -> None:
        """Goes on with a feed whose newest entry ever written is at `last`."""
        self._writer = FeedWriter(self._device, last, self._under)

    @property
    def actor(self) -> bytes:
        """The feed's id, in whose name replicas are edited."""
        return self._open().feed

    def seal(self, doc_id: bytes, raws: Iterable[bytes]) -> list[EntryRow]:
        """See `outbox.Sealer`."""
        writer = self._open()
        said = INDEX_ID if doc_id == index_id(self._notebook) else doc_id
        rows = self._opening()
        for raw in raws:
            entry = writer.append_change(said, raw, now_ms=self._clock(), entropy=self._entropy)
            rows.append(self._openings.row(entry, doc_id))
        return rows

    def announce(self, manifest: Manifest) -> list[EntryRow]:
        """The entry of an attachment."""
        writer = self._open()
        rows = self._opening()
        entry = writer.append_blob(manifest, now_ms=self._clock(), entropy=self._entropy)
        return [*rows, self._openings.row(entry, manifest.attachment_id)]

    def heads(self) -> tuple[HeadRow, dict[bytes, Mark]]:
        """See `outbox.Sealer`."""
        head = self._open().signed_head()
        return HeadRow(head.feed, head.index, head.data), {head.feed: Mark(head.index, head.hash)}

    def _open(self) -> FeedWriter:
        if self._writer is None:
            self._writer, opening = FeedWriter.begin(
                self._notebook, self._device, self._under, now_ms=self._clock(), entropy=self._entropy
            )
            self._unsent.append(opening)
        return self._writer

    def _opening(self) -> list[EntryRow]:
        rows = [self._openings.row(entry, None) for entry in self._unsent]
        self._unsent.clear()
        return rows


class Held:
    """One notebook: genesis, roster, keys and own feed."""

    def __init__(
        self, genesis: Genesis, judged: Roster, persona: Persona, openings: Openings, clock: Clock, entropy: Entropy
    ) -> None:
        self.notebook_id = genesis.notebook_id
        self.index_id = index_id(genesis.notebook_id)
        self.time_made_ms = genesis.time_ms
        self.roster = judged
        self.keys = judged.keys_for(persona.device)
        epoch = judged.epoch
        if epoch is None or epoch.epoch_id not in self.keys:
            raise LocalError(what="the keys of a notebook are not in its roster")
        under = Under(epoch.epoch_id, self.keys[epoch.epoch_id].content, judged.digest)
        self._content = {epoch_id: keys.content for epoch_id, keys in self.keys.items()}
        self._openings = openings
        self.feed = OwnFeed(self.notebook_id, persona.device, under, openings, clock, entropy)

    def read(self, row: EntryRow) -> Body | None:
        """What a stored entry says; None if its key is not here. LocalError if the disk changed it."""
        try:
            return read_entry(self._openings.entry(row), self._content)
        except RemoteError as error:
            raise LocalError(what=f"a stored entry is damaged: {error.facts['reason']}") from None

    def doc_id(self, said: bytes) -> bytes:
        """The id on this disk of a document that a feed names."""
        return self.index_id if said == INDEX_ID else said

    def time_ms(self, row: EntryRow) -> int:
        """When an entry was made, by its device's clock."""
        return Header.read(self._openings.entry(row).header).time_ms


def found(persona: Persona, openings: Openings, clock: Clock, entropy: Entropy) -> tuple[Held, Batch]:
    """A new notebook of this person, without its index, and the rows that make it last."""
    now_ms = clock()
    genesis = Genesis.make(persona.person_id, now_ms=now_ms, entropy=entropy)
    keys = EpochKeys.generate(entropy)
    judged = roster.found_notebook(genesis, persona.log, persona.device, keys, now_ms=now_ms, entropy=entropy)
    notebook_id = genesis.notebook_id
    rows = [RecordRow(notebook_id, notebook_id, GENESIS, genesis.data)]
    rows += [RecordRow(notebook_id, record.id, ROSTER, record.data) for record in judged.records]
    return Held(genesis, judged, persona, openings, clock, entropy), Batch(records=tuple(rows))


def load(
    store: Store, highwater: Highwater | None, persona: Persona, openings: Openings, clock: Clock, entropy: Entropy
) -> dict[bytes, Held]:
    """All notebooks of the store, their own feeds resumed where that may be. Blocking."""
    found: dict[bytes, Held] = {}
    for notebook_id in sorted(store.scopes(GENESIS)):
        genesis = Genesis.read(next(store.records(notebook_id, GENESIS)).data)
        records = [roster.read_record(row.data) for row in store.records(notebook_id, ROSTER)]
        held = Held(genesis, Roster.judge(genesis, [persona.log], records), persona, openings, clock, entropy)
        if (last := _resumable(store, highwater, notebook_id, openings)) is not None:
            held.feed.resume(last)
        found[notebook_id] = held
    return found


def _resumable(store: Store, highwater: Highwater | None, notebook_id: bytes, openings: Openings) -> Tip | None:
    """The last entry of the longest own feed with which we may go on."""
    if highwater is None:
        return None
    mine: list[tuple[int, bytes]] = []
    for feed, mark in store.frontier(notebook_id).items():

        def hash_at(index: int, feed: bytes = feed) -> bytes | None:
            row = store.entry(feed, index)
            return None if row is None else row.hash

        if highwater.may_resume(feed, hash_at):
            mine.append((mark.index, feed))
    for last, feed in sorted(mine, reverse=True):
        opening, row = store.entry(feed, 0), store.entry(feed, last)
        if opening is not None and row is not None:
            openings.learn([opening])
            tip = Tip.at(openings.entry(row))
            if not tip.closed:
                return tip
    return None
