"""A caret of somebody else stays behind the letter that it stood behind."""

from __future__ import annotations

import random

from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind
from notesapp.text import Splice

ANA, BEN = b"a" * 16, b"b" * 16


def pair(text: str) -> tuple[Replica, Replica]:
    ana = Replica.create_note(ANA, b"n" * 16, text)
    ben = Replica.empty(Kind.NOTE, BEN)
    ben.receive([change.raw for change in ana.changes_since(())])
    return ana, ben


def test_at_equal_versions_a_position_is_itself() -> None:
    ana, ben = pair("hello")
    assert [ben.now_at(at, ana.heads) for at in range(6)] == [0, 1, 2, 3, 4, 5]


def test_a_position_moves_with_what_was_written_and_struck_before_it() -> None:
    ana, ben = pair("hello world")
    ben.edit([Splice(0, "", ">> ")])
    assert ben.now_at(5, ana.heads) == 8
    ben.edit([Splice(3, "hello ", "")])
    assert ben.now_at(5, ana.heads) == 3
    assert ben.now_at(7, ana.heads) == 4
    assert ben.now_at(11, ana.heads) == 8


def test_a_position_stays_before_what_was_written_at_it() -> None:
    ana, ben = pair("ab")
    ben.edit([Splice(1, "", "XYZ")])
    assert ben.now_at(1, ana.heads) == 1
    assert ben.now_at(2, ana.heads) == 5


def test_a_version_that_is_not_here_yet_has_no_places() -> None:
    ana, ben = pair("ab")
    ana.edit([Splice(2, "", "c")])
    assert ben.now_at(3, ana.heads) is None


def test_whatever_both_wrote_the_letter_before_the_caret_is_the_same() -> None:
    dice = random.Random(5)
    for _ in range(60):
        ana, ben = pair("0123456789" * 3)
        for replica, letters in ((ana, "abcdefgh"), (ben, "ABCDEFGH")):
            for letter in letters:
                at = dice.randint(0, len(replica.text))
                end = min(len(replica.text), at + dice.choice([0, 0, 1, 2]))
                replica.edit([Splice(at, replica.text[at:end], letter)])
        heads, text = ana.heads, ana.text
        places = [(at, text[at - 1]) for at in range(1, len(text) + 1)]
        ben.receive([change.raw for change in ana.changes_since(())])
        for at, letter in places:
            found = ben.now_at(at, heads)
            assert found is not None
            if letter.isalpha() and letter in ben.text:
                assert ben.text[found - 1] == letter, (text, ben.text, at)
