"""A replica makes changes of bursts, takes in others', saves and loads, and shows earlier versions."""

from __future__ import annotations

import pytest

from notesapp.errors import LocalError, NotHereYet, TooLarge
from notesapp.notes.change import MAX_OPS, read_frame
from notesapp.notes.columns import Refused
from notesapp.notes.replica import Origin, Replica
from notesapp.notes.schema import Kind
from notesapp.notes.snapshot import Damaged
from notesapp.text import Splice, apply
from tests.notes.forge import ALICE, BOB, CAROL, MALLORY, NOTE_ID, exchange, joined, note

KEY = "0123456789abcdef" * 2


def test_new_note_has_its_text_and_its_id() -> None:
    origin = Origin(notebook=b"n" * 32, note=b"o" * 16, heads=b"")
    replica = Replica.create_note(ALICE, NOTE_ID, "Grüße 😀", origin)
    assert replica.text == "Grüße 😀"
    assert replica.kind is Kind.NOTE
    assert replica.fields()["id"] == NOTE_ID
    assert replica.fields()["origin_note"] == b"o" * 16
    replica.verify()


def test_late_joiner_receives_the_whole_note_in_any_order() -> None:
    alice = note("first")
    for word in ("second ", "third ", "fourth "):
        alice.edit([Splice(0, "", word)])
    bob = Replica.empty(Kind.NOTE, BOB)
    received = bob.receive([change.raw for change in reversed(alice.history())])
    assert bob.text == alice.text == "fourth third second first"
    assert len(received.applied) == len(alice.history())
    assert not received.waiting


def test_a_change_before_its_past_waits_and_is_told_what_is_missing() -> None:
    alice = note("a")
    bob = joined(alice, BOB)
    first, second = alice.edit([Splice(0, "", "1")])[0], alice.edit([Splice(0, "", "2")])[0]
    received = bob.receive([second.raw])
    assert received.waiting == (first.hash,)
    assert received.held == (second.hash,)
    assert bob.text == "a"
    assert bob.receive([first.raw, second.raw]).splices == (Splice(0, "", "1"), Splice(0, "", "2"))


def test_a_change_twice_is_taken_in_once() -> None:
    alice = note("a")
    bob = joined(alice, BOB)
    change = alice.edit([Splice(0, "", "1")])[0]
    assert len(bob.receive([change.raw, change.raw]).applied) == 1
    assert bob.receive([change.raw]).applied == ()
    assert bob.text == "1a"


def test_one_burst_is_one_change_without_what_was_taken_back() -> None:
    alice = note("hello")
    burst = [Splice(5, "", "x"), Splice(5, "x", ""), Splice(5, "", " wor"), Splice(9, "", "ld"), Splice(0, "h", "H")]
    (change,) = alice.edit(burst)
    assert alice.text == "Hello world"
    assert change.max_op - change.start_op + 1 == len(" world") + 2
    assert alice.edit([Splice(0, "", "x"), Splice(0, "x", "")]) == ()


def test_long_paste_is_split_into_changes_that_everybody_accepts() -> None:
    alice = note("")
    bob = joined(alice, BOB)
    pasted = "Zeile mit Umlaut ü\n" * 3_000
    changes = alice.edit([Splice(0, "", pasted)])
    assert len(changes) == 3
    assert all(change.max_op - change.start_op < MAX_OPS for change in changes)
    assert not bob.receive([change.raw for change in changes]).refused
    assert bob.text == pasted
    gone = bob.edit([Splice(1, pasted[1:-1], "")])
    assert len(gone) == 3
    alice.receive([change.raw for change in gone])
    assert alice.text == "Z\n"
    alice.verify()


def test_two_megabytes_are_the_limit_and_nothing_changes_beyond() -> None:
    alice = note("é" * 1_000_000)
    heads = alice.heads
    with pytest.raises(TooLarge, match=r"2,000,001 bytes.*2,000,000 bytes"):
        alice.edit([Splice(0, "", "x")])
    assert alice.heads == heads
    assert alice.edit([Splice(0, "é", "xy")])
    with pytest.raises(TooLarge):
        note("x" * 2_000_001)


