"""Proof of who is at the other end of a link, or silence. Decides the order of §7's five steps and every refusal.

    dialer                                          listener
    Hello{version, nonce, 8 tags}        ->         silent for a constant time unless a tag is ours
                                         <-         Welcome{version, nonce, 8 tags}, Auth{…, signature}
    Auth{…, signature}                   ->
                                         <-         Verdict

Invariants: 1. a listener sends no byte before a tag was right; 2. whatever was wrong until then looks the same from
outside: nothing, then the end, a constant time after the greeting; 3. a signature covers role, binding, both nonces,
all tags and the keys, so it serves on this link, in this direction, once; 4. after `Proved` or `Failed` nothing more
is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import msgspec

from notesapp.errors import NewerFormat, RemoteError
from notesapp.identity.keys import PeerId, PersonId
from notesapp.identity.primitives import Entropy, digest, domain, verify
from notesapp.identity.record import Bytes16, Bytes32, Bytes64, Form, TimeMs
from notesapp.sync.frames import Frame, Frames, frame
from notesapp.sync.hello import TAGS, Circle, Run

VERSION = 1
AUTH_DOMAIN = domain("auth")
DEADLINE_MS = 10_000  # a handshake takes two round trips: four seconds over the slowest link we use
SILENCE_MS = 3_000  # after a greeting, however long its checks took
FLIGHT_LIMIT = 512  # bytes of any message of a handshake
KIND_HELLO, KIND_WELCOME, KIND_AUTH, KIND_VERDICT = 0x70, 0x71, 0x72, 0x73  # outside the session's kinds
NONCE_BYTES = 32

Tag = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
Tags = Annotated[tuple[Tag, ...], msgspec.Meta(min_length=TAGS, max_length=TAGS)]
Version = Annotated[int, msgspec.Meta(ge=1, le=255)]


class Refusal(StrEnum):
    """Why a handshake failed, as logs and the connection doctor name it."""

    STRANGER = "no tag was for us"
    NOBODY = "whoever answered is none of those we looked for"
    MALFORMED = "what was said is no handshake"
    NEWER = "the other side speaks a newer version"
    OTHER_DEVICE = "the tag belongs to another device than the one that signed"
    BAD_SIGNATURE = "the signature is not over this link"
    INACTIVE = "the device is not active any more"
    NOTHING_COMMON = "no notebook is shared with this device"
    DEAD_INVITE = "the invite is not open any more"
    SELF = "it is this very run"
    TWIN = "another run uses this device's key"
    TOO_SLOW = "it took too long"
    CUT_OFF = "the link ended"


class Hello(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The dialer's greeting."""

    version: Version
    nonce: Bytes32
    tags: Tags


