"""Decides how a helper process lives: one job after another from its standard input, until that ends.

Guards itself: a job that outlives its deadline is killed by the system's alarm even while a foreign library holds the
interpreter, memory has a ceiling, and stray prints can't reach the pipe.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import msgspec

from notesapp.errors import NotesError
from notesapp.node.worker import read_frame, write_frame

_MEMORY_BYTES = 3 * 1024**3  # the largest honest note needs about 0.5 GB, a bomb asks for all
PANIC_CODE = 86
_GRACE_S = 5.0  # the parent's own deadline comes first; the alarm is for a parent that died


def main() -> None:
    """Never returns a value; ends with its input."""
    jobs_in = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints from now on goes to the error stream
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which kills us or closes the pipe
    _limit_memory()
    while (frame := read_frame(jobs_in)) is not None:
        write_frame(answers, _answer(frame))


def _answer(frame: bytes) -> bytes:
    from notesapp.node.jobs import JOBS  # late: an idle start costs nothing

    job, deadline_s, args = msgspec.msgpack.decode(frame)
    _alarm(deadline_s + _GRACE_S)
    try:
        result: Any = ("ok", JOBS[job](**args))
    except NotesError as error:
        result = ("error", (type(error).__name__, {key: _plain(fact) for key, fact in error.facts.items()}))
    except Exception as error:  # noqa: BLE001 - it is raised again on the other side, as a LocalError
        result = ("error", (type(error).__name__, {"what": str(error)[:500]}))
    except BaseException:  # noqa: BLE001
        os._exit(PANIC_CODE)  # a panic of the engine is no Exception; after it this process can't be trusted
    finally:
        _alarm(0)
    return msgspec.msgpack.encode(result)


def _plain(fact: object) -> object:
    return fact if isinstance(fact, (str, int, float, bool, bytes)) or fact is None else str(fact)


def _alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit_memory() -> None:
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    ceiling = _MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(_MEMORY_BYTES, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))
    except (ValueError, OSError):
        return  # macOS refuses address-space limits; the deadline still holds


if __name__ == "__main__":
    main()
