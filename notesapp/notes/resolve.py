"""Decides which note (or attachment) a link leads to. Knows names and folders; reads and changes no text.

Order: a path, then the file name, then an alias, then the title; letter case and composition don't matter. Of several
candidates the one nearest to the linking note's folder wins, then the one with the same letter case, then the
shortest path, then the alphabet: the same answer on every device.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from notesapp.notes.file_names import MARKDOWN_ENDINGS, name_key, split_ending


@dataclass(frozen=True, slots=True)
class Place:
    """What can be linked to: a note or an attachment (`file_name` with its ending), where, and its other names."""

    id: bytes
    folder: str
    file_name: str
    aliases: tuple[str, ...] = ()
    title: str = ""

    @property
    def path(self) -> str:
        """Folder and file name."""
        return f"{self.folder}/{self.file_name}" if self.folder else self.file_name


class Resolver:
    """Resolves links over many places; places can be put and dropped one by one."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self._places: dict[bytes, Place] = {}
        self._names: dict[str, dict[bytes, Place]] = {}
        self._paths: dict[str, dict[bytes, Place]] = {}
        self._aliases: dict[str, dict[bytes, Place]] = {}
        self._titles: dict[str, dict[bytes, Place]] = {}
        for place in places:
            self.put(place)

    def put(self, place: Place) -> None:
        """Add a place, or change what is known of it."""
        if self._places.get(place.id) == place:
            return
        self.drop(place.id)
        self._places[place.id] = place
        for table, key in self._keys(place):
            table.setdefault(key, {})[place.id] = place

    def drop(self, place_id: bytes) -> None:
        """Forget a place; unknown ones are fine."""
        place = self._places.pop(place_id, None)
        if place is None:
            return
        for table, key in self._keys(place):
            held = table.get(key, {})
            held.pop(place_id, None)
            if not held:
                table.pop(key, None)

    def resolve(self, target: str, folder: str = "") -> Place | None:
        """Where `target` (no heading, no label, not percent-encoded) leads from a note in `folder`."""
        key = _key(target)
        if not key or key.endswith("/"):
            return None
        if "/" in key:
            found = self._by_path(key, folder)
        else:
            here = self._paths.get(name_key(f"{folder}/{key}") if folder else key)
            found = here or self._names.get(key)
        found = found or self._aliases.get(key) or self._titles.get(key)
        if not found:
            return None
        exact = target.rpartition("/")[2]
        return min(found.values(), key=lambda place: _rank(place, folder, exact))

    def resolve_url(self, url: str, folder: str = "") -> Place | None:
        """Where a Markdown link's target leads: percent-encoded, maybe with a heading; None for the outside world."""
        path = local_path(url)
        if path is None:
            return None
        if not path.startswith(("/", "./", "../")) and "/" in path and folder:
            beside = self._paths.get(_key(f"{folder}/{path}"))
            if beside:
                return min(beside.values(), key=lambda place: _rank(place, folder, path))
        return self.resolve(path, folder)

    def leads_to(self, place_id: bytes, folder: str = "") -> Callable[[str], bool]:
        """A question for `links.rename_links`: does this target, in a note in `folder`, lead there by its file name?

        A link by alias or title isn't meant: it stays right when the note is renamed.
        """

        def asks(target: str) -> bool:
            place = self.resolve(target, folder)
            if place is None or place.id != place_id:
                return False
            return _key(target.rpartition("/")[2]) == _key(place.file_name)

        return asks

    def _by_path(self, key: str, folder: str) -> dict[bytes, Place] | None:
        if key.startswith(("./", "../")):
            return self._paths.get(_relative(key, name_key(folder)))
        whole = self._paths.get(key.lstrip("/"))
        if whole or key.startswith("/"):
            return whole
        ending = "/" + key  # the end of a path is enough, as in Obsidian
        named = self._names.get(key.rpartition("/")[2], {})
        return {place.id: place for place in named.values() if _key("/" + place.path).endswith(ending)}

    def _keys(self, place: Place) -> list[tuple[dict[str, dict[bytes, Place]], str]]:
        keys = [(self._names, _key(place.file_name)), (self._paths, _key(place.path))]
        keys += [(self._aliases, _key(alias)) for alias in place.aliases]
        if place.title:
            keys.append((self._titles, _key(place.title)))
        return [(table, key) for table, key in keys if key]


def local_path(url: str) -> str | None:
    """The decoded path of a relative URL without heading and query; None for web addresses and links to headings."""
    path = url.partition("#")[0].partition("?")[0]
    scheme, colon, _ = path.partition(":")
    if (colon and scheme.isalnum() and len(scheme) > 1) or path.startswith("//") or not path:
        return None
    return unquote(path)


def _key(name: str) -> str:
    key = name_key(name.strip())
    stem, ending = split_ending(key)
    return stem if ending in MARKDOWN_ENDINGS else key


def _relative(key: str, folder: str) -> str:
    parts = folder.split("/") if folder else []
    for part in key.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts)


def _rank(place: Place, folder: str, exact: str) -> tuple[int, bool, int, str, bytes]:
    mine = folder.split("/") if folder else []
    its = place.folder.split("/") if place.folder else []
    common = 0
    for a, b in zip(mine, its, strict=False):
        if a != b:
            break
        common += 1
    steps = len(mine) + len(its) - 2 * common
    return steps, place.file_name != exact, len(its), place.path, place.id
