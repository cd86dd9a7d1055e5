"""What is not a handshake, half of one, or one that fails: attacks S1-S4, T1, T4, T5 and the issue's "Bad input"."""

import signal
import socket
import ssl
import struct
import threading
import time

import pytest

from harness.programs import open_files, until
from harness.wire import (
    ALERT,
    CHANGE_CIPHER_SPEC,
    DATA,
    HANDSHAKE,
    client_hello,
    open_raw,
    plain_alerts,
    read_until_end,
    record,
    records_of,
    reset,
)

HELLO = client_hello()
BODY = HELLO[5:]

# An encrypted alert: 2 bytes, the kind, 16 of the tag; Mbed TLS pads to 16 before that.
ALERT_LENGTHS = (2 + 1 + 16, 16 + 16)
NOT_TLS = {
    "garbage": b"\x00\x01\x02garbage\xff\xfe" * 20,
    "plain HTTP": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "SOCKS": b"\x05\x01\x00",
    "SSH": b"SSH-2.0-OpenSSH_9.2\r\n",
    "zeros": bytes(200),
    "0xff": b"\xff" * 200,
}


@pytest.mark.parametrize("kind", NOT_TLS)
def test_what_is_not_tls_is_turned_away_and_named(kind, victim, good_client):
    with good_client(victim):
        raw = open_raw(victim.port)
        raw.sendall(NOT_TLS[kind])
        if kind == "SOCKS":  # three bytes are no record yet: the deadline ends it
            raw.shutdown(socket.SHUT_WR)
        read_until_end(raw)
        raw.close()
        code = victim.event_that("session_error").split()[1]
        expected = {"SOCKS": ("reset", "peer_is_not_tls")}.get(kind, ("peer_is_not_tls",))
        assert code in expected


# What RFC 8446 (sections 5.1, 5.2, 6.2) and RFC 5246 ask for; libraries differ in which of two fitting ones they take.
ALERTING = {
    # name: (bytes, alerts that fit)
    "an unknown content type": (record(0x63, b"\x00" * 20), {"unexpected_message", "protocol_version"}),
    "data instead of a hello": (record(DATA, b"\x00" * 20), {"unexpected_message"}),
    "a record too long": (struct.pack(">BHH", HANDSHAKE, 0x0301, 0x4000 + 257) + bytes(0x4000 + 257),
                          {"record_overflow", "decode_error", "unexpected_message", "illegal_parameter"}),
    "records of length zero": (record(HANDSHAKE, b"") * 100, {"unexpected_message", "decode_error",
                               "record_overflow"}),
    "a handshake message of an unknown kind": (record(HANDSHAKE, b"\x63\x00\x00\x04abcd"), {"unexpected_message"}),
    "a hello whose lengths lie": (record(HANDSHAKE, BODY[:38] + b"\xff" + BODY[39:]), {"decode_error",
                                  "illegal_parameter", "handshake_failure"}),
    "a hello that ends too early": (record(HANDSHAKE, b"\x01\x00\x00\x10" + BODY[4:20]), {"decode_error",
                                    "illegal_parameter"}),
}


# What Mbed TLS 3.6 ends without an alert (ssl_msg.c, mbedtls_ssl_handle_message_type): its record layer sends none.
SILENT_ON_MBEDTLS = ("an unknown content type", "a record too long", "records of length zero")


def mutated(position, value):
    """The hello with one byte changed."""
    body = bytearray(BODY)
    body[position] = value
    return record(HANDSHAKE, bytes(body))


@pytest.mark.parametrize("kind", ALERTING)
def test_a_malformed_hello_gets_its_fatal_alert_before_the_close(kind, victim, good_client):
    """asyncio's TLS loses that alert: the peer then sees a reset and cannot know why."""
    with good_client(victim):
        data, fitting = ALERTING[kind]
        raw = open_raw(victim.port)
        raw.sendall(data)
        answer, ending = read_until_end(raw)
        raw.close()
        alerts = plain_alerts(answer)
        if victim.interpreter.is_micropython and kind in SILENT_ON_MBEDTLS:
            assert not answer
            return
        assert alerts and alerts[-1] in fitting, (alerts, answer[:40], ending)
        assert ending == "end"
        assert victim.event_that("session_error")


def test_an_alert_instead_of_a_hello_ends_the_connection(victim, good_client):
    with good_client(victim):
        raw = open_raw(victim.port)
        raw.sendall(record(ALERT, b"\x02\x28"))
        read_until_end(raw)
        raw.close()
        assert victim.event_that("session_error").split()[1] in ("handshake_refused", "peer_is_not_tls",
                                                                 "handshake_failed")


