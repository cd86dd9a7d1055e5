"""A chain read out of a server's first flight in the clear: what it is, however it comes, and nothing of all else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microhttps.errors import PeerError
from microhttps.wire.plain_hello import MOST, chain_in

HELLO = b"\x02\x00\x00\x04abcd"
CERTIFICATES = [b"leaf", b"upper", b"lower"]


def message(certificates):
    listed = b"".join(len(one).to_bytes(3, "big") + one for one in certificates)
    body = len(listed).to_bytes(3, "big") + listed
    return b"\x0b" + len(body).to_bytes(3, "big") + body


def records(data, size):
    return b"".join(b"\x16\x03\x03" + len(data[at:at + size]).to_bytes(2, "big") + data[at:at + size]
                    for at in range(0, len(data), size))


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_chain_is_there_once_all_of_it_came(size):
    flight = records(HELLO + message(CERTIFICATES), size)
    assert [chain_in(flight[:end]) for end in range(len(flight))] == [None] * len(flight)
    assert chain_in(flight + records(b"\x0c\x00\x00\x01x", 9)) == CERTIFICATES


@pytest.mark.parametrize("data", [b"\x15\x03\x03\x00\x02\x02\x28", b"HTTP/1.1 400",
                                  records(b"\x02\xff\xff\xff" * MOST, 9000)],
                         ids=["an alert", "plain HTTP", "without end"])
def test_what_is_no_handshake_or_has_no_end_is_refused(data):
    with pytest.raises(PeerError):
        chain_in(data)


@settings(deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_whatever_comes_is_a_chain_or_none_or_refused(data, is_framed):
    try:
        found = chain_in(records(data, 50) if is_framed else data)
    except PeerError:
        return
    assert found is None or isinstance(found, list)
