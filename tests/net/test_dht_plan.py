"""When what is done in the DHT, in virtual time: soon when it matters, seldom when it doesn't, never too much."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from notesapp.net.bond import Side
from notesapp.net.dht_plan import ANNOUNCE_S, AT_ONCE, FETCH_LEAST_S, LEAST_S, PAIR_S, Act, DhtPlan, Meeting, What
from notesapp.net.topics import Meet, Topic

NOON = 1_000 * 86_400.0 + 100.0


def topic(number: int, kind: Meet = Meet.NOTEBOOK) -> Topic:
    """One whose day doesn't change within twelve hours after NOON."""
    for salt in range(256):
        found = Topic(kind, bytes([number, salt]) + bytes(30))
        if found.days(NOON) == found.days(NOON + 43_200) and len(found.days(NOON)) == 1:
            return found
    raise AssertionError


BOOK, PAIR = topic(1), topic(2, Meet.PAIR)


class Day:
    """A plan run in virtual time, each act done at once unless it is of a kind that lasts."""

    def __init__(self) -> None:
        self.plan = DhtPlan()
        self.now = 0.0
        self.told: list[tuple[float, Act]] = []
        self.most_running = Counter[What]()

    def until(self, end: float, lasts_s: float = 0.0) -> None:
        running: list[tuple[float, Act]] = []
        while True:
            over = min([at for at, _ in running], default=end + 1)
            self.now = max(self.now, min(over, self.plan.wake_at(self.now, NOON + self.now)))
            if self.now >= end:
                self.now = end
                break
            for at, act in [it for it in running if it[0] <= self.now]:
                running.remove((at, act))
                self.plan.done(act, self.now)
            for act in self.plan.due(self.now, NOON + self.now):
                self.told.append((self.now, act))
                if lasts_s:
                    running.append((self.now + lasts_s, act))
                else:
                    self.plan.done(act, self.now)
            for what, count in Counter(act.what for _, act in running).items():
                self.most_running[what] = max(self.most_running[what], count)
        for _, act in running:
            self.plan.done(act, end)

    def times(self, what: What, after: float = -1.0, of: Topic | None = None) -> list[int]:
        return [round(at) for at, act in self.told if act.what is what and at > after and of in (None, act.topic)]


def test_a_day_in_which_nobody_comes() -> None:
    day = Day()
    day.plan.want([Meeting(BOOK, (b"bob",))], 0.0)
    day.until(7_300.0)
    assert day.times(What.ANNOUNCE)[:3] == [0, 780, 1560]
    assert day.times(What.PUT) == [0, 3600, 7200]
    fetched = day.times(What.FETCH)
    assert fetched[:8] == [0, 2, 4, 7, 10, 15, 30, 60]
    assert all(180 <= after - before <= 240 for before, after in pairwise(fetched[7:]))
    assert day.times(What.LOOK_UP)[:5] == [0, 5, 15, 30, 60]
    assert day.times(What.LOOK_UP)[5:] == fetched[8:]


def test_who_is_linked_is_not_looked_for() -> None:
    day = Day()
    day.plan.want([Meeting(BOOK, (b"bob",))], 0.0)
    day.plan.linked([b"bob"], 0.0)
    day.until(3_000.0)
    assert day.times(What.FETCH) == day.times(What.LOOK_UP) == []
    assert len(day.times(What.ANNOUNCE)) == 4  # but others may look for us


def test_who_goes_away_is_looked_for_at_once() -> None:
    day = Day()
    day.plan.want([Meeting(BOOK, (b"bob",))], 0.0)
    day.plan.linked([b"bob"], 0.0)
    day.until(1_000.0)
    day.plan.linked([], day.now)
    day.until(1_100.0)
    assert day.times(What.LOOK_UP) == [1000, 1005, 1015, 1030, 1060]


def test_with_company_the_others_are_looked_for_each_quarter_of_an_hour() -> None:
    day = Day()
    day.plan.want([Meeting(BOOK, (b"bob", b"carol"))], 0.0)
    day.plan.linked([b"bob"], 0.0)
    day.until(3_000.0)
    later = day.times(What.LOOK_UP)[4:]
    assert all(900 <= after - before <= 960 for before, after in pairwise(later))


def test_two_devices_meet_apart_only_after_a_minute() -> None:
    day = Day()
    day.plan.want([Meeting(BOOK, (b"bob",)), Meeting(PAIR, (b"bob",))], 0.0)
    day.until(PAIR_S - 1)
    assert day.times(What.ANNOUNCE, of=PAIR) == []
    day.until(PAIR_S + 30)
    assert day.times(What.ANNOUNCE, of=PAIR) == day.times(What.PUT, of=PAIR) == [60]
    day.plan.linked([b"bob"], day.now)
    day.until(2_000.0)
    assert day.times(What.PUT, of=PAIR) == [60]


