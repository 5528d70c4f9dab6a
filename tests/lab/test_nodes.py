"""Real nodes far apart: a link or three words and a DHT are all they have; two roam, two have Carol. Needs root."""

from __future__ import annotations

import time

import pytest

from tests.lab.kinds import Kind
from tests.lab.nodes_pair import Friends, carry, friends, join, quiet, reached, read_again, run_nodes
from tests.net.lab import Process, need_lab

pytestmark = [pytest.mark.lab, pytest.mark.timeout(240)]

ROAMED_S = 8.0
TOLD_S = 30.0
RESTARTED_S = 40.0  # no host sees it: that nothing is heard must be noticed, and mirrors and the DHT asked


def ends(them: Friends) -> list[Process]:
    return [them.ends[name] for name in them.names]


@pytest.mark.soak
def test_two_whom_three_words_brought_together_roam_and_lose_no_edit() -> None:
    need_lab("nft")
    with friends(["alice", "bob"]) as them:
        sides = {name: them.ground.side(Kind.PORT) for name in them.names}
        alice = them.start("alice", sides["alice"])
        alice.until("invited", 30)
        joined = join(them, "bob", sides["bob"], "words")
        bob = them.ends["bob"]
        for one, other in ((alice, "bob"), (bob, "alice")):
            reached(one, other, "direct", 0, 30)
        moved = carry(them, sides["alice"], Kind.PORT)
        took = read_again(alice, bob, ("alice", "bob"), moved, 40)
        end = quiet(*ends(them))
        print(f"joined by three words in {joined:.2f} s; words again {took:.2f} s after roaming; {end}")
        assert took < ROAMED_S


@pytest.mark.soak
def test_a_router_begins_anew_with_another_address_and_nobody_need_do_anything() -> None:
    need_lab("nft")
    with friends(["alice", "bob"]) as them:
        sides = {name: them.ground.side(Kind.PORT) for name in them.names}
        alice = them.start("alice", sides["alice"])
        alice.until("invited", 30)
        join(them, "bob", sides["bob"], "link")
        bob = them.ends["bob"]
        for one, other in ((alice, "bob"), (bob, "alice")):
            reached(one, other, "direct", 0, 30)
        them.ground.restart(sides["alice"])
        anew = time.monotonic()
        took = read_again(alice, bob, ("alice", "bob"), anew, 90)
        print(f"words again {took:.2f} s after the router began anew; {quiet(alice, bob)}")
        assert took < RESTARTED_S


def test_two_behind_random_routers_have_carol_and_without_her_read_what_would_help() -> None:
    need_lab("nft")
    with friends(["alice", "bob", "carol"]) as them:
        sides = {"alice": Kind.PORT, "bob": Kind.PORT, "carol": Kind.FULL}
        where = {name: them.ground.side(kind) for name, kind in sides.items()}
        them.start("alice", where["alice"]).until("invited", 30)
        for name in ("carol", "bob"):
            join(them, name, where[name], "link")
        alice, bob, carol = ends(them)
        for one, other in ((carol, "bob"), (bob, "carol")):
            reached(one, other, "direct", 0, 60)
        for name in ("alice", "bob"):
            moved = carry(them, where[name], Kind.SYMMETRIC)
        took = reached(alice, "bob", "through carol", moved, 40)["at"] - moved
        again = read_again(alice, bob, ("alice", "bob"), moved, 30)
        print(f"through carol {took:.2f} s after both moved, words again after {again:.2f} s")
        print(quiet(alice, bob, carol))

        carol.close()
        gone = time.monotonic()
        for one, other in ((alice, "bob"), (bob, "alice")):
            told = one.until("reach", 60, after=gone, to=other, cause=BOTH)
            print(
                f"{other}: {told['stage']} {told['at'] - gone:.1f} s after carol left: {told['cause']} {told['remedy']}"
            )
            assert "a third device of a member" in told["remedy"]


BOTH = "Both routers use another port for each connection, so neither end can tell where to knock."


@pytest.mark.soak
@pytest.mark.parametrize(
    ("a", "b", "by"),
    [(Kind.PORT, Kind.PORT, "link"), (Kind.PORT, Kind.SYMMETRIC, "words"), (Kind.FULL, Kind.PORT, "link")],
)
def test_ten_pairs_meet_and_end_equal(a: Kind, b: Kind, by: str) -> None:
    need_lab("nft")
    for _ in range(10):
        result = run_nodes(a, b, by=by)
        print(result, {key: result.facts.get(key) for key in ("equal_s", "length", "keystroke_p50_s")})
        assert result.path == "direct"


@pytest.mark.soak
def test_whoever_joins_where_no_way_leads_reads_why_within_half_a_minute() -> None:
    need_lab("nft")
    result = run_nodes(Kind.SYMMETRIC, Kind.SYMMETRIC)
    print(result, result.facts["remedy"])
    assert result.connected_s is None
    assert result.cause == BOTH
    assert result.cause_s is not None
    assert result.cause_s < TOLD_S


@pytest.mark.soak
@pytest.mark.parametrize(("kind", "dead"), [(Kind.PORT, True), (Kind.BLOCKED, False)])
def test_whoever_joins_where_no_node_of_the_dht_answers_reads_so_within_half_a_minute(kind: Kind, dead: bool) -> None:
    need_lab("nft")
    result = run_nodes(Kind.PORT, kind, dead=dead)
    print(result, result.facts["remedy"])
    assert result.cause == "None of the nodes that are set to be asked first answers."
    assert "use another network here" in result.facts["remedy"]
    assert result.cause_s is not None
    assert result.cause_s < TOLD_S


@pytest.mark.soak
def test_with_delay_and_loss_a_keystroke_is_seen_soon_after_the_delay() -> None:
    need_lab("nft")
    result = run_nodes(Kind.PORT, Kind.PORT, by="words", delay_ms=100, loss=1, write_s=20.0)
    print(result, {key: result.facts.get(key) for key in ("equal_s", "length", "keystroke_p50_s")})
    assert result.path == "direct"
    assert result.facts["keystroke_p50_s"] < 0.1 + 0.08
