"""Undo takes back my own edits and nobody else's."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notesapp.notes.touching import append, compose
from notesapp.notes.undo import LIMIT_STEPS, UndoStack
from notesapp.text import Splice, apply


class Desk:
    """Alice's text and her undo stack, with Bob typing into the same note."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.stack = UndoStack()
        self.now_ms = 0

    def alice(self, at: int, removed: int = 0, inserted: str = "", *, after_ms: int = 100) -> None:
        self.now_ms += after_ms
        splice = Splice(at, self.text[at : at + removed], inserted)
        self.text = apply(self.text, splice)
        self.stack.record(splice, now_ms=self.now_ms)

    def types(self, at: int, word: str, *, after_ms: int = 100) -> None:
        for offset, char in enumerate(word):
            self.alice(at + offset, 0, char, after_ms=after_ms)

    def bob(self, at: int, removed: int = 0, inserted: str = "") -> None:
        splice = Splice(at, self.text[at : at + removed], inserted)
        self.text = apply(self.text, splice)
        self.stack.foreign(splice)

    def undo(self) -> str:
        for splice in self.stack.undo():
            self.text = apply(self.text, splice)
        return self.text

    def redo(self) -> str:
        for splice in self.stack.redo():
            self.text = apply(self.text, splice)
        return self.text


def test_a_word_is_one_step() -> None:
    desk = Desk()
    desk.types(0, "hello big world")
    assert [desk.undo(), desk.undo(), desk.undo(), desk.undo()] == ["hello big ", "hello ", "", ""]
    assert [desk.redo(), desk.redo(), desk.redo(), desk.redo()] == [
        "hello ",
        "hello big ",
        "hello big world",
        "hello big world",
    ]


def test_a_pause_begins_a_new_step() -> None:
    desk = Desk()
    desk.types(0, "ab")
    desk.types(2, "cd", after_ms=701)
    assert [desk.undo(), desk.undo(), desk.undo()] == ["abc", "ab", ""]


def test_a_line_break_begins_a_new_step() -> None:
    desk = Desk()
    desk.types(0, "ab\ncd")
    assert [desk.undo(), desk.undo(), desk.undo()] == ["ab\n", "ab", ""]


def test_a_step_has_at_most_40_characters() -> None:
    desk = Desk()
    desk.types(0, "x" * 90)
    assert [len(desk.undo()), len(desk.undo()), len(desk.undo())] == [80, 40, 0]


def test_a_caret_jump_begins_a_new_step() -> None:
    desk = Desk("one two")
    desk.types(3, "ab")
    desk.types(0, "cd")
    assert [desk.undo(), desk.undo()] == ["oneab two", "one two"]


def test_a_paste_is_a_step_of_its_own() -> None:
    desk = Desk()
    desk.types(0, "ab")
    desk.alice(2, 0, "a pasted text")
    desk.types(15, "cd")
    assert [desk.undo(), desk.undo(), desk.undo()] == ["aba pasted text", "ab", ""]


def test_backspaces_are_one_step_per_word() -> None:
    desk = Desk("one two")
    for at in range(6, -1, -1):
        desk.alice(at, 1)
    assert [desk.undo(), desk.undo()] == ["one", "one two"]


def test_typing_goes_on_as_one_step_while_bob_types_elsewhere() -> None:
    desk = Desk("base ")
    for offset, char in enumerate("hello"):
        desk.alice(5 + offset + offset, 0, char)
        desk.bob(0, 0, "B")
    assert desk.text == "BBBBBbase hello"
    assert desk.undo() == "BBBBBbase "
    assert desk.undo() == "BBBBBbase "
    assert desk.redo() == "BBBBBbase hello"


def test_undo_leaves_what_bob_wrote_into_my_word() -> None:
    desk = Desk()
    desk.types(0, "hello")
    desk.bob(2, 0, "BOB")
    assert desk.undo() == "BOB"
    assert desk.redo() == "heBOBllo"


def test_undo_doesnt_bring_back_what_bob_removed() -> None:
    desk = Desk()
    desk.types(0, "hello")
    desk.bob(1, 3)
    assert desk.undo() == ""
    assert desk.redo() == "ho"


def test_undo_skips_a_step_of_which_nothing_is_left() -> None:
    desk = Desk()
    desk.types(0, "ab")
    desk.types(2, "cd", after_ms=2000)
    desk.stack.settle()
    desk.bob(0, 4)
    assert desk.undo() == ""
    assert not desk.stack.can_undo


def test_my_deletion_comes_back_inside_bobs_text() -> None:
    desk = Desk("one two three")
    desk.alice(3, 4)
    desk.bob(0, 0, "zero ")
    assert desk.undo() == "zero one two three"


def test_a_new_edit_forgets_what_could_be_redone() -> None:
    desk = Desk()
    desk.types(0, "ab")
    desk.undo()
    could = desk.stack.can_redo
    desk.types(0, "c")
    assert (could, desk.stack.can_redo) == (True, False)
    assert desk.redo() == "c"


def test_the_caret_goes_back_to_where_it_was() -> None:
    stack = UndoStack()
    stack.record(Splice(4, "word", ""), now_ms=0, caret=8)
    stack.foreign(Splice(0, "", "abc"))
    assert stack.undo() == (Splice(7, "", "word"),)
    assert stack.caret == 11