REFUSALS = {
    # name: (what the client sends behind its hello, the code of its end)
    "an alert": (record(ALERT, b"\x02\x30"), "handshake_refused"),
    "a sealed alert": (record(CHANGE_CIPHER_SPEC, b"\x01") + record(DATA, b"?" * (2 + 1 + 16)), "handshake_refused"),
    "nothing": (b"", "reset"),
}


@pytest.mark.parametrize("last_word", REFUSALS)
def test_an_alert_is_heard_though_a_reset_has_overtaken_it(last_word, victim):
    """The server is still sending its certificate when the reset ends that; the alert lies in the system unread."""
    words, code = REFUSALS[last_word]
    victim.program.process.send_signal(signal.SIGSTOP)  # so that both are there before it looks
    raw = open_raw(victim.port)
    raw.sendall(HELLO + words)
    reset(raw)
    victim.program.process.send_signal(signal.SIGCONT)
    assert victim.event_that("session_error").split()[1] == code


def test_a_hello_damaged_at_any_byte_never_harms_the_server(victim, good_client):
    """Every third byte changed in turn: an alert, a go-ahead or a plain close, and no more."""
    with good_client(victim, patience=5):
        for position in range(0, len(BODY), 3):
            raw = open_raw(victim.port)
            raw.sendall(mutated(position, BODY[position] ^ 0x55))
            raw.settimeout(5)
            try:
                answer = raw.recv(4096)
            except ConnectionResetError:
                answer = b""
            if answer:
                assert records_of(answer)[0][0] in (ALERT, HANDSHAKE)
            raw.close()


def test_a_hello_with_a_thousand_extensions_is_answered_or_refused(victim, good_client):
    extensions = b"".join(struct.pack(">HH", 0x5000 + number, 4) + b"abcd" for number in range(1000))
    session = BODY[38]
    fixed = 39 + session
    ciphers = struct.unpack(">H", BODY[fixed:fixed + 2])[0]
    at = fixed + 2 + ciphers
    at += 1 + BODY[at]
    own = BODY[at + 2:]
    body = BODY[4:at] + struct.pack(">H", len(own) + len(extensions)) + own + extensions
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    with good_client(victim):
        raw = open_raw(victim.port)
        raw.sendall(record(HANDSHAKE, message, 0x0301))
        raw.settimeout(5)
        answer = raw.recv(4096)
        assert not answer or records_of(answer)[0][0] in (ALERT, HANDSHAKE)
        raw.close()


OLD = {"TLS 1.0": 0x0301, "TLS 1.1": 0x0302, "SSL 3.0": 0x0300}


@pytest.mark.parametrize("version", OLD)
def test_a_version_that_is_broken_is_refused_with_protocol_version(version, victim):
    """RFC 8996. Python's ssl will not even send such a hello everywhere, so it is written by hand."""
    ciphers = bytes.fromhex("c009c00ac013c014002f0035")
    groups = bytes.fromhex("000a00040002001d" "000b00020100")
    body = (struct.pack(">H", OLD[version]) + bytes(range(32)) + b"\x00" + struct.pack(">H", len(ciphers)) + ciphers
            + b"\x01\x00" + struct.pack(">H", len(groups)) + groups)
    raw = open_raw(victim.port)
    raw.sendall(record(HANDSHAKE, b"\x01" + len(body).to_bytes(3, "big") + body, 0x0301))
    answer, _ = read_until_end(raw)
    raw.close()
    assert plain_alerts(answer) in (["protocol_version"], ["handshake_failure"]), answer
    # OpenSSL takes SSL 3.0 for no TLS at all.
    fitting = ("no_common_version",) if version != "SSL 3.0" else ("no_common_version", "peer_is_not_tls")
    assert victim.event_that("session_error").split()[1] in fitting


def test_an_sslv2_hello_is_turned_away(victim):
    raw = open_raw(victim.port)
    raw.sendall(bytes.fromhex("802e0100020015000000100100800300800700c0060040020080040080") + bytes(16))
    read_until_end(raw)
    raw.close()
    assert victim.event_that("session_error")


