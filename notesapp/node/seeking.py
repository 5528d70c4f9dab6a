"""Why somebody isn't found, and the one step that helps. Pure: decides whose word counts.

What the network knows of the other end comes first: a router that lets nothing through, a device that doesn't answer.
If it was never seen at all, the cause may lie on the way there: nobody agreed to the internet, or its phone book is
out of reach. As long as it is too early to say, nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from notesapp.net.dht import DhtState
from notesapp.net.diagnosis import Cause
from notesapp.net.standing import BondState, Stage
from notesapp.node.faraway import InternetView
from notesapp.node.people_views import JoinView, Step

TELL_S: Final = 24.0  # a person reads a cause 30 s after a search began, at the latest; six looks
AGAIN_S: Final = 4.0  # then what is said is looked at anew


# What waiting alone doesn't mend.
_AT_ONCE: Final = (Cause.NO_NETWORK, Cause.BOTH_RANDOM, Cause.V6_HERE, Cause.V6_THERE)


@dataclass(frozen=True, slots=True)
class Why:
    """A cause and a next step, a sentence or two each."""

    cause: str
    remedy: str
    step: Step = Step.LOOK


AWAY: Final = Why(
    "The other computer is out of reach just now.",
    "You are a member already: the notes come as soon as it is back, also if this card is closed.",
)
_ELSEWHERE: Final = Why(
    "Nobody answers in this network.",
    "If the other person is in another one, press “Find people on the internet” on both computers.",
    Step.SETTINGS,
)
_NO_BOOK: Final = Why(
    "The internet’s phone book (DHT) doesn’t answer: this network may block it.",
    "Log in if the network asks for it, or use another network here, for example a phone’s hotspot.",
)
_NO_NODES: Final = Why(
    "None of the nodes that are set to be asked first answers.",
    "Log in if the network asks for it, look at “Nodes to ask first” under “Far away” in the settings, "
    "or use another network here.",
    Step.SETTINGS,
)


def why(state: BondState, internet: InternetView) -> Why | None:
    """Why the other end of a bond has no link; None if nothing is known to be wrong."""
    if state.cause is not None and state.cause is not Cause.NOT_SEEN:
        return Why(f"{state.cause}.", str(state.remedy))
    return on_the_way(internet)


def explained(
    view: JoinView, state: BondState | None, internet: InternetView, otherwise: Why, lasts_s: float
) -> JoinView:
    """An attempt with what is to be told of it; `state`: of whom it looks for, None if for nobody just now."""
    is_time = state is not None and (lasts_s >= TELL_S or state.cause in _AT_ONCE)
    told = (why(state, internet) or otherwise) if state is not None and is_time else None
    return replace(
        view,
        cause=told.cause if told is not None else None,
        remedy=told.remedy if told is not None else None,
        seen=state is not None and state.stage is Stage.PUNCHING,
    )


def on_the_way(internet: InternetView) -> Why | None:
    """What keeps everybody far away from being found; None if all is well."""
    if internet.choice.agreed is not True:
        return _ELSEWHERE
    match internet.report.dht.state if internet.report is not None else None:
        case DhtState.ALONE:
            return _NO_NODES if internet.choice.bootstrap else _NO_BOOK
        case DhtState.MISSING:
            return Why(
                "This system has no engine for the internet’s phone book (libtorrent).",
                "Meet once in one network, or type the other computer’s address behind the link.",
            )
        case _:
            return None
