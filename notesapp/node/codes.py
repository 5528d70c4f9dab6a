"""Codes of three words: made here and said aloud, or typed here. Decides how long one lives and what it leads to.

Whoever proves the code gets an invite link under its key (or, to link a device, goes on in `linking`); from there on
joining is the same as by any link. Three wrong guesses in all end a code, and say so.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from notesapp.errors import BadRequest, CodeEnded, CodeWrong, NotesError, RemoteError
from notesapp.identity.primitives import digest, domain
from notesapp.identity.roles import Role
from notesapp.identity.three_words import (
    TRIES,
    Answered,
    Asked,
    CodeKey,
    CodeWords,
    Proving,
    Purpose,
    SharedCode,
    code_context,
)
from notesapp.net.address import Address
from notesapp.net.standing import BondState, Stage
from notesapp.net.topics import Meet, Topic
from notesapp.node import doorwords as words
from notesapp.node.acquainted import Way
from notesapp.node.call import Call
from notesapp.node.core import Core
from notesapp.node.events import CodesChanged, JoinChanged
from notesapp.node.peering import Peering
from notesapp.node.people_views import CodeView, JoinStage, JoinView, OfferView
from notesapp.node.seeking import AGAIN_S, Why, explained
from notesapp.sync.events import Answered as Said
from notesapp.sync.events import Asked as SaidToUs
from notesapp.sync.events import Event
from notesapp.sync.handshake import Proved

logger = logging.getLogger(__name__)

LIFETIME_S, TOLD_S = 600.0, 5.0
LINKING_S = 240.0  # longer than the new device waits for a person (`linking.PATIENCE_S`)
OTHERS_S = 5.0  # how long another one with the same first word is looked for after a wrong one
NOBODY = Why(
    "Nobody with this code was found yet.",
    "Check the first word; the other person must have Notesapp open, and be online or in this network.",
)
NO_CERTIFICATE = bytes(32)  # the one who dials shows none

_ANOTHER = "another code was meant"

Opened = Callable[[Call, CodeKey], Awaitable[bytes]]
"""What is sealed for somebody who proved a code."""

Led = Callable[[Call, CodeKey, bytes, bytes], Awaitable[None]]
"""Takes what a code led to: the call, its key, what was sealed, the attempt's id."""


@dataclass(slots=True)
class _Made:
    """A code that was made here."""

    view: CodeView
    shared: SharedCode
    opened: Opened
    timer: asyncio.TimerHandle
    guests: dict[Call, tuple[bytes, Answered | None]] = field(default_factory=dict)  # the context, and our answer
    passed: Call | None = None  # who proved the code: what he says further is not for this door
    left: asyncio.Event = field(default_factory=asyncio.Event)  # whoever proved the code has gone


@dataclass(slots=True)
class _Typed:
    """A code that was typed here."""

    view: JoinView
    code: CodeWords
    led: Led
    timer: asyncio.TimerHandle
    since: float
    nonce: bytes = b""
    call: Call | None = None
    asked: Asked | None = None
    proving: Proving | None = None
    tried: set[bytes] = field(default_factory=set)  # devices whose code has the same first word and is another
    wrong: NotesError | None = None  # what the last of them said


