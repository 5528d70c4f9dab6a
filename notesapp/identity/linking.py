"""Making a second device one's own. Decides what passes between a trusted device and a new one, and when it counts.

Both have talked by a code of three words made on the trusted device for linking (`Purpose.LINK`), and the person has
compared matching words. Then: trusted → `Welcome` (who I am), new → its consent, trusted → the person log with the
new device in it. An invite never gets this far, and a device that isn't active can't begin.

trusted:  TrustedSide --consent--> Consented --the person agrees--> record, log
new:      NewSide --welcome--> Greeted --log--> PersonLog
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec

from notesapp.errors import LocalError, RemoteError
from notesapp.identity.invite import Name
from notesapp.identity.keys import Device, PeerId, PersonId
from notesapp.identity.person import PersonLog, read_record
from notesapp.identity.person_bodies import ADD, DeviceOffer, consented, offer_device
from notesapp.identity.primitives import Entropy
from notesapp.identity.record import RECORD_LIMIT, Bytes32, Form, Record
from notesapp.identity.three_words import CodeKey

_LOG_LIMIT = 56 * 1024  # bytes: what fits under a code's seal
Records = Annotated[tuple[Annotated[bytes, msgspec.Meta(max_length=RECORD_LIMIT)], ...], msgspec.Meta(max_length=256)]


class Welcome(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """What the trusted device says first: whose it is, and how that person is called."""

    person: Bytes32
    name: Name


class Linked(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """What the trusted device says last: the person log with the new device, the home notebook's genesis, and the box
    to which the new device's store key is sealed, so that the person's recovery kit opens that store, too."""

    log: Records
    home: Annotated[bytes, msgspec.Meta(max_length=256)]
    recovery_box: Annotated[bytes, msgspec.Meta(max_length=32)] = b""  # nothing: by a program that didn't tell it yet


_WELCOME: Form[Welcome] = Form(Welcome, 1024, "a welcome")
_LINKED: Form[Linked] = Form(Linked, _LOG_LIMIT, "a person log for a new device")


class TrustedSide:
    """The device that is already the person's."""

    def __init__(self, log: PersonLog, device: Device, key: CodeKey) -> None:
        own = log.device(device.device_id)
        if own is None or not own.active:
            raise LocalError(what="a device that is not trusted was to link another")
        self._log, self._device, self._key = log, device, key

    def welcome(self, name: str, entropy: Entropy) -> bytes:
        """The first message."""
        return self._key.seal(_WELCOME.encode(Welcome(self._log.person_id, name)), entropy)

    def receive(self, sealed: bytes) -> Consented:
        """The new device's consent; `RemoteError` if it isn't one for this person."""
        offer = ADD.decode(self._key.open(sealed))
        if not consented(offer, self._log.person_id):
            raise RemoteError(reason="the new device didn't agree to belong to this person")
        return Consented(self._log, self._device, self._key, offer)


@dataclass(frozen=True, slots=True)
class Consented:
    """The new device wants to; now the person must have compared the words and agree."""

    _log: PersonLog
    _device: Device
    _key: CodeKey
    offer: DeviceOffer

    def agree(self, home: bytes, recovery_box: bytes, *, now_ms: int, entropy: Entropy) -> tuple[Record, bytes]:
        """(the record that adds it, the last message); `BadRequest` if it can't be added, 16 devices for instance.

        A device that was added already and never heard of it, because it was killed just then, is told again.
        """
        record = self._added() or self._log.add(self.offer, self._device, now_ms=now_ms)
        others = (known for known in self._log.records if known.id != record.id)
        records = tuple(known.data for known in (*others, record))
        return record, self._key.seal(_LINKED.encode(Linked(records, home, recovery_box)), entropy)

    def _added(self) -> Record | None:
        own = self._log.device(PeerId(self.offer.device_id))
        if own is None or not own.active or own.box != self.offer.box:
            return None
        return next(record for record in self._log.records if record.id == own.record)


class NewSide:
    """The device that wants to become the person's."""

    def __init__(self, device: Device, key: CodeKey) -> None:
        self._device, self._key = device, key

    def receive(self, sealed: bytes) -> Greeted:
        """The welcome."""
        welcome = _WELCOME.decode(self._key.open(sealed))
        return Greeted(self._device, self._key, PersonId(welcome.person), welcome.name)


@dataclass(frozen=True, slots=True)
class Greeted:
    """We know whose device we would be; nothing is signed yet."""

    _device: Device
    _key: CodeKey
    person: PersonId
    name: str

    def consent(self, entropy: Entropy) -> bytes:
        """Our consent, once the person has compared the words here, too."""
        return self._key.seal(ADD.encode(offer_device(self._device, self.person)), entropy)

    def receive(self, sealed: bytes) -> tuple[PersonLog, Linked]:
        """The log of which we are now a part, and what came with it; `RemoteError` if we aren't."""
        linked = _LINKED.decode(self._key.open(sealed))
        log = PersonLog.judge(self.person, [read_record(data) for data in linked.log])
        own = log.device(self._device.device_id)
        if own is None or not own.active or own.box != self._device.box:
            raise RemoteError(reason="the log for a new device doesn't add it")
        return log, linked
