"""What one's own devices remember together: petnames, favourites, colours, settings. Decides which value counts.

Records of the domain "home" in the home notebook: `set` gives a key a value. Only own devices are heard, a revoked one
as far as an active one has followed it. The newest value counts; of concurrent ones that with the largest (lamport,
id). Petnames beat the names that people claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

import msgspec

from notesapp.errors import BadRequest, RemoteError
from notesapp.identity.graph import Graph, next_lamport
from notesapp.identity.keys import Device, PersonId
from notesapp.identity.person import PersonLog
from notesapp.identity.primitives import domain
from notesapp.identity.record import HEADS_LIMIT, RECORD_LIMIT, Bytes32, Form, Payload, Record, clamp_time, read, write

DOMAIN = domain("home")
NAME_LIMIT = 60  # characters of a petname
KEY_LIMIT = 120
VALUE_LIMIT = 2048


class Setting(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `set` record; None forgets the key."""

    key: Annotated[str, msgspec.Meta(min_length=1, max_length=KEY_LIMIT, pattern=r"^[a-z0-9./_-]+\Z")]
    value: Annotated[bytes, msgspec.Meta(max_length=VALUE_LIMIT)] | None


class Petname(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The value under `person/<hex id>`: how I call this person, and whether I compared his six words."""

    person: Bytes32
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_LIMIT)]
    verified: bool


_SET: Form[Setting] = Form(Setting, RECORD_LIMIT, "a setting")
_PETNAME: Form[Petname] = Form(Petname, VALUE_LIMIT, "a petname")


@dataclass(frozen=True, slots=True)
class HomeLog:
    """The judged records of a home notebook."""

    notebook: bytes
    values: Mapping[str, bytes]
    records: tuple[Record, ...]
    heads: tuple[bytes, ...]
    waiting: tuple[bytes, ...]
    refused: Mapping[bytes, str]

    @classmethod
    def judge(cls, notebook: bytes, log: PersonLog, records: Iterable[Record]) -> HomeLog:
        """The values that this set of records makes, by the log of the notebook's owner; any order gives the same."""
        known = {record.id: record for record in records}
        said: dict[bytes, Setting | None] = {}
        faults: dict[bytes, str] = {}
        for record in known.values():
            try:
                said[record.id] = _said(notebook, log, record)
            except RemoteError as error:
                faults[record.id] = str(error.facts["reason"])
        graph = Graph.of(known.values(), faults)
        active = {own.device_id for own in log.active}
        heard = [record for record in graph.order if record.author in active]
        followed = graph.before(heard)
        standing = [record for record in graph.order if record.author in active or record.id in followed]
        everything = graph.closure(record.id for record in standing) or 0
        by_key: dict[str, list[bytes]] = {}
        for record in standing:
            if (setting := said[record.id]) is not None:
                by_key.setdefault(setting.key, []).append(record.id)
        values: dict[str, bytes] = {}
        for key, ids in by_key.items():
            newest = max(graph.newest(ids, everything), key=lambda i: (known[i].lamport, i))
            setting = said[newest]
            if setting is not None and setting.value is not None:
                values[key] = setting.value
        waiting = tuple(record.id for record in graph.waiting)
        return cls(notebook, values, graph.order, graph.heads(standing), waiting, graph.refused)

    def set(self, key: str, value: bytes | None, by: Device, *, now_ms: int) -> Record:
        """A record that gives `key` this value, or forgets it."""
        try:
            _SET.decode(body := _SET.encode(Setting(key, value)))
        except RemoteError as error:
            raise BadRequest(what=f"That can't be remembered: {error.facts['reason']}.") from None
        heads = self.heads[:HEADS_LIMIT]
        named = [record for record in self.records if record.id in heads]
        payload = Payload("set", self.notebook, by.device_id, heads, next_lamport(named), body, clamp_time(now_ms))
        return write(DOMAIN, payload, by.sign)

    def call(self, person: PersonId, name: str, *, verified: bool, by: Device, now_ms: int) -> Record:
        """A record by which I call a person so; an empty name forgets it, `verified` says that I compared his words."""
        value = _PETNAME.encode(Petname(person, name, verified)) if name else None
        if len(name) > NAME_LIMIT:
            raise BadRequest(what=f"A name has at most {NAME_LIMIT} letters.")
        return self.set(f"person/{person.hex()}", value, by, now_ms=now_ms)

    def petnames(self) -> dict[PersonId, Petname]:
        """All names that I gave; a value of another shape gives none."""
        found: dict[PersonId, Petname] = {}
        for key, value in self.values.items():
            if key.startswith("person/"):
                try:
                    petname = _PETNAME.decode(value)
                except RemoteError:
                    continue  # a later version's, or a broken device's: the claimed name is shown instead
                if key == f"person/{petname.person.hex()}":
                    found[PersonId(petname.person)] = petname
        return found


def read_record(data: bytes) -> Record:
    """A record of a home notebook, signature verified; `RemoteError` for anything else."""
    return read(DOMAIN, data)


def _said(notebook: bytes, log: PersonLog, record: Record) -> Setting | None:
    if record.scope != notebook:
        raise RemoteError(reason="it belongs to another notebook")
    if log.device(record.author) is None:
        raise RemoteError(reason="its author is no own device")
    return _SET.decode(record.body) if record.kind == "set" else None
