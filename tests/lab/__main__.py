"""`python -m tests.lab A B [--json] [--delay MS --loss PERCENT] [--helper KIND] [--runs N]`, or `--matrix`.

Two ends behind routers of the given kinds: what came of it and how long it took. Needs root, `ip` and `nft`.
"""

from __future__ import annotations

import argparse
import sys

from tests.lab.kinds import Kind
from tests.lab.nodes_pair import run_nodes
from tests.lab.pair import run_pair
from tests.lab.table import PAIRS, summary
from tests.net.lab import why_not


def main() -> int:
    """The exit code: 0 if each run came to what is expected of it."""
    kinds = [it.value for it in Kind]
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    parser.add_argument("a", nargs="?", choices=kinds)
    parser.add_argument("b", nargs="?", choices=kinds)
    parser.add_argument("--json", action="store_true", help="one line of JSON for each run")
    parser.add_argument("--delay", type=float, default=0.0, metavar="MS", help="one way, between the two")
    parser.add_argument("--loss", type=float, default=0.0, metavar="PERCENT")
    parser.add_argument("--helper", choices=kinds, help="a third member behind this kind, who relays")
    parser.add_argument("--nodes", choices=["link", "words"], help="real nodes, who join by this, and a real DHT")
    parser.add_argument("--later", type=float, default=0.0, metavar="S", help="after the invite the other comes")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--matrix", action="store_true", help="all pairs of the design's table")
    asked = parser.parse_args()
    if (why := why_not("nft")) is not None:
        print(f"no lab here: {why}", file=sys.stderr)
        return 2
    if not asked.matrix and (asked.a is None or asked.b is None):
        parser.error("two kinds, or --matrix")
    helper = Kind(asked.helper) if asked.helper else None
    pairs = PAIRS if asked.matrix else [(Kind(asked.a), Kind(asked.b), helper)]
    results = []
    for a, b, third in pairs:
        for _ in range(asked.runs):
            if asked.nodes:
                result = run_nodes(a, b, delay_ms=asked.delay, loss=asked.loss, by=asked.nodes, later_s=asked.later)
            else:
                result = run_pair(a, b, delay_ms=asked.delay, loss=asked.loss, helper=third)
            results.append((result, third))
            print(result.json() if asked.json else result, flush=True)
            if (key_s := result.facts.get("keystroke_p50_s")) is not None and not asked.json:
                print(f"    keystroke p50 {key_s * 1000:.0f} ms, equal {result.facts['equal_s']:.2f} s after the last")
    if not asked.json and not asked.nodes and len(results) > 1:
        print(summary(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
