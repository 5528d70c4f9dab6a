"""What all sessions share about a notebook: which proof of two histories is kept."""

from __future__ import annotations

import pytest

from notesapp.identity.primitives import digest
from notesapp.sync import messages as m
from notesapp.sync.book import Book
from notesapp.sync.events import ForkProved
from notesapp.sync.head import Fork, SignedHead
from tests.sync.feeds import LAPTOP, NOTEBOOK, Typed
from tests.sync.talk import All, Talk


def proof(changes: int, other: bytes = bytes(32)) -> Fork:
    """That the last entry of a feed with so many changes was written twice."""
    typed = Typed(changes=changes)
    tip = typed.writer.tip
    one, two = (SignedHead.make(tip._replace(hash=hash_), LAPTOP).data for hash_ in (tip.hash, other))
    return Fork(LAPTOP.device_id, typed.nonce, one, b"", two, b"")


def test_of_two_proofs_the_one_of_the_earlier_place_is_kept() -> None:
    early, late = proof(1), proof(3)
    book = Book(NOTEBOOK, All())
    book.put_fork(late, {})
    assert book.improves(early)
    book.put_fork(early, {})
    assert not book.improves(late)
    book.put_fork(late, {})  # as when both came in one moment
    assert book.fork(late.check()[0]) == early
    assert not book.improves(early)


def test_of_two_proofs_of_one_place_all_keep_the_same_in_whatever_order_they_came() -> None:
    proofs = [proof(2, bytes([n]) * 32) for n in range(4)]
    least = min(proofs, key=lambda fork: digest(fork.write()))
    for order in (proofs, proofs[::-1]):
        book = Book(NOTEBOOK, All())
        for fork in order:
            if book.improves(fork):
                book.put_fork(fork, {})
        assert book.fork(fork.check()[0]) == least


@pytest.mark.parametrize(("known", "came", "taken"), [(1, 3, 0), (3, 1, 1), (3, 3, 0)])
def test_a_proof_that_says_no_more_than_the_one_here_is_not_taken_and_nobody_is_blamed(
    known: int, came: int, taken: int
) -> None:
    talk = Talk()
    talk.book.put_fork(proof(known), {})
    talk.say(m.Proof(0, proof(came).write()), m.Ping(1))
    assert len(talk.all(ForkProved)) == taken
    assert talk.all(m.Pong)
