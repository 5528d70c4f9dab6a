"""Meeting places in the DHT and the records that lie there. Decides names, keys and seals; looks nothing up.

Everything changes each day, at a moment that differs per meeting, so that yesterday's names can't be tied to today's.
Around that moment both days are used, so that clocks may differ by three hours. A record is a BEP 44 item: of a device
under its own blinded key (only it writes, only insiders find it), of an invite or a code under keys that all who hold
the secret share (they may overwrite each other; several slots make that rare, and sealed probes decide in the end).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from typing import Final

from notesapp.errors import LocalError, RemoteError
from notesapp.identity.blinding import BlindedKey, blinded_pair, blinded_public
from notesapp.identity.primitives import (
    KEY_BYTES,
    NONCE_BYTES,
    TAG_BYTES,
    Entropy,
    derive,
    domain,
    seal,
    signing_pair,
    unseal,
)
from notesapp.net.bond import Side
from notesapp.net.candidate import PeerRecord

DAY_S: Final = 86_400
BOTH_DAYS_S: Final = 3 * 3_600  # around midnight; the most by which two clocks may differ
TOPIC_BYTES: Final = 20
RECORD_BYTES: Final = 640  # all alike; a BEP 44 value may have 1,000 with its bencoding
SLOTS: Final = 4  # records of an invite's hosts, and as many of its joiners
_PLAIN_BYTES: Final = RECORD_BYTES - NONCE_BYTES - TAG_BYTES


class Meet(StrEnum):
    """What brings people together."""

    NOTEBOOK = "notebook"  # the epoch's topic key
    PAIR = "pair"  # what two devices share: found even if one slept through a change of keys
    INVITE = "invite"
    CODE = "code"  # the first word of three: no secret


@dataclass(frozen=True)
class Topic:
    """One meeting place: what brings people there and the 32 bytes that they share."""

    kind: Meet
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise LocalError(what=f"a topic's secret has {len(self.secret)} bytes instead of 32")

    @cached_property
    def key(self) -> bytes:
        """What everything else of this topic grows from."""
        return derive(self.secret, f"dht-{self.kind}")

    def days(self, unix_s: float) -> tuple[int, ...]:
        """The days to use at this time: today's, and near midnight the one before or after."""
        shifted = unix_s + self._midnight
        today, since = divmod(int(max(0.0, shifted)), DAY_S)
        if since < BOTH_DAYS_S and today > 0:
            return (today, today - 1)
        return (today, today + 1) if since >= DAY_S - BOTH_DAYS_S else (today,)

    def info_hash(self, day: int) -> bytes:
        """The 20 bytes to announce and to look up on that day."""
        data = domain("dht-topic") + day.to_bytes(4, "big")
        return blake2b(data, key=self.key, digest_size=TOPIC_BYTES).digest()

    def place_of(self, device: bytes, day: int) -> Place:
        """Where a device's record lies on that day; `RemoteError` if the device id is no usable key."""
        return Place(blinded_public(device, self.key, occasion(day)), b"", day)

    def slot(self, side: Side, number: int, day: int) -> Place:
        """Where a record of an invite or code lies, for those who have no device key of each other."""
        public, _ = signing_pair(self._shared_seed(side))
        return Place(blinded_public(public, self.key, occasion(day)), bytes([number % SLOTS]), day)

    def slot_key(self, side: Side, day: int) -> BlindedKey:
        """What writes all slots of one side on that day."""
        seed = self._shared_seed(side)
        return blinded_pair(seed, signing_pair(seed)[0], self.key, occasion(day))

    def sealed(self, record: PeerRecord, place: Place, entropy: Entropy) -> bytes:
        """The 640 bytes to put there."""
        nonce = entropy(NONCE_BYTES)
        plain = record.packed()
        padded = (len(plain).to_bytes(2, "big") + plain).ljust(_PLAIN_BYTES, b"\0")
        return nonce + seal(padded, self._record_key(place), nonce, _beside(place))

    def opened(self, value: bytes, place: Place) -> PeerRecord:
        """The inverse; `RemoteError` for anything that an insider didn't write for this place and day."""
        if len(value) != RECORD_BYTES:
            raise RemoteError(reason=f"a record of addresses has {len(value)} bytes instead of {RECORD_BYTES}")
        padded = unseal(value[NONCE_BYTES:], self._record_key(place), value[:NONCE_BYTES], _beside(place))
        length = int.from_bytes(padded[:2], "big")
        if length > len(padded) - 2 or any(padded[2 + length :]):
            raise RemoteError(reason="a record of addresses is padded with something else than zeros")
        return PeerRecord.unpacked(padded[2 : 2 + length])

    @cached_property
    def _midnight(self) -> int:
        return int.from_bytes(derive(self.key, "dht-midnight")[:4], "big") % DAY_S

    def _shared_seed(self, side: Side) -> bytes:
        return derive(self.key, f"dht-slot-{int(side)}")

    def _record_key(self, place: Place) -> bytes:
        return blake2b(_beside(place), key=derive(self.key, "dht-record-key"), digest_size=KEY_BYTES).digest()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies: BEP 44 public key and salt, and the day for which it is."""

    public: bytes
    salt: bytes
    day: int


def occasion(day: int) -> bytes:
    """What a device's key is blinded for: `Device.blinded(topic.key, occasion(day))` writes `topic.place_of`."""
    return domain("dht-day") + day.to_bytes(4, "big")


def _beside(place: Place) -> bytes:
    return domain("dht-record") + place.public + place.day.to_bytes(4, "big") + place.salt
