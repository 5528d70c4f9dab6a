"""Where links lead, and how links, tasks and tags are changed without touching anything else."""

from __future__ import annotations

import time
from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notesapp.errors import BadRequest
from notesapp.notes.links import rename_links, toggle_task
from notesapp.notes.markup import parse, tag_key
from notesapp.notes.resolve import Place, Resolver, local_path
from notesapp.notes.tagging import add_tag, remove_tag
from notesapp.text import Splice, apply


def applied(text: str, splices: Iterable[Splice]) -> str:
    for splice in splices:
        text = apply(text, splice)
    return text


def place(path: str, *aliases: str, title: str = "") -> Place:
    folder, _, name = path.rpartition("/")
    return Place(path.encode(), folder, name, aliases, title)


PLACES = (
    place("Home", "Start", title="Welcome home"),
    place("Work/Plan", "How to/Plan things"),
    place("Work/Deep/Plan"),
    place("Play/plan"),
    place("Cafe\u0301"),
    place("Welcome home/Other"),
    place("Pictures/a.png"),
    place("README.markdown"),
)


@pytest.mark.parametrize(
    ("target", "folder", "found"),
    [
        ("Home", "", "Home"),
        ("home.md", "Work", "Home"),
        ("start", "", "Home"),
        ("welcome HOME", "", "Home"),
        ("Plan", "Work", "Work/Plan"),
        ("Plan", "Work/Deep", "Work/Deep/Plan"),
        ("Plan", "Work/Deep/Below", "Work/Deep/Plan"),
        ("Plan", "Play", "Play/plan"),
        ("Plan", "", "Work/Plan"),  # as near as Play/plan: the same letter case wins
        ("plan", "", "Play/plan"),
        ("Deep/Plan", "", "Work/Deep/Plan"),
        ("deep/plan.md", "Play", "Work/Deep/Plan"),
        ("/Work/Plan", "Work/Deep", "Work/Plan"),
        ("../Plan", "Work/Deep", "Work/Plan"),
        ("./Plan", "Play", "Play/plan"),
        ("How to/Plan things", "", "Work/Plan"),
        ("CAFÉ", "", "Cafe\u0301"),
        ("a.png", "Work", "Pictures/a.png"),
        ("Pictures/a.png", "", "Pictures/a.png"),
        ("readme", "", "README.markdown"),
        ("../../../Home", "Work", "Home"),
        ("Nowhere", "", None),
        ("Work/Nowhere", "", None),
        ("ork/Plan", "", None),
        ("", "", None),
        ("/", "", None),
        ("Work/", "", None),
    ],
)
def test_a_link_leads_to_the_nearest_note(target: str, folder: str, found: str | None) -> None:
    result = Resolver(PLACES).resolve(target, folder)
    assert (result.path if result else None) == found


@pytest.mark.parametrize(
    ("url", "folder", "found"),
    [
        ("Deep/Plan.md", "Work", "Work/Deep/Plan"),
        ("Work/Plan.md#a%20b", "Play", "Work/Plan"),
        ("../Play/plan.md?x", "Work", "Play/plan"),
        ("Welcome%20home/Other.md", "", "Welcome home/Other"),
        ("https://example.org/Home.md", "", None),
        ("mailto:Home", "", None),
        ("//host/Home", "", None),
        ("#Home", "", None),
    ],
)
def test_a_markdown_link_leads_relative_to_its_folder(url: str, folder: str, found: str | None) -> None:
    result = Resolver(PLACES).resolve_url(url, folder)
    assert (result.path if result else None) == found


def test_places_can_be_put_and_dropped_one_by_one() -> None:
    resolver = Resolver(PLACES)
    resolver.put(Place(b"Home", "New", "Renamed", ("Begin",)))
    assert resolver.resolve("Home") is None
    assert resolver.resolve("Start") is None
    assert resolver.resolve("Begin") == resolver.resolve("new/renamed")
    resolver.drop(b"Home")
    assert resolver.resolve("Renamed") is None
    resolver.drop(b"unknown")


def test_the_answer_doesnt_depend_on_the_order() -> None:
    twins = [Place(bytes([n]), "a" if n % 2 else "b", "Same") for n in range(6)]
    assert Resolver(twins).resolve("same", "c") == Resolver(reversed(twins)).resolve("same", "c")


