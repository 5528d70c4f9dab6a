"""Decides which splices change a link, a task or a tag in a text, and nothing else in it.

Several splices come last one first, so that each fits both the text as it was and the text that is left by those
before it. It opens no other note; which targets mean the renamed note is the caller's question (`Resolver.leads_to`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from urllib.parse import quote

from notesapp.errors import BadRequest
from notesapp.notes import front_matter, markup
from notesapp.notes.facts import MarkdownLink, WikiLink
from notesapp.notes.file_names import MARKDOWN_ENDINGS, is_linkable, name_key, split_ending
from notesapp.notes.opaque import veil
from notesapp.notes.resolve import local_path
from notesapp.text import Splice

_BOX = re.compile(r"[ \t>]*+(?:[-*+]|\d{1,9}[.)])[ \t]++\[([^\]\n])\](?=[ \t]|$)", re.MULTILINE)
_NEEDS_CODE_IN_ANGLES = "<>#?%\\"
_NEEDS_CODE = ' <>()#?%"\\'


def rename_links(text: str, old_names: Collection[str] | Callable[[str], bool], new_name: str) -> tuple[Splice, ...]:
    """The splices that let every link to the old names lead to `new_name`: only the name itself is replaced.

    `old_names` holds targets as written (without `.md`; letter case doesn't matter) or answers for a target whether
    it means the renamed note. Folders before the name, headings, labels, `.md` endings and embed marks stay.
    BadRequest if no link can be written to `new_name`.
    """
    if not is_linkable(new_name):
        raise BadRequest(what=f"No link can lead to a note called “{new_name}”: leave out [ ] # ^ and |.")
    if callable(old_names):
        asks = old_names
    else:
        keys = {_target_key(name) for name in old_names}

        def asks(target: str) -> bool:
            return _target_key(target) in keys

    return relink(text, lambda target: new_name if asks(target) else None)


def relink(text: str, new_name_for: Callable[[str], str | None]) -> tuple[Splice, ...]:
    """As `rename_links` for many notes at once: the new name for a target as written, or None to leave it."""
    facts = markup.parse(text)
    found = [_relink_wiki(link, new_name_for) for link in facts.links]
    found += [_relink_markdown(text, link, new_name_for) for link in facts.md_links]
    splices = {splice.at: splice for splice in found if splice is not None}
    return tuple(splices[at] for at in sorted(splices, reverse=True))


def _relink_wiki(link: WikiLink, new_name_for: Callable[[str], str | None]) -> Splice | None:
    new_name = new_name_for(link.target) if link.target else None
    if new_name is None:
        return None
    at, old = _last_part(link.target)
    return _unless_equal(Splice(link.target_at + at, old, new_name))


def _relink_markdown(text: str, link: MarkdownLink, new_name_for: Callable[[str], str | None]) -> Splice | None:
    path = local_path(link.target)
    new_name = new_name_for(path) if path else None
    if new_name is None:
        return None
    raw = link.target.partition("#")[0].partition("?")[0]
    at, old = _last_part(raw)
    in_angles = text[link.target_at - 1] == "<"
    risky = _NEEDS_CODE_IN_ANGLES if in_angles else _NEEDS_CODE
    coded = "".join(quote(char) if char in risky or (char.isspace() and not in_angles) else char for char in new_name)
    return _unless_equal(Splice(link.target_at + at, old, coded))


def _last_part(path: str) -> tuple[int, str]:
    """The name within a path: (where it begins, the name without folders and without a Markdown ending)."""
    at = path.rfind("/") + 1
    stem, ending = split_ending(path[at:])
    return at, stem if ending.lower() in MARKDOWN_ENDINGS else path[at:]


def _target_key(target: str) -> str:
    stem, ending = split_ending(target.strip())
    return name_key(stem if ending.lower() in MARKDOWN_ENDINGS else target.strip()).removeprefix("./")


def _unless_equal(splice: Splice) -> Splice | None:
    return None if splice.removed == splice.inserted else splice


def toggle_task(text: str, at: int) -> Splice | None:
    """The splice that ticks or unticks the task in the line around `at`; None if there is no task in that line."""
    line_at = text.rfind("\n", 0, at) + 1
    if not _BOX.match(text, line_at):
        return None
    front = front_matter.find(text)
    body_at = front.body_at if front else 0
    found = _BOX.match(veil(text, body_at), line_at) if line_at >= body_at else None
    if found is None:
        return None
    return Splice(found.start(1), found[1], "x" if found[1] == " " else " ")
