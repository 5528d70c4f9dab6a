"""Joining by an invite. Decides what a joiner asks and whether the roster lets him in; writes no record itself.

After both sides of a link proved their device keys, the joiner sends `Redeem`: his person log and a signature by the
invite's key over notebook, person, device and this very link (`binding`), so that nobody uses it elsewhere or for
himself. Any owner or admin who holds the invite's record may then grant it: `admit`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import msgspec

from notesapp.errors import RemoteError
from notesapp.identity.epoch import EpochKeys
from notesapp.identity.invite import InviteKeys, Name
from notesapp.identity.keys import PersonId
from notesapp.identity.person import PersonLog, read_record
from notesapp.identity.primitives import Entropy, domain, verify
from notesapp.identity.record import RECORD_LIMIT, Bytes32, Bytes64, Form, Record
from notesapp.identity.roles import Role
from notesapp.identity.roster import Invite, Roster
from notesapp.identity.scribe import Scribe

REDEEM_DOMAIN = domain("redeem")
REDEEM_LIMIT = 200 * 1024  # bytes: fits a control frame of 256 KB
_LOG_LIMIT = 256  # records of a person log

RecordBytes = Annotated[bytes, msgspec.Meta(max_length=RECORD_LIMIT)]


class Redeem(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """What a joiner asks: by which invite (its public key), who he is, how he likes to be called."""

    invite: Bytes32
    person: Bytes32
    log: Annotated[tuple[RecordBytes, ...], msgspec.Meta(min_length=1, max_length=_LOG_LIMIT)]
    name: Name
    signature: Bytes64

    @classmethod
    def make(
        cls, keys: InviteKeys, notebook: bytes, log: PersonLog, device_id: bytes, binding: bytes, name: str
    ) -> Redeem:
        """The request of this device of the log's person; `binding` (32 bytes) is the link's."""
        message = _message(notebook, keys.public, log.person_id, device_id, binding, name)
        records = tuple(record.data for record in log.records)
        return cls(keys.public, log.person_id, records, name, keys.sign(message))

    def write(self) -> bytes:
        """The bytes of the request."""
        return _REDEEM.encode(self)

    @classmethod
    def read(cls, data: bytes) -> Redeem:
        """The request in these bytes, nothing proven yet; `RemoteError` for anything else."""
        return _REDEEM.decode(data)


_REDEEM: Form[Redeem] = Form(Redeem, REDEEM_LIMIT, "a request to join")


class Refusal(StrEnum):
    """Why somebody isn't let in: what he is told, and no more."""

    UNKNOWN = "this invite isn't known here"
    WITHDRAWN = "this invite was withdrawn"
    ENDED = "this invite has ended"
    USED = "this invite was used already"
    MEMBER = "you are a member already"
    DECLINED = "the other person declined"


@dataclass(frozen=True, slots=True)
class Joiner:
    """Somebody whose request is in order: what he gets, and whether a person must approve first."""

    person: PersonId
    log: PersonLog
    name: str
    role: Role
    invite: Invite
    approval: bool


def examine(roster: Roster, asked: Redeem, *, device_id: bytes, binding: bytes, now_ms: int) -> Joiner | Refusal:
    """What to make of a request over a link with this binding, on which this device proved its key.

    `RemoteError` if it is forged; a `Refusal` if it is honest but too late.
    """
    message = _message(roster.genesis.notebook_id, asked.invite, asked.person, device_id, binding, asked.name)
    if not verify(message, asked.signature, asked.invite):
        raise RemoteError(reason="a request to join is not signed by its invite for this link")
    known = roster.logs.get(PersonId(asked.person))  # he may show it without what was revoked there meanwhile
    said = [*(known.records if known is not None else ()), *(read_record(data) for data in asked.log)]
    log = PersonLog.judge(PersonId(asked.person), said)
    own = log.device(device_id)
    if own is None or not own.active:
        raise RemoteError(reason="a request to join comes from a device that is not the person's")
    if (late := too_late(roster, asked.invite, asked.person, now_ms)) is not None:
        return late
    invite = roster.invites[asked.invite]
    return Joiner(PersonId(asked.person), log, asked.name, invite.terms.role, invite, invite.terms.approval)


def too_late(roster: Roster, public: bytes, person: bytes, now_ms: int) -> Refusal | None:
    """Why an honest request by an invite is of no use (any more), if it isn't."""
    invite = roster.invites.get(public)
    if invite is None:
        return Refusal.UNKNOWN
    if person in roster.members:
        return Refusal.MEMBER
    if invite.withdrawn:
        return Refusal.WITHDRAWN
    if not invite.open(now_ms):
        return Refusal.USED if len(invite.used_by) >= invite.terms.uses else Refusal.ENDED
    return None


def admit(scribe: Scribe, joiner: Joiner, held: dict[bytes, EpochKeys], entropy: Entropy) -> tuple[Record, ...]:
    """The grant and the key boxes that let an examined (and, if need be, approved) joiner in; `BadRequest` if late."""
    scribe.hear(joiner.log)
    grant = scribe.grant(joiner.person, joiner.role, joiner.invite.terms.public)
    return (grant, *scribe.give_keys(held, entropy=entropy))


def admitted(roster: Roster, person: PersonId, records: Iterable[Record]) -> bool:
    """Whether these answers made the person a member: what the joiner looks at."""
    return person in roster.joined(records).members


def _message(notebook: bytes, invite: bytes, person: bytes, device: bytes, binding: bytes, name: str) -> bytes:
    if len(binding) != 32:
        raise RemoteError(reason="a link's binding has another length than 32 bytes")
    return REDEEM_DOMAIN + notebook + invite + person + device + binding + name.encode("utf-8")
