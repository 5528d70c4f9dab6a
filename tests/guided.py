"""One decoder under a fuzzer that watches which lines are reached: `python -m tests.guided NAME SECONDS CORPUS FOUND`.

Ends with 0 if nothing escaped; otherwise the bytes that did it lie in FOUND.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main(name: str, seconds: str, corpus: str, found: str) -> None:
    """Runs until the time is over or something escapes."""
    atheris = importlib.import_module("atheris")  # installed for this lane alone, see test_decoders
    with atheris.instrument_imports(include=["notesapp"]):
        from tests.decoders import every
        from tests.fuzzing import survives

    decoder = every()[name]
    for number, honest in enumerate(decoder.honest):
        (Path(corpus) / f"honest-{number}").write_bytes(honest)
    options = [f"-max_total_time={seconds}", "-max_len=8192", f"-artifact_prefix={found}/", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *options, corpus], lambda data: survives(name, decoder, data) and None)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
