"""Kills a writing program again and again with SIGKILL and looks each time at what it had promised.

`python -m tests.store.killing FOLDER KILLS SEED` prints {"kills", "acknowledged", "lost", "new_feeds"} as JSON. The
victims are forked from this process, which has everything loaded: a real kill of a real process, 10 times as many.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from notesapp.store.highwater import Highwater
from notesapp.store.journal import Journal
from notesapp.store.lock import Lock
from notesapp.store.places import Home
from notesapp.store.store import Store
from tests.store.work import FEED, KEY, NOTE, batch, entry, new_home, text


async def _write_for_ever(home: Home, first: int, promise: int) -> None:
    journal = await Journal.open(home, KEY)
    await journal.write_with(lambda store: store.db.pragma("wal_autocheckpoint", 40))
    numbers = iter(range(first, 10**9))
    while True:
        group = [next(numbers) for _ in range(random.randint(1, 4))]
        waiting = [(number, journal.submit(batch(number))) for number in group]
        for number, durable in waiting:
            await durable
            os.write(promise, b"%d\n" % number)


def _victim(home: Home, first: int, promise: int, seed: int) -> None:
    random.seed(seed)
    with Lock.take(home.lockfile):  # refused if a kill left a stale lock
        os.write(promise, b"up\n")
        asyncio.run(_write_for_ever(home, first, promise))


def _kill_one(home: Home, first: int, seed: int) -> int:
    """Lets a victim write from commit `first` on and kills it; returns the last commit that it promised, or -1."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read_end)
            _victim(home, first, write_end, seed)
        finally:
            os._exit(3)  # only a kill is a good end
    os.close(write_end)
    chance, told = random.Random(seed), b""
    wanted = 1 + chance.randint(0, 25)  # "up" and so many promises, then somewhere in what comes after
    while told.count(b"\n") < wanted and (more := os.read(read_end, 4096)):
        told += more
    time.sleep(chance.uniform(0.0, 0.01))
    os.kill(child, signal.SIGKILL)
    with open(read_end, "rb") as rest:
        told += rest.read()
    status = os.waitpid(child, 0)[1]
    if os.WTERMSIG(status) != signal.SIGKILL or not told.startswith(b"up\n"):
        raise SystemExit(f"the victim ended by itself: {status}, {told[:50]!r}")
    numbers = told.split(b"\n")[1:-1]
    return int(numbers[-1]) if numbers else -1


def kill_often(folder: Path, kills: int, seed: int) -> dict[str, int]:
    """What became of `kills` victims in one home."""
    home = new_home(folder)
    result = {"kills": 0, "acknowledged": 0, "lost": 0, "new_feeds": 0}
    kept = told = -1  # the last commit found, the last one ever promised
    for number in range(kills):
        told = max(told, _kill_one(home, kept + 1, seed * 100_003 + number))
        promised = max(kept, told)
        with Store.open(home, KEY) as store:
            head = store.head(FEED)
            found = -1 if head is None else head.index
            for index in range(kept + 1, promised + 1):
                stored = store.entry(FEED, index)
                result["lost"] += stored is None or stored.body != entry(index).body
            shown = store.text(NOTE)
            result["lost"] += found >= 0 and (shown is None or shown.text != text(found))
            highwater, hashes = Highwater.open(home.highwater, KEY), {e.index: e.hash for e in store.entries(FEED)}
            result["new_feeds"] += found >= 0 and not highwater.may_resume(FEED, hashes.get)
            marked = highwater.marked(FEED)
            result["lost"] += told >= 0 and (marked is None or marked.index < told)
            if number == kills - 1:
                result["lost"] += store.db.pragma("integrity_check") != "ok"
                result["lost"] += sum(e.hash != entry(e.index).hash for e in store.entries(FEED))
        result["kills"] += 1
        result["acknowledged"] += promised - kept
        # between commit and mark a kill leaves the store ahead; what was found is what the next victim goes on from
        kept = found
    return result


if __name__ == "__main__":
    print(json.dumps(kill_often(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