def test_ten_thousand_notes_resolve_fast() -> None:
    resolver = Resolver(Place(n.to_bytes(4, "big"), f"f{n % 100}", f"Note {n}", (f"alias {n}",)) for n in range(10_000))
    began = time.process_time()
    for n in range(0, 10_000, 5):
        assert resolver.resolve(f"note {n}", "f1") is not None
    assert (time.process_time() - began) / 2_000 < 0.001


def test_local_path() -> None:
    assert local_path("C%3A/x.md") == "C:/x.md"
    assert local_path("a:b") == "a:b"  # a drive or a name, no scheme has one letter


# --- renaming -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("[[Old]] and [[old|label]] ![[Old#H|x]]", "[[New one]] and [[New one|label]] ![[New one#H|x]]"),
        ("[[Folder/Old.md#^b]] [[ Old ]]", "[[Folder/New one.md#^b]] [[ New one ]]"),
        ("| [[Old\\|in a table]] |", "| [[New one\\|in a table]] |"),
        ("[t](Old.md) [t](<Old.md>)", "[t](New%20one.md) [t](<New one.md>)"),
        ("[t](Folder/Old.md#h \"x\")", "[t](Folder/New%20one.md#h \"x\")"),
        ("[![Old](Old.png)](Old)", "[![Old](Old.png)](New%20one)"),
        ("[r]: Old.md\n", "[r]: New%20one.md\n"),
        ("`[[Old]]` \\[[Old]] [[Older]] [[My Old]] [t](http://x/Old.md)", None),
        ("---\nup: '[[Old]]'\n---\n", "---\nup: '[[New one]]'\n---\n"),
    ],
)  # fmt: skip
def test_renaming_changes_the_name_and_nothing_else(text: str, after: str | None) -> None:
    splices = rename_links(text, {"Old", "Folder/Old"}, "New one")
    assert applied(text, splices) == (after or text)
    assert all("Old".lower() == splice.removed.lower() for splice in splices)


def test_renaming_asks_the_resolver_and_leaves_aliases() -> None:
    resolver = Resolver([place("a/Plan", "Scheme"), place("b/Plan")])
    text = "[[Plan]] [[a/Plan]] [[b/Plan]] [[Scheme]] [x](a/Plan.md)"
    after = applied(text, rename_links(text, resolver.leads_to(b"a/Plan", "a"), "Goal"))
    assert after == "[[Goal]] [[a/Goal]] [[b/Plan]] [[Scheme]] [x](a/Goal.md)"


def test_renaming_encodes_what_a_url_cant_hold() -> None:
    assert applied("[a](Old.md)", rename_links("[a](Old.md)", ["Old"], "50% (ä)")) == "[a](50%25%20%28ä%29.md)"
    (link,) = parse("[a](50%25%20%28ä%29.md)").md_links
    assert local_path(link.target) == "50% (ä).md"


@pytest.mark.parametrize("name", ["a|b", "a]b", "a#b", "a^b", "", "  ", "a\nb"])
def test_a_name_that_no_link_can_hold_is_refused(name: str) -> None:
    with pytest.raises(BadRequest):
        rename_links("[[Old]]", ["Old"], name)


# --- tasks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "after"),
    [
        ("- [ ] a\n- [x] b", 0, "- [x] a\n- [x] b"),
        ("- [ ] a\n- [x] b", 7, "- [x] a\n- [x] b"),
        ("- [ ] a\n- [x] b", 15, "- [ ] a\n- [ ] b"),
        ("> 1. [-] q", 3, "> 1. [ ] q"),
        ("text", 2, None),
        ("```\n- [ ] code\n```", 6, None),
        ("", 0, None),
    ],
)
def test_toggling_a_task_changes_one_character(text: str, at: int, after: str | None) -> None:
    splice = toggle_task(text, at)
    assert (apply(text, splice) if splice else None) == after


