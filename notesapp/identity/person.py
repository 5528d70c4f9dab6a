"""Which devices speak for a person. Decides it from the set of log records alone, in any order; asks no clock.

A person log (`notesapp/person/1`) adds and revokes devices. Rules, for records whose whole past is known:

1. the root may do everything; a device's own records must follow the record that added it;
2. seniority is the (lamport, id) of the first valid record that added a device; the root is senior to all;
3. a device may add devices, and revoke those junior to it and itself; a revoked device never comes back;
4. senior wins: what a device signed counts only if every valid revocation of it, by a senior or itself, follows it;
5. at most 16 devices are active; one more, in order of seniority, doesn't count while they are;
6. a kind of a later version says nothing here, but is kept, and may be followed;
7. a device agrees to belong to the person by a signature of its own, so nobody can claim another's device;
8. any device may *suspend* any other: whatever the suspended one signed that its suspension doesn't follow stops
   counting, until the suspender, a device senior to him (not the suspended one) or the root lifts it. The root or a
   senior confirms it by revoking. Suspensions are weighed in order of their authors' seniority, so the senior wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from notesapp.errors import BadRequest
from notesapp.identity.graph import next_lamport
from notesapp.identity.keys import Device, PeerId, PersonId, Root
from notesapp.identity.person_bodies import (
    ADD,
    LIFT,
    REVOKE,
    SUSPEND,
    DeviceOffer,
    Lifted,
    OwnDevice,
    Revoked,
    Suspended,
    offer_device,
)
from notesapp.identity.person_judge import DEVICES_LIMIT, judge
from notesapp.identity.primitives import digest, domain
from notesapp.identity.record import HEADS_LIMIT, Payload, Record, clamp_time, read, write

__all__ = ["DEVICES_LIMIT", "DOMAIN", "DeviceOffer", "OwnDevice", "PersonLog", "offer_device", "read_record"]

DOMAIN = domain("person")
HEADS_DOMAIN = domain("person-heads")


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
        it = judge(person_id, records)
        waiting = tuple(record.id for record in it.graph.waiting)
        heads = it.graph.heads(it.standing)
        return cls(person_id, it.devices, it.graph.order, heads, waiting, it.refused)

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
        return self._extend("add", ADD.encode(offer), by, now_ms)

    def revoke(self, device_id: PeerId, by: Device | Root, *, now_ms: int) -> Record:
        """A record that revokes a device for ever; `BadRequest` if `by` is neither the root, senior, nor itself."""
        return self._extend("revoke", REVOKE.encode(Revoked(device_id)), by, now_ms)

    def suspend(self, device_id: PeerId, by: Device, *, now_ms: int) -> Record:
        """A record that suspends a device, senior or not; `BadRequest` if `by` isn't another active one."""
        return self._extend("suspend", SUSPEND.encode(Suspended(device_id)), by, now_ms)

    def lift(self, suspension: bytes, by: Device | Root, *, now_ms: int) -> Record:
        """A record that ends the suspension of this id; `BadRequest` if it isn't for `by` to end it."""
        return self._extend("lift", LIFT.encode(Lifted(suspension)), by, now_ms)

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


def read_record(data: bytes) -> Record:
    """A person log record, signature verified; `RemoteError` for anything else."""
    return read(DOMAIN, data)
