"""Frames without a network: every case in every feeding on every interpreter, and messages cut up at random."""

import itertools
import json
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from harness.interpreters import SEARCHED
from microhttps.errors import PeerError
from microhttps.wire.utf8 import decode, find_unfinished
from microhttps.wire.websocket_frames import (
    NEED_DATA,
    FrameReader,
    encode_close,
    encode_frame,
    is_close_code,
    masked,
)
from websocket import MAX_LENGTH
from websocket.cases import BAD_UTF8, BINARY, CASES, CONTINUATION, KEY, PING, TEXT, frame
from websocket.verdicts import verdict, verdicts


def expected(outcome):
    """The outcome as a verdict has it."""
    if isinstance(outcome, int):
        return [outcome]
    return [[part[0], part[1].hex()] if isinstance(part, tuple) else part for part in outcome]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_each_case_is_judged_as_expected_however_it_is_fed(case):
    for said in verdicts(case[2]):
        assert said == expected(case[3])


@pytest.mark.parametrize("fixture", ["micropython", "micropython32"])
def test_micropython_gives_the_same_verdicts(fixture, request):
    argv = request.getfixturevalue(fixture)
    path = ":".join([".frozen", *map(str, SEARCHED)])
    command = [*argv, "-X", "heapsize=16M", "-m", "websocket.verdicts"]
    done = subprocess.run(command, env={"MICROPYPATH": path}, capture_output=True, encoding="utf-8", timeout=110)
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(CASES)
    for line, case in zip(lines, CASES):
        for said in json.loads(line):
            assert said == expected(case[3]), case[:2]


messages = some.lists(some.one_of(some.text(max_size=300), some.binary(max_size=300)), max_size=6)


@settings(max_examples=300, deadline=None)
@given(messages, some.randoms(use_true_random=False), some.booleans())
def test_any_fragmentation_of_any_messages_arrives_the_same(sent, chance, is_server):
    """Fragments of any size, pings between them, and the bytes in pieces of any size."""
    key = KEY if is_server else b""
    data, pings = b"", []
    for message in sent:
        raw = message.encode() if isinstance(message, str) else message
        opcode = TEXT if isinstance(message, str) else BINARY
        for left in range(20, -1, -1):
            cut = chance.randrange(len(raw) + 1) if left and chance.random() < 0.7 else len(raw)
            is_last = cut == len(raw)
            data += frame(opcode, raw[:cut], is_last, key=key)
            if is_last:
                break
            opcode, raw = CONTINUATION, raw[cut:]
            if chance.random() < 0.3:
                pings.append(b"%d" % len(pings))
                data += frame(PING, pings[-1], key=key)
    reader = FrameReader(is_server, MAX_LENGTH)
    heard, heard_pings = [], []
    while data:
        cut = chance.randrange(1, min(len(data), 200) + 1)
        reader.feed(data[:cut])
        data = data[cut:]
        while (taken := reader.take()) is not NEED_DATA:
            (heard_pings if taken[0] == PING else heard).append(taken[1])
    assert heard == sent and [type(message) for message in heard] == [type(message) for message in sent]
    assert heard_pings == pings


@settings(max_examples=300, deadline=None)
@given(some.binary(max_size=400), some.binary(min_size=4, max_size=4))
def test_masking_is_an_exclusive_or_with_the_key_over_and_over(data, key):
    assert masked(data, key) == bytes(byte ^ key[at % 4] for at, byte in enumerate(data))
    assert masked(masked(data, key), key) == data


def is_text(raw):
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


# What could complete a character: in each of these ranges of second bytes some leads allow more than others.
ENDINGS = [bytes(ending) for length in range(4) for ending in itertools.product(b"\x80\x90\xa0\xbf", repeat=length)]


@settings(max_examples=500, deadline=None)
@given(some.one_of(some.binary(max_size=12), some.text(max_size=4).flatmap(
    lambda text: some.integers(0, 4).map(lambda cut: text.encode()[:-cut or None]))))
@example(b"\xed\xa0")  # which Python's incremental decoder takes for the beginning of a character
@example(b"\xf4\x90")
def test_text_is_unfinished_only_where_more_could_finish_it(raw):
    can_be_text = any(is_text(raw + ending) for ending in ENDINGS)
    try:
        end = find_unfinished(raw)
        decode(raw[:end])
    except UnicodeError:
        assert not can_be_text
    else:
        assert can_be_text and end == max(at for at in range(len(raw) + 1) if is_text(raw[:at]))


@settings(max_examples=200, deadline=None)
@given(some.binary(max_size=400), some.integers(1, 50))
def test_bytes_at_random_are_refused_or_taken_the_same_in_any_pieces(data, size):
    assert verdict(data, size) == verdict(data, len(data) or 1)


def test_bad_text_is_told_with_the_byte_that_makes_it_bad():
    """Not at the end of the message, nor of the frame."""
    for raw in BAD_UTF8:
        reader = FrameReader(True, MAX_LENGTH)
        whole = frame(TEXT, b"good " + raw + b" and what follows", False)
        with pytest.raises(PeerError) as caught:
            for byte in whole[:6 + 5 + len(raw) + 1]:
                reader.feed(bytes([byte]))
                assert reader.take() is NEED_DATA
        assert caught.value.facts["close_code"] == 1007


def test_the_end_of_a_long_reason_is_cut_between_two_characters():
    payload = encode_close(1000, "ü" * 100)
    assert len(payload) <= 125 and payload[2:].decode() == "ü" * 61


def test_close_codes_that_may_be_sent():
    good = [1000, 1001, 1002, 1003, *range(1007, 1015), *range(3000, 5000)]
    assert [code for code in range(66000) if is_close_code(code)] == good


@pytest.mark.parametrize("key", [b"", KEY])
@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536])
def test_what_we_send_can_be_read(size, key):
    payload = b"\x5a" * size
    assert encode_frame(BINARY, payload, key) == frame(BINARY, payload, key=key)
