"""My signed word of what I have, carried by whoever meets whom: so that it is known of people who never meet.

Decides when it is said anew: a few seconds after something came, if it differs from the last word.
"""

from __future__ import annotations

import asyncio

from notesapp.node.call import Call
from notesapp.node.core import Core
from notesapp.node.sessions import Sessions
from notesapp.sync.events import Event, Synced
from notesapp.sync.receipt import Receipt

REST_S = 3.0


class Receipts:
    """See the module."""

    def __init__(self, core: Core, sessions: Sessions) -> None:
        self._core = core
        self._sessions = sessions
        self._timers: dict[bytes, asyncio.TimerHandle] = {}
        self._said: dict[bytes, bytes] = {}  # notebook → the digest of what the last word said
        sessions.on_event.append(self._heard)
        sessions.on_grew.append(self._soon)

    def close(self) -> None:
        """The end of the program."""
        for timer in self._timers.values():
            timer.cancel()

    def _heard(self, call: Call, event: Event) -> None:
        if isinstance(event, Synced) and event.notebook in self._sessions.volumes and call.session is not None:
            for data in self._sessions.volume(event.notebook).ledger.receipts():
                call.session.pass_receipt(event.notebook, data, call.now_ms)
            self._soon(event.notebook)

    def _soon(self, notebook: bytes) -> None:
        if notebook not in self._timers:
            self._timers[notebook] = asyncio.get_running_loop().call_later(REST_S, self._say, notebook)

    def _say(self, notebook: bytes) -> None:
        self._timers.pop(notebook, None)
        hearing = self._sessions.volumes.get(notebook)
        if hearing is None or len(hearing.volume.held.roster.members) < 3:  # two people tell each other
            return
        frontier, now_ms = hearing.volume.book.frontier, self._core.clock()
        digest = frontier.span().digest
        if self._said.get(notebook) == digest:
            return
        device, ledger = self._core.persona.device, hearing.volume.ledger
        receipt = Receipt.make(device, notebook, ledger.next_number(device.device_id, now_ms), frontier)
        if receipt is None:
            return
        self._said[notebook] = digest
        ledger.receipt(receipt, now_ms)
        self._sessions.memory.keep_line(hearing.volume, device.device_id)
        for call in self._sessions.sessions():
            if call.session is not None:
                call.session.pass_receipt(notebook, receipt.data, call.now_ms)
                call.settle()
