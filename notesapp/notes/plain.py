"""Decides what a note reads like without its marks: title, snippet, and one line of Markdown as plain words."""

from __future__ import annotations

import re
import unicodedata

from notesapp.notes.opaque import BLOCK, INLINE

TITLE_CHARS = 200
SNIPPET_CHARS = 240
_LONGEST_LINE = 2_000  # a line that is longer is read this far: nobody sees more of it in a list

_BLOCK_MARKS = re.compile(
    r"[ \t]*+(?:>[ \t]*+)*+(?:\[![\w-]++\][+-]?[ \t]*+)?(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)*+(?:\[[^\]\n]\][ \t]++)?"
    r"(?:#{1,6}(?:[ \t]++|$))?"
)
_RULE = re.compile(r"[ \t]*+(?:(?:\*[ \t]*+){3,}+|(?:-[ \t]*+){3,}+|(?:_[ \t]*+){3,}+|=++[ \t]*+)$")
_UNDERLINE = re.compile(r" {0,3}(?:=++|-{2,}+)[ \t]*+$", re.MULTILINE)
_LISTED = re.compile(r"[-*+>|]|\d{1,9}[.)]")
_TABLE_RULE = re.compile(r"[ \t]*+\|?[ \t:|-]*-[ \t:|-]*$")
_CLOSING_HASHES = re.compile(r"(?:^|[ \t])#++[ \t]*+$")
_BLOCK_ID = re.compile(r"[ \t]\^[\w-]++[ \t]*+$")
_MARKS = re.compile(
    r"(?P<ticks>`++)(?P<code>[^`]++)(?P=ticks)"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|!\[\[[^\[\]]*+\]\]"
    r"|\[\[(?P<wiki>[^\[\]]*+)\]\]"
    r"|!\[[^\[\]]*+\]\((?:[^()]|\([^()]*+\))*+\)"
    r"|\[(?P<label>[^\[\]^][^\[\]]*+)\](?:\((?:[^()]|\([^()]*+\))*+\)|\[[^\[\]]*+\])"
    r"|\[\^[^\[\]]*+\]"
    r"|<(?P<auto>https?://[^<>\s]++)>"
    r"|</?[a-zA-Z][^<>]*+>"
    r"|\*{2,3}|~~|==|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)"
)
_BLANKS = re.compile(r"\s++")


def plain(line: str) -> str:
    """One line of Markdown as a person reads it: no marks, links as their labels, blanks single, embeds gone."""
    line = line[:_LONGEST_LINE]
    line = _BLOCK_ID.sub("", line[_BLOCK_MARKS.match(line).end() :])  # type: ignore[union-attr] # it can be empty: always matches
    if "|" in line and line.lstrip().startswith("|"):
        line = line.replace("\\|", "\\¦").replace("|", " ").replace("\\¦", "\\|")
    return _BLANKS.sub(" ", _MARKS.sub(_without_marks, line)).strip()


def _without_marks(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "code":
            return found["code"].strip()
        case "escaped":
            return found["escaped"]
        case "wiki":
            target, bar, label = found["wiki"].partition("|")
            return label if bar else target.strip("#").removesuffix("\\").replace("#", " › ")
        case "label":
            return _MARKS.sub(_without_marks, found["label"])
        case "auto":
            return found["auto"]
    return ""


def heading_text(line: str) -> str:
    """What stands between a heading's marks."""
    return _CLOSING_HASHES.sub("", line).strip()


def title_and_snippet(text: str, veiled: str, body_at: int, given_title: str, file_name: str) -> tuple[str, str]:
    """Title: `given_title`, else a heading on the first line, else `file_name`, else the first line with words.

    Snippet: what follows it.
    """
    title, parts, room = given_title, list[str](), SNIPPET_CHARS
    at, size = body_at, len(text)
    while at < size and room > 0:
        end = text.find("\n", at)
        end = size if end < 0 else end
        line = _readable(text[at : min(end, at + _LONGEST_LINE)], veiled[at : min(end, at + _LONGEST_LINE)])
        if not line or (not parts and line == title):
            at = end + 1
            continue
        if not title and (not file_name or _is_heading(veiled, at, end)):
            title = line
        else:
            title = title or file_name
            parts.append(line)
            room -= len(line) + 1
        at = end + 1
    return _cut(title or file_name, TITLE_CHARS), _cut(" ".join(parts), SNIPPET_CHARS)


def _is_heading(veiled: str, at: int, end: int) -> bool:
    """Whether the line from `at` to `end` is a heading: by its hashes, or by the line of signs below it."""
    start = veiled[at : min(end, at + 80)].lstrip(" ")
    if start.startswith("#"):
        return True
    return _UNDERLINE.match(veiled, end + 1) is not None and not _LISTED.match(start)


def _readable(line: str, veiled: str) -> str:
    """The line in plain words; "" for what a reader doesn't take for text: code, comments, rules, embeds."""
    if not line or line.isspace():
        return ""
    if BLOCK in veiled:
        line = "".join(char for char, mask in zip(line, veiled, strict=True) if mask != BLOCK)
    if INLINE not in veiled and (_RULE.match(line) or _TABLE_RULE.match(line)):
        return ""
    if veiled.lstrip(" \t").startswith("#"):
        line = _CLOSING_HASHES.sub("", line)
    return plain(line)


def _cut(text: str, limit: int) -> str:
    """At most `limit` characters, ending at a word if one ends near, and never between a letter and its accent."""
    if len(text) <= limit:
        return text
    cut = text.rfind(" ", limit - 30, limit)
    end = cut if cut > 0 else limit - 1
    while end > 1 and (unicodedata.combining(text[end]) or text[end] == "\u200d" or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end].rstrip(" ,;:–—-") + "…"
