"""The public names, with their types. Each stub stands beside its module; tests hold both together."""

from .client.client import Client as Client
from .client.client import fetch as fetch
from .client.stream import connect as connect
from .connections.session import Session as Session
from .errors import ClockError as ClockError
from .errors import DeadlineError as DeadlineError
from .errors import MicrohttpsError as MicrohttpsError
from .errors import NetworkError as NetworkError
from .errors import OutOfMemory as OutOfMemory
from .errors import PeerError as PeerError
from .errors import TrustError as TrustError
from .errors import Unsupported as Unsupported
from .errors import UsageError as UsageError
from .identity import Identity as Identity
from .messages.request import Request as Request
from .messages.response import Response as Response
from .server.server import Server as Server
from .sockets import wrap_socket as wrap_socket
from .trust import Trust as Trust

__version__: str
