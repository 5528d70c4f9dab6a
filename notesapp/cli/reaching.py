"""What the doctor says of the network: this computer's part of it, then each other device. Decides its words only."""

from __future__ import annotations

from rich.markup import escape

from notesapp.cli import output
from notesapp.cli.context import Context, as_json
from notesapp.control import calls_people as calls
from notesapp.control.rows_people import NetworkRow, ReachRow


def network_doctor(known: Context, *, json: bool) -> None:
    """Prints how this computer can be reached and how each other device is, or why it isn't."""
    network, others = known.ask(calls.Network()), known.ask(calls.Reach())
    if json:
        return output.data({"network": as_json(network), "devices": as_json(others)})
    for line in (*_of_here(network), *(_of(row) for row in others)):
        output.out.print(line)
    return None


def _of_here(row: NetworkRow) -> list[str]:
    if not row.on:
        return ["[yellow]![/] Sharing is switched off."]
    where = ", ".join(row.addresses) or "no address"
    lines = [f"[green]✓[/] UDP port {row.port}; this computer is at {escape(where)}."]
    if row.trouble is not None:
        lines.append(f"[yellow]![/] {escape(row.trouble)} {escape(row.remedy or '')}".rstrip())
    return lines


def _of(row: ReachRow) -> str:
    nats = f"routers: {row.my_nat} here, {row.their_nat} there"
    if row.path:
        lag = f", {row.lag_ms} ms" if row.lag_ms is not None else ""
        mark = "[yellow]![/]" if row.stage == "silent" else "[green]✓[/]"
        quiet = ", silent now" if row.stage == "silent" else ""
        return f"{mark} {escape(row.name)}: {row.path}{lag}{quiet} ({nats})"
    why = " ".join(filter(None, (row.cause, row.remedy))) or (f"Last: {row.error}." if row.error else "")
    return f"[yellow]![/] {escape(row.name)}: {row.stage} ({nats}). {escape(why)}".rstrip()
