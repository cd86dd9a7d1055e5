"""The first steps: the name's addresses, and which of them answer on the port. Layer 13."""

import ipaddress
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from microhttps.errors import NetworkError

from .findings import Step
from .visit import Visit
from .wires import MAX_ADDRESSES, open_socket

Address = tuple[int, tuple[Any, ...]]


def resolve(visit: Visit, step: Step) -> None:
    """Asks for the addresses of the host."""
    host = visit.target.host
    visit.addresses = find_addresses(host, visit.target.port, visit.options.timeout)
    step.facts["addresses"] = [where[0] for _, where in visit.addresses]
    step.facts["is_literal"] = is_literal(host)


def connect(visit: Visit, step: Step) -> None:
    """Opens a connection to each address; goes on with the first that answers."""
    target, timeout = visit.target, visit.options.timeout
    tried = []
    for address, milliseconds, error in _attempts(visit.addresses, timeout, visit.options.is_brief):
        if error:
            error.facts.update(host=address[1][0], port=target.port)
        elif visit.address is None:
            visit.address = address
        tried.append((address, milliseconds, error))
    step.facts["addresses"] = [
        {"address": address[1][0], "milliseconds": milliseconds, "code": error.code if error else None}
        for address, milliseconds, error in tried
    ]
    errors = [error for _, _, error in tried if error]
    if visit.address is None:
        raise errors[0]
    if visit.options.is_brief or target.host == "localhost":  # that has two, and most servers of a developer have one
        return
    for error in errors:
        step.warn(NetworkError("address_fails", address=error.facts["host"], reason=error.code, port=target.port))


def find_addresses(host: str, port: int, seconds: float) -> list[Address]:
    """(family, where) of each address of a host; waits that long. Raises NetworkError.

    In a thread of its own, because the system's resolver has no deadline that we could set.
    """
    found: list[Any] = []

    def look() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.append(error)

    if is_literal(host):
        look()
    else:
        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        thread.join(seconds)
    if not found:
        raise NetworkError("no_name_server", host=host, seconds=seconds)
    if isinstance(found[0], BaseException):
        is_silent = getattr(found[0], "errno", None) == socket.EAI_AGAIN
        if is_silent:
            raise NetworkError("no_name_server", cause=found[0], host=host)
        raise NetworkError("no_such_host", cause=found[0], host=host)
    return [(family, where) for family, _, _, _, where in found[0]][:MAX_ADDRESSES]


def is_literal(host: str) -> bool:
    """Whether it is an address and no name."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _attempts(addresses: list[Address], seconds: float, is_brief: bool) -> list[tuple[Address, float, Any]]:
    """(address, milliseconds, error or None) of each, all at once; briefly: one by one until one answers."""
    if not is_brief and len(addresses) > 1:
        with ThreadPoolExecutor(len(addresses)) as pool:
            return list(pool.map(lambda address: _attempt(address, seconds), addresses))
    tried = []
    for address in addresses:
        tried.append(_attempt(address, seconds))
        if tried[-1][2] is None:
            break
    return tried


def _attempt(address: Address, seconds: float) -> tuple[Address, float, NetworkError | None]:
    begun = time.monotonic()
    try:
        open_socket(address, seconds).close()
        error = None
    except NetworkError as failure:
        error = failure
    return address, round(1000 * (time.monotonic() - begun), 1), error
