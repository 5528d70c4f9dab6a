"""`notesapp internet` and what the doctor says of it: asked first, kept, and clear about a wrong node."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_nobody_far_away_is_looked_for_before_it_is_switched_on(notesapp: Run) -> None:
    told = notesapp("internet")
    assert told.code == 0
    assert "not looked for" in told.out
    assert notesapp("internet", "--json").json["agreed"] is None


def test_a_choice_is_kept(notesapp: Run) -> None:
    assert notesapp("internet", "on", "--hidden", "--no-mapping", "--nodes", "127.0.0.1:1").code == 0
    kept = notesapp("internet", "--json").json
    assert (kept["agreed"], kept["be_found"], kept["mapping"], kept["relay"]) == (True, False, False, True)
    assert kept["bootstrap"] == ["127.0.0.1:1"]
    assert notesapp("internet", "off", "--nodes", "public", "--json").json["bootstrap"] == []
    assert notesapp("internet", "--json").json["agreed"] is False


def test_a_wrong_node_or_word_is_refused_in_a_sentence(notesapp: Run) -> None:
    wrong = notesapp("internet", "--nodes", "somewhere")
    assert (wrong.code, "host:port" in wrong.err) == (2, True)
    assert notesapp("internet", "maybe").code == 2
    for option, nothing in (("--nodes", "public"), ("--stun", "none")):
        for said in ("", " , "):
            empty = notesapp("internet", option, said)
            assert (empty.code, f"{option} names nothing" in empty.err, nothing in empty.err) == (2, True, True)
    assert notesapp("internet", "--json").json["bootstrap"] == []


def test_the_doctor_tells_who_i_am_and_how_i_am_reached(notesapp: Run) -> None:
    found = notesapp("doctor", "network", "--json").json
    assert len(found["identity"]["words"]) == 6
    assert found["internet"]["dht"] == "off"
    assert found["internet"]["nat"] == "unknown"
    assert {"network", "devices"} <= found.keys()
    assert found["internet"]["clock_utc"].startswith("20")
    assert "not looked for" in notesapp("doctor", "network").out
    about = [one["about"] for one in found["findings"]]
    assert about[0] == "identity"
    assert {"internet", "clock"} <= set(about)
    assert found["clock"]["compared"] == 0


def test_the_doctor_looks_from_both_ends_only_with_a_member(notesapp: Run) -> None:
    alone = notesapp("doctor", "network", "--with", "Ana")
    assert (alone.code, "no member" in alone.err) == (2, True)


def test_quotas_and_stun_servers_are_kept_and_wrong_ones_refused(notesapp: Run) -> None:
    assert notesapp("internet", "--relay-pairs", "4", "--relay-rate", "64", "--stun", "192.0.2.1:3478").code == 0
    kept = notesapp("internet", "--json").json
    assert (kept["relay_pairs"], kept["relay_kib_s"], kept["stun"]) == (4, 64, ["192.0.2.1:3478"])
    assert notesapp("internet", "--relay-pairs", "0").code == 2
    assert notesapp("internet", "--stun", "none", "--json").json["stun"] == []
