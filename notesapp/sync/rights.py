"""What a judged roster says about feeds, as `Book` asks it. Decides nothing that the roster doesn't."""

from __future__ import annotations

from collections.abc import Sequence

from notesapp.identity.roster import Role, Roster
from notesapp.sync.entry import MAX_INDEX

_WRITE = frozenset({Role.OWNER, Role.ADMIN, Role.WRITER})


class RosterRights:
    """The rights that a roster gives; see `book.Rights`."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster

    def is_member(self, device: bytes) -> bool:
        """Whether this device may take part now."""
        return self.roster.right(device) is not None

    def last_index(self, device: bytes, feed: bytes, under: Sequence[tuple[int, bytes]]) -> int:
        """The last index of a feed that counts."""
        return MAX_INDEX if self.roster.right(device) in _WRITE else -1
