"""How the store's key is kept, changed and lost."""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import keyring.backends.fail
import keyring.backends.null
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from nacl import pwhash

from notesapp.errors import (
    BadRequest,
    CannotWrite,
    KeyLost,
    KeyringSilent,
    NotesError,
    PassphraseNeeded,
    StoreNewer,
    UnreadableFile,
    WrongPassphrase,
)
from notesapp.store import durable, ring
from notesapp.store.keyfile import Keyfile, Kind, Limits, readable_by_others

QUICK = Limits(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)
REPOSITORY = Path(__file__).resolve().parents[2]


class MemoryRing:
    """A keyring that works, unless told otherwise."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.trouble: NotesError | None = None
        self.forgetful = False

    def get(self, name: str) -> str | None:
        if self.trouble:
            raise self.trouble
        return self.kept.get(name)

    def put(self, name: str, secret: str) -> None:
        if self.trouble:
            raise self.trouble
        if not self.forgetful:
            self.kept[name] = secret

    def drop(self, name: str) -> None:
        self.kept.pop(name, None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "key.json"


def lies_open(key: bytes, path: Path) -> bool:
    text = path.read_text()
    return any(form in text for form in (base64.b64encode(key).decode(), key.hex()))


def test_a_keyring_keeps_the_key_and_the_file_does_not(path: Path) -> None:
    kept = MemoryRing()
    made, key = Keyfile.create(path, ring=kept)
    assert made.kind is Kind.KEYRING
    assert made.notice is None
    assert len(key) == 32
    assert Keyfile.read(path).unlock(ring=kept) == key
    assert not lies_open(key, path)
    assert list(kept.kept.values()) == [key.hex()]


def test_each_home_has_its_own_key(path: Path, tmp_path: Path) -> None:
    kept = MemoryRing()
    one = Keyfile.create(path, ring=kept)[1]
    two = Keyfile.create(tmp_path / "other.json", ring=kept)[1]
    assert one != two
    assert Keyfile.read(path).unlock(ring=kept) == one


def test_a_lost_keyring_is_told_with_the_way_out(path: Path) -> None:
    kept = MemoryRing()
    Keyfile.create(path, ring=kept)
    kept.kept.clear()
    with pytest.raises(KeyLost) as loss:
        Keyfile.read(path).unlock(ring=kept)
    assert "recovery kit" in loss.value.sentence
    with pytest.raises(KeyringSilent):
        Keyfile.read(path).unlock(ring=None)
    kept.trouble = KeyringSilent(why="no answer")
    with pytest.raises(KeyringSilent):
        Keyfile.read(path).unlock(ring=kept)


def test_a_keyring_with_another_key_is_not_believed(path: Path) -> None:
    kept = MemoryRing()
    Keyfile.create(path, ring=kept)
    for wrong in ("00" * 32, "not hex", "ab"):
        kept.kept = dict.fromkeys(kept.kept, wrong)
        with pytest.raises(KeyLost):
            Keyfile.read(path).unlock(ring=kept)


@pytest.mark.parametrize("fault", ["silent", "forgetful"])
def test_a_keyring_that_cant_keep_it_gives_way_to_the_file_with_a_notice(path: Path, fault: str) -> None:
    kept = MemoryRing()
    kept.trouble = KeyringSilent(why="no answer") if fault == "silent" else None
    kept.forgetful = fault == "forgetful"
    made, key = Keyfile.create(path, ring=kept)
    assert made.kind is Kind.FILE
    assert made.notice is not None
    assert "notesapp passphrase" in made.notice
    assert Keyfile.read(path).unlock() == key


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_the_file_is_for_its_owner_only(path: Path) -> None:
    old = os.umask(0)
    try:
        Keyfile.create(path)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not readable_by_others(path)
    path.chmod(0o644)
    assert readable_by_others(path)


def test_a_passphrase_opens_and_a_wrong_one_does_not(path: Path) -> None:
    made, key = Keyfile.create(path, passphrase="Straße 7", limits=QUICK)
    assert made.kind is Kind.PASSPHRASE
    read = Keyfile.read(path)
    assert read.unlock("Straße 7") == key
    assert not lies_open(key, path)
    with pytest.raises(WrongPassphrase):
        read.unlock("strasse 7")
    with pytest.raises(WrongPassphrase):
        read.unlock("")
    with pytest.raises(PassphraseNeeded):
        read.unlock()


def test_the_same_letters_from_another_system_are_the_same_passphrase(path: Path) -> None:
    key = Keyfile.create(path, passphrase="café", limits=QUICK)[1]
    assert Keyfile.read(path).unlock("cafe\u0301") == key


def test_limits_are_those_of_the_file_and_moderate_by_default(path: Path) -> None:
    Keyfile.create(path, passphrase="x y z", limits=QUICK)
    told = json.loads(path.read_text())
    assert (told["rounds"], told["memory_bytes"]) == (QUICK.rounds, QUICK.memory_bytes)
    assert Limits() == Limits(3, 256 << 20)


def test_an_empty_passphrase_is_refused(path: Path) -> None:
    with pytest.raises(BadRequest):
        Keyfile.create(path, passphrase="", limits=QUICK)
    assert not path.exists()


def test_the_passphrase_is_changed_and_the_key_stays(path: Path) -> None:
    made, key = Keyfile.create(path, passphrase="old", limits=QUICK)
    made.with_passphrase(key, "new", limits=QUICK)
    assert Keyfile.read(path).unlock("new") == key
    with pytest.raises(WrongPassphrase):
        Keyfile.read(path).unlock("old")


def test_the_way_of_keeping_can_be_changed_in_every_direction(path: Path) -> None:
    kept = MemoryRing()
    made, key = Keyfile.create(path)
    for step in ("passphrase", "ring", "file", "ring", "passphrase", "file"):
        if step == "passphrase":
            made = made.with_passphrase(key, "p", limits=QUICK)
        else:
            made = made.with_ring(key, kept) if step == "ring" else made.with_file(key)
        read = Keyfile.read(path)
        assert read.kind.value == {"ring": "keyring"}.get(step, step)
        assert read.unlock("p", kept) == key
        assert lies_open(key, path) is (step == "file")
        if step != "file":
            assert made.notice is None


def test_only_the_right_key_can_be_wrapped_anew(path: Path) -> None:
    made, key = Keyfile.create(path, passphrase="old", limits=QUICK)
    with pytest.raises(KeyLost):
        made.with_passphrase(bytes(32), "new", limits=QUICK)
    assert made.is_key(key)
    assert not made.is_key(bytes(32))
    assert Keyfile.read(path).unlock("old") == key


def test_an_existing_key_is_never_overwritten(path: Path) -> None:
    key = Keyfile.create(path)[1]
    with pytest.raises(BadRequest):
        Keyfile.create(path)
    assert Keyfile.read(path).unlock() == key


def test_recovery_slots_stay_through_changes(path: Path) -> None:
    made, key = Keyfile.create(path)
    made = made.with_recovery("kit", b"\x00wrapped\xff").with_passphrase(key, "p", limits=QUICK)
    read = Keyfile.read(path)
    assert read.recovery("kit") == b"\x00wrapped\xff"
    assert read.recovery("none") is None
    assert read.with_recovery("kit", None).recovery("kit") is None
    assert Keyfile.read(path).recovery("kit") is None
    assert Keyfile.read(path).unlock("p") == key


def test_after_a_recovery_the_key_is_kept_anew(path: Path) -> None:
    kept = MemoryRing()
    made, key = Keyfile.create(path, ring=kept)
    made = made.with_recovery("kit", b"wrapped")
    kept.kept.clear()
    again, same = Keyfile.wrap(path, key, ring=kept, recovery={"kit": b"wrapped"})
    assert same == key
    assert Keyfile.read(path).unlock(ring=kept) == key
    assert again.recovery("kit") == b"wrapped"


@pytest.mark.parametrize("step", ["sync", "replace", "sync_folder"])
def test_a_change_that_fails_half_way_leaves_a_way_to_open(
    path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    made, key = Keyfile.create(path, passphrase="old", limits=QUICK)

    def refuse(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if step == "replace" else durable, step, refuse)
    with pytest.raises(CannotWrite):
        made.with_passphrase(key, "new", limits=QUICK)
    monkeypatch.undo()
    read = Keyfile.read(path)
    assert key in [_tried(read, "old"), _tried(read, "new")]
    assert [p.name for p in path.parent.iterdir()] == ["key.json"], "half a file was left behind"


CHANGE = """
import sys
from pathlib import Path
from nacl import pwhash
from notesapp.store.keyfile import Keyfile, Limits
path = Path(sys.argv[1])
quick = Limits(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)
made = Keyfile.read(path)
key = made.unlock(sys.argv[2])
print("ready", flush=True)
for n in range(100_000):
    made = made.with_passphrase(key, f"passphrase {n}", limits=quick)
    print(n, flush=True)
