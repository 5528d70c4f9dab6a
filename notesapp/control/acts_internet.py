"""The command about the internet: whether this node may be found there, and how it stands."""

from __future__ import annotations

from datetime import UTC, datetime

from notesapp.control import calls_people as calls
from notesapp.control.desk import Desk, command
from notesapp.control.rows_people import InternetRow, MirrorRow
from notesapp.net.internet import InternetReport
from notesapp.net.nat import NatReport
from notesapp.node.faraway import InternetView


@command
async def internet(desk: Desk, call: calls.Internet) -> InternetRow:
    """How it stands with the internet; changes first what is given."""
    people = desk.node.people
    if any(it is not None for it in (call.agreed, call.be_found, call.mapping, call.relay, call.bootstrap)):
        await people.internet.choose(
            agreed=call.agreed,
            be_found=call.be_found,
            mapping=call.mapping,
            relay=call.relay,
            bootstrap=call.bootstrap,
        )
    return internet_row(people.internet.view)


def internet_row(view: InternetView) -> InternetRow:
    """The view as it travels."""
    choice, report = view.choice, view.report
    nat = report.nat if report is not None else NatReport()
    return InternetRow(
        agreed=choice.agreed,
        on=view.on,
        be_found=choice.be_found,
        mapping=choice.mapping,
        relay=choice.relay,
        bootstrap=choice.bootstrap,
        dht=report.dht.state if report is not None else "off",
        dht_nodes=report.dht.nodes if report is not None else 0,
        dht_trouble=report.dht.trouble if report is not None else None,
        nat=nat.nat,
        external=None if nat.external is None else str(nat.external),
        mirrors=tuple(MirrorRow(str(it.mirror), str(it.us)) for it in nat.answers),
        asked=nat.asked,
        mapped=_mapped(report),
        mapping_trouble=report.mapping_fails if report is not None else None,
        clock_utc=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _mapped(report: InternetReport | None) -> str | None:
    return None if report is None or report.mapped is None else str(report.mapped)
