"""Writes the manual page and the shells' completions from the command line's own help, so that they can't differ."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from common import epoch_s, version, write
from typer._completion_shared import get_completion_script

from notesapp.cli.app import app

_SHELLS = {"bash": "notesapp.bash", "zsh": "_notesapp", "fish": "notesapp.fish"}
COMPLETE = "_NOTESAPP_COMPLETE"


def page() -> str:
    """The manual page, section 1, in roff's man macros."""
    when = datetime.fromtimestamp(epoch_s(), UTC)
    lines = [
        f'.TH NOTESAPP 1 "{when:%Y-%m-%d}" "notesapp {version()}" "User Commands"',
        ".SH NAME",
        r"notesapp \- notes for people who write together, on their own computers, without a server",
        ".SH SYNOPSIS",
        r".B notesapp",
        r"[\fB\-\-home\fR \fIDIR\fR] [\fB\-\-quick\-note\fR] [\fB\-\-hidden\fR] [\fILINK\fR | \fIFILE\fR ...]",
        ".br",
        ".B notesapp",
        r"[\fB\-\-home\fR \fIDIR\fR] \fICOMMAND\fR [\fIARGS\fR]",
        ".SH DESCRIPTION",
        "Without a command, the window opens; with a notesapp:// link or a file, it shows that. A command is the same",
        "program without a window, and works while a window is open.",
        ".SH OPTIONS",
        *_option(r"\-\-quick\-note", "Open the window for a quick note (for a hot key of the desktop)."),
        *_option(r"\-\-hidden", "Start without showing the window (for a start with the desktop)."),
        *_option(r"\-\-self\-test[=FILE]", "Look whether the installation is complete; print one line of JSON."),
    ]
    root = typer.main.get_command(app)
    lines += _parameters(root)
    lines.append(".SH COMMANDS")
    for words, command in _commands(root, ()):
        lines += _command(words, command)
    lines += [
        ".SH ENVIRONMENT",
        *_option("NOTESAPP_HOME", "Where the notes lie."),
        *_option("NOTESAPP_PASSPHRASE, NOTESAPP_NEW_PASSPHRASE", "Instead of typing them."),
        *_option("NOTESAPP_RECOVERY_KIT", r"The 24 words, for recovery\-kit \-\-use."),
        *_option("NOTESAPP_KEYRING=off", "Never ask the system's keyring."),
        ".SH FILES",
        *_option("~/.local/share/notesapp", "The notes, encrypted, if no other home is named."),
        ".SH EXIT STATUS",
        "0 if all went well; otherwise one sentence on standard error says what was wrong and what to do.",
    ]
    return "\n".join(lines) + "\n"


def _commands(group: Any, before: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if command.hidden:
            continue
        if hasattr(command, "commands"):
            yield from _commands(command, (*before, name))
        else:
            yield (*before, name), command


def _command(words: tuple[str, ...], command: Any) -> list[str]:
    arguments = [_placeholder(one) for one in command.params if one.param_type_name == "argument"]
    head = " ".join([rf"\fB{_roff(' '.join(words))}\fR", *arguments])
    said = _roff(" ".join((command.help or command.short_help or "").split()))
    lines = [".TP", head, said]
    options = _parameters(command)
    return [*lines, ".RS", *options, ".RE"] if options else lines


def _placeholder(argument: Any) -> str:
    name = _roff(argument.name.upper())
    many = " ..." if argument.nargs == -1 else ""
    return rf"\fI{name}\fR{many}" if argument.required else rf"[\fI{name}\fR{many}]"


def _parameters(command: Any) -> list[str]:
    lines: list[str] = []
    for one in command.params:
        if one.param_type_name != "option" or one.hidden:
            continue
        names = ", ".join(rf"\fB{_roff(name)}\fR" for name in one.opts)
        value = "" if one.is_flag else rf" \fI{_roff(one.name.upper())}\fR"
        lines += [".TP", names + value, _roff(" ".join((one.help or "").split())) or "."]
    return lines


def _option(name: str, said: str) -> list[str]:
    return [".TP", rf"\fB{name}\fR", _roff(said)]


def _roff(text: str) -> str:
    plain = re.sub(r"\[/?[a-z ]+\]", "", text)  # rich's marks
    plain = plain.replace("\\", r"\e").replace("-", r"\-") if "\\" not in plain else plain
    return "\\&" + plain if plain.startswith((".", "'")) else plain


def completions() -> dict[str, str]:
    """File name → script, for bash, zsh and fish."""
    return {
        name: get_completion_script(prog_name="notesapp", complete_var=COMPLETE, shell=shell) + "\n"
        for shell, name in _SHELLS.items()
    }


def main() -> None:
    """Writes notesapp.1 and the completions into the folder given."""
    target = Path(sys.argv[1])
    write(target / "notesapp.1", page())
    for name, script in completions().items():
        write(target / "completions" / name, script)


if __name__ == "__main__":
    main()
