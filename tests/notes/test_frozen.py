"""The frozen changes of documents are read today, by us and by the bare engine, and say what they said."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

from notesapp.notes.notebook import Notebook
from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
NOTE = ("note_created", "note_typed", "note_by_ana", "note_by_ben_at_the_same_time", "note_after_both")


def frozen() -> dict[str, bytes]:
    values = json.loads((VECTORS / "documents-1.json").read_text(encoding="utf-8"))
    return {key: bytes.fromhex(value) for key, value in values.items()}


def test_frozen_note_says_what_it_said_in_whatever_order_its_changes_come() -> None:
    it = frozen()
    for order in permutations(NOTE):
        replica = Replica.empty(Kind.NOTE, bytes(16))
        refused = [fault for name in order for fault in replica.receive([it[name]]).refused]
        assert not refused, (order, refused)
        assert (replica.text.encode(), replica.heads) == (it["note_text"], (it["note_head"],))
    replica.verify()  # the engine has the same text and heads
    assert replica.field("id") == it["note_id"]
    assert [len(replica.field(f"origin_{key}") or b"") for key in ("notebook", "note", "heads")] == [32, 16, 32]  # type: ignore[arg-type]  # bytes


def test_frozen_index_lists_what_it_listed() -> None:
    it = frozen()
    index = Notebook(bytes(32), Replica.empty(Kind.INDEX, bytes(16)))
    index.receive([it["index_created"], it["index_listed"]])
    row = index.rows()[it["note_id"]]
    assert (index.name, row.folder, row.file_name, row.listed) == ("Notes", "Letters", "Greeting", True)
    assert [file.name for file in index.attachments().values()] == ["Letters/wave.png"]
    index.receive([it["index_trashed"]])
    row = index.rows()[it["note_id"]]
    assert (row.listed, row.trashed_heads) == (False, (it["note_head"],))
    index.receive([it["index_untrashed"]])
    assert index.rows()[it["note_id"]].listed
    index.replica.verify()
