"""Hostile bytes at every decoder of people and trust: a value or a `RemoteError`, nothing else, and quickly.

As in `tests/sync/test_fuzz.py`: mutants of frozen bytes, those of signed records changed before they are signed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notesapp.errors import (
    CodeWordCount,
    CodeWordsUnknown,
    RecoveryWordCount,
    RecoveryWordsMixed,
    RecoveryWordUnknown,
    RemoteError,
)
from notesapp.identity.epoch import PREVIOUS_DOMAIN, EpochKeys
from notesapp.identity.genesis import Genesis
from notesapp.identity.home import DOMAIN as HOME_DOMAIN
from notesapp.identity.home import HomeLog
from notesapp.identity.home import read_record as read_home
from notesapp.identity.invite import read_link
from notesapp.identity.linking import NewSide, TrustedSide
from notesapp.identity.matching import DIALER, begin_matching
from notesapp.identity.person import DOMAIN as PERSON_DOMAIN
from notesapp.identity.person import PersonLog
from notesapp.identity.person import read_record as read_person
from notesapp.identity.primitives import seal, sign, signing_pair
from notesapp.identity.redeem import Redeem, examine
from notesapp.identity.release import Release
from notesapp.identity.roster import DOMAIN, Roster
from notesapp.identity.roster import read_record as read_roster
from notesapp.identity.three_words import Asked, CodeKey, CodeWords, Purpose, SharedCode
from notesapp.identity.words import kit_words, parse_kit
from tests.fuzzing import mutant
from tests.identity.people import NOON, dice
from tests.vectors.generate import HERE
from tests.vectors.trust import people

TEXTS = {"link", "matching_words", "code", "person_logs"}


def frozen(name: str) -> dict[str, bytes]:
    values = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return {k: bytes.fromhex(v) if k not in TEXTS else v.encode() for k, v in values.items()}


ROSTER, JOINING, SUSPENSION = frozen("roster-1"), frozen("joining-1"), frozen("suspension-1")
ROOT, LAPTOP, LOG = people()["alice"]
LOGS = [log for _, _, log in people().values()]
GENESIS = Genesis.read(ROSTER["genesis"])
RECORDS = {name: data for name, data in ROSTER.items() if name[:2].isdigit()}
BASE = [read_roster(DOMAIN + part) for part in ROSTER["founding"].split(DOMAIN)[1:]]
ROSTER_NOW = Roster.judge(GENESIS, LOGS, [*BASE, *(read_roster(data) for data in RECORDS.values())])
CONTEXT = JOINING["code_context"]
CODE = CodeWords.read(JOINING["code"].decode(), Purpose.LINK)


def signed_by_alice(prefix: bytes, payload: bytes) -> bytes:
    return prefix + payload + LAPTOP.sign(prefix + payload)


def judge_roster(payload: bytes) -> object:
    record = read_roster(signed_by_alice(DOMAIN, payload))
    roster = Roster.judge(GENESIS, LOGS, [*BASE, record])
    return roster.keys_for(LAPTOP), roster.epoch, roster.rotation_due, roster.digest


def judge_person(payload: bytes) -> object:
    return PersonLog.judge(ROOT.person_id, [*LOG.records, read_person(signed_by_alice(PERSON_DOMAIN, payload))])


def judge_home(payload: bytes) -> object:
    record = read_home(signed_by_alice(HOME_DOMAIN, payload))
    return HomeLog.judge(JOINING["notebook"], LOG, [record]).petnames()


def redeem(data: bytes) -> object:
    asked = Redeem.read(data)
    with suppress(RemoteError):
        examine(ROSTER_NOW, asked, device_id=LAPTOP.device_id, binding=JOINING["binding"], now_ms=NOON)
        raise AssertionError("a mutant of a request was let in")
    return asked


def key() -> CodeKey:
    return CodeKey(bytes(32), bytes(32))


def linking(plain: bytes) -> object:
    """A message that really is sealed by the other side, hostile inside."""
    with suppress(RemoteError):
        TrustedSide(LOG, LAPTOP, key()).receive(key().seal(plain, dice("n")))
    greeted = NewSide(LAPTOP, key()).receive(key().seal(b"\x92\xc4\x20" + ROOT.person_id + b"\xa0", dice("n")))
    with suppress(RemoteError):
        greeted.receive(key().seal(plain, dice("n")))
    return NewSide(LAPTOP, key()).receive(key().seal(plain, dice("n")))


def typed_code(data: bytes) -> object:
    """What a person types, or pastes, as a code."""
    try:
        return CodeWords.read(data.decode("utf-8", "replace"), Purpose.INVITE)
    except (CodeWordCount, CodeWordsUnknown) as error:
        raise RemoteError(reason=error.sentence) from None  # said to whoever typed it


def typed_kit(data: bytes) -> object:
    try:
        return parse_kit(data.decode("utf-8", "replace"))
    except (RecoveryWordCount, RecoveryWordUnknown, RecoveryWordsMixed) as error:
        raise RemoteError(reason=error.sentence) from None


def earlier_keys(plain: bytes) -> object:
    """Earlier keys as an admin who isn't honest may seal them."""
    nonce = dice("n")(24)
    sealed = nonce + seal(plain, NOW._previous_key(), nonce, PREVIOUS_DOMAIN + CONTEXT)
    with suppress(RemoteError):
        NOW.open_previous(CONTEXT, plain, EARLIER.commitment)
    return NOW.open_previous(CONTEXT, sealed, EARLIER.commitment)


