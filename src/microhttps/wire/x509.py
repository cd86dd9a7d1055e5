"""The few fields of a certificate that we need ourselves: names, dates, keys. It verifies nothing; TLS libraries do.

Reads the structures it expects (RFC 5280 4.1) and goes down no deeper than they do; it raises nothing but
UsageError("bad_certificate_file"), whatever byte is changed or cut. No I/O. Layer 2: imports der.
"""

import binascii

from ..errors import UsageError
from .der import BIT_STRING, INTEGER, OBJECT, OCTET_STRING, SEQUENCE, SET, Reader, bad_der

# The longest certificate that Mbed TLS and OpenSSL would take in one handshake message, and more than anybody has.
MAX_LENGTH = 64 * 1024
# RFC 5280 4.1.2.2 allows 20.
MAX_SERIAL_LENGTH = 64
# Public authorities stop at 100 or 250. A certificate with 10 000 names is an attack on memory.
MAX_NAMES = 1000
TOLD_NAMES = 8  # in an error

_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_COMMON_NAME = b"\x55\x04\x03"
_SUBJECT_ALT_NAME = b"\x55\x1d\x11"
_CA_ISSUERS = b"\x2b\x06\x01\x05\x05\x07\x30\x02"
_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"


class CertificateFacts:
    """What a certificate says.

    `subject`, `issuer` (DER), `is_self_signed` (both are the same), `common_name` (the last of the subject, or None),
    `serial` (int), `not_before`, `not_after` (seconds since 1970), `names` (DNS, as written), `addresses` (IP, text),
    `spki` (DER of the public key with its algorithm, what pins are made of), `public_key` (the key's bits alone).
    """

    common_name = None

    def __init__(self):
        self.names = []
        self.addresses = []


def der_of(pem_or_der):
    """The certificates in these bytes, PEM or DER, as a list of DER bytes with at least one.

    Raises UsageError("bad_certificate_file"). Text around PEM blocks is ignored, as RFC 7468 2 allows.
    """
    data = bytes(pem_or_der)
    if _BEGIN in data:
        found = [_decode_block(block) for block in data.split(_BEGIN)[1:]]
    else:
        found = [data]
    certificates = []
    for der in found:
        reader = Reader(der, 0, len(der))
        while reader.at < reader.end or not certificates:
            certificates.append(reader.take_whole(SEQUENCE))
    return certificates


def certificate_facts(der):
    """The CertificateFacts of one certificate in DER; raises UsageError("bad_certificate_file")."""
    data = bytes(der)
    if len(data) > MAX_LENGTH:
        raise bad_der("certificate of at most %d bytes expected, got %d" % (MAX_LENGTH, len(data)))
    reader = Reader(data, 0, len(data))
    certificate = reader.take(SEQUENCE)
    reader.check_end()
    signed = certificate.take(SEQUENCE)
    certificate.take(SEQUENCE)
    certificate.take(BIT_STRING)
    certificate.check_end()
    facts = CertificateFacts()
    _read_signed(facts, signed)
    return facts


def common_name_of(subject):
    """The last common name of a Name in DER, or None; raises UsageError("bad_certificate_file")."""
    parts = Reader(subject, 0, len(subject)).take(SEQUENCE)
    found = None
    while parts.tag() != -1:
        part = parts.take(SET)
        while part.tag() != -1:
            pair = part.take(SEQUENCE)
            name = pair.take_bytes(OBJECT)
            tag, value = pair.take_any()
            if name == _COMMON_NAME:
                found = _text(tag, value.bytes())
    return found


