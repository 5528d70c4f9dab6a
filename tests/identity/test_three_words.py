"""Codes of three words: who knows them gets in, who guesses gets three tries in all, and nothing works elsewhere."""

from __future__ import annotations

import pytest

from notesapp.errors import (
    BadRequest,
    CodeEnded,
    CodeWordCount,
    CodeWordsUnknown,
    CodeWrong,
    LocalError,
    RemoteError,
)
from notesapp.identity.linking import NewSide, TrustedSide
from notesapp.identity.person import PersonLog, offer_device
from notesapp.identity.person_bodies import ADD
from notesapp.identity.three_words import Asked, CodeKey, CodeWords, Purpose, SharedCode, code_context
from tests.identity.people import NOON, Person, alice_with, device, dice

CODE = CodeWords.generate(Purpose.INVITE, dice("code"))
NONCES = (b"\4" * 32, b"\5" * 32)


def context(binding: bytes = bytes(32)) -> bytes:
    certificate, joiner, sharer = b"\1" * 32, b"\2" * 32, b"\3" * 32
    return code_context(binding=binding, joiner_certificate=certificate, joiner=joiner, sharer=sharer, nonces=NONCES)


HERE = context()


def talk(shared: SharedCode, typed: CodeWords, theirs: bytes = HERE, ours: bytes = HERE) -> tuple[CodeKey, CodeKey]:
    """One whole conversation: (the sharer's key, the joiner's)."""
    asked = Asked(typed, theirs, dice("joiner"))
    answered = shared.answer(asked.out, ours, dice("sharer"))
    proving = asked.receive(answered.out)
    proof, key = answered.receive(proving.out)
    return key, proving.receive(proof)


def other_words(purpose: Purpose = Purpose.INVITE) -> CodeWords:
    return CodeWords((CODE.words[0], "zoo", "zone"), purpose)


def test_who_knows_the_words_shares_a_key_that_seals_both_ways() -> None:
    shared = SharedCode(CODE)
    sharer, joiner = talk(shared, CodeWords.read(str(CODE).upper(), Purpose.INVITE))
    assert joiner.open(sharer.seal(b"the invite", dice("n"))) == b"the invite"
    assert sharer.open(joiner.seal(b"thanks", dice("n"))) == b"thanks"
    with pytest.raises(RemoteError):
        sharer.open(sharer.seal(b"reflected", dice("n")))
    assert shared.ended
    with pytest.raises(CodeEnded):
        shared.answer(Asked(CODE, HERE, dice("late")).out, HERE, dice("x"))


def test_three_wrong_guesses_in_all_end_the_code() -> None:
    shared = SharedCode(CODE)
    for left in (2, 1):
        with pytest.raises(CodeWrong, match=f"{left} tries"):
            talk(shared, other_words())
    with pytest.raises(CodeEnded, match="three wrong tries"):
        talk(shared, other_words())
    with pytest.raises(CodeEnded):
        talk(shared, CODE)


def test_conversations_begun_side_by_side_give_no_more_guesses() -> None:
    shared = SharedCode(CODE)
    open_ = []
    for n in range(6):
        asked = Asked(other_words(), HERE, dice(f"guess {n}"))
        open_.append((asked, shared.answer(asked.out, HERE, dice(f"answer {n}"))))
    honest = Asked(CODE, HERE, dice("honest"))
    waiting = shared.answer(honest.out, HERE, dice("answer"))
    outcomes = []
    for asked, answered in open_:
        with pytest.raises((CodeWrong, CodeEnded)) as caught:
            answered.receive(asked.receive(answered.out).out)
        outcomes.append(caught.type)
    assert outcomes == [CodeWrong, CodeWrong, *[CodeEnded] * 4]
    with pytest.raises(CodeEnded):
        waiting.receive(honest.receive(waiting.out).out)


def test_who_asks_and_goes_away_costs_no_try_and_one_answer_takes_one_proof() -> None:
    shared = SharedCode(CODE)
    for n in range(10):
        shared.answer(Asked(other_words(), HERE, dice(f"{n}")).out, HERE, dice(f"a{n}"))
    assert shared.tries_left == 3
    answered = shared.answer(Asked(CODE, HERE, dice("once")).out, HERE, dice("b"))
    with pytest.raises(CodeWrong):
        answered.receive(bytes(32))
    with pytest.raises(RemoteError, match="second proof"):
        answered.receive(bytes(32))
    assert shared.tries_left == 2


def test_words_carried_to_another_link_or_purpose_open_nothing() -> None:
    with pytest.raises(CodeWrong):
        talk(SharedCode(CODE), CODE, theirs=context(b"\7" * 32))
    linking = CodeWords(CODE.words, Purpose.LINK)
    with pytest.raises(CodeWrong):
        talk(SharedCode(CODE), linking)
    assert linking.topic != CODE.topic
    assert CODE.topic == other_words().topic  # sharers on one first word meet at one place
    with pytest.raises(RemoteError):
        code_context(binding=b"", joiner_certificate=b"", joiner=b"", sharer=b"", nonces=(b"", b""))