class Welcome(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The listener's answer to a greeting that was for it."""

    version: Version
    nonce: Bytes32
    tags: Tags


class Auth(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """Who I am, signed for this link."""

    device_id: Bytes32
    person_id: Bytes32
    log_digest: Bytes32
    run_id: Bytes16
    began_ms: TimeMs
    signature: Bytes64

    @property
    def run(self) -> Run:
        """The run that signed."""
        return Run(self.run_id, self.began_ms)


class Verdict(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The listener's last word: empty for yes, else a refusal."""

    refusal: Annotated[str, msgspec.Meta(max_length=80)]


HELLO: Form[Hello] = Form(Hello, FLIGHT_LIMIT, "a greeting")
WELCOME: Form[Welcome] = Form(Welcome, FLIGHT_LIMIT, "a welcome")
AUTH: Form[Auth] = Form(Auth, FLIGHT_LIMIT, "a proof of identity")
VERDICT: Form[Verdict] = Form(Verdict, FLIGHT_LIMIT, "a verdict")


@dataclass(frozen=True, slots=True)
class Greeting:
    """Waiting for the first words of the other side."""


@dataclass(frozen=True, slots=True)
class Silent:
    """A stranger is there: nothing is said until the link ends at `until_ms`."""

    until_ms: int
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Proving:
    """A tag was right; waiting for the signature (or, as dialer, for the listener's verdict)."""


@dataclass(frozen=True, slots=True)
class Proved:
    """The peer is known. `invite_id` is set, and `device_id` not on any roster yet, for a joiner or his host."""

    device_id: PeerId
    person_id: PersonId
    log_digest: bytes
    run: Run
    dialled: bool  # by us
    invite_id: bytes | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The link is to be closed now. `device_id` is set if the other side proved who it is before it was refused."""

    refusal: Refusal
    device_id: PeerId | None = None
    twin: Run | None = None  # with TWIN: the other run of this device


State = Greeting | Silent | Proving | Proved | Failed


class Handshake:
    """What both roles share: bytes in and out, one state value, the clock. Use `Dialer` or `Listener`."""

    role = ""

    def __init__(self, circle: Circle, binding: bytes, now_ms: int, entropy: Entropy) -> None:
        """`binding` names the link (SHA-256 of its certificate); `circle` is whom we would talk to."""
        self.state: State = Greeting()
        self._circle = circle
        self._binding = binding
        self._began_ms = now_ms
        self._entropy = entropy
        self._frames = Frames(_limit_of)
        self._out = bytearray()

    def receive_data(self, data: bytes, now_ms: int) -> None:
        """Bytes of the link; whatever they are, they end in a state, never in an exception."""
        if self._ended or isinstance(self.state, Silent):
            if isinstance(self.state, Proved):
                self._frames.receive(data)
            return
        self._frames.receive(data)
        try:
            while not self._ended and not isinstance(self.state, Silent) and (it := self._frames.next()) is not None:
                self._take(it, now_ms)
        except NewerFormat:
            self._refuse(Refusal.NEWER, now_ms)
        except RemoteError:
            self._refuse(Refusal.MALFORMED, now_ms)

    def receive_end(self, now_ms: int) -> None:
        """The link ended."""
        self.receive_time(now_ms)
        if not self._ended:
            self.state = Failed(self.state.refusal if isinstance(self.state, Silent) else Refusal.CUT_OFF)

    def receive_time(self, now_ms: int) -> None:
        """The clock says `now_ms`: to be told at `deadline`."""
        if (end := self.deadline()) is not None and now_ms >= end:
            self.state = Failed(self.state.refusal if isinstance(self.state, Silent) else Refusal.TOO_SLOW)

    def data_to_send(self) -> bytes:
        """Bytes for the link."""
        data = bytes(self._out)
        self._out.clear()
        return data

    def events(self) -> list[Proved | Failed]:
        """The end, once it is reached; the same as `state`."""
        return [self.state] if isinstance(self.state, Proved | Failed) else []

    def deadline(self) -> int | None:
        """When `receive_time` must be called at the latest; None after the end."""
        match self.state:
            case Silent(until_ms):
                return until_ms
            case Proved() | Failed():
                return None
            case _:
                return self._began_ms + DEADLINE_MS

    def leftover(self) -> bytes:
        """What came behind the handshake: the session's first bytes."""
        return self._frames.rest()

    @property
    def _ended(self) -> bool:
        return isinstance(self.state, Proved | Failed)

    def _take(self, it: Frame, now_ms: int) -> None:
        raise NotImplementedError

    def _refuse(self, refusal: Refusal, now_ms: int) -> None:
        self.state = Failed(refusal)

    def _send(self, kind: int, payload: bytes) -> None:
        self._out += frame(kind, payload)

    def _signed(self, transcript: bytes, other: bytes) -> bytes:
        """Our own proof; `other` is the device to whom it is given, as far as it is known."""
        circle = self._circle
        person, log, run = circle.person_id, circle.person_log_digest, circle.run
        said = _said(self.role, transcript, circle.me.device_id, other, person, log, run)
        signature = circle.me.sign(said)
        return AUTH.encode(Auth(circle.me.device_id, person, log, run.run_id, run.began_ms, signature))

    def _judge(self, auth: Auth, role: str, transcript: bytes, other: bytes, invite: bytes | None) -> Refusal | None:
        """Step 5: the signature, the device, what is shared, not this very run."""
        said = _said(role, transcript, auth.device_id, other, auth.person_id, auth.log_digest, auth.run)
        if not verify(said, auth.signature, auth.device_id):
            return Refusal.BAD_SIGNATURE
        if auth.device_id == self._circle.me.device_id:
            return Refusal.SELF if auth.run_id == self._circle.run.run_id else Refusal.TWIN
        if invite is not None:
            return None if invite in self._circle.doors else Refusal.DEAD_INVITE
        known = self._circle.people.get(PeerId(auth.device_id))
        if known is None or not known.active:
            return Refusal.INACTIVE
        if known.person_id != auth.person_id:
            return Refusal.OTHER_DEVICE
        return None if known.notebooks else Refusal.NOTHING_COMMON

    def _settle(self, auth: Auth, refusal: Refusal | None, invite: bytes | None) -> None:
        device = PeerId(auth.device_id)
        if refusal is None:
            person = PersonId(auth.person_id)
            self.state = Proved(device, person, auth.log_digest, auth.run, self.role == "dialer", invite)
        elif refusal in (Refusal.BAD_SIGNATURE, Refusal.OTHER_DEVICE):
            self.state = Failed(refusal)
        else:
            self.state = Failed(refusal, device, auth.run if refusal is Refusal.TWIN else None)


def _said(role: str, transcript: bytes, mine: bytes, other: bytes, person: bytes, log: bytes, run: Run) -> bytes:
    began = run.began_ms.to_bytes(8, "big")
    return AUTH_DOMAIN + role.encode() + b"\0" + transcript + mine + other + person + log + run.run_id + began


def transcript(binding: bytes, hello: bytes, welcome: bytes) -> bytes:
    """The hash of the link and all that was said before the signatures, byte by byte as it was said."""
    return digest(AUTH_DOMAIN + len(binding).to_bytes(2, "big") + binding + hello + welcome)


def stays(me: bytes, peer: bytes, *, old_dialled: bool, new_dialled: bool) -> bool:
    """Whether the new of two proven links with one peer is kept: the one dialled by the smaller key, else the newer."""
    if old_dialled == new_dialled:
        return True
    return new_dialled == (me < peer)


def _limit_of(kind: int) -> int:
    if kind not in (KIND_HELLO, KIND_WELCOME, KIND_AUTH, KIND_VERDICT):
        raise RemoteError(reason=f"a handshake has no message of kind {kind}")
    return FLIGHT_LIMIT
