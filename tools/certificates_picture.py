"""Writes docs/certificates.svg: what a terminal shows of an authority from its beginning to a board's files.

    .venv/bin/python tools/certificates_picture.py

The commands are run as they stand, in a folder that goes away.
"""

import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "certificates.svg"
COMMANDS = (
    "microhttps ca init",
    "microhttps ca issue lamp.local 192.168.4.1",
    "microhttps ca issue www.example.org",
    "microhttps ca export lamp.local --form der",
    "microhttps ca list",
    "microhttps ca lint tutorial.crt",
)
WIDTH = 130
TUTORIAL = "openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=lamp.local -keyout k.pem -out tutorial.crt"


def main() -> None:
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(shlex.split(TUTORIAL), cwd=folder, check=True, capture_output=True)
        for command in COMMANDS:
            console.print(Text.assemble(("$ ", "green"), (command, "bold")))
            console.print(Text.from_ansi(_said(command, Path(folder))))
            console.print()
    picture = console.export_svg(title="microhttps ca")
    # The picture loads nothing from anywhere: a reader's own font will do.
    PICTURE.write_text(re.sub(r"@font-face \{.*?\}\n?", "", picture, flags=re.DOTALL))
    sys.stdout.write(f"wrote {PICTURE}\n")


def _said(command: str, folder: Path) -> str:
    home = folder / "home"
    environment = {**os.environ, "MICROHTTPS_HOME": str(home), "COLUMNS": str(WIDTH), "FORCE_COLOR": "1"}
    words = [sys.executable, "-m", "microhttps_host", *shlex.split(command)[1:]]
    done = subprocess.run(words, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout.decode().replace(str(home), "~/.local/share/microhttps").rstrip()


if __name__ == "__main__":
    main()