def test_honest_people_at_the_limit_at_once_may_pass_it_together() -> None:
    alice = note("x" * 1_999_990)
    bob = joined(alice, BOB)
    alice.edit([Splice(0, "", "a" * 10)])
    bob.edit([Splice(0, "", "b" * 10)])
    exchange(alice, bob)
    assert len(alice.text) == 2_000_010
    assert alice.edit([Splice(0, alice.text[:10], "")])


def test_splices_that_do_not_fit_change_nothing() -> None:
    alice = note("hello")
    heads = alice.heads
    for bad in (
        Splice(99, "", "x"),
        Splice(0, "x", ""),
        Splice(-1, "", "x"),
        Splice(0, "", "a\rb"),
        Splice(4, "oo", ""),
    ):
        with pytest.raises(LocalError):
            alice.edit([bad])
        with pytest.raises(LocalError):
            alice.edit([Splice(0, "", "fine"), bad])
    assert (alice.text, alice.heads) == ("hello", heads)


def test_joiner_without_the_note_cannot_write() -> None:
    with pytest.raises(NotHereYet):
        Replica.empty(Kind.NOTE, BOB).edit([Splice(0, "", "x")])


def test_keys_of_an_index() -> None:
    home = Replica.create_index(ALICE, "Home")
    home.put({("notes", f"{KEY}.folder"): "Work", ("notes", f"{KEY}.trashed"): 5, ("notes", f"{KEY}.pinned"): True})
    assert home.fields("notes") == {f"{KEY}.folder": "Work", f"{KEY}.trashed": 5, f"{KEY}.pinned": True}
    home.put({("notes", f"{KEY}.trashed"): None, ("notes", f"{KEY}.pinned"): None, ("name",): "House"})
    assert home.fields("notes") == {f"{KEY}.folder": "Work", f"{KEY}.trashed": None}
    assert home.fields() == {"schema": 1, "name": "House"}
    bob = joined(home, BOB)
    assert bob.fields("notes") == home.fields("notes")
    bob.verify()


def test_keys_put_at_once_end_alike_and_the_next_put_settles_them() -> None:
    home = Replica.create_index(ALICE, "Home")
    bob = joined(home, BOB)
    home.put({("name",): "Alice's"})
    bob.put({("name",): "Bob's"})
    exchange(home, bob)
    assert home.fields() == bob.fields()
    home.verify()
    home.put({("name",): "Ours"})
    exchange(home, bob)
    assert bob.fields()["name"] == "Ours"
    bob.verify()


@pytest.mark.parametrize(
    ("path", "value"), [(("colour",), "red"), (("notes", "x.folder"), "y"), (("name",), 5), (("name",), None)]
)
def test_keys_that_the_schema_does_not_know_are_our_own_bug(path: tuple[str, ...], value: str | int | None) -> None:
    with pytest.raises(LocalError):
        Replica.create_index(ALICE, "Home").put({path: value})


def test_earlier_versions_and_what_lies_between() -> None:
    alice = note("one\ntwo\nthree\n")
    old = alice.heads
    alice.edit([Splice(0, "one", "ONE"), Splice(8, "three", "3")])
    new = alice.heads
    alice.edit([Splice(0, "", "later ")])
    assert alice.text_at(old) == "one\ntwo\nthree\n"
    text = alice.text_at(old)
    splices = alice.splices_between(old, new)
    assert len(splices) == 2
    for splice in splices:
        text = apply(text, splice)
    assert text == alice.text_at(new) == "ONE\ntwo\n3\n"
    assert [change.seq for change in alice.history()] == [1, 2, 3, 4]
    assert [change.seq for change in alice.changes_since(old)] == [3, 4]
    with pytest.raises(LocalError):
        alice.text_at([b"\x07" * 32])


