#!/usr/bin/env bash
# Runs the fast lane on the Python that .venv doesn't use (3.11 or 3.12), where it can be found.
set -euo pipefail
cd "$(dirname "$0")/.."
used=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
other=3.11
[ "$used" = 3.11 ] && other=3.12
if ! scripts/setup.sh .venv-other "$other"; then
    echo "Python $other was not found here: the fast lane ran on Python $used only."
    exit 0
fi
scripts/lane.sh .venv-other/bin/python -n 2 --dist worksteal -q -m "$1"
