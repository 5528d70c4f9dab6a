"""`make demo`: real windows on virtual screens, written into by real keys; pictures are left in out/demo.

First one person alone. Then, where this computer can make networks of its own (Linux, as root), two people in one room:
one shares a notebook with the other, who is nearby, and both write into one note.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from pathlib import Path

from tests.net.lab import why_not
from tests.same_room import EQUAL_S, SOON_S, both, is_equal, share_nearby, two_people
from tests.screen import VirtualScreen, missing, virtual_screen, wait_for

OUT = Path(__file__).resolve().parent.parent / "out" / "demo"
TITLE = "Garden plan, spring"
NOTE = f"""# {TITLE}

Beds **3** and *4* need compost before the end of March. See [[Reading list]]. #garden

## What we agreed

- broad beans first
peas along the fence

- [x] order seeds
mend the water butt


> [!tip] Sow early
in trays, on the window sill

Inline `code`, ==highlights== and ~~second thoughts~~ are drawn as they are meant."""
SHARED = f"""# {TITLE}

Beds 3 and 4 need compost before the end of March.

Broad beans first."""


def main() -> int:
    """Shows the program at work; the exit code."""
    lacking = missing()
    if lacking is not None:
        sys.stderr.write(f"The demo can't run: {lacking}\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="notesapp-demo-") as folder:
        with virtual_screen() as screen:
            _write(screen, Path(folder) / "home")
        alone = why_not()
        if alone is None:
            _together(Path(folder))
        else:
            sys.stdout.write(f"Two people in one room can't be shown here: {alone}.\n")
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


def _together(folder: Path) -> None:
    """Ana and Bo, who never met: from the first start to one text that both write."""
    with two_people(folder) as (_place, ana, bo):
        ana.screen.write(SHARED)
        wait_for(lambda: "beans" in (ana.text_of(TITLE) or ""), "what Ana wrote isn't kept")
        share_nearby(ana, bo, OUT / "together")
        wait_for(lambda: bo.text_of(TITLE) is not None, "Bo doesn't get the notebook", SOON_S)
        ana.screen.keys("Escape")
        bo.screen.wait_for_window(TITLE)
        wait_for(lambda: is_equal(ana, bo, TITLE, "beans first."), "Bo's text is another", EQUAL_S)
        ana.screen.keys("ctrl+End")
        bo.screen.keys("ctrl+Home", "Down", "Down", "End")
        lines = ((ana, " Then the early potatoes, when the frost is over."), (bo, " Bed 2 had its share, I think."))
        writers = [threading.Thread(target=one.screen.write, args=(line, 60)) for one, line in lines]
        for writer in writers:
            writer.start()
        writers[1].join(60)
        both(ana, bo, OUT / "together" / "4-writing.png")
        writers[0].join(60)
        wait_for(lambda: is_equal(ana, bo, TITLE, *(line for _, line in lines)), "the texts aren't equal", EQUAL_S)
        both(ana, bo, OUT / "together" / "5-one-text.png")
        ana.close()
        bo.close()


if __name__ == "__main__":
    sys.exit(main())
