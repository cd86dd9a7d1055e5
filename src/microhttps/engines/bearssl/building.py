"""BearSSL: our glue (the folder c), compiled once for this machine's library and user. CPython only. Layer 3.

What is kept lies in $MICROHTTPS_HOME, else in the user's cache folder, under a name made of all that it was made of:
our source, the library, its headers, this kind of machine. It knows no Python, and so serves every version of it. Who
can write where it lies could have us run anything: the folder and all above it must be out of the reach of others.
"""

import hashlib
import os
import shlex
import shutil
import stat
import struct
import subprocess
import sysconfig
import tempfile

from ...errors import Unsupported

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "c")
FLAGS = ("-std=c99", "-D_DEFAULT_SOURCE", "-O2", "-Wall", "-fPIC", "-shared")
PREFIXES = ("/usr", "/usr/local", "/opt/homebrew", "/opt/local")
LIBRARIES = ("libbearssl.so", "libbearssl.dylib", "libbearssl.a")
INSTALL = "apt install libbearssl-dev gcc; on macOS, with BearSSL built from source: MICROHTTPS_BEARSSL=its folder"
PATIENCE = 120  # seconds for a compiler that needs two


def glue():
    """The path of the compiled glue; compiles it where it is not there. Raises Unsupported."""
    headers, library = find_library()
    home = os.environ.get("MICROHTTPS_HOME")
    if not home:
        home = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "microhttps")
    folder = os.path.join(os.path.realpath(home), "engines")
    path = os.path.join(folder, "bearssl-" + _name(headers, library) + ".so")
    try:
        os.makedirs(os.path.dirname(folder), mode=0o700, exist_ok=True)
        if not os.path.isdir(folder):
            os.makedirs(folder, mode=0o700, exist_ok=True)
        check_folder(folder)
        if not os.path.lexists(path):
            _compile(headers, library, folder, path)
        _check_file(path)
    except OSError as error:
        raise missing("its glue cannot be kept in " + folder, cause=error)
    return path


def missing(reason, cause=None):
    """The error for an engine that is not there."""
    return Unsupported("engine_not_installed", cause=cause, engine="bearssl", reason=reason, install=INSTALL)


def find_library():
    """(folder of the headers, path of the library); raises Unsupported."""
    named = os.environ.get("MICROHTTPS_BEARSSL")  # the folder that has include and lib
    prefixes = (named,) if named else PREFIXES
    for prefix in prefixes:
        headers = os.path.join(prefix, "include")
        if os.path.exists(os.path.join(headers, "bearssl.h")):
            for folder in ("lib/" + (sysconfig.get_config_var("MULTIARCH") or "."), "lib64", "lib"):
                for name in LIBRARIES:
                    path = os.path.join(prefix, folder, name)
                    if os.path.exists(path):
                        return headers, os.path.realpath(path)
    raise missing("there is no BearSSL with its headers in " + ", ".join(prefixes))


def check_folder(folder):
    """Raise Unsupported when anybody else but the system's administrator could write into a folder or exchange it."""
    if os.name != "posix":
        raise missing("this system has no owners of files")
    facts = os.lstat(folder)
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid() or stat.S_IMODE(facts.st_mode) & 0o022:
        raise missing("others may write into " + folder)
    above = os.path.dirname(folder)
    while True:
        facts = os.stat(above)
        is_open = facts.st_mode & stat.S_IWOTH or facts.st_mode & stat.S_IWGRP and facts.st_gid not in (0, os.getegid())
        # In a folder that is "sticky" (/tmp) everybody may add, and nobody may exchange what is another's.
        if facts.st_uid not in (0, os.geteuid()) or is_open and not facts.st_mode & stat.S_ISVTX:
            raise missing("others may exchange what is in " + above)
        if above == os.path.dirname(above):
            return
        above = os.path.dirname(above)


def _check_file(path):
    facts = os.lstat(path)
    if not stat.S_ISREG(facts.st_mode) or facts.st_uid != os.geteuid() or stat.S_IMODE(facts.st_mode) & 0o022:
        raise missing("others may write to " + path)


def _name(headers, library):
    """Tells apart whatever might make another result."""
    digest = hashlib.sha256(repr((FLAGS, sysconfig.get_platform(), struct.calcsize("P"), library)).encode())
    for folder in (SOURCE, headers, os.path.join(headers, "bearssl")):
        names = os.listdir(folder) if os.path.isdir(folder) else ()
        for name in sorted(names):
            if folder == SOURCE or name.startswith("bearssl") and name.endswith(".h"):
                digest.update(_read(os.path.join(folder, name)))
    digest.update(_read(library))
    return digest.hexdigest()[:32]


def _read(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).digest()


def _compile(headers, library, folder, path):
    """Into a folder of its own first: another process may be doing the same, and whoever ends last has the same."""
    compiler = shlex.split(os.environ.get("CC", "")) or ["cc"]
    if shutil.which(compiler[0]) is None:
        raise missing("there is no C compiler, " + compiler[0])
    sources = sorted(os.path.join(SOURCE, name) for name in os.listdir(SOURCE) if name.endswith(".c"))
    passing = tempfile.mkdtemp(dir=folder)  # 0700
    try:
        made = os.path.join(passing, "glue.so")
        there = "-Wl,-rpath," + os.path.dirname(library)
        command = [*compiler, *FLAGS, "-I", headers, *sources, library, there, "-lpthread", "-o", made]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=PATIENCE)
        if done.returncode != 0:
            raise missing("the compiler says: " + done.stderr.strip()[:500])
        os.chmod(made, 0o600)
        os.rename(made, path)
    except subprocess.TimeoutExpired as error:
        raise missing("the compiler does not end", cause=error)
    finally:
        shutil.rmtree(passing, ignore_errors=True)
