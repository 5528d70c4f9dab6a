"""The commands about notebooks: list, new, rename. Decides what a person types and reads; the node does the work."""

from __future__ import annotations

from typing import Annotated

import typer

from notesapp.cli import output
from notesapp.cli.context import Context, as_json
from notesapp.control import calls
from notesapp.control.rows import NotebookRow

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

notebook_app = typer.Typer(help="Make, rename and list notebooks: sets of notes that are shared as one.")


def add_to(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    app.add_typer(notebook_app, name="notebook")


@notebook_app.command()
def new(ctx: typer.Context, name: Annotated[str, typer.Argument(help="Its name.")], json: AsJson = False) -> None:
    """Make a notebook."""
    known: Context = ctx.obj
    _show(known.ask(calls.NewNotebook(name)), json)


@notebook_app.command()
def rename(
    ctx: typer.Context,
    notebook: Annotated[str, typer.Argument(help="The notebook's name or id.")],
    name: Annotated[str, typer.Argument(help="Its new name.")],
    json: AsJson = False,
) -> None:
    """Give a notebook another name."""
    known: Context = ctx.obj
    _show(known.ask(calls.RenameNotebook(notebook, name)), json)


@notebook_app.command("ls")
def list_notebooks(ctx: typer.Context, json: AsJson = False) -> None:
    """List the notebooks."""
    known: Context = ctx.obj
    found = known.ask(calls.Notebooks())
    if json:
        return output.data(as_json(found))
    rows = [(b.id[:8], b.name, str(b.notes), str(b.trashed), ", ".join(b.folders)) for b in found]
    return output.table(("id", "name", "notes", "trash", "folders"), rows, empty="There is no notebook.")


def _show(row: NotebookRow, json: bool) -> None:
    if json:
        return output.data(as_json(row))
    return output.text(f"{row.id[:8]}  {row.name}\n")