def test_no_common_cipher_is_answered_with_handshake_failure(victim):
    """The server has an ECDSA certificate; this client can only verify RSA."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-RSA-AES128-GCM-SHA256")
    raw = open_raw(victim.port)
    raw.sendall(client_hello(context))
    answer, _ = read_until_end(raw)
    raw.close()
    assert plain_alerts(answer) in (["handshake_failure"], ["insufficient_security"])
    assert victim.event_that("session_error").split()[1] == "no_common_cipher"


def test_a_damaged_finished_is_answered_with_an_alert_and_the_context_stays_usable(victim):
    """Attack S2: the client's second flight is damaged on the way."""
    from harness.wire import Proxy

    def tamper(direction, number, data):
        if direction == "up" and number >= 1:
            return data[:-3] + bytes((data[-3] ^ 0xFF,)) + data[-2:]
        return data

    with Proxy(victim.port, tamper) as proxy:
        raw = socket.create_connection(("127.0.0.1", proxy.port), timeout=10)
        with pytest.raises((ssl.SSLError, OSError)):
            context = ssl.create_default_context(cafile=str(victim.certificates / "ca.crt"))
            with context.wrap_socket(raw, server_hostname="localhost") as tls:
                tls.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                if not tls.recv(1000):
                    raise ConnectionError
        raw.close()
        assert victim.event_that(("session_error", "connection_lost"))
        last = records_of(b"".join(proxy.from_server))[-1]
        # Under TLS 1.3 the alert is encrypted and looks like data.
        assert last[0] == ALERT or (last[0] == DATA and len(last[1]) in ALERT_LENGTHS), last


def test_a_damaged_record_of_data_is_answered_with_an_alert(victim):
    from harness.wire import Proxy

    def tamper(direction, number, data):
        if direction == "up" and number >= 2:
            return data[:-3] + bytes((data[-3] ^ 0xFF,)) + data[-2:]
        return data

    with Proxy(victim.port, tamper) as proxy:
        raw = socket.create_connection(("127.0.0.1", proxy.port), timeout=10)
        context = ssl.create_default_context(cafile=str(victim.certificates / "ca.crt"))
        with context.wrap_socket(raw, server_hostname="localhost") as tls:
            time.sleep(0.05)  # so that the damaged record is a read of its own for the proxy
            tls.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            with pytest.raises(ssl.SSLError, match="(?i)bad.record.mac|alert"):
                while tls.recv(1000):
                    pass
        # MicroPython knows that a handshake is over when the client's first byte arrives, and none has.
        assert victim.event_that("session_error" if victim.interpreter.is_micropython else "connection_lost")


def test_who_connects_and_says_nothing_is_let_go_after_the_deadline(victim, good_client):
    with good_client(victim):
        silent = [open_raw(victim.port) for _ in range(5)]
        started = time.monotonic()
        for raw in silent:
            read_until_end(raw)
            raw.close()
        assert 0.3 < time.monotonic() - started < 10
        for _ in silent:
            assert victim.event_that("session_error") == "session_error deadline"


