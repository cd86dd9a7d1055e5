/*
 * Between our channels and BearSSL: one side (what connections share), one connection, one verdict on a chain.
 *
 * Compiled at first use (bearssl_building.py) and knows no Python, so that what was compiled serves every version of
 * it. What a pointer given to it points to is copied; what it has is freed by `…_free`, secrets are overwritten first.
 * Whom to believe is not decided here: the chain of a peer is collected and shown whole to the `judge`, who may ask
 * `mh_verify`. Sockets are given as descriptors, never block and never raise a signal. What Python calls begins with
 * mh_; it is declared for it in bearssl_library.py.
 */

#ifndef MICROHTTPS_GLUE_H
#define MICROHTTPS_GLUE_H

#include <bearssl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What a step may answer besides a count. */
enum { WANT_READ = -1, WANT_WRITE = -2, CUT = -3, ENDED = -4, FAILED = -5, BROKEN = -6, REFUSED = -7 };
/* What a side may be asked for, as flags. */
enum { SERVER = 1, CLIENT_CERTIFICATE = 2, OPTIONAL_CERTIFICATE = 4, STRICT_PROTOCOL = 8, SESSIONS = 16 };

enum { CHANGE_CIPHER_SPEC = 20, ALERT = 21 }; /* RFC 5246 section 6.2.1 */

#define MAX_CHAIN (100 * 1024) /* as OpenSSL has it for a certificate message */
#define MAX_CERTIFICATES 100   /* its depth */
#define FIRST_SIZE 4096        /* of what a peer sent first: a browser's hello has 2 KB */
#define CACHE_SIZE (16 * 1024) /* 160 sessions of 100 bytes */
#define NO_MEMORY 1000         /* beside BearSSL's errors, which end at 767 */
#define KEY_MISMATCH 1001

/* (error, usages of the key << 16) of a chain: the certificates one behind the other, and their lengths. */
typedef unsigned (*mh_judge)(void *handle, const unsigned char *chain, const uint32_t *lengths, uint32_t count);

typedef struct identity {
    struct identity *next;
    char *name; /* the server name asked for, "*.domain" too; NULL: whoever is asked for */
    br_x509_certificate *chain;
    size_t count;
    br_skey_decoder_context key;
} identity;

typedef struct {
    const br_ssl_session_cache_class *vtable; /* first: BearSSL hands it back as the cache */
    pthread_mutex_t lock;                     /* threads may share a side, and run here at the same time */
    br_ssl_session_cache_lru lru;
    unsigned char store[CACHE_SIZE];
} cache;

typedef struct {
    unsigned flags;
    identity *identities; /* the last one is that of nobody else */
    br_x500_name *authorities;
    size_t authority_count;
    char **protocols;
    size_t protocol_count;
    uint16_t suites[32];
    size_t suite_count;
    cache cache;
} side;

typedef struct {
    const br_x509_class *vtable; /* first: BearSSL hands it back */
    struct connection *connection;
} collector;

/* What is needed while a chain is looked at, and no longer. */
typedef struct {
    unsigned char data[MAX_CHAIN];
    uint32_t lengths[MAX_CERTIFICATES];
    uint32_t count;
    size_t used;
    int is_too_large;
} collected;

typedef struct connection {
    union { /* first: the cache and the policy are given the server's */
        br_ssl_client_context client;
        br_ssl_server_context server;
    } tls;
    br_ssl_engine_context *engine;
    side *side;
    const br_ssl_server_policy_class *policy;
    collector collector;
    collected *collected;
    mh_judge judge;
    void *handle;
    br_x509_decoder_context leaf;
    unsigned usages;
    int is_refused, is_too_large, is_resumed, has_changed_cipher, error;
    size_t record_left; /* of a record that is being sent */
    size_t pending;     /* bytes of the application in it */
    size_t given;       /* bytes that arrived and were shown, to be taken out of the engine */
    unsigned char offered_session[32];
    size_t offered_session_length;
    unsigned char *first; /* what the peer sent first, until the handshake is done */
    size_t first_count;
    unsigned char input[BR_SSL_BUFSIZE_INPUT], output[BR_SSL_BUFSIZE_OUTPUT];
} connection;

/* certificates.c */
void wipe(void *data, size_t size);
void *copy_of(const void *data, size_t size);
const br_x509_pkey *decode(br_x509_decoder_context *decoder, br_x500_name *name, const unsigned char *data,
                           size_t size);
/* side.c */
void note_offered(connection *ours, const br_ssl_session_parameters *session);
/* connection.c */
void mh_session_free(br_ssl_session_parameters *session);
/* asked.c */
extern const br_x509_class collector_class;
extern const br_ssl_server_policy_class policy_class;

#endif
