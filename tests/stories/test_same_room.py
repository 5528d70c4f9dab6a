"""The same room: two people who never met share a notebook over their network and write into one note at once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.net.lab import need_lab
from tests.same_room import EQUAL_S, SOON_S, both, is_equal, share_nearby, two_people
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

        # the cable is pulled; both go on writing; it is plugged in again
        place.cable(bo.host, plugged=False)
        ana.screen.write(" Onions along the path.")
        bo.screen.write(" Bo is alone now.")
        wait_for(lambda: "alone" in (bo.text_of(TITLE) or ""), "Bo can't write without a cable")
        assert "alone" not in (ana.text_of(TITLE) or "")
        both(ana, bo, PICTURES / "5-cable-pulled.png")
        place.cable(bo.host, plugged=True)
        wait_for(
            lambda: is_equal(ana, bo, TITLE, "Onions along the path.", "Bo is alone now."),
            "the texts aren't equal after the cable is back",
            EQUAL_S,
        )
        both(ana, bo, PICTURES / "6-cable-back.png")

        # each takes back only what is his own
        bo.screen.keys("ctrl+z")
        wait_for(lambda: "alone now." not in (bo.text_of(TITLE) or ""), "Bo's undo did nothing")
        wait_for(lambda: is_equal(ana, bo, TITLE, "Onions along the path."), "the undo didn't arrive", EQUAL_S)

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
