"""What is said on a link is frozen, and the description alone is enough to check the handshake."""

from __future__ import annotations

import json
from hashlib import blake2b

import msgspec
from nacl import bindings

from tests.vectors.session import FILE, session


def frozen() -> dict[str, bytes]:
    return {name: bytes.fromhex(value) for name, value in json.loads(FILE.read_text(encoding="utf-8")).items()}


def hash_of(data: bytes) -> bytes:
    return blake2b(data, digest_size=32).digest()


def frames_of(data: bytes) -> list[tuple[int, bytes]]:
    found = []
    while data:
        length, used, shift = 0, 0, 0
        while True:
            byte = data[used]
            length |= (byte & 0x7F) << shift
            used, shift = used + 1, shift + 7
            if byte < 0x80:
                break
        found.append((data[used], data[used + 1 : used + length]))
        data = data[used + length :]
    return found


def test_what_is_said_today_is_what_was_said_then() -> None:
    assert session() == json.loads(FILE.read_text(encoding="utf-8"))


def test_handshake_is_checked_with_nothing_but_the_description() -> None:
    it = frozen()
    ((kind, hello),) = frames_of(it["hello"])
    (welcome_kind, welcome), (auth_kind, theirs) = frames_of(it["welcome_and_auth"])
    ((_, ours),) = frames_of(it["auth"])
    assert (kind, welcome_kind, auth_kind) == (0x70, 0x71, 0x72)
    nonce, tags = msgspec.msgpack.decode(hello)[1:]
    answer, answers = msgspec.msgpack.decode(welcome)[1:]
    said = b"notesapp/hello/1\0" + it["binding"] + nonce
    assert tags[0] == blake2b(said, key=it["pair_secret"], digest_size=16).digest()
    said = b"notesapp/welcome/1\0" + it["binding"] + nonce + answer
    assert answers[0] == blake2b(said, key=it["pair_secret"], digest_size=16).digest()
    assert (len(tags), len(answers)) == (8, 8)
    transcript = hash_of(b"notesapp/auth/1\0" + b"\0\x20" + it["binding"] + hello + welcome)
    listener = msgspec.msgpack.decode(theirs)[0]
    for role, payload, other in ((b"listener", theirs, b""), (b"dialer", ours, listener)):
        device, person, log, run, began, signature = msgspec.msgpack.decode(payload)
        about = device + other + person + log + run + began.to_bytes(8, "big")
        message = b"notesapp/auth/1\0" + role + b"\0" + transcript + about
        assert bindings.crypto_sign_open(signature + message, device) == message
    assert frames_of(it["verdict"]) == [(0x73, b"\x91\xa0")]


def test_receipt_is_checked_with_nothing_but_the_description() -> None:
    receipt = frozen()["receipt"]
    assert receipt.startswith(b"notesapp/receipt/1\0" + frozen()["notebook"])
    device = receipt[51:83]
    assert receipt[83:91] == (7).to_bytes(8, "big")
    assert bindings.crypto_sign_open(receipt[-64:] + receipt[:-64], device) == receipt[:-64]
