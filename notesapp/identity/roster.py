"""Who is who in a notebook and may do what: a pure function of a set of signed records. Keeps no keys, asks no clock.

Format `notesapp/roster/1`. This judgement knows what exists while a notebook has one owner and nobody else: the
owner of the genesis, his devices through his person log, `rotate` and `keybox`. The other kinds of the format, and
kinds of later versions, are kept, counted in the heads, passed on, and named in `unjudged` instead of being obeyed;
whatever follows one of them is unjudged too, because its author's right might hang on it. What a revoked device
signed counts as far as an active one has followed it; the rest is kept aside, out of the heads, until a cut can say
how far to believe it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import msgspec

from notesapp.errors import LocalError, RemoteError
from notesapp.identity.epoch import KEYBOX_BYTES, PREVIOUS_BYTES, EpochKeys
from notesapp.identity.genesis import Genesis
from notesapp.identity.graph import Graph, next_lamport
from notesapp.identity.keys import Device, PersonId
from notesapp.identity.person import OwnDevice, PersonLog
from notesapp.identity.primitives import Entropy, digest, domain
from notesapp.identity.record import HEADS_LIMIT, RECORD_LIMIT, Bytes32, Form, Payload, Record, clamp_time, read, write

DOMAIN = domain("roster")
HEADS_DOMAIN = domain("roster-heads")
PREVIOUS_LIMIT = 16  # earlier epochs that one rotation may seal: only those at the tips are needed


class Role(StrEnum):
    """What a member may do, the highest right first; commenter and keeper are reserved in the format."""

    OWNER = "owner"
    ADMIN = "admin"
    WRITER = "writer"
    COMMENTER = "commenter"
    READER = "reader"
    KEEPER = "keeper"


# Kinds whose names are taken; their bodies are fixed together with the judgement of who may say them.
RESERVED_KINDS = frozenset({"grant", "revoke", "leave", "hand-over", "device", "invite", "withdraw", "cut"})


SealedKeys = Annotated[bytes, msgspec.Meta(min_length=PREVIOUS_BYTES, max_length=PREVIOUS_BYTES)]
Previous = Annotated[tuple[tuple[Bytes32, SealedKeys], ...], msgspec.Meta(max_length=PREVIOUS_LIMIT)]


class Rotate(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `rotate` record: a commitment to the new keys, and (epoch id, sealed keys) of earlier epochs."""

    commitment: Bytes32
    previous: Previous


