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

_TLS_1_3 = ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")
_TLS_1_2 = ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256")
_PRIORITIZE_CHACHA = 1 << 21  # SSL_OP_PRIORITIZE_CHACHA, for which ssl has no name
_OF_CONTEXTS = 1  # CRYPTO_EX_INDEX_SSL_CTX


def context_with_suites(make, ciphers):
    """A context that `make()` makes, with the suites of the setting `ciphers` (see tls_limits) or our order of them.

    Raises UsageError for what the library does not know, and Unsupported where it cannot be told suites of TLS 1.3.
    """
    names = _split(ciphers)
    suites = [name for name in names if name.startswith("TLS_")]
    older = [name for name in names if name not in suites]
    try:
        context = _make(make, suites or _TLS_1_3, bool(suites))
        if older or not suites:
            context.set_ciphers(":".join(older or _ours_first(context)))
        else:
            context.minimum_version = ssl.TLSVersion.TLSv1_3
    except (ssl.SSLError, TypeError) as error:
        raise UsageError("bad_ciphers", cause=error, got=ciphers)
    if not set(suites) <= set(_names(context)):
        raise UsageError("bad_ciphers", got=ciphers)
    context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE | _PRIORITIZE_CHACHA
    return context


def _split(ciphers):
    try:
        return re.split("[:, ]+", ciphers) if isinstance(ciphers, str) and ciphers else list(ciphers or ())
    except TypeError as error:
        raise UsageError("bad_ciphers", cause=error, got=ciphers)


def _names(context):
    return [cipher["name"] for cipher in context.get_ciphers()]


def _ours_first(context):
    """The library's own list for TLS 1.2, no name more and none less."""
    names = [name for name in _names(context) if not name.startswith("TLS_")]
    return sorted(names, key=lambda name: name not in _TLS_1_2)


def _make(make, suites, is_wanted):
    """A context with these suites of TLS 1.3; where they cannot be set, with the library's unless they are wanted."""
    if hasattr(ssl.SSLContext, "set_ciphersuites"):  # Python 3.15
        context = make()
        context.set_ciphersuites(":".join(suites))
        return context
    found = _library()
    if found is not None:
        return _make_and_set(*found, make, ":".join(suites).encode())
    if is_wanted:
        raise Unsupported("unsupported", setting="ciphers", reason="this build of ssl cannot set those of TLS 1.3")
    return make()


def _make_and_set(library, note_type, make, suites):
    """The same by OpenSSL's own call, which wants the context's address.

    OpenSSL tells that to whoever holds an index for extra data of contexts, each time when one is made
    (CRYPTO_get_ex_new_index(3)): nothing of Python's own objects is looked into.
    """
    made = {}  # by thread: others may be making theirs
    note = note_type(lambda address, *_: made.update({threading.get_ident(): address}))
    index = library.CRYPTO_get_ex_new_index(_OF_CONTEXTS, 0, None, note, None, None)
    try:
        context = make()
    finally:
        library.CRYPTO_free_ex_index(_OF_CONTEXTS, index)
    if not library.SSL_CTX_set_ciphersuites(made[threading.get_ident()], suites):
        library.ERR_clear_error()  # the list is as it was, which `context_with_suites` sees
    return context


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
