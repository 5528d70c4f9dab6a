"""Decides how a tag is put into a text and taken out of it: in the front matter as it is written there, or in the text.

Nothing else is reformatted. Several splices are to be applied in order: each fits the text left by those before it.
"""

from __future__ import annotations

import re

from notesapp.errors import BadRequest
from notesapp.notes import front_matter, markup
from notesapp.notes.markup import tag_key
from notesapp.text import Splice, apply

_TAGS_LINE = re.compile(r"^(?:tags?|\"tags?\"|'tags?')[ \t]*:", re.IGNORECASE | re.MULTILINE)
_ITEM = re.compile(r"([ \t]*)-(?:[ \t]+([^\n]*))?(?:\n|\Z)")
_WORD = re.compile(r""""[^"\n]*"|'[^'\n]*'|[^\s,\[\]"']+""")
_ONLY_TAGS = re.compile(r"[ \t]*(?:#[^\s#]+[ \t]*)+")
_ROUNDS = 20  # more of them glued together is no writing
_MEANS_SOMETHING = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


def add_tag(text: str, tag: str) -> tuple[Splice, ...]:
    """The splice that adds the tag, () if the text has it already. BadRequest if that can't be a tag.

    It goes into the front matter's tags if there are any, else behind the tags in the last line, else into a line of
    its own at the end (into the front matter if the text's end is code or a comment).
    """
    name = _checked(tag)
    if tag_key(name) in map(tag_key, markup.parse(text).tags):
        return ()
    for splice in (_into_front_matter(text, name), _at_the_end(text, name), _new_front_matter(text, name)):
        if splice is not None and tag_key(name) in map(tag_key, markup.parse(apply(text, splice)).tags):
            return (splice,)
    raise BadRequest(what=f"The tag “{name}” can't be added to this note; write it into the text.")


def remove_tag(text: str, tag: str) -> tuple[Splice, ...]:
    """The splices that take the tag out: from front matter, from lines of tags; within a sentence only its `#`.

    Only that very tag: `a` doesn't take `a/b`. To be applied in order.
    """
    key = tag_key(tag)
    splices: list[Splice] = []
    for _ in range(_ROUNDS):  # `#a#a`: the second one becomes a tag when the first is gone
        found = _occurrences(text, key)
        if not found:
            break
        splices += found
        for splice in found:
            text = apply(text, splice)
    return tuple(splices)


def _occurrences(text: str, key: str) -> list[Splice]:
    """What takes out each place where the tag stands now, last one first."""
    facts = markup.parse(text)
    places = [tag for tag in facts.inline_tags if tag_key(tag.name) == key]
    splices: list[Splice] = []
    for tag in reversed(places):
        splice = _out_of_the_text(text, tag.at, tag.end, facts.body_at)
        if splices and splice.removed_end > splices[-1].at:  # `#a #a`: both want the blank between them
            splice = Splice(splice.at, text[splice.at : splices[-1].at], "")
        splices.append(splice)
    return [*splices, *_out_of_front_matter(text, key)]


def _checked(tag: str) -> str:
    name = tag.strip().lstrip("#").strip("/")
    found = markup.parse(f"#{name}").inline_tags
    if len(found) != 1 or found[0].name != name:
        raise BadRequest(what=f"“{tag}” can't be a tag: no blanks or punctuation but - _ /, and not only digits.")
    return name


def _into_front_matter(text: str, name: str) -> Splice | None:
    front = front_matter.find(text)
    if front is None:
        return None
    key = _TAGS_LINE.search(text, front.at, front.end)
    item = f'"{name}"' if name.casefold() in _MEANS_SOMETHING else name
    if key is None:
        return Splice(front.end, "", f"tags:\n  - {item}\n")
    line_end = text.find("\n", key.end())
    value = _without_comment(text[key.end() : line_end])
    value_at = key.end() + len(value) - len(value.lstrip())
    value_end = key.end() + len(value.rstrip())
    if not value.strip():
        at, indent = _after_items(text, line_end + 1, front.end)
        return Splice(at, "", f"{indent}- {item}\n")
    if text[value_at] == "[":
        close = text.find("]", value_at, front.end)
        if close < 0:
            return None
        return Splice(len(text[:close].rstrip()), "", item if not text[value_at + 1 : close].strip() else f", {item}")
    if text[value_at] in "\"'" and text[value_end - 1] == text[value_at] and value_end - 1 > value_at:
        value_end -= 1
    glue = " " if "," not in value and len(value.split()) > 1 else ", "
    return Splice(value_end, "", glue + name)