def test_a_long_day_of_typing_beside_bob_stays_fast_and_small() -> None:
    dice = random.Random(5)
    desk = Desk("x" * 1000)
    began = time.perf_counter()
    keys = 5_000
    at = 500
    for key in range(keys):
        desk.alice(at, 0, "a")
        at += 1
        where = dice.choice([10, len(desk.text) - 10])
        desk.bob(where, 0, "b")
        at += where < at
        if key % 500 == 499:
            at = dice.randrange(100, len(desk.text))
    took_ms = (time.perf_counter() - began) * 1000
    assert took_ms / keys < 1.0  # with the copies of the text above; 0.02 ms on an idle machine
    while desk.stack.can_undo:
        desk.undo()
    assert desk.text.count("a") == 0
    assert desk.text.count("b") == keys


def test_the_stack_forgets_its_oldest_steps() -> None:
    stack = UndoStack()
    for index in range(3 * LIMIT_STEPS):
        stack.record(Splice(0, "", "xx"), now_ms=index * 1000)
    undone = 0
    while stack.undo():
        undone += 1
    assert LIMIT_STEPS <= undone <= 2 * LIMIT_STEPS


# --- properties -----------------------------------------------------------------------------------------------------

edits = st.lists(
    st.tuples(
        st.booleans(),  # mine?
        st.integers(0, 10_000),
        st.integers(0, 6),
        st.integers(0, 4),
        st.sampled_from([10, 10, 10, 900]),
        st.booleans(),  # right after my last edit, as when typing
    ),
    max_size=25,
)


class Marked:
    """A text of unique characters that remembers who wrote and who removed each."""

    def __init__(self) -> None:
        self.next = 0x4E00
        self.desk = Desk(self.fresh(12))
        self.base = self.desk.text
        self.by_bob = ""
        self.removed_by_bob: set[str] = set()
        self.removed_by_me: set[str] = set()
        self.my_end = 0

    def fresh(self, count: int) -> str:
        self.next += count
        return "".join(chr(code) for code in range(self.next - count, self.next))

    def edit(self, mine: bool, at: int, removed: int, inserted: int, after_ms: int, goes_on: bool) -> None:
        text = self.desk.text
        at = min(self.my_end, len(text)) if goes_on and mine else at % (len(text) + 1)
        removed = min(removed, len(text) - at)
        new = self.fresh(inserted)
        if mine:
            self.removed_by_me |= set(text[at : at + removed])
            self.desk.alice(at, removed, new, after_ms=after_ms)
            self.my_end = at + inserted
        else:
            self.removed_by_bob |= set(text[at : at + removed])
            self.by_bob += new
            self.desk.bob(at, removed, new)


@settings(max_examples=120, deadline=None)
@given(edits)
def test_undoing_all_of_mine_leaves_exactly_the_others_edits(
    steps: list[tuple[bool, int, int, int, int, bool]],
) -> None:
    marked = Marked()
    for step in steps:
        marked.edit(*step)
    desk = marked.desk
    before = desk.text
    while desk.stack.can_undo:
        desk.undo()
    expected = (set(marked.base) | set(marked.by_bob)) - marked.removed_by_bob
    assert sorted(desk.text) == sorted(expected)
    kept_base = [char for char in marked.base if char in expected]
    assert [char for char in desk.text if char in marked.base] == kept_base
    while desk.stack.can_redo:
        desk.redo()
    assert desk.text == before


@settings(max_examples=80, deadline=None)
@given(edits, st.lists(st.sampled_from("uurb"), max_size=30), st.integers(0, 10_000))
def test_undo_and_redo_in_any_order_never_touch_bobs_text(
    steps: list[tuple[bool, int, int, int, int, bool]], walk: list[str], where: int
) -> None:
    marked = Marked()
    for step in steps:
        marked.edit(*step)
    bobs = set(marked.by_bob) - marked.removed_by_me  # what I had removed, undo and redo bring and take
    for move in walk:
        held = {char for char in marked.desk.text if char in bobs}
        match move:
            case "u":
                marked.desk.undo()
            case "r":
                marked.desk.redo()
            case _:
                marked.edit(False, where, 2, 3, 10, False)
                bobs = set(marked.by_bob) - marked.removed_by_me
                held = {char for char in marked.desk.text if char in bobs}
        assert held <= set(marked.desk.text)
        assert len(set(marked.desk.text)) == len(marked.desk.text)  # nothing comes back twice


splices = st.builds(Splice, st.integers(0, 8), st.text("ab", max_size=3), st.text("cd", max_size=3))


@given(
    st.text("xyz", min_size=12, max_size=12),
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 4), st.text("ab", max_size=3)), max_size=12),
)
def test_composed_splices_do_the_same_as_one_after_the_other(text: str, raw: list[tuple[int, int, str]]) -> None:
    run: list[Splice] = []
    after = text
    for at, removed, inserted in raw:
        at %= len(after) + 1
        splice = Splice(at, after[at : at + removed], inserted)
        after = apply(after, splice)
        append(run, splice)
    composed = text
    for splice in run:
        composed = apply(composed, splice)
    assert composed == after


@pytest.mark.parametrize(
    ("first", "then", "both"),
    [
        (Splice(3, "", "a"), Splice(4, "", "b"), Splice(3, "", "ab")),
        (Splice(3, "", "ab"), Splice(4, "b", ""), Splice(3, "", "a")),
        (Splice(3, "", "ab"), Splice(2, "xab", ""), Splice(2, "x", "")),
        (Splice(3, "old", ""), Splice(3, "", "new"), Splice(3, "old", "new")),
        (Splice(3, "", "a"), Splice(5, "", "b"), None),
        (Splice(3, "", "a"), Splice(3, "a", ""), Splice(3, "", "")),
    ],
)
def test_compose(first: Splice, then: Splice, both: Splice | None) -> None:
    assert compose(first, then) == both
