"""Which devices speak for a person. Decides it from the set of log records alone, in any order; asks no clock.

A person log (`notesapp/person/1`) adds and revokes devices. Rules, for records whose whole past is known:

1. the root may do everything; a device's own records must follow the record that added it;
2. seniority is the (lamport, id) of the first valid record that added a device; the root is senior to all;
3. a device may add devices, and revoke those junior to it and itself; a revoked device never comes back;
4. senior wins: what a device signed counts only if every valid revocation of it, by a senior or itself, follows it;
5. at most 16 devices are active; one more, in order of seniority, doesn't count while they are;
6. a kind of a later version says nothing here, but is kept, and may be followed;
7. a device agrees to belong to the person by a signature of its own, so nobody can claim another's device.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from notesapp.errors import BadRequest, RemoteError
from notesapp.identity.graph import Graph, next_lamport
from notesapp.identity.keys import Device, PeerId, PersonId, Root
from notesapp.identity.primitives import digest, domain, verify
from notesapp.identity.record import (
    HEADS_LIMIT,
    RECORD_LIMIT,
    Bytes32,
    Bytes64,
    Form,
    Payload,
    Record,
    clamp_time,
    read,
    write,
)

DOMAIN = domain("person")
CONSENT_DOMAIN = domain("device")
HEADS_DOMAIN = domain("person-heads")
DEVICES_LIMIT = 16


class DeviceOffer(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """A device's consent to belong to a person: its two public keys and its signature over them and the person."""

    device_id: Bytes32
    box: Bytes32
    consent: Bytes64