def _without_comment(value: str) -> str:
    at = value.find(" #")
    return value if at < 0 else value[:at]


def _after_items(text: str, at: int, end: int) -> tuple[int, str]:
    """Behind the last item of the list that begins at `at`, and how its items are indented."""
    indent = "  "
    while at < end and (found := _ITEM.match(text, at, end)):
        indent = found[1]
        at = found.end()
    return at, indent


def _at_the_end(text: str, name: str) -> Splice:
    end = len(text.rstrip())
    line_at = text.rfind("\n", 0, end) + 1
    if end and _ONLY_TAGS.fullmatch(text, line_at, end):
        return Splice(end, "", f" #{name}")
    gap = "\n\n"[: max(0, 2 - (len(text) - len(text.rstrip("\n"))))] if end else ""
    return Splice(len(text), "", f"{gap}#{name}\n")


def _new_front_matter(text: str, name: str) -> Splice | None:
    if front_matter.find(text) is not None:
        return None
    return Splice(0, "", f"---\ntags:\n  - {name}\n---\n")


def _out_of_the_text(text: str, at: int, end: int, body_at: int) -> Splice:
    """A line of tags loses the whole tag (and the line, if it was the last one); a sentence keeps its words."""
    line_at = text.rfind("\n", 0, at) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    if not _ONLY_TAGS.fullmatch(text, line_at, line_end):
        return Splice(at, "#", "")
    if not (text[line_at:at] + text[end:line_end]).strip():
        begin = max(line_at - 1, body_at)
        stop = line_end if begin < line_at else min(line_end + 1, len(text))
        return Splice(begin, text[begin:stop], "")
    while end < line_end and text[end] in " \t":
        end += 1
    if end == line_end:
        while at > line_at and text[at - 1] in " \t":
            at -= 1
    return Splice(at, text[at:end], "")


def _out_of_front_matter(text: str, key: str) -> tuple[Splice, ...]:
    front = front_matter.find(text)
    if front is None:
        return ()
    lines = list(_TAGS_LINE.finditer(text, front.at, front.end))  # one, unless somebody wrote it twice
    return tuple(splice for line in reversed(lines) for splice in _out_of_line(text, line.end(), front.end, key))


def _out_of_line(text: str, value_at: int, front_end: int, key: str) -> tuple[Splice, ...]:
    """What takes the tag out of one line of tags, or of the list below it; last one first."""
    line_end = text.find("\n", value_at)
    splices: list[Splice] = []
    if not _without_comment(text[value_at:line_end]).strip():
        at = line_end + 1
        while at < front_end and (item := _ITEM.match(text, at, front_end)):
            words = front_matter.words_of(_without_comment(item[2] or "").strip(" \t\"'"))
            if len(words) == 1 and tag_key(words[0]) == key:
                splices.append(Splice(at, item[0], ""))
            at = item.end()
        return tuple(reversed(splices))
    begin, stop = _row_of_words(text, value_at, line_end, front_end)
    row = list(_WORD.finditer(text, begin, stop))
    for index, word in enumerate(row):
        if tag_key(word[0].strip("\"'").lstrip("#")) == key:
            splices.append(_one_word(text, row, index))
    return tuple(reversed(splices))


def _row_of_words(text: str, at: int, line_end: int, end: int) -> tuple[int, int]:
    """Where the tags stand that are written in a row: within brackets, within quotes, or bare."""
    value = _without_comment(text[at:line_end])
    begin = at + len(value) - len(value.lstrip())
    if text[begin] == "[":
        close = text.find("]", begin, end)
        return begin + 1, close if close >= 0 else line_end
    stop = at + len(value.rstrip())
    if text[begin] in "\"'" and text[stop - 1] == text[begin] and text.count(text[begin], begin, stop) == 2:
        return begin + 1, stop - 1
    return begin, stop


def _one_word(text: str, words: list[re.Match[str]], index: int) -> Splice:
    """Cut one word out of a row of words with what separates it: from the one before, or else from the next."""
    at, end = words[index].span()
    if index:
        at = words[index - 1].end()
    elif len(words) > 1:
        end = words[1].start()
    return Splice(at, text[at:end], "")
