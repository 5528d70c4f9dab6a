"""Search over 10,000 notes of 2 kB: `make bench` prints the figures."""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import pytest

from notesapp.store import database, schema
from notesapp.store.search import Indexed, Search

KEY = b"k" * 32
NOTES, BODY_BYTES = 10_000, 2_000
IMPORT_S, P95_MS = 20.0, 30.0
STARTS = re.findall(r"\w+", "b br c ch d dr f fl g gr h j k kl l m n p pr qu r s sch st str t tr v w z")
MIDDLES = re.findall(r"\w+", "a e i o u ä é ai au ea ie ou ø ç ñ")
ENDS = re.findall(r"\w+", "b ck d ft g ks l ll m n nd ng nt p r rt s st t x") + [""] * 12


def vocabulary(rng: random.Random, count: int) -> list[str]:
    words: dict[str, None] = {}
    while len(words) < count:
        syllables = rng.choices((1, 2, 3, 4), (3, 5, 4, 1))[0]
        words["".join(rng.choice(STARTS) + rng.choice(MIDDLES) + rng.choice(ENDS) for _ in range(syllables))] = None
    return list(words)


def zipf(count: int) -> list[float]:
    return list(accumulate(1 / (rank + 2.7) for rank in range(count)))


def written(rng: random.Random, words: list[str], signs: list[str]) -> Iterator[Indexed]:
    """Notes whose words are as unequal as in real text; each tenth in a script without spaces."""
    of_words, of_signs = zipf(len(words)), zipf(len(signs))
    for n in range(NOTES):
        if n % 10 == 0:
            title = "".join(rng.choices(signs, cum_weights=of_signs, k=8))
            body = "".join(rng.choices(signs, cum_weights=of_signs, k=BODY_BYTES // 3))
        else:
            title = " ".join(rng.choices(words, cum_weights=of_words, k=4))
            picked = rng.choices(words, cum_weights=of_words, k=BODY_BYTES // 6)
            body = "\n".join(" ".join(picked[at : at + 12]) for at in range(0, len(picked), 12))
        tags = (f"area{n % 7}/part{n % 50}",)
        text = f"# {title}\n\n{body}\n"
        yield Indexed(n.to_bytes(16, "big"), bytes([n % 3]) * 32, title, text, tags, edited_ms=n * 60_000)


def asked(rng: random.Random, words: list[str], signs: list[str], count: int) -> list[str]:
    """What people type: a word as it grows, two or three words, a phrase, a tag, signs, a word that isn't."""
    of_words, of_signs = zipf(len(words)), zipf(len(signs))
    typed = []
    for _ in range(count):
        one, two, three = rng.choices(words, cum_weights=of_words, k=3)
        kinds = (
            one[: rng.randrange(1, len(one) + 1)],
            f"{one} {two[:3]}",
            f"{one} {two} {three}",
            f'"{one} {two}"',
            f"tag:area{rng.randrange(7)} {one}",
            f"{one} -{two}",
            "".join(rng.choices(signs, cum_weights=of_signs, k=2)),
            one[1:] + "qy",
        )
        typed.append(rng.choice(kinds))
    return typed


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_search_in_ten_thousand_notes(tmp_path: Path) -> None:
    rng = random.Random(20)
    words, signs = vocabulary(rng, 40_000), [chr(0x4E00 + n) for n in range(3000)]
    path = tmp_path / "notes.db"
    db = database.open_writer(path, KEY)
    schema.bring_up(db)
    notes = list(written(rng, words, signs))
    rows = ((note.note_id, note.notebook_id, b"", note.body) for note in notes)
    with db:
        db.executemany("INSERT INTO texts VALUES (?, ?, ?, ?)", rows)
    db.pragma("wal_checkpoint(truncate)")
    without = path.stat().st_size
    began = time.perf_counter()
    Search(db).update(notes)
    took_s = time.perf_counter() - began
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    text_bytes = sum(len(note.body.encode()) for note in notes)
    index_bytes = path.stat().st_size - without

    reader = database.open_reader(path, KEY)
    search = Search(reader)
    spans: list[float] = []
    found = 0
    for typed in asked(rng, words, signs, 600):
        began = time.perf_counter()
        found += search.find(typed, limit=30, now_ms=NOTES * 60_000).total
        spans.append((time.perf_counter() - began) * 1000)
    p50, p95 = statistics.median(spans), statistics.quantiles(spans, n=20)[-1]
    print(
        f"\nsearch: {NOTES:,} notes, {text_bytes / 1e6:.0f} MB of text: indexed in {took_s:.1f} s, index"
        f" {index_bytes / 1e6:.0f} MB; 600 searches: p50 {p50:.1f} ms, p95 {p95:.1f} ms, worst {max(spans):.1f} ms,"
        f" {found / 600:.0f} notes found on average"
    )
    assert took_s < IMPORT_S
    assert p95 < P95_MS
