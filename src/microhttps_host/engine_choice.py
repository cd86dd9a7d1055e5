"""The TLS engine that the environment names for the command line: $MICROHTTPS_ENGINE. Layer 13."""

import os
from typing import Any

from microhttps import Server
from microhttps.errors import Unsupported
from microhttps.settings import choose_engine


def engine_of_environment() -> Any:
    """The name of the engine in $MICROHTTPS_ENGINE, if there is one."""
    return os.environ.get("MICROHTTPS_ENGINE") or None


def choose_for(server: Server, workers: int | None = None) -> None:
    """Have an application's server speak by the engine of the environment, if that names one, in so many processes.

    Raises UsageError("unknown_engine"), Unsupported.
    """
    choose_engine(server.settings, engine_of_environment())
    reason = server.settings.engine.REASONS.get("workers")
    if workers is not None and reason:
        raise Unsupported("unsupported", setting="workers", reason=reason)
