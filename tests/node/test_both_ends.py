"""What a look at a connection from both ends says."""

from __future__ import annotations

from dataclasses import replace

from notesapp.node.both_ends import LOST, closer_findings
from notesapp.node.people_views import CloserView
from notesapp.store.doctor import Finding, Level

WELL = CloserView(
    "Bo", b"b" * 32, "direct", "203.0.113.2:7", 20, 20, 31.5, 40.0, "203.0.113.1:7", True, "consistent",
    "203.0.113.2:7", "203.0.113.2:9", True, "ready", 23, 400,
)  # fmt: skip


def test_what_is_well_is_said_with_its_facts() -> None:
    found = closer_findings(WELL)
    assert {it.level for it in found} == {Level.OK}
    assert [f"{it.sentence} {it.remedy}".strip() for it in found] == [
        "From both ends: Bo is reached by the path “direct”; 20 of 20 probes were answered, in 31.5 ms "
        "(at worst 40 ms). The address there is 203.0.113.2:7.",
        "Bo sees this computer at 203.0.113.1:7.",
        "The router of Bo: friendly. It is seen at 203.0.113.2:7. The router there keeps 203.0.113.2:9 open.",
        "Bo carries for members who can't reach each other.",
        "The phone book (DHT) answers there: 23 nodes.",
        "The clocks of both say the same.",
    ]


def test_what_got_lost_is_warned_of_and_nothing_is_said_that_was_not_told() -> None:
    found = closer_findings(replace(WELL, answered=0, lag_ms=None, worst_ms=None, sees_us_at="", told=False))
    assert found == (
        Finding(
            Level.WARN,
            "way",
            "From both ends: Bo is reached by the path “direct”; 0 of 20 probes were answered.",
            LOST,
        ),
        Finding(
            Level.WARN, "there", "The device of Bo doesn't say how it stands there.", "It may need a newer Notesapp."
        ),
    )


def test_a_wrong_clock_and_a_dead_phone_book_there_are_warned_of() -> None:
    found = closer_findings(replace(WELL, clock_ahead_ms=-7_200_000, dht="alone", relays=False, nat="random"))
    assert [it.sentence for it in found[2:]] == [
        "The router of Bo: strict.",
        "The phone book (DHT) doesn't answer there.",
        "The clock of Bo is 2 h 0 min behind this one.",
    ]
    assert [it.level for it in found[2:]] == [Level.OK, Level.WARN, Level.WARN]
