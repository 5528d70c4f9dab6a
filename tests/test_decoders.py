"""No function reads foreign bytes without somebody who attacks it: the census, and the lane guided by coverage."""

from __future__ import annotations

import ast
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import FrameType

import pytest

from tests.decoders import every
from tests.fuzzing import Decoder, mutant

ROOT = Path(__file__).resolve().parent.parent
FILES = ("identity/*.py", "notes/*.py", "sync/*.py", "net/*.py", "control/*.py", "node/doorwords.py")
NAMES = re.compile(
    r"(read|unpack|parse|open|restore|receive|decode|answer|load|unseal|unwrap|box_open|from_box|split)(ed)?(_\w+)?"
)
FOREIGN = re.compile(r"\b(bytes|bytearray)\b|^str$")
ELSEWHERE = {
    "identity.three_words.Answered.receive": "one of 2^176 proofs is right: tests/identity/test_three_words.py",
    "identity.three_words.Proving.receive": "the same",
    "notes.note.Note.receive": "hands on to Replica.receive",
    "notes.notebook.Notebook.receive": "hands on to Replica.receive",
    "notes.replica.Replica.receive": "20,000 spoilt changes: tests/notes/test_fuzz.py",
    "notes.replica.Replica.load": "hands on to snapshot.read",
    "notes.rows.split_key": "keys that the vetter let through: tests/notes/test_notebook.py",
    "notes.rows.split_heads": "the same",
    "notes.file_names.split_ending": "names, any text: tests/notes/test_vault.py",
    "sync.handshake.Handshake.receive_data": "tests/sync/test_fuzz_talk.py, whole handshakes",
    "sync.session.SyncSession.receive_data": "tests/sync/test_fuzz_talk.py, whole sessions",
    "sync.session.SyncSession.answer": "what we say ourselves",
    "net.quick_dht.QuickDht.receive": "hands on to krpc.answer",
    "net.stun.Stun.receive": "hands on to stun.answer what answers a question of ours",
    "net.vetting.Vetting.answered": "after krpc.answer, and only for questions of ours",
    "net.paths.PathTable.answered": "after the probe was opened",
    "net.plan.DialPlan.answered": "names of our own",
    "net.plan.DialPlan.opened": "names of our own",
}
AT_THE_PORT = re.compile(r"net\.(mux|quic|station|udp)\.\w+\.receive\w*")  # tests/net/test_fuzz.py, real datagrams


def census() -> Iterator[str]:
    """Every public function of these packages that by its name and first arguments reads bytes or text."""
    for pattern in FILES:
        package = pattern.partition("/")[0]
        for file in sorted((ROOT / "notesapp").glob(pattern)):
            module = ast.parse(file.read_text(encoding="utf-8"))
            holders = [("", module.body)]
            holders += [(f"{node.name}.", node.body) for node in module.body if isinstance(node, ast.ClassDef)]
            for inside, body in holders:
                for node in body:
                    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and NAMES.fullmatch(node.name):
                        types = [ast.unparse(it.annotation) for it in node.args.args[:3] if it.annotation is not None]
                        if any(FOREIGN.search(one) for one in types):
                            yield f"{package}.{file.stem}.{inside}{node.name}"


def called(decoder: Decoder) -> set[str]:
    """The functions of the program that run when a decoder reads honest bytes, and a few spoilt ones."""
    found: set[str] = set()

    def note(frame: FrameType, event: str, argument: object) -> None:
        module = frame.f_globals.get("__name__", "")
        if event == "call" and module.startswith("notesapp."):
            found.add(f"{module.removeprefix('notesapp.')}.{frame.f_code.co_qualname}")

    chance = random.Random(1)
    sys.setprofile(note)
    try:
        for honest in decoder.honest:
            for data in (honest, *(mutant(honest, chance) for _ in range(5))):
                with suppress(*decoder.raises):
                    decoder.read(data)
    finally:
        sys.setprofile(None)
    return found


def test_every_decoder_is_attacked_or_says_why_not() -> None:
    reached = set().union(*(called(decoder) for decoder in every().values()))
    known = set(census())
    missing = {name for name in known - reached - ELSEWHERE.keys() if not AT_THE_PORT.fullmatch(name)}
    assert not missing, f"nobody attacks {sorted(missing)}: put them into a test_fuzz.py"
    assert not ELSEWHERE.keys() - known, f"no decoders any more: {sorted(ELSEWHERE.keys() - known)}"


# -- the hour-long lane: guided by which lines were reached -----------------------------------------------------------

SECONDS = int(os.environ.get("NOTESAPP_SOAK_S", "60"))  # of each decoder: about an hour for all
ATHERIS = "3.1.0" if sys.version_info >= (3, 12) else "3.0.0"


@pytest.fixture(scope="module")
def atheris() -> Path:
    """The folder of the fuzzer, which is installed for this lane alone."""
    folder = ROOT / "out" / f"atheris-{ATHERIS}-{sys.version_info.minor}"
    if not (folder / "atheris").is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), f"atheris=={ATHERIS}"]
        if subprocess.run(command, check=False).returncode:
            pytest.skip("atheris has no wheel for this system (it has them for Linux on x86-64)")
    return folder


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", sorted(every()))
def test_a_minute_guided_by_coverage(name: str, atheris: Path, tmp_path: Path) -> None:
    """The inputs that reached something new are kept in `out/corpus`, so the next run goes on from there."""
    corpus = ROOT / "out" / "corpus" / re.sub(r"\W+", "-", name)
    corpus.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.guided", name, str(SECONDS), str(corpus), str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{atheris}"}
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)
    left = [file.read_bytes().hex() for file in tmp_path.iterdir()]
    assert done.returncode == 0, f"{done.stderr[-3000:]}\n{left}"
    executed = re.findall(r"stat::number_of_executed_units:\s+(\d+)", done.stderr)
    assert executed
    print(f"\n{name}: {int(executed[-1]):,} inputs in {SECONDS} s, nothing escaped")
