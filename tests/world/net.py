"""A simulated network: datagrams that are lost, doubled and reordered, under links that are encrypted ordered pipes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.world.time import Clock

RESEND_MS = 200


@dataclass(slots=True)
class Weather:
    """How bad it is."""

    loss: float = 0.0
    double: float = 0.05
    latency_ms: int = 20
    jitter_ms: int = 30
    piece_bytes: int = 40_000


class End:
    """One end of a link: what is sent here comes out there, in order, or the link breaks."""

    def __init__(self, clock: Clock, weather: Weather, binding: bytes) -> None:
        self.binding = binding
        self.other: End | None = None
        self.on_data: Callable[[bytes], None] = lambda data: None
        self.on_end: Callable[[], None] = lambda: None
        self.open = True
        self.sent_bytes = 0
        self._clock = clock
        self._weather = weather
        self._next = 0
        self._due = 0
        self._early: dict[int, bytes] = {}

    def send(self, data: bytes) -> None:
        """Bytes for the other end, as datagrams that are sent again until they arrive."""
        self.sent_bytes += len(data)
        for at in range(0, len(data), self._weather.piece_bytes):
            piece, number = data[at : at + self._weather.piece_bytes], self._next
            self._next += 1
            self._fly(number, piece)
            if self._clock.chance.random() < self._weather.double:
                self._fly(number, piece)

    def close(self) -> None:
        """The other end hears of it behind all that was sent."""
        if self.open:
            self.open = False
            self._fly(self._next, None)

    def cut(self) -> None:
        """The link breaks: neither end hears more, and each notices."""
        for end in (self, self.other):
            if end is not None and end.open:
                end.open = False
                self._clock.after(1, end.on_end)

    def _fly(self, number: int, piece: bytes | None) -> None:
        chance, weather, delay = self._clock.chance, self._weather, 0
        while chance.random() < weather.loss:
            delay += RESEND_MS
        delay += weather.latency_ms + chance.randrange(weather.jitter_ms + 1)
        if self.other is not None:
            self._clock.after(delay, lambda: self.other._arrive(number, piece) if self.other else None)

    def _arrive(self, number: int, piece: bytes | None) -> None:
        if number >= self._due:
            self._early[number] = piece if piece is not None else b""
            if piece is None:
                self._early[number] = _END
        while self.open and self._due in self._early:
            data = self._early.pop(self._due)
            self._due += 1
            if data is _END:
                self.open = False
                self.on_end()
            else:
                self.on_data(data)


_END = b"the end of the link"


def link(clock: Clock, weather: Weather) -> tuple[End, End]:
    """The two ends of a new link: (dialler's, listener's)."""
    binding = clock.entropy(32)
    one, two = End(clock, weather, binding), End(clock, weather, binding)
    one.other, two.other = two, one
    return one, two
