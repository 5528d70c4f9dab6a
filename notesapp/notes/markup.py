"""Decides what a note's text says: title, snippet, tags, aliases, links, tasks, headings, number of words.

Markdown as CommonMark, GitHub and Obsidian write it, one linear pass per kind of thing over a text whose code and
comments are veiled. It knows no other note: where a link leads is `resolve`'s matter, changing one is `links`'.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from notesapp.notes import front_matter
from notesapp.notes.facts import Facts, Heading, MarkdownLink, Tag, Task, WikiLink
from notesapp.notes.opaque import INLINE, veil
from notesapp.notes.plain import heading_text, title_and_snippet

__all__ = ["Facts", "Heading", "MarkdownLink", "Tag", "Task", "WikiLink", "parse", "tag_key"]

_WIKI = re.compile(r"!?\[\[([^\[\]\n]++)\]\]")
_BRACKETS = re.compile(r"!?\[|\]|\n[ \t]*+(?=\n)")
_DESTINATION = re.compile(
    r"\([ \t]*+(?:<([^<>\n]*+)>|((?:[^\s()<]|\([^\s()]*+\))(?:[^\s()]|\([^\s()]*+\))*+)?)"
    r"""(?:[ \t]++(?:"[^"\n]*+"|'[^'\n]*+'|\([^()\n]*+\)))?[ \t]*+\)"""
)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)([^\[\]\n]++)\]:[ \t]*+(?:<([^<>\n]*+)>|([^\s<]\S*+))", re.MULTILINE)
_URL_REST = re.compile(r"://[^\s<>]*+")
# Obsidian's rule: anything but blanks and punctuation, at least one character that is no digit
_TAG = re.compile(
    r"(?<![^\s(\[{,;\"'“”‘’„«»*_~=|>–—、。，；：（「『])#"
    r"([^\s\x00\x01\u2000-\u206f\u2e00-\u2e7f\u3000-\u3003\u3008-\u3011\uff01-\uff0f\uff1a-\uff20"
    r"'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\“”‘’„«»]++)"
)
_ATX = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]([^\n]*+))?$", re.MULTILINE)
_SETEXT = re.compile(r"\n {0,3}(=++|-++)[ \t]*+$", re.MULTILINE)
_NOT_A_PARAGRAPH = re.compile(r" {0,3}(?:#{1,6}(?:[ \t]|$)|>|\||[-*+][ \t]|\d{1,9}[.)][ \t])|\s*$|\x00|(?: {4}|\t)")
_TASK = re.compile(r"^[ \t>]*+(?:[-*+]|\d{1,9}[.)])[ \t]++(\[([^\]\n])\])(?:[ \t]++([^\n]*+))?$", re.MULTILINE)
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_IDEOGRAPH = re.compile(f"[{_CJK}]")  # written without blanks: each counts as a word
_WORD = re.compile(r"\w[\w'’-]*+")
_WORD_OR_IDEOGRAPH = re.compile(rf"[{_CJK}]|[^\W{_CJK}](?:[^\W{_CJK}]|['’-])*+")
_DIGITS = re.compile(r"[\d/_-]*")


def parse(text: str, file_name: str = "") -> Facts:
    """All facts of one text; `file_name` is the title of last resort. About 0.1 ms per kB, linear on any input."""
    front = front_matter.find(text)
    body_at = front.body_at if front else 0
    veiled = veil(text, body_at)
    links = tuple(_wiki_links(text, veiled))
    rest = _blank(veiled, ((link.at, link.end) for link in links))
    md_links = tuple(_markdown_links(text, rest, body_at))
    prose = _blank(rest, ((link.at if link.image else link.target_at, link.end) for link in md_links))
    inline_tags = tuple(_inline_tags(prose, body_at))
    given_title = ""
    written_tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    if front:
        title = front.get("title")
        given_title = " ".join(title.split()) if isinstance(title, str) else ""
        written_tags = tuple(filter(_is_tag, front_matter.words_of(front.get("tags", "tag"))))
        aliases = front_matter.names_of(front.get("aliases", "alias"))
    title, snippet = title_and_snippet(text, veiled, body_at, given_title, file_name)
    return Facts(
        title=title,
        snippet=snippet,
        tags=_each_once([*written_tags, *(tag.name for tag in inline_tags)]),
        aliases=aliases,
        links=links,
        md_links=md_links,
        inline_tags=inline_tags,
        tasks=tuple(_tasks(text, veiled, body_at)),
        headings=tuple(_headings(text, veiled, body_at)),
        front_matter=front.fields if front else {},
        body_at=body_at,
        words=_count_words(text, body_at),
    )


