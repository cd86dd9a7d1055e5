"""The range, served for all tests of a module."""

import pytest

from badssl.serving import serve_range


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """(folder, ports) of the range."""
    folder = tmp_path_factory.mktemp("range")
    with serve_range(folder) as ports:
        yield folder, ports


@pytest.fixture(scope="module")
def served_old(tmp_path_factory):
    """The same, where all that has no other wish speaks TLS 1.2 alone."""
    folder = tmp_path_factory.mktemp("range-1.2")
    with serve_range(folder, "TLSv1.2") as ports:
        yield folder, ports
