"""Answers those who come by an invite. Decides what they are told, and keeps the requests that wait for a person.

Whoever was approved and lost the link on the way knocks again and is let in; whoever is a member already is given the
records anew.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from notesapp.errors import BadRequest, NotesError, RemoteError
from notesapp.identity.matching import LISTENER, Revealed, begin_matching, matching_context
from notesapp.identity.primitives import digest
from notesapp.identity.redeem import Joiner, Redeem, Refusal, admit, examine
from notesapp.identity.scribe import Scribe
from notesapp.node import doorwords as words
from notesapp.node.call import Call
from notesapp.node.core import Core
from notesapp.node.events import RequestsChanged
from notesapp.node.inviting import Hosted, Inviting
from notesapp.node.peering import Peering
from notesapp.node.people_views import JoinRequest
from notesapp.sync.events import Asked, Event

logger = logging.getLogger(__name__)

REQUESTS = 32  # that may wait for a person at once
PURPOSE = "invite"


@dataclass(slots=True)
class _Guest:
    """Somebody who knocked over one link and waits for a person's word."""

    call: Call
    hosted: Hosted
    joiner: Joiner
    matching: Revealed
    request: JoinRequest | None = None


@dataclass(slots=True)
class _Waiting:
    guests: dict[bytes, _Guest] = field(default_factory=dict)  # by request id: invite and person
    approved: set[bytes] = field(default_factory=set)
    declined: set[bytes] = field(default_factory=set)


class Hosting:
    """See the module."""

    def __init__(self, core: Core, peering: Peering, inviting: Inviting) -> None:
        self._core = core
        self._peering = peering
        self._inviting = inviting
        self._it = _Waiting()
        self.claimed: dict[bytes, str] = {}  # person → how he called himself at the door
        peering.on_event.append(self._heard)
        peering.on_over.append(self._over)

    def requests(self) -> tuple[JoinRequest, ...]:
        """Who waits for a person's word."""
        return tuple(guest.request for guest in self._it.guests.values() if guest.request is not None)

    async def approve(self, request_id: bytes, yes: bool) -> None:
        """A person's word."""
        guest = self._it.guests.pop(request_id, None)
        if guest is None:
            raise BadRequest(what="That request isn't there any more; the other person can ask again.")
        if not yes:
            self._it.declined.add(request_id)
            guest.call.answer(words.write(words.Refused(Refusal.DECLINED)))
        else:
            self._it.approved.add(request_id)
            await self._admit(guest.call, guest.hosted, guest.joiner)
        self._core.hook.tell(RequestsChanged())

    # -- what comes ---------------------------------------------------------------------------------------------------

    def _heard(self, call: Call, event: Event) -> None:
        if not isinstance(event, Asked) or call.proved is None or call.proved.dialled:
            return
        hosted = self._inviting.hosted.get(call.proved.invite_id or b"")
        if hosted is None:
            return
        try:
            match words.read(event.data):
                case words.Knock(redeem, commitment):
                    self._knocked(call, hosted, Redeem.read(redeem), commitment)
                case words.Reveal(nonce):
                    self._revealed(call, nonce)
                case _:
                    raise RemoteError(reason="something else was said at the door of an invite")
        except RemoteError as error:
            logger.warning("! a guest is sent away: %s", error)
            call.close("what was said at the door can't be right")

    def _knocked(self, call: Call, hosted: Hosted, asked: Redeem, commitment: bytes) -> None:
        proved, held = call.proved, self._core.held.get(hosted.notebook)
        if proved is None or held is None:
            return
        device, binding = proved.device_id, call.link.binding
        found = examine(held.roster, asked, device_id=device, binding=binding, now_ms=self._core.clock())
        if isinstance(found, Refusal):
            if found is Refusal.MEMBER:
                self._give(call, hosted)
            else:
                call.answer(words.write(words.Refused(found.value)))
            return
        request_id = digest(asked.invite + asked.person)
        if request_id in self._it.declined:
            call.answer(words.write(words.Refused(Refusal.DECLINED.value)))
        elif not found.approval or request_id in self._it.approved:
            self._core.tasks.start(self._admit(call, hosted, found), "letting somebody in")
        elif len(self._it.guests) >= REQUESTS and request_id not in self._it.guests:
            call.answer(words.write(words.Refused("too many people are waiting for an answer")))
        else:
            context = matching_context(binding, device, self._core.persona.device.device_id, PURPOSE)
            offered = begin_matching(LISTENER, context, self._core.entropy)
            matching = offered.receive(commitment)
            self._it.guests[request_id] = _Guest(call, hosted, found, matching)
            call.answer(words.write(words.Wait(offered.out, matching.out)))

    def _revealed(self, call: Call, nonce: bytes) -> None:
        for request_id, guest in self._it.guests.items():
            if guest.call is call and guest.request is None:
                matched = guest.matching.receive(nonce)
                held = self._core.held[guest.hosted.notebook]
                guest.request = JoinRequest(
                    request_id,
                    guest.hosted.notebook,
                    held.name,
                    guest.joiner.name,
                    guest.joiner.role,
                    matched.words,
                    self._core.clock(),
                )
                self._core.hook.tell(RequestsChanged())

    def _over(self, call: Call) -> None:
        gone = [request_id for request_id, guest in self._it.guests.items() if guest.call is call]
        for request_id in gone:
            del self._it.guests[request_id]
        if gone:
            self._core.hook.tell(RequestsChanged())

    # -- what is said -------------------------------------------------------------------------------------------------

    async def _admit(self, call: Call, hosted: Hosted, joiner: Joiner) -> None:
        held = self._core.held[hosted.notebook]
        hearing = await self._peering.open_volume(held)

        def write(scribe: Scribe) -> None:
            admit(scribe, joiner, held.keys, self._core.entropy)

        self.claimed[joiner.person] = joiner.name
        try:
            await hearing.learn(act=write, persons=joiner.log.records)
        except NotesError as error:
            call.answer(words.write(words.Refused(error.sentence[:300])))
            raise
        if call.proved is not None:
            self._peering.hint(call.proved.device_id, [call.link.remote])
            self._peering.memory.remember(call, self._peering.network)
        self._give(call, hosted)

    def _give(self, call: Call, hosted: Hosted) -> None:
        held = self._core.held[hosted.notebook]
        for part in words.admitted(held.genesis.data, held.records[1:]):
            call.answer(words.write(part))
