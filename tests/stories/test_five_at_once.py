"""Five people write into one note at once, each in a window of his own: no letter is lost, and every caret is right.

Five whole programs on one bridge, 6 or 7 keys a second each. Prints what a key and another's key took:
`pytest -m lab -s tests/stories/test_five_at_once.py`.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.net.lab import need_lab, room
from tests.programs import Program, window

pytestmark = [pytest.mark.slow, pytest.mark.lab, pytest.mark.gui, pytest.mark.timeout(600)]

NAMES = ("Ana", "Bo", "Carla", "Dan", "Eva")
ALPHABETS = ("abcde", "fghij", "klmno", "pqrst", "uvwxy")  # whose letter is whose
KEYS = 140
SETTLED_S = 60.0
PICTURES = Path(__file__).resolve().parents[2] / "out" / "pictures" / "five-at-once"
TEXT = "\n\n".join(f"## {number}. BED\n\n{'WHAT GROWS HERE. ' * 6}".strip() for number in range(1, 5))


@pytest.fixture
def windows(tmp_path: Path) -> Iterator[list[Program]]:
    """Five windows with one open note, each at a computer of its own in one room."""
    need_lab()
    with room("f") as lan, ExitStack() as stack:
        found = [stack.enter_context(window(tmp_path / name, lan.host())) for name in NAMES]
        made = found[0].ask("share", name=NAMES[0], text=TEXT, uses=len(NAMES))
        for name, one in zip(NAMES[1:], found[1:], strict=True):
            one.ask("join", name=name, link=made["link"], note=made["note"])
        yield found


def places() -> list[int]:
    """Where each begins: two at one place, two in one line, one alone."""
    ends = [at for at in range(len(TEXT)) if TEXT.startswith("HERE.", at)]
    return [ends[2], ends[2], ends[9], ends[11], len(TEXT)]


def typing(number: int) -> tuple[str, list[int]]:
    """What one types, words of his own letters, and the pauses between two keys in ms."""
    dice = random.Random(NAMES[number])
    letters = "".join(" " if at % 7 == 6 else dice.choice(ALPHABETS[number]) for at in range(KEYS))
    return letters, [dice.randint(110, 190) for _ in letters]


def shown_late(typed: list[Any], seen: list[Any]) -> list[float]:
    """How long each letter took until each other window had painted it, in ms."""
    took: list[float] = []
    for reader, letters in enumerate(seen):
        for writer, alphabet in enumerate(ALPHABETS):
            if writer == reader:
                continue
            struck = [at for letter, at in typed[writer]["struck"] if letter in alphabet]
            there = [at for letter, at in letters["seen"] if letter in alphabet]
            assert len(there) == len(struck), f"{NAMES[reader]} did not get all that {NAMES[writer]} wrote"
            took += [after - before for before, after in zip(struck, there, strict=True)]
    return sorted(took)


def settled(windows: list[Program]) -> list[Any]:
    """What all windows show once they show the same: one text, and each caret where its owner has it."""
    ends = time.monotonic() + SETTLED_S
    while True:
        states = [one.ask("state") for one in windows]
        wrong = differences(states)
        if not wrong:
            return states
        assert time.monotonic() < ends, wrong
        time.sleep(0.2)


def differences(states: list[Any]) -> list[str]:
    """What isn't as it is at its owner's."""
    wrong = [
        f"{name} has another text" for name, one in zip(NAMES, states, strict=True) if one["text"] != states[0]["text"]
    ]
    true = {name: one["caret"] for name, one in zip(NAMES, states, strict=True)}
    for name, one in zip(NAMES, states, strict=True):
        wanted = {other: at for other, at in true.items() if other != name}
        wrong += [
            f"{name} sees {other} at {one['others'].get(other)}, not at {at}"
            for other, at in wanted.items()
            if one["others"].get(other) != at
        ]
    return wrong


def test_five_people_write_at_once_and_every_caret_is_right(windows: list[Program]) -> None:
    for company in (0, len(NAMES) - 1):
        for at, one in zip(places(), windows, strict=True):
            one.ask("place", at=at, company=company)
    said = [typing(number) for number in range(len(NAMES))]
    for one, (letters, gaps) in zip(windows, said, strict=True):
        one.tell("type", letters=letters, gaps=gaps)
    typed = [one.hear() for one in windows]
    ended = time.monotonic()
    seen = [one.ask("seen", count=KEYS * (len(NAMES) - 1)) for one in windows]
    windows[0].ask("picture", path=str(PICTURES / "1-right-after.png"))
    states = settled(windows)
    took_s = time.monotonic() - ended
    windows[1].ask("picture", path=str(PICTURES / "2-settled.png"))
    text = states[0]["text"]
    for (letters, _), alphabet in zip(said, ALPHABETS, strict=True):
        wanted = [letter for letter in letters if letter in alphabet]
        assert [letter for letter in text if letter in alphabet] == wanted, "a letter is lost or out of order"
    assert len(text) == len(TEXT) + len(NAMES) * KEYS

    def figure(values: list[float]) -> str:
        values = sorted(values)
        return f"p50 {statistics.median(values):.1f} ms, p95 {values[int(len(values) * 0.95)]:.1f} ms"

    own = [at - key for one in typed for (_, key), at in zip(one["struck"], one["echoed"], strict=True)]
    busy = [cost for one in typed for cost in one["busy"]]
    late = shown_late(typed, seen)
    print(
        f"\nfive people at once, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores: "
        f"an own key until painted {figure(own)}, in processor time {figure(busy)}; "
        f"another's {figure(late)}; texts and carets equal {took_s:.1f} s after the last key"
    )
