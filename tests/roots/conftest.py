"""The world of public roots, made once."""

import pytest

from roots.range import make_world


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """The folder of the stores and the sites (see range.py for their names)."""
    folder = tmp_path_factory.mktemp("world")
    make_world(folder)
    return folder
