"""Where a person can be: the rows of the sidebar as values. Knows what a place asks of the node; draws nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never


@dataclass(frozen=True, slots=True)
class AllNotes:
    """Every note that is not in the trash."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Notes of notebooks that other people are members of."""


@dataclass(frozen=True, slots=True)
class Favourites:
    """Notes that this person starred on this computer."""


@dataclass(frozen=True, slots=True)
class InNotebook:
    """One notebook, or one folder in it (and the folders below)."""

    notebook_id: bytes
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Tagged:
    """Notes with a tag or one nested below it."""

    tag: str


@dataclass(frozen=True, slots=True)
class Trash:
    """Notes in the trash."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search finds."""

    query: str


Place = AllNotes | Shared | Favourites | InNotebook | Tagged | Trash | Found


def to_word(place: Place) -> str:
    """The place as one line for the settings file; `from_word` reads it back."""
    match place:
        case AllNotes():
            return "all"
        case Shared():
            return "shared"
        case Favourites():
            return "favourites"
        case Trash():
            return "trash"
        case InNotebook(notebook_id, folder):
            return f"notebook:{notebook_id.hex()}:{folder}"
        case Tagged(tag):
            return f"tag:{tag}"
        case Found():
            return "all"  # what was searched for is nobody's business after closing
        case _ as never:
            assert_never(never)


def from_word(word: str) -> Place:
    """The place that `to_word` wrote; AllNotes for anything else."""
    kind, _, rest = word.partition(":")
    simple: dict[str, Place] = {"shared": Shared(), "favourites": Favourites(), "trash": Trash()}
    if kind == "notebook":
        number, _, folder = rest.partition(":")
        try:
            notebook_id = bytes.fromhex(number)
        except ValueError:
            return AllNotes()
        return InNotebook(notebook_id, folder) if len(notebook_id) == 32 else AllNotes()
    if kind == "tag" and rest:
        return Tagged(rest)
    return simple.get(word, AllNotes())
