"""The commands that keep notes safe: backup, passphrase, recovery-kit, doctor.

Decides what a person types and reads; the node and the store do the work.
"""

from __future__ import annotations

import os
from getpass import getpass
from typing import Annotated

import typer
from rich.markup import escape

from notesapp.cli import output
from notesapp.cli.context import Context, Stop, as_json, can_ask
from notesapp.cli.reaching import look_closer, network_doctor
from notesapp.control import calls
from notesapp.errors import BadRequest, PassphraseNeeded
from notesapp.node.home import Unlock
from notesapp.node.safekeeping import restore_backup, use_kit

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
BAD_HEALTH = 9  # the exit code of damage, as StoreDamaged has it

backup_app = typer.Typer(help="Make a backup now; the program makes one each day too.", invoke_without_command=True)


def add_to(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    app.add_typer(backup_app, name="backup")
    app.command()(passphrase)
    app.command("recovery-kit")(recovery_kit)
    app.command()(doctor)


@backup_app.callback()
def backup(
    ctx: typer.Context,
    to: Annotated[str | None, typer.Option("--to", help="Write it to this file instead.")] = None,
    json: AsJson = False,
) -> None:
    """Make a backup now, among the daily ones or at a path."""
    if ctx.invoked_subcommand is not None:
        return None
    known: Context = ctx.obj
    path = None if to is None else str(known.place(to))
    made = known.ask(calls.Backup(path), title="Backing up")
    if json:
        return output.data(as_json(made))
    return output.say(f"Backup made and checked: “{made.path}” ({output.size(made.size_bytes)}).")


@backup_app.command("list")
def list_backups(ctx: typer.Context, json: AsJson = False) -> None:
    """List the backups that are kept."""
    known: Context = ctx.obj
    found = known.ask(calls.Backups())
    if json:
        return output.data(as_json(found))
    rows = [(output.when(row.made_ms), row.path, output.size(row.size_bytes), row.kind) for row in found]
    return output.table(("made", "file", "size", "kind"), rows, empty="No backup was made yet.")


@backup_app.command()
def restore(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="A backup made by Notesapp.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Put a backup in the place of the notes; what is here now is moved aside, not deleted."""
    known: Context = ctx.obj
    if not yes:
        if not can_ask():
            raise BadRequest(what="This puts a backup in the place of the present notes; say --yes to mean it.")
        typer.confirm("Put this backup in the place of the present notes (they are kept aside)?", abort=True, err=True)
    words, secret = None, os.environ.get("NOTESAPP_PASSPHRASE")
    for guess in range(3):
        try:
            output.say(restore_backup(known.home, known.place(file), Unlock(passphrase=secret, kit=words)))
            return
        except PassphraseNeeded:
            if guess == 2 or not can_ask():
                raise
            typed = getpass("The backup's passphrase, or the 24 words of its recovery kit: ")
            words, secret = (typed, None) if len(typed.split()) > 12 else (None, typed)


def passphrase(
    ctx: typer.Context, remove: Annotated[bool, typer.Option("--remove", help="Go back to the keyring.")] = False
) -> None:
    """Set or change the passphrase that opens these notes."""
    known: Context = ctx.obj
    old = os.environ.get("NOTESAPP_PASSPHRASE")
    new = None if remove else _new_passphrase()
    done = known.ask(calls.Passphrase(old=old, new=new))
    output.say(
        done.said
        or (
            "The passphrase was taken away."
            if remove
            else "The passphrase is set; without it or the recovery kit nobody can open these notes."
        )
    )


def recovery_kit(
    ctx: typer.Context,
    use: Annotated[bool, typer.Option("--use", help="Open these notes with the kit, and keep their key anew.")] = False,
    json: AsJson = False,
) -> None:
    """Print the 24 words that open these notes when everything else is lost."""
    known: Context = ctx.obj
    if use:
        typed = os.environ.get("NOTESAPP_RECOVERY_KIT") or (
            getpass("The 24 words of the recovery kit: ") if can_ask() else ""
        )
        if not typed.strip():
            raise BadRequest(what="Type the 24 words when asked, or set NOTESAPP_RECOVERY_KIT.")
        secret = os.environ.get("NOTESAPP_PASSPHRASE")
        if secret is None and can_ask():
            secret = getpass("A new passphrase (empty: leave the key to this computer's keyring): ") or None
        return output.say(use_kit(known.home, Unlock(passphrase=secret, kit=typed)))
    kit = known.ask(calls.RecoveryKit())
    if json:
        return output.data(as_json(kit))
    for start in range(0, len(kit.words), 6):
        output.text(
            "  ".join(f"{start + n + 1:2} {word:<9}" for n, word in enumerate(kit.words[start : start + 6])).rstrip()
            + "\n"
        )
    return output.say("Write these words on paper and keep it safe: whoever has them can open your notes.")


def doctor(
    ctx: typer.Context,
    part: Annotated[str | None, typer.Argument(help="“network”: how others are reached, and why not.")] = None,
    person: Annotated[
        str | None, typer.Option("--with", help="Look at the connection with this person from both ends (network).")
    ] = None,
    json: AsJson = False,
) -> None:
    """Look whether everything is well; exit code 9 if something isn't."""
    known: Context = ctx.obj
    if part == "network":
        return look_closer(known, person, json=json) if person else network_doctor(known, json=json)
    if part is not None:
        raise BadRequest(what=f"There is no part “{part}”; write `notesapp doctor` or `notesapp doctor network`.")
    found = known.ask(calls.Doctor(), title="Looking")
    if json:
        output.data(as_json(found))
    else:
        marks = {"ok": "[green]✓[/]", "warn": "[yellow]![/]", "bad": "[red]✗[/]"}
        for row in found:
            output.out.print(f"{marks[row.state]} {escape(row.sentence)}")
    if any(row.state == "bad" for row in found):
        raise Stop(BAD_HEALTH)
    return None


def _new_passphrase() -> str:
    given = os.environ.get("NOTESAPP_NEW_PASSPHRASE")
    if given is None:
        if not can_ask():
            raise BadRequest(what="Type the new passphrase when asked, or set NOTESAPP_NEW_PASSPHRASE.")
        given = getpass("New passphrase: ")
        if getpass("Once more: ") != given:
            raise BadRequest(what="The two passphrases differ, so nothing was changed; try again.")
    if not given:
        raise BadRequest(what="An empty passphrase protects nothing; use --remove to go back to the keyring.")
    return given
