"""Decides where a note's front matter is and what it says. Never reformats it: edits are small splices elsewhere.

All scalars stay strings (`2024-01-01`, `1.10`, `yes` are what the writer typed). Anchors and aliases are refused, size,
depth and number of nodes are limited, so that a note from somewhere else can't take the program's time or memory.
Text that is no valid YAML is still read line by line as far as it goes: `title: One: two` is common.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

LIMIT_CHARS = 32_768  # the worst text of this size that was found takes 15 ms; real front matter has under 2 kB
LIMIT_NODES = 4_096
LIMIT_DEPTH = 16

_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^---[ \t]*$", re.MULTILINE)
_KEY_LINE = re.compile(r"""^["']?([^\s"'#:\-\[{][^\n:]{0,80}?)["']?[ \t]*:(?:[ \t]+([^\n]*))?$""")
_ITEM_LINE = re.compile(r"^[ \t]*-[ \t]+([^\n]*)$")
_SEPARATORS = re.compile(r"[,\s]+")

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The block between the two `---` lines: `at`..`end` is the YAML, the note's body begins at `body_at`."""

    at: int
    end: int
    body_at: int
    fields: Mapping[str, object]

    def get(self, *names: str) -> object:
        """The value of the first of `names` that is there, in any letter case; None if none is."""
        for name in names:
            for key, value in self.fields.items():
                if key.casefold() == name:
                    return value
        return None


def find(text: str) -> FrontMatter | None:
    """The front matter at the very start of `text`; None if there is none (or if it is longer than the limit)."""
    opening = _OPENING.match(text)
    if opening is None:
        return None
    at = opening.end()
    closing = _CLOSING.search(text, at, at + LIMIT_CHARS)
    if closing is None or (closing.end() < len(text) and text[closing.end()] != "\n"):
        return None
    end = closing.start()
    fields = _read(text[at:end])
    if fields is None:
        return None
    return FrontMatter(at, end, min(closing.end() + 1, len(text)), fields)


def words_of(value: object) -> tuple[str, ...]:
    """Tags as written in front matter: a list, or one string with commas or blanks; a leading `#` is dropped."""
    parts: list[str] = []
    for item in _strings(value):
        parts += [word.lstrip("#") for word in _SEPARATORS.split(item)]
    return tuple(part for part in parts if part)


def names_of(value: object) -> tuple[str, ...]:
    """Aliases as written in front matter: a list (blanks belong to the name), or one string with commas."""
    if isinstance(value, str):
        value = value.split(",")
    return tuple(dict.fromkeys(name for name in (item.strip() for item in _strings(value)) if name))


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [item for item in value if isinstance(item, str)]
    return []


def _read(source: str) -> Mapping[str, object] | None:
    """The fields; empty for an empty block; None if this is no front matter at all (text between two rules)."""
    if not source.strip():
        return {}
    try:
        if _within_limits(source):
            value = yaml.load(source, Loader=_Loader)  # BaseLoader builds str, list and dict only
            if isinstance(value, dict):
                return {key: item for key, item in value.items() if isinstance(key, str)}
            return {} if value == "" else None
    except (yaml.YAMLError, ValueError, RecursionError):
        pass  # read line by line below
    return _read_lines(source) or None


def _within_limits(source: str) -> bool:
    depth = 0
    for nodes, event in enumerate(yaml.parse(source, Loader=_Loader)):
        if isinstance(event, yaml.AliasEvent):
            return False
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > LIMIT_DEPTH or nodes > LIMIT_NODES:
            return False
    return True


def _read_lines(source: str) -> dict[str, object]:
    """What a person sees in a block that YAML refuses: `key: value` lines and `- item` lists."""
    fields: dict[str, object] = {}
    key = ""
    for line in source.split("\n")[:LIMIT_NODES]:
        item = _ITEM_LINE.match(line)
        if item and key:
            held = fields[key]
            fields[key] = [*held, _unquote(item[1])] if isinstance(held, list) else [_unquote(item[1])]
            continue
        found = _KEY_LINE.match(line)
        if found:
            key, value = found[1], (found[2] or "").strip()
            if value.startswith("[") and value.endswith("]"):
                fields[key] = [_unquote(part) for part in value[1:-1].split(",")]
            else:
                fields[key] = _unquote(value)
    return fields


def _unquote(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