class KeyBox(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `keybox` record: an epoch's keys for one device."""

    epoch: Bytes32
    device_id: Bytes32
    sealed: Annotated[bytes, msgspec.Meta(min_length=KEYBOX_BYTES, max_length=KEYBOX_BYTES)]


_ROTATE: Form[Rotate] = Form(Rotate, RECORD_LIMIT, "a rotation")
_KEYBOX: Form[KeyBox] = Form(KeyBox, RECORD_LIMIT, "a key box")


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pair of keys of the notebook, known by the id of its `rotate` record; `previous` are sealed under it."""

    epoch_id: bytes
    lamport: int
    commitment: bytes
    previous: Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Member:
    """A person on the roster, with his devices as his own log has them."""

    person_id: PersonId
    role: Role
    devices: tuple[OwnDevice, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """The judged roster. `heads` are what a new record follows; `records` all that is kept and passed on."""

    genesis: Genesis
    members: Mapping[PersonId, Member]
    epochs: tuple[Epoch, ...]
    key_boxes: Mapping[tuple[bytes, bytes], tuple[bytes, ...]]
    records: tuple[Record, ...]
    heads: tuple[bytes, ...]
    unjudged: Mapping[bytes, str]
    waiting: tuple[bytes, ...]
    refused: Mapping[bytes, str]

    @classmethod
    def judge(cls, genesis: Genesis, persons: Iterable[PersonLog], records: Iterable[Record]) -> Roster:
        """The state that these sets make, the same for every order. Only the owner's log has a say as yet."""
        return _Judge(genesis, {log.person_id: log for log in persons}, records).verdict()

    @property
    def digest(self) -> bytes:
        """The hash (32 bytes) of notebook and heads that entries name: under which roster they were written."""
        return digest(HEADS_DOMAIN + self.genesis.notebook_id + b"".join(self.heads))

    @property
    def epoch(self) -> Epoch | None:
        """The epoch to write under: the newest that no other has replaced; None before the first rotation."""
        replaced = {old for epoch in self.epochs for old in epoch.previous}
        tips = [epoch for epoch in self.epochs if epoch.epoch_id not in replaced]
        return min(tips, key=lambda epoch: (-epoch.lamport, epoch.epoch_id), default=None)

    def right(self, device_id: bytes) -> Role | None:
        """What this device may do now; None for a stranger's or a revoked one."""
        for member in self.members.values():
            if any(device.device_id == device_id and device.active for device in member.devices):
                return member.role
        return None

    def keys_for(self, device: Device) -> dict[bytes, EpochKeys]:
        """All epoch keys, by epoch id, that this device can open: from its key boxes, and sealed under those."""
        epochs = {epoch.epoch_id: epoch for epoch in self.epochs}
        keys: dict[bytes, EpochKeys] = {}
        for epoch in reversed(self.epochs):
            for sealed in self.key_boxes.get((epoch.epoch_id, device.device_id), ()):
                if epoch.epoch_id not in keys and (own := _try_box(sealed, device, epoch.commitment)):
                    keys[epoch.epoch_id] = own
            if epoch.epoch_id not in keys:
                continue
            for old, sealed in epoch.previous.items():
                found = _try_previous(keys[epoch.epoch_id], old, sealed, epochs[old].commitment)
                if found and old not in keys:
                    keys[old] = found
        return keys

    def rotate(
        self, by: Device, keys: EpochKeys, earlier: Mapping[bytes, EpochKeys], *, now_ms: int, entropy: Entropy
    ) -> Record:
        """A record that begins a new epoch and seals the keys of those that it replaces (`earlier`, by epoch id)."""
        replaced = {old for epoch in self.epochs for old in epoch.previous}
        tips = sorted(e.epoch_id for e in self.epochs if e.epoch_id not in replaced)[:PREVIOUS_LIMIT]
        if missing := [tip for tip in tips if tip not in earlier]:
            raise LocalError(what=f"a rotation lacks the keys of {len(missing)} earlier epochs")
        previous = tuple((tip, keys.seal_previous(tip, earlier[tip], entropy)) for tip in tips)
        return self._extend("rotate", _ROTATE.encode(Rotate(keys.commitment, previous)), by, now_ms)

    def key_box(
        self, by: Device, epoch_id: bytes, keys: EpochKeys, to: OwnDevice, *, now_ms: int, entropy: Entropy
    ) -> Record:
        """A record that brings an epoch's keys to one device."""
        body = KeyBox(epoch_id, to.device_id, keys.to_device(to.box, entropy))
        return self._extend("keybox", _KEYBOX.encode(body), by, now_ms)

    def _extend(self, kind: str, body: bytes, by: Device, now_ms: int) -> Record:
        heads = self.heads[:HEADS_LIMIT]
        named = [record for record in self.records if record.id in heads]
        scope = self.genesis.notebook_id
        payload = Payload(kind, scope, by.device_id, heads, next_lamport(named), body, clamp_time(now_ms))
        return write(DOMAIN, payload, by.sign)


def read_record(data: bytes) -> Record:
    """A roster record, signature verified; `RemoteError` for anything else."""
    return read(DOMAIN, data)


def found_notebook(
    genesis: Genesis, log: PersonLog, device: Device, keys: EpochKeys, *, now_ms: int, entropy: Entropy
) -> Roster:
    """The roster of a new notebook: epoch 0 by the owner's device, and a key box for each of his active devices."""
    roster = Roster.judge(genesis, [log], ())
    rotation = roster.rotate(device, keys, {}, now_ms=now_ms, entropy=entropy)
    roster = Roster.judge(genesis, [log], [rotation])
    boxes = [roster.key_box(device, rotation.id, keys, own, now_ms=now_ms, entropy=entropy) for own in log.active]
    roster = Roster.judge(genesis, [log], [rotation, *boxes])
    if roster.refused or roster.right(device.device_id) is not Role.OWNER:
        raise LocalError(what="a new notebook's first records were refused")
    return roster


def _try_box(sealed: bytes, device: Device, commitment: bytes) -> EpochKeys | None:
    try:
        return EpochKeys.from_box(sealed, device, commitment)
    except RemoteError:
        return None  # a box that its maker spoiled; another may be good


def _try_previous(keys: EpochKeys, old: bytes, sealed: bytes, commitment: bytes) -> EpochKeys | None:
    try:
        return keys.open_previous(old, sealed, commitment)
    except RemoteError:
        return None  # spoiled by its maker; the epoch may be reached otherwise


class _Judge:
    """One run over the records in causal order."""

    def __init__(self, genesis: Genesis, logs: Mapping[PersonId, PersonLog], records: Iterable[Record]) -> None:
        self._genesis = genesis
        self._owner = logs.get(genesis.owner)
        self._graph = Graph.of(records)
        self._refused = dict(self._graph.refused)
        self._unjudged: dict[bytes, str] = {}
        self._aside: set[bytes] = set()
        active = {device.device_id for device in self._owner.active} if self._owner else set()
        self._followed = self._graph.before(r for r in self._graph.order if r.author in active)
        self._active = active
        self._epochs: dict[bytes, Epoch] = {}
        self._boxes: dict[tuple[bytes, bytes], list[bytes]] = {}

    def verdict(self) -> Roster:
        for record in self._graph.order:
            self._judge(record)
        kept = tuple(record for record in self._graph.order if record.id not in self._refused)
        devices = self._owner.devices if self._owner else ()
        owner = Member(self._genesis.owner, Role.OWNER, devices)
        return Roster(
            self._genesis,
            {owner.person_id: owner},
            tuple(self._epochs.values()),
            {whose: tuple(boxes) for whose, boxes in self._boxes.items()},
            kept,
            self._graph.heads([record for record in kept if record.id not in self._aside]),
            self._unjudged,
            tuple(record.id for record in self._graph.waiting),
            self._refused,
        )

    def _judge(self, record: Record) -> None:
        if any(head in self._refused for head in record.prev):
            self._refused[record.id] = "it follows a record that was refused"
        elif record.scope != self._genesis.notebook_id:
            self._refused[record.id] = "it belongs to another notebook"
        elif any(head in self._unjudged for head in record.prev):
            self._unjudged[record.id] = "it follows a record that is not judged yet"
            if any(head in self._aside for head in record.prev):
                self._aside.add(record.id)
        elif self._owner is None or self._owner.device(record.author) is None:
            self._refused[record.id] = "its author is no device of the owner"
        elif record.author not in self._active and record.id not in self._followed:
            self._unjudged[record.id] = "its author was revoked, and no active device followed it"
            self._aside.add(record.id)
        elif record.kind not in ("rotate", "keybox"):
            reserved = record.kind in RESERVED_KINDS
            kind = f"the kind “{record.kind}”" if reserved else f"the unknown kind “{record.kind}”"
            self._unjudged[record.id] = f"records of {kind} are not judged yet"
        else:
            try:
                self._obey(record)
            except RemoteError as error:
                self._refused[record.id] = str(error.facts["reason"])

    def _obey(self, record: Record) -> None:
        if record.kind == "rotate":
            rotate = _ROTATE.decode(record.body)
            previous = dict(rotate.previous)
            if any(not self._known_before(record, old) for old in previous):
                raise RemoteError(reason="it seals the keys of an epoch that it doesn't follow")
            self._epochs[record.id] = Epoch(record.id, record.lamport, rotate.commitment, previous)
            return
        box = _KEYBOX.decode(record.body)
        if not self._known_before(record, box.epoch):
            raise RemoteError(reason="it holds the keys of an epoch that it doesn't follow")
        self._boxes.setdefault((box.epoch, box.device_id), []).append(box.sealed)

    def _known_before(self, record: Record, epoch: bytes) -> bool:
        return epoch in self._epochs and self._graph.follows(record.id, epoch)
