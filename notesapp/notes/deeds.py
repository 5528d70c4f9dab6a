"""Names what a change can do to a document, with the numbers that Automerge gives to actions and kinds of values."""

from __future__ import annotations

from dataclasses import dataclass

Id = tuple[int, int]  # (operation number, index of the actor in the replica's table)
Scalar = str | bytes | int | bool | None

MAKE_MAP, PUT, MAKE_LIST, DELETE, MAKE_TEXT = 0, 1, 2, 3, 4
NULL, FALSE, TRUE, UINT, INT, FLOAT, STRING, BYTES = 0, 1, 2, 3, 4, 5, 6, 7
VALUE_NAMES = ("null", "bool", "bool", "uint", "int", "float", "str", "bytes")


@dataclass(frozen=True, slots=True)
class Typed:
    """Characters inserted one after the other, numbered from `first`; after None = at the beginning."""

    into: Id | None
    after: Id | None
    first: int
    text: str
    chained: bool = False  # `after` is the operation just before, of the same change


@dataclass(frozen=True, slots=True)
class Deleted:
    """`count` characters deleted: number `first`, then each `step` further; the operations are numbered from `op`."""

    into: Id | None
    op: int
    actor: int
    first: int
    step: int
    count: int


@dataclass(frozen=True, slots=True)
class Put:
    """A key set to a scalar; `kind` is the value's name in the schema; `over` are the operations it replaces."""

    into: Id | None
    op: int
    key: str
    kind: str
    value: Scalar
    over: tuple[Id, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A key deleted."""

    into: Id | None
    op: int
    key: str
    over: tuple[Id, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A container made at a key."""

    into: Id | None
    op: int
    key: str
    action: int


Deed = Typed | Deleted | Put | Dropped | Made
