"""What a judged roster says about feeds, as `Book` asks it. Decides nothing that the roster doesn't.

Entries name the roster that their author knew by a digest; `states` are the heads behind it. They travel beside the
entries and prove themselves: the digest is their hash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from notesapp.errors import RemoteError
from notesapp.identity.keys import PersonId
from notesapp.identity.person import DOMAIN as PERSON_DOMAIN
from notesapp.identity.primitives import HASH_BYTES, digest
from notesapp.identity.record import Record
from notesapp.identity.roles import Role
from notesapp.identity.roster import HEADS_DOMAIN, Counted, Roster
from notesapp.sync.entry import MAX_INDEX
from notesapp.sync.messages import STATE_LIMIT

States = Mapping[bytes, tuple[bytes, ...]]
_PREFIX_BYTES = len(HEADS_DOMAIN) + HASH_BYTES


class RosterRights:
    """The rights that a roster gives; see `book.Rights`."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self._lacking: Mapping[bytes, Role] | None = None
        self._keys: dict[PersonId, tuple[bytes, ...]] = {}

    def is_member(self, device: bytes) -> bool:
        """Whether this device may take part now."""
        return self.roster.right(device) is not None

    def keys(self, record: Record) -> tuple[bytes, ...]:
        """All keys of the person who wrote a record, if he is, or was, a member: a made-up key is nobody's."""
        person = PersonId(record.scope) if _by_root(record) else self.roster.person_of(record.author)
        if person is None or not self.roster.was_given(person):
            return ()
        if person not in self._keys:
            log = self.roster.logs.get(person)
            self._keys[person] = (person, *(one.device_id for one in log.devices)) if log is not None else (person,)
        return self._keys[person]

    def role(self, record: Record) -> Role | None:
        """What the person who wrote a record may do now; None if the device that signed may not speak for him."""
        if not _by_root(record):
            return self.roster.right(record.author)
        member = self.roster.members.get(PersonId(record.scope))
        return None if member is None else member.role

    def lacking(self) -> Mapping[bytes, Role]:
        """Records that aren't here but that those of people who may remove follow: by whose right they are taken."""
        if self._lacking is None:
            self._lacking = self.roster.lacking()
        return self._lacking

    def last_index(self, device: bytes, feed: bytes, under: Sequence[tuple[int, bytes]], states: States) -> int:
        """The last index of a feed that counts: what doesn't, takes everything behind it with it."""
        for place, (first, name) in enumerate(under):
            heads = states.get(name)
            if heads is None or not self._counts(device, feed, first, heads):
                return first - 1
            end = under[place + 1][0] - 1 if place + 1 < len(under) else MAX_INDEX
            if not self._counts(device, feed, end, heads):
                return self._last(device, feed, heads, first, end)
        return MAX_INDEX

    def _last(self, device: bytes, feed: bytes, heads: tuple[bytes, ...], low: int, high: int) -> int:
        """`low` counts, `high` doesn't, and a cut has one end."""
        while high - low > 1:
            middle = (low + high) // 2
            if self._counts(device, feed, middle, heads):
                low = middle
            else:
                high = middle
        return low

    def _counts(self, device: bytes, feed: bytes, index: int, heads: tuple[bytes, ...]) -> bool:
        return self.roster.counts(device, feed, index, heads) is Counted.COUNTS


def _by_root(record: Record) -> bool:
    return record.data.startswith(PERSON_DOMAIN) and record.author == record.scope


def write_state(notebook: bytes, heads: Sequence[bytes]) -> bytes:
    """The bytes behind a roster's digest."""
    return HEADS_DOMAIN + notebook + b"".join(sorted(heads))


def read_state(data: bytes, notebook: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """(digest, heads) of such bytes; `RemoteError` for anything else."""
    if not data.startswith(HEADS_DOMAIN + notebook) or len(data) > STATE_LIMIT:
        raise RemoteError(reason="the state of a roster is none of this notebook")
    if (len(data) - _PREFIX_BYTES) % HASH_BYTES:
        raise RemoteError(reason="the state of a roster is cut off")
    heads = tuple(data[at : at + HASH_BYTES] for at in range(_PREFIX_BYTES, len(data), HASH_BYTES))
    if any(one >= other for one, other in pairwise(heads)):
        raise RemoteError(reason="the heads of a roster are not sorted")
    return digest(data), heads
