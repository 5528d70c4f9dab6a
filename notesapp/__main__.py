"""Decides which skin a start wants: a window without arguments or for a link or file, else a command. Imports it late.

A frozen program starts its helper processes by calling itself, so that is asked first.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Sequence

LINK = "notesapp://"
_FILES = (".md", ".markdown", ".mdown", ".notesapp")
_OPTIONS = ("--quick-note", "--hidden")  # how a hot key and the login start the window
_SELF_TEST = "--self-test"  # as in `ui.self_test`
_COMPLETION = "_NOTESAPP_COMPLETE"  # a shell asks which words could follow: with this in the environment, and no words
_INTERRUPTED = 130  # as in `cli.app`: 128 and the number of the signal, as shells count
_WORKER = "--notesapp-worker"  # as in `node.worker`, which is too heavy to be asked here


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code."""
    multiprocessing.freeze_support()
    words = list(sys.argv[1:] if argv is None else argv)
    if words == ["--version"]:
        from notesapp import __version__

        sys.stdout.write(f"notesapp {__version__}\n")
        return 0
    if words[:1] == [_WORKER]:
        from notesapp.node.worker_main import main as work

        work()
        return 0
    try:
        return _start(words)
    except KeyboardInterrupt:  # while it was still loading: afterwards the skins answer it
        if sys.stderr is not None:
            sys.stderr.write("notesapp: Stopped; what was finished before is kept.\n")
        return _INTERRUPTED


def _start(words: list[str]) -> int:
    if words and words[0].partition("=")[0] == _SELF_TEST:
        from notesapp.ui.self_test import main as look

        return look(words)
    if wants_window(words) and _COMPLETION not in os.environ:
        from notesapp.ui.app import run as show

        return show(words)
    from notesapp.cli.app import main as command

    return command(words)


def wants_window(words: Sequence[str]) -> bool:
    """Whether these words are nothing, a link, files to open, a window's option, or `--home` and these."""
    rest = [word for word in words if not word.startswith("--home=") and word not in _OPTIONS]
    while "--home" in rest:
        at = rest.index("--home")
        del rest[at : at + 2]
    return all(
        word.startswith((LINK, "file://")) or word.lower().endswith(_FILES) or os.path.isabs(word) for word in rest
    )


if __name__ == "__main__":
    sys.exit(main())
