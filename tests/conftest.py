"""What every test may ask for: interpreters, certificates, free ports, and programs that are reaped.

Tests make their own certificates, pick their own ports, and wait for what they expect with a deadline, never blindly.
"""

import signal

import pytest
from hypothesis import HealthCheck, settings

from harness import certificates as certificate_range
from harness import interpreters
from harness.interpreters import ROOT, Missing, find_or_fail
from harness.programs import Programs, find_tool, free_port

ARTEFACTS = ROOT / "artefacts" / "tests"
FAILED = pytest.StashKey()
NEEDS_MICROPYTHON = {"micropython", "micropython32", "pico"}

# How long examples take to be made up says how busy the machine is, and nothing of what is tested.
settings.register_profile("on a busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("on a busy machine")


def pytest_configure(config):
    """Programs are ended as by Ctrl-C, which they must not ignore because a shell started us in the background."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_report_header(config):
    if interpreters.is_without_micropython():
        return "!!! MICROPYTHON=none: half of microhttps is NOT tested in this run"
    found = []
    for name in interpreters.MICROPYTHONS:
        try:
            found.append(f"{name}: {interpreters.find(name).argv[0]}")
        except Missing as error:
            found.append(f"!!! {error}")
    return found


def pytest_collection_modifyitems(config, items):
    """Tests of an interpreter that is not there by decision, or of one that few need, are deselected and counted."""
    if interpreters.is_without_micropython():
        gone = [item for item in items if needs_micropython(item)]
    else:
        gone = [item for item in items if "pico" in getattr(item, "fixturenames", ()) and not has_pico()]
    if gone:
        config.hook.pytest_deselected(items=gone)
        items[:] = [item for item in items if item not in gone]


def has_pico():
    """Whether there is the MicroPython of tools/pico_micropython.py; the report's header says why not."""
    try:
        interpreters.find("micropython-pico")
    except Missing:
        return False
    return True


def needs_micropython(item):
    if NEEDS_MICROPYTHON.intersection(getattr(item, "fixturenames", ())) or item.get_closest_marker("micropython"):
        return True
    call = getattr(item, "callspec", None)
    return call is not None and any(NEEDS_MICROPYTHON.intersection(names_in(value)) for value in call.params.values())


def names_in(value):
    """The names of interpreters that a test is parametrised with: one, or a pairing of them."""
    return [value] if isinstance(value, str) else [name for name in value if isinstance(name, str)] if isinstance(
        value, tuple) else []


@pytest.fixture
def micropython():
    """The command of a 64-bit MicroPython, as the beginning of an argument list."""
    return find_or_fail("micropython").argv


@pytest.fixture
def micropython32():
    """The command of a 32-bit MicroPython, whose objects have the size they have on an ESP32."""
    return find_or_fail("micropython32").argv


@pytest.fixture
def pico():
    """A MicroPython with the TLS of a Pico W."""
    return find_or_fail("micropython-pico")


@pytest.fixture(params=interpreters.NAMES)
def interpreter(request):
    """Each interpreter in turn."""
    return find_or_fail(request.param)


@pytest.fixture(params=[(server, client) for server in interpreters.NAMES for client in interpreters.NAMES],
                ids=lambda pair: f"{pair[0]}_server-{pair[1]}_client")
def pairing(request):
    """Each of the four pairings in turn: (interpreter of the server, interpreter of the client)."""
    return tuple(find_or_fail(name) for name in request.param)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """The folder of this run's certificates, good and bad (see harness/certificates.py for their names)."""
    folder = tmp_path_factory.mktemp("certificates")
    certificate_range.make_all(folder)
    return folder


@pytest.fixture
def port():
    """A port nobody listens on."""
    return free_port()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Fixtures that come down want to know whether their test has failed."""
    outcome = yield
    item.stash.setdefault(FAILED, False)
    item.stash[FAILED] |= outcome.get_result().failed


@pytest.fixture
def programs(tmp_path, request):
    """Starts programs; at the end they are reaped, and what they complained of on stderr fails the test."""
    programs = Programs(tmp_path)
    yield programs
    programs.end(has_failed=request.node.stash.get(FAILED, False))


@pytest.fixture
def artefacts():
    """The git-ignored folder for what a test leaves for people to look at."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    return ARTEFACTS


@pytest.fixture
def tool():
    """Finds a program of somebody else's, or fails and names it."""
    return find_tool
