#!/usr/bin/env bash
# Runs one lane of tests. The few that fail while others run beside them are run once more, alone: on a busy machine a
# deadline may pass that wouldn't for a person. What fails alone, too, is broken; what passes alone is named at the end.
# Usage: scripts/lane.sh PYTHON PYTEST-ARGUMENTS...
set -uo pipefail
cd "$(dirname "$0")/.."
python=$1
shift
most=5
cache=$(mktemp -d)
trap 'rm -rf "$cache"' EXIT
"$python" -m pytest -o cache_dir="$cache" "$@"
code=$?
[ "$code" = 1 ] || exit "$code"
failed=$(FOLDER=$cache "$python" - <<'PY'
import json, os, pathlib
record = pathlib.Path(os.environ["FOLDER"], "v/cache/lastfailed")
print("\n".join(json.loads(record.read_text("utf-8"))) if record.exists() else "")
PY
)
count=$(grep -c . <<<"$failed")
if [ "$count" = 0 ] || [ "$count" -gt "$most" ]; then
    exit "$code"
fi
echo "== $count failed beside others; once more, alone:"
"$python" -m pytest -o cache_dir="$cache" "$@" -n 0 --dist no --last-failed --last-failed-no-failures none || exit $?
printf '== Passed alone, failed beside others (a deadline that is too short for a busy machine, or a race to look for):\n%s\n' "$failed"
