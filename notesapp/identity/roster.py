"""Who is who in a notebook and may do what: the state that a set of signed records makes. Keeps no keys, asks no clock.

Format `notesapp/roster/1`. `judgement` decides which records count; this says what follows from them: members, epochs,
key boxes, invites, what must be done next (`rotation_due`), and whether an entry counts. New records are written by a
`Scribe`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from notesapp.errors import LocalError, RemoteError
from notesapp.identity import roster_state as state
from notesapp.identity.cuts import Counted, Taking, Takings
from notesapp.identity.epoch import EpochKeys
from notesapp.identity.genesis import Genesis
from notesapp.identity.graph import next_lamport
from notesapp.identity.judgement import Judgement
from notesapp.identity.keys import Device, PersonId
from notesapp.identity.person import OwnDevice, PersonLog
from notesapp.identity.primitives import Entropy, digest, domain
from notesapp.identity.record import HEADS_LIMIT, Payload, Record, clamp_time, read, write
from notesapp.identity.roles import READERS, RULERS, Role, below
from notesapp.identity.roster_bodies import KEYBOX, PREVIOUS_LIMIT, ROTATE, KeyBox, Rotate
from notesapp.identity.roster_state import Epoch, Invite, Member

__all__ = ["DOMAIN", "Counted", "Epoch", "Invite", "Member", "Role", "Roster", "found_notebook", "read_record"]

DOMAIN = domain("roster")
HEADS_DOMAIN = domain("roster-heads")


@dataclass(frozen=True, slots=True)
class Roster:
    """The judged roster. `heads` are what a new record follows; `records` all that is kept and passed on.

    `void` lost against a concurrent record, `refused` never had a right, `unjudged` is of a later version, `waiting`
    follows what hasn't come; `contested` are hand-overs of one owner to two heirs, which people must be told of.
    """

    genesis: Genesis
    members: Mapping[PersonId, Member]
    epochs: tuple[Epoch, ...]
    key_boxes: Mapping[tuple[bytes, bytes], tuple[bytes, ...]]
    invites: Mapping[bytes, Invite]
    records: tuple[Record, ...]
    heads: tuple[bytes, ...]
    void: Mapping[bytes, str]
    unjudged: Mapping[bytes, str]
    waiting: tuple[bytes, ...]
    refused: Mapping[bytes, str]
    contested: tuple[bytes, ...]
    logs: Mapping[PersonId, PersonLog] = field(repr=False)
    _it: Judgement = field(repr=False, compare=False)
    _takings: Takings = field(repr=False, compare=False)

    @classmethod
    def judge(cls, genesis: Genesis, persons: Iterable[PersonLog], records: Iterable[Record]) -> Roster:
        """The state that these sets make, the same for every order."""
        logs = {log.person_id: log for log in persons}
        it = Judgement(genesis, logs, records)
        kept = state.kept(it)
        return cls(
            genesis,
            state.members(it, logs),
            state.epochs(it),
            state.boxes(it),
            state.invites(it),
            kept,
            it.graph.heads(list(it.standing_in_order())),
            it.void,
            it.unjudged,
            tuple(record.id for record in it.graph.waiting),
            it.refused,
            it.ownership.contested,
            logs,
            it,
            Takings(it),
        )

    def joined(self, records: Iterable[Record] = (), logs: Iterable[PersonLog] = ()) -> Roster:
        """The state with these records and (newer) person logs too."""
        persons = {**self.logs, **{log.person_id: log for log in logs}}
        return Roster.judge(self.genesis, persons.values(), [*self._it.known.values(), *records])

    @property
    def frontier(self) -> tuple[bytes, ...]:
        """The heads of all that is kept, void records too: who has these has the same roster."""
        return self._it.graph.heads(self.records)

    def beyond(self, frontier: Iterable[bytes]) -> tuple[Record, ...]:
        """What somebody lacks who has these records and all that they follow; unknown ones are passed over."""
        graph = self._it.graph
        has = graph.closure(record_id for record_id in frontier if record_id in graph) or 0
        return tuple(record for record in self.records if not graph.holds(has, record.id))

    def lacking(self) -> dict[bytes, Role]:
        """The records that aren't here but that a ruler's follows, directly or not, with the highest such role."""
        found: dict[bytes, Role] = {}
        for record in reversed(self._it.graph.waiting):  # before what they follow
            for role in (self.right(record.author), found.get(record.id)):
                if role in RULERS:
                    found |= {head: role for head in record.prev if below(found.get(head), role)}
        return {record_id: role for record_id, role in found.items() if record_id not in self._it.known}

    def contests(self, record: Record) -> bool:
        """Whether this would undo a hand-over that is obeyed here: then it isn't taken up, and people are told."""
        after = self.joined([record])
        now, then = ([term.since for term in roster._it.ownership.terms] for roster in (self, after))
        return then[: len(now)] != now or record.id in after.contested

    @property
    def owner(self) -> PersonId:
        """The one owner."""
        return self._it.ownership.owner

    @property
    def term(self) -> bytes:
        """The id of the hand-over that made the owner the owner; the notebook's id for the first one."""
        return self._it.ownership.terms[-1].since or self.genesis.notebook_id

    @property
    def digest(self) -> bytes:
        """The hash (32 bytes) of notebook and heads that entries name: under which roster they were written."""
        return heads_digest(self.genesis.notebook_id, self.heads)

    def person_of(self, device_id: bytes) -> PersonId | None:
        """Whose device this is, member or not, revoked or not; None if no known log has it."""
        return self._it.voices.person(device_id)

    def was_given(self, person: bytes) -> bool:
        """Whether this person is, or ever was, given a role here."""
        return self._it.concerned(person)

    def right(self, device_id: bytes) -> Role | None:
        """What this device may do now; None for a stranger's or a revoked one."""
        person = self.person_of(device_id)
        if person is None or person not in self.members or not self._it.voices.active(device_id):
            return None
        return self.members[person].role

    def right_at(self, device_id: bytes, heads: Iterable[bytes]) -> Role | None:
        """The role of the device's person in the state with these heads; None if he had none, or they are unknown."""
        person, mask = self.person_of(device_id), self._it.graph.closure(heads)
        return None if person is None or mask is None else self._it.ledger.role_at(person, mask)

    def counts(self, device_id: bytes, feed: bytes, index: int, named_heads: tuple[bytes, ...]) -> Counted:
        """Whether an entry of this device's feed counts, written under the roster with these heads."""
        return self._takings.counts(device_id, feed, index, named_heads)

    def takings(self, device_id: bytes) -> tuple[Taking, ...]:
        """The cuts that limit this device's feeds; their marks say which branch of a forked feed was meant."""
        return tuple(self._takings.concerning(device_id))

    # -- epochs -------------------------------------------------------------------------------------------------------

    @property
    def tips(self) -> tuple[Epoch, ...]:
        """The epochs that no standing one has replaced."""
        replaced = {old for epoch in self.epochs if epoch.stands for old in epoch.previous}
        return tuple(epoch for epoch in self.epochs if epoch.epoch_id not in replaced)

    @property
    def epoch(self) -> Epoch | None:
        """The epoch to write under: it leaves out fewest removals, is the newest of these; None before the first."""
        return self.epoch_among({epoch.epoch_id for epoch in self.epochs})

    def epoch_among(self, held: Iterable[bytes]) -> Epoch | None:
        """The epoch to write under for somebody who holds the keys of these: a rotation may have brought none."""
        keys = set(held)
        own = [epoch for epoch in self.epochs if epoch.stands and epoch.epoch_id in keys]
        replaced = {old for epoch in own for old in epoch.previous}
        tips = [epoch for epoch in own if epoch.epoch_id not in replaced]
        return min(tips, key=lambda e: (len(self._uncovered(e)), -e.lamport, e.epoch_id), default=None)

    @property
    def rotation_due(self) -> tuple[bytes, ...]:
        """The records that took somebody's right to read and that no rotation has followed: an admin must rotate."""
        epoch = self.epoch
        return self._uncovered(epoch) if epoch else ()

    def _uncovered(self, epoch: Epoch) -> tuple[bytes, ...]:
        """The removals, departures and revocations of readers that this epoch's rotation didn't know."""
        graph = self._it.graph
        found: list[bytes] = []
        for person, takings in self._takings.by_person.items():
            for taking in takings:
                if taking.role in READERS or graph.follows(epoch.epoch_id, taking.record_id):
                    continue
                read = self._it.ledger.role_at(person, graph.past(taking.record_id)) in READERS
                boxed = taking.devices is None or any(d in taking.devices for _, d in self.key_boxes)
                if read and boxed:
                    found.append(taking.record_id)
        return tuple(sorted(found))

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

    def unboxed(self, epoch_id: bytes) -> tuple[OwnDevice, ...]:
        """The active devices of members who may read that no key box of this epoch is for."""
        readers = [member for member in self.members.values() if member.role in READERS]
        devices = [device for member in readers for device in member.devices if device.active]
        return tuple(device for device in devices if (epoch_id, device.device_id) not in self.key_boxes)

    # -- writing ------------------------------------------------------------------------------------------------------

    def rotate(
        self, by: Device, keys: EpochKeys, earlier: Mapping[bytes, EpochKeys], *, now_ms: int, entropy: Entropy
    ) -> Record:
        """A record that begins a new epoch and seals the keys of the tips among `earlier` (by epoch id).

        A tip whose keys the author lacks stays a tip: whoever has them may seal them next time.
        """
        tips = sorted(epoch.epoch_id for epoch in self.tips if epoch.epoch_id in earlier)[:PREVIOUS_LIMIT]
        previous = tuple((tip, keys.seal_previous(tip, earlier[tip], entropy)) for tip in tips)
        return self.write("rotate", ROTATE.encode(Rotate(keys.commitment, previous)), by, now_ms=now_ms)

    def key_box(
        self,
        by: Device,
        epoch_id: bytes,
        keys: EpochKeys,
        to: OwnDevice,
        *,
        now_ms: int,
        entropy: Entropy,
        after: Record | None = None,
    ) -> Record:
        """A record that brings an epoch's keys to one device."""
        body = KeyBox(epoch_id, to.device_id, keys.to_device(to.box, entropy))
        return self.write("keybox", KEYBOX.encode(body), by, now_ms=now_ms, after=after)

    def write(self, kind: str, body: bytes, by: Device, *, now_ms: int, after: Record | None = None) -> Record:
        """A record of this body that follows the present heads, or `after`, which does; not judged."""
        heads = (after.id,) if after else self.heads[:HEADS_LIMIT]
        named = [after] if after else [record for record in self.records if record.id in heads]
        scope = self.genesis.notebook_id
        payload = Payload(kind, scope, by.device_id, heads, next_lamport(named), body, clamp_time(now_ms))
        return write(DOMAIN, payload, by.sign)


def heads_digest(notebook: bytes, heads: Iterable[bytes]) -> bytes:
    """The digest (32 bytes) by which entries name the roster with these heads."""
    return digest(HEADS_DOMAIN + notebook + b"".join(sorted(heads)))


def read_record(data: bytes) -> Record:
    """A roster record, signature verified; `RemoteError` for anything else."""
    return read(DOMAIN, data)


def found_notebook(
    genesis: Genesis, log: PersonLog, device: Device, keys: EpochKeys, *, now_ms: int, entropy: Entropy
) -> Roster:
    """The roster of a new notebook: epoch 0 by the owner's device, and a key box for each of his active devices."""
    roster = Roster.judge(genesis, [log], ())
    rotation = roster.rotate(device, keys, {}, now_ms=now_ms, entropy=entropy)
    roster = roster.joined([rotation])
    boxes = [roster.key_box(device, rotation.id, keys, own, now_ms=now_ms, entropy=entropy) for own in log.active]
    roster = roster.joined(boxes)
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
