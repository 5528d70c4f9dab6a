"""Answers what sessions ask of the disk. Decides what can be answered from memory: the newest own entries.

Each answer is read on the journal's thread and given to the session if that still lives.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from notesapp.node import shelf
from notesapp.node.call import Call
from notesapp.node.core import Core
from notesapp.store.blobs import Blobs
from notesapp.store.rows import HeadRow
from notesapp.sync.entry import Entry, Header, Tip
from notesapp.sync.events import BranchWanted, ChunkWanted, EntriesWanted, HashesWanted

_KEPT_GROUPS = 64  # of own entries: what was just typed is asked for at once, by each peer


@dataclass(frozen=True, slots=True)
class _Group:
    before: Tip
    entries: tuple[Entry, ...]
    signature: bytes


class Serving:
    """See the module."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._newest: OrderedDict[tuple[bytes, int], _Group] = OrderedDict()  # by feed and first index
        self._tips: dict[bytes, Tip] = {}

    def remember(self, entries: list[Entry], head: HeadRow) -> None:
        """Own entries that became durable together."""
        first = Header.read(entries[0].header)
        before = Tip.before_first(first.notebook, first.feed) if first.index == 0 else self._tips.get(first.feed)
        self._tips[first.feed] = Tip.at(entries[-1])
        if before is None or before.index != first.index - 1:
            return
        self._newest[first.feed, first.index] = _Group(before, tuple(entries), head.signed[-64:])
        while len(self._newest) > _KEPT_GROUPS:
            self._newest.popitem(last=False)

    def serve(self, call: Call, event: EntriesWanted | HashesWanted | BranchWanted | ChunkWanted) -> None:
        """Answers, now or soon."""
        session = call.session
        if isinstance(event, EntriesWanted) and session is not None:
            group = self._newest.get((event.feed, event.first))
            if group is not None:
                session.serve_entries(event.ticket, group.before, group.entries, group.signature, call.now_ms)
                return
        if self._core.tasks.is_open:
            self._core.tasks.start(self._read(call, event), "reading for a peer")

    async def _read(self, call: Call, event: EntriesWanted | HashesWanted | BranchWanted | ChunkWanted) -> None:
        read, session = self._core.journal.read, call.session
        if session is None:
            return
        match event:
            case EntriesWanted(ticket, notebook, feed, first, limit):
                before, entries, signature = await read(lambda store: shelf.batch(store, notebook, feed, first, limit))
                session.serve_entries(ticket, before, entries, signature, call.now_ms)
            case HashesWanted(ticket, _, feed, indexes):
                hashes = await read(lambda store: [shelf.hash_at(store, feed, index) for index in indexes])
                session.serve_hashes(ticket, hashes, call.now_ms)
            case BranchWanted(ticket, notebook, feed, first):
                head, headers = await read(lambda store: shelf.branch(store, notebook, feed, first))
                session.serve_branch(ticket, head, headers, call.now_ms)
            case ChunkWanted(ticket, notebook, hash_):
                sealed = await read(lambda store: Blobs(store.db).chunk_of(notebook, hash_))
                session.serve_chunk(ticket, sealed, call.now_ms)
        call.settle()
