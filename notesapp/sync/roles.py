"""The two ends of a handshake: who dialled and who listens. Decides what each says; the rest is in `handshake`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from notesapp.identity.primitives import Entropy
from notesapp.sync.frames import Frame
from notesapp.sync.handshake import (
    AUTH,
    HELLO,
    KIND_AUTH,
    KIND_HELLO,
    KIND_VERDICT,
    KIND_WELCOME,
    NONCE_BYTES,
    SILENCE_MS,
    VERDICT,
    VERSION,
    WELCOME,
    Failed,
    Greeting,
    Handshake,
    Hello,
    Proved,
    Proving,
    Refusal,
    Silent,
    Verdict,
    Welcome,
    transcript,
)
from notesapp.sync.hello import Circle, Key, hello_tag, padded, welcome_tag


class Dialer(Handshake):
    """The end that dialled, looking for one of at most 8 devices or invites."""

    role = "dialer"

    def __init__(
        self, circle: Circle, looked_for: Sequence[Key], binding: bytes, now_ms: int, entropy: Entropy
    ) -> None:
        super().__init__(circle, binding, now_ms, entropy)
        self._looked_for = tuple(looked_for)
        nonce = entropy(NONCE_BYTES)
        tags = padded((hello_tag(key.secret, binding, nonce) for key in looked_for), entropy)
        self._hello = Hello(VERSION, nonce, tags)
        self._transcript = b""
        self._found: Key | None = None
        self._end: Proved | Failed | None = None  # what it will be if the listener agrees
        self._said = HELLO.encode(self._hello)
        self._send(KIND_HELLO, self._said)

    def _take(self, it: Frame, now_ms: int) -> None:
        match self.state:
            case Greeting() if it.kind == KIND_WELCOME:
                self._welcomed(WELCOME.decode(it.payload), it.payload)
            case Proving() if it.kind == KIND_AUTH and self._end is None:
                self._proven(it)
            case Proving() if it.kind == KIND_VERDICT and self._end is not None:
                self._agreed(VERDICT.decode(it.payload))
            case Greeting() | Proving():
                self._refuse(Refusal.MALFORMED, now_ms)
            case Silent() | Proved() | Failed():
                return
            case _:
                assert_never(self.state)

    def _welcomed(self, welcome: Welcome, heard: bytes) -> None:
        nonce, answer = self._hello.nonce, welcome.nonce
        for key in self._looked_for:
            if welcome_tag(key.secret, self._binding, nonce, answer) in welcome.tags:
                self._found = key
                break
        else:
            self.state = Failed(Refusal.NOBODY)
            return
        if welcome.version > VERSION:
            self.state = Failed(Refusal.NEWER)
            return
        self._transcript = transcript(self._binding, self._said, heard)
        self.state = Proving()

    def _proven(self, it: Frame) -> None:
        auth, found = AUTH.decode(it.payload), self._found
        invite = found.invite_id if found is not None else None
        refusal = self._judge(auth, "listener", self._transcript, b"", invite)
        if found is not None and found.device_id is not None and found.device_id != auth.device_id:
            refusal = Refusal.OTHER_DEVICE
        self._settle(auth, refusal, invite)
        if isinstance(self.state, Proved):
            self._end, self.state = self.state, Proving()
        if refusal is None or refusal is Refusal.TWIN:  # a twin has to learn of us, too
            self._send(KIND_AUTH, self._signed(self._transcript, auth.device_id))

    def _agreed(self, verdict: Verdict) -> None:
        if not verdict.refusal and self._end is not None:
            self.state = self._end
            return
        named = next((one for one in Refusal if one.value == verdict.refusal), Refusal.MALFORMED)
        self.state = Failed(named, self._end.device_id if self._end is not None else None)


class Listener(Handshake):
    """The end that was dialled."""

    role = "listener"

    def __init__(self, circle: Circle, binding: bytes, now_ms: int, entropy: Entropy) -> None:
        super().__init__(circle, binding, now_ms, entropy)
        self._transcript = b""
        self._found: Key | None = None

    def _take(self, it: Frame, now_ms: int) -> None:
        match self.state:
            case Greeting() if it.kind == KIND_HELLO:
                self._greeted(HELLO.decode(it.payload), it.payload, now_ms)
            case Proving() if it.kind == KIND_AUTH:
                self._proven(it)
            case Greeting() | Proving():
                self._refuse(Refusal.MALFORMED, now_ms)
            case Silent() | Proved() | Failed():
                return
            case _:
                assert_never(self.state)

    def _refuse(self, refusal: Refusal, now_ms: int) -> None:
        if isinstance(self.state, Greeting):
            self.state = Silent(now_ms + SILENCE_MS, refusal)
        else:
            self.state = Failed(refusal)

    def _greeted(self, hello: Hello, heard: bytes, now_ms: int) -> None:
        said, matching = frozenset(hello.tags), []
        for key in self._circle.secrets():  # all of them, so that no match takes less time than another
            if hello_tag(key.secret, self._binding, hello.nonce) in said:
                matching.append(key)
        if not matching:
            self._refuse(Refusal.STRANGER, now_ms)
            return
        matching = sorted(matching, key=lambda key: key.device_id is None)[: len(hello.tags)]
        answer = self._entropy(NONCE_BYTES)
        tags = (welcome_tag(key.secret, self._binding, hello.nonce, answer) for key in matching)
        told = WELCOME.encode(Welcome(VERSION, answer, padded(tags, self._entropy)))
        self._send(KIND_WELCOME, told)
        if hello.version > VERSION:  # said only to somebody whom we know: he will say what to do
            self.state = Failed(Refusal.NEWER)
            return
        self._found = matching[0]
        self._transcript = transcript(self._binding, heard, told)
        self._send(KIND_AUTH, self._signed(self._transcript, b""))
        self.state = Proving()

    def _proven(self, it: Frame) -> None:
        auth, found = AUTH.decode(it.payload), self._found
        invite = found.invite_id if found is not None else None
        refusal = self._judge(auth, "dialer", self._transcript, self._circle.me.device_id, invite)
        if found is not None and found.device_id is not None and found.device_id != auth.device_id:
            refusal = Refusal.OTHER_DEVICE
        self._settle(auth, refusal, invite)
        self._send(KIND_VERDICT, VERDICT.encode(Verdict(refusal.value if refusal else "")))
