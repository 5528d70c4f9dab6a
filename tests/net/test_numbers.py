"""The numbers of networking that are promised; what each of them does is tested where it is used."""

from __future__ import annotations

from notesapp.net import (
    cadence,
    connection,
    dht,
    dht_plan,
    disco,
    mirror,
    mux,
    nat,
    packet,
    portmap_wire,
    punch,
    relay,
    search,
    states,
    stun,
    swarm,
    topics,
)


def test_who_is_probed_how_often_and_in_what() -> None:
    assert (packet.PACKET_BYTES, disco.TRIES, search.A_TICK) == (128, 3, 6)
    assert cadence.PROBES_S == (0.0, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0)
    assert (cadence.BUSY_S, cadence.IDLE_S) == (5.0, 15.0)
    assert mux.INITIAL_BYTES == 1_200


def test_how_much_two_routers_are_pressed() -> None:
    assert (punch.PORTS, punch.SPRAY_S, punch.TIMES, punch.HOUR_S) == (256, 35.0, 6, 3_600.0)
    assert punch.SPRAY_A_TICK / punch.TICK_S == 100
    assert punch.RETRY_S == 4.0
    assert punch.OPENER_HOPS in (4, 5)


def test_what_a_member_carries() -> None:
    assert (relay.SESSIONS, relay.RATE, relay.FRAME_BYTES) == (16, 256 * 1024, 1_209)


def test_what_the_dht_is_asked_and_told() -> None:
    assert (dht.LOOK_UP_S, dht.VALUE_BYTES, dht.ENOUGH) == (12.0, 996, 8)
    assert (dht_plan.ANNOUNCE_S, dht_plan.PUT_S, dht_plan.LINKED_S) == (780.0, 3_600.0, 900.0)
    assert dht_plan.SEARCH_S == (0.0, 5.0, 15.0, 30.0, 60.0)
    assert 120.0 <= dht_plan.LATER_S <= 300.0
    assert topics.RECORD_BYTES == 640


def test_whom_we_ask_where_we_are() -> None:
    assert (mirror.AT_ONCE, mirror.EACH_S, stun.EACH_S, nat.FOR_A_CLASS) == (5, 15.0, 15.0, 3)
    assert portmap_wire.LEASE_S == 3_600


def test_when_somebody_is_told_and_given_up() -> None:
    assert states.SEARCHING_S == 30.0
    assert connection.IDLE_S == 90.0
    assert 15.0 <= swarm.KEEP_ALIVE_S <= 20.0
