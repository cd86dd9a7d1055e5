"""BearSSL: the compiled glue, as functions (`lib`, `ffi`); what they do is said in the folder c. CPython only. Layer 3.

Raises Unsupported when it is imported where BearSSL is not installed.
"""

import cffi

from .building import glue, missing

WANT_READ, WANT_WRITE, CUT, ENDED, FAILED, BROKEN, REFUSED = -1, -2, -3, -4, -5, -6, -7  # answers (glue.h)
SERVER, CLIENT_CERTIFICATE, OPTIONAL_CERTIFICATE, STRICT_PROTOCOL, SESSIONS = 1, 2, 4, 8, 16  # flags of a side

ffi = cffi.FFI()
ffi.cdef("""
typedef struct side side;
typedef struct connection connection;
typedef struct session session;
typedef unsigned (*mh_judge)(void *handle, const unsigned char *chain, const uint32_t *lengths, uint32_t count);

int mh_check_authority(const unsigned char *data, size_t size);
unsigned mh_verify(const unsigned char *chain, const uint32_t *lengths, uint32_t count, const unsigned char *anchors,
                   const uint32_t *anchor_lengths, uint32_t anchor_count, int is_direct, uint32_t days,
                   uint32_t seconds);

side *mh_side_new(unsigned flags, const uint16_t *suites, size_t suite_count);
int mh_side_identity(side *ours, const char *name, const unsigned char *chain, const uint32_t *lengths, uint32_t count,
                     const unsigned char *key, size_t key_size);
int mh_side_authority(side *ours, const unsigned char *data, size_t size);
int mh_side_protocol(side *ours, const char *name);
void mh_side_free(side *ours);

connection *mh_new(side *its, const char *name, const session *one, mh_judge judge,
                   const unsigned char *entropy, size_t size);
int mh_handshake(connection *ours, int descriptor, void *handle);
int mh_receive(connection *ours, int descriptor, unsigned char **data);
int mh_send(connection *ours, int descriptor, const unsigned char *data, size_t size);
void mh_close_notify(connection *ours, int descriptor);
void mh_alert(connection *ours, int descriptor, unsigned description);
void mh_free(connection *ours);

int mh_error(const connection *ours);
int mh_is_too_large(const connection *ours);
size_t mh_first(const connection *ours, const unsigned char **data);
unsigned mh_suite(const connection *ours);
const char *mh_protocol(connection *ours);
int mh_is_resumed(const connection *ours);
session *mh_session(const connection *ours);
void mh_session_free(session *one);
size_t mh_size(void);
""")


def _load():
    path = glue()
    try:
        return ffi.dlopen(path)
    except OSError as error:
        raise missing("its glue cannot be loaded: " + str(error), cause=error)


lib = _load()


def lengths_of(parts):
    """The lengths of some bytes, as the glue wants them beside what they make together."""
    return ffi.new("uint32_t[]", [len(part) for part in parts])
