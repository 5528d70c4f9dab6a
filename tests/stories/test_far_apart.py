"""Far apart: two people behind two routers share a notebook by three words, roam, and are carried by a third."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from notesapp.control import calls_people
from tests.far_apart import Far, FarPerson, bring, compare_and_agree, far_apart, say_three_words, type_three_words
from tests.lab.kinds import Kind
from tests.net.lab import need_lab
from tests.same_room import EQUAL_S, SOON_S, both, is_equal
from tests.screen import missing, wait_for

pytestmark = [pytest.mark.gui_real, pytest.mark.lab, pytest.mark.timeout(600)]
PICTURES = Path(__file__).resolve().parents[2] / "out" / "pictures" / "far-apart"
TITLE = "Trip in May"
TOLD_S = 30.0


def write_both(ana: FarPerson, bo: FarPerson, mine: str, his: str) -> None:
    """Both write at once, each on a line of his own."""
    writers = [
        threading.Thread(target=ana.screen.write, args=(mine, 40)),
        threading.Thread(target=bo.screen.write, args=(his, 40)),
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    wait_for(lambda: is_equal(ana, bo, TITLE, mine.strip(), his.strip()), "the texts aren't equal", EQUAL_S)


def people_card(ana: FarPerson, bo: FarPerson, name: str) -> None:
    """What both read about each other, kept as a picture."""
    for one in (ana, bo):
        one.screen.keys("ctrl+shift+u")
    time.sleep(0.6)  # a card fades in; nothing tells when it stands
    both(ana, bo, PICTURES / name)
    for one in (ana, bo):
        one.screen.keys("Escape")


def meet(far: Far) -> tuple[FarPerson, FarPerson]:
    """Ana says three words over the phone, lets Bo in, and both write into one note at once."""
    ana, bo = (far.person(name, Kind.PORT) for name in ("Ana", "Bo"))
    for one in (ana, bo):
        one.open()
    ana.screen.write(f"# {TITLE}\n\nBy train, if the night train runs.\n\n\nBo brings the map.")
    wait_for(lambda: "the map" in (ana.text_of(TITLE) or ""), "what Ana wrote isn't kept")
    words = say_three_words(ana)
    type_three_words(bo, words)
    both(ana, bo, PICTURES / "1-three-words.png")
    began = time.monotonic()
    compare_and_agree(ana, bo, PICTURES / "2-compared.png")
    wait_for(lambda: bo.text_of(TITLE) is not None, "Bo doesn't get the notebook", SOON_S)
    print(f"joined {time.monotonic() - began:.1f} s after the last word was typed")
    ana.screen.keys("Escape")
    bo.screen.wait_for_window(TITLE)
    wait_for(lambda: is_equal(ana, bo, TITLE, "Bo brings the map."), "Bo's text is another", EQUAL_S)
    wait_for(lambda: ana.path("Bo") == bo.path("Ana") == "direct", "they aren't linked directly", SOON_S)
    ana.screen.keys("ctrl+End")
    bo.screen.keys("ctrl+Home", "Down", "Down", "End")
    write_both(ana, bo, " And the tickets are mine.", " Else by car.")
    return ana, bo


def test_two_people_behind_two_routers_write_into_one_note_and_one_roams(tmp_path: Path) -> None:
    need_lab("nft")
    assert missing() is None, missing()
    with far_apart(tmp_path) as far:
        ana, bo = meet(far)
        people_card(ana, bo, "3-direct.png")
        far.carry(ana, Kind.PORT)
        moved = time.monotonic()
        ana.screen.write(" From the other flat now.")
        wait_for(lambda: "other flat now." in (bo.text_of(TITLE) or ""), "nothing of Ana reaches Bo", EQUAL_S)
        print(f"words again {time.monotonic() - moved:.1f} s after Ana was carried away")
        write_both(ana, bo, " Good night.", " Sleep well.")
        for one in (ana, bo):
            one.close()


@pytest.mark.soak
def test_where_no_way_leads_carol_carries_and_without_her_both_read_what_would_help(tmp_path: Path) -> None:
    need_lab("nft")
    assert missing() is None, missing()
    with far_apart(tmp_path) as far:
        ana, bo = meet(far)
        carol = bring(far, ana, "Carol", Kind.FULL)
        wait_for(lambda: carol.path("Bo") == carol.path("Ana") == "direct", "Carol isn't linked", SOON_S)
        for one in (ana, bo):
            far.carry(one, Kind.SYMMETRIC)
        moved = time.monotonic()
        wait_for(lambda: ana.path("Bo") == bo.path("Ana") == "through Carol", "Carol doesn't carry", SOON_S)
        print(f"through Carol {time.monotonic() - moved:.1f} s after both were carried away")
        write_both(ana, bo, " Hotel nets.", " Mine too.")
        people_card(ana, bo, "4-through-carol.png")

        # without her
        carol.kill()
        gone = time.monotonic()
        hers = ana.ask(calls_people.People())
        assert hers is not None
        wait_for(lambda: _told(ana, "Bo", hers.id) and _told(bo, "Ana", hers.id), "nobody is told why", 60)
        print(f"told why {time.monotonic() - gone:.1f} s after Carol left")
        assert time.monotonic() - gone < TOLD_S
        people_card(ana, bo, "5-without-her.png")

        # with her again: what was written meanwhile comes, and nobody has to do anything
        ana.screen.write(" Written alone.")
        carol.serve()
        back = time.monotonic()
        wait_for(lambda: is_equal(ana, bo, TITLE, "Written alone."), "Carol, who is back, doesn't carry", 60)
        print(f"equal {time.monotonic() - back:.1f} s after Carol was back")

        # and back home, without her
        carol.kill()
        ana.screen.write(" Home.")
        for one in (ana, bo):
            far.carry(one, Kind.PORT)
        wait_for(lambda: is_equal(ana, bo, TITLE, "Home."), "they don't find each other again", 60)
        for one in (ana, bo):
            one.close()


def _told(one: FarPerson, name: str, notebook: str) -> bool:
    """Whether the window says that no way leads to anybody, why, and what would help."""
    row, people = one.reach(name), one.ask(calls_people.People(notebook))
    if row is None or people is None or row.path:
        return False
    said = [(row.cause, row.remedy), (people.cause, people.remedy)]
    return all("oth routers" in (cause or "") and "relay" in (remedy or "") for cause, remedy in said)