def tell_apart(error, chain):
    """Add to a TrustError what the chain shows (DER, the peer's own certificate first) of its reason.

    Of an "untrusted_issuer" the code becomes "self_signed", or "missing_intermediate" when the peer sent its own
    certificate alone although that says where its issuer's is to be had (RFC 5280 section 4.2.2.1); of a "wrong_name"
    "name_in_common_name" when the name stands only there.
    """
    try:
        facts = certificate_facts(chain[0])
        issuer = common_name_of(facts.issuer)
    except UsageError:
        return  # not even that can be read: the reason stays as it is
    told = error.facts
    if error.code in ("untrusted_issuer", "self_signed"):
        told["issuer"] = issuer
        if facts.is_self_signed:
            error.code = "self_signed"
        elif len(chain) == 1 and _CA_ISSUERS in chain[0]:
            error.code = "missing_intermediate"
    elif error.code == "wrong_name":
        names = facts.names + facts.addresses
        told["names"], told["common_name"] = names[:TOLD_NAMES], facts.common_name
        if len(names) > TOLD_NAMES:
            told["more_names"] = len(names) - TOLD_NAMES
        if not names and (facts.common_name or "").lower() == (told.get("host") or "").lower():
            error.code = "name_in_common_name"
    elif error.code == "expired":
        told["not_after"] = facts.not_after
    elif error.code == "not_yet_valid":
        told["not_before"] = facts.not_before


def public_key_of(key):
    """The public key's bits that a private key in DER (PKCS#8, SEC 1, PKCS#1) carries, as in `facts.public_key`.

    None if it carries none or is of another kind. Raises UsageError("bad_certificate_file") for other bytes.
    """
    data = bytes(key)
    reader = Reader(data, 0, len(data))
    fields = reader.take(SEQUENCE)
    reader.check_end()
    if fields.tag() == SEQUENCE:
        # EncryptedPrivateKeyInfo: nothing to be seen.
        return None
    fields.take(INTEGER)
    if fields.tag() == SEQUENCE:
        fields.take(SEQUENCE)
        inner = fields.take(OCTET_STRING)
        if inner.tag() != SEQUENCE:
            # Ed25519 and its like: the bare secret.
            return None
        fields = inner.take(SEQUENCE)
        fields.take(INTEGER)
    return _public_part(fields)


def _public_part(fields):
    """Of the fields of an RSAPrivateKey or ECPrivateKey after the version."""
    if fields.tag() == INTEGER:
        start = fields.at
        fields.take(INTEGER)
        fields.take(INTEGER)
        numbers = fields.data[start : fields.at]
        from .der_writing import encode

        return encode(SEQUENCE, numbers)
    fields.take(OCTET_STRING)
    while fields.tag() != -1:
        tag, value = fields.take_any()
        if tag == 0xA1:
            return _bits(value)
    return None


def _decode_block(block):
    """The bytes of a PEM block that begins behind its BEGIN line."""
    text, end, _ = block.partition(_END)
    text = b"".join(text.split())
    if not end or text.lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="):
        raise bad_der("base64 and an END line expected after BEGIN CERTIFICATE")
    try:
        return binascii.a2b_base64(text)
    except ValueError:
        raise bad_der("base64 expected after BEGIN CERTIFICATE")


def _read_signed(facts, signed):
    """TBSCertificate, RFC 5280 4.1."""
    if signed.tag() == 0xA0:
        signed.take(0xA0)
    serial = signed.take_bytes(INTEGER)
    if not 0 < len(serial) <= MAX_SERIAL_LENGTH:
        raise bad_der("serial number of at most %d bytes expected, got %d" % (MAX_SERIAL_LENGTH, len(serial)))
    facts.serial = int.from_bytes(serial, "big")
    signed.take(SEQUENCE)
    facts.issuer = signed.take_whole(SEQUENCE)
    validity = signed.take(SEQUENCE)
    facts.not_before = take_time(validity)
    facts.not_after = take_time(validity)
    validity.check_end()
    facts.subject = signed.take_whole(SEQUENCE)
    facts.is_self_signed = facts.subject == facts.issuer
    facts.common_name = common_name_of(facts.subject)
    facts.spki = signed.take_whole(SEQUENCE)
    key = Reader(facts.spki, 0, len(facts.spki)).take(SEQUENCE)
    key.take(SEQUENCE)
    facts.public_key = _bits(key)
    for tag in (0x81, 0x82):
        # Unique identifiers of issuer and subject, which nobody uses.
        if signed.tag() == tag:
            signed.take(tag)
    if signed.tag() == 0xA3:
        _read_extensions(facts, signed.take(0xA3))
    signed.check_end()