class Revoked(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `revoke` record."""

    device_id: Bytes32


_ADD: Form[DeviceOffer] = Form(DeviceOffer, RECORD_LIMIT, "a device's consent")
_REVOKE: Form[Revoked] = Form(Revoked, RECORD_LIMIT, "a revocation")


@dataclass(frozen=True, slots=True)
class OwnDevice:
    """One device of a person, as the log has it; `revoked_by` are the ids of the valid revocations."""

    device_id: PeerId
    box: bytes
    added_by: bytes
    record: bytes
    revoked_by: tuple[bytes, ...] = ()

    @property
    def active(self) -> bool:
        return not self.revoked_by


@dataclass(frozen=True, slots=True)
class PersonLog:
    """A judged person log: devices by falling seniority, and why some records don't count.

    `records` are all whose past is known: those that don't count are kept too, for others may follow them.
    """

    person_id: PersonId
    devices: tuple[OwnDevice, ...]
    records: tuple[Record, ...]
    heads: tuple[bytes, ...]
    waiting: tuple[bytes, ...]
    refused: Mapping[bytes, str]

    @classmethod
    def judge(cls, person_id: PersonId, records: Iterable[Record]) -> PersonLog:
        """The state that this set of records makes; the same for every order and with doubles."""
        return _Judge(person_id, records).verdict()

    @property
    def active(self) -> tuple[OwnDevice, ...]:
        """The devices that may speak for the person now, senior ones first."""
        return tuple(device for device in self.devices if device.active)

    def device(self, device_id: bytes) -> OwnDevice | None:
        """The device of this key, revoked or not."""
        return next((device for device in self.devices if device.device_id == device_id), None)

    @property
    def digest(self) -> bytes:
        """One hash that says which records count: equal digests, equal logs."""
        return digest(HEADS_DOMAIN + self.person_id + b"".join(self.heads))

    def add(self, offer: DeviceOffer, by: Device | Root, *, now_ms: int) -> Record:
        """A record that adds the offered device; `BadRequest` if it wouldn't count."""
        return self._extend("add", _ADD.encode(offer), by, now_ms)

    def revoke(self, device_id: PeerId, by: Device | Root, *, now_ms: int) -> Record:
        """A record that revokes a device for ever; `BadRequest` if `by` is neither the root, senior, nor itself."""
        return self._extend("revoke", _REVOKE.encode(Revoked(device_id)), by, now_ms)

    def _extend(self, kind: str, body: bytes, by: Device | Root, now_ms: int) -> Record:
        author = by.person_id if isinstance(by, Root) else by.device_id
        heads = self.heads[:HEADS_LIMIT]
        named = [record for record in self.records if record.id in heads]
        payload = Payload(kind, self.person_id, author, heads, next_lamport(named), body, clamp_time(now_ms))
        record = write(DOMAIN, payload, by.sign)
        fault = PersonLog.judge(self.person_id, (*self.records, record)).refused.get(record.id)
        if fault:
            raise BadRequest(what=f"That device can't be changed this way: {fault}.")
        return record


def offer_device(device: Device, person_id: PersonId) -> DeviceOffer:
    """The device's consent to speak for this person, made on the device itself."""
    return DeviceOffer(device.device_id, device.box, device.sign(_consent(person_id, device.device_id, device.box)))


def read_record(data: bytes) -> Record:
    """A person log record, signature verified; `RemoteError` for anything else."""
    return read(DOMAIN, data)


def _consent(person_id: bytes, device_id: bytes, box: bytes) -> bytes:
    return CONSENT_DOMAIN + person_id + device_id + box


class _Judge:
    """One run over the records in order of (lamport, id), so that whoever is senior has been decided before."""

    def __init__(self, person_id: PersonId, records: Iterable[Record]) -> None:
        self._person_id = person_id
        known = {record.id: record for record in records}
        self._bodies, self._refused = _bodies(person_id, known.values())
        self._graph = Graph.of(known[record_id] for record_id in self._bodies)
        self._refused.update(self._graph.refused)
        self._rank: dict[bytes, int] = {}
        self._devices: list[OwnDevice] = []
        self._revocations: dict[bytes, list[Record]] = {}

    def verdict(self) -> PersonLog:
        for record in self._graph.order:
            body = self._bodies[record.id]
            if isinstance(body, Revoked):
                self._revocations.setdefault(body.device_id, []).append(record)
        for record in self._graph.order:
            body = self._bodies[record.id]
            if isinstance(body, DeviceOffer):
                self._judge_add(record, body)
        standing: list[Record] = []
        for record in self._graph.order:
            if fault := self._refused.get(record.id) or self._fault(record):
                self._refused[record.id] = fault
            else:
                standing.append(record)
        return PersonLog(
            self._person_id,
            tuple(self._devices),
            self._graph.order,
            self._graph.heads(standing),
            tuple(record.id for record in self._graph.waiting),
            self._refused,
        )

    def _judge_add(self, record: Record, offer: DeviceOffer) -> None:
        fault = self._author_fault(record)
        if not fault and offer.device_id in self._rank:
            fault = "that device was added before"
        if not fault and sum(device.active for device in self._devices) >= DEVICES_LIMIT:
            fault = f"a person has at most {DEVICES_LIMIT} devices"
        if fault:
            self._refused[record.id] = fault
            return
        self._rank[offer.device_id] = len(self._devices)
        added = OwnDevice(PeerId(offer.device_id), offer.box, record.author, record.id)
        self._devices.append(added)
        # Every senior has been ranked by now, so their revocations of this device are already decided.
        revocations = self._revocations.get(offer.device_id, [])
        seniors = [r for r in revocations if self._senior_revocation(r, offer.device_id)]
        self._devices[-1] = _revoked(added, seniors)
        own = [r for r in revocations if r.author == offer.device_id and not self._author_fault(r)]
        self._devices[-1] = _revoked(added, seniors + own)

    def _senior_revocation(self, record: Record, target: bytes) -> bool:
        if record.author == self._person_id:
            return True
        rank = self._rank.get(record.author)
        return rank is not None and rank < self._rank[target] and not self._author_fault(record)

    def _author_fault(self, record: Record) -> str:
        """Why the author had no voice when this was signed; empty if he had one (rules 1 and 4)."""
        if record.author == self._person_id:
            return ""
        rank = self._rank.get(record.author)
        if rank is None:
            return "its author is no device of this person"
        author = self._devices[rank]
        if not self._graph.follows(record.id, author.record):
            return "it doesn't follow the record that added its author"
        for revocation in author.revoked_by:
            if revocation != record.id and not self._graph.follows(revocation, record.id):
                return "its author was revoked"
        return ""

    def _fault(self, record: Record) -> str:
        """Why a record that adds nothing doesn't count; adds were judged before."""
        body = self._bodies[record.id]
        if not isinstance(body, Revoked):
            return "" if isinstance(body, DeviceOffer) else self._author_fault(record)
        rank = self._rank.get(body.device_id)
        if rank is None:
            return "the device that it revokes is not in the log"
        if record.id in self._devices[rank].revoked_by:
            return ""
        return self._author_fault(record) or "its author is junior to the device that it revokes"


def _revoked(device: OwnDevice, by: list[Record]) -> OwnDevice:
    ids = tuple(sorted(record.id for record in by))
    return OwnDevice(device.device_id, device.box, device.added_by, device.record, ids)


Body = DeviceOffer | Revoked | None


def _bodies(person_id: PersonId, records: Iterable[Record]) -> tuple[dict[bytes, Body], dict[bytes, str]]:
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
            offer = _ADD.decode(record.body)
            if offer.device_id == person_id:
                raise RemoteError(reason="a root key can't be a device")
            if not verify(_consent(person_id, offer.device_id, offer.box), offer.consent, offer.device_id):
                raise RemoteError(reason="the device didn't agree to belong to this person")
            return offer
        case "revoke":
            return _REVOKE.decode(record.body)
        case _:
            return None
