"""Decides how notes and folders are called in a file system: safe on Windows, macOS and Linux, unique in any case.

Sources: Microsoft, "Naming Files, Paths, and Namespaces" (reserved names and characters, no final dot or blank), 255
UTF-8 bytes a name (ext4, APFS). It touches no file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

NAME_BYTES = 240  # leaves room for an ending and a number within 255
PATH_CHARS = 220  # Windows programs without long-path support stop at 260, the target folder included

_UNSAFE = re.compile('[<>:"/\\\\|?*\x00-\x1f\x7f\u0080-\u009f]')
_SOFTER = {":": " -", '"': "'", "/": "-", "\\": "-", "|": "-", "<": "(", ">": ")", "?": "", "*": ""}
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\s*\..*)?", re.IGNORECASE)
_UNLINKABLE = re.compile(r"[\[\]#^|]|%%")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")

MARKDOWN_ENDINGS = (".md", ".markdown")


def name_key(name: str) -> str:
    """What two names have in common that a file system may take for one: case folded, composed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def is_safe(name: str) -> bool:
    """Whether `name` can be a file or folder on every system as it stands."""
    return safe_name(name) == name


def safe_name(name: str, fallback: str = "Untitled") -> str:
    """The nearest name that every system takes; names that are safe already stay as they are."""
    if _UNSAFE.search(name):
        name = _BLANKS.sub(" ", _UNSAFE.sub(lambda found: _SOFTER.get(found[0], ""), name))
    name = name.strip(" ").rstrip(". ")
    if name.startswith("."):
        name = "_" + name  # a hidden file would not be found again
    if _RESERVED.fullmatch(name):
        stem, dot, rest = name.partition(".")
        name = f"{stem.rstrip()}_{dot}{rest}"
    return _shorten(name, NAME_BYTES).rstrip(". ") or fallback


def name_from_title(title: str) -> str:
    """A file name for a new note from its title: safe, and such that `[[name]]` links to it."""
    return safe_name(_BLANKS.sub(" ", _UNLINKABLE.sub(" ", title)).strip())


def is_linkable(name: str) -> bool:
    """Whether `[[name]]` can lead to a note of this name."""
    return bool(name.strip()) and not _UNLINKABLE.search(name) and "\n" not in name


def why_no_name(name: str) -> str:
    """What keeps a person from calling a note so, as a sentence; "" if nothing does."""
    if not name.strip() or name.strip() in (".", ".."):
        return f"A note can't be called “{name}”: a name needs letters or digits."
    if not is_linkable(name) or "/" in name or "\\" in name or _CONTROL.search(name):
        return f"A note can't be called “{_CONTROL.sub(' ', name)}”: leave out / \\ [ ] # ^ | and line ends."
    return ""


def why_no_folder(path: str) -> str:
    """What keeps a person from calling a folder so, as a sentence; "" if nothing does (the top is "")."""
    if any(part.strip() in (".", "..") for part in path.replace("\\", "/").split("/")):
        return f"“{path}” is no folder: write the folders from the notebook's top, like work/plans, without . and .. ."
    if _CONTROL.search(path):
        return f"A folder can't be called “{_CONTROL.sub(' ', path)}”: leave out line ends and control characters."
    return ""


def clean_folder(path: str) -> str:
    """A folder path as the index may hold it: parts joined by `/`, none empty, `.` or `..`; "" is the top."""
    parts = path.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part.strip() not in ("", ".", ".."))


def tidy_folder(path: str) -> str:
    """A folder path that a person typed: as `clean_folder`, and without blanks around its parts."""
    return "/".join(part.strip() for part in clean_folder(path).split("/"))


def safe_folder(path: str) -> str:
    """The folder path with each part made safe."""
    return "/".join(safe_name(part, "Folder") for part in path.split("/") if part)


def split_ending(name: str) -> tuple[str, str]:
    """The name and its ending with the dot; no ending for `.hidden` and for what isn't short letters and digits."""
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or not ending or len(ending) > 12 or not ending.isalnum():
        return name, ""
    return stem, dot + ending


def note_name(file: str) -> str | None:
    """The `file_name` of a note that was the Markdown file `file`; None if that is no Markdown file.

    `Plan.md` → `Plan`; an unusual ending stays part of the name (`Plan.MD`, `Plan.markdown`), so that it comes back.
    """
    stem, ending = split_ending(file)
    if ending.lower() not in MARKDOWN_ENDINGS:
        return None
    return stem if ending == ".md" else file


def note_file(file_name: str) -> str:
    """The Markdown file of a note called `file_name`: the way back from `note_name`."""
    ending = split_ending(file_name)[1]
    return file_name if ending != ".md" and ending.lower() in MARKDOWN_ENDINGS else file_name + ".md"


def unique_name(file: str, taken: Container[str]) -> str:
    """`file`, or `file 2`, `file 3` … before its ending, so that its `name_key` isn't among `taken`."""
    if name_key(file) not in taken:
        return file
    stem, ending = split_ending(file)
    number = 2
    while name_key(f"{stem} {number}{ending}") in taken:
        number += 1
    return f"{stem} {number}{ending}"


def shorten_file(file: str, limit_bytes: int) -> str:
    """The file name within `limit_bytes` of UTF-8, its ending kept."""
    stem, ending = split_ending(file)
    return _shorten(stem, max(8, limit_bytes - len(ending.encode()))).rstrip(". ") + ending


def _shorten(name: str, limit_bytes: int) -> str:
    if len(name.encode("utf-8", "replace")) <= limit_bytes:
        return name
    short = name.encode("utf-8", "replace")[:limit_bytes].decode("utf-8", "ignore")
    while short and (unicodedata.combining(short[-1]) or short[-1] == "\u200d"):
        short = short[:-1]  # an accent or joiner whose neighbour was cut off
    return short
