"""Has another certificate issued when this machine gets names or addresses that its own is not for, or when it ends.

The server takes up renewed files by itself, so nobody restarts, and the authority that is trusted stays. What the
machine has lost is left in the certificate until the next one: a laptop that comes and goes needs no new one each time.
Layer 13.
"""

import asyncio
import datetime
from collections.abc import Callable, Mapping
from typing import Any

from microhttps.errors import MicrohttpsError

from .authority.machine import RENEWED_BEFORE, Issued

Tell = Callable[[str, Mapping[str, Any]], None]

# Asking for all names and addresses takes 0.1 ms.
INTERVAL_SECONDS = 3.0


class Watch:
    """Looks at `find_names()` and calls `issue()`, which gives the certificate there is then; tells what came of it."""

    def __init__(
        self, issued: Issued, find_names: Callable[[], list[str]], issue: Callable[[], Issued], tell: Tell
    ) -> None:
        self._issued = issued
        self._find_names = find_names
        self._issue = issue
        self._tell = tell
        self._before: list[str] = []
        self._told = ""

    async def run(self) -> None:
        """Look again and again until it is cancelled."""
        while True:
            await asyncio.sleep(INTERVAL_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Look once; names count when two looks in a row have seen them."""
        names = self._find_names()
        gained = [name for name in names if name not in (*self._issued.names, *self._issued.left_out)]
        is_settled, self._before = names == self._before, names
        now = datetime.datetime.now(datetime.timezone.utc)
        if (gained and is_settled) or self._issued.expires - now < RENEWED_BEFORE:
            await self._renew(gained)

    async def _renew(self, gained: list[str]) -> None:
        try:
            # It writes files and waits for other processes.
            self._issued = await asyncio.to_thread(self._issue)
        except MicrohttpsError as error:
            # The certificate there is goes on; said once, and not every few seconds.
            if str(error) != self._told:
                self._told = str(error)
                self._tell("certificate_not_renewed", {"gained": gained, "error": error})
            return
        self._told = ""
        if self._issued.is_new:  # and not by another worker
            left_out = list(self._issued.left_out) or None
            self._tell("certificate_issued", {"gained": gained, "left_out": left_out,
                                              "certificate": str(self._issued.certificate)})  # fmt: skip
