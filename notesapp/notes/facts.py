"""The nouns that Markdown text holds: links, tags, tasks, headings. Values only; `markup` finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WikiLink:
    """`[[target#heading|label]]`, or an embed with `!` before it; `at`..`end` includes the brackets and the mark.

    `target` is "" for a link into the same note; `heading` keeps a block's `^`; `label` is None if none is written.
    """

    at: int
    end: int
    target: str
    heading: str
    label: str | None
    embed: bool
    target_at: int


@dataclass(frozen=True, slots=True)
class MarkdownLink:
    """`[label](target "title")`, an image with `!`, or a definition `[label]: target`; the target as it is written."""

    at: int
    end: int
    target: str
    label: str
    image: bool
    target_at: int


@dataclass(frozen=True, slots=True)
class Tag:
    """`#name` in running text; `name` without the mark, nested with `/`."""

    at: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Task:
    """A list item with a box; `at` is its `[`. Any mark but a blank counts as done."""

    at: int
    done: bool
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1–6; `at` is its line's start; `text` without marks at its edges."""

    at: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a note's text says about itself. `tags` holds front matter's first, each once (in any letter case)."""

    title: str
    snippet: str
    tags: tuple[str, ...]
    aliases: tuple[str, ...]
    links: tuple[WikiLink, ...]
    md_links: tuple[MarkdownLink, ...]
    inline_tags: tuple[Tag, ...]
    tasks: tuple[Task, ...]
    headings: tuple[Heading, ...]
    front_matter: Mapping[str, object]
    body_at: int
    words: int
