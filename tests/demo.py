"""`make demo`: the real window on a virtual screen, written into by real keys; pictures are left in out/demo."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.screen import VirtualScreen, missing, virtual_screen, wait_for

OUT = Path(__file__).resolve().parent.parent / "out" / "demo"
NOTE = """# Garden plan, spring

Beds **3** and *4* need compost before the end of March. See [[Reading list]]. #garden

## What we agreed

- broad beans first
peas along the fence

- [x] order seeds
mend the water butt


> [!tip] Sow early
in trays, on the window sill

Inline `code`, ==highlights== and ~~second thoughts~~ are drawn as they are meant."""


def main() -> int:
    """Shows the program at work; the exit code."""
    lacking = missing()
    if lacking is not None:
        sys.stderr.write(f"The demo can't run: {lacking}\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="notesapp-demo-") as folder, virtual_screen() as screen:
        home = Path(folder) / "home"
        _write(screen, home)
    sys.stdout.write(f"Pictures are in {OUT}.\n")
    return 0


def _write(screen: VirtualScreen, home: Path) -> None:
    program = screen.start(home)
    try:
        screen.wait_for_window()
        screen.picture(OUT / "1-first-start.png")
        screen.write("# Reading list\n\nLocal-first software: you own your data, in spite of the cloud. #to-read")
        screen.keys("ctrl+n")
        screen.wait_for_window("Untitled")
        screen.write(NOTE)
        screen.wait_for_window("Garden plan")
        screen.picture(OUT / "2-writing.png")
        screen.keys("ctrl+k")
        screen.write("read")
        screen.picture(OUT / "3-switching.png")
        screen.keys("Escape")
    finally:
        program.terminate()
        wait_for(lambda: program.poll() is not None, "the program didn't end")


if __name__ == "__main__":
    sys.exit(main())
