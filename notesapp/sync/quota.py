"""How many records of whom a notebook takes. Decides it from the records alone; whoever sends more isn't punished.

A record costs everybody: it is stored, judged with all others and passed on, also if it turns out to say nothing. What
is over a limit is dropped, and the conversation goes on; the next session offers it again. Days are those that records
claim, as with feeds: whoever joins late gets years at once, and whoever lies about the day has his total left.
Authors cost nothing to make up, so records of people who never were members are counted for whoever brings them.
The last part of the room is for those who may remove, the very last for the owner: nobody can fill it so that his own
removal doesn't fit any more. And a member may always leave: his departures are taken beside all limits of their author,
in the room of those who may remove.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Protocol

from notesapp.identity.record import Record
from notesapp.identity.roles import RULERS, Role
from notesapp.identity.roster import DOMAIN as ROSTER

NOTEBOOK = 65_536  # of one notebook: 64 persons, each rotating 100 times for 10 devices
ADMINS = 61_440  # from here on only the owner's are taken: 4,096 are a dozen removals of admins, with their rotations
MEMBERS = 49_152  # from here on only those of owner and admins
AUTHOR = 16_384  # of one device: an admin who rotates 100 times for 10 people with 16 devices each; of a person in all,
# if he may not remove: what he says concerns his own devices
AUTHOR_DAY = 2_000  # of one device and claimed day: a dozen such rotations
DEPARTURES = 16  # of a person, beside his limits: he may be let in again as often
STRANGERS = 2_048  # of people who never were members, by each device that brings them, as long as they are strangers
_DAY_MS = 86_400_000


class Standing(Protocol):
    """Who an author of records is."""

    def keys(self, record: Record) -> Collection[bytes]:
        """All keys of the person who wrote a record, revoked ones too; none if he never was a member."""

    def role(self, record: Record) -> Role | None:
        """What that person may do now with the key that signed."""


class Quota:
    """Of one notebook. What is here already counts, but is never refused."""

    def __init__(self) -> None:
        self._counted: set[bytes] = set()
        self._by: Counter[bytes] = Counter()
        self._days: Counter[tuple[bytes, int]] = Counter()
        self._left: Counter[bytes] = Counter()  # departures by author
        self._brought: dict[bytes, dict[bytes, Record]] = {}  # by carrier: records of strangers

    def __len__(self) -> int:
        return len(self._counted)

    def put(self, record: Record) -> None:
        """A record that is here."""
        if record.id not in self._counted:
            self._counted.add(record.id)
            self._by[record.author] += 1
            self._days[record.author, record.time_ms // _DAY_MS] += 1
            self._left[record.author] += _is_departure(record)

    def takes(self, record: Record, carrier: bytes, who: Standing, answered: Role | None = None) -> bool:
        """Counts one more if there is room for it; `answered`: somebody of that role has said what follows it."""
        if record.id in self._counted:
            return True
        if answered in RULERS and len(self._counted) < _room(answered):
            self.put(record)
            return True
        role, keys = who.role(record), who.keys(record)
        if role is not None and _is_departure(record) and self._may_leave(keys):
            self.put(record)
            return True
        full = (
            len(self._counted) >= _room(role)
            or self._by[record.author] >= AUTHOR
            or self._days[record.author, record.time_ms // _DAY_MS] >= AUTHOR_DAY
            or (role not in RULERS and sum(self._by[key] for key in keys) >= AUTHOR)
        )
        if full or not (keys or self._takes_stranger(record, carrier, who)):
            return False
        self.put(record)
        return True

    def _may_leave(self, keys: Collection[bytes]) -> bool:
        """Whether there is room for one more departure of a member with these keys."""
        return len(self._counted) < ADMINS and sum(self._left[key] for key in keys) < DEPARTURES

    def _takes_stranger(self, record: Record, carrier: bytes, who: Standing) -> bool:
        brought = self._brought.setdefault(carrier, {})
        if len(brought) >= STRANGERS:
            for known in [id_ for id_, one in brought.items() if who.keys(one)]:
                del brought[known]  # they have become members meanwhile
        if len(brought) >= STRANGERS:
            return False
        brought[record.id] = record
        return True


def _is_departure(record: Record) -> bool:
    return record.kind == "leave" and record.data.startswith(ROSTER)


def _room(role: Role | None) -> int:
    """How full the notebook may be for one more record by somebody of this role."""
    if role is Role.OWNER:
        return NOTEBOOK
    return ADMINS if role in RULERS else MEMBERS
