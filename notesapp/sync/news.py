"""What a peer has by its own word, and which of it changed since somebody last took it.

Decides that each word costs what it says: a peer may name tens of thousands of feeds, and then one after another.
"""

from __future__ import annotations

from collections.abc import Iterable


class Marks(dict[bytes, int]):
    """Feed -> index. Changed only by `marks[feed] = index` and `setdefault`; the latter says nothing new."""

    def __init__(self, marks: Iterable[tuple[bytes, int]] = ()) -> None:
        super().__init__(marks)
        self._news = set(self)

    def __setitem__(self, feed: bytes, index: int) -> None:
        if self.get(feed) != index:
            self._news.add(feed)
        super().__setitem__(feed, index)

    def touch(self, feeds: Iterable[bytes]) -> None:
        """What is here of these has changed: where there was no room to note the peer's there is some now."""
        self._news.update(feed for feed in feeds if feed in self)

    def take_news(self) -> dict[bytes, int]:
        """What changed since the last call."""
        news, self._news = self._news, set()
        return {feed: self[feed] for feed in news}
