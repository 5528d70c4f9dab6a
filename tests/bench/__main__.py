"""Runs every benchmark and prints its figures: `make bench`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    folder = Path(__file__).resolve().parent
    sys.exit(pytest.main([str(folder), "-s", "-q", "-p", "no:xdist", "-m", "slow and not soak", "--timeout", "900"]))
