"""Finds notes by what is written in them, inside the encrypted database.

Two full-text tables without content, keyed by a small row number per note: words (ranked, with prefixes; signs of
scripts without spaces are words of their own) and trigrams without positions (parts of words, tried when whole words
find little). The texts themselves stay in the table `texts`; snippets are cut from there. What a typed query means is
`query`'s business; titles, tags and tasks come from whoever indexes.

Measured on 10,000 notes, 29 MB of text: words + prefixes of 2 and 3 letters 37 MB (without prefixes 23 MB, but “ka*”
takes 25 ms instead of 7), trigrams without positions 15 MB; a copy of the texts would add 29 MB.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import apsw

from notesapp.store.query import Field, Filter, Query, fold, parse, pattern_of, spaced_out, substring_words
from notesapp.store.snippet import Range, marker, ranges_in, snippet

SCHEMA = """
CREATE TABLE IF NOT EXISTS search_rows(
  id INTEGER PRIMARY KEY,
  note_id BLOB NOT NULL UNIQUE,
  notebook_id BLOB NOT NULL,
  title TEXT NOT NULL,
  folded TEXT NOT NULL,
  folder TEXT NOT NULL,
  pinned INTEGER NOT NULL,
  trashed INTEGER NOT NULL,
  tasks INTEGER NOT NULL,
  edited_ms INTEGER NOT NULL,
  words_digest BLOB NOT NULL,
  body_digest BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS search_tags(
  tag TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY(tag, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS search_tags_of ON search_tags(id);
CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5(
  title, body, tags, content='', contentless_delete=1, prefix='2 3',
  tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co So Mc'"
);
CREATE VIRTUAL TABLE IF NOT EXISTS search_parts USING fts5(
  text, content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1'
);
"""
TABLES = ("search_rows", "search_tags", "search_words", "search_parts")  # all of it can be rebuilt from the texts

TITLE, BODY, TAGS = 10.0, 1.0, 4.0  # a word in the title weighs ten times one in the body
FRESH_MS = 30 * 24 * 3600 * 1000
PARTS_CANDIDATES = 400  # notes read to verify a part of a word

_RANK = """bm25(search_words, {t}, {b}, {g})
  * (1.0 + 0.25 * {fresh} / ({fresh} + max(0, :now - s.edited_ms))) * iif(s.folded = :whole, 2.0, 1.0)"""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the index is told of a note: `body` is its whole text, `tags` are without #, `edited_ms` since 1970."""

    note_id: bytes
    notebook_id: bytes
    title: str
    body: str
    tags: tuple[str, ...] = ()
    folder: str = ""
    pinned: bool = False
    trashed: bool = False
    has_task: bool = False
    edited_ms: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One note found: ranges are (start, end) in code points of `title` and `snippet`; `hits` counts up to 99."""

    note_id: bytes
    notebook_id: bytes
    title: str
    title_ranges: tuple[Range, ...]
    snippet: str
    ranges: tuple[Range, ...]
    hits: int


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits, best first; `total` counts all notes that match."""

    hits: tuple[Hit, ...]
    total: int


_Row = tuple[bytes, bytes, str]
TextOf = Callable[[bytes], str | None]


def digest_of(text: str) -> bytes:
    """The 8 bytes by which the doctor sees whether the index is in step with a text."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


class Search:
    """The index of one store. Reads on any connection; writes only on the writing one, in the caller's transaction."""

    def __init__(self, db: apsw.Connection, text_of: TextOf | None = None) -> None:
        self._db = db
        self._text_of = text_of or self._stored_text

    def _stored_text(self, note_id: bytes) -> str | None:
        row: Any = self._db.execute("SELECT text FROM texts WHERE note_id = ?", (note_id,)).fetchone()
        return None if row is None else str(row[0])

    def out_of_step(self) -> tuple[bytes, ...]:
        """The notes whose text is not the one that was indexed: to be indexed (or, without a text, removed) again."""
        known: list[Any] = self._db.execute("SELECT note_id, body_digest FROM search_rows").fetchall()
        indexed: dict[bytes, bytes] = dict(known)
        stale: list[bytes] = []
        for note_id, text in self._db.execute("SELECT note_id, text FROM texts"):
            if indexed.pop(note_id, None) != digest_of(text):
                stale.append(note_id)
        return (*stale, *indexed)

    def update(self, notes: Iterable[Indexed]) -> None:
        """Index new notes and changed ones; a note whose words are unchanged only gets its properties changed."""
        with self._db:
            for note in notes:
                self._update(note)

    def _update(self, note: Indexed) -> None:
        tags = tuple(sorted({fold(tag.strip("/#")) for tag in note.tags} - {""}))
        digest = digest_of("\0".join((note.title, *tags, note.body)))
        row = self._db.execute("SELECT id, words_digest FROM search_rows WHERE note_id = ?", (note.note_id,)).fetchone()
        facts = (
            note.notebook_id, note.title, fold(note.title).strip(), fold(note.folder).strip("/"),
            note.pinned, note.trashed, note.has_task, note.edited_ms, digest, digest_of(note.body),
        )  # fmt: skip
        if row is None:
            self._db.execute(
                "INSERT INTO search_rows(notebook_id, title, folded, folder, pinned, trashed, tasks, edited_ms,"
                " words_digest, body_digest, note_id) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
                (*facts, note.note_id),
            )
            key = self._db.last_insert_rowid()
        else:
            key = row[0]
            self._db.execute(
                "UPDATE search_rows SET notebook_id=?, title=?, folded=?, folder=?, pinned=?, trashed=?, tasks=?,"
                " edited_ms=?, words_digest=?, body_digest=? WHERE id=?",
                (*facts, key),
            )
            if row[1] == digest:
                return
            self._forget_words(key)
        self._db.execute(
            "INSERT INTO search_words(rowid, title, body, tags) VALUES(?,?,?,?)",
            (key, spaced_out(note.title), spaced_out(note.body), spaced_out(" ".join(tags))),
        )
        self._db.execute("INSERT INTO search_parts(rowid, text) VALUES(?,?)", (key, fold(f"{note.title}\n{note.body}")))
        self._db.executemany("INSERT INTO search_tags(tag, id) VALUES(?,?)", ((tag, key) for tag in tags))

    def _forget_words(self, key: int) -> None:
        self._db.execute("DELETE FROM search_words WHERE rowid = ?", (key,))
        self._db.execute("DELETE FROM search_parts WHERE rowid = ?", (key,))
        self._db.execute("DELETE FROM search_tags WHERE id = ?", (key,))

    def remove(self, note_ids: Iterable[bytes]) -> None:
        """Forget notes; unknown ids are no error."""
        with self._db:
            for note_id in note_ids:
                row = self._db.execute("DELETE FROM search_rows WHERE note_id = ? RETURNING id", (note_id,)).fetchone()
                if row is not None:
                    self._forget_words(row[0])

    def find(
        self,
        typed: str | Query,
        *,
        notebooks: Mapping[bytes, str] | None = None,
        limit: int = 50,
        offset: int = 0,
        now_ms: int = 0,
    ) -> Results:
        """The notes that match, best first: `notebooks` gives names to `notebook:`; without words, newest first."""
        query = parse(typed) if isinstance(typed, str) else typed
        if not query:
            return Results((), 0)
        where, facts = _conditions(query, notebooks or {})
        facts |= {"now": now_ms, "whole": fold(" ".join(term.text for term in query.wanted))}
        if not query.wanted:
            return self._page(query, f"FROM search_rows s WHERE {where}", "-s.edited_ms, s.id", facts, limit, offset)
        facts["match"] = query.match
        source = (
            "FROM search_words CROSS JOIN search_rows s ON s.id = search_words.rowid"
            f" WHERE search_words MATCH :match AND {where}"
        )
        rank = _RANK.format(t=TITLE, b=BODY, g=TAGS, fresh=FRESH_MS)
        page = self._page(query, source, rank, facts, limit, offset)
        return self._with_parts(query, page, where, facts, limit, offset)

    def _page(
        self, query: Query, source: str, order: str, facts: dict[str, object], limit: int, offset: int
    ) -> Results:
        total = self._db.execute(f"SELECT count(*) {source}", facts).get
        rows: list[Any] = self._db.execute(
            f"SELECT s.note_id, s.notebook_id, s.title {source} ORDER BY {order} LIMIT :limit OFFSET :offset",
            facts | {"limit": max(0, limit), "offset": max(0, offset)},
        ).fetchall()
        marks = marker(query)
        return Results(tuple(self._hit(row, marks) for row in rows), total)

    def _hit(self, row: _Row, marks: re.Pattern[str] | None, body: str | None = None) -> Hit:
        note_id, notebook_id, title = row
        body = (self._text_of(note_id) or "") if body is None else body
        at = body.find(title, 0, 4096) if title else -1
        piece = snippet(body, marks, after=at + len(title) if at >= 0 else 0)
        return Hit(
            note_id, notebook_id, title, ranges_in(title, marks), piece.text, piece.ranges, piece.hits
        )  # fmt: skip

    def _with_parts(
        self, query: Query, page: Results, where: str, facts: dict[str, object], limit: int, offset: int
    ) -> Results:
        """`page`, filled up with notes that have the words inside other words (“book” in “notebook”)."""
        words = substring_words(query)
        if not words or page.total >= max(1, limit) + offset:
            return page
        found = list(islice(self._parts(words, where, facts), PARTS_CANDIDATES))
        marks = marker(query, inside=words)
        begin = max(0, offset - page.total)
        room = max(0, limit - len(page.hits))
        more = tuple(self._hit(row, marks, body) for row, body in found[begin : begin + room])
        return Results(page.hits + more, page.total + len(found))

    def _parts(self, words: tuple[str, ...], where: str, facts: dict[str, object]) -> Iterator[tuple[_Row, str]]:
        patterns = [re.compile(pattern_of(word)) for word in words]
        trigrams = sorted({word[i : i + 3] for word in words for i in range(len(word) - 2)})
        rows: list[Any] = self._db.execute(
            "SELECT s.note_id, s.notebook_id, s.title FROM search_parts CROSS JOIN search_rows s"
            f" ON s.id = search_parts.rowid WHERE search_parts MATCH :parts AND {where}"
            " AND s.id NOT IN (SELECT rowid FROM search_words WHERE search_words MATCH :match)"
            f" ORDER BY s.edited_ms DESC, s.id LIMIT {PARTS_CANDIDATES}",
            facts | {"parts": " AND ".join('"' + t.replace('"', '""') + '"' for t in trigrams)},
        ).fetchall()
        for row in rows:
            body = self._text_of(row[0]) or ""
            if all(inside.search(body) or inside.search(row[2]) for inside in patterns):
                yield row, body


def _conditions(query: Query, notebooks: Mapping[bytes, str]) -> tuple[str, dict[str, object]]:
    """The filters as SQL over `search_rows s`, with the values they name."""
    clauses = [] if query.trashed_named else ["s.trashed = 0"]
    facts: dict[str, object] = {}
    for n, wanted in enumerate(query.filters):
        clause = _condition(wanted, f"f{n}", facts, notebooks)
        clauses.append(f"NOT ({clause})" if wanted.negated else clause)
    for n, term in enumerate(query.unwanted):
        facts[f"u{n}"] = term.match
        clauses.append(f"s.id NOT IN (SELECT rowid FROM search_words WHERE search_words MATCH :u{n})")
    return " AND ".join(clauses) or "1", facts


def _condition(wanted: Filter, name: str, facts: dict[str, object], notebooks: Mapping[bytes, str]) -> str:
    facts[name] = wanted.value
    match wanted.field:
        case Field.TAG:
            return (
                f"s.id IN (SELECT id FROM search_tags WHERE tag = :{name}"
                f" OR (tag > :{name} || '/' AND tag < :{name} || '0'))"  # “0” follows “/”
            )
        case Field.FOLDER:
            return f"instr('/' || s.folder || '/', '/' || :{name} || '/') > 0"
        case Field.NOTEBOOK:
            names = {key: fold(value).strip() for key, value in notebooks.items()}
            chosen = [key for key, value in names.items() if value == wanted.value]
            chosen = chosen or [key for key, value in names.items() if value.startswith(wanted.value)]
            facts.update({f"{name}_{i}": key for i, key in enumerate(chosen)})
            return f"s.notebook_id IN ({', '.join(f':{name}_{i}' for i in range(len(chosen)))})"
        case Field.IS:
            return f"s.{wanted.value} = 1"
        case Field.HAS:
            return "s.tasks = 1"
