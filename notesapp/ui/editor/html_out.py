"""Turns a note into one HTML file that needs nothing else: styles and pictures inside, no script, no foreign HTML."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Sequence
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from notesapp.ui.editor.inline import Mark, is_attachment, spans
from notesapp.ui.style.tokens import DARK, LIGHT, Tokens

# Gives a kept file by the name that the text uses: its media type and its bytes.
Fetch = Callable[[str], tuple[str, bytes] | None]
_FRONT = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)(?:\n|\Z)", re.DOTALL)
_CALLOUT = re.compile(r"\[!([A-Za-z][\w-]*)\][+-]?[ \t]*")


def _ours(state: StateInline, silent: bool) -> bool:
    """[[wiki links]], #tags and ==highlights==, found by the editor's own rules."""
    if state.src[state.pos] not in "[!#=":
        return False
    for span in spans(state.src):
        if span.start != state.pos or span.mark not in (Mark.WIKI, Mark.EMBED, Mark.TAG, Mark.HIGHLIGHT):
            continue
        if span.end > state.posMax:
            return False
        if not silent:
            _push(state, span.mark, span.start + span.opening, span.end - span.closing, span.target)
        state.pos = span.end
        return True
    return False


def _push(state: StateInline, mark: Mark, start: int, end: int, target: tuple[int, int]) -> None:
    text = state.src[start:end]
    if mark is Mark.HIGHLIGHT:
        state.push("mark_open", "mark", 1)
        inner_max, state.pos, state.posMax = state.posMax, start, end
        state.md.inline.tokenize(state)
        state.posMax = inner_max
        state.push("mark_close", "mark", -1)
        return
    if mark is Mark.EMBED and is_attachment(state.src[slice(*target)]):
        token = state.push("image", "img", 0)
        token.attrs = {"src": state.src[slice(*target)].strip(), "alt": ""}
        token.children = []
        token.content = text
        return
    token = state.push("span_open", "span", 1)
    token.attrs = {"class": "tag" if mark is Mark.TAG else "wiki"}
    inner = state.push("text", "", 0)
    inner.content = text
    state.push("span_close", "span", -1)


def _code(text: str, language: str) -> str:
    try:
        lexer = get_lexer_by_name(language) if language else None
    except ClassNotFound:
        lexer = None
    if lexer is None or len(text) > 100_000:
        return html.escape(text)
    return str(highlight(text, lexer, HtmlFormatter(nowrap=True)))


class _Html:
    def __init__(self, fetch: Fetch | None) -> None:
        self._fetch = fetch
        self.md = MarkdownIt("commonmark", {"html": False, "linkify": False})
        self.md.enable(["table", "strikethrough"])
        self.md.inline.ruler.before("link", "notes", _ours)
        # the text rule must stop where our own constructs may begin
        self.md.inline.ruler.at("text", _text)
        renderer = RendererHTML()
        # `add_render_rule` would bind them to the renderer
        renderer.rules.update({"fence": self._fence, "image": self._image})  # type: ignore[dict-item] # callables will do
        self.md.renderer = renderer

    def _fence(self, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType) -> str:
        token = tokens[index]
        language = token.info.split()[0] if token.info.split() else ""
        label = f'<span class="lang">{html.escape(language)}</span>' if language else ""
        return f'<pre class="code">{label}<code>{_code(token.content, language)}</code></pre>\n'

    def _image(self, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType) -> str:
        token = tokens[index]
        source = str(token.attrs.get("src", ""))
        name = html.escape(token.content or unquote(source))
        kept = None
        if self._fetch is not None and is_attachment(source):
            kept = self._fetch(source) or self._fetch(unquote(source))  # a space is %20 by now
        if kept is None:  # nothing is fetched from the net when somebody opens the file
            return f'<span class="file">{name}</span>'
        kind, data = kept
        if not re.fullmatch(r"image/(?:png|jpeg|gif|webp|bmp|avif)", kind):
            return f'<span class="file">{name}</span>'
        coded = base64.b64encode(data).decode("ascii")
        return f'<img alt="{name}" src="data:{kind};base64,{coded}">'

    def body(self, text: str) -> str:
        text = _FRONT.sub("", text)
        tokens = self.md.parse(text)
        _tasks(tokens)
        _callouts(tokens)
        return str(self.md.renderer.render(tokens, self.md.options, {}))


def _text(state: StateInline, silent: bool) -> bool:
    """markdown-it's text rule, which stops at `#` and `=` as well."""
    at = state.pos
    while at < state.posMax and state.src[at] not in "\n$%*+-:<=>@[\\]^_`{}~#!&":
        at += 1
    if at == state.pos:
        return False
    if not silent:
        state.pending += state.src[state.pos : at]
    state.pos = at
    return True


