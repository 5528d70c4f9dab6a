"""Frozen bytes of rosters, suspensions and joining: still read, and readable with nothing but `docs/formats.md`."""

from __future__ import annotations

import json
from base64 import b32decode
from hashlib import blake2b

import msgspec
from mnemonic import Mnemonic
from nacl import bindings

from notesapp.identity.genesis import Genesis
from notesapp.identity.home import HomeLog, Petname
from notesapp.identity.home import read_record as read_home
from notesapp.identity.invite import InviteKeys, read_link
from notesapp.identity.person import PersonLog
from notesapp.identity.person import read_record as read_person
from notesapp.identity.redeem import Redeem
from notesapp.identity.roles import Role
from notesapp.identity.roster import Counted, Roster, heads_digest
from notesapp.identity.roster import read_record as read_roster
from notesapp.identity.roster_bodies import KINDS
from tests.vectors.generate import HERE
from tests.vectors.trust import people

TEXTS = {"link", "matching_words", "code", "person_logs"}


def frozen(name: str) -> tuple[dict[str, bytes], dict[str, str]]:
    values = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return {k: bytes.fromhex(v) for k, v in values.items() if k not in TEXTS}, values


def hash_of(data: bytes) -> bytes:
    return blake2b(data, digest_size=32).digest()


def derive(secret: bytes, purpose: bytes) -> bytes:
    return blake2b(b"notesapp/" + purpose + b"/1\0", digest_size=32, key=secret).digest()


def words_of(data: bytes, count: int) -> list[str]:
    bits = "".join(f"{byte:08b}" for byte in data)
    return [Mnemonic("english").wordlist[int(bits[11 * n : 11 * n + 11], 2)] for n in range(count)]


def test_frozen_roster_says_what_it_said() -> None:
    it, texts = frozen("roster-1")
    genesis = Genesis.read(it["genesis"])
    founding = [bytes(d) for d in _records(it["founding"])]
    said = [value for name, value in it.items() if name[:2].isdigit()]
    assert {name[3:] for name in it if name[:2].isdigit()} == KINDS
    first = [read_person(bytes.fromhex(data)) for data in texts["person_logs"].split()]
    logs = [
        PersonLog.judge(log.person_id, [record]) for (_, _, log), record in zip(people().values(), first, strict=True)
    ]
    roster = Roster.judge(genesis, logs, [read_roster(data) for data in (*founding, *said)])
    assert (roster.refused, roster.void, roster.waiting, roster.unjudged) == ({}, {}, (), {})
    cleo = people()["cleo"]
    assert {m.person_id: m.role for m in roster.members.values()} == {cleo[0].person_id: Role.OWNER}
    assert roster.digest == it["last_digest"]
    named = tuple(it["named_heads"][at : at + 32] for at in range(0, len(it["named_heads"]), 32))
    assert heads_digest(genesis.notebook_id, named) == it["named_digest"]
    bens = people()["ben"][1].device_id
    counted = [roster.counts(bens, n.to_bytes(16, "big"), i, named) for n, i in ((9, 9), (9, 10), (25, 25), (26, 0))]
    assert counted == [Counted.COUNTS, Counted.RECOVERED, Counted.COUNTS, Counted.RECOVERED]
    invite = roster.invites[InviteKeys.from_seed(it["invite_seed"]).public]
    assert (invite.withdrawn, invite.used_by) == (True, (people()["ben"][0].person_id,))


def _records(joined: bytes) -> list[bytes]:
    """Records that were joined without lengths: each begins with its domain."""
    prefix = b"notesapp/roster/1\0"
    return [prefix + part for part in joined.split(prefix)[1:]]


def test_frozen_suspensions_say_what_they_said() -> None:
    it, _ = frozen("suspension-1")
    names = ("add", "add_phone", "suspend", "lift", "suspend_again")
    root = people()["alice"][0]
    log = PersonLog.judge(root.person_id, [read_person(it[name]) for name in names])
    assert [own.device_id for own in log.active] == [it["phone"]]
    assert log.digest == it["digest"]
    lifted = PersonLog.judge(root.person_id, [read_person(it[name]) for name in names[:4]])
    assert len(lifted.active) == 2