def _read_extensions(facts, outer):
    extensions = outer.take(SEQUENCE)
    while extensions.tag() != -1:
        extension = extensions.take(SEQUENCE)
        name = extension.take_bytes(OBJECT)
        if extension.tag() == 0x01:
            extension.take(0x01)
        value = extension.take(OCTET_STRING)
        if name == _SUBJECT_ALT_NAME:
            _read_names(facts, value.take(SEQUENCE))


def _read_names(facts, names):
    """GeneralNames, RFC 5280 4.2.1.6: the two kinds that a TLS peer is known by."""
    while names.tag() != -1:
        tag, value = names.take_any()
        if tag == 0x82:
            raw = value.bytes()
            # A NUL in a name once made two readers see two names (CVE-2009-2408).
            if not raw or raw.lstrip(bytes(range(0x21, 0x7F))):
                raise bad_der("visible ASCII expected as DNS name, got " + repr(raw[:40])[1:])
            facts.names.append(raw.decode())
        elif tag == 0x87:
            facts.addresses.append(_address_text(value.bytes()))
        if len(facts.names) + len(facts.addresses) > MAX_NAMES:
            raise bad_der("at most %d names expected in a certificate" % MAX_NAMES)


def _address_text(raw):
    if len(raw) == 4:
        return "%d.%d.%d.%d" % (raw[0], raw[1], raw[2], raw[3])
    if len(raw) != 16:
        raise bad_der("IP address of 4 or 16 bytes expected, got %d" % len(raw))
    text = ":".join("%x" % (raw[at] << 8 | raw[at + 1]) for at in range(0, 16, 2))
    # The longest run of zeros becomes "::", RFC 5952 4.2; one alone does not.
    for count in range(8, 1, -1):
        padded = ":" + text + ":"
        run = ":" + "0:" * count
        if run in padded:
            before, _, after = padded.partition(run)
            return before[1:] + "::" + after[:-1]
    return text


def _text(tag, raw):
    """A DirectoryString: UTF-8, UTF-16 (BMPString), or one of the kinds that are nearly ASCII."""
    if tag == 0x0C:
        try:
            return raw.decode()
        except UnicodeError:
            raise bad_der("UTF-8 expected as common name")
    if tag == 0x1E:
        return "".join(chr(raw[at] << 8 | raw[at + 1]) for at in range(0, len(raw) - 1, 2))
    return "".join(map(chr, raw))


def _bits(reader):
    """The bytes of a BIT STRING, which must not end within one."""
    raw = reader.take_bytes(BIT_STRING)
    if raw[:1] != b"\0":
        raise bad_der("public key in whole bytes expected")
    return raw[1:]


def take_time(reader):
    """Seconds since 1970 of an UTCTime or GeneralizedTime in the forms RFC 5280 4.1.2.5 allows."""
    tag, value = reader.take_any()
    raw = value.bytes()
    if tag == _UTC_TIME and len(raw) == 13:
        # "Where YY is greater than or equal to 50, the year SHALL be interpreted as 19YY."
        raw = (b"19" if raw[:1] >= b"5" else b"20") + raw
    elif tag != _GENERALIZED_TIME:
        raise bad_der("time expected, got DER tag 0x%02x" % (tag & 0xFF))
    if len(raw) != 15 or not raw[:14].isdigit() or raw[14] != 0x5A:
        raise bad_der("time as YYYYMMDDHHMMSSZ expected, got " + repr(raw[:40])[1:])
    return _epoch(int(raw[:4]), [int(raw[at : at + 2]) for at in range(4, 14, 2)])


def _epoch(year, rest):
    """Our own calendar: `time.mktime` counts from 2000 on some boards and from 1970 on others."""
    month, day, hour, minute, second = rest
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= month <= 12 or hour > 23 or minute > 59 or second > 59:
        raise bad_der("date and time expected, got month %d, %d:%d:%d" % (month, hour, minute, second))
    length = 29 if month == 2 and is_leap else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    if not 1 <= day <= length:
        raise bad_der("day of a month of %d days expected, got %d" % (length, day))
    # Days since 1 March of the year 0, so that the leap day is the last of its year.
    year, month = (year, month - 3) if month > 2 else (year - 1, month + 9)
    days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + day - 1
    return ((days - 719468) * 24 + hour) * 3600 + minute * 60 + second