def _tasks(tokens: list[Token]) -> None:
    for number, token in enumerate(tokens):
        if token.type != "inline" or number < 2 or tokens[number - 2].type != "list_item_open" or not token.children:
            continue
        first = token.children[0]
        box = re.match(r"\[([ xX])\]\s+", token.content)
        if box and first.type == "text":
            joined = "".join(child.content for child in token.children[:3] if child.type == "text")
            if not joined.startswith("["):
                continue
            _cut(token.children, box.end())
            done = box[1] != " "
            tokens[number - 2].attrJoin("class", "task done" if done else "task")


def _cut(children: list[Token], count: int) -> None:
    for child in children:
        if child.type != "text" or not count:
            break
        taken = min(count, len(child.content))
        child.content = child.content[taken:]
        count -= taken


def _callouts(tokens: list[Token]) -> None:
    for number, token in enumerate(tokens):
        if token.type != "blockquote_open" or number + 2 >= len(tokens) or not tokens[number + 2].children:
            continue
        inline = tokens[number + 2]
        found = _CALLOUT.match(inline.content)
        if not found or inline.children is None:
            continue
        _cut(inline.children, found.end())
        token.attrJoin("class", f"callout {found[1].lower()}")
        if not "".join(child.content for child in inline.children[:1]).strip():
            inline.children[0].content = found[1].capitalize()
        for child in inline.children:
            if child.type == "softbreak":  # the first line is the title
                child.type, child.content = "html_inline", "</p>\n<p>"
                break


_USED = """bg text text2 text3 line link code_bg inline_code quote highlight tag_bg tag accent accent_soft
syn_kw syn_str syn_num syn_com syn_fn syn_type"""


def _variables(tokens: Tokens) -> str:
    return "".join(f"--{name}:{tokens.colour(name).name()};" for name in _USED.split())


_STYLE = """
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--text);font:16px/1.75 Inter,system-ui,sans-serif}
main{max-width:768px;margin:0 auto;padding:48px 24px 96px}h1,h2,h3,h4,h5,h6{line-height:1.3;margin:1.5em 0 .5em}
h1{font-size:28px;margin-top:0}h2{font-size:22px}h3{font-size:19px;font-weight:600}a{color:var(--link)}
.wiki{color:var(--link)}.tag{background:var(--tag_bg);color:var(--tag);border-radius:8px;padding:1px 5px;
font-weight:500}mark{background:var(--highlight);color:inherit;border-radius:3px;padding:1px 2px}
code,pre{font:14px/1.6 "JetBrains Mono",ui-monospace,monospace}code{background:var(--inline_code);border-radius:5px;
padding:2px 5px}pre.code{background:var(--code_bg);border-radius:9px;padding:18px 20px;overflow:auto;position:relative}
pre.code code{background:none;padding:0}.lang{position:absolute;top:6px;right:12px;font-size:11px;color:var(--text3)}
blockquote{margin:1em 0;padding:0 0 0 16px;border-left:3px solid var(--quote);color:var(--text2)}
.callout{border:0;border-radius:9px;background:var(--accent_soft);color:inherit;padding:8px 18px}
.callout>p:first-child{font-weight:600}
hr{border:0;border-top:1px solid var(--line);margin:2em 0}img{max-width:100%;border-radius:8px;display:block}
table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid var(--line);padding:6px 12px;text-align:left}
th{background:var(--code_bg);font-weight:600}del{color:var(--text3)}.file{color:var(--text3)}
ul,ol{padding-left:28px}li.task{list-style:none;position:relative}li.task::before{content:"";position:absolute;
left:-24px;top:6px;width:15px;height:15px;border:1.5px solid var(--text3);border-radius:4px}
li.done{color:var(--text3);text-decoration:line-through}li.done::before{background:var(--accent);
border-color:var(--accent)}li.done::after{content:"";position:absolute;left:-19px;top:9px;width:4px;height:8px;
border:solid #fff;border-width:0 2px 2px 0;transform:rotate(45deg)}
.k,.kn,.kd,.kc,.ow,.nt{color:var(--syn_kw)}.s,.s1,.s2,.sd,.sb,.se{color:var(--syn_str)}.m,.mi,.mf,.mh{color:var(--syn_num)}
.c,.c1,.cm,.ch{color:var(--syn_com)}.nf,.fm,.nd,.na{color:var(--syn_fn)}.nc,.nb,.kt{color:var(--syn_type)}
@media print{main{padding:0}}
"""


def html_page(text: str, title: str, fetch: Fetch | None = None) -> str:
    """A whole HTML page of a note, light or dark as its reader's system is."""
    body = _Html(fetch).body(text)
    dark = f"@media(prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}"
    return (
        '<!doctype html>\n<html><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        'img-src data:">'
        f"<title>{html.escape(title)}</title><style>:root{{{_variables(LIGHT)}}}{dark}{_STYLE}</style></head>\n"
        f"<body><main>\n{body}</main></body></html>\n"
    )
