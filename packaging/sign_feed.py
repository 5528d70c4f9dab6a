"""Makes and looks at the release feed: the signed announcement of a version (docs/formats.md, “Release feed”).

    packaging/sign_feed.py new-key KEYFILE
        a new secret key, for its owner's eyes only; prints the public half for packaging/release.toml
    packaging/sign_feed.py sign KEYFILE --page https://… --out release.feed --files FILE…
        announces the version of this checkout with these files (dist/*)
    packaging/sign_feed.py show release.feed --key HEX
        checks the signature and prints what is announced

The key belongs on the machine that releases, never into a repository. Two keys in release.toml let one be replaced.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from pathlib import Path

from common import BuildFailed, epoch_s, version

from notesapp.errors import NotesError
from notesapp.identity.primitives import signing_pair
from notesapp.identity.release import Release, ReleaseFile


def new_key(path: Path) -> str:
    """Writes a secret seed that nobody else can read; the public key in hex. Never overwrites one."""
    seed = os.urandom(32)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BuildFailed(f"{path} is there already; a key is not overwritten.") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(seed.hex() + "\n")
    return signing_pair(seed)[0].hex()


def announce(files: list[Path], page: str) -> Release:
    """The announcement of this checkout's version with these files."""
    return Release(
        version(),
        epoch_s() * 1000,
        page,
        tuple(
            ReleaseFile(file.name, file.stat().st_size, hashlib.sha256(file.read_bytes()).digest())
            for file in sorted(files)
        ),
    )


def described(found: Release) -> str:
    """What is announced, for a person."""
    lines = [f"version {found.version}, made {found.made_ms}, {found.page}"]
    return "\n".join([*lines, *(f"{file.sha256.hex()}  {file.name}  {file.size_bytes}" for file in found.files)])


def main(words: list[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    acts = parser.add_subparsers(dest="act", required=True)
    making = acts.add_parser("new-key")
    making.add_argument("key", type=Path)
    signing = acts.add_parser("sign")
    signing.add_argument("key", type=Path)
    signing.add_argument("--page", required=True)
    signing.add_argument("--out", type=Path, required=True)
    signing.add_argument("--files", type=Path, nargs="*", default=[])
    showing = acts.add_parser("show")
    showing.add_argument("feed", type=Path)
    showing.add_argument("--key", required=True, action="append")
    wanted = parser.parse_args(words)
    try:
        match wanted.act:
            case "new-key":
                print(new_key(wanted.key))
            case "sign":
                seed = bytes.fromhex(wanted.key.read_text(encoding="ascii").strip())
                feed = announce(wanted.files, wanted.page).write(seed)
                Release.read(feed, (signing_pair(seed)[0],))  # what we could not read ourselves nobody shall get
                wanted.out.write_bytes(feed)
            case _:
                keys = tuple(bytes.fromhex(key) for key in wanted.key)
                print(described(Release.read(wanted.feed.read_bytes(), keys)))
    except (BuildFailed, NotesError, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
