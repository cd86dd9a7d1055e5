"""Runs one application until it is asked to stop. Knows signals, and nothing of certificates or of what is printed.

Layer 13.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Protocol

from microhttps import Server

from .watching import Watch


class Beside(Protocol):
    """What is served beside the application; that it cannot be is noted there, and hinders nobody."""

    def hold(self, hold: Callable[[int], int]) -> None:
        """Have the port before there are processes that share it."""

    async def start(self) -> None:
        """Begin, once the application is served."""

    async def stop(self) -> None:
        """End; may be called twice."""


# What a Server listens on when nobody chose: the protocols' own ports belong to root.
PORTS = {"secure": (443, 8443), "insecure": (80, 8080)}


def default_port(transport: str) -> int:
    """443 or 80 for root, 8443 or 8080 for everybody else."""
    for_root, for_others = PORTS[transport]
    return for_root if os.geteuid() == 0 else for_others


def serve(
    server: Server, on_ready: Callable[[], None], on_stopping: Callable[[], None], watch: Watch | None = None,
    beside: Beside | None = None,
) -> None:  # fmt: skip
    """Serves until SIGINT or SIGTERM, then lets the requests in progress end. Raises what `server.start` raises.

    A second signal ends it at once. Meanwhile the certificate is watched.
    """
    asyncio.run(_serve(server, on_ready, on_stopping, watch, beside))


async def _serve(
    server: Server, on_ready: Callable[[], None], on_stopping: Callable[[], None], watch: Watch | None,
    beside: Beside | None,
) -> None:  # fmt: skip
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked.set)
    await server.start()
    watching = asyncio.create_task(watch.run()) if watch else None
    try:
        if beside:
            await beside.start()
        on_ready()
        await asked.wait()
        on_stopping()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
    finally:
        if watching:
            watching.cancel()
        if beside:
            await beside.stop()
        await server.stop()
