"""A folded burst does what its splices do one after the other, with less."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.errors import LocalError
from notesapp.notes.burst import fold
from notesapp.text import Splice, apply


@st.composite
def bursts(draw: st.DrawFn) -> tuple[str, list[Splice]]:
    """A text and splices that fit one after the other."""
    text = before = draw(st.text("abc", max_size=20))
    burst = []
    for _ in range(draw(st.integers(0, 12))):
        at = draw(st.integers(0, len(text)))
        gone = text[at : at + draw(st.integers(0, 6))]
        burst.append(Splice(at, gone, draw(st.text("abcd", max_size=4))))
        text = apply(text, burst[-1])
    return before, burst


@given(bursts())
def test_folded_burst_does_the_same(case: tuple[str, list[Splice]]) -> None:
    before, burst = case
    after = before
    for splice in burst:
        after = apply(after, splice)
    folded = fold(burst)
    text = before
    for splice in reversed(folded):
        text = apply(text, splice)
    assert text == after
    assert all(one.removed_end < other.at for one, other in pairwise(folded))


def test_typing_is_one_splice_and_taking_it_back_is_none() -> None:
    typed = [Splice(3 + nth, "", letter) for nth, letter in enumerate("hello")]
    assert fold(typed) == (Splice(3, "", "hello"),)
    backspaces = [Splice(7 - nth, letter, "") for nth, letter in enumerate("olleh")]
    assert fold(typed + backspaces) == ()


def test_splice_that_does_not_fit_its_burst_is_our_own_bug() -> None:
    with pytest.raises(LocalError):
        fold([Splice(0, "", "abc"), Splice(1, "x", "")])
