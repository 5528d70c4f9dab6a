"""The algebra of splices, by example and by property."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.errors import LocalError
from notesapp.text import AstralIndex, Splice, apply, between, clean, inverse, shift, transform

TEXTS = st.text(alphabet="ab\n é\U0001f600", max_size=12)


@st.composite
def splices_of(draw: st.DrawFn, text: str) -> Splice:
    at = draw(st.integers(0, len(text)))
    end = draw(st.integers(at, len(text)))
    return Splice(at, text[at:end], draw(TEXTS))


@st.composite
def text_and_two(draw: st.DrawFn) -> tuple[str, Splice, Splice]:
    text = draw(TEXTS)
    return text, draw(splices_of(text)), draw(splices_of(text))


def apply_all(text: str, splices: tuple[Splice, ...]) -> str:
    for splice in splices:
        text = apply(text, splice)
    return text


@given(TEXTS, TEXTS)
def test_between_leads_from_one_text_to_the_other(before: str, after: str) -> None:
    splice = between(before, after)
    assert (splice is None) == (before == after)
    if splice is not None:
        assert apply(before, splice) == after


@given(text_and_two(), st.integers(0, 30))
def test_between_is_minimal_and_honours_the_caret(case: tuple[str, Splice, Splice], caret: int) -> None:
    before, made, _ = case
    after = apply(before, made)
    smallest, hinted = between(before, after), between(before, after, caret=caret)
    assert (smallest is None) == (hinted is None)
    if smallest is not None and hinted is not None:
        assert apply(before, hinted) == after
        assert len(smallest.removed) <= len(made.removed)
        assert len(hinted.removed) <= len(made.removed)
        assert len(smallest.inserted) == len(hinted.inserted)


def test_a_letter_typed_beside_its_like_is_found_at_the_caret() -> None:
    assert between("xaay", "xaaay", caret=2) == Splice(1, "", "a")
    assert between("xaay", "xaaay", caret=3) == Splice(2, "", "a")
    assert between("xaay", "xaaay", caret=4) == Splice(3, "", "a")


@given(text_and_two())
def test_the_inverse_takes_a_splice_back(case: tuple[str, Splice, Splice]) -> None:
    text, splice, _ = case
    assert apply(apply(text, splice), inverse(splice)) == text


@given(text_and_two())
def test_two_concurrent_splices_meet_in_one_text(case: tuple[str, Splice, Splice]) -> None:
    text, mine, theirs = case
    one = apply_all(apply(text, theirs), transform(mine, theirs, first=True))
    other = apply_all(apply(text, mine), transform(theirs, mine))
    assert one == other


@given(text_and_two())
def test_nothing_inserted_by_the_other_is_removed(case: tuple[str, Splice, Splice]) -> None:
    text, mine, theirs = case
    theirs = Splice(theirs.at, theirs.removed, theirs.inserted.replace("a", "#").replace("b", "#"))
    after = apply_all(apply(text, theirs), transform(mine, theirs))
    assert after.count("#") == theirs.inserted.count("#")


@pytest.mark.parametrize("splice", [Splice(3, "x", ""), Splice(-1, "", "a"), Splice(9, "", "a"), Splice(0, "b", "")])
def test_a_splice_that_does_not_fit_is_our_bug(splice: Splice) -> None:
    with pytest.raises(LocalError):
        apply("abc", splice)


def test_a_caret_follows_its_place() -> None:
    insertion = Splice(2, "", "xyz")
    assert [shift(at, insertion) for at in (1, 2, 3)] == [1, 5, 6]
    assert shift(2, insertion, stays_before=True) == 2
    removal = Splice(1, "bcd", "")
    assert [shift(at, removal) for at in (0, 1, 2, 4, 5)] == [0, 1, 1, 1, 2]


@given(text_and_two(), st.booleans())
def test_a_caret_stays_inside_the_text(case: tuple[str, Splice, Splice], stays_before: bool) -> None:
    text, splice, _ = case
    after = apply(text, splice)
    moved = [shift(at, splice, stays_before=stays_before) for at in range(len(text) + 1)]
    assert moved == sorted(moved)
    assert all(0 <= at <= len(after) for at in moved)


@given(st.text(alphabet="ab\U0001f600é\U00010000", max_size=40), st.data())
def test_the_astral_index_agrees_with_the_encoder(text: str, data: st.DataObject) -> None:
    index = AstralIndex(text)
    for _ in range(data.draw(st.integers(0, 4))):
        splice = data.draw(splices_of(text))
        text = apply(text, splice)
        index.apply(splice)
    for at in range(len(text) + 1):
        qt_at = len(text[:at].encode("utf-16-le")) // 2
        assert index.to_qt(at) == qt_at
        assert index.to_at(qt_at) == at
        if at < len(text) and ord(text[at]) > 0xFFFF:
            assert index.to_at(qt_at + 1) == at


def test_pasted_rubbish_is_cleaned() -> None:
    dirty = "a\r\nb\rc\u2028d\u2029e\x00f\ud800g\ufdd0h\ufffci\U0001fffej\u00a0k"
    assert clean(dirty) == "a\nb\nc\nd\nefghij\u00a0k"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode("utf-8")
