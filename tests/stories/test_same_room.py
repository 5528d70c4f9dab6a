"""The same room: two people who never met share a notebook over their network and write into one note at once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.net.lab import need_lab
from tests.same_room import (
    EQUAL_S,
    SOON_S,
    Person,
    SeenCaret,
    both,
    is_equal,
    others_caret,
    share_nearby,
    two_people,
)
from tests.screen import missing, wait_for

pytestmark = [pytest.mark.gui_real, pytest.mark.lab, pytest.mark.timeout(600)]
PICTURES = Path(__file__).resolve().parents[2] / "out" / "pictures" / "same-room"
TITLE = "Garden plan"


def test_two_people_in_one_room_write_into_one_note(tmp_path: Path) -> None:
    need_lab()
    assert missing() is None, missing()
    with two_people(tmp_path) as (place, ana, bo):
        both(ana, bo, PICTURES / "1-first-start.png")
        ana.screen.write(f"# {TITLE}\n\nBeds 3 and 4 need compost.\n\n\nBroad beans first.")
        wait_for(lambda: "Broad" in (ana.text_of(TITLE) or ""), "what Ana wrote isn't kept")
        share_nearby(ana, bo, PICTURES)
        wait_for(lambda: bo.text_of(TITLE) is not None, "Bo doesn't get the notebook", SOON_S)
        ana.screen.keys("Escape")
        bo.screen.wait_for_window(TITLE)
        wait_for(lambda: is_equal(ana, bo, TITLE, "Broad beans first."), "Bo's text is another", EQUAL_S)

        # both write at once, each on a line of his own
        ana.screen.keys("ctrl+End")
        bo.screen.keys("ctrl+Home", "Down", "Down", "End")
        writers = [
            threading.Thread(target=ana.screen.write, args=(" Then the early potatoes, if the frost is over.", 60)),
            threading.Thread(target=bo.screen.write, args=(" Bed 2 has had its share, I think.", 60)),
        ]
        for writer in writers:
            writer.start()
        writers[1].join(60)
        both(ana, bo, PICTURES / "4-writing.png")
        writers[0].join(60)
        words = ("if the frost is over.", "had its share, I think.")
        wait_for(lambda: is_equal(ana, bo, TITLE, *words), "the texts aren't equal", EQUAL_S)

        # each sees where the other one is: Bo stands above Ana, and his caret moves with a name on it when he writes
        wait_for(lambda: others_caret(ana) is not None, "Ana doesn't see Bo's caret", SOON_S)
        wait_for(lambda: others_caret(bo) is not None, "Bo doesn't see Ana's caret", SOON_S)
        bos, anas = others_caret(ana), others_caret(bo)
        assert bos is not None
        assert anas is not None
        assert bos.y < anas.y
        bo.screen.write(" So.")
        wait_for(lambda: _is_further(others_caret(ana), bos), "Bo's caret doesn't move at Ana's", SOON_S)
        wait_for(lambda: is_equal(ana, bo, TITLE, "So."), "the texts aren't equal", EQUAL_S)
        for one in (ana, bo):
            wait_for(one.is_sharing, f"the status of {one.name} isn't “Sharing”", SOON_S)

        # the cable is pulled; both go on writing; it is plugged in again
        place.cable(bo.host, plugged=False)
        ana.screen.write(" Onions along the path.")
        bo.screen.write(" Bo is alone now.")
        wait_for(lambda: "alone" in (bo.text_of(TITLE) or ""), "Bo can't write without a cable")
        assert "alone" not in (ana.text_of(TITLE) or "")
        # Bo's computer has no network; Ana's has one, and Bo isn't in it. Both say what is here only.
        wait_for(lambda: _says(bo, "offline", "This computer has no network."), "Bo's status is untrue", SOON_S)
        wait_for(lambda: _says(ana, "offline") or _says(ana, "waiting"), "Ana's status is untrue", SOON_S)
        for one in (ana, bo):
            wait_for(lambda one=one: others_caret(one) is None, f"{one.name} still sees a caret", SOON_S)  # type: ignore[misc]
        both(ana, bo, PICTURES / "5-cable-pulled.png")
        place.cable(bo.host, plugged=True)
        wait_for(
            lambda: is_equal(ana, bo, TITLE, "Onions along the path.", "Bo is alone now."),
            "the texts aren't equal after the cable is back",
            EQUAL_S,
        )
        for one in (ana, bo):
            wait_for(one.is_sharing, f"the status of {one.name} isn't “Sharing” again", SOON_S)
            wait_for(lambda one=one: others_caret(one) is not None, f"{one.name} sees no caret", SOON_S)  # type: ignore[misc]
        both(ana, bo, PICTURES / "6-cable-back.png")

        # each takes back only what is his own, also what was written without a cable, and brings it back
        whole = ana.text_of(TITLE)
        bo.screen.keys("ctrl+z")
        wait_for(lambda: "alone now." not in (bo.text_of(TITLE) or ""), "Bo's undo did nothing")
        wait_for(lambda: is_equal(ana, bo, TITLE, "Onions along the path."), "the undo didn't arrive", EQUAL_S)
        ana.screen.keys("ctrl+z")
        wait_for(lambda: "the path." not in (ana.text_of(TITLE) or ""), "Ana's undo did nothing")
        wait_for(lambda: is_equal(ana, bo, TITLE, "Bo is alone", "Onions along"), "the undo didn't arrive", EQUAL_S)
        for one in (ana, bo):
            one.screen.keys("ctrl+y")
        wait_for(lambda: ana.text_of(TITLE) == bo.text_of(TITLE) == whole, "it isn't what it was before", EQUAL_S)

        # closed and opened again: the same text, the same company
        before = ana.text_of(TITLE)
        ana.close()
        bo.close()
        ana.open()
        bo.open()
        assert ana.text_of(TITLE) == before
        assert bo.text_of(TITLE) == before
        ana.screen.keys("ctrl+End")
        ana.screen.write(" Together again.")
        wait_for(lambda: is_equal(ana, bo, TITLE, "Together again."), "they don't find each other again", SOON_S)
        both(ana, bo, PICTURES / "7-opened-again.png")
        ana.close()
        bo.close()


def _is_further(now: SeenCaret | None, before: SeenCaret) -> bool:
    """Whether a caret has gone on in its line, with a name on it."""
    return now is not None and now.named and now.x > before.x and now.y == before.y


def _says(one: Person, state: str, cause: str | None = None) -> bool:
    """Whether the status is this, for this cause, and something is with nobody else."""
    found = one.company()
    if found is None or found.state != state or not found.only_here:
        return False
    return cause is None or found.cause == cause