NOW, EARLIER = EpochKeys(bytes(32), b"\1" * 32), EpochKeys(b"\2" * 32, b"\3" * 32)
KIT = " ".join(kit_words(ROOT.seed))


def payloads(prefix: bytes, *records: bytes) -> list[bytes]:
    return [record[len(prefix) : -64] for record in records]


Decoder = tuple[Callable[[bytes], object], list[bytes]]
RELEASE = bytes.fromhex(json.loads((HERE / "release-1.json").read_text())["feed"])
MAKER = signing_pair(bytes(range(32)))


def read_feed(data: bytes) -> object:
    return Release.read(data, (MAKER[0],))


def signed_release(payload: bytes) -> object:
    message = RELEASE[:19] + payload
    return Release.read(message + sign(message, MAKER[1]), (MAKER[0],))


DECODERS: dict[str, Decoder] = {
    "roster record": (read_roster, list(RECORDS.values())),
    "signed roster payload": (judge_roster, payloads(DOMAIN, *RECORDS.values())),
    "signed person payload": (
        judge_person,
        payloads(PERSON_DOMAIN, SUSPENSION["suspend"], SUSPENSION["lift"], SUSPENSION["add"]),
    ),
    "signed home payload": (judge_home, payloads(HOME_DOMAIN, JOINING["home_petname"])),
    "link": (lambda data: read_link(data.decode("utf-8", "replace")), [JOINING["link"]]),
    "request": (redeem, [JOINING["redeem"]]),
    "commitment": (lambda data: begin_matching(DIALER, CONTEXT, dice("n")).receive(data[:33]), [bytes(32)]),
    "nonce": (
        lambda data: begin_matching(DIALER, CONTEXT, dice("n")).receive(bytes(32)).receive(data[:33]),
        [JOINING["matching_dialer"][32:]],
    ),
    "sealed by a code": (lambda data: key().open(data), [JOINING["link_welcome"], JOINING["link_last"]]),
    "earlier keys": (earlier_keys, [EARLIER.content + EARLIER.topic]),
    "release feed": (read_feed, [RELEASE]),
    "signed release": (signed_release, [RELEASE[19:-64]]),
    "linking": (linking, [b"\x92\xc4\x20" + ROOT.person_id + b"\xa5Alice", b"\x93" + b"\xc4\x20" + bytes(32)]),
}
SLOW: dict[str, Decoder] = {  # SPAKE2 in Python takes milliseconds
    "ask": (lambda data: SharedCode(CODE).answer(data, CONTEXT, dice("n")), [JOINING["code_ask"]]),
    "typed code": (typed_code, [JOINING["code"], b"Abandon  abil-zoo"]),  # looking for the word that was meant, too
    "typed kit": (typed_kit, [KIT.encode()]),
    "answer": (lambda data: Asked(CODE, CONTEXT, dice("n")).receive(data), [JOINING["code_answer"]]),
}


def attack(name: str, count: int, seed: int) -> int:
    """How many of `count` mutants were let through; any escape but `RemoteError` fails."""
    decode, originals = (DECODERS | SLOW)[name]
    chance = random.Random(f"{name} {seed}")
    let_through = 0
    for _ in range(count):
        hostile = mutant(chance.choice(originals), chance)
        try:
            decode(hostile)
            let_through += 1
        except RemoteError:
            pass
        except BaseException as error:
            raise AssertionError(f"{name} let {error!r} escape for {hostile.hex()}") from error
    return let_through


@pytest.mark.parametrize("name", sorted(DECODERS))
def test_ten_thousand_mutants_end_in_a_value_or_a_remote_error(name: str) -> None:
    attack(name, 10_000, seed=1)


@pytest.mark.parametrize("name", sorted(SLOW))
def test_two_hundred_mutants_of_what_takes_longer_to_read(name: str) -> None:
    attack(name, 200, seed=1)


@pytest.mark.parametrize("name", ["roster record", "sealed by a code", "link"])
def test_no_mutant_of_signed_or_checked_bytes_is_let_through(name: str) -> None:
    decode, originals = DECODERS[name]
    chance = random.Random(7)
    for original in originals:
        for _ in range(100):
            hostile = mutant(original, chance)
            if hostile == original or (name == "link" and _same_link(hostile, original)):
                continue
            with pytest.raises(RemoteError):
                decode(hostile)


def _same_link(hostile: bytes, original: bytes) -> bool:
    """Whether the mutant only changed capitals, or what stands behind the link."""
    return original.lower() in hostile.lower()


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(DECODERS)), st.binary(max_size=600))
def test_any_bytes_at_all(name: str, data: bytes) -> None:
    with suppress(RemoteError):
        DECODERS[name][0](data)


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("name", sorted(DECODERS | SLOW))
def test_a_million_mutants(name: str) -> None:
    rounds = 10 if name in SLOW else 100
    for seed in range(2, 2 + rounds):
        attack(name, 1_000 if name in SLOW else 10_000, seed)
