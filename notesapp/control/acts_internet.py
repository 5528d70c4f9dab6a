"""The command about the internet: whether this node may be found there, and how it stands."""

from __future__ import annotations

from datetime import UTC, datetime

from notesapp.control import calls_people as calls
from notesapp.control.desk import Desk, command
from notesapp.control.rows import FindingRow
from notesapp.control.rows_people import ClockRow, CloserRow, InternetRow, MirrorRow, NetworkDoctorRow
from notesapp.errors import BadRequest
from notesapp.net.internet import InternetReport
from notesapp.net.nat import NatReport
from notesapp.node.both_ends import closer_findings
from notesapp.node.faraway import InternetView
from notesapp.node.people_views import CloserView
from notesapp.store.doctor import Finding


@command
async def internet(desk: Desk, call: calls.Internet) -> InternetRow:
    """How it stands with the internet; changes first what is given."""
    people = desk.node.people
    if call != calls.Internet():
        await people.internet.choose(
            agreed=call.agreed,
            be_found=call.be_found,
            mapping=call.mapping,
            relay=call.relay,
            bootstrap=call.bootstrap,
            relay_pairs=call.relay_pairs,
            relay_kib_s=call.relay_kib_s,
            stun=call.stun,
        )
    return internet_row(people.internet.view)


@command
async def network_doctor(desk: Desk, call: calls.NetworkDoctor) -> NetworkDoctorRow:
    """What the doctor says of the network."""
    people = desk.node.people
    found, clock = await people.network_findings(), people.clock()
    return NetworkDoctorRow(
        findings=finding_rows(found),
        about=tuple(it.what for it in found),
        clock=ClockRow(
            utc=datetime.fromtimestamp(clock.unix_ms / 1000, UTC).isoformat(timespec="seconds"),
            compared=clock.report.compared,
            with_whom=clock.with_whom,
            ahead_ms=clock.report.ahead_ms,
            fine=clock.report.fine,
            sure=clock.report.sure,
        ),
    )


@command
async def look_closer(desk: Desk, call: calls.LookCloser) -> tuple[CloserRow, ...]:
    """Looks at the connection with a person from both ends."""
    people, said = desk.node.people, call.person.strip().casefold()
    everyone = [it for it in people.everyone() if not it.me]
    found = [it for it in everyone if said and said in (it.name.casefold(), it.claimed_name.casefold())]
    if len(found) != 1:
        names = ", ".join(it.name for it in everyone) or "nobody"
        raise BadRequest(what=f"“{call.person}” is no member of your notebooks; these are: {names}.")
    return tuple(closer_row(it) for it in await people.look_closer(found[0]))


def finding_rows(found: tuple[Finding, ...]) -> tuple[FindingRow, ...]:
    """The findings as they travel."""
    return tuple(FindingRow(str(it.level), f"{it.sentence} {it.remedy}".strip(), it.remedy) for it in found)


def closer_row(it: CloserView) -> CloserRow:
    """The view as it travels."""
    return CloserRow(
        it.name, it.device_id.hex(), it.path, it.address, it.sent, it.answered, it.lag_ms, it.worst_ms, it.sees_us_at,
        it.told, it.nat, it.external, it.mapped, it.relays, it.dht, it.dht_nodes, it.clock_ahead_ms,
        finding_rows(closer_findings(it)),
    )  # fmt: skip


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
        relay_pairs=choice.relay_pairs,
        relay_kib_s=choice.relay_kib_s,
        stun=choice.stun,
    )


def _mapped(report: InternetReport | None) -> str | None:
    return None if report is None or report.mapped is None else str(report.mapped)