def test_invite_is_read_by_the_words_of_the_document_alone() -> None:
    it, texts = frozen("joining-1")
    data = _b32(texts["link"].removeprefix("notesapp://join#1."))
    data, check = data[:-4], data[-4:]
    assert hash_of(b"notesapp/join-link/1\0" + data)[:4] == check
    fields = msgspec.msgpack.decode(data)
    seed = bytes(range(32))
    assert fields == [
        it["notebook"],
        seed,
        "writer",
        "Reise",
        "Ana",
        ["192.0.2.7:4433", "[2001:db8::7]:4433"],
        1_790_000_000_000,
    ]
    assert read_link(texts["link"]).seed == seed
    assert bindings.crypto_sign_seed_keypair(derive(seed, b"invite-sign"))[0] == it["invite_public"]
    for name in ("topic", "disco", "hello"):
        assert derive(seed, b"invite-" + name.encode()) == it[f"invite_{name}"]
    invite, person, _, name_, signature = msgspec.msgpack.decode(it["redeem"])
    alice = people()["alice"]
    message = b"notesapp/redeem/1\0" + it["notebook"] + invite + person + alice[1].device_id + it["binding"] + b"Alice"
    assert (invite, person, name_) == (it["invite_public"], alice[0].person_id, "Alice")
    assert bindings.crypto_sign_open(signature + message, invite) == message
    assert Redeem.read(it["redeem"]).write() == it["redeem"]


def _b32(text: str) -> bytes:
    return b32decode(text.upper() + "=" * (-len(text) % 8))


def test_words_and_proofs_are_made_as_written() -> None:
    it, texts = frozen("joining-1")
    context = hash_of(b"notesapp/matching-context/1\0" + it["binding"] + b"\1" * 32 + b"\2" * 32 + b"join")
    commitment, nonce = it["matching_dialer"][:32], it["matching_dialer"][32:]
    assert context == it["matching_context"]
    assert commitment == hash_of(b"notesapp/matching-commit/1\0D" + context + nonce)
    purpose, first = "link", texts["code"].split("-")[0]
    assert it["code_topic"] == hash_of(b"notesapp/code-topic/1\0" + f"{purpose} {first}".encode())
    assert it["code_hello"] == hash_of(b"notesapp/code-hello/1\0" + f"{purpose} {first}".encode())
    parts = it["binding"] + bytes(32) + b"\1" * 32 + b"\2" * 32 + b"\3" * 32 + b"\4" * 32
    assert it["code_context"] == hash_of(b"notesapp/code-context/1\0" + parts)
    assert (it["code_ask"][:1], it["code_answer"][:1]) == (b"A", b"B")
    assert len(texts["matching_words"].split()) == 3
    assert words_of(bytes(32), 3) == ["abandon"] * 3


def test_frozen_petname_is_still_read() -> None:
    it, _ = frozen("joining-1")
    root, _, log = people()["alice"]
    home = HomeLog.judge(it["notebook"], log, [read_home(it["home_petname"])])
    assert home.petnames() == {root.person_id: Petname(root.person_id, "Me", True)}


def test_a_spare_key_is_opened_by_the_words_of_the_document_alone() -> None:
    it, _ = frozen("spare-key-1")
    payload = it["record"].removeprefix(b"notesapp/roster/1\0")[:-64]
    kind, scope, _, _, _, body, _ = msgspec.msgpack.decode(payload)
    assert (kind, scope) == ("spare-key", hash_of(it["genesis"]))
    invite, device, sealed = msgspec.msgpack.decode(body)
    assert (invite, device) == (it["invite_public"], it["phone_id"])
    secret = derive(it["phone_seed"], b"device-box")
    seed = bindings.crypto_box_seal_open(sealed, it["phone_box"], secret)
    assert seed == it["invite_seed"]
    assert bindings.crypto_sign_seed_keypair(derive(seed, b"invite-sign"))[0] == invite
