"""What typed searches mean; whatever is typed is a search."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.store.query import Field, Filter, Query, Term, fold, parse, spaced_out, substring_words
from notesapp.store.snippet import SNIPPET_POINTS, marker, ranges_in, snippet


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [
        ("", Query()),
        ("   ", Query()),
        ("*** - \"\" 'x", Query((Term("'x"),))),
        ("garden plan", Query((Term("garden"), Term("plan")))),
        ('"garden plan" -weeds', Query((Term("garden plan", exact=True), Term("weeds", negated=True)))),
        ('“never closed phrase', Query((Term("never closed phrase", exact=True),))),
        ("tag:a/b #c -#d", Query((), (Filter(Field.TAG, "a/b"), Filter(Field.TAG, "c"), Filter(Field.TAG, "d", True)))),
        ('notebook:"My Life" TAG:Été', Query((), (Filter(Field.NOTEBOOK, "my life"), Filter(Field.TAG, "ete")))),
        ("folder:/Work/2026/", Query((), (Filter(Field.FOLDER, "work/2026"),))),
        ("is:pinned -is:trashed has:task", Query((), (
            Filter(Field.IS, "pinned"), Filter(Field.IS, "trashed", True), Filter(Field.HAS, "task")))),
        ("is:nothing", Query((Term("is nothing", exact=True),))),
        ("tag: word", Query((Term("word"),))),
        ("http://example.org -", Query((Term("http://example.org"),))),
        ('-"not this" that', Query((Term("not this", exact=True, negated=True), Term("that")))),
        ("twice twice", Query((Term("twice"),))),
    ],
)  # fmt: skip
def test_what_is_typed_means(typed: str, meaning: Query) -> None:
    assert parse(typed) == meaning


@given(st.text(st.characters(), max_size=80) | st.text('"“-:#/*()^{}tagfolderis \n\0\ud800', max_size=60))
def test_whatever_is_typed_is_a_search(typed: str) -> None:
    query = parse(typed)
    marks = marker(query)
    snippet("Some text with “words” and 文字 in it.", marks)
    substring_words(query)
    assert all(term.match.count('"') == 2 for term in query.terms)


@given(st.text(st.characters(), max_size=60))
def test_folding_keeps_every_position(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_folding_takes_case_and_accents_away() -> None:
    assert fold("Étude ÅNGSTRÖM Ελλάς Ёлка 한글 文字 İ") == "etude angstrom ελλας елка 한글 文字 i"


def test_signs_without_spaces_stand_alone() -> None:
    assert spaced_out("plain") == "plain"
    assert spaced_out("iPhone手机🙂").split() == ["iPhone", "手", "机", "🙂"]


def hits(typed: str, text: str) -> list[str]:
    return [text[a:b] for a, b in ranges_in(text, marker(parse(typed)))]


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("cafe", "Café, cafés, decafe, CAFE\u0301", ["Café", "café", "CAFE\u0301"]),
        ('"new york"', "New York, new\nyork, New Yorker", ["New York", "new\nyork"]),
        ("東京", "in 東京都 and 東 京", ["東京", "東 京"]),
        ("don't", "I don't, dont", ["don't"]),
        ("a.b", "a.b a_b ab", ["a.b", "a_b"]),
        ("resume", "re\u0301sume\u0301", ["re\u0301sume"]),
        ("note -bad", "notes bad", ["note"]),
    ],
)
def test_hits_are_marked_where_they_stand(typed: str, text: str, marked: list[str]) -> None:
    assert [hit.rstrip("\u0301") for hit in hits(typed, text)] == [m.rstrip("\u0301") for m in marked]


def test_a_snippet_shows_the_densest_place() -> None:
    body = "plum " + "filler " * 100 + "\n\nplum and pear and plum again\n" + "end " * 100
    shown = snippet(body, marker(parse("plum pear")))
    assert shown.text.startswith("plum and pear and plum")
    assert [shown.text[a:b] for a, b in shown.ranges] == ["plum", "pear", "plum"]
    assert shown.hits == 4
    assert len(shown.text) <= SNIPPET_POINTS
    assert "\n" not in shown.text


@given(st.text("ab \né文", max_size=900), st.text("ab é文", min_size=1, max_size=5))
def test_ranges_of_a_snippet_lie_in_it(body: str, typed: str) -> None:
    marks = marker(parse(typed))
    shown = snippet(body, marks)
    assert all(0 <= a < b <= len(shown.text) for a, b in shown.ranges)
    if marks is not None and shown.hits and len(body) < SNIPPET_POINTS:
        assert shown.ranges


def test_marking_a_huge_note_stops() -> None:
    assert len(ranges_in("word " * 400_000, re.compile("word"))) == 99
