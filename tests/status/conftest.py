"""A server that is watched, for every test of what it tells."""

import pytest

from .watching import start_watched


@pytest.fixture
def watch(programs, certificates, port):
    """Starts one on an interpreter, with these options; see `start_watched`."""
    return lambda interpreter, folder=None, **options: start_watched(programs, interpreter, certificates, port, folder,
                                                                     **options)
