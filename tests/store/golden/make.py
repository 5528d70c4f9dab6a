"""Makes the golden database of a release: `python -m tests.store.golden.make` at the commit that is released.

Run once per release and keep the file for ever: later programs must open it. It writes `release-<version>.db` for the
version of the schema at this commit, and refuses to replace one whose release is out (`RELEASED`).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from notesapp.store import schema
from notesapp.store.blobs import Blobs
from notesapp.store.rows import Batch, CardRow, PendingRow, QuarantineRow, RecordRow
from notesapp.store.search import Indexed, Search
from notesapp.store.store import Store
from tests.store.work import KEY, NOTE, NOTEBOOK, batch, new_home

HERE = Path(__file__).resolve().parent
RELEASED: frozenset[int] = frozenset()  # add a version when its release is out
COMMITS = 25
WORDS = "Apfelkuchen mit Zimt"
CHUNK = b"a sealed chunk of an attachment"
CONTENT = b"C" * 32

EXTRAS = Batch(
    records=(RecordRow(NOTEBOOK, b"genesis", "roster", b"signed genesis"),),
    cards=(CardRow(NOTE, NOTEBOOK, b"card"),),
    pending=(PendingRow(NOTEBOOK, b"p", b"later"),),
    quarantine=(QuarantineRow(NOTEBOOK, b"q", "fork", b"proof", 1_700_000_000_000),),
    secrets={"seed": b"secret"},
    peers={b"device": b"address"},
)


def fill(store: Store) -> None:
    """Something of everything."""
    for number in range(COMMITS):
        store.write(batch(number))
    store.write(EXTRAS)
    with store.db:
        Search(store.db).update([Indexed(NOTE, NOTEBOOK, "Rezept", WORDS, ("küche/süß",), edited_ms=1_700_000_000_000)])
        blobs = Blobs(store.db)
        upload = blobs.begin(len(CHUNK), 1_700_000_000_000)
        blobs.add(upload, CHUNK, 1_700_000_000_000)
        blobs.finish(upload, CONTENT, 1_700_000_000_000)
        blobs.mark(CONTENT, NOTE)


def main() -> None:
    version = len(schema.STEPS)
    target = HERE / f"release-{version}.db"
    if version in RELEASED and target.exists():
        sys.exit(f"release {version} is out: its database must stay as it is; add a migration step instead")
    with tempfile.TemporaryDirectory() as folder:
        home = new_home(Path(folder) / "home")
        with Store.open(home, KEY) as store:
            fill(store)
        with Store.open(home, KEY) as store:
            store.db.execute("VACUUM")
        shutil.copy(home.database, target)
    print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
