"""People nearby: who shows himself in this network, and inviting one of them by matching words.

A card says a name, a colour and a random token; whoever reads it can knock, and no more. The one who invites dials and
says what it is about; both see the same three words; when both people agree an invite link passes over that link.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import msgspec

from notesapp.errors import BadRequest, NotesError, RemoteError
from notesapp.identity.invite import Name
from notesapp.identity.matching import DIALER, LISTENER, Offered, Revealed, begin_matching, matching_context
from notesapp.identity.primitives import digest, domain
from notesapp.identity.record import Bytes16
from notesapp.identity.roles import Role
from notesapp.node import doorwords as words
from notesapp.node.acquainted import Way
from notesapp.node.call import Call
from notesapp.node.core import Core
from notesapp.node.events import JoinChanged, NearbyChanged, RequestsChanged
from notesapp.node.peering import Peering
from notesapp.node.people_views import COLOURS, JoinRequest, JoinStage, JoinView, NearbyView, OfferView
from notesapp.node.profiles import Profile
from notesapp.sync.events import Answered, Asked, Event
from notesapp.sync.handshake import Proved

logger = logging.getLogger(__name__)

PURPOSE = "nearby"
PATIENCE_S = 120.0  # for two people to compare three words
_NAME_BYTES = 100

Link = Callable[[bytes, Role], Awaitable[str]]
"""Makes an invite to a notebook that needs no approval any more; its link."""

Follow = Callable[[str, Call, bytes], Awaitable[None]]
"""Goes on by a link that came: the link, the call, the attempt's id."""


class Card(msgspec.Struct, array_like=True, frozen=True):
    """What is shown."""

    token: Bytes16
    name: Name
    colour: int


class About(msgspec.Struct, array_like=True, frozen=True):
    """What an invitation nearby claims."""

    notebook: str
    inviter: str
    role: str


@dataclass(slots=True)
class _Inviting:
    """Somebody whom we invite."""

    name: str
    notebook: bytes
    role: Role
    colour: int
    matching: Offered | None = None
    call: Call | None = None
    request: JoinRequest | None = None
    we_agreed: bool = False
    they_agreed: bool = False
    timer: asyncio.TimerHandle | None = None


@dataclass(slots=True)
class _Invited:
    """Somebody who invites us."""

    view: JoinView
    call: Call
    matching: Revealed
    timer: asyncio.TimerHandle


