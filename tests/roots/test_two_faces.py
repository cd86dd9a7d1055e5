"""The first pass can lead to no connection that the second did not verify: servers that show each pass another face.

Each server is asked by MicroPython, which takes two passes, and keeps every byte that comes. A request may be among
them only once a whole chain was verified, on that very connection.
"""

import ssl

import pytest

from harness.interpreters import find_or_fail
from harness.playing import start_client
from roots.two_faced import two_faced

UNTRUSTED, SELF_SIGNED = "untrusted_issuer TrustError", "self_signed TrustError"
# What the server shows, connection by connection; what the client says of each visit; who is asked something.
FACES = {
    "good, and good": (["p256", "p256"], ["here"], [1]),
    "good, then signed by itself": (["p256", "by-itself"], [SELF_SIGNED], []),
    "good, then by a stranger": (["p256", "stranger"], [UNTRUSTED], []),
    "good, then by an impostor of another root": (["p256", "impostor"], [UNTRUSTED], []),
    "by an impostor, and again": (["impostor", "impostor"], [UNTRUSTED], []),
    "good, then by another public root": (["p256", "p521"], [UNTRUSTED], []),
    "good, then expired": (["p256", "expired"], ["expired TrustError"], []),
    "good, then for another name": (["p256", "elsewhere"], ["wrong_name TrustError"], []),
    "by an impostor, then good by another root": (["impostor", "p256"], [UNTRUSTED], []),
    "by a stranger, then good": (["stranger", "p256"], [UNTRUSTED, "here"], [2]),
    # From here on the root is known, and a visit has one pass, until the chain does not lead to it any more.
    "good until it is known, then by itself": (["p256", "p256", "by-itself"], ["here", SELF_SIGNED], [1]),
    "good until it is known, then an impostor": (["p256", "p256", "impostor"], ["here", UNTRUSTED], [1]),
    "good until it is known, then looked for again": (
        ["p256", "p256", "p384", "p384", "stranger"], ["here", UNTRUSTED], [1]),
    "good until it is known, then another, then good": (
        ["p256", "p256", "stranger", "stranger", "p256"], ["here", UNTRUSTED, "here"], [1, 4]),
}


@pytest.mark.micropython
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
@pytest.mark.parametrize("name", FACES)
def test_nothing_is_said_to_who_was_not_verified(name, version, world, programs, port):
    faces, expected, asked = FACES[name]
    with two_faced(port, world, faces, version) as server:
        client = start_client(programs, find_or_fail("micropython"), "roots.asking", port, world, times=len(expected))
        assert client.lines_until_end() == expected
    assert [at for at, visit in enumerate(server.visits) if visit.said] == asked
    assert len(server.visits) >= len(faces)
    for at, visit in enumerate(server.visits):
        if at not in asked:
            assert not visit.said
            # Its hello, and the alert that ends it: a request would not fit into what else came.
            hello = 5 + int.from_bytes(visit.raw[3:5], "big")
            assert len(visit.raw) - hello <= 64, visit.raw[hello:]
            assert not visit.is_shaken