"""


def test_killed_while_the_passphrase_changes_the_old_or_the_new_one_opens(path: Path) -> None:
    passphrase, key = "first", Keyfile.create(path, passphrase="first", limits=QUICK)[1]
    for wait in (0, 1, 3):
        child = subprocess.Popen(
            [sys.executable, "-c", CHANGE, str(path), passphrase], stdout=subprocess.PIPE, cwd=REPOSITORY, text=True
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        for _ in range(wait):
            child.stdout.readline()
        child.kill()
        lines = child.communicate()[0].splitlines()
        last = int(lines[-1]) if lines else wait - 1
        read = Keyfile.read(path)
        candidates = [f"passphrase {last}" if last >= 0 else passphrase, f"passphrase {last + 1}"]
        opening = [p for p in candidates if _tried(read, p) == key]
        assert len(opening) == 1
        passphrase = opening[0]
    Keyfile.read(path).with_recovery("kit", b"x")
    assert [p.name for p in path.parent.iterdir()] == ["key.json"], "a killed change left half a file for ever"


def _tried(keyfile: Keyfile, passphrase: str) -> bytes | None:
    try:
        return keyfile.unlock(passphrase)
    except WrongPassphrase:
        return None


def test_no_file_is_a_lost_key_and_a_newer_one_is_refused(path: Path) -> None:
    with pytest.raises(KeyLost):
        Keyfile.read(path)
    assert not Keyfile.exists(path)
    path.write_text('{"format": 2, "something": "new"}')
    with pytest.raises(StoreNewer):
        Keyfile.read(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(UnreadableFile):
        Keyfile.read(path)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_junk_in_the_file_is_told_in_a_sentence(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "junk.json"
    path.write_bytes(junk)
    with pytest.raises((UnreadableFile, StoreNewer)):
        Keyfile.read(path)


def test_each_byte_that_rots_is_told_in_a_sentence(path: Path) -> None:
    Keyfile.create(path, passphrase="p", limits=QUICK)
    good = path.read_bytes()
    for at in range(len(good)):
        path.write_bytes(good[:at] + b"\xff" + good[at + 1 :])
        with pytest.raises((UnreadableFile, StoreNewer)):
            Keyfile.read(path)


@pytest.mark.parametrize(
    "change",
    [{"memory_bytes": 1 << 40}, {"rounds": 10**6}, {"rounds": 0}, {"memory_bytes": -1}, {"salt": "AAAA"}],
)
def test_a_file_that_asks_for_too_much_work_is_refused(path: Path, change: dict[str, object]) -> None:
    Keyfile.create(path, passphrase="p", limits=QUICK)
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(UnreadableFile):
        Keyfile.read(path).unlock("p")


def test_a_tampered_seal_is_a_wrong_passphrase(path: Path) -> None:
    Keyfile.create(path, passphrase="p", limits=QUICK)
    told = json.loads(path.read_text())
    path.write_text(json.dumps({**told, "key": told["key"][:-8] + "AAAAAAA="}))
    with pytest.raises(WrongPassphrase):
        Keyfile.read(path).unlock("p")


# the system's keyring


class Backend(KeyringBackend):
    """A backend of `keyring` in memory, that may hang or fail."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library has no types here
        self.kept: dict[tuple[str, str], str] = {}
        self.hang = threading.Event()
        self.hang.set()

    def get_password(self, service: str, username: str) -> str | None:
        self.hang.wait()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        raise RuntimeError("the bus is gone")