# --- tags -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Text", "Text\n\n#new\n"),
        ("Text\n", "Text\n\n#new\n"),
        ("", "#new\n"),
        ("Text\n\n#a #b\n", "Text\n\n#a #b #new\n"),
        ("has #New already", None),
        ("---\ntags:\n    - a # y\n    - b\nz: 1\n---\nx", "---\ntags:\n    - a # y\n    - b\n    - new\nz: 1\n---\nx"),
        ("---\ntags: [a, 'b']\n---\n", "---\ntags: [a, 'b', new]\n---\n"),
        ("---\ntags: []\n---\n", "---\ntags: [new]\n---\n"),
        ("---\ntags: a, b\n---\n", "---\ntags: a, b, new\n---\n"),
        ("---\ntags: a b\n---\n", "---\ntags: a b new\n---\n"),
        ("---\ntags: \"a, b\" # x\n---\n", "---\ntags: \"a, b, new\" # x\n---\n"),
        ("---\ntags:\n---\n", "---\ntags:\n  - new\n---\n"),
        ("---\ntags:\nx: 1\n---\n", "---\ntags:\n  - new\nx: 1\n---\n"),
        ("---\nx: 1\n---\nbody", "---\nx: 1\ntags:\n  - new\n---\nbody"),
        ("---\n---\nbody", "---\ntags:\n  - new\n---\nbody"),
        ("```\nopen", "---\ntags:\n  - new\n---\n```\nopen"),
    ],
)  # fmt: skip
def test_a_tag_is_added_where_the_writer_keeps_tags(text: str, after: str | None) -> None:
    splices = add_tag(text, "#new")
    assert applied(text, splices) == (text if after is None else after)
    assert "new" in map(tag_key, parse(applied(text, splices)).tags)


def test_a_tag_that_yaml_would_misread_is_quoted() -> None:
    assert applied("---\ntags: [a]\n---\n", add_tag("---\ntags: [a]\n---\n", "true")) == '---\ntags: [a, "true"]\n---\n'


@pytest.mark.parametrize("tag", ["", "#", "a b", "123", "a,b", "a#b", "a/"[:0]])
def test_what_can_be_no_tag_is_refused(tag: str) -> None:
    with pytest.raises(BadRequest):
        add_tag("text", tag)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("I like #old things", "I like old things"),
        ("Text\n\n#a #old #b\n", "Text\n\n#a #b\n"),
        ("Text\n\n#old\n", "Text\n\n"),
        ("Text\n#old", "Text"),
        ("#a #old", "#a"),
        ("#old #a", "#a"),
        ("#OLD #old/nested", "#old/nested"),
        ("`#old` #older", "`#old` #older"),
        ("---\ntags:\n  - a\n  - old\n  - \"old\" # twice\n---\n", "---\ntags:\n  - a\n---\n"),
        ("---\ntags: [a, old, b]\n---\n", "---\ntags: [a, b]\n---\n"),
        ("---\ntags: [old, b]\n---\n", "---\ntags: [b]\n---\n"),
        ("---\ntags: [\"old\"]\n---\n", "---\ntags: []\n---\n"),
        ("---\ntags: ['a', 'old']\n---\n", "---\ntags: ['a']\n---\n"),
        ("---\ntags: a, old, b\n---\n", "---\ntags: a, b\n---\n"),
        ("---\ntags: \"old, b\"\n---\n", "---\ntags: \"b\"\n---\n"),
        ("---\ntags: old\nx: 1\n---\n#old", "---\ntags: \nx: 1\n---\n"),
    ],
)  # fmt: skip
def test_a_tag_is_removed_without_touching_the_rest(text: str, after: str) -> None:
    assert applied(text, remove_tag(text, "old")) == after


pieces = st.lists(
    st.sampled_from(
        ["#old", "#a", "#old/x", " ", "\n", "word", "`#old`", "- ", ",", "---\n", "tags: [old, b]\n", "#", "[[old]]"]
    ),
    max_size=25,
).map("".join)


@given(pieces)
@example("---\ntags: [old, b]\ntags: [old, b]\n---\n")
def test_after_removing_a_tag_it_is_gone_and_others_stay(text: str) -> None:
    before = {tag_key(tag) for tag in parse(text).tags}
    after = {tag_key(tag) for tag in parse(applied(text, remove_tag(text, "old"))).tags}
    assert "old" not in after
    assert before - {"old"} <= after | {""}


@given(pieces)
def test_after_adding_a_tag_it_is_there_and_others_stay(text: str) -> None:
    before = {tag_key(tag) for tag in parse(text).tags}
    splices = add_tag(text, "brand/new")
    after = {tag_key(tag) for tag in parse(applied(text, splices)).tags}
    assert after == before | {"brand/new"}
    assert all(not splice.removed for splice in splices)
