"""Which cipher suites a server takes, and which of them first. Loaded by servers. Layer 3.

First is AES-128-GCM with SHA-256. Every client of TLS 1.3 has it (RFC 8446 section 9.1); processors have instructions
for SHA-256, while SHA-384 is slow on a small device and took a tenth of each new connection here (measured). A client
that names ChaCha20 first has no instructions for AES, and gets ChaCha20.
"""

import importlib.util
import re
import ssl
import threading

from ...errors import Unsupported, UsageError

_FIRST = ("TLS_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256")
_PRIORITIZE_CHACHA = 1 << 21  # SSL_OP_PRIORITIZE_CHACHA, for which ssl has no name
_OF_CONTEXTS = 1  # CRYPTO_EX_INDEX_SSL_CTX


def context_with_suites(make, ciphers):
    """A context that `make()` makes, with the suites of `ciphers` (see tls_limits), or its own in our order.

    Raises UsageError for what the library does not know, and Unsupported where it cannot be told suites of TLS 1.3.
    """
    names = _split(ciphers)
    suites = [name for name in names if name.startswith("TLS_")]
    older = [name for name in names if name not in suites]
    try:
        context = _make(make, suites)
        if older or not suites:
            context.set_ciphers(":".join(older or _in_our_order(context, False)))
        else:
            context.minimum_version = ssl.TLSVersion.TLSv1_3
    except (ssl.SSLError, TypeError) as error:
        raise UsageError("bad_ciphers", cause=error, got=ciphers)
    if not set(suites) <= set(_in_our_order(context, True)):
        raise UsageError("bad_ciphers", got=ciphers)
    context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE | _PRIORITIZE_CHACHA
    return context


def _split(ciphers):
    try:
        return re.split("[:, ]+", ciphers) if isinstance(ciphers, str) and ciphers else list(ciphers or ())
    except TypeError as error:
        raise UsageError("bad_ciphers", cause=error, got=ciphers)


def _in_our_order(context, is_1_3):
    """What a context has for TLS 1.3 or for 1.2: no name more and none less than this machine allows."""
    names = [cipher["name"] for cipher in context.get_ciphers()]
    return sorted((name for name in names if name.startswith("TLS_") == is_1_3), key=lambda name: name not in _FIRST)


def _make(make, suites):
    """A context with these suites of TLS 1.3, or without any with its own in our order, where that can be set."""
    if hasattr(ssl.SSLContext, "set_ciphersuites"):  # Python 3.15
        context = make()
        set_suites = context.set_ciphersuites
    else:
        context, set_suites = _make_to_be_set(make)
    if set_suites is not None:
        set_suites(":".join(suites or _in_our_order(context, True)))
    elif suites:
        raise Unsupported("unsupported", setting="ciphers", reason="this build of ssl cannot set those of TLS 1.3")
    return context


def _make_to_be_set(make):
    """A context and what sets its suites of TLS 1.3: OpenSSL's own call, which wants the context's address.

    OpenSSL tells that to whoever holds an index for extra data of contexts, each time when one is made
    (CRYPTO_get_ex_new_index(3)): nothing of Python's own objects is looked into.
    """
    found = _library()
    if found is None:
        return make(), None
    library, note_type = found
    made = {}  # by thread: others may be making theirs
    note = note_type(lambda address, *_: made.update({threading.get_ident(): address}))
    index = library.CRYPTO_get_ex_new_index(_OF_CONTEXTS, 0, None, note, None, None)
    try:
        context = make()
    finally:
        library.CRYPTO_free_ex_index(_OF_CONTEXTS, index)
    address = made[threading.get_ident()]

    def set_suites(names):
        if not library.SSL_CTX_set_ciphersuites(address, names.encode()):
            library.ERR_clear_error()  # the list is as it was, which `context_with_suites` sees

    return context, set_suites


def _library():
    """The OpenSSL that `ssl` is bound to and the type of what it calls, or None where its functions cannot be had."""
    # Its relatives count the classes of extra data otherwise; not every Python was built with ctypes.
    if not ssl.OPENSSL_VERSION.startswith("OpenSSL ") or importlib.util.find_spec("_ctypes") is None:
        return None
    import _ssl
    from ctypes import CDLL, CFUNCTYPE, c_char_p, c_int, c_long, c_void_p

    note_type = CFUNCTYPE(None, c_void_p, c_void_p, c_void_p, c_int, c_long, c_void_p)
    library = CDLL(getattr(_ssl, "__file__", None))
    arguments = {
        "CRYPTO_get_ex_new_index": (c_int, c_long, c_void_p, note_type, c_void_p, c_void_p),
        "CRYPTO_free_ex_index": (c_int, c_int),
        "SSL_CTX_set_ciphersuites": (c_void_p, c_char_p),
        "ERR_clear_error": (),
    }
    for name in arguments:
        if not hasattr(library, name):
            return None  # an ssl that has its OpenSSL within itself
        getattr(library, name).argtypes = arguments[name]
    return library, note_type
