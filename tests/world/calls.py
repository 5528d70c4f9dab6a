"""The links of one replica: handshakes, then sessions; one per peer. The smallest peering that there can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notesapp.identity.keys import PeerId
from notesapp.sync.events import (
    BranchWanted,
    ChunkArrived,
    ChunkWanted,
    EntriesArrived,
    EntriesWanted,
    Event,
    ForkProved,
    HashesWanted,
    PeerHas,
    RecordsArrived,
    SessionClosed,
)
from notesapp.sync.handshake import Failed, Handshake, Proved, stays
from notesapp.sync.roles import Dialer, Listener
from notesapp.sync.session import SyncSession
from tests.world.net import End

if TYPE_CHECKING:
    from tests.world.replica import Replica


@dataclass(eq=False, slots=True)
class Call:
    """One link of a replica."""

    end: End
    handshake: Handshake
    session: SyncSession | None = None
    timer: int = -1


class Calls:
    """All of them."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._calls: list[Call] = []
        self._life = replica.disk.life
        self.events: list[Event] = []
        self.failed: list[Failed] = []

    def ends(self) -> list[End]:
        """The ends of all links."""
        return [call.end for call in self._calls]

    def sessions(self) -> list[SyncSession]:
        """All proven sessions."""
        return [call.session for call in self._calls if call.session is not None]

    def peers(self) -> set[bytes]:
        """Whom it talks to."""
        return {session.peer.device_id for session in self.sessions()}

    def session_with(self, peer: bytes) -> SyncSession | None:
        """The session with one device."""
        return next((session for session in self.sessions() if session.peer.device_id == peer), None)

    def dial(self, end: End, peer: PeerId) -> None:
        """A link that we dialled, to one device."""
        circle = self._replica.circle()
        known = circle.people.get(peer)
        if known is None or not known.active:
            end.close()
            return
        key = circle.of_device(peer, known.box)
        now, entropy = self._replica.clock.now_ms, self._replica.clock.entropy
        self._open(Call(end, Dialer(circle, [key], end.binding, now, entropy)))

    def listen(self, end: End) -> None:
        """A link that somebody dialled."""
        now, entropy = self._replica.clock.now_ms, self._replica.clock.entropy
        self._open(Call(end, Listener(self._replica.circle(), end.binding, now, entropy)))

    def grew(self, feeds: Mapping[bytes, int]) -> None:
        """Entries are durable."""
        self._replica.ledger.grown(self._replica.wall_ms)
        for call in list(self._calls):
            if call.session is not None:
                call.session.grew(self._notebook, feeds, self._now)
                self._run(call)

    def rejudged(self) -> None:
        """Records are judged."""
        for call in list(self._calls):
            if call.session is not None:
                call.session.rejudged(self._notebook, self._now)
                self._run(call)

    def run_all(self) -> None:
        """After commands to sessions."""
        for call in list(self._calls):
            self._run(call)

    @property
    def _now(self) -> int:
        return self._replica.clock.now_ms

    @property
    def _notebook(self) -> bytes:
        return self._replica.genesis.notebook_id

    @property
    def _alive(self) -> bool:
        return self._replica.up and self._replica.calls is self

    def _open(self, call: Call) -> None:
        self._calls.append(call)
        call.end.on_data = lambda data: self._data(call, data)
        call.end.on_end = lambda: self._ended(call)
        self._run(call)

    def _data(self, call: Call, data: bytes) -> None:
        if not self._alive or call not in self._calls:
            return
        machine = call.session or call.handshake
        machine.receive_data(data, self._now)
        self._run(call)

    def _ended(self, call: Call) -> None:
        if not self._alive or call not in self._calls:
            return
        (call.session or call.handshake).receive_end(self._now)
        self._run(call)
        self._drop(call)

    def _time(self, call: Call, at_ms: int) -> None:
        if self._alive and call in self._calls and call.timer == at_ms:
            call.timer = -1
            (call.session or call.handshake).receive_time(self._now)
            self._run(call)

    def _run(self, call: Call) -> None:
        """Carries bytes and events until nothing is left."""
        while call in self._calls:
            machine = call.session or call.handshake
            data = machine.data_to_send()
            if data and call.end.open:
                call.end.send(data)
            events = machine.events()
            for event in events:
                self._take(call, event)
            if not events and not data:
                break
        if call in self._calls:
            at_ms = (call.session or call.handshake).deadline()
            if at_ms is not None and at_ms != call.timer:
                call.timer = at_ms
                self._replica.clock.after(at_ms - self._now, lambda: self._time(call, at_ms))

    def _take(self, call: Call, event: Event | Proved | Failed) -> None:
        match event:
            case Failed():
                self.failed.append(event)
                self._drop(call)
            case Proved():
                self._proved(call, event)
            case SessionClosed():
                self.events.append(event)
                self._drop(call)
            case EntriesArrived() | RecordsArrived() | ForkProved():
                self._replica.take(event, lambda: self._done(call, event.ticket))
            case EntriesWanted() | HashesWanted() | BranchWanted() | ChunkWanted():
                delay = self._replica.clock.chance.randrange(4)
                self._replica.clock.after(delay, lambda: self._serve(call, event))
            case ChunkArrived(ticket, _, hash_, sealed):
                self._replica.chunks[hash_] = sealed
                self._replica.disk.commit(lambda: None, lambda: self._done(call, ticket))
            case PeerHas(notebook) if call.session is not None:
                news = call.session.take_news(notebook)
                self._replica.ledger.told(call.session.peer.device_id, news, self._replica.wall_ms)
            case _:
                self.events.append(event)

    def _proved(self, call: Call, proved: Proved) -> None:
        for other in list(self._calls):
            if other.session is None or other.session.peer.device_id != proved.device_id:
                continue
            old, new = other.session.peer.dialled, proved.dialled
            if not stays(self._replica.device.device_id, proved.device_id, old_dialled=old, new_dialled=new):
                self._drop(call)
                return
            other.session.close("another link is kept", self._now)
            self._run(other)
        leftover = call.handshake.leftover()
        me = self._replica.device.device_id
        call.session = SyncSession(me, proved, [self._replica.book], self._now, leftover)

    def _done(self, call: Call, ticket: int) -> None:
        if self._alive and call in self._calls and call.session is not None:
            call.session.done(ticket, self._now)
            self._run(call)

    def _serve(self, call: Call, event: Event) -> None:
        session, disk = call.session, self._replica.disk
        if not self._alive or call not in self._calls or session is None:
            return
        match event:
            case EntriesWanted(ticket, notebook, feed, first, limit):
                entries, signature = disk.batch(feed, first, limit)
                session.serve_entries(ticket, disk.tip(notebook, feed, first - 1), entries, signature, self._now)
            case HashesWanted(ticket, _, feed, indexes):
                session.serve_hashes(ticket, [disk.hash_at(feed, index) for index in indexes], self._now)
            case BranchWanted(ticket, _, feed, first):
                heads = disk.feeds[feed].heads
                index = min((at for at in heads if at >= first), default=None)
                if index is None:
                    session.serve_branch(ticket, None, b"", self._now)
                else:
                    chain = disk.feeds[feed].entries[first : index + 1]
                    session.serve_branch(ticket, heads[index].data, b"".join(e.header for e in chain), self._now)
            case ChunkWanted(ticket, _, hash_):
                session.serve_chunk(ticket, self._replica.chunks.get(hash_), self._now)
            case _:
                raise AssertionError(event)
        self._run(call)

    def _drop(self, call: Call) -> None:
        if call not in self._calls:
            return
        data = (call.session or call.handshake).data_to_send()
        if data and call.end.open:
            call.end.send(data)
        self._calls.remove(call)
        call.end.close()
        for other in list(self._calls):
            if other.session is not None:
                other.session.reconsider(self._now)
                self._run(other)