def test_false_sharer_learns_nothing_and_convinces_nobody() -> None:
    asked = Asked(CODE, HERE, dice("joiner"))
    answered = SharedCode(other_words()).answer(asked.out, HERE, dice("false"))
    proving = asked.receive(answered.out)
    with pytest.raises(CodeWrong):
        proving.receive(bytes(32))
    with pytest.raises(RemoteError):
        Asked(CODE, HERE, dice("joiner")).receive(asked.out)  # reflected


@pytest.mark.parametrize(
    "hostile",
    [b"", b"A" + bytes(32), b"A" + b"\xff" * 32, b"A\1" + bytes(31), b"B" * 33, b"S" + bytes(32), bytes(34)],
)
def test_first_message_that_is_no_point_is_refused(hostile: bytes) -> None:
    with pytest.raises(RemoteError):
        SharedCode(CODE).answer(hostile, HERE, dice("x"))
    with pytest.raises(RemoteError):
        Asked(CODE, HERE, dice("x")).receive(b"B" + hostile[1:])


def test_typed_words_are_read_generously_and_mistakes_named() -> None:
    typed = f"  {CODE.words[0].upper()} {CODE.words[1][:4]}—{CODE.words[2]}! "
    assert CodeWords.read(typed, Purpose.INVITE) == CODE
    with pytest.raises(CodeWordCount, match="2 were typed"):
        CodeWords.read("zoo zone", Purpose.INVITE)
    with pytest.raises(CodeWordsUnknown, match="did you mean “abandon”"):
        CodeWords.read("abandn zoo zone", Purpose.INVITE)
    assert CODE.words[0] not in repr(CODE)


# -- linking a second device ----------------------------------------------------------------------------------------

LAPTOP, PHONE, THIEF = device("laptop"), device("phone"), device("thief")
HOME = dice("home")(99)
BOX = bytes(range(32))


def keys() -> tuple[CodeKey, CodeKey]:
    code = CodeWords(CODE.words, Purpose.LINK)
    return talk(SharedCode(code), code)


def test_second_device_is_linked_by_a_trusted_one() -> None:
    alice = alice_with(LAPTOP)
    ours, theirs = keys()
    trusted = TrustedSide(alice.log, LAPTOP, ours)
    greeted = NewSide(PHONE, theirs).receive(trusted.welcome("Alice", dice("w")))
    assert (greeted.person, greeted.name) == (alice.root.person_id, "Alice")
    consented = trusted.receive(greeted.consent(dice("c")))
    record, last = consented.agree(HOME, BOX, now_ms=NOON, entropy=dice("l"))
    log, linked = greeted.receive(last)
    assert (linked.home, linked.recovery_box) == (HOME, BOX)
    assert [own.device_id for own in log.active] == [LAPTOP.device_id, PHONE.device_id]
    assert PersonLog.judge(alice.root.person_id, [*alice.records, record]) == log
    again, last = (
        TrustedSide(log, LAPTOP, ours)
        .receive(greeted.consent(dice("c")))
        .agree(HOME, BOX, now_ms=NOON + 1, entropy=dice("l"))
    )  # it was killed before it could keep the log
    assert again == record
    assert greeted.receive(last)[0] == log


def test_untrusted_device_links_nobody_and_stolen_consent_serves_nobody() -> None:
    alice, bob = alice_with(LAPTOP), Person("Bob")
    ours, theirs = keys()
    with pytest.raises(LocalError, match="not trusted"):
        TrustedSide(alice.log, THIEF, ours)
    trusted = TrustedSide(alice.log, LAPTOP, ours)
    with pytest.raises(RemoteError, match="didn't agree"):
        trusted.receive(theirs.seal(ADD.encode(offer_device(PHONE, bob.root.person_id)), dice("x")))
    with pytest.raises(RemoteError):
        trusted.receive(b"garbage")
    greeted = NewSide(PHONE, theirs).receive(trusted.welcome("Alice", dice("w")))
    consented = trusted.receive(greeted.consent(dice("c")))
    _, last = consented.agree(HOME, BOX, now_ms=NOON, entropy=dice("l"))
    with pytest.raises(RemoteError, match="doesn't add it"):
        NewSide(THIEF, theirs).receive(trusted.welcome("Alice", dice("w"))).receive(last)


def test_sixteen_devices_are_enough() -> None:
    alice = alice_with(LAPTOP, *(device(f"d{n}") for n in range(15)))
    ours, theirs = keys()
    trusted = TrustedSide(alice.log, LAPTOP, ours)
    greeted = NewSide(PHONE, theirs).receive(trusted.welcome("Alice", dice("w")))
    with pytest.raises(BadRequest, match="at most 16"):
        trusted.receive(greeted.consent(dice("c"))).agree(HOME, BOX, now_ms=NOON, entropy=dice("l"))