class Codes:
    """See the module."""

    def __init__(self, core: Core, peering: Peering) -> None:
        self._core = core
        self._peering = peering
        self._made: dict[bytes, _Made] = {}
        self._typed: dict[bytes, _Typed] = {}
        peering.on_proved.append(self._proved)
        peering.on_event.append(self._heard)
        peering.on_over.append(self._over)

    # -- made here ----------------------------------------------------------------------------------------------------

    async def make(self, purpose: Purpose, role: Role, opened: Opened) -> CodeView:
        """A new code; `opened` gives what is sealed for whoever proves it."""
        code = CodeWords.generate(purpose, self._core.entropy)
        while code.topic in self._made:
            code = CodeWords.generate(purpose, self._core.entropy)
        one, two, three = code.words
        ends_ms = self._core.clock() + int(LIFETIME_S * 1000)
        view = CodeView(code.topic, (one, two, three), ends_ms, TRIES, role)
        timer = asyncio.get_running_loop().call_later(LIFETIME_S, self.end, code.topic, "It has ended; make a new one.")
        self._made[code.topic] = _Made(view, SharedCode(code), opened, timer)
        await self._peering.open_way(_way(code, host=True))
        self._core.hook.tell(CodesChanged())
        return view

    def views(self) -> tuple[CodeView, ...]:
        """The codes made in this run."""
        return tuple(made.view for made in self._made.values())

    def end(self, code_id: bytes, why: str = "It was ended.") -> None:
        """Nobody comes by it any more."""
        made = self._made.get(code_id)
        if made is None or made.view.over is not None:
            return
        made.timer.cancel()
        made.view = replace(made.view, over=why, tries_left=made.shared.tries_left)
        if self._core.tasks.is_open:
            self._core.tasks.start(self._close_later(code_id), "closing the door of a code")
        self._core.hook.tell(CodesChanged())

    async def _close_later(self, code_id: bytes) -> None:
        made = self._made[code_id]
        linking = made.passed is not None and made.view.role is Role.OWNER  # words are compared on this very link
        with contextlib.suppress(TimeoutError):  # whoever proved it is still being told
            await asyncio.wait_for(made.left.wait(), LINKING_S if linking else TOLD_S)
        if self._made[code_id].view.over is not None:  # it isn't another with the same first word
            await self._peering.close_way(code_id)

    def _asked_us(self, call: Call, made: _Made, data: bytes) -> None:
        match words.read(data):
            case words.CodeBegin(nonce) if call.proved is not None:
                mine = self._core.entropy(32)
                me = self._core.persona.device.device_id
                context = _context(call, joiner=call.proved.device_id, sharer=me, nonces=(nonce, mine))
                made.guests[call] = context, None
                call.answer(words.write(words.CodeNonce(mine)))
            case words.CodeAsk(out) if call in made.guests:
                context = made.guests[call][0]
                answered = made.shared.answer(out, context, self._core.entropy)
                made.guests[call] = context, answered
                call.answer(words.write(words.CodeAnswer(answered.out)))
            case words.CodeProof(proof) if call in made.guests:
                self._proof(call, made, proof)
            case _:
                raise RemoteError(reason="something else was said at the door of a code")

    def _proof(self, call: Call, made: _Made, proof: bytes) -> None:
        answered = made.guests[call][1]
        if answered is None:
            raise RemoteError(reason="a code was proved before it was asked for")
        try:
            mine, key = answered.receive(proof)
        except (CodeWrong, CodeEnded):
            left = made.shared.tries_left
            made.view = replace(made.view, tries_left=left)
            call.answer(words.write(words.CodeWrongSaid(max(0, left))))
            if made.shared.ended:
                self.end(made.view.code_id, CodeEnded().sentence)
            self._core.hook.tell(CodesChanged())
            return
        made.passed = call
        self._core.tasks.start(self._open(call, made, mine, key), "opening a door for who said the code")

    async def _open(self, call: Call, made: _Made, mine: bytes, key: CodeKey) -> None:
        sealed = await made.opened(call, key)
        call.answer(words.write(words.CodeOpen(mine, sealed)))
        self.end(made.view.code_id, "These words were used.")

    # -- typed here ---------------------------------------------------------------------------------------------------

    async def enter(self, typed: str, purpose: Purpose, led: Led, at: tuple[Address, ...] = ()) -> bytes:
        """Begins to look for whoever made this code; the attempt's id."""
        code = CodeWords.read(typed, purpose)
        if code.topic in self._peering.ways:
            raise BadRequest(what="A code with this first word is in use here already; use or end that one first.")
        view = JoinView(code.topic, OfferView("", "", Role.WRITER), JoinStage.SEARCHING)
        loop = asyncio.get_running_loop()
        timer = loop.call_later(AGAIN_S, self._look, code.topic)
        self._typed[code.topic] = _Typed(view, code, led, timer, loop.time())
        await self._peering.open_way(_way(code, host=False), at)
        self._core.hook.tell(JoinChanged(code.topic))
        return code.topic

    def joins(self) -> tuple[JoinView, ...]:
        """The attempts that have not led further."""
        return tuple(typed.view for typed in self._typed.values())

    def cancel(self, join_id: bytes) -> bool:
        """Gives an attempt up; whether it was one of ours."""
        if join_id not in self._typed:
            return False
        self._fail(join_id, "It was cancelled.")
        return True

    def _proved(self, call: Call, proved: Proved) -> None:
        typed = self._typed.get(proved.invite_id or b"")
        if typed is None or not proved.dialled or typed.call is not None:
            return
        if proved.device_id in typed.tried:
            call.close(_ANOTHER)
            return
        typed.call, typed.nonce = call, self._core.entropy(32)
        self._stage(typed, JoinStage.PROVING)
        call.ask(words.write(words.CodeBegin(typed.nonce)))

    def _answered(self, call: Call, typed: _Typed, data: bytes) -> None:
        match words.read(data):
            case words.CodeNonce(nonce) if call.proved is not None:
                me = self._core.persona.device.device_id
                nonces = typed.nonce, nonce
                context = _context(call, joiner=me, sharer=call.proved.device_id, nonces=nonces)
                typed.asked = Asked(typed.code, context, self._core.entropy)
                call.ask(words.write(words.CodeAsk(typed.asked.out)))
            case words.CodeAnswer(out) if typed.asked is not None:
                typed.proving = typed.asked.receive(out)
                call.ask(words.write(words.CodeProof(typed.proving.out)))
            case words.CodeOpen(proof, sealed) if typed.proving is not None:
                key = typed.proving.receive(proof)
                self._core.tasks.start(self._lead(call, typed, key, sealed), "following a code")
            case words.CodeWrongSaid(left):
                self._try_others(call, typed, CodeWrong(left=left) if left else CodeEnded())
            case _:
                raise RemoteError(reason="something else was answered at the door of a code")

    def _try_others(self, call: Call, typed: _Typed, wrong: NotesError) -> None:
        """Who answered has another code: several may have the same first word, and one of them is meant."""
        if call.proved is not None:
            typed.tried.add(call.proved.device_id)
        typed.wrong, typed.call, typed.asked, typed.proving = wrong, None, None, None
        typed.timer.cancel()
        join_id = typed.view.join_id
        typed.timer = asyncio.get_running_loop().call_later(OTHERS_S, self._nobody_else, join_id)
        self._stage(typed, JoinStage.SEARCHING)
        call.close(_ANOTHER)
        for other in self._peering.sessions():  # who was linked meanwhile was left waiting
            if other.proved is not None and other.proved.invite_id == join_id:
                self._proved(other, other.proved)

    async def _lead(self, call: Call, typed: _Typed, key: CodeKey, sealed: bytes) -> None:
        join_id = typed.view.join_id
        typed.timer.cancel()
        try:
            await typed.led(call, key, sealed, join_id)
        except NotesError as error:
            self._fail(join_id, error.sentence)
            return
        self._typed.pop(join_id, None)

    def done(self, join_id: bytes) -> None:
        """What the code led to is over: its door is closed."""
        if self._core.tasks.is_open:
            self._core.tasks.start(self._peering.close_way(join_id), "closing the door of a code")

    def _nobody_else(self, join_id: bytes) -> None:
        typed = self._typed.get(join_id)
        if typed is not None and typed.call is None and typed.wrong is not None:
            self._fail(join_id, typed.wrong.sentence)

    def _look(self, join_id: bytes) -> None:
        """Whoever waits before the screen reads why nobody is found, while the search goes on as long as codes live."""
        typed = self._typed.get(join_id)
        if typed is None or typed.call is not None or not self._core.tasks.is_open:
            return
        loop, network = asyncio.get_running_loop(), self._peering.network
        if loop.time() - typed.since >= LIFETIME_S:
            self._fail(join_id, typed.view.cause or NOBODY.cause, typed.view.remedy or NOBODY.remedy)
            return
        typed.timer = loop.call_later(AGAIN_S, self._look, join_id)
        state = network.state(join_id) if network is not None else BondState(Stage.OFFLINE)
        view = explained(typed.view, state, self._peering.faraway.view, NOBODY, loop.time() - typed.since)
        if view != typed.view:
            typed.view = view
            self._core.hook.tell(JoinChanged(join_id))

    def _fail(self, join_id: bytes, cause: str, remedy: str | None = None) -> None:
        typed = self._typed.get(join_id)
        if typed is None or typed.view.stage is JoinStage.FAILED:
            return
        typed.timer.cancel()
        self._stage(typed, JoinStage.FAILED, cause, remedy)
        self.done(join_id)

    def _stage(self, typed: _Typed, stage: JoinStage, cause: str | None = None, remedy: str | None = None) -> None:
        typed.view = replace(typed.view, stage=stage, cause=cause, remedy=remedy, seen=False)
        self._core.hook.tell(JoinChanged(typed.view.join_id))

    # -- both ---------------------------------------------------------------------------------------------------------

    def _heard(self, call: Call, event: Event) -> None:
        if call.proved is None or not isinstance(event, Said | SaidToUs):
            return
        name = call.proved.invite_id or b""
        made, typed = self._made.get(name), self._typed.get(name)
        try:
            if made is not None and isinstance(event, SaidToUs) and not call.proved.dialled and made.passed is not call:
                self._asked_us(call, made, event.data)
            elif typed is not None and isinstance(event, Said) and typed.call is call:
                self._answered(call, typed, event.data)
        except CodeEnded:
            call.answer(words.write(words.CodeWrongSaid(0)))
        except CodeWrong as wrong:
            if typed is not None:
                self._try_others(call, typed, wrong)
        except RemoteError as error:
            logger.warning("! at the door of a code: %s", error)
            call.close("what was said at the door can't be right")

    def _over(self, call: Call) -> None:
        for made in self._made.values():
            made.guests.pop(call, None)
            if made.passed is call:
                made.left.set()
        for typed in self._typed.values():
            if typed.call is call and typed.view.stage is JoinStage.PROVING:
                self._fail(typed.view.join_id, "The other device broke off.", "Try again with the same words.")

    def close(self) -> None:
        """The end of the program."""
        for made in self._made.values():
            made.timer.cancel()
        for typed in self._typed.values():
            typed.timer.cancel()


def _way(code: CodeWords, *, host: bool) -> Way:
    return Way(code.topic, digest(domain("code-bond") + code.topic), code.hello, host, Topic(Meet.CODE, code.topic))


def _context(call: Call, *, joiner: bytes, sharer: bytes, nonces: tuple[bytes, bytes]) -> bytes:
    return code_context(
        binding=call.link.binding, joiner_certificate=NO_CERTIFICATE, joiner=joiner, sharer=sharer, nonces=nonces
    )
