"""Writes roster records for one device. Decides their bodies and order; a record that wouldn't count is never made.

Each method makes one deed, which may be several records (cuts before the removal that names them, key boxes after a
rotation), appends them to `records` and goes on under the roster that they make. The caller commits and sends them.
"""

from __future__ import annotations

from collections.abc import Mapping

from notesapp.errors import BadRequest, LocalError
from notesapp.identity.epoch import EpochKeys
from notesapp.identity.keys import Device, PersonId
from notesapp.identity.person import OwnDevice, PersonLog
from notesapp.identity.primitives import Entropy
from notesapp.identity.record import HEADS_LIMIT, Record
from notesapp.identity.roles import RESERVED, RULERS, Role
from notesapp.identity.roster import Epoch, Roster
from notesapp.identity.roster_bodies import (
    CHANGE,
    CUT,
    CUT_MARKS,
    CUT_RECORDS,
    DEVICE,
    GRANT,
    HAND_OVER,
    INLINE_MARKS,
    INVITE,
    LEAVE,
    REVOKE,
    WITHDRAW,
    Cut,
    Devices,
    Grant,
    HandOver,
    Invitation,
    Leaving,
    Mark,
    Marks,
    NewRole,
    Removal,
    Withdrawal,
    hand_over_message,
)

Have = Mapping[bytes, tuple[int, bytes]]  # feed -> (index, hash): what this device has of somebody's feeds