def test_half_a_hello_is_let_go_after_the_deadline(victim, good_client):
    with good_client(victim):
        raw = open_raw(victim.port)
        raw.sendall(HELLO[:len(HELLO) // 2])
        read_until_end(raw)
        raw.close()
        assert victim.event_that("session_error") == "session_error deadline"


def test_a_handshake_of_one_byte_at_a_time_ends_at_the_deadline_of_the_whole(victim, good_client):
    """Each byte must not renew the deadline."""
    with good_client(victim):
        raw = open_raw(victim.port)
        started = time.monotonic()
        try:
            for byte in HELLO:
                raw.sendall(bytes((byte,)))
                if time.monotonic() - started > 20:
                    break
                time.sleep(0.05)
        except OSError:
            pass
        assert time.monotonic() - started < 10
        raw.close()
        assert victim.event_that("session_error") == "session_error deadline"


@pytest.mark.parametrize("after", [0, 1, 5, len(HELLO) // 2, len(HELLO)])
def test_a_reset_during_the_handshake_ends_only_that_connection(after, victim, good_client):
    with good_client(victim):
        for _ in range(20):
            raw = open_raw(victim.port)
            raw.sendall(HELLO[:after])
            if after == len(HELLO):
                raw.recv(1)
            reset(raw)
        victim.is_good()


def test_a_client_that_leaves_during_the_handshake_is_named_reset(victim):
    raw = open_raw(victim.port)
    raw.sendall(HELLO)
    raw.recv(1)
    reset(raw)
    assert victim.event_that("session_error") == "session_error reset"


def refuse(victim, context, name):
    """Refuse the server's certificate; stay until it has heard why, for a close over unread bytes is a reset."""
    with context.wrap_socket(open_raw(victim.port), server_hostname=name, do_handshake_on_connect=False) as tls:
        with pytest.raises(ssl.SSLCertVerificationError) as refusal:
            tls.do_handshake()
        assert victim.event_that("session_error") == "session_error handshake_refused"
    return str(refusal.value)


def test_a_client_that_refuses_our_certificate_is_named_so(victim):
    """The client says why with an alert (RFC 8446 section 4.4.2.4)."""
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = ssl.create_default_context(cafile=str(victim.certificates / "stranger-ca.crt"))
        context.minimum_version = context.maximum_version = version
        refuse(victim, context, "localhost")


def test_a_storm_of_handshakes_leaves_the_established_connection_served(victim, good_client):
    """Attack T5: handshakes are costly, and those who are already in must not pay for them."""
    with victim.open_tls() as established:
        must_stop = threading.Event()

        def storm():
            while not must_stop.is_set():
                try:
                    raw = open_raw(victim.port)
                    raw.sendall(HELLO)
                    raw.settimeout(0.5)
                    raw.recv(4096)
                    raw.close()
                except OSError:
                    pass

        threads = [threading.Thread(target=storm, daemon=True) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(30):
                started = time.monotonic()
                established.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert established.recv(1000).startswith(b"HTTP/1.1 200")
                assert time.monotonic() - started < 8
        finally:
            must_stop.set()
            for thread in threads:
                thread.join(10)


def test_empty_and_tiny_records_are_bounded_or_served(victim, good_client):
    """Attack T4: records of one byte are legal; change_cipher_spec between them is not after the handshake."""
    with good_client(victim):
        with victim.open_tls() as tls:
            for byte in b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n":
                tls.sendall(bytes((byte,)))
            assert tls.recv(1000).startswith(b"HTTP/1.1 200")
        raw = open_raw(victim.port)
        raw.sendall(HELLO)
        try:
            for _ in range(2000):
                raw.sendall(record(CHANGE_CIPHER_SPEC, b"\x01"))
        except OSError:
            pass
        read_until_end(raw)
        raw.close()
        assert victim.event_that("session_error")


@pytest.fixture
def s_client(victim, programs, tool):
    """Starts `openssl s_client`, which takes commands of one letter a line."""

    def start(*options):
        return programs.start([tool("openssl"), "s_client", "-connect", f"127.0.0.1:{victim.port}", "-CAfile",
                               victim.certificates / "ca.crt", *options], "s_client")

    return start


def command(client, letter, words):
    """Give a command and wait until s_client says that it carries it out; False when it has ended."""
    before = client.complaints.count(words)
    try:
        client.tell(letter)
    except OSError:
        return False
    return until(lambda: client.complaints.count(words) > before or not client.is_running()) and client.is_running()


def test_renegotiation_is_refused(victim, s_client):
    """Attack S4: a client of TLS 1.2 that asks again and again for a costly handshake."""
    client = s_client("-tls1_2", "-legacy_renegotiation")
    client.line_that("    Verify return code: 0")
    command(client, "R", "RENEGOTIATING")
    until(lambda: not client.is_running())
    # How often the certificate was shown: once, in the only handshake there was.
    assert client.complaints.count("depth=0") == 1


def test_a_storm_of_key_updates_is_bounded_or_served(victim, s_client, good_client):
    """Attack S4: each KeyUpdate (RFC 8446 section 4.6.3) costs the server a key derivation."""
    with good_client(victim):
        client = s_client("-tls1_3")
        client.line_that("Verify return code: 0")
        updates = 0
        while updates < 40 and command(client, "K", "KEYUPDATE"):
            updates += 1
        # Mbed TLS 3.6 knows no KeyUpdate and ends the connection.
        assert updates or victim.interpreter.is_micropython


def test_a_client_that_speaks_only_http_2_is_served_http_1_1_or_refused(victim):
    """RFC 7301 would have an alert; Python's ssl goes on without a protocol and MicroPython's knows none."""
    context = ssl.create_default_context(cafile=str(victim.certificates / "ca.crt"))
    context.set_alpn_protocols(["h2"])
    with victim.open_tls(context=context) as tls:
        assert tls.selected_alpn_protocol() is None
        tls.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        answer, _ = read_until_end(tls)
        assert answer.startswith((b"HTTP/1.1 505", b"HTTP/1.1 400"))


def test_an_unknown_server_name_gets_the_certificate_there_is(victim):
    """RFC 6066 section 3 leaves it to the server with one certificate; the client refuses the name by itself."""
    context = ssl.create_default_context(cafile=str(victim.certificates / "ca.crt"))
    assert "Hostname mismatch" in refuse(victim, context, "elsewhere.example")


def test_a_thousand_failed_handshakes_leave_no_descriptor_behind(victim, good_client):
    """microdot on MicroPython leaked a socket for each."""
    before = open_files(victim.program.pid)
    with good_client(victim):
        for number in range(1000):
            raw = open_raw(victim.port)
            raw.sendall((NOT_TLS["plain HTTP"], HELLO[:30], HELLO[:100] + b"\x00" * 100)[number % 3])
            raw.close()

    def is_as_before():
        """The descriptors of the failed handshakes are closed."""
        return open_files(victim.program.pid) <= before + 2

    until(is_as_before)
