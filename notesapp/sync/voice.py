"""What the parts of a session share: whom it talks to, its mouth, and the questions its node has still to answer.

Decides the window: a sender may have 8 MiB under way that the receiver hasn't dealt with; a receiver closes whoever
sends more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from notesapp.errors import LocalError, RemoteError
from notesapp.identity.keys import PeerId
from notesapp.sync.events import Event
from notesapp.sync.messages import WEIGHTY, Credit, Message, write
from notesapp.sync.wire import BATCH_LIMIT

WINDOW = 8 * 1024 * 1024  # bytes of records, entries and chunks under way
RETURN_FROM = 256 * 1024  # bytes that are returned together
WATCHED = 4096  # of what was sent, to be told when it is dealt with: more than a window has, but for tiny files
FULL = 256 * 1024  # bytes that wait for the link: until they go nothing more is read or asked for


class Voice:
    """The session as its parts see it."""

    def __init__(self, me: PeerId, peer: PeerId, *, leads: bool) -> None:
        self.me = me
        self.peer = peer
        self.leads = leads
        self.now_ms = 0
        self.told: deque[Event] = deque()
        self._told_bytes = 0
        self._out = bytearray()
        self._tickets: dict[int, Callable[..., None]] = {}
        self._next = 0
        self._under_way = 0  # weighty bytes that we sent and that were not returned
        self._watched: deque[tuple[int, Event]] = deque(maxlen=WATCHED)
        self._unreturned = 0  # weighty bytes that we got and have not returned
        self._returned = 0  # of these, dealt with

    def say(self, message: Message) -> int:
        """Sends a message; how many bytes its frame has."""
        data = write(message)
        self._out += data
        if isinstance(message, WEIGHTY):
            self._under_way += len(data)
        return len(data)

    def tell(self, event: Event, size: int = 64) -> None:
        """An event for the node, which holds about `size` bytes that no window counts."""
        if not self.told or self.told[-1] != event:
            self.told.append(event)
            self._told_bytes += size

    def take_told(self) -> list[Event]:
        """The events, in order."""
        events = list(self.told)
        self.told.clear()
        self._told_bytes = 0
        return events

    def ask(self, then: Callable[..., None]) -> int:
        """A ticket; whoever answers it calls `then`."""
        self._next += 1
        self._tickets[self._next] = then
        return self._next

    def answered(self, ticket: int) -> Callable[..., Any]:
        """What waits for this answer; once."""
        then = self._tickets.pop(ticket, None)
        if then is None:
            raise LocalError(what=f"a session was given an answer {ticket} that it didn't ask for")
        return then

    def take_out(self) -> bytes:
        """The bytes for the link."""
        data = bytes(self._out)
        self._out.clear()
        return data

    @property
    def full(self) -> bool:
        """Whether the link, or the node, should first take what waits for them."""
        return len(self._out) >= FULL or self._told_bytes >= FULL

    @property
    def may_send(self) -> bool:
        """Whether a batch fits what the peer's window leaves."""
        return not self.full and self._under_way <= WINDOW - BATCH_LIMIT

    def credited(self, count: int) -> None:
        """The peer has dealt with so many bytes."""
        if count > self._under_way:
            raise RemoteError(reason="more was returned than had been sent")
        self._under_way -= count
        watched, self._watched = self._watched, deque[tuple[int, Event]](maxlen=WATCHED)
        for size, event in watched:
            if size > self._under_way:  # it can't be among what is still under way
                self.tell(event)
            else:
                self._watched.append((size, event))

    def when_kept(self, size: int, event: Event) -> None:
        """Tells this as soon as the peer has surely dealt with the message of so many bytes that was said last."""
        self._watched.append((size, event))

    def weigh(self, size: int) -> None:
        """So many weighty bytes came; `RemoteError` beyond the window."""
        self._unreturned += size
        if self._unreturned > WINDOW + RETURN_FROM:
            raise RemoteError(reason="the window was overrun")

    def give_back(self, size: int, *, at_once: bool = False) -> None:
        """So many of them are dealt with; `at_once`: the peer should know that without waiting for more."""
        self._returned += size
        if self._returned >= RETURN_FROM or (at_once and self._returned):
            self.say(Credit(self._returned))
            self._unreturned -= self._returned
            self._returned = 0