class Nearby:
    """See the module."""

    def __init__(
        self, core: Core, peering: Peering, profile: Callable[[], Profile], link: Link, follow: Follow
    ) -> None:
        self._core = core
        self._peering = peering
        self._profile = profile
        self._link = link
        self._follow = follow
        self._mine: Way | None = None
        self._inviting: dict[bytes, _Inviting] = {}  # by the way's name
        self._invited: dict[bytes, _Invited] = {}  # by the attempt's id
        peering.on_proved.append(self._proved)
        peering.on_event.append(self._heard)
        peering.on_over.append(self._over)

    # -- to be seen ---------------------------------------------------------------------------------------------------

    async def show(self, on: bool) -> None:
        """Shows my card to everybody in this network, or takes it back."""
        if on == (self._mine is not None):
            return
        if on:
            token, profile = self._core.entropy(16), self._profile()
            name = profile.name.encode()[:_NAME_BYTES].decode("utf-8", "ignore")
            self._mine = _way(token, host=True)
            self._peering.shows_card = msgspec.msgpack.encode(Card(token, name, profile.colour))
            await self._peering.open_way(self._mine)
        elif self._mine is not None:
            name_, self._mine = self._mine.name, None
            self._peering.shows_card = None
            if any(call.proved is not None and call.proved.invite_id == name_ for call in self._peering.calls):
                self._peering.ways.pop(name_)  # what is under way by it goes on
            else:
                await self._peering.close_way(name_)
            await self._peering.refresh()
        self._core.hook.tell(NearbyChanged())

    def views(self) -> tuple[NearbyView, ...]:
        """Who shows himself."""
        return tuple(
            NearbyView(instance, card.name.strip()[:60] or "Somebody", card.colour % COLOURS)
            for instance, card in self._cards().items()
        )

    def _cards(self) -> dict[str, Card]:
        found: dict[str, Card] = {}
        for instance, data in self._peering.network.cards.items() if self._peering.network is not None else ():
            with suppress(msgspec.MsgspecError):  # anybody may send such, at any rate
                found[instance] = msgspec.msgpack.decode(data, type=Card)
        return found

    # -- inviting -----------------------------------------------------------------------------------------------------

    async def invite(self, nearby_id: str, notebook: bytes, role: Role) -> bytes:
        """Begins to invite somebody who shows himself; the id of the request that will appear."""
        card = self._cards().get(nearby_id)
        if card is None:
            raise BadRequest(what="That person doesn't show himself any more; ask them to open “Join a notebook”.")
        way = _way(card.token, host=False)
        self._inviting[way.name] = one = _Inviting(card.name or "Somebody", notebook, role, card.colour % COLOURS)
        one.timer = asyncio.get_running_loop().call_later(PATIENCE_S, self._too_long, way.name)
        await self._peering.open_way(way)
        return way.name

    def requests(self) -> tuple[JoinRequest, ...]:
        """Whose words are to be compared here."""
        return tuple(one.request for one in self._inviting.values() if one.request is not None and not one.we_agreed)

    async def agree(self, request_id: bytes, yes: bool) -> bool:
        """The person's word; whether it was about one of ours."""
        one = self._inviting.get(request_id)
        if one is None or one.request is None or one.call is None:
            return False
        if not yes:
            one.call.ask(words.write(words.Agree(False)))
            await self._end(request_id)
            return True
        one.we_agreed = True
        self._core.hook.tell(RequestsChanged())
        await self._pass(request_id)
        return True

    async def _pass(self, name: bytes) -> None:
        one = self._inviting.get(name)
        if one is None or one.call is None or not (one.we_agreed and one.they_agreed):
            return
        one.they_agreed = False  # used up: both may agree in one moment, and there is one link all the same
        try:
            link = await self._link(one.notebook, one.role)
        except NotesError:
            one.call.ask(words.write(words.Agree(False)))
            raise
        one.call.ask(words.write(words.Sealed(link.encode())))
        await asyncio.sleep(3)  # it is still being told
        await self._end(name)

    def _answered(self, call: Call, one: _Inviting, data: bytes) -> None:
        match words.read(data):
            case words.Counter(commitment, nonce) if one.matching is not None and one.request is None:
                revealed = one.matching.receive(commitment)
                matched = revealed.receive(nonce)
                call.ask(words.write(words.Reveal(revealed.out)))
                held = self._core.notebook(one.notebook)
                name = call.proved.invite_id if call.proved is not None else None
                one.request = JoinRequest(
                    name or b"",
                    one.notebook,
                    held.name,
                    one.name,
                    one.role,
                    matched.words,
                    self._core.clock(),
                    one.colour,
                )
                self._core.hook.tell(RequestsChanged())
            case words.Agree(yes) if one.request is not None:
                if yes:
                    one.they_agreed = True
                    self._core.tasks.start(self._pass(one.request.request_id), "inviting somebody nearby")
                else:
                    self._core.tasks.start(self._end(one.request.request_id), "ending an invitation nearby")
            case _:
                raise RemoteError(reason="something else was answered nearby")

    async def _end(self, name: bytes) -> None:
        one = self._inviting.pop(name, None)
        if one is not None and one.timer is not None:
            one.timer.cancel()
        await self._peering.close_way(name)
        self._core.hook.tell(RequestsChanged())

    def _too_long(self, name: bytes) -> None:
        if self._core.tasks.is_open:
            self._core.tasks.start(self._end(name), "ending an invitation nearby")

    # -- being invited ------------------------------------------------------------------------------------------------

    def joins(self) -> tuple[JoinView, ...]:
        """Who invites us."""
        return tuple(one.view for one in self._invited.values())

    async def confirm(self, join_id: bytes, yes: bool) -> bool:
        """The person's word; whether it was about one of ours."""
        one = self._invited.get(join_id)
        if one is None or one.view.stage is not JoinStage.MATCHING:
            return False
        one.call.answer(words.write(words.Agree(yes)))
        if not yes:
            self._fail(join_id, "The words didn't match.")
        else:
            self._stage(one, replace(one.view, stage=JoinStage.WAITING))
        return True

    def _asked(self, call: Call, data: bytes) -> None:
        if call.proved is None:
            return
        device, binding = call.proved.device_id, call.link.binding
        join_id = digest(binding + device)
        one = self._invited.get(join_id)
        match words.read(data):
            case words.Offer(about, commitment) if one is None:
                claims = msgspec.msgpack.decode(about, type=About)
                context = matching_context(binding, device, self._core.persona.device.device_id, PURPOSE)
                offered = begin_matching(LISTENER, context, self._core.entropy)
                matching = offered.receive(commitment)
                offer = OfferView(claims.notebook[:80], claims.inviter[:80], _role(claims.role))
                timer = asyncio.get_running_loop().call_later(PATIENCE_S, self._waited, join_id)
                view = JoinView(join_id, offer, JoinStage.PROVING)
                self._invited[join_id] = _Invited(view, call, matching, timer)
                call.answer(words.write(words.Counter(offered.out, matching.out)))
            case words.Reveal(nonce) if one is not None and one.view.stage is JoinStage.PROVING:
                matched = one.matching.receive(nonce)
                self._stage(one, replace(one.view, stage=JoinStage.MATCHING, words=matched.words))
            case words.Sealed(link) if one is not None and one.view.stage is JoinStage.WAITING:
                one.timer.cancel()
                self._core.tasks.start(self._go_on(one, link), "joining somebody nearby")
            case words.Agree(False) if one is not None:
                self._fail(join_id, "The other person declined.")
            case _:
                raise RemoteError(reason="something else was said nearby")

    async def _go_on(self, one: _Invited, link: bytes) -> None:
        join_id = one.view.join_id
        try:
            await self._follow(link.decode("utf-8", "replace"), one.call, join_id)
        except NotesError as error:
            self._fail(join_id, error.sentence)
            return
        self._invited.pop(join_id, None)

    def _waited(self, join_id: bytes) -> None:
        self._fail(join_id, "Nobody compared the words in time.")

    def _fail(self, join_id: bytes, cause: str) -> None:
        if (one := self._invited.get(join_id)) is not None and one.view.stage is not JoinStage.FAILED:
            one.timer.cancel()
            self._stage(one, replace(one.view, stage=JoinStage.FAILED, cause=cause, remedy="Try again."))

    def _stage(self, one: _Invited, view: JoinView) -> None:
        one.view = view
        self._core.hook.tell(JoinChanged(view.join_id))

    # -- both ---------------------------------------------------------------------------------------------------------

    def _proved(self, call: Call, proved: Proved) -> None:
        one = self._inviting.get(proved.invite_id or b"")
        if one is None or not proved.dialled or one.call is not None:
            return
        held = self._core.notebook(one.notebook)
        context = matching_context(call.link.binding, self._core.persona.device.device_id, proved.device_id, PURPOSE)
        one.call, one.matching = call, begin_matching(DIALER, context, self._core.entropy)
        about = msgspec.msgpack.encode(About(held.name[:80], self._profile().name, str(one.role)))
        call.ask(words.write(words.Offer(about, one.matching.out)))

    def _heard(self, call: Call, event: Event) -> None:
        if call.proved is None or not isinstance(event, Answered | Asked):
            return
        name = call.proved.invite_id
        try:
            if isinstance(event, Answered) and (one := self._inviting.get(name or b"")) is not None:
                self._answered(call, one, event.data)
            elif isinstance(event, Asked) and not call.proved.dialled and self._is_mine(call, name):
                self._asked(call, event.data)
        except (RemoteError, msgspec.MsgspecError) as error:
            logger.warning("! somebody nearby: %s", error)
            call.close("what was said nearby can't be right")

    def _is_mine(self, call: Call, name: bytes | None) -> bool:
        if self._mine is not None and name == self._mine.name:
            return True
        return any(one.call is call for one in self._invited.values())

    def _over(self, call: Call) -> None:
        for join_id, one in list(self._invited.items()):
            if one.call is call and one.view.stage is not JoinStage.FAILED:
                self._fail(join_id, "The other device broke off.")
        for name, other in list(self._inviting.items()):
            if other.call is call and self._core.tasks.is_open:
                self._core.tasks.start(self._end(name), "ending an invitation nearby")

    def close(self) -> None:
        """The end of the program."""
        for one in self._invited.values():
            one.timer.cancel()
        for other in self._inviting.values():
            if other.timer is not None:
                other.timer.cancel()


def _way(token: bytes, *, host: bool) -> Way:
    name, secret, hello = (digest(domain(f"nearby-{what}") + token) for what in ("name", "bond", "hello"))
    return Way(name, secret, hello, host)


def _role(said: str) -> Role:
    try:
        return Role(said)
    except ValueError:
        return Role.READER
