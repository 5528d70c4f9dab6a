"""A helper process with jobs that misbehave: what `worker` starts in tests instead of its own."""

from __future__ import annotations

import os
import sys
import time
from typing import Any, NoReturn

from notesapp.errors import TooLarge
from notesapp.node import jobs, worker_main


def hang() -> NoReturn:
    while True:
        time.sleep(1)


def die(code: int) -> NoReturn:
    os._exit(code)


def panic() -> NoReturn:
    raise type("PanicException", (BaseException,), {})("called `Option::unwrap()` on a `None` value")


def noisy() -> str:
    sys.stdout.write("a stray print\n")
    os.write(1, b"and a rude one\n")
    return "quiet"


def refuse() -> NoReturn:
    raise TooLarge(what="The note", size="3 MB", limit="2 MB")


def bug() -> NoReturn:
    raise ZeroDivisionError("oops")


def echo(value: Any) -> Any:
    return value


def secrets() -> list[str]:
    return [name for name in os.environ if "PASSPHRASE" in name]


def eat(megabytes: int) -> int:
    return len(bytearray(megabytes * 1024 * 1024))


if __name__ == "__main__":
    jobs.JOBS = {job.__name__: job for job in (hang, die, panic, noisy, refuse, bug, echo, secrets, eat)}
    worker_main.main()
