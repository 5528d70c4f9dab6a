"""The table of rules names functions and tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| (.+) \| `([\w/]+\.py)` `(\w+)` \| `([\w/]+\.py)` `(test_\w+)` \|$")


def test_whatever_the_table_of_rules_names_is_there() -> None:
    lines = (ROOT / "docs" / "rules.md").read_text("utf-8").splitlines()
    rows = [line for line in lines if line.startswith("|") and not line.startswith(("| rule |", "|---"))]
    assert len(rows) > 40
    for line in rows:
        found = ROW.match(line)
        assert found is not None, line
        _, module, function, tests, test = found.groups()
        for path, name in ((ROOT / "notesapp" / module, function), (ROOT / "tests" / tests, test)):
            assert re.search(rf"^ *(async )?def {name}\(", path.read_text("utf-8"), re.MULTILINE), f"{path}: {name}"