def tag_key(tag: str) -> str:
    """What two spellings of one tag have in common: `#Ärger` and `#ärger` are one, composed or not."""
    return unicodedata.normalize("NFC", tag.strip("#/")).casefold()


def _count_words(text: str, body_at: int) -> int:
    pattern = _WORD if text.isascii() or not _IDEOGRAPH.search(text, body_at) else _WORD_OR_IDEOGRAPH
    return len(pattern.findall(text, body_at))


def _each_once(tags: Iterable[str]) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for tag in tags:
        seen.setdefault(tag_key(tag), tag)
    return tuple(seen.values())


def _is_tag(name: str) -> bool:
    return _DIGITS.fullmatch(name) is None


def _blank(veiled: str, ranges: Iterable[tuple[int, int]]) -> str:
    pieces, at = [], 0
    for begin, end in sorted(ranges):
        if begin >= at:
            pieces += [veiled[at:begin], INLINE * (end - begin)]
            at = end
    pieces.append(veiled[at:])
    return "".join(pieces)


def _wiki_links(text: str, veiled: str) -> Iterable[WikiLink]:
    for found in _WIKI.finditer(veiled):
        inner_at, inner_end = found.span(1)
        inner = text[inner_at:inner_end]
        where, bar, label = inner.partition("|")
        if bar:
            where = where.removesuffix("\\")  # in a table the bar is escaped
        target, _, heading = where.partition("#")
        if where.strip():
            yield WikiLink(
                at=found.start(),
                end=found.end(),
                target=target.strip(),
                heading=heading.strip(),
                label=label if bar else None,
                embed=text[found.start()] == "!",
                target_at=inner_at + len(target) - len(target.lstrip()),
            )


def _markdown_links(text: str, veiled: str, body_at: int) -> Iterable[MarkdownLink]:
    """Inline links by matching brackets (an image may stand in a link's label), then definitions."""
    open_ats: list[int] = []
    for found in _BRACKETS.finditer(veiled, body_at):
        if found[0].startswith("\n"):
            open_ats.clear()
        elif found[0] != "]":
            open_ats.append(found.start())
        elif open_ats:
            at = open_ats.pop()
            where = _DESTINATION.match(veiled, found.end())
            if where:
                begin, end = where.span(1) if where[1] is not None else where.span(2)
                if begin >= 0:
                    image = text[at] == "!"
                    label = text[at + 1 + image : found.start()]
                    yield MarkdownLink(at, where.end(), text[begin:end], label, image, begin)
    for found in _DEFINITION.finditer(veiled, body_at):
        begin, end = found.span(2) if found[2] is not None else found.span(3)
        yield MarkdownLink(found.start(), end, text[begin:end], text[slice(*found.span(1))], False, begin)


def _inline_tags(prose: str, body_at: int) -> Iterable[Tag]:
    if "#" not in prose:
        return
    if "://" in prose:
        prose = _blank(prose, (found.span() for found in _URL_REST.finditer(prose, body_at)))
    for found in _TAG.finditer(prose, body_at):
        name = found[1].rstrip("/")
        if name and _is_tag(name):
            yield Tag(found.start(), found.start(1) + len(name), name)


def _tasks(text: str, veiled: str, body_at: int) -> Iterable[Task]:
    if "[" not in veiled:
        return
    for found in _TASK.finditer(veiled, body_at):
        begin, end = found.span(3)
        yield Task(found.start(1), found[2] != " ", text[begin:end].strip() if begin >= 0 else "")


def _headings(text: str, veiled: str, body_at: int) -> Iterable[Heading]:
    headings = []
    for found in _ATX.finditer(veiled, body_at):
        begin, end = found.span(2)
        said = heading_text(text[begin:end]) if begin >= 0 else ""
        headings.append(Heading(found.start(), len(found[1]), said))
    for found in _SETEXT.finditer(veiled, body_at):
        line_at = max(veiled.rfind("\n", body_at, found.start()) + 1, body_at)
        if not _NOT_A_PARAGRAPH.match(veiled, line_at, found.start()):
            level = 1 if found[1][0] == "=" else 2
            headings.append(Heading(line_at, level, text[line_at : found.start()].strip()))
    return sorted(headings, key=lambda heading: heading.at)
