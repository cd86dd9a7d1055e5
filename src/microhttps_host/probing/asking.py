"""Asks a server one question or many: each takes connections of its own, which `open_connection` gives, one at a time.

    ask = Asking(lambda: asyncio.open_connection("lamp.local", 443), "lamp.local")
    flight = await ask.whole(everything())
    suites = await ask.suites(TLS_1_2)

A protocol that begins in plain text (SMTP, IMAP) has a function of its own in place of the lambda, which ends where TLS
begins. Small servers have room for few at once, so nothing is asked at the same time. Layer 12.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from .conversation import SECONDS, converse
from .flight import Flight
from .numbers import SSL_3, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, X25519
from .offer import ALL_GROUPS, ALL_SCHEMES, USUAL_GROUPS, Offer, everything
from .suites import EPHEMERAL_CURVES, EXCHANGES, OF_TLS_1_3, SIGNED

OpenConnection = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]
PATIENCE = 6  # times the seconds for one flight: for a question that takes many connections
LEGACY = (SSL_3, TLS_1_0, TLS_1_1, TLS_1_2)


@dataclass(frozen=True)
class Accepted:
    """What a server takes of a list, in the order in which it chose; and how the last attempt ended."""

    numbers: tuple[int, ...]
    last: Flight

    def __contains__(self, number: object) -> bool:
        return number in self.numbers


class Asking:
    """Questions to one server; raises what `open_connection` raises, and nothing over what the server says."""

    def __init__(self, open_connection: OpenConnection, server_name: str = "", seconds: float = SECONDS) -> None:
        self._open_connection = open_connection
        self._server_name = server_name
        self._seconds = seconds

    async def whole(self, offer: Offer) -> Flight:
        """The whole flight that answers it, with the certificates."""
        return await self._ask(offer, only_hello=False)

    async def hello(self, offer: Offer) -> Flight:
        """Only what the server chooses, which costs both sides least."""
        return await self._ask(offer, only_hello=True)

    async def versions(self, versions: tuple[int, ...] = (TLS_1_3, *reversed(LEGACY))) -> dict[int, Flight]:
        """{version: the answer to who speaks that one alone}."""
        return {version: await self.hello(everything((version,))) for version in versions}

    async def suites(self, version: int) -> Accepted:
        """The suites of a version. What was chosen is not offered again: one connection for each, and one more."""
        offer = everything((version,))

        async def chosen(rest: tuple[int, ...]) -> tuple[Flight, int | None]:
            flight = await self.hello(replace(offer, suites=rest))
            return flight, flight.suite

        return await self._take_away(offer.suites, chosen)

    async def groups(self, version: int) -> Accepted:
        """The groups in which it exchanges keys, by the elliptic curves of TLS 1.2 or those of TLS 1.3."""
        if version == TLS_1_3:
            return await self._take_away(ALL_GROUPS, self._group_of_tls_1_3)
        found = await self._take_away(ALL_GROUPS, self._curve)
        if not found.numbers:
            return found
        # Perhaps it was a key on the last of these curves that could not be shown any more: so that one stays, as the
        # last choice.
        last = found.numbers[-1]

        async def beside(rest: tuple[int, ...]) -> tuple[Flight, int | None]:
            flight, group = await self._curve((*rest, last))
            return flight, None if group == last else group

        more = await self._take_away(tuple(group for group in ALL_GROUPS if group not in found), beside)
        return Accepted((*found.numbers, *more.numbers), more.last)

    async def schemes(self, version: int) -> Accepted:
        """The signature schemes with which it signs the handshake; a server with two keys has both kinds."""
        if version == TLS_1_3:
            offer = Offer((TLS_1_3,), OF_TLS_1_3, USUAL_GROUPS, (X25519,))
        else:
            offer = Offer((version,), SIGNED, ALL_GROUPS)

        async def chosen(rest: tuple[int, ...]) -> tuple[Flight, int | None]:
            flight = await self.whole(replace(offer, schemes=rest))
            return flight, flight.scheme

        return await self._take_away(ALL_SCHEMES, chosen)

    async def _curve(self, groups: tuple[int, ...]) -> tuple[Flight, int | None]:
        offer = Offer((TLS_1_2,), EPHEMERAL_CURVES, groups, schemes=ALL_SCHEMES)
        flight = await self.whole(offer)
        is_ephemeral = EXCHANGES.get(flight.suite or 0, "").startswith("ECDHE")
        return flight, flight.group if is_ephemeral else None

    async def _group_of_tls_1_3(self, groups: tuple[int, ...]) -> tuple[Flight, int | None]:
        """With no share at all: the server names the group that it wants one for."""
        flight = await self.hello(Offer((TLS_1_3,), OF_TLS_1_3, groups, schemes=ALL_SCHEMES))
        return flight, flight.group

    async def _take_away(
        self, everything: tuple[int, ...], choose: Callable[[tuple[int, ...]], Awaitable[tuple[Flight, int | None]]]
    ) -> Accepted:
        """Offer everything, then without what was chosen, until nothing is; or until a slow server has had its time."""
        found: list[int] = []
        rest, until = everything, time.monotonic() + self._seconds * PATIENCE
        while True:
            flight, chosen = await choose(rest)
            if not flight.is_answered or chosen is None or chosen not in rest:
                return Accepted(tuple(found), flight)
            found.append(chosen)
            rest = tuple(one for one in rest if one != chosen)
            if not rest or time.monotonic() > until:
                return Accepted(tuple(found), flight)

    async def _ask(self, offer: Offer, only_hello: bool) -> Flight:
        reader, writer = await self._open_connection()
        if not offer.server_name:
            offer = replace(offer, server_name=self._server_name)
        return await converse(reader, writer, offer, only_hello, self._seconds)