@pytest.mark.parametrize("compact", [False, True])
def test_snapshot_brings_everything_back(compact: bool) -> None:
    alice = note("Grüße")
    bob = joined(alice, BOB)
    bob.edit([Splice(0, "G", "g")])
    alice.edit([Splice(5, "", " 😀")])
    exchange(alice, bob)
    again = Replica.load(alice.save(compact=compact), CAROL)
    assert (again.text, again.heads, again.fields()) == (alice.text, alice.heads, alice.fields())
    assert [c.hash for c in again.history()] == [c.hash for c in alice.history()]
    assert [c.raw for c in again.history()] == [c.raw for c in alice.history()]
    again.edit([Splice(0, "", "Carol: ")])
    exchange(again, bob)
    assert bob.text == "Carol: grüße 😀"
    again.verify()


def test_snapshot_with_any_wrong_byte_is_refused() -> None:
    data = note("text").save()
    for at in range(0, len(data), 7):
        spoilt = data[:at] + bytes((data[at] ^ 0x10,)) + data[at + 1 :]
        with pytest.raises(Damaged):
            Replica.load(spoilt, ALICE)
    for end in (0, 5, 40, len(data) - 1):
        with pytest.raises(Damaged):
            Replica.load(data[:end], ALICE)


def test_many_heads_are_joined_before_the_next_edit() -> None:
    alice = note("x")
    crowd = [joined(alice, bytes((n,)) * 16) for n in range(100)]
    raws = [writer.edit([Splice(1, "", "y")])[0].raw for writer in crowd]
    assert not alice.receive(raws).refused
    assert len(alice.heads) == 100
    changes = alice.edit([Splice(0, "", "!")])
    assert [len(change.deps) for change in changes] == [100, 1]
    assert alice.heads == (changes[-1].hash,)
    bob = joined(alice, MALLORY)
    assert bob.text == alice.text
    bob.verify()


def test_next_feed_of_the_same_device_goes_on() -> None:
    alice = note("a")
    alice.actor = BOB
    (change,) = alice.edit([Splice(1, "", "b")])
    assert (change.actor, change.seq) == (BOB, 1)
    alice.verify()
    with pytest.raises(LocalError):
        alice.actor = b"short"


def test_panic_of_the_engine_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):  # the name is what it is told by
        pass

    alice = note("a")
    alice.warm()
    bad = alice.edit([Splice(0, "", "bad")])[0]
    good = alice.edit([Splice(0, "", "follows ")])[0]
    engine = alice._engine
    receive = type(engine)._take

    def panics(self: object, message: bytes) -> None:
        if bad.raw in message:
            raise PanicException("index out of bounds")
        receive(engine, message)

    monkeypatch.setattr(type(engine), "_take", panics)
    alice.warm()
    assert engine.lost == {bad.hash: "it broke the engine", good.hash: "it follows one that broke the engine"}
    assert alice.text == "follows bada"
    again = Replica.load(alice.save(compact=True), ALICE)
    assert (again.text, again.heads) == (alice.text, alice.heads)


def test_reading_bytes_that_are_no_change_says_why() -> None:
    with pytest.raises(Refused, match="isn't a change"):
        read_frame(b"hello")


def test_a_change_that_came_too_early_is_taken_in_by_the_call_that_brings_its_past() -> None:
    alice, bob, carol = note("text"), Replica.empty(Kind.NOTE, BOB), Replica.empty(Kind.NOTE, CAROL)
    exchange(alice, bob)
    carol.receive([change.raw for change in alice.history()])
    (first,) = alice.edit([Splice(4, "", " one")])
    bob.receive([first.raw])
    (second,) = bob.edit([Splice(8, "", " two")])
    early = carol.receive([second.raw, second.raw])
    assert (early.applied, early.waiting, early.held) == ((), (first.hash,), (second.hash,))
    late = carol.receive([first.raw])
    assert [change.hash for change in late.applied] == [first.hash, second.hash]
    assert (carol.text, late.waiting, late.held) == ("text one two", (), ())
    carol.verify()
