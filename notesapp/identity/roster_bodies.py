"""What the records of a roster say. Decides the body of each kind and its limits; judges nobody's right to say it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec

from notesapp.errors import RemoteError
from notesapp.identity.epoch import KEYBOX_BYTES, PREVIOUS_BYTES
from notesapp.identity.primitives import domain
from notesapp.identity.record import (
    MAX_LAMPORT,
    RECORD_LIMIT,
    Bytes16,
    Bytes32,
    Bytes64,
    Form,
    Heads,
    Record,
    TimeMs,
)
from notesapp.identity.roles import INVITABLE, Role

HAND_OVER_DOMAIN = domain("hand-over")
PREVIOUS_LIMIT = 16  # earlier epochs that one rotation may seal: only those at the tips are needed
INLINE_MARKS = 24  # that fit beside 32 heads and 32 names of cut records in 4 KB
CUT_MARKS = 40  # of one cut record
CUT_RECORDS = 32  # so a cut reaches over 1,304 feeds
USES_LIMIT = 1000

Mark = tuple[Bytes16, Annotated[int, msgspec.Meta(ge=0, le=MAX_LAMPORT)], Bytes32]  # feed, last index, its hash
SealedKeys = Annotated[bytes, msgspec.Meta(min_length=PREVIOUS_BYTES, max_length=PREVIOUS_BYTES)]
Previous = Annotated[tuple[tuple[Bytes32, SealedKeys], ...], msgspec.Meta(max_length=PREVIOUS_LIMIT)]


class Cut(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """How far feeds are believed: marks, and the ids of `cut` records with more. Of feeds not named: nothing."""

    marks: Annotated[tuple[Mark, ...], msgspec.Meta(max_length=INLINE_MARKS)] = ()
    records: Annotated[tuple[Bytes32, ...], msgspec.Meta(max_length=CUT_RECORDS)] = ()


class Marks(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `cut` record: marks that a later record of the same author names."""

    marks: Annotated[tuple[Mark, ...], msgspec.Meta(min_length=1, max_length=CUT_MARKS)]


class Grant(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `grant`: a person becomes a member; `invite` is the public key of the invite that brought him."""

    person: Bytes32
    role: Role
    invite: Bytes32 | None


class NewRole(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `change`: a member gets another role, his feeds believed as far as `cut` if it is a lower one."""

    person: Bytes32
    role: Role
    cut: Cut


class Removal(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `revoke`: a person is no member any more."""

    person: Bytes32
    cut: Cut


class Leaving(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `leave`: the author is no member any more."""

    cut: Cut


class HandOver(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `hand-over`: `person` becomes the owner, the author keeps the role `keeps`.

    `term` is the id of the hand-over that made the author owner (the notebook's id for the first one); `consent` the
    signature of `device`, one of the new owner's, over `hand_over_message`.
    """

    person: Bytes32
    keeps: Role
    term: Bytes32
    device: Bytes32
    consent: Bytes64
    cut: Cut


class Devices(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `device`: the heads of the author's own person log; what is revoked there is cut here."""

    heads: Heads
    cut: Cut


class Invitation(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of an `invite`: the public half of its key, the role, how often, until when (0: no end), how."""

    public: Bytes32
    role: Role
    uses: Annotated[int, msgspec.Meta(ge=1, le=USES_LIMIT)]
    ends_ms: TimeMs
    approval: bool


class Withdrawal(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `withdraw`: the public key of an invite that nobody shall use any more."""

    public: Bytes32


class Rotate(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `rotate` record: a commitment to the new keys, and (epoch id, sealed keys) of earlier epochs."""

    commitment: Bytes32
    previous: Previous


class KeyBox(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `keybox` record: an epoch's keys for one device."""

    epoch: Bytes32
    device_id: Bytes32
    sealed: Annotated[bytes, msgspec.Meta(min_length=KEYBOX_BYTES, max_length=KEYBOX_BYTES)]


Body = (
    Grant | NewRole | Removal | Leaving | HandOver | Devices | Invitation | Withdrawal | Rotate | KeyBox | Marks | None
)

GRANT: Form[Grant] = Form(Grant, RECORD_LIMIT, "a grant")
CHANGE: Form[NewRole] = Form(NewRole, RECORD_LIMIT, "a change of role")
REVOKE: Form[Removal] = Form(Removal, RECORD_LIMIT, "a removal")
LEAVE: Form[Leaving] = Form(Leaving, RECORD_LIMIT, "a departure")
HAND_OVER: Form[HandOver] = Form(HandOver, RECORD_LIMIT, "a hand-over")
DEVICE: Form[Devices] = Form(Devices, RECORD_LIMIT, "a word about devices")
INVITE: Form[Invitation] = Form(Invitation, RECORD_LIMIT, "an invite")
WITHDRAW: Form[Withdrawal] = Form(Withdrawal, RECORD_LIMIT, "a withdrawal")
ROTATE: Form[Rotate] = Form(Rotate, RECORD_LIMIT, "a rotation")
KEYBOX: Form[KeyBox] = Form(KeyBox, RECORD_LIMIT, "a key box")
CUT: Form[Marks] = Form(Marks, RECORD_LIMIT, "a cut")

KINDS = frozenset(
    {"grant", "change", "revoke", "leave", "hand-over", "device", "invite", "withdraw", "rotate", "keybox", "cut"}
)


def hand_over_message(notebook: bytes, term: bytes, new_owner: bytes) -> bytes:
    """What a device of the new owner signs, valid for one notebook, one term of its owner and one heir."""
    return HAND_OVER_DOMAIN + notebook + term + new_owner


def bodies_of(notebook: bytes, records: Iterable[Record]) -> tuple[dict[bytes, Body], dict[bytes, str]]:
    """What the records of this notebook say, by id, and the reasons against those that say nothing valid."""
    bodies: dict[bytes, Body] = {}
    refused: dict[bytes, str] = {}
    for record in records:
        try:
            if record.scope != notebook:
                raise RemoteError(reason="it belongs to another notebook")
            bodies[record.id] = _body_of(record)
        except RemoteError as error:
            refused[record.id] = str(error.facts["reason"])
    return bodies, refused


def _body_of(record: Record) -> Body:
    match record.kind:
        case "grant":
            return GRANT.decode(record.body)
        case "change":
            return CHANGE.decode(record.body)
        case "revoke":
            return REVOKE.decode(record.body)
        case "leave":
            return LEAVE.decode(record.body)
        case "hand-over":
            return _fair(HAND_OVER.decode(record.body))
        case "device":
            return DEVICE.decode(record.body)
        case "invite":
            return _invitable(INVITE.decode(record.body))
        case "withdraw":
            return WITHDRAW.decode(record.body)
        case "rotate":
            return ROTATE.decode(record.body)
        case "keybox":
            return KEYBOX.decode(record.body)
        case "cut":
            return CUT.decode(record.body)
        case _:
            return None


def _fair(body: HandOver) -> HandOver:
    if body.keeps is Role.OWNER:
        raise RemoteError(reason="a notebook has one owner")
    return body


def _invitable(body: Invitation) -> Invitation:
    if body.role not in INVITABLE:
        raise RemoteError(reason=f"nobody is invited as {body.role}")
    return body
