"""The pieces of which the order of a text is kept. They hold; `sequence` decides."""

from __future__ import annotations

NEVER = 2**63  # above every operation number


class Span:
    """Consecutive characters of one actor, numbered from `start`, all visible or all deleted."""

    __slots__ = ("actor", "chunk", "count", "live", "start")

    def __init__(self, actor: int, start: int, count: int, live: bool, chunk: Chunk) -> None:
        self.actor = actor
        self.start = start
        self.count = count
        self.live = live
        self.chunk = chunk


class Chunk:
    """Some spans in document order, with their visible text."""

    __slots__ = ("index", "least", "spans", "text")

    def __init__(self, index: int) -> None:
        self.index = index
        self.spans: list[Span] = []
        self.text = ""
        self.least = NEVER  # no span starts below this number: a search past greater ones skips the chunk

    def middle(self, many: int) -> int:
        """Where to cut: amid the spans if these are too many, else around the one that makes the text long."""
        at, half = 0, len(self.text) // 2
        for nth, span in enumerate(self.spans if len(self.spans) <= many else ()):
            if span.live:
                at += span.count
            if at > half:
                return nth or 1
        return len(self.spans) // 2


def byte_size(text: str) -> int:
    """Length of the text in UTF-8 bytes."""
    return len(text) if text.isascii() else len(text.encode("utf-8"))
