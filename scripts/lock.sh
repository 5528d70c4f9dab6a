#!/usr/bin/env bash
# Writes requirements/*.txt from pyproject.toml: exact versions with hashes, one file for both Pythons and all systems.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools/venv"
"$tools/venv/bin/python" -m pip install --quiet uv
compile() { "$tools/venv/bin/uv" pip compile --quiet --no-header --no-annotate --universal --python-version 3.11 --generate-hashes "$@"; }
compile pyproject.toml -o requirements/run.txt
compile pyproject.toml --group dev -o requirements/dev.txt
# the tools alone: installed beside run.txt, in the versions that it says
compile --group packaging -c requirements/run.txt -o requirements/packaging.txt