def test_a_keyring_that_hangs_cant_hang_the_start() -> None:
    backend = Backend()
    system = ring.SystemRing(backend, deadline_s=0.05)
    system.put("a", "secret")
    assert system.get("a") == "secret"
    backend.hang.clear()
    with pytest.raises(KeyringSilent) as silence:
        system.get("a")
    assert "no answer" in silence.value.sentence
    backend.hang.set()
    with pytest.raises(KeyringSilent) as refusal:
        system.drop("a")
    assert "bus is gone" in refusal.value.sentence


def test_only_real_backends_are_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    worse = [Backend(), keyring.backends.null.Keyring(), keyring.backends.fail.Keyring()]  # type: ignore[no-untyped-call]
    assert not any(ring.is_real(backend) for backend in worse)
    monkeypatch.setattr(keyring, "get_keyring", lambda: worse[1])
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: worse)
    assert ring.SystemRing.find() is None
    monkeypatch.setattr(ring, "REAL_BACKENDS", frozenset({f"{Backend.__module__}.Backend"}))
    assert ring.SystemRing.find() is not None


def test_every_name_in_the_list_of_real_backends_exists() -> None:
    import importlib

    for name in ring.REAL_BACKENDS:
        module, _, kind = name.rpartition(".")
        assert hasattr(importlib.import_module(module), kind), name


def test_looking_for_a_keyring_that_hangs_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(keyring, "get_keyring", over.wait)
    assert ring.SystemRing.find(deadline_s=0.05) is None
    over.set()
