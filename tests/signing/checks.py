"""What the rooms of secrets must do by themselves, checked on the interpreter it runs on; says `good` at the end."""

import binascii

from microhttps import auth
from microhttps.auth import MOST_ADDRESSES, Failures
from microhttps.auth_digest import MOST_NONCES, WINDOW, Nonces
from microhttps.wire.auth_parameters import parse_auth_parameters, text_of_extended
from microhttps.wire.signing import (
    Key,
    decode_base64,
    encode_base64,
    is_same,
    is_signed,
    keys_of,
    random_text,
    sign_text,
)

# RFC 4231 section 4: key, data, HMAC-SHA256.
SIGNATURES = (
    (b"\x0b" * 20, b"Hi There", b"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (b"Jefe", b"what do ya want for nothing?", b"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    (b"\xaa" * 20, b"\xdd" * 50, b"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (b"\xaa" * 131, b"Test Using Larger Than Block-Size Key - Hash Key First",
     b"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
)
PARAMETERS = (
    ('a=1', {"a": "1"}),
    ('A="1", b=2 ,c="x,y=\\"z\\\\"', {"a": "1", "b": "2", "c": 'x,y="z\\'}),
    (' a = 1 ,\tb = "2" ', {"a": "1", "b": "2"}),
    ('a=""', {"a": ""}),
    ("", {}),
    ('a="\xc3\xab"', {"a": "\u00eb"}),
    ("a=1,", {"a": "1"}),
    ("a", None), ("a=", None), ("=1", None), ('a="1', None), ('a="1\\"', None), ('a="1"b=2', None), ('a=1, a=2', None),
    ('a=1"', None), ("a b=1", None), ("a\x00=1", None), ('a="\xff"', None), ('a="\\', None),
)


def check_signatures():
    for key, data, signature in SIGNATURES:
        assert binascii.hexlify(Key(key).sign(data)) == signature, data
    old, new = keys_of("an old secret of many bytes", "x")[0], keys_of(b"a new secret of many bytes", "x")[0]
    assert is_signed([new, old], "text", sign_text(old, "text"))
    assert not is_signed([new], "text", sign_text(old, "text"))
    assert not is_signed([new], "text", "") and not is_signed([new], "texts", sign_text(new, "text"))
    other = keys_of(b"a new secret of many bytes", "y")[0]
    assert sign_text(other, "text") != sign_text(new, "text")


def check_texts():
    for length in range(6):
        data = bytes(range(0xF9, 0xF9 + length))
        text = encode_base64(data)
        assert decode_base64(text) == data and not text.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                                              "0123456789-_")
    assert len({random_text() for _ in range(50)}) == 50
    assert is_same("a", b"a") and not is_same("a", "b") and not is_same("a", "") and is_same("", b"")
    assert is_same("\u00eb", "\u00eb".encode())


def check_parameters():
    for text, expected in PARAMETERS:
        assert parse_auth_parameters(text) == expected, (text, parse_auth_parameters(text))
    assert text_of_extended("UTF-8''Zo%C3%AB") == "Zo\u00eb" and text_of_extended("utf-8'en'x") == "x"
    assert text_of_extended("latin-1''x") is None and text_of_extended("x") is None


def check_nonces():
    nonces = Nonces(300)
    made = [nonces.make() for _ in range(MOST_NONCES + 2)]
    assert len(set(made)) == len(made)
    for nonce in made:
        assert nonces.use(nonce, 1)
        assert len(nonces._used) <= MOST_NONCES
    # The first two were forgotten, and count as used; the others are remembered.
    assert not nonces.use(made[0], 1) and not nonces.use(made[0], 2) and not nonces.use(made[1], 2)
    assert not nonces.use(made[2], 1) and nonces.use(made[2], 2)
    last = made[-1]
    assert nonces.use(last, 1000) and nonces.use(last, 1001 - WINDOW) and not nonces.use(last, 1000 - WINDOW)
    assert not nonces.use(last, 1001 - WINDOW) and not nonces.use(last, 0) and nonces.use(last, 999)
    assert not Nonces(300).use(last, 5000) and not nonces.use("", 5000) and not nonces.use(last[:-1], 5000)
    assert not Nonces(-1).use(Nonces(-1).make(), 1)
    # A client that was given a nonce and never came costs nothing.
    assert len(nonces._used) == MOST_NONCES and [nonces.make() for _ in range(100)]
    assert len(nonces._used) == MOST_NONCES


def check_failures():
    failures = Failures(2)
    failures.add("a")
    assert not failures.are_too_many("a")
    failures.add("a")
    assert failures.are_too_many("a") and not failures.are_too_many("b")
    for number in range(2 * MOST_ADDRESSES):
        failures.add(str(number))
    assert len(failures._counts) <= MOST_ADDRESSES
    assert failures.are_too_many("a"), "who guesses most is forgotten last"
    auth.PERIOD = 0  # from now on a minute is over at once
    failures = Failures(1)
    failures.add("a")
    assert not failures.are_too_many("a") and not failures._counts


def main():
    check_signatures()
    check_texts()
    check_parameters()
    check_nonces()
    check_failures()
    print("good")


main()
