"""What the records of a person log say. Decides their bodies and a device's consent; judges nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from notesapp.errors import RemoteError
from notesapp.identity.keys import Device, PeerId, PersonId
from notesapp.identity.primitives import domain, verify
from notesapp.identity.record import RECORD_LIMIT, Bytes32, Bytes64, Form, Record

CONSENT_DOMAIN = domain("device")


class DeviceOffer(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """A device's consent to belong to a person: its two public keys and its signature over them and the person."""

    device_id: Bytes32
    box: Bytes32
    consent: Bytes64


class Revoked(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `revoke` record."""

    device_id: Bytes32


class Suspended(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `suspend` record."""

    device_id: Bytes32


class Lifted(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `lift` record: the id of the `suspend` record that it ends."""

    suspension: Bytes32


ADD: Form[DeviceOffer] = Form(DeviceOffer, RECORD_LIMIT, "a device's consent")
REVOKE: Form[Revoked] = Form(Revoked, RECORD_LIMIT, "a revocation")
SUSPEND: Form[Suspended] = Form(Suspended, RECORD_LIMIT, "a suspension")
LIFT: Form[Lifted] = Form(Lifted, RECORD_LIMIT, "the end of a suspension")

Body = DeviceOffer | Revoked | Suspended | Lifted | None


@dataclass(frozen=True, slots=True)
class OwnDevice:
    """One device of a person, as the log has it, with the ids of the valid revocations and standing suspensions."""

    device_id: PeerId
    box: bytes
    added_by: bytes
    record: bytes
    revoked_by: tuple[bytes, ...] = ()
    suspended_by: tuple[bytes, ...] = ()

    @property
    def active(self) -> bool:
        """Whether it may speak for the person now."""
        return not self.revoked_by and not self.suspended_by


def offer_device(device: Device, person_id: PersonId) -> DeviceOffer:
    """The device's consent to speak for this person, made on the device itself."""
    return DeviceOffer(device.device_id, device.box, device.sign(_consent(person_id, device.device_id, device.box)))


def consented(offer: DeviceOffer, person_id: bytes) -> bool:
    """Whether the offered device itself agreed to belong to this person."""
    return verify(_consent(person_id, offer.device_id, offer.box), offer.consent, offer.device_id)


def bodies_of(person_id: PersonId, records: Iterable[Record]) -> tuple[dict[bytes, Body], dict[bytes, str]]:
    """What the records of this person say, by id, and the reasons against those that say nothing valid."""
    bodies: dict[bytes, Body] = {}
    refused: dict[bytes, str] = {}
    for record in records:
        try:
            bodies[record.id] = _body_of(person_id, record)
        except RemoteError as error:
            refused[record.id] = str(error.facts["reason"])
    return bodies, refused


def _body_of(person_id: PersonId, record: Record) -> Body:
    if record.scope != person_id:
        raise RemoteError(reason="it belongs to another person's log")
    match record.kind:
        case "add":
            offer = ADD.decode(record.body)
            if offer.device_id == person_id:
                raise RemoteError(reason="a root key can't be a device")
            if not consented(offer, person_id):
                raise RemoteError(reason="the device didn't agree to belong to this person")
            return offer
        case "revoke":
            return REVOKE.decode(record.body)
        case "suspend":
            suspended = SUSPEND.decode(record.body)
            if suspended.device_id == record.author:
                raise RemoteError(reason="a device suspends itself")
            return suspended
        case "lift":
            return LIFT.decode(record.body)
        case _:
            return None


def _consent(person_id: bytes, device_id: bytes, box: bytes) -> bytes:
    return CONSENT_DOMAIN + person_id + device_id + box
