"""The file in which `root_memory` keeps which of the public roots each host needed; loaded for one. Layer 9."""

import json
from binascii import hexlify, unhexlify

from ..credentials.files import read_source
from ..errors import UsageError


def read_hosts(path):
    """What `write_hosts` wrote; nothing of a file that is not there, or is another: the roots are found again."""
    try:
        return [[host, [unhexlify(text) for text in subjects]] for host, subjects in json.loads(read_source(path))]
    except (UsageError, ValueError, TypeError):
        return []


def write_hosts(path, hosts):
    """Write [host, [subjects]] of each host; a file that cannot be written is no fault."""
    texts = [[host, [hexlify(subject).decode() for subject in subjects]] for host, subjects in hosts]
    try:
        with open(path, "w") as file:
            json.dump(texts, file)
    except OSError:
        pass
