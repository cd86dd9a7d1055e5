"""A program for each interpreter: reads a store in a file and in bytes, and prints what it finds."""

import gc
import hashlib
import sys
from binascii import hexlify

from microhttps.errors import UsageError
from microhttps.roots import RootStore


def main(path):
    try:
        store = RootStore(path)
    except UsageError as error:
        print(error.code, error.facts.get("reason"))
        return
    with open(path, "rb") as file:
        in_bytes = RootStore(file.read())
    digest = hashlib.sha256()
    count = 0
    for root in store:
        count += 1
        digest.update(root.anchor())
        found = in_bytes.find(root.subject)
        assert [other.spki for other in found if other.spki == root.spki] == [root.spki]
    assert not store.find(b"\x30\x00")
    print(count, store.built, hexlify(digest.digest()).decode())
    if hasattr(gc, "mem_alloc"):
        del in_bytes, root, found, file
        keep(path)


def keep(path):
    """The bytes of heap that finding a root in a file takes and keeps."""
    gc.collect()
    before = gc.mem_alloc()
    store = RootStore(path)
    for root in store:
        subject = root.subject
    root = None
    store.find(subject)
    gc.collect()
    print(gc.mem_alloc() - before)


main(sys.argv[1])
