"""`docs/formats.md` alone is enough to read the frozen bytes: no code of the program is used here, only its words."""

from __future__ import annotations

import json
from hashlib import blake2b
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
