"""The calls of this node and the notebooks that they speak of: what one tells, the others and the disk are told.

Decides which of two links with one device stays, and who hears of what; whom to look for is `peering`'s.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping

from notesapp.identity.keys import PersonId
from notesapp.identity.roles import Role
from notesapp.node import bodiless
from notesapp.node.call import Call
from notesapp.node.core import Core
from notesapp.node.events import PeopleChanged
from notesapp.node.hearing import Hearing, unknown
from notesapp.node.held import Held
from notesapp.node.network import Network
from notesapp.node.outbox import Deed
from notesapp.node.receiving import Receiving
from notesapp.node.remembering import Remembering
from notesapp.node.serving import Serving
from notesapp.node.volume import Volume
from notesapp.store.rows import EntryRow, HeadRow
from notesapp.sync.book import Book, Overruled
from notesapp.sync.entry import Entry
from notesapp.sync.events import (
    BranchWanted,
    ChunkWanted,
    EntriesArrived,
    EntriesWanted,
    Event,
    ForkProved,
    HashesWanted,
    Lag,
    PeerHas,
    ReceiptArrived,
    RecordsArrived,
)
from notesapp.sync.handshake import Proved, stays
from notesapp.sync.receipt import Receipt

logger = logging.getLogger(__name__)

Heard = Callable[[Call, Event], None]

CANT_KEEP = "what came could not be kept here"
"""Why a session ends whose words can't be taken in: whoever sent them did nothing wrong, and the next one is tried."""


