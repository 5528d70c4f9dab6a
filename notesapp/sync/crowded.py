"""Records for which there was no room, as one session saw them. Decides which of them are asked for once more.

Who removes somebody follows all that he knows, also what that one flooded the notebook with. Where other parts of the
flood were taken the removal would wait for ever for what was dropped there. So what the records of those who may
remove turn out to follow is taken after all, as if it were theirs.
"""

from __future__ import annotations

from collections.abc import Iterable

from notesapp.identity.record import Record
from notesapp.identity.roles import Role
from notesapp.sync import quota, ranges
from notesapp.sync.book import Book
from notesapp.sync.frontier import FEED_BYTES
from notesapp.sync.messages import RECORDS, Want
from notesapp.sync.voice import Voice


class Crowded:
    """Of one notebook in one session; `number` is ours for it."""

    def __init__(self, voice: Voice, book: Book, number: int) -> None:
        self._voice = voice
        self._book = book
        self._number = number
        self._dropped: dict[bytes, tuple[bytes, ...]] = {}  # record -> what it follows
        self._size = 0  # ids in there
        self._answered: dict[bytes, Role] = {}  # records that are asked for again, once: by whose right

    def takes(self, record: Record) -> bool:
        """Whether there is room for a record that is new here; counts it."""
        if self._book.admits(record, self._voice.peer, self._answered.get(record.id)):
            return True
        if record.id not in self._dropped and self._size < quota.NOTEBOOK:
            self._dropped[record.id] = record.prev
            self._size += 1 + len(record.prev)
        return False

    def ask(self, keys: Iterable[bytes]) -> None:
        """Asks the peer for records."""
        rows = sorted(keys)
        for at in range(0, len(rows), ranges.PAGE):
            page = dict.fromkeys(rows[at : at + ranges.PAGE], 0)
            self._voice.say(Want(self._number, RECORDS, ranges.write_wants(page)))

    def ask_again(self) -> set[bytes]:
        """Asks for what was dropped and has turned out to be followed by those who may remove: the keys."""
        asked: set[bytes] = set()
        following = list(self._book.rights.lacking().items())
        while following:
            id_, role = following.pop()
            if id_ in self._dropped and id_ not in self._answered:
                self._answered[id_] = role
                asked.add(id_[:FEED_BYTES])
                following += [(before, role) for before in self._dropped[id_]]
        self.ask(asked)
        return asked
