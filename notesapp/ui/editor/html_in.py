"""Turns pasted HTML into Markdown. Pure; keeps what Markdown can say and drops the rest, scripts included."""

from __future__ import annotations

import re
from html.parser import HTMLParser

LONGEST = 2_000_000
_SKIPPED = {"script", "style", "head", "title", "template", "noscript", "svg", "iframe", "object"}
_BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "header",
    "footer",
    "figure",
    "figcaption",
    "main",
    "aside",
    "dl",
    "dt",
    "dd",
}
_WRAPS = {
    "b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~",
    "mark": "==", "code": "`", "kbd": "`", "tt": "`",
}  # fmt: skip
_ESCAPED = re.compile(r"([\\`*_\[\]<>])")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.skipping = 0
        self.pre = 0
        self.lists: list[tuple[str, int]] = []
        self.quote = 0
        self.links: list[tuple[int, str]] = []
        self.wraps: list[tuple[str, int]] = []
        self.row: list[str] | None = None
        self.rows: list[list[str]] = []
        self.cell_start = 0

    # -- writing

    def _ends_line(self) -> bool:
        return not self.out or self.out[-1].endswith("\n")

    def _line(self, blank: bool) -> None:
        tail = "".join(self.out[-3:])
        if not tail.strip("\n ") and not "".join(self.out).strip():
            self.out.clear()
            return
        if not tail.endswith("\n"):
            self.out.append("\n")
        if blank and not tail.endswith("\n\n"):
            self.out.append("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.skipping or tag in _SKIPPED:
            self.skipping += tag in _SKIPPED
            return
        facts = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self._line(blank=not self.lists and self.row is None)
        elif tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self._line(blank=True)
            self.out.append("#" * int(tag[1]) + " ")
        elif tag == "br":
            self.out.append("\n")
        elif tag == "hr":
            self._line(blank=True)
            self.out.append("---\n\n")
        elif tag in {"ul", "ol"}:
            self._line(blank=not self.lists)
            self.lists.append((tag, int(facts["start"]) if facts.get("start", "").isdigit() else 1))
        elif tag == "li":
            self._item()
        elif tag == "blockquote":
            self._line(blank=True)
            self.quote += 1
            self.out.append("\x01")
        elif tag == "pre":
            self._line(blank=True)
            self.pre += 1
            self.out.append("```\n")
        elif tag in _WRAPS and not self.pre and not _plain(tag, facts):
            self.wraps.append((tag, len(self.out)))
            self.out.append("")
        elif tag == "a" and facts.get("href") and not self.pre:
            self.links.append((len(self.out), facts["href"]))
            self.out.append("")
        elif tag == "img" and facts.get("src") and not facts["src"].startswith("data:"):
            self.out.append(f"![{facts.get('alt', '')}]({_address(facts['src'])})")
        elif tag == "input" and facts.get("type") == "checkbox":
            self.out.append("[x] " if "checked" in facts else "[ ] ")
        elif tag == "table":
            self.rows = []
        elif tag == "tr":
            self.row = []
        elif tag in {"td", "th"}:
            self.cell_start = len(self.out)

    def _item(self) -> None:
        self._line(blank=False)
        depth = max(0, len(self.lists) - 1)
        kind, number = self.lists[-1] if self.lists else ("ul", 1)
        marker = f"{number}. " if kind == "ol" else "- "
        if self.lists and kind == "ol":
            self.lists[-1] = (kind, number + 1)
        indent = sum(3 if name == "ol" else 2 for name, _number in self.lists[:depth])
        self.out.append(" " * indent + marker)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self.skipping = max(0, self.skipping - 1)
            return
        if self.skipping:
            return
        if tag in _BLOCKS:
            self._line(blank=not self.lists and self.row is None)
        elif tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self._line(blank=True)
        elif tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
            self._line(blank=not self.lists)
        elif tag == "li":
            self._line(blank=False)
        elif tag == "blockquote" and self.quote:
            self.quote -= 1
            self.out.append("\x02")
            self._line(blank=True)
        elif tag == "pre" and self.pre:
            self.pre -= 1
            self._line(blank=False)
            self.out.append("```\n\n")
        elif tag in _WRAPS:
            self._close_wrap(tag)
        elif tag == "a" and self.links:
            start, href = self.links.pop()
            label = "".join(self.out[start:]).strip()
            self.out[start:] = [f"[{label}]({_address(href)})" if label else ""]
        elif tag in {"td", "th"} and self.row is not None:
            cell = "".join(self.out[self.cell_start :])
            del self.out[self.cell_start :]
            self.row.append(" ".join(cell.replace("|", "\\|").split()))
        elif tag == "tr" and self.row is not None:
            self.rows.append(self.row)
            self.row = None
        elif tag == "table":
            self._table()

    def _close_wrap(self, tag: str) -> None:
        if not self.wraps or self.wraps[-1][0] != tag:
            return
        _tag, start = self.wraps.pop()
        inner = "".join(self.out[start:])
        body = inner.strip()
        if not body or "\n\n" in body:
            return
        marker = _WRAPS[tag]
        if marker == "`":
            body = re.sub(r"\\(.)", r"\1", body)
        lead, tail = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
        self.out[start:] = [f"{lead}{marker}{body}{marker}{tail}"]

    def _table(self) -> None:
        rows, self.rows = [row for row in self.rows if row], []
        if not rows:
            return
        if max(map(len, rows)) == 1:
            self.out.append("\n\n".join(row[0] for row in rows) + "\n\n")
            return
        count = max(map(len, rows))
        self._line(blank=True)
        for number, row in enumerate(rows):
            self.out.append("| " + " | ".join((row + [""] * count)[:count]) + " |\n")
            if not number:
                self.out.append("|" + " --- |" * count + "\n")
        self.out.append("\n")

    def handle_data(self, data: str) -> None:
        if self.skipping:
            return
        if self.pre:
            self.out.append(data)
            return
        text = re.sub(r"[ \t\r\n\f]+", " ", data)
        if self._ends_line():
            text = text.lstrip(" ")
        if text:
            self.out.append(_ESCAPED.sub(r"\\\1", text))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


def _plain(tag: str, facts: dict[str, str]) -> bool:
    # Google Docs wraps a whole page in <b style="font-weight:normal">.
    return tag in {"b", "i"} and "normal" in facts.get("style", "")


def _address(href: str) -> str:
    href = href.strip()
    return f"<{href}>" if re.search(r"[\s()]", href) else href


def markdown_of(html: str) -> str:
    """The Markdown that says what the HTML says; without line end at the end."""
    fragment = re.search(r"<!--StartFragment-->(.*?)<!--EndFragment-->", html[:LONGEST], re.DOTALL)
    reader = _Reader()
    reader.feed(fragment[1] if fragment else html[:LONGEST])
    reader.close()
    return _quoted("".join(reader.out))


def _quoted(text: str) -> str:
    """Puts `> ` before the lines between the quotes' brackets, and tidies blank lines."""
    depth = 0
    lines: list[str] = []
    for line in text.split("\n"):
        depth_before = depth + line.count("\x01") - (line.startswith("\x02"))
        depth += line.count("\x01") - line.count("\x02")
        bare = line.replace("\x01", "").replace("\x02", "").rstrip(" ")
        mark = "> " * max(depth_before, depth, 0)
        if not bare and lines and lines[-1].strip("> ") == "" and "```" not in line:
            if depth_before <= 0 and lines[-1]:
                lines[-1] = ""
            continue
        lines.append((mark + bare).rstrip() if not bare else mark + bare)
    return "\n".join(lines).strip("\n")
