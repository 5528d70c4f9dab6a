"""The first lines of the frozen program, on all systems.

Decides only what must be settled before anything else is imported: that a helper process is no second window, and
that programs which we start (a browser, an editor) see the system's libraries and not ours.
"""

import multiprocessing

multiprocessing.freeze_support()

import os  # noqa: E402
import sys  # noqa: E402


def _give_back_library_path() -> None:
    # The boot loader has prepended our folder; the dynamic linker read it at the start and doesn't look again.
    was = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if was is not None:
        os.environ["LD_LIBRARY_PATH"] = was
    elif sys.platform.startswith("linux"):
        os.environ.pop("LD_LIBRARY_PATH", None)


if __name__ == "__main__":
    _give_back_library_path()
    from notesapp.__main__ import main

    sys.exit(main())
