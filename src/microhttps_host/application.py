"""Finds the Server in what the user named: a file, `file.py:name` or `module:name`, or the demonstration.

Runs the user's code, so everything that code can do wrong becomes a UsageError that says where.
Knows no certificates and no sockets. Layer 13.
"""

import importlib
import importlib.util
import os
import sys
import traceback
from pathlib import Path
from types import ModuleType

from microhttps import Server
from microhttps.errors import UsageError

# Names a server usually has; the first Server of the module will do too.
USUAL_NAMES = ("server", "app")


def load_application(text: str) -> Server:
    """The Server that `text` names; runs its module.

    Raises UsageError: "no_such_application", "bad_application", "no_server_in_application".
    """
    source, colon, name = text.rpartition(":")
    if not colon or os.path.exists(text):
        source, name = text, ""
    is_file = source.endswith(".py") or os.path.isfile(source) or not colon
    module = _run_file(Path(source)) if is_file else _import_module(source)
    return _find_server(module, name, text)


def find_demonstration() -> Path:
    """The demonstration's file: beside this one in an installed package, in examples/ of a working copy."""
    here = Path(__file__).resolve().parent
    installed = here / "device.py"
    return installed if installed.exists() else here.parents[1] / "examples" / "device.py"


def check_file(path: Path, more: str = "") -> None:
    """Raise UsageError("no_such_application") when this is no file, and say why not."""
    try:
        why = "" if path.is_file() else "is a folder" if path.is_dir() else "no such file"
    except OSError as error:  # a name that is too long, a folder that is closed to us
        why = (error.strerror or str(error)).lower()
    if why:
        raise UsageError("no_such_application", f"{why}: {path}{more}")


def _run_file(path: Path) -> ModuleType:
    check_file(path, " (APP is a file or module:name)")
    # As for `python FILE`: what lies beside the file can be imported.
    sys.path.insert(0, str(path.resolve().parent))
    name = path.stem if path.stem not in sys.modules else "application_" + path.stem
    specification = importlib.util.spec_from_file_location(name, path)
    if specification is None or specification.loader is None:
        raise UsageError("no_such_application", f"not a Python file: {path}")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    try:
        specification.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise _failed(str(path), error) from None
    return module


def _import_module(name: str) -> ModuleType:
    sys.path.insert(0, str(Path.cwd()))
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name + ".").startswith(error.name + "."):
            raise UsageError("no_such_application", f"no module {error.name!r} here or among the packages") from None
        raise _failed(name, error) from None
    except (Exception, SystemExit) as error:
        raise _failed(name, error) from None


def _find_server(module: ModuleType, name: str, text: str) -> Server:
    servers = {known: value for known, value in vars(module).items() if isinstance(value, Server)}
    if name:
        if name in servers:
            return servers[name]
        found = "it has " + ", ".join(servers) if servers else "it has none"
        raise UsageError("no_server_in_application", f"{text}: {name!r} is not a Server; {found}")
    for usual in USUAL_NAMES:
        if usual in servers:
            return servers[usual]
    for value in servers.values():
        return value
    raise UsageError("no_server_in_application", f"{text} makes no Server at its top level")


def _failed(source: str, error: BaseException) -> UsageError:
    """Where in the user's code it happened: the innermost line that is neither ours nor Python's own."""
    if isinstance(error, SyntaxError):
        where = f"{error.filename}:{error.lineno}"
    else:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_theirs(frame.filename)]
        where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else source
    what = traceback.format_exception_only(type(error), error)[-1].strip()
    return UsageError("bad_application", f"{where}: {what}", cause=error)


def _is_theirs(filename: str) -> bool:
    ours = str(Path(__file__).resolve().parent)
    return not filename.startswith((ours, sys.prefix, sys.base_prefix, "<frozen"))
