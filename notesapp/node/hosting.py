"""Answers those who come by an invite. Decides what they are told, and keeps the requests that wait for a person.

Whoever was approved and lost the link on the way knocks again and is let in; whoever is a member already is given the
records anew. Where another device comes first for an invite, somebody who knocks here is left standing for a moment:
if he reaches that one he is answered there, and if he doesn't he is answered here. What was decided elsewhere is
decided: a request that another has answered goes from here, and a yes to it is no error.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from notesapp.errors import BadRequest, NotesError, RemoteError
from notesapp.identity.keys import PersonId
from notesapp.identity.matching import LISTENER, Revealed, begin_matching, matching_context
from notesapp.identity.primitives import digest
from notesapp.identity.redeem import Joiner, Redeem, Refusal, admit, examine, too_late
from notesapp.identity.roles import Role
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
PATIENCE_S = 7.0  # longer than a joiner waits for an answer before he knocks elsewhere
MEMORY = 8 * REQUESTS  # of requests that are over
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
class _Knock:
    """Somebody who is left standing, since another device comes first."""

    call: Call
    hosted: Hosted
    joiner: Joiner
    commitment: bytes


@dataclass(slots=True)
class _Waiting:
    guests: dict[bytes, _Guest] = field(default_factory=dict)  # by request id: invite and person
    approved: set[bytes] = field(default_factory=set)
    declined: set[bytes] = field(default_factory=set)
    standing: dict[bytes, _Knock] = field(default_factory=dict)
    since: dict[bytes, float] = field(default_factory=dict)  # when he knocked here first (loop time)
    late: dict[bytes, str] = field(default_factory=dict)  # what is told to whoever answers a request that is over


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
        peering.on_judged.append(self._judged)

    def requests(self) -> tuple[JoinRequest, ...]:
        """Who waits for a person's word."""
        return tuple(guest.request for guest in self._it.guests.values() if guest.request is not None)

    async def approve(self, request_id: bytes, yes: bool) -> str:
        """A person's word; what is to be told, if another was faster."""
        guest = self._it.guests.pop(request_id, None)
        if guest is None:
            if (told := self._it.late.get(request_id)) is not None:
                return told
            if request_id in self._it.approved and yes:
                return ""  # a second press on the same answer
            raise BadRequest(what="That request isn't there any more; the other person can ask again.")
        if not yes:
            self._it.declined.add(request_id)
            guest.call.answer(words.write(words.Refused(Refusal.DECLINED)))
        else:
            self._it.approved.add(request_id)
            await self._admit(guest.call, guest.hosted, guest.joiner)
        self._core.hook.tell(RequestsChanged())
        return ""

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
        elif len(self._it.guests.keys() | self._it.standing.keys() | {request_id}) > REQUESTS:
            call.answer(words.write(words.Refused("too many people are waiting for an answer")))
        else:
            self._it.standing[request_id] = _Knock(call, hosted, found, commitment)
            self._turn(request_id)

    def _turn(self, request_id: bytes) -> None:
        """Answers who stands at the door, or lets him stand on."""
        knock, loop = self._it.standing.get(request_id), asyncio.get_running_loop()
        if knock is None or not knock.call.live or not self._core.tasks.is_open:
            self._it.standing.pop(request_id, None)
            return
        at = self._it.since.setdefault(request_id, loop.time()) + PATIENCE_S
        _forget(self._it.since)
        held = self._core.held.get(knock.hosted.notebook)
        invite = held.roster.invites.get(knock.hosted.keys.public) if held is not None else None
        if held is not None and invite is not None and loop.time() < at and not self._inviting.is_first(held, invite):
            loop.call_at(at, self._turn, request_id)
            return
        del self._it.standing[request_id]
        self._offer(request_id, knock)

    def _offer(self, request_id: bytes, knock: _Knock) -> None:
        """He shall wait for a person; both ends get their words to compare."""
        proved, me = knock.call.proved, self._core.persona.device.device_id
        if proved is None:
            return
        context = matching_context(knock.call.link.binding, proved.device_id, me, PURPOSE)
        offered = begin_matching(LISTENER, context, self._core.entropy)
        try:
            matching = offered.receive(knock.commitment)
        except RemoteError as error:
            logger.warning("! a guest is sent away: %s", error)
            knock.call.close("what was said at the door can't be right")
            return
        self._it.late.pop(request_id, None)  # he was a member once, and isn't any more
        self._it.guests[request_id] = _Guest(knock.call, knock.hosted, knock.joiner, matching)
        knock.call.answer(words.write(words.Wait(offered.out, matching.out)))

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
        for request_id in list(self._it.standing):  # perhaps the one who left was the one who came first
            self._turn(request_id)

    def _judged(self, notebook: bytes, before: Mapping[PersonId, Role]) -> None:
        """Somebody may have been let in elsewhere, or an invite be used up: who waits here by it waits no longer."""
        held, now_ms = self._core.held.get(notebook), self._core.clock()
        if held is None:
            return
        waiting: dict[bytes, _Guest | _Knock] = {**self._it.standing, **self._it.guests}
        for request_id, one in waiting.items():
            public, joiner = one.hosted.keys.public, one.joiner
            if one.hosted.notebook != notebook or request_id in self._it.approved:
                continue
            late = too_late(held.roster, public, joiner.person, now_ms)
            if late is None:
                continue
            self._it.standing.pop(request_id, None)
            self._it.guests.pop(request_id, None)
            if late is Refusal.MEMBER:
                told = f"{joiner.name or 'That person'} was let in already, by another admin."
                self.claimed[joiner.person] = joiner.name
                self._give(one.call, one.hosted)
            else:
                told = f"{joiner.name or 'That person'} doesn't wait any more: {late}."
                one.call.answer(words.write(words.Refused(late.value)))
            self._it.late[request_id] = told
            _forget(self._it.late)
            self._core.hook.tell(RequestsChanged())

    # -- what is said -------------------------------------------------------------------------------------------------

    async def _admit(self, call: Call, hosted: Hosted, joiner: Joiner) -> None:
        held = self._core.held[hosted.notebook]
        hearing = await self._peering.open_volume(held)

        def write(scribe: Scribe) -> None:
            admit(scribe, joiner, held.keys, self._core.entropy)

        self.claimed[joiner.person] = joiner.name
        if call.proved is not None:
            self._inviting.owe(hosted.keys.public, call.proved.device_id)
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


def _forget(what: dict[bytes, str] | dict[bytes, float]) -> None:
    """The oldest of them, where there are too many."""
    while len(what) > MEMORY:
        del what[next(iter(what))]
