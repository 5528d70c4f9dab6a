"""The secret signs by which two devices know each other before either says who it is. Decides tags and pair keys.

A tag is a keyed BLAKE2b-128 over role, link binding and nonces. Its key is shared by a pair of devices (X25519 of both)
or grew from an invite's seed. Nobody else can make one, tell two apart, or use one on another link or in the other
direction. Lists of tags are padded with random ones to 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from nacl import bindings
from nacl.exceptions import CryptoError

from notesapp.errors import LocalError, RemoteError
from notesapp.identity.keys import Device, PeerId, PersonId
from notesapp.identity.primitives import Entropy, derive, digest, domain

TAG_BYTES = 16
TAGS = 8  # in every list
_HELLO, _WELCOME, _PAIR = domain("hello"), domain("welcome"), domain("pair")


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """A device that we know from a roster or from our own person log, and what it shares with us."""

    device_id: PeerId
    box: bytes
    person_id: PersonId
    notebooks: frozenset[bytes]
    active: bool = True


@dataclass(frozen=True, slots=True)
class Door:
    """A live invite (or linking code): the key of 32 bytes that its seed gives for greeting, and the invite's id."""

    invite_id: bytes
    hello_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of this program: a random id and when it began by its own clock (ms): the later of two twins yields."""

    run_id: bytes
    began_ms: int

    def is_younger_than(self, other: Run) -> bool:
        """Whether this run must become a new device when both use one device's key."""
        return (self.began_ms, self.run_id) > (other.began_ms, other.run_id)


@dataclass(frozen=True, slots=True)
class Key:
    """A secret shared with whoever may be at the other end: of a device, or of an invite."""

    secret: bytes = field(repr=False)
    device_id: PeerId | None = None
    invite_id: bytes | None = None


class Circle:
    """Whom this device would talk to. Immutable in use: make another when rosters change (`like` keeps the keys)."""

    def __init__(
        self,
        me: Device,
        run: Run,
        person_id: PersonId,
        person_log_digest: bytes,
        people: Iterable[Acquaintance],
        doors: Iterable[Door] = (),
        like: Circle | None = None,
    ) -> None:
        self.me = me
        self.run = run
        self.person_id = person_id
        self.person_log_digest = person_log_digest
        self.people: Mapping[PeerId, Acquaintance] = {one.device_id: one for one in people}
        self.doors: Mapping[bytes, Door] = {door.invite_id: door for door in doors}
        self._pairs: dict[bytes, bytes] = like._pairs if like is not None and like.me == me else {}

    def secrets(self) -> list[Key]:
        """All secrets under which somebody may greet us, our own twin's among them."""
        found = [self.of_device(self.me.device_id, self.me.box)]
        for one in self.people.values():
            if one.active and one.device_id != self.me.device_id:
                try:
                    found.append(self.of_device(one.device_id, one.box))
                except RemoteError:
                    continue  # a device that named an unusable key can't be met; all others can
        return found + [self.of_door(door) for door in self.doors.values()]

    def of_device(self, device_id: PeerId, box: bytes) -> Key:
        """The pair's secret with one device; `RemoteError` if its box key is no usable one."""
        known = self._pairs.get(box)
        if known is None:
            known = self._pairs[box] = pair_key(self.me, box)
        return Key(known, device_id=device_id)

    def of_door(self, door: Door) -> Key:
        """An invite's secret."""
        return Key(derive(door.hello_key, "hello-invite"), invite_id=door.invite_id)


def pair_key(me: Device, box: bytes) -> bytes:
    """The secret that two devices share by their box keys alone, the same from both ends."""
    secret = derive(me.seed, "device-box")
    try:
        shared: bytes = bindings.crypto_scalarmult(secret, box)
    except (CryptoError, TypeError, ValueError):
        raise RemoteError(reason="a device's box key is no usable key") from None
    return digest(_PAIR + shared + min(me.box, box) + max(me.box, box))


def hello_tag(secret: bytes, binding: bytes, nonce: bytes) -> bytes:
    """What a dialer says to whom it looks for."""
    return blake2b(_HELLO + binding + nonce, key=secret, digest_size=TAG_BYTES).digest()


def welcome_tag(secret: bytes, binding: bytes, nonce: bytes, answer: bytes) -> bytes:
    """What the listener says back: only for this greeting on this link."""
    return blake2b(_WELCOME + binding + nonce + answer, key=secret, digest_size=TAG_BYTES).digest()


def padded(tags: Iterable[bytes], entropy: Entropy) -> tuple[bytes, ...]:
    """At most 8 tags, random ones behind them."""
    real = tuple(tags)
    if len(real) > TAGS:
        raise LocalError(what=f"{len(real)} peers were greeted at once, at most {TAGS} can be")
    return real + tuple(entropy(TAG_BYTES) for _ in range(TAGS - len(real)))
