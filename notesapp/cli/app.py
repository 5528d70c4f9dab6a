"""The command line's front: one program with commands; decides global options, and how errors end.

Bad input ends with one sentence and an exit code other than 0; nothing here prints a traceback for it.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from notesapp import __version__
from notesapp.cli import devices, folders, keeping, notebooks, notes, output, peer, people
from notesapp.cli.context import Context, Stop
from notesapp.errors import BadRequest, CannotWrite, NotesError
from notesapp.store.places import Home

INTERRUPTED = 130  # 128 + SIGINT, as shells count

app = typer.Typer(
    name="notesapp",
    help="Notes for people who write together, on their own computers. Without a command: the window.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def _say_version(wanted: bool) -> None:
    if wanted:
        output.text(f"notesapp {__version__}\n")
        raise typer.Exit


@app.callback()
def start(
    ctx: typer.Context,
    home: Annotated[str | None, typer.Option("--home", help="Whose notes: a folder (or set NOTESAPP_HOME).")] = None,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_say_version, help="Print the version.")
    ] = False,
) -> None:
    """Finds the home; the commands do the rest."""
    if home is not None and not home.strip():
        raise BadRequest(what="--home needs a folder.")
    ctx.obj = Context(Home.find(home))


notes.add_to(app)
notebooks.add_to(app)
folders.add_to(app)
keeping.add_to(app)
people.add_to(app)
devices.add_to(app)
peer.add_to(app)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; the exit code."""
    logging.basicConfig(level=os.environ.get("NOTESAPP_LOG", "CRITICAL").upper(), format="%(name)s %(message)s")
    try:
        output.open_streams()
        code = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
        return code
    except Stop as stop:
        return stop.exit_code
    except NotesError as error:
        output.fail(error.sentence)
        return error.exit_code
    except typer.TyperException as error:
        output.fail(error.format_message() + _hint(error))
        return BadRequest.exit_code
    except (KeyboardInterrupt, typer.Abort):
        output.fail("Stopped; what was finished before is kept, and nothing was left half done.")
        return INTERRUPTED
    except BrokenPipeError:  # `notesapp ls | head`: whoever read has had enough
        output.close_out()
        return 0
    except OSError as error:
        if error.filename is not None or error.errno not in (errno.ENOSPC, errno.EIO, errno.EBADF):
            raise
        output.close_out()
        output.fail(CannotWrite(path="standard output", why=error.strerror).sentence)
        return CannotWrite.exit_code


def _run(argv: Sequence[str]) -> int:
    _check_words(argv)
    code = typer.main.get_command(app).main(_home_first(argv), prog_name="notesapp", standalone_mode=False)
    return code if isinstance(code, int) else 0


def _check_words(argv: Sequence[str]) -> None:
    for word in argv:
        if any("\ud800" <= sign <= "\udfff" for sign in word):
            raise BadRequest(
                what="One of the words isn't UTF-8 text; write it anew, or give the text by standard input."
            )
    try:
        os.getcwd()
    except FileNotFoundError:
        raise BadRequest(what="The folder that you are in is gone; go to another one (cd) and try again.") from None


def _hint(error: Exception) -> str:
    if "No such option" not in str(error):
        return ""
    return " For words that begin with “-”, write “--” before them."


def _home_first(argv: Sequence[str]) -> list[str]:
    """The arguments with `--home DIR` moved before the command, since people type it anywhere."""
    front: list[str] = []
    rest: list[str] = []
    waiting = list(argv)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            rest += [word, *waiting]
            break
        if word == "--home" and waiting:
            front += [word, waiting.pop(0)]
        elif word.startswith("--home="):
            front.append(word)
        else:
            rest.append(word)
    return front + rest
