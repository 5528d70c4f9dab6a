"""What the window was started for: options, files, `notesapp://` links. Pure: reads words, opens nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from notesapp.errors import BadRequest

SCHEME = "notesapp"
JOIN_LIMIT = 8_000  # characters; an invitation with many addresses has about 700
QUICK = f"{SCHEME}://quick"


@dataclass(frozen=True, slots=True)
class Arguments:
    """The options; `openings` are links and absolute paths."""

    home: str | None = None
    quick_note: bool = False
    hidden: bool = False
    openings: tuple[str, ...] = ()


def parse(argv: Sequence[str], folder: Path) -> Arguments:
    """Reads the words of the command line; relative paths are taken against `folder`. BadRequest for unknown ones."""
    home: str | None = None
    quick = hidden = False
    openings: list[str] = []
    words = list(argv)
    while words:
        word = words.pop(0)
        if word == "--home" and words:
            home = words.pop(0)
        elif word.startswith("--home="):
            home = word.removeprefix("--home=")
        elif word == "--quick-note":
            quick = True
        elif word == "--hidden":
            hidden = True
        elif word.startswith("-"):
            raise BadRequest(what=f"The window knows no option “{word}”; `notesapp --help` lists what there is.")
        elif is_link(word):
            openings.append(word)
        else:
            openings.append(str((folder / (_path(word) if word.startswith("file://") else word)).resolve()))
    return Arguments(home, quick, hidden, tuple(openings))


def _path(link: str) -> str:
    """The path of a `file://` link."""
    from urllib.request import url2pathname  # slow to load, and few starts need it

    return url2pathname(urlsplit(link).path)


def is_link(word: str) -> bool:
    """Whether this is meant as one of our links, whatever it asks for."""
    return urlsplit(word).scheme == SCHEME


@dataclass(frozen=True, slots=True)
class NoteLink:
    """`notesapp://note/<id>`: shows a note."""

    note_id: bytes


@dataclass(frozen=True, slots=True)
class SearchLink:
    """`notesapp://search/<words>`: searches."""

    query: str


@dataclass(frozen=True, slots=True)
class NewLink:
    """`notesapp://new`: begins a note. A link never brings text along: any web page can hold one."""


@dataclass(frozen=True, slots=True)
class QuickLink:
    """`notesapp://quick`: shows the quick note; what `--quick-note` hands over."""


@dataclass(frozen=True, slots=True)
class JoinLink:
    """`notesapp://join#…`: shows an invitation in the join card; it never joins by itself."""

    text: str


def parse_link(link: str) -> NoteLink | SearchLink | NewLink | QuickLink | JoinLink | None:
    """What a link asks for; None for anything else."""
    parts = urlsplit(link)
    if parts.scheme == SCHEME and parts.netloc == "join" and len(link) <= JOIN_LIMIT:
        return JoinLink(link)
    if parts.scheme != SCHEME or len(link) > 2_000:
        return None
    rest = unquote(parts.path).strip("/")
    match parts.netloc:
        case "note" if len(rest) == 32:
            try:
                return NoteLink(bytes.fromhex(rest))
            except ValueError:
                return None
        case "search" if rest:
            return SearchLink(rest[:200])
        case "new":
            return NewLink()
        case "quick":
            return QuickLink()
        case _:
            return None
