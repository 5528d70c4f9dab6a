"""What a Markdown text says about itself: title, snippet, tags, links, tasks, headings."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.notes import front_matter
from notesapp.notes.markup import parse
from notesapp.notes.opaque import veil


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Plans for **May**\n\nText", "Plans for May"),
        ("Just a line\n# Later heading", "Just a line"),
        ("---\ntitle: Front\n---\n# Heading", "Front"),
        ("---\ntitle: 2024-01-01\n---\n", "2024-01-01"),
        ("---\ntitle: 'Quoted: yes'\n---\n", "Quoted: yes"),
        ("---\ntitle: One: two\n---\nbody", "One: two"),
        ("---\ntags: [a]\n---\n\n## After front matter ##\n", "After front matter"),
        ("\n\n%% hidden %%\n![[picture.png]]\n- [ ] first task", "first task"),
        ("> [!note] A callout\n> text", "A callout"),
        ("[[Target|shown]] and [label](x.md) `co*de`", "shown and label co*de"),
        ("Setext\n======\n", "Setext"),
        ("snake_case_name stays, 2 * 3 * 4 too", "snake_case_name stays, 2 * 3 * 4 too"),
        ("Escaped \\*stars\\* \\# and <b>html</b>", "Escaped *stars* # and html"),
    ],
)
def test_title(text: str, title: str) -> None:
    assert parse(text).title == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Just a line\n# Later heading", "File"),
        ("\n# Heading\ntext", "Heading"),
        ("Setext\n======\n", "Setext"),
        ("---\ntitle: Front\n---\ntext", "Front"),
        ("- item\n----", "File"),
        ("```\ncode\n```\n", "File"),
        ("", "File"),
    ],
)
def test_a_file_name_is_the_title_unless_the_text_begins_with_one(text: str, title: str) -> None:
    facts = parse(text, "File")
    assert facts.title == title
    if title == "File" and text.startswith("Just"):
        assert facts.snippet == "Just a line Later heading"


def test_a_long_title_ends_at_a_word() -> None:
    title = parse("word " * 100).title
    assert len(title) <= 200
    assert title.endswith("word…")


def test_snippet_is_what_follows_the_title_without_marks() -> None:
    text = "# Title\n\n> quoted **bold** ~~gone~~ ==marked==\n\n- item [[A#B|b]]\n---\n"
    text += "| a | b |\n|---|---|\n```\ncode\n```\nend ^block-id"
    assert parse(text).snippet == "quoted bold gone marked item b a b end"


def test_snippet_leaves_out_a_first_heading_that_repeats_the_title() -> None:
    assert parse("---\ntitle: Tea\n---\n# Tea\nGreen").snippet == "Green"


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ('#one and #two/three, (#four) "#five"; #one', ("one", "two/three", "four", "five")),
        ("#Ärger #ärger #日本語 #emoji🙂 #y2024", ("Ärger", "日本語", "emoji🙂", "y2024")),
        ("#1984 #12/34 # #! a#b http://x.org/#frag https://x.org/a,#frag [[Note#heading]]", ()),
        ("`#code` ``#a ` #b``\n```\n#fenced\n```\n~~~\n#tilde\n~~~\n", ()),
        ("%% #comment %% <!-- #html --> $#math$ $$\n#block\n$$ \\#escaped", ()),
        ("[text #shown](http://x.org/#a) ![#alt](b)", ("shown",)),
        ("# heading #tagged", ("tagged",)),
        ("text\n\n    #indented code\n\nback #here", ("here",)),
        ("- item\n\n    #in_list", ("in_list",)),
        ("> #quoted", ("quoted",)),
        ("#a/ #a//b. #c-d_e", ("a", "a//b", "c-d_e")),
        ("---\ntags: [x, '#y', 2024, z/w]\n---\n#X #v", ("x", "y", "z/w", "v")),
        ("---\ntags: one, two three\n---\n", ("one", "two", "three")),
        ("---\nTags:\n  - a\n  - b c\n  - [nested]\n---\n", ("a", "b", "c")),
        ("---\ntag: single\n---\n", ("single",)),
        ("---\ntags:\n---\n", ()),
        ("---\ntags: {a: b}\ntitle: [x]\naliases: 5\n---\n", ()),
    ],
)
def test_tags(text: str, tags: tuple[str, ...]) -> None:
    assert parse(text).tags == tags


def test_inline_tags_know_where_they_stand() -> None:
    text = "a #tag/x, b"
    (tag,) = parse(text).inline_tags
    assert text[tag.at : tag.end] == "#tag/x"


def test_aliases_as_list_or_string() -> None:
    assert parse("---\naliases:\n  - How to/Do it\n  - B\n  - B\n---\n").aliases == ("How to/Do it", "B")
    assert parse("---\nalias: A one, B\n---\n").aliases == ("A one", "B")


def test_wiki_links_and_embeds() -> None:
    text = "é [[Plain]] ![[pic.png|200]] [[A b#Head#Sub|label]] [[#own]] [[x#^id]] | [[t\\|u]] |\n"
    text += "`[[no]]` \\[[no]] [[]] [[a\nb]]"
    found = parse(text).links
    assert [(k.target, k.heading, k.label, k.embed) for k in found] == [
        ("Plain", "", None, False),
        ("pic.png", "", "200", True),
        ("A b", "Head#Sub", "label", False),
        ("", "own", None, False),
        ("x", "^id", None, False),
        ("t", "", "u", False),
    ]
    assert text[found[1].at : found[1].end] == "![[pic.png|200]]"
    assert all(text.startswith(k.target, k.target_at) for k in found)


def test_wiki_links_in_front_matter_count() -> None:
    assert [k.target for k in parse('---\nup: "[[Parent]]"\n---\n[[Child]]').links] == ["Parent", "Child"]


def test_markdown_links_and_images() -> None:
    text = (
        '[a](b%20c.md "Title") ![alt](<d e.png>) [![in](i.png)](out.md) [x]() [y](f(1).md#h) `[n](n)`\n'
        "[ref]: target.md 'T'\n[^foot]: note\n[no](two words)"
    )
    found = parse(text).md_links
    assert [(k.target, k.label, k.image) for k in found] == [
        ("b%20c.md", "a", False),
        ("d e.png", "alt", True),
        ("i.png", "in", True),
        ("out.md", "![in](i.png)", False),
        ("f(1).md#h", "y", False),
        ("target.md", "ref", False),
    ]
    assert all(text.startswith(k.target, k.target_at) for k in found)


def test_tasks_with_positions() -> None:
    text = "- [ ] open\n  * [x] done\n1. [X] numbered\n> - [-] quoted\n- [] no\n-[ ] no\n```\n- [ ] code\n```\n- [ ]\n"
    found = parse(text).tasks
    assert [(task.done, task.text) for task in found] == [
        (False, "open"),
        (True, "done"),
        (True, "numbered"),
        (True, "quoted"),
        (False, ""),
    ]
    assert all(text[task.at] == "[" for task in found)


def test_headings_with_positions() -> None:
    text = "---\n# no: comment\na: b\n---\n# One #\n\n###### Six\n####### seven\n#no\n"
    text += "Two\n---\n\n---\n- item\n---\n> quote\n---\n```\n# code\n```\n"
    found = parse(text).headings
    assert [(h.level, h.text) for h in found] == [(1, "One"), (6, "Six"), (2, "Two")]
    assert [text[h.at : h.at + 3] for h in found] == ["# O", "###", "Two"]


def test_words_are_counted_in_scripts_without_blanks_too() -> None:
    assert parse("---\ntitle: x y z\n---\nit's a well-known fact").words == 4
    assert parse("日本語 text 한국어 문장").words == 6


def test_code_spans_end_with_their_block() -> None:
    assert parse("- an ` open tick\n- #tag and ` another").tags == ("tag",)
    assert parse("a `` x ` #no `` #yes").tags == ("yes",)


def test_an_unclosed_fence_runs_to_the_end_and_a_quoted_one_to_its_quote() -> None:
    assert parse("```\n#no\n\n#no").tags == ()
    assert parse("> ```\n> #no\n\n#yes").tags == ("yes",)
    assert parse("````\n```\n#no\n````\n#yes").tags == ("yes",)


def test_an_unclosed_comment_is_text() -> None:
    assert parse("100%% sure #yes <!-- #too $5").tags == ("yes", "too")


# --- front matter ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "---\nno end",
        "--- \n",
        "---\nplain text\n---\n",
        "----\na: b\n----\n",
        " ---\na: b\n---\n",
        "---\n- list\n---\n",
    ],
)
def test_what_is_no_front_matter(text: str) -> None:
    assert front_matter.find(text) is None


def test_an_empty_front_matter_is_one() -> None:
    found = front_matter.find("---\n---\nbody")
    assert found is not None
    assert found.body_at == 8


def test_scalars_stay_as_typed() -> None:
    fields = parse("---\ndate: 2024-01-01\nversion: 1.10\nok: yes\nnone: ~\n---\n").front_matter
    assert fields == {"date": "2024-01-01", "version": "1.10", "ok": "yes", "none": "~"}


def test_anchors_and_bombs_are_not_expanded() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=False)
    )
    began = time.process_time()
    facts = parse(f"---\ntitle: Bomb\n{bomb}---\nbody")
    assert time.process_time() - began < 0.5
    assert facts.title == "Bomb"
    assert len(repr(facts.front_matter)) < 2_000


@pytest.mark.parametrize(
    "yaml",
    [
        "a: " + "[" * 5_000,
        "a: " + "{" * 5_000,
        "? " * 5_000,
        "- " * 5_000,
        "a: !!python/object/apply:os.system [ls]",
        "a: !!binary x",
        "? [1, 2]\n: b",
        "a: 'open",
        "\ta: b",
        "a: b\x07c",
        "<<: {a: b}",
        "a: " + "9" * 20_000,
        "a: |\n" + "  x\n" * 5_000,
        "a: " + "x: " * 8_000,
        "&a " * 5_000,
        "title: ok\na: *nowhere",
    ],
)
def test_hostile_front_matter_neither_crashes_nor_stalls(yaml: str) -> None:
    began = time.process_time()
    facts = parse(f"---\n{yaml}\n---\n#tag")
    assert time.process_time() - began < 1.0
    assert "tag" in facts.tags


# --- time -----------------------------------------------------------------------------------------------------------

HOSTILE = [
    "[", "]", "[[", "![[", "[[a|", "[a](", "[a](b ", '[a](b "', "[a](<", "](", "[]()", "[[]]", "(", "[^", "[a]: ",
    "`", "``a`", "` `` ``` ", "```\n", "~~~\n", "> ```\n", "```x`", "%%", "%", "<!--", "<", "<a ", "$", "$$", "$a ",
    "\\", "\\\\", "#", "# ", "#a", " #", "#a/", "# # ", "- ", "- [", "- [ ", "- [ ] ", "> ", ">", "1. ", "    ", "\t",
    "\n", " \n", "\n\n    a", "*", "**a", "_", "_a ", "~~", "==", "=", "-", "--\n", "| ", "|-", "://", "http://",
    "a ", "a", "é", "\u3000", "'", "a'", "a-", "!", "^", " ^a", "---\n", "---\na: b\n", "[[a]] ",
    "[a](b) ", "\x00", "\x01",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_200_kb_of_anything_repeated_is_read_in_linear_time(piece: str) -> None:
    times = []
    for size in (20_000, 200_000):
        text = (piece * (size // len(piece) + 1))[:size]
        began = time.process_time()
        parse(text)
        times.append(time.process_time() - began)
    assert times[1] < max(0.4, 30 * times[0])  # linear is 10; quadratic would be 100
    assert times[1] < 2.0


@given(st.lists(st.sampled_from([*HOSTILE, "x", "tag", ".md", "title: ", "tags: [a]\n"]), max_size=60).map("".join))
def test_any_mixture_is_read_and_every_position_fits(text: str) -> None:
    facts = parse(text)
    assert len(veil(text)) == len(text)
    assert [i for i, c in enumerate(veil(text)) if c == "\n"] == [i for i, c in enumerate(text) if c == "\n"]
    for link in facts.links:
        assert text[link.end - 2 : link.end] == "]]"
        assert text.startswith(link.target, link.target_at)
    for md_link in facts.md_links:
        assert text.startswith(md_link.target, md_link.target_at)
    for tag in facts.inline_tags:
        assert text[tag.at : tag.end] == "#" + tag.name
    for task in facts.tasks:
        assert text[task.at] == "["
    assert "\n" not in facts.title + facts.snippet


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert parse(text).words >= 0


def test_a_real_vault_is_read_within_5_ms_per_10_kb(shared_data: Path) -> None:
    texts = [path.read_text("utf-8") for path in sorted((shared_data / "vault").rglob("*.md"))]
    best = min(_time_of(texts) for _ in range(3))
    chars = sum(map(len, texts))
    print(f"markup: {best / chars * 1e7:.2f} ms per 10 kB over {len(texts)} notes")
    assert best / chars * 1e4 < 0.005


def _time_of(texts: list[str]) -> float:
    began = time.process_time()
    for text in texts:
        parse(text)
    return time.process_time() - began
