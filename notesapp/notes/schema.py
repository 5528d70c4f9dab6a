"""Says what may stand in a document of schema 1: containers, keys, kinds of values, characters. Judges shapes only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from notesapp.notes.deeds import MAKE_MAP, MAKE_TEXT, Scalar
from notesapp.text import clean

SCHEMA = 1
MAX_TEXT_BYTES = 2_000_000
MAX_FOREIGN_TEXT_BYTES = 2 * MAX_TEXT_BYTES  # honest people at the limit at the same time may pass it together
MAX_VALUE_BYTES = 65_536


class Kind(Enum):
    """What a document is."""

    NOTE = "note"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Field:
    """What a key may hold: kinds of value, and the exact length in bytes where there is one."""

    kinds: frozenset[str]
    length: int | None = None


def _field(*kinds: str, length: int | None = None) -> Field:
    return Field(frozenset(kinds), length)


_ROOT: Mapping[Kind, Mapping[str, Field]] = {
    Kind.NOTE: {
        "schema": _field("uint"),
        "id": _field("bytes", length=16),
        "origin_notebook": _field("bytes", length=32),
        "origin_note": _field("bytes", length=16),
        "origin_heads": _field("bytes"),
    },
    Kind.INDEX: {"schema": _field("uint"), "name": _field("str"), "removed": _field("int", "null")},
}
# Keys of the root that only the creating change may put.
_ONCE: Mapping[Kind, frozenset[str]] = {
    Kind.NOTE: frozenset(("schema", "id", "origin_notebook", "origin_note", "origin_heads")),
    Kind.INDEX: frozenset(("schema",)),
}
REQUIRED: Mapping[Kind, frozenset[str]] = {
    Kind.NOTE: frozenset(("schema", "id")),
    Kind.INDEX: frozenset(("schema", "name")),
}
CONTAINERS: Mapping[Kind, Mapping[str, int]] = {
    Kind.NOTE: {"body": MAKE_TEXT, "comments": MAKE_MAP},
    Kind.INDEX: {"notes": MAKE_MAP, "attachments": MAKE_MAP},
}
_FLAT: Mapping[str, Mapping[str, Field]] = {
    "notes": {
        "created": _field("int"),
        "folder": _field("str"),
        "file_name": _field("str"),
        "pinned": _field("bool"),
        "trashed": _field("int", "null"),
        "trashed_heads": _field("bytes", "null"),
        "moved_to": _field("bytes"),
        "deleted": _field("bool"),
    },
    "attachments": {
        "name": _field("str"),
        "size": _field("uint"),
        "mime": _field("str"),
        "hash": _field("bytes", length=32),
        "added": _field("int"),
    },
}
_COMMENT = _field("str", "int", "uint", "bool", "bytes", "null")
_FLAT_KEY = re.compile(r"[0-9a-f]{32}\.([a-z][a-z_]{0,31})", re.ASCII)


def field(kind: Kind, container: str, key: str) -> Field | None:
    """What may stand at a key of the root (container "") or of a named container; None = nothing."""
    if not container:
        return _ROOT[kind].get(key)
    match = _FLAT_KEY.fullmatch(key)
    if match is None:
        return None
    return _COMMENT if container == "comments" else _FLAT[container].get(match[1])


def only_once(kind: Kind, key: str) -> bool:
    """Whether the root's key may be put by the creating change only."""
    return key in _ONCE[kind]


def fits(rule: Field, kind: str, value: Scalar) -> bool:
    """Whether a value of that kind may stand where the rule holds."""
    if kind not in rule.kinds:
        return False
    if isinstance(value, str):
        return len(value) <= MAX_VALUE_BYTES and len(value.encode("utf-8")) <= MAX_VALUE_BYTES
    if isinstance(value, bytes):
        return len(value) == rule.length if rule.length is not None else len(value) <= MAX_VALUE_BYTES
    return True


def kind_for(rule: Field, value: Scalar) -> str | None:
    """The kind as which a Python value is written under the rule; None if it doesn't fit."""
    match value:
        case bool():
            choices = ("bool",)
        case None:
            choices = ("null",)
        case str():
            choices = ("str",)
        case bytes():
            choices = ("bytes",)
        case int():
            choices = ("uint", "int") if value >= 0 else ("int",)  # type: ignore[assignment]  # one or two
    for choice in choices:
        if fits(rule, choice, value):
            return choice
    return None


def is_plain(text: str) -> bool:
    """Whether the characters may stand in a note."""
    return clean(text) == text
