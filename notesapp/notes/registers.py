"""Holds the flat keys of a document's maps with the operations that set them. Knows order and conflicts, no schema.

A key's value is that of the greatest operation that nothing replaced; a new operation replaces exactly those that its
author could see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from notesapp.notes.deeds import Id, Scalar


class _Cell:
    __slots__ = ("live", "past")

    def __init__(self) -> None:
        self.live: list[tuple[Id, Scalar]] = []
        self.past: dict[Id, list[Id]] = {}  # replaced operations, each with those that replaced it


class Registers:
    """The keys of all maps; a map is named by its key in the root, the root itself by ""."""

    def __init__(self, actors: Sequence[bytes]) -> None:
        self._actors = actors
        self._cells: dict[tuple[str, str], _Cell] = {}

    def rank(self, ident: Id) -> tuple[int, bytes]:
        """By what operations are ordered."""
        return ident[0], self._actors[ident[1]]

    def get(self, container: str, key: str) -> Scalar:
        """The value at a key; None if there is none."""
        cell = self._cells.get((container, key))
        if cell is None or not cell.live:
            return None
        return max(cell.live, key=lambda entry: self.rank(entry[0]))[1]

    def holds(self, container: str, key: str) -> bool:
        """Whether a value (a null too) stands at the key."""
        cell = self._cells.get((container, key))
        return cell is not None and bool(cell.live)

    def items(self, container: str) -> Iterator[tuple[str, Scalar]]:
        """All keys of a map with their values."""
        for (name, key), cell in self._cells.items():
            if name == container and cell.live:
                yield key, self.get(container, key)

    def visible(self, container: str, key: str, saw: Callable[[Id], bool] | None = None) -> tuple[Id, ...]:
        """The operations at the key that nothing replaced, as somebody saw it who saw these operations (None: all)."""
        cell = self._cells.get((container, key))
        if cell is None:
            return ()
        seen = [ident for ident, _ in cell.live if saw is None or saw(ident)]
        if saw is not None:
            seen += [i for i, replaced in cell.past.items() if saw(i) and not any(saw(other) for other in replaced)]
        return tuple(sorted(seen, key=self.rank))

    def put(self, container: str, key: str, ident: Id, value: Scalar, over: Sequence[Id]) -> None:
        """Set a key."""
        self.drop(container, key, ident, over)
        self._cells[container, key].live.append((ident, value))

    def drop(self, container: str, key: str, ident: Id, over: Sequence[Id]) -> None:
        """Replace operations at a key by nothing."""
        cell = self._cells.setdefault((container, key), _Cell())
        if not over:
            return
        for old in over:
            cell.past.setdefault(old, []).append(ident)
        cell.live = [entry for entry in cell.live if entry[0] not in over]

    def dump(self) -> list[object]:
        """All that `restore` needs."""
        return [[name, key, cell.live, list(cell.past.items())] for (name, key), cell in self._cells.items()]

    @classmethod
    def restore(cls, actors: Sequence[bytes], rows: Sequence[Sequence[object]]) -> Registers:
        """The registers that `dump` described."""
        registers = cls(actors)
        for name, key, live, past in rows:
            cell = registers._cells[str(name), str(key)] = _Cell()
            cell.live = [((i[0], i[1]), value) for i, value in live]  # type: ignore[attr-defined]  # from msgpack
            cell.past = {(i[0], i[1]): [(r[0], r[1]) for r in by] for i, by in past}  # type: ignore[attr-defined]
        return registers