class Sessions:
    """See the module; `Peering` adds the network."""

    def __init__(self, core: Core, receiving: Receiving) -> None:
        self.core = core
        self.receiving = receiving
        self.volumes: dict[bytes, Hearing] = {}
        self.calls: list[Call] = []
        self.network: Network | None = None
        self.memory = Remembering(core)
        self.on_proved: list[Callable[[Call, Proved], None]] = []
        self.on_event: list[Heard] = []
        self.on_over: list[Callable[[Call], None]] = []
        self.on_bond: list[Callable[[bytes, bool], None]] = []  # (device, whether nothing has been heard for long)
        self.on_judged: list[Callable[[bytes, Mapping[PersonId, Role]], None]] = []
        self.on_grew: list[Callable[[bytes], None]] = []
        self.on_recovered: list[Callable[[bytes, list[Overruled]], None]] = []
        self._serving = Serving(core)

    async def open_volume(self, held: Held) -> Hearing:
        """The notebook as others are concerned; read from the disk once."""
        found = self.volumes.get(held.notebook_id)
        if found is None:
            found = self.volumes[held.notebook_id] = Hearing(self.core, self.receiving, Volume(self.core, held), self)
            moved = await found.volume.open()
            if moved or held.feed.begun in held.limits:
                found.reread(moved)
            for call in self.calls:
                if call.session is not None:
                    call.session.add_book(found.volume.book, call.now_ms)
                    call.settle()
        await found.volume.opened.wait()
        return found

    def forget_volumes(self) -> None:
        """The notebooks are none of ours any more."""
        for hearing in self.volumes.values():
            hearing.close()
        self.volumes.clear()

    def volume(self, notebook: bytes) -> Volume:
        """The notebook of this id, which is open."""
        return self._hearing(notebook).volume

    # -- what calls tell (see `call.Owner`) ---------------------------------------------------------------------------

    def proved(self, call: Call, proved: Proved) -> Iterable[Book] | None:
        """The peer is known."""
        me = self.core.persona.device.device_id
        if proved.invite_id is None:
            for other in [one for one in self.calls if one is not call and one.session is not None and one.live]:
                old = other.proved
                if old is None or old.device_id != proved.device_id or old.invite_id is not None:
                    continue
                if not stays(me, proved.device_id, old_dialled=old.dialled, new_dialled=proved.dialled):
                    return None
                other.close("another link is kept")
            self.memory.remember(call, self.network)
        for hear in self.on_proved:
            self.core.tasks.start(_soon(hear, call, proved), "greeting a peer")
        self.core.hook.tell(PeopleChanged(None))
        return [hearing.volume.book for hearing in self.volumes.values() if hearing.volume.is_open]

    def heard(self, call: Call, event: Event) -> None:
        """A session tells something."""
        if isinstance(event, EntriesArrived) and call.proved is not None:
            rows = bodiless.brought(event, call.proved.device_id)
            if rows is not None:
                self.core.outbox.put(Deed(rows=rows))
        match event:
            case EntriesArrived(ticket, notebook) | RecordsArrived(ticket, notebook) | ForkProved(ticket, notebook):
                self._hearing(notebook).take(event, lambda: self._done(call, ticket), lambda: self._failed(call))
            case EntriesWanted() | HashesWanted() | BranchWanted() | ChunkWanted():
                self._serving.serve(call, event)
            case PeerHas(notebook):
                self._peer_has(call, notebook)
            case ReceiptArrived(notebook, data):
                self._receipt(call, notebook, data)
            case Lag():
                self.memory.alive(call)
            case _:
                pass
        for hear in self.on_event:
            hear(call, event)

    def over(self, call: Call, why: str) -> None:
        """A call has ended."""
        if call in self.calls:
            self.calls.remove(call)
        if call.proved is not None:
            self.memory.alive(call)
            logger.info("= a session with %s ended: %s", call.proved.device_id.hex()[:8], why)
            for other in self.sessions():
                if other.session is not None:
                    other.session.reconsider(other.now_ms)
                    other.settle()
        else:
            logger.info("! a handshake ended: %s", why)
        for hear in self.on_over:
            hear(call)
        self.core.hook.tell(PeopleChanged(None))

    def _done(self, call: Call, ticket: int) -> None:
        if call.live and call.session is not None:
            call.session.done(ticket, call.now_ms)
            call.settle()

    def _failed(self, call: Call) -> None:
        if call.live:
            call.close(CANT_KEEP)

    def _peer_has(self, call: Call, notebook: bytes) -> None:
        if call.session is not None and call.proved is not None:
            volume = self.volume(notebook)
            news = call.session.take_news(notebook)
            volume.ledger.told(call.proved.device_id, news, self.core.clock())
            self.memory.keep_line(volume, call.proved.device_id)
            self.core.hook.tell(PeopleChanged(notebook))

    def _receipt(self, call: Call, notebook: bytes, data: bytes) -> None:
        volume, receipt = self.volume(notebook), Receipt.read(data)
        if receipt.notebook != notebook or not volume.book.rights.is_member(receipt.device):
            return  # a device is made up in no time, and its word would go round to all and onto all disks
        if volume.ledger.receipt(receipt, self.core.clock()):
            self.memory.keep_line(volume, receipt.device)
            for other in self.sessions():
                if other is not call and other.session is not None:
                    other.session.pass_receipt(notebook, data, other.now_ms)
                    other.settle()
            self.core.hook.tell(PeopleChanged(notebook))

    # -- what hearing tells (see `hearing.Neighbours`) ----------------------------------------------------------------

    def grew(self, notebook: bytes, feeds: Mapping[bytes, int]) -> None:
        """Entries became durable."""
        for call in self.sessions():
            if call.session is not None:
                call.session.grew(notebook, feeds, call.now_ms)
                call.settle()
        for hear in self.on_grew:
            hear(notebook)
        self.core.hook.tell(PeopleChanged(notebook))

    def rejudged(self, notebook: bytes, before: Mapping[PersonId, Role]) -> None:
        """Records changed and were judged."""
        for call in self.sessions():
            if call.session is not None:
                call.session.rejudged(notebook, call.now_ms)
                call.settle()
        for hear in self.on_judged:
            hear(notebook, before)

    def recovered(self, notebook: bytes, moved: list[Overruled]) -> None:
        """Edits don't count any more, or do again."""
        for hear in self.on_recovered:
            hear(notebook, moved)

    # -- what the node tells ------------------------------------------------------------------------------------------

    def committed(self, sent: list[tuple[EntryRow, Entry]], heads: tuple[HeadRow, ...]) -> None:
        """Own entries are durable: see `node.Sender`."""
        for head in heads:
            mine = [(row, entry) for row, entry in sent if row.feed == head.feed]
            if not mine or (hearing := self.volumes.get(mine[0][0].notebook)) is None:
                continue
            self._serving.remember([entry for _, entry in mine], head)
            first = hearing.volume.own_committed(mine, head)
            if first is not None:
                hearing.volume.ledger.grown(self.core.clock())
                self.grew(mine[0][0].notebook, {head.feed: first})
            elif head.feed in hearing.volume.held.limits:
                hearing.reread([Overruled(head.feed, mine[-1][0].index, mine[0][0].index - 1)])

    # -- inside -------------------------------------------------------------------------------------------------------

    def sessions(self) -> list[Call]:
        """All calls with somebody known."""
        return [call for call in self.calls if call.session is not None and call.live]

    def session_with(self, device: bytes) -> Call | None:
        """The call with one device, an invite's first of all no."""
        for call in self.sessions():
            if call.proved is not None and call.proved.device_id == device and call.proved.invite_id is None:
                return call
        return None

    def _hearing(self, notebook: bytes) -> Hearing:
        found = self.volumes.get(notebook)
        if found is None:
            raise unknown(notebook)
        return found


async def _soon(hear: Callable[[Call, Proved], None], call: Call, proved: Proved) -> None:
    hear(call, proved)