def test_a_changed_record_is_put_and_a_moved_port_announced() -> None:
    day = Day()
    day.plan.want([Meeting(BOOK, (b"bob",))], 0.0)
    day.plan.linked([b"bob"], 0.0)
    day.until(100.0)
    day.plan.changed(day.now)
    day.until(200.0)
    assert (day.times(What.PUT), day.times(What.ANNOUNCE)) == ([0, 100], [0])
    day.plan.moved(day.now)
    day.until(300.0)
    assert (day.times(What.PUT), day.times(What.ANNOUNCE)) == ([0, 100, 200], [0, 200])


def test_a_record_that_changes_all_the_time_is_put_each_five_seconds() -> None:
    day = Day()
    day.plan.want([Meeting(BOOK, (b"bob",))], 0.0)
    for step in range(1, 600):
        day.plan.changed(day.now)
        day.until(step * 0.1)
    gaps = [after - before for before, after in pairwise(day.times(What.PUT))]
    assert min(gaps) >= LEAST_S
    assert len(gaps) <= 12


def test_a_failed_put_comes_again_later_and_later() -> None:
    plan, now, puts = DhtPlan(), 0.0, []
    plan.want([Meeting(BOOK, ())], now)
    while now < 1_000:
        for act in plan.due(now, NOON + now):
            plan.done(act, now, well=act.what is not What.PUT)
            if act.what is What.PUT:
                puts.append(round(now))
        now = max(now + 0.01, plan.wake_at(now, NOON + now))
    assert puts == [0, 15, 45, 105, 225, 525, 825]


def test_another_network_begins_everything_anew() -> None:
    day = Day()
    day.plan.want([Meeting(BOOK, (b"bob",))], 0.0)
    day.until(500.0)
    day.plan.new_network(day.now)
    day.until(570.0)
    assert day.times(What.ANNOUNCE, after=499.0) == [500]
    assert day.times(What.LOOK_UP, after=499.0) == [500, 505, 515, 530, 560]


def test_near_midnight_both_days_are_used() -> None:
    plan = DhtPlan()
    plan.want([Meeting(BOOK, (b"bob",))], 0.0)
    midnight = next(at for at in range(0, 86_400, 600) if len(BOOK.days(NOON + at)) == 2)
    days = {act.day for act in plan.due(0.0, NOON + midnight) if act.what is What.ANNOUNCE}
    assert days == set(BOOK.days(NOON + midnight))


def test_many_notebooks_never_crowd_the_network() -> None:
    day = Day()
    day.plan.want([Meeting(topic(n), tuple(b"%d-%d" % (n, m) for m in range(5))) for n in range(3, 28)], 0.0)
    day.until(600.0, lasts_s=12.0)
    for what, most in AT_ONCE.items():
        assert day.most_running[what] <= most
    announced = {act.topic for _, act in day.told if act.what is What.ANNOUNCE}
    assert len(announced) == 25


def test_an_invite_has_its_own_two_sides() -> None:
    host = Meeting(topic(4, Meet.INVITE), (b"way",), Side.FIRST)
    assert host.is_shared
    assert not Meeting(BOOK, (b"bob",)).is_shared


def test_a_code_is_looked_at_each_two_seconds_while_both_wait_and_seldom_when_it_is_over() -> None:
    day = Day()
    day.plan.want([Meeting(topic(4, Meet.CODE), (b"way",), Side.FIRST)], 0.0)
    day.until(1_000.0)
    fetched = day.times(What.FETCH)
    assert all(after - before <= 2 for before, after in pairwise(it for it in fetched if it <= 120))
    assert all(2 <= after - before <= 3 for before, after in pairwise(it for it in fetched if 120 <= it <= 600))
    assert all(after - before == 45 for before, after in pairwise(it for it in fetched if it > 605))
    assert len(day.times(What.LOOK_UP)) < 30


@given(
    st.lists(
        st.tuples(st.floats(0.01, 30.0), st.sampled_from(["linked", "gone", "moved", "changed", "network", "want"])),
        max_size=25,
    )
)
def test_whatever_happens_nothing_comes_twice_in_seconds(story: list[tuple[float, str]]) -> None:
    day = Day()
    meetings = [Meeting(BOOK, (b"bob", b"carol")), Meeting(PAIR, (b"bob",))]
    day.plan.want(meetings, 0.0)
    networks = [0.0]
    for wait, what in story:
        day.until(day.now + wait)
        match what:
            case "linked":
                day.plan.linked([b"bob", b"carol"], day.now)
            case "gone":
                day.plan.linked([], day.now)
            case "moved":
                day.plan.moved(day.now)
            case "changed":
                day.plan.changed(day.now)
            case "network":
                day.plan.new_network(day.now)
                networks.append(day.now)
            case _:
                day.plan.want(meetings, day.now)
    day.until(day.now + 100.0)
    last: dict[Act, float] = {}
    for at, act in day.told:
        least = FETCH_LEAST_S if act.what is What.FETCH else LEAST_S
        before = last.get(act, -least)
        if not any(before <= it <= at for it in networks):  # in another one it begins anew
            assert at - before >= least - 1e-6
        last[act] = at
    announced = day.times(What.ANNOUNCE, of=BOOK)
    assert announced
    assert all(after - before <= ANNOUNCE_S + 1 for before, after in pairwise(announced))
