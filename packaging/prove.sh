#!/usr/bin/env bash
# Builds the installers and proves them in clean systems. As root on Debian any failure is loud; elsewhere it says in one
# line why nothing is proven.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    if [ "${CI:-}" = true ]; then
        echo "CI must build and prove the installers: it needs Debian, and root." >&2
        exit 1
    fi
    echo "The installers are not proven here: that needs Debian, and root."
    exit 0
fi
packaging/prepare.sh
.venv/bin/python packaging/build.py
scripts/lane.sh .venv/bin/python -m installers --timeout 600 tests/packaging
