"""MicroPython's `tls`: the server's channel where clients may show a certificate, and need not. Layer 3.

With optional verification Mbed TLS goes on over a certificate that it found bad, and MicroPython hands its verdict to
nobody: such a certificate would be taken for a good one. So the chain that was shown is put to Mbed TLS once more, as
the flight of a server that exists in memory only, to a client that must verify it (TLS 1.2 shows certificates in the
clear). That client never gets to a connection: it refuses at the certificate, and says in full why. Two reasons are no
reasons here: the name is nobody's, and a certificate for clients is none for servers. What it is for is read from it.
To be deleted when MicroPython tells a server the result of verification.
"""

import io

import tls

from ...errors import TrustError
from .mutual import MutualChannel, told_apart

NOBODY = "nobody.invalid"  # a name that no certificate carries (RFC 6761 section 6.4)
EXPECTED = ("(CN) does not match", "the extendedKeyUsage extension")
SUITES = (0xC02B, 0xC02C, 0xC02F, 0xC030, 0xC009, 0xC013)  # of TLS 1.2; the first that the client in memory offers


class OptionalChannel(MutualChannel):
    """The server's side of a connection to a client whose certificate, if it shows one, is verified.

    Raises TrustError from `handshake` as it does where certificates are required; but then the handshake was over, and
    the client sees the connection end without an alert.
    """

    roots = ()
    _chain = ()  # what the client showed, its own certificate first

    def handshake(self):
        """As Channel.handshake."""
        is_done = MutualChannel.handshake(self)
        if is_done:
            self.judge_shown()
        return is_done

    def judge_shown(self):
        """Judge the chain that was shown, if one was; raises TrustError."""
        if self._chain:
            judge(self._chain, self.roots)
            self._leaf = self._chain[0]
            self._chain = ()

    def _see(self, certificate, depth):
        try:
            self._chain = (bytes(certificate),) + self._chain
        except MemoryError:
            return -1
        return 0

    def facts(self):
        """As Channel.facts; no certificate but one that was judged."""
        version, cipher = MutualChannel.facts(self)[:2]
        return version, cipher, None, False, self._leaf


def channel_of(trust):
    """The class of the channels of a server with this trust, whose authorities are read now."""

    class OptionalChannelOfTrust(OptionalChannel):
        roots = trust.certificates()

    return OptionalChannelOfTrust


def judge(chain, roots):
    """Raise the TrustError of a chain (DER, the client's own certificate first) that is not to be believed."""
    from ..leaf import is_for_clients

    try:
        faults = _faults_of(chain, roots)
        if not faults and not is_for_clients(chain[0]):
            raise TrustError("wrong_usage")
    except (IndexError, OSError, ValueError) as error:
        raise TrustError("certificate_refused", cause=error)
    if faults:
        from .faults import classify  # not kept: a board forgets it after each fault

        raise told_apart(classify(ValueError("\n".join(faults)), True), chain[0])


def _faults_of(chain, roots):
    """What Mbed TLS has against a chain, line by line; raises what it raises for other reasons than that."""
    context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
    for root in roots:
        context.load_verify_locations(root)
    server = _Server(chain)
    client = context.wrap_socket(server, server_hostname=NOBODY, do_handshake_on_connect=False)
    try:
        client.read(1)
    except ValueError as error:
        lines = [line for line in str(error).split("\n") if line]
        if [line for line in lines if EXPECTED[0] in line]:
            return [line for line in lines if EXPECTED[0] not in line and EXPECTED[1] not in line]
    finally:
        client.close()
    raise TrustError("certificate_refused")  # it did not get as far as to miss the name


class _Server(io.IOBase):
    """The socket to a server that sends its hello and these certificates, and then nothing."""

    def __init__(self, chain):
        self._chain = chain
        self._flight = None

    def write(self, data):
        """The client's hello."""
        if self._flight is None:
            self._flight = _hello_to(bytes(data)) + _message(0x0B, _long(b"".join([_long(one) for one in self._chain])))
        return len(data)

    def readinto(self, room):
        """The next bytes of the flight; None: no more."""
        if not self._flight:
            return None
        count = min(len(room), len(self._flight))
        room[:count] = self._flight[:count]
        self._flight = self._flight[count:]
        return count

    def ioctl(self, request, argument):
        """Nothing to be done."""
        return 0


def _hello_to(hello):
    """A ServerHello of TLS 1.2 with a suite out of the client's hello (RFC 5246 section 7.4.1)."""
    at = 5 + 4 + 2 + 32
    at += 1 + hello[at]
    end = at + 2 + int.from_bytes(hello[at:at + 2], "big")
    offered = [hello[each:each + 2] for each in range(at + 2, end, 2)]
    suite = [each for each in [number.to_bytes(2, "big") for number in SUITES] if each in offered]
    if not suite:
        raise OSError(22)
    return _message(0x02, b"\x03\x03" + bytes(32) + b"\0" + suite[0] + b"\0")


def _message(kind, body):
    """A handshake message in a record of its own; raises OSError for one that no record holds."""
    if len(body) > 0x3F00:
        raise OSError(22)
    return b"\x16\x03\x03" + (len(body) + 4).to_bytes(2, "big") + bytes((kind,)) + _long(body)


def _long(data):
    return len(data).to_bytes(3, "big") + data
