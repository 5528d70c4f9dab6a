"""Notes are found by what is in them."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.store import database, schema
from notesapp.store.search import Indexed, Search

KEY = b"k" * 32
WORK, HOME = b"W" * 32, b"H" * 32
NAMES = {WORK: "Work", HOME: "Zuhause & Garten"}
DAY = 24 * 3600 * 1000


class Notes:
    """An index with the texts that it is about, as the node keeps them in step."""

    def __init__(self, db: apsw.Connection) -> None:
        self.db = db
        self.search = Search(db)
        self.count = 0

    def add(self, text: str, notebook: bytes = WORK, note_id: bytes | None = None, **facts: object) -> bytes:
        self.count += 1
        note_id = note_id or self.count.to_bytes(16, "big")
        title = text.split("\n")[0]
        self.db.execute("REPLACE INTO texts VALUES (?, ?, ?, ?)", (note_id, notebook, b"", text))
        self.search.update([Indexed(note_id, notebook, title, text, **facts)])  # type: ignore[arg-type]  # plain facts
        return note_id

    def titles(self, typed: str, now_ms: int = 0) -> list[str]:
        return [hit.title for hit in self.search.find(typed, notebooks=NAMES, now_ms=now_ms).hits]


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    db = database.open_writer(tmp_path / "notes.db", KEY)
    schema.bring_up(db)
    return Notes(db)


def test_words_are_found_at_their_beginning_and_all_must_be_there(notes: Notes) -> None:
    notes.add("Notes on searching\nfull text")
    notes.add("Notes on gardens")
    assert notes.titles("note sear") == ["Notes on searching"]
    assert notes.titles("garden note") == ["Notes on gardens"]
    assert notes.titles("note zebra") == []


def test_accents_and_case_do_not_matter(notes: Notes) -> None:
    notes.add("Café Münster")
    notes.add("CAFE\u0301 decomposed")
    assert sorted(notes.titles("cafe")) == ["CAFE\u0301 decomposed", "Café Münster"]
    assert notes.titles("MUNSTER") == ["Café Münster"]
    assert notes.titles("münst") == ["Café Münster"]


@pytest.mark.parametrize("typed", ["京", "東京", "東京都", "京都は", "トーク", "한국", "iphone手", "🙂", "ภาษา"])
def test_scripts_without_spaces_are_found_from_one_sign_on(notes: Notes, typed: str) -> None:
    notes.add("A\n私は東京都は良いトークと 한국어 iPhone手机🙂 ภาษาไทย")
    notes.add("B\n都京 機 ほか")
    assert "A" in notes.titles(typed)
    assert ("B" in notes.titles(typed)) == (typed == "京")


def test_a_phrase_is_exact_and_a_minus_takes_away(notes: Notes) -> None:
    notes.add("one\nnew york city")
    notes.add("two\nyork new")
    assert notes.titles('"new york"') == ["one"]
    assert notes.titles("new -city") == ["two"]
    assert notes.titles('-"new york"') == ["two"]


def test_parts_of_words_are_found_when_words_are_not_enough(notes: Notes) -> None:
    notes.add("Book of whole words")
    notes.add("My nötebook")
    notes.add("x\nnot a boo k")
    assert notes.titles("book") == ["Book of whole words", "My nötebook"]
    assert notes.titles("tebo") == ["My nötebook"]
    hit = notes.search.find("tebo").hits[0]
    assert [hit.title[a:b] for a, b in hit.title_ranges] == ["tebo"]
    assert notes.search.find("book").total == 2
    assert notes.titles('"ebook"') == []


def test_filters(notes: Notes) -> None:
    notes.add("a", tags=("project/alpha", "urgent"), folder="Work/2026", pinned=True)
    notes.add("b", HOME, tags=("project",), folder="Private", has_task=True)
    notes.add("c", tags=("projects",), trashed=True)
    assert sorted(notes.titles("tag:project")) == ["a", "b"]
    assert notes.titles("#project/alpha") == ["a"]
    assert notes.titles("-tag:project") == []
    assert notes.titles("is:trashed") == ["c"]
    assert sorted(notes.titles("-is:trashed")) == ["a", "b"]
    assert notes.titles("is:pinned") == ["a"]
    assert notes.titles("has:task") == ["b"]
    assert notes.titles("folder:2026") == ["a"]
    assert notes.titles('notebook:"Zuhause & Garten"') == ["b"]
    assert notes.titles("notebook:zuh") == ["b"]
    assert notes.titles("notebook:none") == []


def test_the_title_counts_more_than_tags_and_those_more_than_the_body(notes: Notes) -> None:
    notes.add("x\n" + "apple " * 3 + "pear " * 20)
    notes.add("y\n" + "pear " * 23, tags=("apple",))
    notes.add("apple tree\n" + "pear " * 23)
    for n in range(20):
        notes.add(f"other {n}\n" + "pear " * 20)
    assert notes.titles("apple") == ["apple tree", "y", "x"]


def test_of_equals_the_newer_comes_first(notes: Notes) -> None:
    notes.add("old\nsame words", edited_ms=0)
    notes.add("new\nsame words", edited_ms=300 * DAY)
    assert notes.titles("same", now_ms=300 * DAY) == ["new", "old"]


def test_a_note_is_found_by_its_present_text_only(notes: Notes) -> None:
    note_id = notes.add("Draft\nbefore")
    notes.add("Draft\nafterwards", note_id=note_id, pinned=True)
    assert notes.titles("before") == []
    assert notes.titles("afterwards is:pinned") == ["Draft"]
    assert notes.search.out_of_step() == ()
    notes.search.remove([note_id, b"unknown"])
    assert notes.titles("afterwards") == []
    assert notes.db.pragma("integrity_check") == "ok"


def test_properties_change_without_indexing_the_words_again(notes: Notes) -> None:
    note_id = notes.add("Plan\ntext")
    before = notes.db.total_changes()
    notes.search.update([Indexed(note_id, WORK, "Plan", "Plan\ntext", trashed=True)])
    assert notes.db.total_changes() - before == 1
    assert notes.titles("plan") == []
    assert notes.titles("plan is:trashed") == ["Plan"]


def test_pages_of_results_join_without_gap_or_double(notes: Notes) -> None:
    for n in range(25):
        notes.add(f"{'book' if n % 2 else 'notebook'} {n}\n", edited_ms=n)
    whole = notes.search.find("book", limit=100)
    pages = [notes.search.find("book", limit=10, offset=at) for at in (0, 10, 20)]
    assert [page.total for page in pages][1:] == [25, 25]
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert notes.search.find("book", limit=0).hits == ()


def test_the_snippet_shows_the_hit_and_not_the_title_again(notes: Notes) -> None:
    notes.add("Trees\n" + "filler " * 80 + "the old trees of the park\n" + "more " * 80)
    hit = notes.search.find("trees").hits[0]
    assert "old trees" in hit.snippet
    assert [hit.title[a:b] for a, b in hit.title_ranges] == ["Trees"]
    assert "trees" in [hit.snippet[a:b] for a, b in hit.ranges]
    assert hit.hits == 2


def test_the_snippet_is_plain_words_with_the_hits_where_they_are(notes: Notes) -> None:
    notes.add(
        "Trees\n\n- [ ] **old** oaks, see [[Forest|the _wood_]]\n> and the *elms* of [town](https://example.org/park)\n"
    )
    hit = notes.search.find("oaks elms").hits[0]
    assert hit.snippet == "old oaks, see the _wood_ and the elms of town"
    assert [hit.snippet[a:b] for a, b in hit.ranges] == ["oaks", "elms"]
    hit = notes.search.find("example").hits[0]  # only what the marks hide has it
    assert "example" in [hit.snippet[a:b] for a, b in hit.ranges]


@given(st.text(st.characters(), max_size=60) | st.text('"*-:^(){}tagANDORNOT +\0', max_size=40))
def test_no_search_ever_fails(typed: str) -> None:
    _SHARED.find(typed, notebooks=NAMES)


def _shared() -> Search:
    db = apsw.Connection(":memory:")
    schema.bring_up(db)
    notes = Notes(db)
    notes.add("One\nwords, “quotes” and 文字", tags=("a/b",))
    return notes.search


_SHARED = _shared()


def test_nothing_of_the_text_is_readable_on_the_disk(notes: Notes, tmp_path: Path) -> None:
    notes.add("Secretword title\nsecretbody " * 50)
    notes.db.pragma("wal_checkpoint(truncate)")
    for path in tmp_path.iterdir():
        data = path.read_bytes().lower()
        assert b"secretword" not in data
        assert b"secretbody" not in data