class Scribe:
    """The hand of one device in one notebook."""

    def __init__(self, roster: Roster, device: Device, *, now_ms: int) -> None:
        """Writes under `roster`; `now_ms` goes into the records as an advisory time."""
        self._roster = roster
        self._device = device
        self._now_ms = now_ms
        self._records: list[Record] = []
        self._logs: dict[PersonId, PersonLog] = {}

    @property
    def roster(self) -> Roster:
        """The roster with all that was written."""
        return self._roster

    @property
    def records(self) -> tuple[Record, ...]:
        """All that was written, oldest first."""
        return tuple(self._records)

    def hear(self, log: PersonLog) -> None:
        """From now on this person's devices are known, in this log's version."""
        self._logs[log.person_id] = log
        self._roster = self._roster.joined((), [log])

    def grant(self, person: PersonId, role: Role, invite: bytes | None = None) -> Record:
        """Makes a person a member; `invite` is the public key of the invite that brought him."""
        if role in RESERVED:
            raise BadRequest(what=f"The role {role} is kept for a later version; choose writer or reader.")
        return self._write("grant", GRANT.encode(Grant(person, role, invite)))

    def change(self, person: PersonId, role: Role, have: Have) -> Record:
        """Gives a member another role; `have` is what this device has of that person's feeds."""
        return self._write("change", CHANGE.encode(NewRole(person, role, self._cut(have))))

    def remove(self, person: PersonId, have: Have) -> Record:
        """Removes a member. What he already has stays with him; rotate afterwards."""
        return self._write("revoke", REVOKE.encode(Removal(person, self._cut(have))))

    def leave(self, have: Have) -> Record:
        """This device's person is no member any more; `have` are his own feeds."""
        return self._write("leave", LEAVE.encode(Leaving(self._cut(have))))

    def hand_over(self, heir: PersonId, device_id: bytes, consent: bytes, keeps: Role, have: Have) -> Record:
        """Makes `heir` the owner, whose device signed `consent` (see `consent_to_own`); `have` are own feeds."""
        body = HandOver(heir, keeps, self._roster.term, device_id, consent, self._cut(have))
        return self._write("hand-over", HAND_OVER.encode(body))

    def devices(self, log: PersonLog, have: Have) -> Record:
        """Says which devices this person's newest log has and revokes; `have` are the feeds of those newly revoked.

        Write it under the roster as it was *before* `log` was heard: what a revoked device said until then stays.
        """
        cut = self._cut(have)
        self._logs[log.person_id] = log
        return self._write("device", DEVICE.encode(Devices(log.heads[:HEADS_LIMIT], cut)))

    def invite(self, public: bytes, role: Role, *, uses: int, ends_ms: int, approval: bool) -> Record:
        """Puts an invite on the roster, by its public key; `ends_ms` 0 means that it doesn't end."""
        if role in RESERVED:
            raise BadRequest(what=f"The role {role} is kept for a later version; choose writer or reader.")
        return self._write("invite", INVITE.encode(Invitation(public, role, uses, ends_ms, approval)))

    def withdraw(self, public: bytes) -> Record:
        """Nobody may come by this invite any more."""
        return self._write("withdraw", WITHDRAW.encode(Withdrawal(public)))

    def say(self, kind: str, body: bytes) -> Record:
        """A record of a kind that the roster keeps and passes on without judging it."""
        return self._write(kind, body)

    def rotate(self, keys: EpochKeys, held: Mapping[bytes, EpochKeys], *, entropy: Entropy) -> tuple[Record, ...]:
        """Begins a new epoch and brings its keys to every active device of every member who may read."""
        rotation = self._roster.rotate(self._device, keys, held, now_ms=self._now_ms, entropy=entropy)
        self._take(rotation)
        return (rotation, *self.give_keys({rotation.id: keys}, entropy=entropy))

    def give_keys(self, held: Mapping[bytes, EpochKeys], *, entropy: Entropy) -> tuple[Record, ...]:
        """Brings the keys of the unreplaced epochs among `held` to devices that lack them, as far as this one may."""
        boxes: list[Record] = []
        ruler = self._roster.right(self._device.device_id) in RULERS
        own = self._roster.person_of(self._device.device_id)
        for epoch in (epoch for epoch in self._roster.tips if epoch.epoch_id in held):
            for device in self._roster.unboxed(epoch.epoch_id):
                if ruler or self._roster.person_of(device.device_id) == own:
                    boxes.append(self._box(epoch, held[epoch.epoch_id], device, boxes[-1] if boxes else None, entropy))
        self._take(*boxes)
        return tuple(boxes)

    def _box(self, epoch: Epoch, keys: EpochKeys, to: OwnDevice, after: Record | None, entropy: Entropy) -> Record:
        """One of a chain of key boxes: side by side they would be as many heads for the next record to name."""
        return self._roster.key_box(
            self._device, epoch.epoch_id, keys, to, now_ms=self._now_ms, entropy=entropy, after=after
        )

    def _cut(self, have: Have) -> Cut:
        """A cut with these marks, those that don't fit into the record written out before it."""
        marks: list[Mark] = [(feed, index, hash_) for feed, (index, hash_) in sorted(have.items())]
        if len(marks) > INLINE_MARKS + CUT_MARKS * CUT_RECORDS:
            raise LocalError(what=f"a cut over {len(marks)} feeds")
        rest = range(INLINE_MARKS, len(marks), CUT_MARKS)
        parts = [self._write("cut", CUT.encode(Marks(tuple(marks[at : at + CUT_MARKS])))) for at in rest]
        return Cut(tuple(marks[:INLINE_MARKS]), tuple(sorted(part.id for part in parts)))

    def _write(self, kind: str, body: bytes) -> Record:
        record = self._roster.write(kind, body, self._device, now_ms=self._now_ms)
        self._take(record)
        return record

    def _take(self, *records: Record) -> None:
        after = self._roster.joined(records, self._logs.values())
        for record in records:
            if fault := after.refused.get(record.id) or after.void.get(record.id):
                raise BadRequest(what=f"That can't be done here: {fault}.")
        self._roster = after
        self._records += records


def consent_to_own(roster: Roster, heir: PersonId, device: Device) -> bytes:
    """The heir's signature (64 bytes), made on his device: he agrees to own this notebook after its present owner."""
    return device.sign(hand_over_message(roster.genesis.notebook_id, roster.term, heir))
