"""`docs/formats.md` alone is enough to read the frozen bytes: no code of the program is used here, only its words."""

from __future__ import annotations

import json
from hashlib import blake2b, sha256
from pathlib import Path

from nacl import bindings

VECTORS = Path(__file__).resolve().parent.parent / "vectors"


def frozen(name: str) -> dict[str, bytes]:
    values = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return {key: bytes.fromhex(value) for key, value in values.items() if key not in ("kit_words", "fingerprint")}


def hash_of(data: bytes) -> bytes:
    return blake2b(data, digest_size=32).digest()


def derive(secret: bytes, purpose: bytes) -> bytes:
    return blake2b(b"notesapp/" + purpose + b"/1\0", digest_size=32, key=secret).digest()


def test_change_is_read_by_its_offsets() -> None:
    it = frozen("sync-1.json")
    header, body = it["change_header"], it["change_body"]
    assert (header[:17], header[17:49], header[49:65]) == (b"notesapp/entry/1\0", it["notebook"], it["feed"])
    assert (header[65:73], header[73:105], header[105:107]) == (b"\0" * 7 + b"\1", it["open_hash"], b"\2\0")
    assert (header[107:139], header[139:171]) == (it["epoch"], it["roster"])
    assert (header[171:175], header[207:]) == (len(body).to_bytes(4, "big"), hash_of(body))
    assert (len(header), hash_of(header)) == (239, it["change_hash"])
    unseal = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt
    assert unseal(body, header[:207], header[175:199], it["content_key"])[:16] == it["note"]


def test_feed_id_and_head_are_made_as_written() -> None:
    it = frozen("sync-1.json")
    device, nonce = it["open_body"][:32], it["open_body"][32:]
    assert blake2b(b"feed" + it["notebook"] + device + nonce, digest_size=16).digest() == it["feed"]
    head = it["head_of_change"]
    assert head[:104] == b"notesapp/head/1\0" + it["notebook"] + it["feed"] + b"\0" * 7 + b"\1" + it["change_hash"]
    assert bindings.crypto_sign_open(head[104:] + head[:104], device) == head[:104]


def test_keys_grow_from_their_seeds_as_written() -> None:
    it = frozen("identity-1.json")
    assert bindings.crypto_sign_seed_keypair(derive(it["laptop_seed"], b"device-sign"))[0] == it["laptop_id"]
    assert bindings.crypto_scalarmult_base(derive(it["laptop_seed"], b"device-box")) == it["laptop_box"]
    assert bindings.crypto_sign_seed_keypair(derive(it["root_seed"], b"root-sign"))[0] == it["person_id"]
    assert hash_of(it["genesis"]) == it["notebook_id"]
    assert hash_of(b"notesapp/epoch-commitment/1\0" + it["content_key"] + it["topic_key"]) == it["commitment"]
    secret = derive(it["root_seed"], b"root-recovery")
    sealed = it["wrapped_store_key"].removeprefix(b"notesapp/recovery-wrap/1\0")
    assert bindings.crypto_box_seal_open(sealed, it["recovery_box"], secret) == it["store_key"]


def test_record_is_domain_payload_signature() -> None:
    it = frozen("identity-1.json")
    record = it["person_add_laptop_by_root"]
    assert record.startswith(
        b"notesapp/person/1\0\x97\xa3add\xc4\x20" + it["person_id"] + b"\xc4\x20" + it["person_id"]
    )
    assert bindings.crypto_sign_open(record[-64:] + record[:-64], it["person_id"]) == record[:-64]
    assert hash_of(record) == it["person_add_laptop_id"]


def test_what_a_device_says_in_a_network_is_made_as_written() -> None:
    it = frozen("nearby-1.json")

    def key(purpose: bytes, side: int) -> bytes:
        said = b"notesapp/" + purpose + b"/1\0" + bytes([side])
        return blake2b(said, key=it["bond_secret"], digest_size=32).digest()

    def mac(purpose: bytes, data: bytes) -> bytes:
        return blake2b(data, key=key(purpose, 1), digest_size=8).digest()

    tags = [it["announced_tags"][at : at + 8] for at in range(0, len(it["announced_tags"]), 8)]
    assert (len(tags), tags) == (16, sorted(tags))
    assert mac(b"sign-post", it["announced_nonce"]) in tags
    assert it["knock"] == mac(b"knock", bytes(range(16)) + bytes(range(8)) + bytes(range(8, 16)))
    assert it["relay_mark"] == blake2b(b"notesapp/relay-mark/1\0" + it["relay_mark_of"], digest_size=16).digest()
    address = b"\4" + bytes([192, 168, 1, 5]) + bytes(12) + (45_654).to_bytes(2, "big")
    for name, what, number, seen, body, size in (
        ("ping", 1, 7, address, b"", 128),
        ("call", 6, 8, bytes(19), bytes(range(100)), 512),
    ):
        probe = it[name]
        assert (len(probe), probe[:6]) == (size, b"\x1fndp\1\0")
        assert probe[6:14] == mac(b"probe-tag", probe[14:38])
        unseal = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt
        meant = unseal(probe[38:], probe[:38], probe[14:38], key(b"probe-box", 0))
        said = bytes([what]) + bytes(range(16)) + number.to_bytes(8, "big") + seen + len(body).to_bytes(2, "big") + body
        assert meant == said.ljust(len(meant), b"\0")


def test_a_note_names_its_feed_and_a_change_its_past_as_written() -> None:
    it = frozen("documents-1.json")
    said = blake2b(b"notesapp/note/1|" + it["ana_feed"] + it["note_id"][:6], digest_size=10).digest()
    assert it["note_id"][6:] == said
    created, typed = it["note_created"], it["note_typed"]
    for change, deps in ((created, 0), (typed, 1)):
        assert (change[:4], change[8]) == (b"\x85oJ\x83", 1)
        assert sha256(change[8:]).digest()[:4] == change[4:8]
        at = 10 if change[9] < 0x80 else 11  # the length's LEB128
        assert change[at] == deps
        actor_at = at + 1 + 32 * deps
        assert change[actor_at : actor_at + 17] == b"\x10" + it["ana_feed"]
    assert sha256(created[8:]).digest() in typed
    assert sha256(it["note_after_both"][8:]).digest() == it["note_head"]
